package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.steering.GeoAsk;
import gslb.steering.places.Coordinates;
import gslb.steering.places.PlaceField;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The section `geo`, and the file of own networks read again.
final class GeoSectionTest {
  private static final String FILE = "etc/networks.yaml";

  private static final String TEXT =
      """
      geo:
        databases: [city.mmdb]
        networks: networks.yaml
        GEO
      zones:
        gslb.example: {file: gslb.example.zone}
      sites:
        frankfurt: {continent: EU, country: DE, at: [50.11, 8.68]}
      pools:
        eu: {site: frankfurt, endpoints: [{address: 192.0.2.10}]}
      guard: {max-loss: 100%, within: 5m}
      policies:
        shared: {geo: {asn/64500: eu, default: eu}}
      services:
        www:
          names: [www.gslb.example]
          policy:
            geo:
              networks/office: eu
              EU/DE/BY: {nearest: [eu]}
              city/2950159: {policy: shared}
              EU/DE: [eu]
              EU: {weighted: {eu: 1}}
              default: {policy: shared}
      """;

  private static MemoryFiles files(String geo, String networks) {
    return CompleteFile.files(TEXT.replace("GEO", geo)).with(FILE, networks);
  }

  private static GeoSettings settings(String geo) {
    return Loaded.load(files(geo, "office: [192.0.2.0/25]\n")).configuration().orElseThrow().geo();
  }

  @Test
  void countriesAndAgeAreRead() {
    GeoSettings geo = settings("countries: {US: [39, -77.5], FR: [48.9, 2.4]}\n  max-age: 36h");
    assertThat(geo.countries())
        .isEqualTo(Map.of("US", new Coordinates(39, -77.5), "FR", new Coordinates(48.9, 2.4)));
    assertThat(geo.maxAge()).isEqualTo(Duration.ofHours(36));
    assertThat(geo.networksFile()).isEqualTo(FILE);
  }

  @Test
  void dataIsOldAfterFortyFiveDaysUnlessItNeverIs() {
    assertThat(settings("").maxAge()).isEqualTo(Duration.ofDays(45));
    assertThat(settings("").countries()).isEmpty();
    assertThat(settings("max-age: never").maxAge()).isNull();
    assertThat(settings("max-age: 24h").maxAge()).isEqualTo(Duration.ofDays(1));
    assertThat(settings("max-age: 3650d").maxAge()).isEqualTo(Duration.ofDays(3650));
  }

  @ParameterizedTest
  @CsvSource({
    "us, US",
    "UK, GB",
    "USA, US",
    "DEU, DE",
    "Germany, DE",
    "germny, DE",
    "kosovo, XK",
    "Qqqqqqqqqq, ''",
    "QQ, ''"
  })
  void theCountryThatIsMeantIsProposed(String written, String code) {
    Diagnostic error =
        Loaded.load(files("countries: {" + written + ": [1, 1]}", "office: [192.0.2.0/25]\n"))
            .errors()
            .getFirst();
    assertThat(error.where()).isEqualTo(new SourceSpan(Loaded.MAIN, 4, 15));
    assertThat(error.remedy()).isEqualTo(code.isEmpty() ? "" : "write '" + code + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "45, add the unit",
    "45m, units are d and h",
    "0d, ''",
    "10y, units are d and h",
    "23h, ''",
    "3651d, ''",
    "87601h, ''"
  })
  void anAgeHasDaysOrHours(String written, String remedy) {
    Diagnostic error =
        Loaded.load(files("max-age: '" + written + "'", "office: [192.0.2.0/25]\n"))
            .errors()
            .getFirst();
    assertThat(error.rule()).contains("a duration from 1d to 3650d");
    assertThat(error.remedy()).startsWith(remedy);
  }

  @Test
  void whatPoliciesAskForIsKnownWithItsPlace() {
    assertThat(settings("").asks())
        .containsExactly(
            new GeoAsk(PlaceField.SUBDIVISION, "DE-BY", new SourceSpan(Loaded.MAIN, 20, 9)),
            new GeoAsk(PlaceField.COORDINATES, "", new SourceSpan(Loaded.MAIN, 20, 19)),
            new GeoAsk(PlaceField.CITY, "2950159", new SourceSpan(Loaded.MAIN, 21, 9)),
            new GeoAsk(PlaceField.ASN, "64500", new SourceSpan(Loaded.MAIN, 13, 18)),
            new GeoAsk(PlaceField.COUNTRY, "DE", new SourceSpan(Loaded.MAIN, 22, 9)),
            new GeoAsk(PlaceField.CONTINENT, "EU", new SourceSpan(Loaded.MAIN, 23, 9)));
    assertThat(settings("").networksUsed())
        .isEqualTo(Map.of("office", new SourceSpan(Loaded.MAIN, 19, 9)));
  }

