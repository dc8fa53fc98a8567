package gslb.config;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.config.Scalar.Reading;
import gslb.steering.Endpoint;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.Service.HttpsRecord;
import gslb.steering.places.CountryTable;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// The types of single values.
final class Scalars {
  /// Names that the operator gives, in characters.
  static final int NAME_LENGTH_MAX = 63;

  static final int FILE_NAME_LENGTH_MAX = 4096;

  /// Host names without final dot, in characters.
  private static final int HOST_LENGTH_MAX = 253;

  /// Path and query of a monitor's request, in characters.
  private static final int URL_LENGTH_MAX = 2048;

  /// Text that a monitor looks for in a body, in characters.
  private static final int BODY_LENGTH_MAX = 1024;

  private static final Set<YamlNode.Kind> TEXT = EnumSet.of(YamlNode.Kind.TEXT);
  private static final Set<YamlNode.Kind> TEXT_OR_WHOLE =
      EnumSet.of(YamlNode.Kind.TEXT, YamlNode.Kind.WHOLE);

  static final List<String> CONTINENTS = List.of("AF", "AN", "AS", "EU", "NA", "OC", "SA");

  /// ISO 3166-1, and Kosovo by the code that geo databases use for it.
  static final Set<String> COUNTRIES = countries();

  static final Scalar<String> NAME =
      text(
          "a name: a letter, then up to "
              + (NAME_LENGTH_MAX - 1)
              + " letters, digits, '-', '_', '.'",
          "^[A-Za-z][A-Za-z0-9_.-]{0,62}$",
          Scalars::readName);

  static final Scalar<String> FILE_NAME =
      text(
          "the name of a file",
          "^[^\\u0000-\\u001f]{1,4096}$",
          text -> isPlain(text, FILE_NAME_LENGTH_MAX) ? Reading.of(text) : Reading.none());

  static final Scalar<Boolean> TRUTH =
      new Scalar<>(
          EnumSet.of(YamlNode.Kind.TRUTH),
          "true or false",
          Json.object().with("type", "boolean"),
          text ->
              text.equalsIgnoreCase("true")
                  ? Reading.of(true)
                  : text.equalsIgnoreCase("false") ? Reading.of(false) : Reading.none());

  static final Scalar<DnsName> DNS_NAME =
      text("a domain name, such as 'www.example.org'", "^[!-~]{1,1004}$", Scalars::readDnsName);

  static final Scalar<String> ALPN =
      text(
          "the name of a protocol in ALPN of 1 to "
              + HttpsRecord.ALPN_LENGTH_MAX
              + " characters, such as 'h2'",
          "^[a-z0-9][a-z0-9./-]{0," + (HttpsRecord.ALPN_LENGTH_MAX - 1) + "}$",
          text ->
              text.matches("[a-z0-9][a-z0-9./-]*") && text.length() <= HttpsRecord.ALPN_LENGTH_MAX
                  ? Reading.of(text)
                  : Reading.none());

  static final Scalar<DnsName> ALIAS_TARGET =
      text(
          "a domain name that is no wildcard, such as 'lb.example.net'",
          "^[!-~]{1,1004}$",
          text -> {
            Reading<DnsName> name = readDnsName(text);
            DnsName target = name.value();
            return target != null && target.isWildcard() ? Reading.none() : name;
          });

  /// A zone's name in lower case with its final dot, so that two spellings are one.
  static final Scalar<String> APEX =
      text("a domain name, such as 'example.org'", "^[!-~]{1,1004}$", Scalars::readApex);

  static final Scalar<String> HOST =
      text(
          "a host name of letters, digits, '-' and '_', such as 'www.example.org'",
          "^[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*$",
          Scalars::readHost);

  static final Scalar<Address> ADDRESS =
      text("an IPv4 or IPv6 address", "^[0-9A-Fa-f:.]{2,45}$", Scalars::readAddress);

  static final Scalar<Address> ENDPOINT_ADDRESS =
      text(
          "an IPv4 or IPv6 address that a client can connect to",
          "^[0-9A-Fa-f:.]{2,45}$",
          Scalars::readEndpointAddress);

  /// In lower case.
  static final Scalar<DnsName> ENDPOINT_HOST =
      text(
          "a host name of letters, digits, '-' and '_', such as 'lb.example.net'",
          "^[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*$",
          Scalars::readEndpointHost);

