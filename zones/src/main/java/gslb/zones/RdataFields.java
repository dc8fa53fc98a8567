package gslb.zones;

import gslb.base.Address;
import gslb.base.DnsName;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The fields of the most used record types, checked one by one, so that a defect is reported at
/// its token and in words. Other types are left to the parser of RDATA.
final class RdataFields {
  /// Octets of a character-string (RFC 1035 §3.3).
  static final int STRING_LENGTH_MAX = 255;

  private enum Kind {
    V4,
    V6,
    NAME,
    U8,
    U16,
    U32,
    DURATION,
    /// Letters and digits.
    TAG,
    /// One or more, to the end.
    STRINGS,
    /// Whatever comes, at least one token, to the end.
    REST
  }

  private record Field(String name, Kind kind) {
    boolean isToTheEnd() {
      return kind == Kind.STRINGS || kind == Kind.REST;
    }
  }

  private static final Map<Integer, List<Field>> FIELDS =
      Map.ofEntries(
          Map.entry(FlatZone.TYPE_A, List.of(new Field("address", Kind.V4))),
          Map.entry(FlatZone.TYPE_AAAA, List.of(new Field("address", Kind.V6))),
          Map.entry(FlatZone.TYPE_NS, List.of(new Field("nameserver", Kind.NAME))),
          Map.entry(FlatZone.TYPE_CNAME, List.of(new Field("target", Kind.NAME))),
          Map.entry(FlatZone.TYPE_DNAME, List.of(new Field("target", Kind.NAME))),
          Map.entry(12, List.of(new Field("target", Kind.NAME))),
          Map.entry(
              RecordTypes.MX,
              List.of(new Field("preference", Kind.U16), new Field("exchange", Kind.NAME))),
          Map.entry(RecordTypes.TXT, List.of(new Field("string", Kind.STRINGS))),
          Map.entry(99, List.of(new Field("string", Kind.STRINGS))),
          Map.entry(
              RecordTypes.SRV,
              List.of(
                  new Field("priority", Kind.U16),
                  new Field("weight", Kind.U16),
                  new Field("port", Kind.U16),
                  new Field("target", Kind.NAME))),
          Map.entry(
              FlatZone.TYPE_SOA,
              List.of(
                  new Field("mname", Kind.NAME),
                  new Field("rname", Kind.NAME),
                  new Field("serial", Kind.U32),
                  new Field("refresh", Kind.DURATION),
                  new Field("retry", Kind.DURATION),
                  new Field("expire", Kind.DURATION),
                  new Field("minimum", Kind.DURATION))),
          Map.entry(
              257,
              List.of(
                  new Field("flags", Kind.U8),
                  new Field("tag", Kind.TAG),
                  new Field("value", Kind.REST))),
          Map.entry(64, service()),
          Map.entry(65, service()));

  /// Keys that dnsjava knows by name (RFC 9460 §14.3.2, RFC 9461, RFC 9540).
  private static final Set<String> SERVICE_KEYS =
      Set.of(
          "mandatory",
          "alpn",
          "no-default-alpn",
          "port",
          "ipv4hint",
          "ech",
          "ipv6hint",
          "dohpath",
          "ohttp",
          "tls-supported-groups");

  private static final Pattern DNS_VARIABLE = Pattern.compile("\\{[^}]*\\bdns\\b[^}]*}");

  /// RFC 9460 §14.3.2
  private static final int SERVICE_KEY_INVALID = 65_535;

  private RdataFields() {}

  private static List<Field> service() {
    return List.of(new Field("priority", Kind.U16), new Field("target", Kind.NAME));
  }

