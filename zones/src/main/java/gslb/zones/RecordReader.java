package gslb.zones;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns the entries of a zone's files into records: `$ORIGIN` and `$TTL`, inherited owner, TTL and
/// class (RFC 1035 §5.1, RFC 2308 §4). Confined to one thread.
final class RecordReader {
  static final long NO_TTL = -1;

  private final DnsName apex;
  private final Diagnostics diagnostics;
  private final RdataParser rdataParser = new RdataParser();
  private String file;
  private DnsName origin;
  private long defaultTtl = NO_TTL;
  private long lastTtl = NO_TTL;
  private @Nullable DnsName lastOwner;

  /// Whether the last owner was reported, so that its further records are passed over in silence.
  private boolean isOwnerBroken;

  RecordReader(String file, DnsName apex, Diagnostics diagnostics) {
    this.file = file;
    this.apex = apex;
    this.origin = apex;
    this.diagnostics = diagnostics;
  }

  /// What an included file may change for itself alone (RFC 1035 §5.1).
  record Scope(String file, DnsName origin, @Nullable DnsName lastOwner, boolean isOwnerBroken) {}

  /// Begins an included file. Its first record may inherit the owner of the one before; a TTL that
  /// it states is in force behind it too.
  ///
  /// @return what {@link #leave} puts back
  Scope enter(String includedFile, DnsName includedOrigin) {
    Scope outer = new Scope(file, origin, lastOwner, isOwnerBroken);
    file = includedFile;
    origin = includedOrigin;
    return outer;
  }

  void leave(Scope outer) {
    file = outer.file;
    origin = outer.origin;
    lastOwner = outer.lastOwner;
    isOwnerBroken = outer.isOwnerBroken;
  }

  DnsName origin() {
    return origin;
  }

  String file() {
    return file;
  }

  /// The owner that a next record may inherit, or null if there is none or it was reported.
  @Nullable DnsName lastOwner() {
    return isOwnerBroken ? null : lastOwner;
  }

  void setLastOwner(DnsName owner) {
    lastOwner = owner;
    isOwnerBroken = false;
  }

  /// The TTL of a record other than SOA, or {@link #NO_TTL} if it has none.
  long plainTtl(long stated) {
    if (stated != NO_TTL) {
      lastTtl = stated;
      return stated;
    }
    return defaultTtl != NO_TTL ? defaultTtl : lastTtl;
  }

  /// The name of an origin as it is written, or empty if that was reported.
  Optional<DnsName> origin(Token token) {
    Optional<Defect> defect = RdataFields.checkName(token, origin);
    if (defect.isPresent()) {
      report(defect.get());
      return Optional.empty();
    }
    hintFinalDot(token);
    return ZoneNames.resolve(token.text(), origin);
  }

  /// The record, or null if the entry is a directive or was reported.
  @Nullable ZoneRecord read(ZoneEntry entry) {
    Token first = entry.tokens().getFirst();
    if (!first.isQuoted() && first.text().startsWith("$")) {
      readDirective(entry.tokens());
      return null;
    }
    return readRecord(entry);
  }

  /// The record, whatever its owner begins with, or null if the entry was reported.
  @Nullable ZoneRecord readRecord(ZoneEntry entry) {
    Token first = entry.tokens().getFirst();
    List<Token> fields = entry.tokens();
    if (!entry.isIndented()) {
      readOwner(first);
      fields = fields.subList(1, fields.size());
    } else if (lastOwner == null && !isOwnerBroken) {
      isOwnerBroken = true;
      error(
          first,
          "the first record has no owner name",
          "a line that begins with a blank has the owner of the record before (RFC 1035 §5.1)",
          "write the owner at the beginning of the line");
    }
    return readRecord(first, entry.isIndented() ? null : first, fields);
  }

  private void readOwner(Token token) {
    Optional<Defect> defect = RdataFields.checkName(token, origin);
    isOwnerBroken = defect.isPresent();
    if (defect.isPresent()) {
      report(defect.get());
      return;
    }
    DnsName owner = ZoneNames.resolve(token.text(), origin).orElseThrow();
    if (!owner.isAtOrBelow(apex)) {
      isOwnerBroken = true;
      error(
          token,
          owner + " is outside the zone " + apex,
          "a zone holds names at or below its apex (RFC 1034 §4.2)",
          "move the record to its own zone");
      return;
    }
    hintFinalDot(token);
    lastOwner = owner;
  }