  static final Scalar<InetSocketAddress> SOCKET_ADDRESS =
      text(
          "an address and a port from 1 to 65535, as in '192.0.2.53:53' or '[2001:db8::53]:53'",
          "^([0-9.]{7,15}|\\[[0-9A-Fa-f:.]{2,45}\\]):[0-9]{1,5}$",
          Scalars::readSocketAddress);

  static final Scalar<Prefix> PREFIX =
      text(
          "a prefix, as in '192.0.2.0/24' or '2001:db8::/32'",
          "^[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?$",
          Scalars::readPrefix);

  static final Scalar<String> CONTINENT = oneOf(CONTINENTS);

  static final Scalar<String> COUNTRY =
      text(
          "a country's two letters in ISO 3166-1, such as 'DE'",
          "^[A-Z]{2}$",
          Scalars::readCountry);

  static final Scalar<String> URL_PATH =
      text(
          "a path with optional query of up to "
              + URL_LENGTH_MAX
              + " characters, such as '/healthz'",
          "^/[!-\"$-~]{0,2047}$",
          Scalars::readUrlPath);

  static final Scalar<String> BODY =
      text(
          "text of 1 to " + BODY_LENGTH_MAX + " characters",
          "^[\\s\\S]{1," + BODY_LENGTH_MAX + "}$",
          text ->
              text.isEmpty() || text.length() > BODY_LENGTH_MAX
                  ? Reading.none()
                  : Reading.of(text));

  static final Scalar<String> REDIRECT_TARGET =
      text(
          "'http://' or 'https://', a host, and optionally a port and a path",
          "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@\\s]+(/[^?#\\s]*[^/?#\\s])?$",
          RedirectTarget::read);

  static final Scalar<StatusRange> STATUS =
      new Scalar<>(
          TEXT_OR_WHOLE,
          "an HTTP status or a range of them from 100 to 599, as in 200 or '200-299'",
          Json.object()
              .with(
                  "anyOf",
                  List.of(
                      Json.integer(100, 599),
                      Json.object()
                          .with("type", "string")
                          .with("pattern", "^[1-5][0-9][0-9]-[1-5][0-9][0-9]$"))),
          StatusRange::read);

  static final Scalar<Integer> PERCENT =
      new Scalar<>(
          EnumSet.of(YamlNode.Kind.TEXT),
          "1% to 100%",
          Json.object().with("type", "string").with("pattern", "^([1-9]|[1-9][0-9]|100)%$"),
          Scalars::readPercent);

  private static Reading<Integer> readPercent(String text) {
    return text.endsWith("%") && text.charAt(0) != '0'
        ? digits(text.substring(0, text.length() - 1), 1, 100)
            .map(n -> Reading.of(n.intValue()))
            .orElseGet(Reading::none)
        : Reading.none();
  }

  static final Scalar<MinHealthy> MIN_HEALTHY =
      new Scalar<>(
          TEXT_OR_WHOLE,
          "a number of endpoints from 1 to 65535, or a share of the weight from 1% to 100%",
          Json.object()
              .with(
                  "anyOf",
                  List.of(
                      Json.integer(1, 65535),
                      Json.object()
                          .with("type", "string")
                          .with("pattern", "^([1-9][0-9]?|100)%$"))),
          Scalars::readMinHealthy);

  static final Scalar<Duration> RAMP =
      new Scalar<>(
          TEXT_OR_WHOLE,
          "0, or a duration from "
              + words(Pool.RAMP_MIN)
              + " to "
              + words(Pool.RAMP_MAX)
              + ", such as '10m'",
          Json.object()
              .with(
                  "anyOf",
                  List.of(
                      Json.object().with("const", 0),
                      Json.object()
                          .with("type", "string")
                          .with("pattern", "^[0-9]{1,9}(ms|s|m|h)$"))),
          text ->
              text.matches("0(ms|s|m|h)?")
                  ? Reading.of(Duration.ZERO)
                  : readDuration(text, Pool.RAMP_MIN, Pool.RAMP_MAX, Function.identity()));

