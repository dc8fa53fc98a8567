package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.steering.places.CountryTable;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.GeoDatabaseRefused;
import gslb.steering.places.PlaceField;
import gslb.steering.places.PlaceTable;
import gslb.testkit.MmdbWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GeoCheckTest {
  private final TestCatalog world =
      new TestCatalog().pool("eu", TestCatalog.FRANKFURT, MinHealthy.ONE_ENDPOINT, "192.0.2.10");

  private static GeoDatabase database(Map<String, ?> record) {
    try {
      return GeoDatabase.read(
          "test.mmdb", MmdbWriter.write(4, 24, Map.of(Prefix.of("192.0.2.0/24"), record)));
    } catch (GeoDatabaseRefused e) {
      throw new AssertionError(e);
    }
  }

  private static GeoAsk ask(PlaceField field, String key, int line) {
    return new GeoAsk(field, key, new SourceSpan("gslb.yaml", line, 9));
  }

  private static final List<GeoAsk> EVERY_LEVEL =
      List.of(
          ask(PlaceField.ASN, "64500", 1),
          ask(PlaceField.ASN, "64501", 2),
          ask(PlaceField.ASN, "64502", 3),
          ask(PlaceField.CITY, "1", 4),
          ask(PlaceField.SUBDIVISION, "DE-BY", 5),
          ask(PlaceField.SUBDIVISION, "DE-BE", 6),
          ask(PlaceField.COUNTRY, "DE", 7),
          ask(PlaceField.CONTINENT, "EU", 8),
          ask(PlaceField.COORDINATES, "", 9));

  private static List<String> warnings(List<GeoAsk> asks, GeoDatabase... databases) {
    return GeoCheck.diagnostics(
            List.of(databases),
            PlaceTable.compile(List.of(databases), Map.of(), CountryTable.standard()),
            asks)
        .stream()
        .map(Object::toString)
        .toList();
  }

  private void everyLevel(int services) {
    Policy eu = world.use("eu");
    for (int i = 0; i < services; i++) {
      world.service(
          new AllDown.Answer(),
          new Policy.Failover(
              List.of(
                  new Policy.Geo(
                      Map.of("office", eu),
                      Map.of(64_500L, eu),
                      Map.of(1L, eu),
                      Map.of("DE-BY", eu),
                      Map.of("DE", eu),
                      Map.of("EU", eu),
                      eu),
                  world.nearest(1, "eu"))));
    }
  }

  @Test
  void aLevelThatNoDatabaseHasIsAWarningWhereItIsAskedForFirst() {
    assertThat(warnings(EVERY_LEVEL, database(Map.of("country_code", "DE"))))
        .containsExactly(
            "gslb.yaml:1:9: warning: 'asn/64500' and 2 more branches need autonomous systems; no"
                + " geo database of this configuration has any, so such branches are never taken;"
                + " add a database that has them, such as GeoLite2-ASN",
            "gslb.yaml:4:9: warning: 'city/1' needs geoname ids of cities; no geo database of this"
                + " configuration has any, so such branches are never taken; add a database that"
                + " has them, such as GeoLite2-City",
            "gslb.yaml:5:9: warning: subdivision 'DE-BY' and 1 more branch need ISO 3166-2 codes of"
                + " subdivisions; no geo database of this configuration has any, so such branches"
                + " are never taken; add a database that has them, such as GeoLite2-City");
  }

  @Test
  void anAsnDatabaseAloneHasNoPlaces() {
    assertThat(warnings(EVERY_LEVEL, database(Map.of("autonomous_system_number", 64_500))))
        .hasSize(7)
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .startsWith("gslb.yaml:9:9: warning: 'nearest' needs coordinates; no geo")
                    .contains("pools are tried in the order written"));
  }

  @Test
  void aPlaceThatNoAddressIsAtIsAWarning() {
    GeoDatabase database =
        database(
            Map.of(
                "country_code",
                "FR",
                "autonomous_system_number",
                64_501,
                "subdivisions",
                List.of(Map.of("iso_code", "BRE")),
                "city",
                Map.of("geoname_id", 2)));
    assertThat(warnings(EVERY_LEVEL, database))
        .hasSize(6)
        .startsWith(
            "gslb.yaml:1:9: warning: no address is in 'asn/64500'; the geo databases of this"
                + " configuration do not have it, so the branch is never taken; correct the number,"
                + " or fetch a newer database")
        .anySatisfy(w -> assertThat(w).startsWith("gslb.yaml:3:9: warning: no address is in"))
        .anySatisfy(w -> assertThat(w).startsWith("gslb.yaml:4:9: warning: no address is in"))
        .anySatisfy(w -> assertThat(w).startsWith("gslb.yaml:7:9: warning: no address is in"));
  }

  @Test
  void databasesThatTogetherHaveAllAreEnough() {
    List<GeoAsk> asks =
        EVERY_LEVEL.stream().filter(ask -> !List.of(2, 3, 6).contains(ask.where().line())).toList();
    assertThat(
            warnings(
                asks,
                database(Map.of("asn", "AS64500")),
                database(
                    Map.of(
                        "country_code",
                        "DE",
                        "subdivisions",
                        List.of(Map.of("iso_code", "BY")),
                        "city",
                        Map.of("geoname_id", 1)))))
        .isEmpty();
    // The configuration has said that there is none.
    assertThat(warnings(asks)).isEmpty();
  }

  @Test
  void whatPoliciesLookAtIsKept() {
    everyLevel(2);
    assertThat(world.catalog().detail())
        .isEqualTo(
            gslb.steering.places.Detail.named(
                true, java.util.Set.of("DE-BY"), java.util.Set.of(1L), java.util.Set.of(64_500L)));
    assertThat(new TestCatalog().pool("a", "192.0.2.1").catalog().detail())
        .isEqualTo(
            gslb.steering.places.Detail.named(
                false, java.util.Set.of(), java.util.Set.of(), java.util.Set.of()));
  }
}