  /// @param owner the token of the owner, or null if that is inherited
  private @Nullable ZoneRecord readRecord(Token first, @Nullable Token owner, List<Token> fields) {
    long ttl = NO_TTL;
    boolean hasClass = false;
    int at = 0;
    for (; at < fields.size(); at++) {
      Token token = fields.get(at);
      if (token.isQuoted()) {
        break;
      }
      long seconds = TtlText.parse(token.text());
      if (ttl == NO_TTL && seconds != TtlText.NOT_A_TTL) {
        ttl = checkTtl(token, seconds);
      } else if (!hasClass && isClass(token.text())) {
        hasClass = true;
        if (!token.is("IN") && !token.is("CLASS1")) {
          error(
              token, "class " + token.shown(), "only class IN is served", "use IN or leave it out");
          return null;
        }
      } else {
        break;
      }
    }
    if (at == fields.size()) {
      Token last = fields.isEmpty() ? first : fields.getLast();
      error(
          last, "the record has no type", "a record is OWNER TTL CLASS TYPE RDATA", "add the type");
      return null;
    }
    Token typeToken = fields.get(at);
    int type = typeToken.isQuoted() ? RecordTypes.UNKNOWN : RecordTypes.parse(typeToken.text());
    if (!isZoneType(type, typeToken, owner)) {
      return null;
    }
    return readRdata(first, type, typeToken, ttl, fields.subList(at + 1, fields.size()));
  }

  private @Nullable ZoneRecord readRdata(
      Token first, int type, Token typeToken, long statedTtl, List<Token> rdata) {
    RdataParser.Outcome outcome = rdataParser.parse(type, typeToken, rdata, origin);
    return switch (outcome) {
      case RdataParser.Outcome.Refused refused -> {
        report(refused.defect());
        yield null;
      }
      case RdataParser.Outcome.Octets octets -> {
        RdataFields.names(type, rdata).forEach(this::hintFinalDot);
        hintMailbox(type, rdata);
        long ttl = ttl(typeToken, type, octets.rdata(), statedTtl);
        DnsName owner = lastOwner;
        yield isOwnerBroken || owner == null || ttl == NO_TTL
            ? null
            : new ZoneRecord(
                owner, type, (int) ttl, octets.rdata(), file, first.line(), first.column());
      }
    };
  }

  private long checkTtl(Token token, long seconds) {
    if (seconds > TtlText.TTL_MAX) {
      error(
          token,
          "TTL " + token.shown() + " is too long",
          "the limit is " + TtlText.TTL_MAX + " seconds (RFC 2181 §8)",
          "write a smaller one");
      return 0;
    }
    return seconds;
  }

  /// The TTL stated, else that of `$TTL`, else the last one stated (RFC 2308 §4, RFC 1035 §5.1).
  private long ttl(Token typeToken, int type, byte[] rdata, long stated) {
    if (stated != NO_TTL) {
      lastTtl = stated;
      return stated;
    }
    if (defaultTtl != NO_TTL) {
      return defaultTtl;
    }
    if (lastTtl != NO_TTL) {
      return lastTtl;
    }
    if (type == FlatZone.TYPE_SOA && rdata.length > 4) {
      // The meaning MINIMUM had in RFC 1035, which RFC 2308 §4 took from it.
      long minimum = 0;
      for (int i = rdata.length - 4; i < rdata.length; i++) {
        minimum = minimum << 8 | rdata[i] & 0xff;
      }
      lastTtl = Math.min(minimum, TtlText.TTL_MAX);
      diagnostics.warning(
          typeToken.where(file),
          "the SOA has no TTL, its MINIMUM " + lastTtl + " is used for it and for those behind it",
          "$TTL states the default (RFC 2308 §4)",
          "begin the file with $TTL");
      return lastTtl;
    }
    error(
        typeToken,
        "the record has no TTL and none was stated before it",
        "$TTL states the default (RFC 2308 §4)",
        "begin the file with $TTL");
    // One report is enough: the others have the same cause.
    lastTtl = 0;
    return NO_TTL;
  }