  static final Scalar<Service.Answers> ANSWERS =
      new Scalar<>(
          TEXT_OR_WHOLE,
          "1 to " + Service.Answers.COUNT_MAX + " or all",
          Json.object()
              .with(
                  "anyOf",
                  List.of(
                      Json.integer(1, Service.Answers.COUNT_MAX),
                      Json.object().with("const", "all"))),
          Scalars::readAnswers);

  private static Reading<Service.Answers> readAnswers(String text) {
    return text.equals("all")
        ? Reading.of(Service.Answers.ALL)
        : digits(text, 1, Service.Answers.COUNT_MAX)
            .map(count -> Reading.of(new Service.Answers(Math.toIntExact(count))))
            .orElse(Reading.none());
  }

  static final Scalar<Integer> BIAS =
      new Scalar<>(
          EnumSet.of(YamlNode.Kind.WHOLE, YamlNode.Kind.NUMBER),
          "a whole number from -" + Policy.Nearest.BIAS_MAX + " to " + Policy.Nearest.BIAS_MAX,
          Json.integer(-Policy.Nearest.BIAS_MAX, Policy.Nearest.BIAS_MAX),
          text -> text.matches("-?\\d{1,2}") ? Reading.of(Integer.valueOf(text)) : Reading.none());

  /// A factor of a distance, in per cent: `1.5` is 150.
  static final Scalar<Integer> WITHIN =
      new Scalar<>(
          EnumSet.of(YamlNode.Kind.WHOLE, YamlNode.Kind.NUMBER),
          "1 to 10 with up to two digits behind the point, such as 1.5",
          Json.object().with("type", "number").with("minimum", 1).with("maximum", 10),
          Scalars::readWithin);

  private static Reading<Integer> readWithin(String text) {
    if (!text.matches("\\d{1,2}(\\.\\d{1,2})?")) {
      return Reading.none();
    }
    int percent = new BigDecimal(text).movePointRight(2).intValueExact();
    return percent < Policy.Nearest.WITHIN_PERCENT_NONE
            || percent > Policy.Nearest.WITHIN_PERCENT_MAX
        ? Reading.none()
        : Reading.of(percent);
  }

  /// HTTP statuses from `min` to `max`.
  record StatusRange(int min, int max) {
    static Reading<StatusRange> read(String text) {
      int dash = text.indexOf('-');
      Optional<Long> min = digits(dash < 0 ? text : text.substring(0, dash), 100, 599);
      Optional<Long> max = digits(text.substring(dash + 1), 100, 599);
      if (min.isEmpty() || max.isEmpty()) {
        return Reading.none();
      }
      return min.get() > max.get()
          ? Reading.none("the range is empty", "write '" + max.get() + "-" + min.get() + "'")
          : Reading.of(new StatusRange(min.get().intValue(), max.get().intValue()));
    }
  }

  private static final CountryTable CONTINENT_OF_COUNTRY = CountryTable.standard();

  private Scalars() {}

  /// Where a country is; empty for a territory that the table leaves out.
  static Optional<String> continentOf(String country) {
    return CONTINENT_OF_COUNTRY.country(country).map(CountryTable.Country::continent);
  }

  private static Set<String> countries() {
    Set<String> countries = new TreeSet<>(Arrays.asList(Locale.getISOCountries()));
    countries.add("XK");
    return Set.copyOf(countries);
  }

  static <T> Scalar<T> text(String words, String pattern, Scalar.Reader<T> reader) {
    Json json = Json.object().with("type", "string").with("pattern", pattern);
    return new Scalar<>(TEXT, words, json, reader);
  }

  /// One of a few words.
  static Scalar<String> oneOf(List<String> words) {
    return new Scalar<>(
        TEXT,
        Shown.either(words),
        Json.object().with("enum", words),
        text ->
            words.contains(text)
                ? Reading.of(text)
                : Reading.none("", NearestName.hint(text, words)));
  }

  /// @param min not below 0
  static Scalar<Integer> whole(int min, int max) {
    return new Scalar<>(
        EnumSet.of(YamlNode.Kind.WHOLE),
        "a whole number from " + min + " to " + max,
        Json.integer(min, max),
        text -> digits(text, min, max).map(n -> Reading.of(n.intValue())).orElseGet(Reading::none));
  }

  static Scalar<Double> number(int min, int max, String what) {
    return new Scalar<>(
        EnumSet.of(YamlNode.Kind.WHOLE, YamlNode.Kind.NUMBER),
        what + ", a number from " + min + " to " + max,
        Json.object().with("type", "number").with("minimum", min).with("maximum", max),
        text -> readNumber(text, min, max));
  }

