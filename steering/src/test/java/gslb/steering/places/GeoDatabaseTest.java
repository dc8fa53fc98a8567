package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.maxmind.db.Reader;
import gslb.base.Address;
import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GeoDatabaseTest {
  private static PlaceTable table(byte[] file) {
    return PlaceTable.compile(List.of(Databases.read(file)), Map.of(), CountryTable.standard());
  }

  private static Place place(byte[] file, String address) {
    PlaceTable table = table(file);
    return table.places().get(table.placeOf(Address.of(address)));
  }

  /// What MaxMind's source data for the file say.
  @ParameterizedTest
  @CsvSource({
    "81.2.69.142, EU, GB, ENG, 2643743, 51.5142, -0.0931",
    "2.125.160.216, EU, GB, ENG WBK, 2655045, 51.7500, -1.2500",
    "216.160.83.56, NA, US, WA, 5803556, 47.2513, -122.3149",
    "89.160.20.112, EU, SE, E, 2694762, 58.4167, 15.6167",
    "::ffff:81.2.69.142, EU, GB, ENG, 2643743, 51.5142, -0.0931",
    "2002:5102:458e::1, EU, GB, ENG, 2643743, 51.5142, -0.0931",
  })
  void geoip2CitySchemaIsRead(
      String address,
      String continent,
      String country,
      String subdivisions,
      long city,
      double latitude,
      double longitude) {
    List<String> codes =
        subdivisions.isEmpty()
            ? List.of()
            : List.of(subdivisions.split(" ", -1)).stream().map(s -> country + "-" + s).toList();
    assertThat(place(Databases.resource("GeoIP2-City-Test.mmdb"), address))
        .isEqualTo(new Place(continent, country, codes, city, latitude, longitude, 0, ""));
  }

  /// MaxMind's record names nothing in Japan, and other records of the file name cities.
  @Test
  void coordinatesOfARecordThatKnowsTheCountryOnlyAreThoseOfTheTable() {
    assertThat(place(Databases.resource("GeoIP2-City-Test.mmdb"), "2001:218::1"))
        .isEqualTo(centre("AS", "JP"));
  }

  private static Place centre(String continent, String country) {
    CountryTable.Country known = CountryTable.standard().country(country).orElseThrow();
    return new Place(continent, country, Double.NaN, Double.NaN, "")
        .withCoordinates(
            new Coordinates(known.latitude(), known.longitude()), CoordinateSource.COUNTRY_TABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "1.128.0.0, 1221",
    "12.81.92.0, 7018",
    "2600:6000::1, 237",
    "::ffff:1.128.0.1, 1221",
    "192.0.2.1, 0"
  })
  void geoip2AsnSchemaIsRead(String address, long asn) {
    assertThat(place(Databases.resource("GeoLite2-ASN-Test.mmdb"), address))
        .isEqualTo(Place.UNKNOWN.withAsn(asn));
  }

  /// The other places in which packagers put the number.
  @Test
  void asNumbersOfOtherSchemasAreRead() {
    byte[] file =
        MmdbWriter.write(
            4,
            24,
            Map.of(
                Prefix.of("192.0.2.0/28"),
                    Map.of("traits", Map.of("autonomous_system_number", 64_500)),
                Prefix.of("192.0.2.16/28"), Map.of("asn", "AS64501", "country_code", "DE"),
                Prefix.of("192.0.2.32/28"), Map.of("asn", 64_502L),
                // 32 bits, the upper half of which are negative to Java.
                Prefix.of("192.0.2.48/28"), Map.of("autonomous_system_number", -1),
                Prefix.of("192.0.2.64/28"), Map.of("autonomous_system_number", 0),
                Prefix.of("192.0.2.80/28"), Map.of("autonomous_system_number", 1L << 32),
                Prefix.of("192.0.2.96/28"), Map.of("autonomous_system_number", 64_503.0),
                Prefix.of("192.0.2.112/28"), Map.of("asn", "64504"),
                Prefix.of("192.0.2.128/28"), Map.of("asn", "AS99999999999")));
    long[] expected = {64_500, 64_501, 64_502, 0xffff_ffffL, 0, 0, 0, 0, 0};
    for (int i = 0; i < expected.length; i++) {
      assertThat(place(file, "192.0.2." + (16 * i + 1)).asn())
          .as("record %d", i)
          .isEqualTo(expected[i]);
    }
    assertThat(place(file, "192.0.2.17").country()).isEqualTo("DE");
  }

  /// A city database of @ip-location-db has names alone.
  @Test
  void namesOfCitiesAndRegionsAreNotIdentifiers() {
    byte[] file =
        MmdbWriter.write(
            4,
            24,
            Map.of(
                Prefix.of("192.0.2.0/24"),
                Map.of(
                    "city", "Munich",
                    "country_code", "DE",
                    "latitude", 48.14f,
                    "longitude", 11.58f,
                    "postcode", "",
                    "state1", "Bavaria",
                    "state2", "Upper Bavaria",
                    "timezone", "")));
    assertThat(place(file, "192.0.2.1")).isEqualTo(new Place("EU", "DE", 48.14f, 11.58f, ""));
    assertThat(Databases.read(file).fields())
        .containsExactlyInAnyOrder(PlaceField.COUNTRY, PlaceField.COORDINATES);
  }

  @Test
  void aDatabaseTellsWhatItKnows() {
    assertThat(Databases.read(Databases.resource("GeoIP2-City-Test.mmdb")).fields())
        .containsExactlyInAnyOrder(
            PlaceField.CONTINENT,
            PlaceField.COUNTRY,
            PlaceField.SUBDIVISION,
            PlaceField.CITY,
            PlaceField.COORDINATES);
    assertThat(Databases.read(Databases.resource("GeoLite2-Country-Test.mmdb")).fields())
        .containsExactlyInAnyOrder(PlaceField.CONTINENT, PlaceField.COUNTRY);
    assertThat(Databases.read(Databases.resource("GeoLite2-ASN-Test.mmdb")).fields())
        .containsExactly(PlaceField.ASN);
  }

  @Test
  void subdivisionsThatCannotBeAreUnknown() {
    byte[] file =
        MmdbWriter.write(
            4,
            24,
            Map.of(
                Prefix.of("192.0.2.0/28"), nested("DE", "by"),
                Prefix.of("192.0.2.16/28"), nested("DE", "DE-BY"),
                Prefix.of("192.0.2.32/28"), nested("", "BY"),
                Prefix.of("192.0.2.48/28"), nested("DE", 7),
                Prefix.of("192.0.2.64/28"), Map.of("country_code", "DE", "subdivisions", "BY"),
                Prefix.of("192.0.2.80/28"), nested("DE", "A", "B", "C", "D", "E", "F"),
                // No country of its own, so none to have subdivisions.
                Prefix.of("192.0.2.96/28"), nested("EU", "BY")));
    List<List<String>> expected =
        List.of(
            List.of("DE-BY"),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of("DE-A", "DE-B", "DE-C", "DE-D"),
            List.of());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(place(file, "192.0.2." + (16 * i + 1)).subdivisions())
          .as("record %d", i)
          .isEqualTo(expected.get(i));
    }
  }

  private static Map<String, Object> nested(String country, Object... subdivisions) {
    return Map.of(
        "country",
        Map.of("iso_code", country),
        "city",
        Map.of("geoname_id", 1),
        "subdivisions",
        List.of(subdivisions).stream().map(s -> Map.of("iso_code", s)).toList());
  }

  @Test
  void everyRecordOfMaxMindsTestFilesIsRead() throws Exception {
    for (String name : List.of("GeoIP2-City-Test.mmdb", "GeoLite2-ASN-Test.mmdb")) {
      byte[] file = Databases.resource(name);
      PlaceTable table = table(file);
      try (Reader reader = new Reader(new ByteArrayInputStream(file))) {
        var networks = reader.networks(Map.class);
        while (networks.hasNext()) {
          var network = networks.next();
          Address address = Address.of(network.network().networkAddress());
          if (!address.isV4() && gslb.base.EmbeddedV4.offset(address.high(), address.low()) >= 0) {
            continue;
          }
          Place place = table.places().get(table.placeOf(address));
          Map<?, ?> record = network.data();
          assertThat(place.asn())
              .as(address.toString())
              .isEqualTo(number(record.get("autonomous_system_number")));
          assertThat(place.city())
              .as(address.toString())
              .isEqualTo(
                  record.get("city") instanceof Map<?, ?> city
                      ? number(city.get("geoname_id"))
                      : 0);
          assertThat(place.subdivisions())
              .as(address.toString())
              .isEqualTo(subdivisions(place.country(), record));
        }
      }
    }
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }

  private static List<String> subdivisions(String country, Map<?, ?> record) {
    return record.get("subdivisions") instanceof List<?> list
        ? list.stream()
            .map(one -> ((Map<?, ?>) one).get("iso_code"))
            .filter(java.util.Objects::nonNull)
            .map(code -> country + "-" + code)
            .toList()
        : List.of();
  }

  @Test
  void geoip2CountrySchemaIsReadWithCentresFromTheTable() {
    assertThat(place(Databases.resource("GeoLite2-Country-Test.mmdb"), "89.160.20.112"))
        .isEqualTo(centre("EU", "SE"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GeoIP2-City-Test.mmdb", "GeoLite2-Country-Test.mmdb"})
  void everyNetworkOfMaxMindsTestFilesIsFound(String name) throws Exception {
    byte[] file = Databases.resource(name);
    PlaceTable table = table(file);
    try (Reader reader = new Reader(new ByteArrayInputStream(file))) {
      var networks = reader.networks(Map.class);
      int seen = 0;
      while (networks.hasNext()) {
        var network = networks.next().network();
        Address address = Address.of(network.networkAddress());
        if (!address.isV4() && gslb.base.EmbeddedV4.offset(address.high(), address.low()) >= 0) {
          continue;
        }
        Place place = table.places().get(table.placeOf(address));
        assertThat(place.country()).as(address.toString()).isEqualTo(country(reader, address));
        seen++;
      }
      assertThat(seen).isGreaterThan(200);
    }
  }

  private static String country(Reader reader, Address address) throws IOException {
    Map<?, ?> record = reader.get(address.toInetAddress(), Map.class);
    for (String key : List.of("country", "registered_country")) {
      if (record != null && record.get(key) instanceof Map<?, ?> country) {
        return String.valueOf(country.get("iso_code"));
      }
    }
    return "";
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 28, 32})
  void flatSchemaIsReadInEveryRecordSize(int recordSize) {
    byte[] file =
        MmdbWriter.write(
            6,
            recordSize,
            Map.of(
                Prefix.of("192.0.2.0/24"),
                Map.of(
                    "country_code",
                    "se",
                    "continent_code",
                    "EU",
                    "latitude",
                    59.3,
                    "longitude",
                    18.1,
                    "state1",
                    "Stockholm"),
                Prefix.of("2001:db8::/32"),
                Map.of("latitude", 1.5f, "longitude", 2.5f, "city", "somewhere")));
    assertThat(place(file, "192.0.2.77")).isEqualTo(new Place("EU", "SE", 59.3, 18.1, ""));
    assertThat(place(file, "2001:db8:ffff::1")).isEqualTo(new Place("", "", 1.5, 2.5, ""));
    assertThat(place(file, "2001:db9::1")).isEqualTo(Place.UNKNOWN);
    assertThat(place(file, "192.0.3.0")).isEqualTo(Place.UNKNOWN);
  }

  /// The lengths at which the size of a value takes another byte, and those before.
  @ParameterizedTest
  @ValueSource(ints = {28, 29, 284, 285, 65_820, 65_821})
  void whatStandsBehindALongTextIsFound(int length) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("note", "x".repeat(length));
    record.put("country_code", "SE");
    byte[] file = MmdbWriter.write(4, 24, Map.of(Prefix.of("192.0.2.0/24"), record));
    assertThat(place(file, "192.0.2.1").country()).isEqualTo("SE");
  }

  /// Beyond 2^24 a record of 28 bits has bits in the byte that both records of a node share.
  @ParameterizedTest
  @ValueSource(ints = {28, 32})
  void recordsBeyondSixteenMegabytesAreFound(int recordSize) throws Exception {
    byte[] sweden = MmdbWriter.encoded(Map.of("country_code", "SE"));
    byte[] norway = MmdbWriter.encoded(Map.of("country_code", "NO"));
    int near = 0xa0_0000;
    int far = 0x1a0_0000; // the same but for those bits
    byte[] data = new byte[far + sweden.length];
    System.arraycopy(norway, 0, data, near, norway.length);
    System.arraycopy(sweden, 0, data, far, sweden.length);
    long first = 3 + 16; // behind the nodes and the separator
    long[][] nodes = {{1, 2}, {first + far, first + near}, {first + near, first + far}};
    byte[] file = MmdbWriter.file(4, recordSize, nodes, data);
    PlaceTable table = table(file);
    assertThat(
            Stream.of("0.0.0.0", "64.0.0.0", "128.0.0.0", "192.0.0.0")
                .map(address -> table.places().get(table.placeOf(Address.of(address))).country()))
        .containsExactly("SE", "NO", "NO", "SE");
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 28, 32})
  void anIpv4DatabaseSaysNothingOfIpv6(int recordSize) {
    byte[] file =
        MmdbWriter.write(
            4, recordSize, Map.of(Prefix.of("0.0.0.0/1"), Map.of("country_code", "SE")));
    assertThat(place(file, "127.255.255.255").country()).isEqualTo("SE");
    assertThat(place(file, "128.0.0.0").country()).isEmpty();
    assertThat(place(file, "2001:db8::1")).isEqualTo(Place.UNKNOWN);
    assertThat(place(file, "2002:7f00:1::1").country()).isEqualTo("SE");
    assertThat(Databases.read(file).ipVersion()).isEqualTo(4);
  }

  @Test
  void oneRecordForAllOfIpv4IsFoundAboveItsTree() {
    byte[] file =
        MmdbWriter.write(
            6,
            24,
            Map.of(
                Prefix.of("::/8"), Map.of("country_code", "SE"),
                Prefix.of("2000::/3"), Map.of("country_code", "NO")));
    assertThat(place(file, "192.0.2.1").country()).isEqualTo("SE");
    assertThat(place(file, "2001:db8::1").country()).isEqualTo("NO");
    // IPv6 addresses of that region are not IPv4 clients.
    assertThat(place(file, "::192.0.2.1").country()).isEmpty();
    assertThat(place(file, "0:1::").country()).isEqualTo("SE");
  }

  /// Java takes the address of such a network for an IPv4 address.
  @Test
  void aRecordThatANetworkOfMappedAddressesSharesIsFoundEverywhereElse() {
    byte[] file =
        MmdbWriter.write(
            6,
            24,
            Map.of(
                Prefix.of("::ffff:0:0/96"), Map.of("country_code", "SE"),
                Prefix.of("0.0.0.0/8"), Map.of("country_code", "NO"),
                Prefix.of("2001:db8::/32"), Map.of("country_code", "SE"),
                Prefix.of("192.0.2.0/24"), Map.of("country_code", "SE")));
    assertThat(place(file, "2001:db8::1").country()).isEqualTo("SE");
    assertThat(place(file, "192.0.2.1").country()).isEqualTo("SE");
    assertThat(place(file, "::ffff:192.0.2.1").country()).isEqualTo("SE");
    assertThat(place(file, "::ffff:198.51.100.1").country()).isEmpty();
    assertThat(place(file, "0.0.0.1").country()).isEqualTo("NO");
    assertThat(Databases.read(file).v6NetworkCount()).isEqualTo(1);
  }

  @Test
  void theRegisteredCountryStandsIn() {
    byte[] file =
        MmdbWriter.write(
            4,
            24,
            Map.of(
                Prefix.of("192.0.2.0/25"),
                Map.of("registered_country", Map.of("iso_code", "FR")),
                Prefix.of("192.0.2.128/25"),
                Map.of(
                    "registered_country", Map.of("iso_code", "FR"),
                    "country", Map.of("iso_code", "GP"))));
    assertThat(place(file, "192.0.2.1").country()).isEqualTo("FR");
    assertThat(place(file, "192.0.2.129").country()).isEqualTo("GP");
  }

  @Test
  void valuesThatCannotBeAreUnknown() {
    byte[] file =
        MmdbWriter.write(
            4,
            24,
            Map.of(
                Prefix.of("192.0.2.0/28"),
                    Map.of("country_code", "SE", "latitude", 91.0, "longitude", 5.0),
                Prefix.of("192.0.2.16/28"),
                    Map.of("country_code", "SE", "latitude", 0.0, "longitude", 0.0),
                Prefix.of("192.0.2.32/28"), Map.of("country_code", "SWE", "continent_code", "EU"),
                Prefix.of("192.0.2.48/28"), Map.of("country_code", 7, "continent_code", "XX"),
                Prefix.of("192.0.2.64/28"), Map.of("country_code", "\u00e5\u00e4"),
                Prefix.of("192.0.2.80/28"), List.of("SE"),
                Prefix.of("192.0.2.96/28"),
                    Map.of("country_code", "SE", "latitude", Double.NaN, "longitude", 5.0)));
    Place centre = centre("EU", "SE");
    assertThat(place(file, "192.0.2.1")).isEqualTo(centre);
    assertThat(place(file, "192.0.2.17")).isEqualTo(centre);
    assertThat(place(file, "192.0.2.33"))
        .isEqualTo(new Place("EU", "", Double.NaN, Double.NaN, ""));
    assertThat(place(file, "192.0.2.49")).isEqualTo(Place.UNKNOWN);
    assertThat(place(file, "192.0.2.65")).isEqualTo(Place.UNKNOWN);
    assertThat(place(file, "192.0.2.81")).isEqualTo(Place.UNKNOWN);
    assertThat(place(file, "192.0.2.97")).isEqualTo(centre);
  }

  @Test
  void aDatabaseWithoutPlacesIsRefused() {
    String name = "MaxMind-DB-string-value-entries.mmdb";
    assertThatThrownBy(() -> GeoDatabase.read(name, Databases.resource(name)))
        .isInstanceOf(GeoDatabaseRefused.class)
        .hasMessageStartingWith(name + ": no record of this '");
  }

  @Test
  void aRefusalTellsTheOperatorWhatToDo() {
    assertThatThrownBy(() -> GeoDatabase.read("a.mmdb", new byte[10]))
        .isInstanceOfSatisfying(
            GeoDatabaseRefused.class,
            refused ->
                assertThat(refused.diagnostic())
                    .hasToString(
                        "a.mmdb: not a MaxMind DB file: it has no metadata marker; a geo database"
                            + " is a whole MaxMind DB 2.0 file with countries, coordinates or AS"
                            + " numbers; fetch the file again, and replace it by renaming the new"
                            + " one over it"));
  }
}