  /// What is wrong with the fields, if they are known and something is.
  ///
  /// @param type of the record
  /// @param typeToken stands for what is missing
  static Optional<Defect> check(int type, Token typeToken, List<Token> rdata, DnsName origin) {
    List<Field> fields = FIELDS.get(type);
    if (fields == null) {
      return Optional.empty();
    }
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      if (i >= rdata.size()) {
        Token last = rdata.isEmpty() ? typeToken : rdata.getLast();
        return Optional.of(
            new Defect(
                last,
                RecordTypes.name(type) + " has no " + field.name,
                "its fields are: " + names(fields),
                "add it"));
      }
      int end = field.isToTheEnd() ? rdata.size() : i + 1;
      for (Token token : rdata.subList(i, end)) {
        Optional<Defect> defect = check(field, token, origin);
        if (defect.isPresent()) {
          return defect;
        }
      }
    }
    boolean isService = type == 64 || type == 65;
    if (isService) {
      return checkParameters(rdata);
    }
    if (rdata.size() > fields.size() && !fields.getLast().isToTheEnd()) {
      Token extra = rdata.get(fields.size());
      return Optional.of(
          new Defect(
              extra,
              "unexpected " + extra.shown() + " behind the fields of " + RecordTypes.name(type),
              "its fields are: " + names(fields),
              "remove it, or put one record on a line"));
    }
    return Optional.empty();
  }

  /// Behind priority and target stand `KEY` or `KEY=VALUE` (RFC 9460 §2.1).
  private static Optional<Defect> checkParameters(List<Token> rdata) {
    Token withoutDefault = null;
    boolean hasAlpn = false;
    for (int i = 2; i < rdata.size(); i++) {
      Token token = rdata.get(i);
      int equals = token.text().indexOf('=');
      String key = equals < 0 ? token.text() : token.text().substring(0, equals);
      if (token.isQuoted() || !SERVICE_KEYS.contains(key) && !isNumberedKey(key)) {
        return Optional.of(
            new Defect(
                token,
                token.shown() + " is no parameter",
                "parameters are KEY or KEY=VALUE (RFC 9460 §2.1)",
                "write a key that has no name here as keyNNNNN"));
      }
      String value = token.text().substring(equals + 1);
      if (equals >= 0 && value.isEmpty() && i + 1 < rdata.size() && rdata.get(i + 1).isQuoted()) {
        value = rdata.get(++i).text();
      }
      Optional<Defect> defect = checkParameter(key, value, token);
      if (defect.isPresent()) {
        return defect;
      }
      withoutDefault = key.equals("no-default-alpn") ? token : withoutDefault;
      hasAlpn |= key.equals("alpn") || key.equals("key1");
    }
    return withoutDefault == null || hasAlpn
        ? Optional.empty()
        : Optional.of(
            new Defect(
                withoutDefault,
                "no-default-alpn without alpn",
                "no protocol would be left (RFC 9460 §7.1.1)",
                "add alpn"));
  }

  private static Optional<Defect> checkParameter(String key, String value, Token token) {
    return switch (key) {
      case "ech" ->
          expect(
              isBase64(value),
              token,
              "is no base 64",
              "ech is written in base 64, padded (RFC 9848 §3)",
              "");
      case "dohpath", "key7" ->
          expect(
              value.startsWith("/") && DNS_VARIABLE.matcher(value).find(),
              token,
              "is no path of DNS over HTTPS",
              "it is a template with the variable dns (RFC 9461 §5)",
              "write it as /dns-query{?dns}");
      default -> Optional.empty();
    };
  }

  private static boolean isBase64(String text) {
    try {
      return Base64.getDecoder().decode(text).length > 0 && text.length() % 4 == 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isNumberedKey(String key) {
    String number = key.startsWith("key") ? key.substring(3) : "";
    return !number.isEmpty()
        && number.length() <= 5
        && (number.length() == 1 || number.charAt(0) != '0')
        && number.chars().allMatch(c -> c >= '0' && c <= '9')
        && Integer.parseInt(number) < SERVICE_KEY_INVALID;
  }

  private static String names(List<Field> fields) {
    return String.join(" ", fields.stream().map(Field::name).toList());
  }

  private static Optional<Defect> check(Field field, Token token, DnsName origin) {
    return switch (field.kind) {
      case V4 ->
          expect(
              Address.parse(token.text()).filter(Address::isV4).isPresent(),
              token,
              "is not an IPv4 address",
              "four numbers up to 255 with dots (RFC 1035 §3.4.1)",
              token.text().indexOf(':') >= 0 ? "use type AAAA for IPv6" : "write it as 192.0.2.1");
      case V6 ->
          expect(
              Address.parse(token.text()).filter(a -> !a.isV4()).isPresent(),
              token,
              "is not an IPv6 address",
              "the form is that of RFC 4291 §2.2",
              token.text().indexOf(':') < 0 ? "use type A for IPv4" : "write it as 2001:db8::1");
      case NAME -> checkName(token, origin);
      case U8 -> number(field, token, 0xff);
      case U16 -> number(field, token, 0xffff);
      case U32 -> number(field, token, 0xffff_ffffL);
      case DURATION -> {
        long seconds = TtlText.parse(token.text());
        yield expect(
            seconds >= 0 && seconds <= TtlText.TTL_MAX,
            token,
            "is no duration for " + field.name,
            "seconds up to " + TtlText.TTL_MAX + ", or with units as in 1h30m",
            "");
      }
      case STRINGS -> {
        int octets = RdataText.octetCount(token.text());
        yield expect(
            octets <= STRING_LENGTH_MAX,
            token,
            "has " + octets + " octets",
            "a string holds at most " + STRING_LENGTH_MAX + " (RFC 1035 §3.3)",
            "split it into several strings in quotes");
      }
      case TAG ->
          expect(
              !token.text().isEmpty()
                  && token.text().length() <= STRING_LENGTH_MAX
                  && token.text().chars().allMatch(RdataFields::isAlphanumeric),
              token,
              "is no tag",
              "a tag is letters and digits (RFC 8659 §4.1)",
              "use issue, issuewild or iodef");
      case REST -> Optional.empty();
    };
  }

  private static boolean isAlphanumeric(int c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static Optional<Defect> number(Field field, Token token, long max) {
    String text = token.text();
    boolean isNumber = !text.isEmpty() && text.length() <= 10;
    for (int i = 0; i < text.length(); i++) {
      isNumber &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return expect(
        isNumber && Long.parseLong(text) <= max,
        token,
        "is no " + field.name,
        "a number from 0 to " + max,
        "");
  }

  /// Checks a name that is written in a zone file.
  static Optional<Defect> checkName(Token token, DnsName origin) {
    if (!token.isAscii()) {
      return Optional.of(
          new Defect(
              token,
              "name " + token.shown() + " is not in ASCII",
              "names are stored as A-labels (RFC 5890 §2.3.2.1)",
              "write it in the form that begins with xn--"));
    }
    if (ZoneNames.resolve(token.text(), origin).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new Defect(
            token,
            ZoneNames.problem(token.text()),
            "a label has 1 to 63 octets and a name at most 255 (RFC 1035 §2.3.4)",
            "correct the name"));
  }

  private static Optional<Defect> expect(
      boolean isMet, Token token, String problem, String rule, String remedy) {
    return isMet
        ? Optional.empty()
        : Optional.of(new Defect(token, token.shown() + " " + problem, rule, remedy));
  }

  /// The tokens that are names, for hints.
  static List<Token> names(int type, List<Token> rdata) {
    List<Field> fields = FIELDS.getOrDefault(type, List.of());
    return java.util.stream.IntStream.range(0, Math.min(fields.size(), rdata.size()))
        .filter(i -> fields.get(i).kind == Kind.NAME)
        .mapToObj(rdata::get)
        .toList();
  }
}