  static boolean isClass(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    if (name.startsWith("CLASS") && name.length() > 5 && name.length() <= 10) {
      return name.chars().skip(5).allMatch(c -> c >= '0' && c <= '9');
    }
    return name.equals("IN") || name.equals("CH") || name.equals("HS") || name.equals("CS");
  }

  private boolean isZoneType(int type, Token token, @Nullable Token owner) {
    if (type == RecordTypes.UNKNOWN) {
      String remedy =
          RecordTypes.nearest(token.text())
              .map(name -> "did you mean " + name)
              .orElse("write an unknown type as TYPEnnn \\# LENGTH HEX");
      if (owner != null && RecordTypes.parse(owner.text()) != RecordTypes.UNKNOWN) {
        remedy = "if " + owner.shown() + " is the type, begin the line with the owner or a blank";
      }
      error(
          token,
          "unknown record type " + token.shown(),
          "a record is OWNER TTL CLASS TYPE RDATA (RFC 1035 §5.1)",
          remedy);
      return false;
    }
    if (RecordTypes.isMeta(type)) {
      error(
          token,
          "type " + token.shown() + " is not for zone data",
          "it stands in messages only (RFC 6895 §3.1)",
          "remove the record");
      return false;
    }
    return true;
  }

  private void readDirective(List<Token> tokens) {
    Token directive = tokens.getFirst();
    switch (directive.text().toUpperCase(Locale.ROOT)) {
      case "$ORIGIN" -> argument(tokens).flatMap(this::origin).ifPresent(name -> origin = name);
      case "$TTL" -> argument(tokens).ifPresent(this::readDefaultTtl);
      default ->
          error(
              directive,
              "unknown directive " + directive.shown(),
              "there are $ORIGIN, $TTL, $INCLUDE and $GENERATE",
              "correct it, or begin an owner name that starts with a dollar with \\$");
    }
  }

  private Optional<Token> argument(List<Token> tokens) {
    if (tokens.size() == 2) {
      return Optional.of(tokens.get(1));
    }
    Token at = tokens.get(Math.min(2, tokens.size() - 1));
    error(
        at,
        tokens.getFirst().text() + " has " + (tokens.size() - 1) + " arguments",
        "it takes one",
        tokens.size() == 1 ? "add it" : "remove the rest");
    return Optional.empty();
  }

  private void readDefaultTtl(Token token) {
    long seconds = TtlText.parse(token.text());
    if (seconds == TtlText.NOT_A_TTL) {
      error(
          token,
          token.shown() + " is no TTL",
          "a TTL is seconds, or numbers with units as in 1h30m",
          "correct it");
      // The records behind it shall not each report that they have none.
      seconds = 0;
    }
    defaultTtl = checkTtl(token, seconds);
  }

  /// `www.example.org` inside example.org means www.example.org.example.org, which nobody wants.
  private void hintFinalDot(Token token) {
    if (apex.isRoot() || token.text().equals("@") || ZoneNames.isAbsolute(token.text())) {
      return;
    }
    Optional<DnsName> asWritten = DnsName.parse(token.text());
    if (asWritten.isPresent() && asWritten.get().isAtOrBelow(apex)) {
      diagnostics.warning(
          token.where(file),
          token.shown() + " stands for " + ZoneNames.resolve(token.text(), origin).orElseThrow(),
          "a name without final dot is relative to the origin (RFC 1035 §5.1)",
          "end it with a dot, or leave the origin out");
    }
  }

  /// An `@` in RNAME is an octet of a label, not what separates user and host.
  private void hintMailbox(int type, List<Token> rdata) {
    if (type == FlatZone.TYPE_SOA
        && rdata.size() > 1
        && rdata.get(1).text().length() > 1
        && rdata.get(1).text().indexOf('@') >= 0) {
      diagnostics.warning(
          rdata.get(1).where(file),
          "RNAME " + rdata.get(1).shown() + " holds an '@'",
          "its first dot stands for the '@' (RFC 1035 §8)",
          "write user.host.example.");
    }
  }

  void report(Defect defect) {
    error(defect.at(), defect.problem(), defect.rule(), defect.remedy());
  }

  private void error(Token at, String problem, String rule, String remedy) {
    diagnostics.error(new SourceSpan(file, at.line(), at.column()), problem, rule, remedy);
  }
}
