package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Records of a city database that know no more than the country, in both schemas.
final class CountryPointsTest {
  private static final Map<String, ?> MIDDLE = Map.of("latitude", 37.751, "longitude", -97.822);
  private static final Map<String, ?> US = Map.of("iso_code", "US");
  private static final List<?> WASHINGTON = List.of(Map.of("iso_code", "WA"));

  private static final Map<Prefix, ?> CITIES =
      Map.of(
          Prefix.of("192.0.2.0/28"), Map.of("country", US, "location", MIDDLE),
          Prefix.of("192.0.2.16/28"),
              Map.of("country", US, "location", MIDDLE, "subdivisions", WASHINGTON),
          Prefix.of("192.0.2.32/28"),
              Map.of("country", US, "location", MIDDLE, "city", Map.of("geoname_id", 7)),
          Prefix.of("192.0.2.48/28"),
              Map.of(
                  "country",
                  US,
                  "location",
                  Map.of("latitude", 47.6, "longitude", -122.3),
                  "postal",
                  Map.of("code", "98101")),
          Prefix.of("192.0.2.64/28"), Map.of("location", MIDDLE),
          Prefix.of("192.0.2.80/28"), Map.of("country", US));

  private static final Coordinates ASHBURN = new Coordinates(39.04, -77.49);

  private static CoordinateSource source(
      Map<Prefix, ?> file, Map<String, Coordinates> configured, String address) {
    PlaceTable table =
        PlaceTable.compile(
            List.of(Databases.read(MmdbWriter.write(4, 24, file))),
            Map.of(),
            CountryTable.standard().withConfigured(configured));
    return table.wholePlaceOf(Address.of(address)).source();
  }

  private static CoordinateSource of(String address) {
    return source(CITIES, Map.of(), address);
  }

  private static CoordinateSource configured(String address) {
    return source(CITIES, Map.of("US", ASHBURN), address);
  }

  @Test
  void whereNothingInTheCountryIsNamedTheCountrysPointDecides() {
    assertThat(of("192.0.2.1")).isEqualTo(CoordinateSource.COUNTRY_TABLE);
    assertThat(configured("192.0.2.1")).isEqualTo(CoordinateSource.CONFIGURATION);
    assertThat(of("192.0.2.81")).isEqualTo(CoordinateSource.COUNTRY_TABLE);
    assertThat(configured("192.0.2.81")).isEqualTo(CoordinateSource.CONFIGURATION);
  }

  @Test
  void aSubdivisionAtTheCountrysPointIsOfTheCountry() {
    assertThat(of("192.0.2.17")).isEqualTo(CoordinateSource.COUNTRY_TABLE);
    assertThat(configured("192.0.2.17")).isEqualTo(CoordinateSource.CONFIGURATION);
  }

  @Test
  void whatIsKnownMorePreciselyStays() {
    for (String address : List.of("192.0.2.33", "192.0.2.49", "192.0.2.65")) {
      assertThat(configured(address)).as(address).isEqualTo(CoordinateSource.DATABASE);
    }
    assertThat(configured("192.0.2.97")).isEqualTo(CoordinateSource.NONE);
  }

  @Test
  void theFlatSchemaNamesCitiesInText() {
    Map<Prefix, ?> flat =
        Map.of(
            Prefix.of("192.0.2.0/28"),
                Map.of("country_code", "US", "latitude", 37.751, "longitude", -97.822, "city", ""),
            Prefix.of("192.0.2.16/28"),
                Map.of(
                    "country_code", "US", "latitude", 47.6, "longitude", -122.3, "state1", "WA"));
    assertThat(source(flat, Map.of(), "192.0.2.1")).isEqualTo(CoordinateSource.COUNTRY_TABLE);
    assertThat(source(flat, Map.of("US", ASHBURN), "192.0.2.17"))
        .isEqualTo(CoordinateSource.DATABASE);
  }

  /// Somebody put them there, and nothing says that they are of a country.
  @Test
  void aDatabaseThatNamesNothingAnywhereIsBelieved() {
    Map<Prefix, ?> plain =
        Map.of(
            Prefix.of("192.0.2.0/28"),
            Map.of("country_code", "US", "latitude", 37.751, "longitude", -97.822));
    assertThat(source(plain, Map.of("US", ASHBURN), "192.0.2.1"))
        .isEqualTo(CoordinateSource.DATABASE);
  }

  @Test
  void theConfiguredPointIsWhatNearestSeesAndIsTold() {
    PlaceTable table =
        PlaceTable.compile(
            List.of(Databases.read(MmdbWriter.write(4, 24, CITIES))),
            Map.of(),
            CountryTable.standard().withConfigured(Map.of("US", ASHBURN)),
            Detail.named(true, java.util.Set.of(), java.util.Set.of(), java.util.Set.of()));
    Address client = Address.of("192.0.2.1");
    Place seen = table.places().get(table.placeOf(client));
    assertThat(new Coordinates(seen.latitude(), seen.longitude())).isEqualTo(ASHBURN);
    assertThat(Whereabouts.of(table, client))
        .hasToString("192.0.2.1 in 192.0.2.0/28: NA/US at 39.04, -77.49 (as configured for US)");
    assertThat(table.places()).doesNotHaveDuplicates();
  }
}
