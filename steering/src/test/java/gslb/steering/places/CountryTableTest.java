package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CountryTableTest {
  private static final CountryTable TABLE = CountryTable.standard();

  /// The JDK's list of ISO 3166-1 is the second opinion.
  @Test
  void everyIsoCountryIsThereWithContinentAndCentre() {
    for (String code : Locale.getISOCountries()) {
      CountryTable.Country country = TABLE.country(code).orElseThrow();
      assertThat(country.continent()).as(code).isIn(CountryTable.CONTINENTS);
      assertThat(country.latitude()).as(code).isBetween(-90.0, 90.0);
      assertThat(country.longitude()).as(code).isBetween(-180.0, 180.0);
    }
    assertThat(TABLE.codes()).contains(Locale.getISOCountries()).contains("XK", "AN").hasSize(251);
  }

  /// Capitals and great cities, within 12 degrees: no sign or column is swapped.
  @ParameterizedTest
  @CsvSource({
    "DE, EU, 51, 10", "US, NA, 39, -92", "BR, SA, -19, -46", "JP, AS, 36, 137", "ZA, AF, -28, 27",
    "AU, OC, -33, 144", "CL, SA, -33, -71", "RU, EU, 57, 50", "NZ, OC, -40, 174", "XK, EU, 42, 21",
    "FJ, OC, -18, 178", "IN, AS, 22, 78", "AN, NA, 12, -69", "EG, AF, 30, 31", "CY, EU, 35, 33"
  })
  void centresAreWherePeopleLive(String code, String continent, double latitude, double longitude) {
    CountryTable.Country country = TABLE.country(code).orElseThrow();
    assertThat(country.continent()).isEqualTo(continent);
    assertThat(Math.abs(country.latitude() - latitude)).isLessThan(12);
    assertThat(Math.abs(country.longitude() - longitude)).isLessThan(12);
  }

  private static Place complete(String continent, String country) {
    return TABLE.complete(new Place(continent, country, Double.NaN, Double.NaN, ""));
  }

  @Test
  void codesOfRegionsGiveAContinentAndNoCountry() {
    assertThat(complete("", "EU"))
        .isEqualTo(
            new Place("EU", "", Double.NaN, Double.NaN, "")
                .withCoordinates(new Coordinates(50, 10), CoordinateSource.COUNTRY_TABLE));
    assertThat(complete("", "AP")).isEqualTo(new Place("AS", "", Double.NaN, Double.NaN, ""));
    assertThat(complete("", "ZZ")).isEqualTo(Place.UNKNOWN);
    assertThat(TABLE.country("EU")).isEmpty();
    assertThat(TABLE.country("AP")).isEmpty();
  }

  @Test
  void aDatabasesOwnContinentWins() {
    assertThat(complete("AS", "RU").continent()).isEqualTo("AS");
    assertThat(complete("", "RU").continent()).isEqualTo("EU");
  }

  @Test
  void aCodeNobodyKnowsStays() {
    assertThat(complete("", "QQ")).isEqualTo(new Place("", "QQ", Double.NaN, Double.NaN, ""));
  }

  private static Place at(CoordinateSource source, String country) {
    return new Place("EU", country, Double.NaN, Double.NaN, "")
        .withCoordinates(new Coordinates(1, 2), source);
  }

  @Test
  void whatTheOperatorSaysOfACountryWinsWhereNoMoreIsKnown() {
    Coordinates there = new Coordinates(53.5, 10);
    CountryTable table = TABLE.withConfigured(java.util.Map.of("DE", there, "QQ", there));
    Place configured = at(CoordinateSource.NONE, "DE");
    configured = configured.withCoordinates(there, CoordinateSource.CONFIGURATION);
    assertThat(table.complete(at(CoordinateSource.DATABASE_COUNTRY, "DE"))).isEqualTo(configured);
    assertThat(table.complete(new Place("EU", "DE", Double.NaN, Double.NaN, "")))
        .isEqualTo(configured);
    assertThat(table.complete(at(CoordinateSource.DATABASE, "DE")))
        .isEqualTo(at(CoordinateSource.DATABASE, "DE"));
    assertThat(table.complete(at(CoordinateSource.DATABASE_COUNTRY, "QQ")).source())
        .isEqualTo(CoordinateSource.CONFIGURATION);
    assertThat(table.complete(at(CoordinateSource.DATABASE_COUNTRY, "FR")).source())
        .isEqualTo(CoordinateSource.COUNTRY_TABLE);
    assertThat(table.complete(at(CoordinateSource.DATABASE_COUNTRY, "QX")))
        .isEqualTo(at(CoordinateSource.DATABASE_COUNTRY, "QX"));
  }
}