  private static Reading<Double> readNumber(String text, int min, int max) {
    boolean isDecimal =
        text.length() <= 32 && text.chars().allMatch(c -> "+-.eE0123456789".indexOf(c) >= 0);
    try {
      double value = isDecimal ? Double.parseDouble(text) : Double.NaN;
      return value >= min && value <= max ? Reading.of(value) : Reading.none();
    } catch (NumberFormatException _) {
      return Reading.none();
    }
  }

  static Scalar<Duration> duration(Duration min, Duration max) {
    return text(
        "a duration from " + words(min) + " to " + words(max) + ", such as '5s'",
        "^[0-9]{1,9}(ms|s|m|h)$",
        text -> readDuration(text, min, max, Function.identity()));
  }

  /// A duration of whole seconds, as their number.
  static Scalar<Integer> seconds(int min, int max) {
    Duration least = Duration.ofSeconds(min);
    Duration most = Duration.ofSeconds(max);
    return text(
        "whole seconds from " + words(least) + " to " + words(most) + ", such as '30s'",
        "^[0-9]{1,9}(s|m|h)$",
        text ->
            text.endsWith("ms")
                ? Reading.none()
                : readDuration(text, least, most, d -> (int) d.toSeconds()));
  }

  private static <T> Reading<T> readDuration(
      String text, Duration min, Duration max, Function<Duration, T> result) {
    int unitAt = 0;
    while (unitAt < text.length() && isDigit(text.charAt(unitAt))) {
      unitAt++;
    }
    if (unitAt == 0 || unitAt > 9) {
      return Reading.none();
    }
    long count = Long.parseLong(text.substring(0, unitAt));
    String unit = text.substring(unitAt);
    if (unit.isEmpty()) {
      return Reading.none("", "add the unit, as in '" + count + "s'");
    }
    long millis =
        switch (unit) {
          case "ms" -> 1;
          case "s" -> 1000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 0;
        };
    if (millis == 0) {
      return Reading.none("", "units are ms, s, m and h");
    }
    Duration duration = Duration.ofMillis(count * millis);
    boolean isWithin = duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
    return isWithin ? Reading.of(result.apply(duration)) : Reading.none();
  }

  /// As an operator would write it.
  static String words(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 3_600_000 == 0 && millis > 0) {
      return millis / 3_600_000 + "h";
    } else if (millis % 60_000 == 0 && millis > 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static Optional<Long> digits(String text, long min, long max) {
    boolean isNumber =
        !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> isDigit((char) c));
    return isNumber
        ? Optional.of(Long.parseLong(text)).filter(n -> n >= min && n <= max)
        : Optional.empty();
  }

  private static boolean isPlain(String text, int lengthMax) {
    return !text.isEmpty()
        && text.length() <= lengthMax
        && text.chars().noneMatch(Character::isISOControl);
  }

