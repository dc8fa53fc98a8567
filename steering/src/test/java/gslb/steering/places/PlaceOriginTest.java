package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Which database said what of a place.
final class PlaceOriginTest {
  private static final PlaceTable TABLE = table();

  private static PlaceTable table() {
    try {
      return PlaceTable.compile(
          List.of(
              GeoDatabase.read(
                  "asn.mmdb",
                  MmdbWriter.write(
                      6,
                      24,
                      Map.of(
                          Prefix.of("192.0.2.0/24"),
                          Map.of("autonomous_system_number", 64_500),
                          Prefix.of("2001:db8::/32"),
                          Map.of("autonomous_system_number", 64_501)))),
              GeoDatabase.read(
                  "city.mmdb",
                  MmdbWriter.write(
                      6,
                      24,
                      Map.of(
                          Prefix.of("192.0.2.0/25"),
                          Map.of(
                              "country",
                              Map.of("iso_code", "DE"),
                              "city",
                              Map.of("geoname_id", 2_950_159),
                              "location",
                              Map.of("latitude", 52.5, "longitude", 13.4)),
                          Prefix.of("198.51.100.0/24"),
                          Map.of("country", Map.of("iso_code", "FR")))))),
          Map.of(),
          CountryTable.standard());
    } catch (GeoDatabaseRefused e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> origins(String address) {
    return TABLE.originsOf(Address.of(address)).stream()
        .map(
            origin ->
                switch (origin.source()) {
                      case PlaceOrigin.Database database -> database.name();
                      case PlaceOrigin.Countries() -> "countries";
                    }
                    + " "
                    + origin.prefix()
                    + " "
                    + origin.fields())
        .toList();
  }

  @Test
  void eachFieldHasOneSource() {
    assertThat(origins("192.0.2.1"))
        .containsExactly(
            "asn.mmdb 192.0.2.0/24 [ASN]",
            "city.mmdb 192.0.2.0/25 [CITY, COUNTRY, COORDINATES]",
            "countries 192.0.2.0/25 [CONTINENT]");
    assertThat(origins("192.0.2.200")).containsExactly("asn.mmdb 192.0.2.0/24 [ASN]");
    assertThat(origins("198.51.100.1"))
        .containsExactly(
            "city.mmdb 198.51.100.0/24 [COUNTRY]",
            "countries 198.51.100.0/24 [CONTINENT, COORDINATES]");
    assertThat(origins("203.0.113.1")).isEmpty();
  }

  @Test
  void anEmbeddedAddressIsLookedUpItself() {
    assertThat(origins("::ffff:192.0.2.1")).isEqualTo(origins("192.0.2.1"));
    assertThat(origins("2001:db8::1")).containsExactly("asn.mmdb 2001:db8::/32 [ASN]");
  }

  /// Together they say all that is known, and nothing twice.
  @Test
  void theFieldsAreThoseOfThePlace() {
    for (String text : List.of("192.0.2.1", "192.0.2.200", "198.51.100.1", "203.0.113.1")) {
      Address address = Address.of(text);
      EnumSet<PlaceField> said = EnumSet.noneOf(PlaceField.class);
      for (PlaceOrigin origin : TABLE.originsOf(address)) {
        origin.fields().forEach(field -> assertThat(said.add(field)).isTrue());
      }
      assertThat(TABLE.wholePlaceOf(address).only(EnumSet.complementOf(said)))
          .isEqualTo(Place.UNKNOWN);
    }
  }
}
