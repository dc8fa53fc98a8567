package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.maxmind.db.Reader;
import gslb.base.Address;
import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
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
    "81.2.69.142, EU, GB, 51.5142, -0.0931",
    "2.125.160.216, EU, GB, 51.7500, -1.2500",
    "216.160.83.56, NA, US, 47.2513, -122.3149",
    "89.160.20.112, EU, SE, 58.4167, 15.6167",
    "::ffff:81.2.69.142, EU, GB, 51.5142, -0.0931",
    "2001:218::1, AS, JP, 35.68536, 139.75309",
    "2002:5102:458e::1, EU, GB, 51.5142, -0.0931",
  })
  void geoip2CitySchemaIsRead(
      String address, String continent, String country, double latitude, double longitude) {
    assertThat(place(Databases.resource("GeoIP2-City-Test.mmdb"), address))
        .isEqualTo(new Place(continent, country, latitude, longitude, ""));
  }

  @Test
  void geoip2CountrySchemaIsReadWithCentresFromTheTable() {
    CountryTable.Country sweden = CountryTable.standard().country("SE").orElseThrow();
    assertThat(place(Databases.resource("GeoLite2-Country-Test.mmdb"), "89.160.20.112"))
        .isEqualTo(new Place("EU", "SE", sweden.latitude(), sweden.longitude(), ""));
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
                    18.1),
                Prefix.of("2001:db8::/32"),
                Map.of("latitude", 1.5f, "longitude", 2.5f, "city", "somewhere")));
    assertThat(place(file, "192.0.2.77")).isEqualTo(new Place("EU", "SE", 59.3, 18.1, ""));
    assertThat(place(file, "2001:db8:ffff::1")).isEqualTo(new Place("", "", 1.5, 2.5, ""));
    assertThat(place(file, "2001:db9::1")).isEqualTo(Place.UNKNOWN);
    assertThat(place(file, "192.0.3.0")).isEqualTo(Place.UNKNOWN);
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
    CountryTable.Country sweden = CountryTable.standard().country("SE").orElseThrow();
    Place centre = new Place("EU", "SE", sweden.latitude(), sweden.longitude(), "");
    assertThat(place(file, "192.0.2.1")).isEqualTo(centre);
    assertThat(place(file, "192.0.2.17")).isEqualTo(centre);
    assertThat(place(file, "192.0.2.33"))
        .isEqualTo(new Place("EU", "", Double.NaN, Double.NaN, ""));
    assertThat(place(file, "192.0.2.49")).isEqualTo(Place.UNKNOWN);
    assertThat(place(file, "192.0.2.65")).isEqualTo(Place.UNKNOWN);
    assertThat(place(file, "192.0.2.81")).isEqualTo(Place.UNKNOWN);
    assertThat(place(file, "192.0.2.97")).isEqualTo(centre);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GeoLite2-ASN-Test.mmdb", "MaxMind-DB-string-value-entries.mmdb"})
  void aDatabaseWithoutPlacesIsRefused(String name) {
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
                            + " is a whole MaxMind DB 2.0 file with countries or coordinates; fetch"
                            + " the file again, and replace it by renaming the new one over it"));
  }
}