  private static boolean isAsciiLetter(int c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static Reading<String> readName(String text) {
    boolean isName =
        !text.isEmpty()
            && text.length() <= NAME_LENGTH_MAX
            && isAsciiLetter(text.charAt(0))
            && text.chars()
                .allMatch(c -> isAsciiLetter(c) || isDigit((char) c) || "-_.".indexOf(c) >= 0);
    return isName ? Reading.of(text) : Reading.none();
  }

  private static Reading<DnsName> readDnsName(String text) {
    if (text.chars().anyMatch(c -> c > '~')) {
      return Reading.none("it is not ASCII", "write its A-labels (xn--…)");
    }
    boolean isPrintable = text.chars().allMatch(c -> c > ' ');
    return DnsName.parse(text)
        .filter(name -> isPrintable && !name.isRoot())
        .map(Reading::of)
        .orElseGet(Reading::none);
  }

  private static Reading<String> readApex(String text) {
    Reading<DnsName> name = readDnsName(text);
    DnsName apex = name.value();
    if (apex == null) {
      return Reading.none(name.problem(), name.remedy());
    }
    return apex.isWildcard() ? Reading.none() : Reading.of(apex.toLowerCase().toString());
  }

  private static Reading<String> readHost(String text) {
    if (text.length() > HOST_LENGTH_MAX) {
      return Reading.none();
    }
    for (String label : text.split("\\.", -1)) {
      boolean isLabel =
          !label.isEmpty()
              && label.length() <= 63
              && label
                  .chars()
                  .allMatch(c -> isAsciiLetter(c) || isDigit((char) c) || c == '-' || c == '_');
      if (!isLabel) {
        return text.endsWith(".")
            ? Reading.none("", "remove the final dot")
            : Reading.none("", text.indexOf(':') >= 0 ? "write the host without port" : "");
      }
    }
    return Reading.of(text.toLowerCase(Locale.ROOT));
  }

  private static Reading<DnsName> readEndpointHost(String text) {
    if (Address.parse(text).isPresent()) {
      return Reading.none("it is an address", "write it as 'address'");
    }
    Reading<String> host = readHost(text);
    String name = host.value();
    return name == null
        ? Reading.none(host.problem(), host.remedy())
        : DnsName.parse(name).map(Reading::of).orElseGet(Reading::none);
  }

  private static Reading<Address> readAddress(String text) {
    return Address.parse(text).map(Reading::of).orElseGet(() -> Reading.none("", ""));
  }

  private static Reading<Address> readEndpointAddress(String text) {
    Address address = Address.parse(text).orElse(null);
    if (address == null) {
      return Reading.none();
    }
    String hint =
        Endpoint.isMapped(address) ? "write '" + Address.v4((int) address.low()) + "'" : "";
    return Endpoint.refusal(address)
        .map(what -> Reading.<Address>none(what, hint))
        .orElseGet(() -> Reading.of(address));
  }

  private static Reading<InetSocketAddress> readSocketAddress(String text) {
    int colon = text.lastIndexOf(':');
    boolean isBracketed = text.startsWith("[") && colon > 1 && text.charAt(colon - 1) == ']';
    boolean isV6 = text.indexOf(':') != colon;
    if (isV6 && !isBracketed) {
      return Reading.none("", "write an IPv6 address in brackets, as in '[::]:53'");
    }
    if (colon <= 0) {
      return Reading.none("", colon == 0 ? "write '0.0.0.0" + cut(text) + "'" : "add the port");
    }
    String host = isBracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
    Optional<Long> port = digits(text.substring(colon + 1), 1, 65535);
    Optional<Address> address = Address.parse(host).filter(a -> a.isV4() != isBracketed);
    return address.isPresent() && port.isPresent()
        ? Reading.of(new InetSocketAddress(address.get().toInetAddress(), port.get().intValue()))
        : Reading.none();
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(text.length(), 6));
  }

  private static Reading<Prefix> readPrefix(String text) {
    Optional<Prefix> prefix = Prefix.parse(text);
    if (prefix.isPresent()) {
      return Reading.of(prefix.get());
    }
    int slash = text.indexOf('/');
    Optional<Address> address =
        slash < 0 ? Optional.empty() : Address.parse(text.substring(0, slash));
    Optional<Long> length = digits(text.substring(slash + 1), 0, 128);
    if (address.isPresent()
        && length.isPresent()
        && length.get() <= address.get().family().bits()) {
      Prefix around = Prefix.around(address.get(), length.get().intValue());
      return Reading.none("bits are set past its length", "write '" + around + "'");
    }
    return Reading.none();
  }

  private static Reading<String> readCountry(String text) {
    return COUNTRIES.contains(text)
        ? Reading.of(text)
        : Reading.none("", MeantCountry.of(text).map(code -> "write '" + code + "'").orElse(""));
  }

  private static Reading<String> readUrlPath(String text) {
    boolean isPath =
        text.startsWith("/")
            && text.length() <= URL_LENGTH_MAX
            && text.chars().allMatch(c -> c > ' ' && c <= '~' && c != '#');
    return isPath ? Reading.of(text) : Reading.none();
  }

  private static Reading<MinHealthy> readMinHealthy(String text) {
    if (text.endsWith("%")) {
      Integer percent = readPercent(text).value();
      return percent == null ? Reading.none() : Reading.of(new MinHealthy.Percent(percent));
    }
    return digits(text, 1, 65535)
        .map(n -> Reading.<MinHealthy>of(new MinHealthy.Endpoints(n.intValue())))
        .orElseGet(Reading::none);
  }
}