  private static final Map<String, List<Prefix>> BEFORE =
      Map.of(
          "office",
          List.of(Prefix.of("192.0.2.0/25"), Prefix.of("198.51.100.0/25")),
          "lab",
          List.of(Prefix.of("2001:db8:1::/48"), Prefix.of("203.0.113.0/24")));

  private static Optional<Map<String, List<Prefix>>> again(String text, Diagnostics diagnostics) {
    return OwnNetworks.readAgain(files("", text), settings(""), BEFORE, diagnostics);
  }

  private static List<String> problems(String text) {
    Diagnostics diagnostics = new Diagnostics();
    assertThat(again(text, diagnostics)).isEmpty();
    return diagnostics.sorted().stream().map(Object::toString).toList();
  }

  @Test
  void networksAreReadAgain() {
    assertThat(again("office: [192.0.2.0/26]\nnew: [203.0.113.7/32]\n", new Diagnostics()))
        .contains(
            Map.of(
                "office",
                List.of(Prefix.of("192.0.2.0/26")),
                "new",
                List.of(Prefix.of("203.0.113.7/32"))));
  }

  @Test
  void everyPrefixThatStandsAgainIsToldWithTheFirst() {
    String text = "office: [192.0.2.0/26, 192.0.2.0/26]\nlab: [192.0.2.0/26]\n";
    assertThat(problems(text))
        .hasSize(2)
        .allSatisfy(p -> assertThat(p).contains("it stands first at " + FILE + ":1:10;"));
  }

  @Test
  void aNetworkThatAPolicyNamesCannotVanish() {
    assertThat(problems("ofice: [192.0.2.0/26, 192.0.2.64/26]\n"))
        .containsExactly(
            FILE
                + ": network 'office' is missing; the policy at "
                + Loaded.MAIN
                + ":19:9 names it; did you mean 'ofice'?");
  }

  @Test
  void aFileThatWasCutOffIsRefused() {
    assertThat(problems("office: [192.0.2.0/26]\n"))
        .containsExactly(
            FILE
                + ": the file has 1 prefix, and 4 are served; less than half is taken for a file"
                + " that was cut off; if it is meant, reload the configuration");
  }

  /// Half of what is served is enough, and so is one more than nothing.
  @ParameterizedTest
  @CsvSource({
    "1, 0, true",
    "1, 1, false",
    "2, 1, false",
    "3, 1, true",
    "3, 2, false",
    "5, 2, true"
  })
  void lessThanHalfOfThePrefixesIsTooFew(int before, int after, boolean isRefused) {
    Function<Integer, List<Prefix>> some =
        count ->
            IntStream.range(0, count).mapToObj(i -> Prefix.of("192.0." + i + ".0/24")).toList();
    String text = after == 0 ? "{}\n" : "office: " + some.apply(after) + "\n";
    Diagnostics diagnostics = new Diagnostics();
    GeoSettings settings = new GeoSettings(List.of(), FILE, Map.of(), Map.of(), null, List.of());
    Optional<Map<String, List<Prefix>>> read =
        OwnNetworks.readAgain(
            files("", text), settings, Map.of("office", some.apply(before)), diagnostics);
    assertThat(read.isEmpty()).as("%s", diagnostics.sorted()).isEqualTo(isRefused);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing\n",
        "{}\n",
        "[]\n",
        "office\n",
        "office: [192.0.2.0/2",
        "office: [192.0.2.0/26, 192.0.2.0/26]\n",
        "office: [192.0.2.1/26, 192.0.2.64/26]\n",
        "office: [192.0.2.0/26, 192.0.2.64/26]\nbad name: [192.0.2.128/26]\n",
        "office: &a [*a]\n",
        "office: [192.0.2.0/26, 192.0.2.64/26]\n\u0000",
        "office: [\"::ffff:192.0.2.0/120\", 192.0.2.64/26]\n"
      })
  void aBrokenFileIsRefused(String text) {
    assertThat(problems(text)).isNotEmpty().allSatisfy(p -> assertThat(p).startsWith(FILE));
  }

  @Test
  void aFileThatIsTooLargeIsRefused() {
    assertThat(problems("#".repeat(YamlReader.FILE_LENGTH_MAX + 1)).getFirst())
        .contains("is longer than " + YamlReader.FILE_LENGTH_MAX + " bytes");
  }

  @Test
  void otherNetworksChangeNothingElseOfAConfiguration() {
    Configuration before =
        Loaded.load(files("", "office: [192.0.2.0/25]\n")).configuration().orElseThrow();
    Map<String, List<Prefix>> networks = Map.of("office", List.of(Prefix.of("192.0.2.0/26")));
    Configuration after = before.withNetworks(networks);
    assertThat(after.catalog().networks()).isEqualTo(networks);
    assertThat(after.catalog())
        .usingRecursiveComparison()
        .ignoringFields("networks")
        .isEqualTo(before.catalog());
    assertThat(after.catalog().guard()).isNotNull();
    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("catalog", "hosts")
        .isEqualTo(before);
  }
}
