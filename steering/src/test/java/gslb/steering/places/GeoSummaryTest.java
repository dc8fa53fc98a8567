package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.testkit.FakeClock;
import gslb.testkit.MmdbWriter;
import gslb.testkit.Seeded;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class GeoSummaryTest {
  private static final GeoDatabase DATABASE =
      Databases.read(
          MmdbWriter.write(
              6,
              24,
              Map.of(
                  Prefix.of("0.0.0.0/2"), Map.of("country_code", "DE"),
                  Prefix.of("64.0.0.0/2"), Map.of("country_code", "FR"),
                  Prefix.of("128.0.0.0/2"), Map.of("country_code", "US"),
                  Prefix.of("3000::/4"), Map.of("country_code", "JP"),
                  Prefix.of("4000::/4"), Map.of("country_code", "BR"))));

  private static final PlaceTable TABLE =
      PlaceTable.compile(List.of(DATABASE), Map.of(), CountryTable.standard());

  private static FakeClock at(Instant instant) {
    FakeClock clock = new FakeClock();
    clock.advance(Duration.between(Instant.ofEpochMilli(clock.currentTimeMillis()), instant));
    return clock;
  }

  private static GeoSummary.Share share(GeoSummary summary, String continent) {
    return summary.continents().getOrDefault(continent, new GeoSummary.Share(0, 0));
  }

  @Test
  void sharesAndCountsAreThoseOfTheNetworks() {
    GeoSummary summary =
        GeoSummary.of(List.of(DATABASE), TABLE, at(Instant.EPOCH), Duration.ofDays(45));
    assertThat(summary.places()).isEqualTo(6);
    assertThat(summary.countries()).isEqualTo(5);
    assertThat(share(summary, "EU").v4()).isEqualTo(0.5);
    assertThat(share(summary, "NA").v4()).isEqualTo(0.25);
    assertThat(share(summary, "").v4()).isEqualTo(0.25);
    assertThat(share(summary, "AS").v6()).isEqualTo(1);
    assertThat(share(summary, "").v6()).isZero();
    // Outside 2000::/3.
    assertThat(share(summary, "SA").v6()).isZero();
    GeoSummary.Database database = summary.databases().getFirst();
    assertThat(database.v4Networks()).isEqualTo(3);
    assertThat(database.v6Networks()).isEqualTo(2);
    assertThat(database.age()).isZero();
  }

  @Test
  void dataOlderThanFortyFiveDaysAreSaidToBeOld() {
    Instant built = Instant.parse("2026-06-17T00:00:00Z");
    GeoSummary fresh =
        GeoSummary.of(
            List.of(DATABASE), TABLE, at(built.plus(Duration.ofDays(45))), Duration.ofDays(45));
    assertThat(fresh.databases().getFirst().isOld()).isFalse();
    GeoSummary old =
        GeoSummary.of(
            List.of(DATABASE), TABLE, at(built.plus(Duration.ofDays(46))), Duration.ofDays(45));
    assertThat(old.toString())
        .startsWith(
            "test.mmdb: written by a test, built 2026-06-17, 46 days old (over 45: fetch a newer"
                + " file)\n"
                + "  IPv4 and IPv6, ")
        .contains("  serves: continent, country, coordinates of countries\n")
        .contains("table: 6 places in 5 countries")
        .contains("  EU                 50.00 %      0.00 %\n");
  }

  @Test
  void countsAreInGroupsOfThreeDigits() {
    GeoSummary.Database database =
        new GeoSummary.Database(
            "world.mmdb",
            "country",
            Instant.EPOCH,
            Duration.ZERO,
            null,
            6,
            24,
            1_306_595,
            494_271,
            516_613,
            GeoCoverage.of(DATABASE),
            Set.of(PlaceField.COUNTRY));
    assertThat(
            new GeoSummary(
                    List.of(database),
                    1_254,
                    1_251,
                    new TreeMap<>(),
                    new TreeMap<>(),
                    341_575,
                    277_243,
                    4_500_000)
                .toString())
        .contains(
            "  IPv4 and IPv6, 1,306,595 nodes of 24-bit records, networks: 494,271 IPv4, 516,613"
                + " IPv6\n")
        .contains("table: 1,254 places in 1,251 countries, runs: 341,575 IPv4, 277,243 IPv6, 4.5");
  }

  @Test
  void countriesThatStandForTheirAddressesAreTold() {
    GeoDatabase cities =
        Databases.read(
            MmdbWriter.write(
                4,
                24,
                Map.of(
                    Prefix.of("0.0.0.0/2"), Map.of("country_code", "DE"),
                    Prefix.of("64.0.0.0/3"),
                        Map.of("country_code", "US", "latitude", 38.0, "longitude", -97.0),
                    Prefix.of("128.0.0.0/2"),
                        Map.of(
                            "country_code",
                            "US",
                            "latitude",
                            47.6,
                            "longitude",
                            -122.3,
                            "city",
                            "Seattle"))));
    PlaceTable table = PlaceTable.compile(List.of(cities), Map.of(), CountryTable.standard());
    assertThat(GeoSummary.of(List.of(cities), table, at(Instant.EPOCH), null).toString())
        .contains("coordinates of the country only: 37.50 % of IPv4 (DE 25.00 %, US 12.50 %)\n");
    assertThat(GeoSummary.of(List.of(DATABASE), TABLE, at(Instant.EPOCH), null).toString())
        .doesNotContain("of the country only");
  }

  @Test
  void withoutAnAgeNothingIsOld() {
    GeoSummary summary =
        GeoSummary.of(List.of(DATABASE), TABLE, at(Instant.parse("2036-06-17T00:00:00Z")), null);
    assertThat(summary.databases().getFirst().isOld()).isFalse();
    assertThat(summary.toString()).doesNotContain("over");
  }

  @Test
  void oneAddressIsToldInOneLine() {
    CountryTable.Country germany = CountryTable.standard().country("DE").orElseThrow();
    assertThat(Whereabouts.of(TABLE, Address.of("2002:102:304::1")))
        .hasToString(
            "2002:102:304::1 (1.2.3.4) in 2002::/18: EU/DE at "
                + germany.latitude()
                + ", "
                + germany.longitude()
                + " (of the country)");
    assertThat(Whereabouts.of(TABLE, Address.of("203.0.113.9")))
        .hasToString("203.0.113.9 in 192.0.0.0/2: place unknown");
  }

  @Test
  void theLevelsThatADatabaseServesAreTold() {
    assertThat(served("GeoIP2-City-Test.mmdb"))
        .isEqualTo("continent, country, subdivision, city, coordinates");
    assertThat(served("GeoLite2-ASN-Test.mmdb")).isEqualTo("asn");
  }

  private static String served(String resource) {
    GeoDatabase database = Databases.read(Databases.resource(resource));
    String text =
        GeoSummary.of(List.of(database), TABLE, at(Instant.EPOCH), Duration.ofDays(45)).toString();
    int from = text.indexOf("serves: ") + 8;
    return text.substring(from, text.indexOf(System.lineSeparator(), from));
  }

  @Test
  void aPlaceIsToldWithAllThatIsKnown() {
    PlaceTable table =
        PlaceTable.of(
            Map.of(
                Prefix.of("192.0.2.0/24"),
                new Place(
                    "EU",
                    "GB",
                    List.of("GB-ENG", "GB-WBK"),
                    2_655_045,
                    51.75,
                    -1.25,
                    64_500,
                    "n")));
    assertThat(Whereabouts.of(table, Address.of("192.0.2.1")))
        .hasToString(
            "192.0.2.1 in 192.0.2.0/24: networks/n, EU/GB/ENG/WBK city 2655045 at 51.75, -1.25,"
                + " AS64500");
  }

  @Test
  void scopesAreCountedByLength() {
    PlaceTable table =
        PlaceTable.of(
            Map.of(
                Prefix.of("192.0.2.0/24"), new Place("EU", "DE", 1, 1, ""),
                Prefix.of("2001:db8::1/128"), new Place("EU", "DE", 1, 1, "")));
    Partition partition = table.partition(new int[] {0, 1});
    // One /24 leaves one prefix of each length from 1 to 24 beside it.
    assertThat(partition.scopes(Family.V4).rows())
        .extracting(ScopeHistogram.Row::scope, ScopeHistogram.Row::prefixes)
        .startsWith(org.assertj.core.groups.Tuple.tuple(1, 1L))
        .endsWith(org.assertj.core.groups.Tuple.tuple(24, 2L))
        .hasSize(24);
    assertThat(partition.scopes(Family.V6).rows().getLast())
        .isEqualTo(new ScopeHistogram.Row(128, 2, 2 * Math.pow(2, -128)));
  }

  @Test
  void oneClassIsOnePrefix() {
    Partition partition = PlaceTable.empty().partition(new int[] {7});
    assertThat(partition.scopes(Family.V4))
        .hasToString("IPv4: 1 prefix\n  /0           1  100.0000 %\n");
    assertThat(partition.scopes(Family.V6).rows()).containsExactly(new ScopeHistogram.Row(0, 1, 1));
  }

  /// The prefixes cover the space once, and each is the scope of its first address.
  @Seeded(40)
  void histogramsAgreeWithLookUps(Random random) {
    Map<Prefix, Place> placeOf = new HashMap<>();
    int count = random.nextInt(30);
    for (int i = 0; i < count; i++) {
      int bits = random.nextBoolean() ? random.nextInt() : 0xc0000200 | random.nextInt(256);
      placeOf.put(
          Prefix.around(Address.v4(bits), random.nextInt(33)),
          new Place("EU", "", Double.NaN, Double.NaN, "n" + random.nextInt(3)));
    }
    PlaceTable table = PlaceTable.of(placeOf);
    Partition partition = table.partition(random.ints(table.places().size(), 0, 3).toArray());
    long[] counts = new long[33];
    long at = 0;
    while (at <= 0xffffffffL) {
      int scope = Partition.scopeOf(partition.lookupV4((int) at));
      counts[scope]++;
      at += 1L << 32 - scope;
    }
    ScopeHistogram histogram = partition.scopes(Family.V4);
    long[] counted = new long[33];
    histogram.rows().forEach(row -> counted[row.scope()] = row.prefixes());
    assertThat(counted).isEqualTo(counts);
    assertThat(histogram.rows().stream().mapToDouble(ScopeHistogram.Row::share).sum()).isEqualTo(1);
  }
}
