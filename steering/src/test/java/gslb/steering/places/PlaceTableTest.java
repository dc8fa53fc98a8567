package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlaceTableTest {
  private static final CountryTable COUNTRIES = CountryTable.standard();

  /// Flat and with coordinates; both families.
  private static final GeoDatabase WORLD =
      Databases.read(
          MmdbWriter.write(
              6,
              28,
              Map.of(
                  Prefix.of("192.0.2.0/24"), Map.of("country_code", "DE"),
                  Prefix.of("198.51.100.0/24"),
                      Map.of("country_code", "BR", "latitude", -23.5f, "longitude", -46.6f),
                  Prefix.of("2001:db8::/32"), Map.of("country_code", "JP"),
                  Prefix.of("2001:db8:1::/48"), Map.of("country_code", "ZZ"),
                  Prefix.of("2002::/16"), Map.of("country_code", "AQ"))));

  private static final Map<String, List<Prefix>> NETWORKS =
      Map.of(
          "office", List.of(Prefix.of("192.0.2.128/25"), Prefix.of("2001:db8:2::/48")),
          "lab", List.of(Prefix.of("192.0.2.192/26"), Prefix.of("10.0.0.0/8")));

  private static Place place(PlaceTable table, String address) {
    return table.places().get(table.placeOf(Address.of(address)));
  }

  @Test
  void anEmptyTableKnowsNothingAndHasScopeZero() {
    PlaceTable table = PlaceTable.empty();
    assertThat(table.places()).containsExactly(Place.UNKNOWN);
    for (String address : List.of("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "2002::1")) {
      assertThat(place(table, address)).isEqualTo(Place.UNKNOWN);
      assertThat(table.prefixOf(Address.of(address)).length()).isZero();
    }
  }

  @Test
  void oneClassHasScopeZeroEverywhere() {
    Partition partition =
        PlaceTable.compile(List.of(WORLD), NETWORKS, COUNTRIES).partition(new int[64]);
    assertThat(partition.lookupV4(0xc0000201)).isZero();
    assertThat(partition.lookupV6(0x20010db8L << 32, 1)).isZero();
    assertThat(partition.lookupV6(0x2002_c000_0201_0000L, 1)).isZero();
    assertThat(partition.v4RunCount() + partition.v6RunCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    // Countries get their continent and centre.
    "192.0.2.1, EU, DE, ''",
    "192.0.2.127, EU, DE, ''",
    // The longest own network wins, and the database's place stays.
    "192.0.2.128, EU, DE, office",
    "192.0.2.191, EU, DE, office",
    "192.0.2.192, EU, DE, lab",
    "192.0.2.255, EU, DE, lab",
    // Own networks need no database.
    "10.1.2.3, '', '', lab",
    "9.255.255.255, '', '', ''",
    "11.0.0.0, '', '', ''",
    // Embedded forms are where their IPv4 address is, whatever the database says of the block.
    "::ffff:192.0.2.200, EU, DE, lab",
    "64:ff9b::192.0.2.130, EU, DE, office",
    "2002:c000:0201::1, EU, DE, ''",
    "2001:0:4136:e378:8000:63bf:3fff:fd37, EU, DE, lab",
    "2002:0909:0909::1, '', '', ''",
    // IPv6 of its own.
    "2001:db8::1, AS, JP, ''",
    "2001:db8:2::1, AS, JP, office",
    "2001:db8:1::1, '', '', ''",
    // Where databases keep IPv4 is not where IPv6 clients are.
    "::192.0.2.1, '', '', ''",
  })
  void placesAreThoseOfTheDatabaseAndTheOwnNetworks(
      String address, String continent, String country, String network) {
    Place place = place(PlaceTable.compile(List.of(WORLD), NETWORKS, COUNTRIES), address);
    assertThat(place.continent()).isEqualTo(continent);
    assertThat(place.country()).isEqualTo(country);
    assertThat(place.network()).isEqualTo(network);
  }

  @Test
  void coordinatesAreTheDatabasesOrElseTheCountrys() {
    PlaceTable table = PlaceTable.compile(List.of(WORLD), Map.of(), COUNTRIES);
    assertThat(place(table, "198.51.100.7")).isEqualTo(new Place("SA", "BR", -23.5f, -46.6f, ""));
    CountryTable.Country germany = COUNTRIES.country("DE").orElseThrow();
    assertThat(place(table, "192.0.2.1"))
        .isEqualTo(
            new Place("EU", "DE", Double.NaN, Double.NaN, "")
                .withCoordinates(
                    new Coordinates(germany.latitude(), germany.longitude()),
                    CoordinateSource.COUNTRY_TABLE));
  }

  @ParameterizedTest
  @CsvSource({
    // 192.0.2.0/25 is DE without network, its other half is not.
    "192.0.2.1, 25",
    "192.0.2.130, 26",
    "192.0.2.200, 26",
    "::ffff:192.0.2.1, 121",
    "64:ff9b::192.0.2.1, 121",
    "2002:c000:0201::1, 41",
    "2001:0:4136:e378:8000:63bf:3fff:fdfe, 121",
    // Neighbours of the blocks stop at them.
    "::fffe:0:0, 96",
    "::1:0:0:0, 80",
    "64:ff9b::1:0:0, 96",
    "2003::, 16",
    "2001:1::, 32",
    // The distance to 2001:db8::/32 and to Teredo decides.
    "2001:db8::1, 48",
    "2001:db8:2::1, 48",
    "2001:db9::1, 32",
    "8000::1, 1",
  })
  void prefixesAreMaximal(String address, int length) {
    PlaceTable table = PlaceTable.compile(List.of(WORLD), NETWORKS, COUNTRIES);
    assertThat(table.prefixOf(Address.of(address)))
        .isEqualTo(Prefix.around(Address.of(address), length));
  }

  @Test
  void theFirstDatabaseThatKnowsACountryDecidesOfTheLocationAlone() {
    GeoDatabase first =
        Databases.read(
            MmdbWriter.write(
                4,
                24,
                Map.of(
                    Prefix.of("192.0.2.0/25"), Map.of("country_code", "FR"),
                    Prefix.of("198.51.100.0/24"), Map.of("country_code", "BR"))));
    PlaceTable table = PlaceTable.compile(List.of(first, WORLD), Map.of(), COUNTRIES);
    assertThat(place(table, "192.0.2.1").country()).isEqualTo("FR");
    assertThat(place(table, "192.0.2.129").country()).isEqualTo("DE");
    assertThat(place(table, "2001:db8::1").country()).isEqualTo("JP");
    // Not the coordinates of one database beside the country of another.
    assertThat(place(table, "198.51.100.1").latitude())
        .isEqualTo(COUNTRIES.country("BR").orElseThrow().latitude());
  }

  @Test
  void equalPlacesHaveOneId() {
    PlaceTable table = PlaceTable.compile(List.of(WORLD, WORLD), NETWORKS, COUNTRIES);
    assertThat(table.places()).doesNotHaveDuplicates();
    assertThat(table.places().getFirst()).isEqualTo(Place.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:192.0.2.0/120",
        "64:ff9b::/96",
        "2002:c000:200::/40",
        "2001::/32",
        "2001:0:1::/48"
      })
  void anOwnNetworkThatEmbedsIpv4IsRefused(String prefix) {
    assertThat(PlaceTable.isEmbedding(Prefix.of(prefix))).isTrue();
    assertThatThrownBy(
            () -> PlaceTable.compile(List.of(), Map.of("a", List.of(Prefix.of(prefix))), COUNTRIES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write the IPv4 prefix");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"192.0.2.0/24", "::/0", "2000::/3", "2001::/31", "2001:db8::/32", "64:ff9b::/95"})
  void anOwnNetworkAroundABlockIsNot(String prefix) {
    assertThat(PlaceTable.isEmbedding(Prefix.of(prefix))).isFalse();
  }

  @Test
  void onePrefixInTwoNetworksIsRefused() {
    Prefix prefix = Prefix.of("192.0.2.0/24");
    assertThatThrownBy(
            () ->
                PlaceTable.compile(
                    List.of(), Map.of("a", List.of(prefix), "b", List.of(prefix)), COUNTRIES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'192.0.2.0/24' is in networks 'a' and 'b'");
  }

  private static GeoDatabase database(Map<String, ?> records) {
    Map<Prefix, Object> written = new HashMap<>();
    records.forEach((prefix, record) -> written.put(Prefix.of(prefix), record));
    return Databases.read(MmdbWriter.write(6, 28, written));
  }

  private static final Map<String, Object> MUNICH =
      Map.of(
          "country", Map.of("iso_code", "DE"),
          "subdivisions", List.of(Map.of("iso_code", "BY")),
          "city", Map.of("geoname_id", 2_867_714),
          "location", Map.of("latitude", 48.14, "longitude", 11.58));

  @Test
  void aCityAndAnAsnDatabaseStandSideBySide() {
    GeoDatabase cities = database(Map.of("192.0.2.0/24", MUNICH));
    GeoDatabase asns =
        database(
            Map.of(
                "192.0.2.0/25", Map.of("autonomous_system_number", 64_500),
                "198.51.100.0/24", Map.of("autonomous_system_number", 64_501)));
    Place munich = new Place("EU", "DE", List.of("DE-BY"), 2_867_714, 48.14, 11.58, 64_500, "");
    for (List<GeoDatabase> order : List.of(List.of(cities, asns), List.of(asns, cities))) {
      PlaceTable table = PlaceTable.compile(order, Map.of(), COUNTRIES);
      assertThat(place(table, "192.0.2.1")).isEqualTo(munich);
      assertThat(place(table, "192.0.2.129")).isEqualTo(munich.withAsn(0));
      assertThat(place(table, "198.51.100.1")).isEqualTo(Place.UNKNOWN.withAsn(64_501));
      assertThat(table.prefixOf(Address.of("192.0.2.1"))).isEqualTo(Prefix.of("192.0.2.0/25"));
    }
  }

  @Test
  void anAsnComesFromTheFirstThatHasOneWhoeverKnowsTheLocation() {
    GeoDatabase both =
        database(
            Map.of(
                "192.0.2.0/25", Map.of("country_code", "FR", "asn", "AS64500"),
                "192.0.2.128/25", Map.of("country_code", "FR")));
    GeoDatabase asns = database(Map.of("192.0.2.0/24", Map.of("asn", "AS64501")));
    PlaceTable table = PlaceTable.compile(List.of(both, asns), Map.of(), COUNTRIES);
    assertThat(place(table, "192.0.2.1").asn()).isEqualTo(64_500);
    assertThat(place(table, "192.0.2.129").asn()).isEqualTo(64_501);
    assertThat(place(table, "192.0.2.129").country()).isEqualTo("FR");
  }

  /// Where the city database has a continent alone, or a code that is no country.
  @Test
  void aDatabaseThatKnowsNoCountryIsHeardOnlyIfNoneDoes() {
    GeoDatabase cities =
        database(
            Map.of(
                "192.0.2.0/26", MUNICH,
                "192.0.2.64/26", Map.of("continent", Map.of("code", "EU")),
                "192.0.2.128/26", Map.of("country_code", "AP"),
                "192.0.2.192/26", Map.of("location", Map.of("latitude", 1.0, "longitude", 2.0))));
    GeoDatabase countries = database(Map.of("192.0.2.0/24", Map.of("country_code", "JP")));
    PlaceTable table = PlaceTable.compile(List.of(cities, countries), Map.of(), COUNTRIES);
    assertThat(place(table, "192.0.2.1").country()).isEqualTo("DE");
    assertThat(place(table, "192.0.2.65").country()).isEqualTo("JP");
    assertThat(place(table, "192.0.2.65").continent()).isEqualTo("AS");
    assertThat(place(table, "192.0.2.129").country()).isEqualTo("JP");
    // It knows the coordinates, so it is the one that is heard.
    assertThat(place(table, "192.0.2.193")).isEqualTo(new Place("", "", 1, 2, ""));
    PlaceTable alone = PlaceTable.compile(List.of(cities), Map.of(), COUNTRIES);
    assertThat(place(alone, "192.0.2.65").continent()).isEqualTo("EU");
    assertThat(place(alone, "192.0.2.129").continent()).isEqualTo("AS");
  }

  /// A thousand cities at a thousand coordinates in two countries.
  @Test
  void whatNobodyLooksAtCostsNothing() {
    Map<Prefix, Object> cities = new HashMap<>();
    Map<Prefix, Object> countries = new HashMap<>();
    for (int i = 0; i < 1000; i++) {
      Prefix prefix = Prefix.around(Address.v4(10 << 24 | i << 8), 24);
      String country = i < 300 ? "DE" : "FR";
      countries.put(prefix, Map.of("country_code", country));
      cities.put(
          prefix,
          Map.of(
              "country_code",
              country,
              "city",
              Map.of("geoname_id", 1000 + i),
              "latitude",
              48 + i / 1000.0,
              "longitude",
              11.0,
              "autonomous_system_number",
              64_500 + i % 10));
    }
    GeoDatabase city = Databases.read(MmdbWriter.write(4, 24, cities));
    GeoDatabase country = Databases.read(MmdbWriter.write(4, 24, countries));
    Detail none = Detail.named(false, Set.of(), Set.of(), Set.of());
    PlaceTable byCity = PlaceTable.compile(List.of(city), Map.of(), COUNTRIES, none);
    PlaceTable byCountry = PlaceTable.compile(List.of(country), Map.of(), COUNTRIES, none);
    assertThat(byCity.places()).isEqualTo(byCountry.places());
    assertThat(byCity.runs().v4RunCount()).isEqualTo(byCountry.runs().v4RunCount()).isEqualTo(4);
    assertThat(byCity.retainedBytes()).isEqualTo(byCountry.retainedBytes());
    // One city and one system are named: each is told apart where it is.
    Detail named = Detail.named(false, Set.of(), Set.of(1500L), Set.of(64_507L));
    PlaceTable some = PlaceTable.compile(List.of(city), Map.of(), COUNTRIES, named);
    // Unknown; DE and FR, each with and without the system; FR with the city.
    assertThat(some.places()).hasSize(6);
    assertThat(place(some, "10.1.244.1").city()).isEqualTo(1500);
    assertThat(place(some, "10.1.245.1").city()).isZero();
    // Nothing of it is lost to who asks for the whole place.
    Address address = Address.of("10.1.245.1");
    assertThat(some.wholePlaceOf(address))
        .isEqualTo(new Place("EU", "FR", List.of(), 1501, 48.501, 11, 64_501, ""));
    assertThat(some.wholePrefixOf(address)).isEqualTo(Prefix.of("10.1.245.0/24"));
    Address embedded = Address.of("::ffff:10.1.245.1");
    assertThat(some.wholePlaceOf(embedded)).isEqualTo(some.wholePlaceOf(address));
    assertThat(some.wholePrefixOf(embedded)).isEqualTo(Prefix.of("::ffff:10.1.245.0/120"));
  }

  /// Against the longest prefix, database by database and then network.
  @Seeded(60)
  void layeredTablesGiveWhatEachLayerGives(Random random) {
    List<Map<Prefix, Map<String, String>>> written = List.of(records(random), records(random));
    List<GeoDatabase> databases = new ArrayList<>();
    for (Map<Prefix, Map<String, String>> records : written) {
      int recordSize = 24 + 4 * random.nextInt(3);
      databases.add(Databases.read(MmdbWriter.write(6, recordSize, records)));
    }
    Map<Prefix, String> own = new HashMap<>();
    Map<String, List<Prefix>> networks = new HashMap<>();
    for (Prefix prefix : records(random).keySet()) {
      String network = "n" + random.nextInt(3);
      own.put(prefix, network);
      networks.computeIfAbsent(network, _ -> new ArrayList<>()).add(prefix);
    }
    PlaceTable table = PlaceTable.compile(databases, networks, COUNTRIES);
    for (int i = 0; i < 400; i++) {
      Address address = randomAddress(random);
      Map<String, String> first = longest(written.get(0), address, Map.of());
      Map<String, String> second = longest(written.get(1), address, Map.of());
      Place place = table.places().get(table.placeOf(address));
      assertThat(place.country())
          .as("country of %s", address)
          .isEqualTo((first.isEmpty() ? second : first).getOrDefault("country_code", ""));
      assertThat(place.network()).as("network of %s", address).isEqualTo(longest(own, address, ""));
    }
  }

  private static <T> T longest(Map<Prefix, T> values, Address address, T otherwise) {
    int length = -1;
    T longest = otherwise;
    for (Map.Entry<Prefix, T> entry : values.entrySet()) {
      if (entry.getKey().contains(address) && entry.getKey().length() > length) {
        length = entry.getKey().length();
        longest = entry.getValue();
      }
    }
    return longest;
  }

  private static Map<Prefix, Map<String, String>> records(Random random) {
    List<String> codes = List.of("DE", "US", "JP", "BR", "ZA");
    Map<Prefix, Map<String, String>> records = new HashMap<>();
    records.put(Prefix.of("2001:db8::/32"), Map.of("country_code", "NO"));
    int count = random.nextInt(40);
    for (int i = 0; i < count; i++) {
      Address address = randomAddress(random);
      int length = (address.isV4() ? 0 : 29) + random.nextInt(address.isV4() ? 33 : 100);
      records.put(
          Prefix.around(address, length),
          Map.of("country_code", codes.get(random.nextInt(codes.size()))));
    }
    return records;
  }

  private static Address randomAddress(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Address.v4(random.nextInt());
      case 1 -> Address.v4(0xc0000200 | random.nextInt(1024));
      case 2 -> Address.v6(0x20010db8_00000000L | random.nextInt(1024), random.nextLong());
      default -> Address.v6(0x20010db8_00000001L, random.nextInt(1024));
    };
  }
}
