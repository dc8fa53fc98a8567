package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.GeoDatabaseRefused;
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

  private List<String> warnings(GeoDatabase... databases) {
    return GeoCheck.diagnostics(
            world.catalog(), List.of(databases), new SourceSpan("gslb.yaml", 1, 1))
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
  void aLevelThatNoDatabaseHasIsAWarning() {
    everyLevel(1);
    assertThat(warnings(database(Map.of("country_code", "DE"))))
        .containsExactly(
            "gslb.yaml:1:1: warning: service 's0' asks for autonomous systems ('asn/…'); no geo"
                + " database of this configuration has any, so such branches are never taken; add a"
                + " database that has them, such as GeoLite2-ASN",
            "gslb.yaml:1:1: warning: service 's0' asks for cities by geoname id ('city/…'); no geo"
                + " database of this configuration has any, so such branches are never taken; add a"
                + " database that has them, such as GeoLite2-City",
            "gslb.yaml:1:1: warning: service 's0' asks for subdivisions by ISO 3166-2 code (such as"
                + " 'EU/DE/BY'); no geo database of this configuration has any, so such branches"
                + " are never taken; add a database that has them, such as GeoLite2-City");
  }

  @Test
  void anAsnDatabaseAloneHasNoPlaces() {
    everyLevel(5);
    assertThat(warnings(database(Map.of("autonomous_system_number", 64_500))))
        .hasSize(5)
        .allSatisfy(
            warning ->
                assertThat(warning).contains("services 's0', 's1', 's2' and 2 more ask for"));
  }

  @Test
  void databasesThatTogetherHaveAllAreEnough() {
    everyLevel(1);
    assertThat(
            warnings(
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
    assertThat(warnings()).isEmpty();
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
