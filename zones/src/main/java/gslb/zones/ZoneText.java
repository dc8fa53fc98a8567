package gslb.zones;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The text of a zone: its file, the files that `$INCLUDE` puts into it (RFC 1035 §5.1) and the
/// records that `$GENERATE` makes. Hands the records on in their order. Confined to one thread.
final class ZoneText {
  /// Files that are open inside each other, the zone's own not counted.
  static final int INCLUDE_DEPTH_MAX = 16;

  /// Files that one zone includes, each as often as it is included.
  static final int INCLUDES_MAX = 1_000;

  /// Characters of the name of an included file.
  static final int FILE_NAME_LENGTH_MAX = 4_096;

  /// Characters that are digested at once.
  private static final int DIGESTED = 1 << 16;

  private static final String INSERTS = "$INCLUDE FILE [ORIGIN] inserts a file (RFC 1035 §5.1)";

  private final ZoneFile.@Nullable Source source;
  private final Diagnostics diagnostics;
  private final RecordReader reader;
  private final int recordsMax;
  private final ZoneData data;
  private final @Nullable PlainRecords plain;

  /// The file that is read, with those that include it before it.
  private final List<String> open = new ArrayList<>();

  private int included;
  private int records;
  private long length;
  private long seed;
  private boolean isFull;

  ZoneText(
      ZoneFile.Options options,
      RecordReader reader,
      ZoneData data,
      @Nullable PlainRecords plain,
      Diagnostics diagnostics) {
    this.source = options.source();
    this.reader = reader;
    this.recordsMax = options.recordsMax();
    this.data = data;
    this.plain = plain;
    this.diagnostics = diagnostics;
  }

  /// A number that depends on all that was read, so that nobody who may add some names to it knows
  /// it, and that is the same wherever the zone is read.
  long seed() {
    return seed;
  }

  void read(String file, String text) {
    read(file, text, digest(text));
  }

  /// @param digest of the text
  void read(String file, String text, long digest) {
    open.add(file);
    length += text.length();
    seed = seed * 31 + digest;
    ZoneLexer lexer = new ZoneLexer(file, text, diagnostics);
    for (ZoneEntry entry = next(lexer); entry != null && !isFull; entry = next(lexer)) {
      Token first = entry.tokens().getFirst();
      if (first.is("$INCLUDE")) {
        include(file, entry.tokens());
      } else if (first.is("$GENERATE")) {
        generate(entry.tokens());
      } else {
        add(reader.read(entry));
      }
    }
    open.removeLast();
  }

  /// The next entry that is not plain, once the plain ones before it are read.
  private @Nullable ZoneEntry next(ZoneLexer lexer) {
    if (plain == null) {
      return lexer.next();
    }
    while (records < recordsMax) {
      PlainRecords.Outcome outcome = plain.read(lexer);
      if (outcome == PlainRecords.Outcome.NOT_PLAIN) {
        break;
      }
      records += outcome == PlainRecords.Outcome.RECORD ? 1 : 0;
    }
    plain.handOver();
    return lexer.next();
  }

  private void add(@Nullable ZoneRecord record) {
    if (record == null || isFull) {
      return;
    }
    if (++records > recordsMax) {
      isFull = true;
      diagnostics.error(
          record.where(),
          "more than " + recordsMax + " records",
          "the limit of one zone is " + recordsMax,
          "split the zone by delegation");
      return;
    }
    data.add(record);
  }

  private void include(String file, List<Token> tokens) {
    Token directive = tokens.getFirst();
    if (tokens.size() < 2 || tokens.size() > 3) {
      Token at = tokens.get(Math.min(3, tokens.size() - 1));
      report(
          at,
          "$INCLUDE has " + (tokens.size() - 1) + " arguments",
          INSERTS,
          tokens.size() == 1 ? "add the file's name" : "remove the rest");
      return;
    }
    Optional<DnsName> origin =
        tokens.size() == 3 ? reader.origin(tokens.get(2)) : Optional.of(reader.origin());
    Optional<String> name = fileName(tokens.get(1));
    if (origin.isEmpty() || name.isEmpty()) {
      return;
    }
    if (source == null) {
      report(
          directive,
          "$INCLUDE cannot be followed",
          "this zone is read from one text",
          "write the file's records into it");
      return;
    }
    String path = source.resolve(file, name.get());
    SourceSpan asked = tokens.get(1).where(file);
    if (mayOpen(path, tokens.get(1))) {
      int lengthMax = (int) (ZoneFile.TEXT_LENGTH_MAX - length);
      Optional<String> text = source.text(path, lengthMax, asked);
      if (text.isPresent() && text.get().length() > lengthMax) {
        report(
            tokens.get(1),
            "with " + Token.shown(path) + " the zone has too many characters",
            "the limit is " + ZoneFile.TEXT_LENGTH_MAX,
            "split the zone by delegation");
      } else if (text.isPresent()) {
        RecordReader.Scope outer = reader.enter(path, origin.get());
        read(path, text.get());
        reader.leave(outer);
        if (plain != null) {
          plain.forget();
        }
      }
    }
  }

  private boolean mayOpen(String path, Token at) {
    if (open.contains(path)) {
      report(
          at,
          Token.shown(path) + " includes itself: " + chain(path),
          INSERTS,
          "remove one of these $INCLUDE");
      return false;
    }
    if (open.size() > INCLUDE_DEPTH_MAX) {
      report(
          at,
          "files are included more than " + INCLUDE_DEPTH_MAX + " deep",
          "",
          "include them from the zone's own file");
      return false;
    }
    if (included == INCLUDES_MAX) {
      isFull = true;
      report(at, "more than " + INCLUDES_MAX + " files are included", "", "join some");
      return false;
    }
    included++;
    return true;
  }

  private String chain(String path) {
    List<String> chain = new ArrayList<>(open.subList(open.indexOf(path), open.size()));
    chain.add(path);
    return String.join(" -> ", chain);
  }

  private Optional<String> fileName(Token token) {
    String name = new String(RdataText.octets(token.text()), StandardCharsets.UTF_8);
    if (name.isEmpty()
        || name.length() > FILE_NAME_LENGTH_MAX
        || name.chars().anyMatch(Character::isISOControl)) {
      report(
          token,
          Token.shown(token.text()) + " is no name of a file",
          "it has 1 to " + FILE_NAME_LENGTH_MAX + " characters, none of them a control character",
          "correct it");
      return Optional.empty();
    }
    return Optional.of(name);
  }

  private void generate(List<Token> tokens) {
    switch (GenerateDirective.parse(tokens)) {
      case GenerateDirective.Parsed.Refused refused -> reader.report(refused.defect());
      case GenerateDirective.Parsed.Accepted accepted -> generate(accepted.directive());
    }
  }

  private void generate(GenerateDirective directive) {
    int errorsBefore = diagnostics.errorCount();
    // An error in one record is one in all of them.
    for (long number = directive.first();
        number <= directive.last() && diagnostics.errorCount() == errorsBefore && !isFull;
        number += directive.step()) {
      add(reader.readRecord(directive.entry(number)));
    }
  }

  private void report(Token at, String problem, String rule, String remedy) {
    reader.report(new Defect(at, problem, rule, remedy));
  }

  static long digest(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int at = 0; at < text.length(); at += DIGESTED) {
        int end = Math.min(text.length(), at + DIGESTED);
        digest.update(text.substring(at, end).getBytes(StandardCharsets.UTF_8));
      }
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
