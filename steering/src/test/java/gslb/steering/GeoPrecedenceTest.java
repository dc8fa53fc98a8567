package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.steering.Explanation.GeoBranch;
import gslb.steering.Explanation.GeoLevel;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The order in which `geo` asks where a client is, for every pair of what it can ask, and that it
/// never backs out of the branch that it picked.
final class GeoPrecedenceTest {
  private static final Address CLIENT = Address.of("192.0.2.1");
  private static final Place BOXFORD =
      new Place("EU", "GB", List.of("GB-ENG", "GB-WBK"), 2_655_045, 51.75, -1.25, 64_500, "office");

  /// What a branch is chosen by; the first that a client fits wins.
  enum Level {
    NETWORK,
    ASN,
    CITY,
    SMALLER_SUBDIVISION,
    LARGER_SUBDIVISION,
    COUNTRY,
    CONTINENT,
    DEFAULT
  }

  record Pair(Level higher, Level lower) {}

  private final TestCatalog world =
      new TestCatalog().pool("a", "198.51.100.1").pool("b", "198.51.100.2");

  static List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (Level higher : Level.values()) {
      for (Level lower : Level.values()) {
        if (higher.compareTo(lower) < 0) {
          pairs.add(new Pair(higher, lower));
        }
      }
    }
    return pairs;
  }

  private Policy geo(Pair pair) {
    Policy.Geo[] parts = {branch(pair.higher, world.use("a")), branch(pair.lower, world.use("b"))};
    Map<String, Policy> subdivisions = new java.util.HashMap<>(parts[0].subdivisions());
    subdivisions.putAll(parts[1].subdivisions());
    return new Policy.Geo(
        parts[0].networks(),
        parts[0].asns().isEmpty() ? parts[1].asns() : parts[0].asns(),
        parts[0].cities().isEmpty() ? parts[1].cities() : parts[0].cities(),
        subdivisions,
        parts[0].countries().isEmpty() ? parts[1].countries() : parts[0].countries(),
        parts[0].continents().isEmpty() ? parts[1].continents() : parts[0].continents(),
        parts[1].otherwise());
  }

  private static Policy.Geo branch(Level level, Policy child) {
    return switch (level) {
      case NETWORK -> new Policy.Geo(Map.of("office", child), Map.of(), Map.of(), null);
      case ASN -> small(Map.of(64_500L, child), Map.of(), Map.of());
      case CITY -> small(Map.of(), Map.of(2_655_045L, child), Map.of());
      case SMALLER_SUBDIVISION -> small(Map.of(), Map.of(), Map.of("GB-WBK", child));
      case LARGER_SUBDIVISION -> small(Map.of(), Map.of(), Map.of("GB-ENG", child));
      case COUNTRY -> new Policy.Geo(Map.of(), Map.of("GB", child), Map.of(), null);
      case CONTINENT -> new Policy.Geo(Map.of(), Map.of(), Map.of("EU", child), null);
      case DEFAULT -> new Policy.Geo(Map.of(), Map.of(), Map.of(), child);
    };
  }

  private static Policy.Geo small(
      Map<Long, Policy> asns, Map<Long, Policy> cities, Map<String, Policy> subdivisions) {
    return new Policy.Geo(Map.of(), asns, cities, subdivisions, Map.of(), Map.of(), null);
  }

  /// The same client somewhere else as far as one level can see.
  private static Place elsewhere(Level level) {
    Place at = BOXFORD;
    return new Place(
        level == Level.CONTINENT ? "NA" : at.continent(),
        level == Level.COUNTRY ? "US" : at.country(),
        switch (level) {
          case SMALLER_SUBDIVISION -> List.of("GB-ENG", "GB-OXF");
          case LARGER_SUBDIVISION -> List.of("GB-SCT", "GB-WBK");
          case NETWORK, ASN, CITY, COUNTRY, CONTINENT, DEFAULT -> at.subdivisions();
        },
        level == Level.CITY ? 0 : at.city(),
        at.latitude(),
        at.longitude(),
        level == Level.ASN ? 64_501 : at.asn(),
        level == Level.NETWORK ? "" : at.network());
  }

  private SteeringPlan plan(Place place, Policy policy, VerdictTable verdicts) {
    world.service(new AllDown.Answer(), policy);
    return plan(world, place, verdicts);
  }

  private static SteeringPlan plan(TestCatalog of, Place place, VerdictTable verdicts) {
    try {
      return SteeringTables.compile(
              of.catalog(), PlaceTable.of(Map.of(Prefix.of("192.0.2.0/24"), place)))
          .plan(verdicts, 1);
    } catch (CatalogRefused e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void thereAreEightLevelsAndSoTwentyEightPairs() {
    assertThat(pairs()).hasSize(28);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theHigherLevelIsPickedAndNeverLeft(Pair pair) {
    VerdictTable up = world.allUp();
    assertThat(TestCatalog.answer(plan(BOXFORD, geo(pair), up), CLIENT)).isEqualTo("a");
    SteeringPlan down = plan(BOXFORD, geo(pair), up.with(0, Verdict.DOWN));
    assertThat(TestCatalog.answer(down, CLIENT)).isEqualTo("(a)");
    SteeringPlan drained = plan(BOXFORD, geo(pair), up.with(0, EndpointOverride.DRAIN));
    assertThat(TestCatalog.answer(drained, CLIENT)).isEqualTo("(a)");
    SteeringPlan forced = plan(BOXFORD, geo(pair), up.with(0, EndpointOverride.DOWN));
    assertThat(TestCatalog.answer(forced, CLIENT)).isEqualTo("nothing");
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theLowerLevelIsPickedWhereTheHigherDoesNotFit(Pair pair) {
    SteeringPlan plan = plan(elsewhere(pair.higher), geo(pair), world.allUp());
    assertThat(TestCatalog.answer(plan, CLIENT)).isEqualTo("b");
  }

  /// A branch of every kind at once. What has none of its own inherits that of the next level; an
  /// empty list is one's own, and nothing passes it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          network | asn   | city    | subdivisions | country | continent | gives     | in a list
          office  | 64500 | 2867714 | DE-BY        | DE      | EU        | net       | net
          lab     | 64500 | 2867714 | DE-BY        | DE      | EU        | asn       | asn
                  | 64501 | 2867714 | DE-BY        | DE      | EU        | city      | city
                  |     0 | 2950159 | DE-BY        | DE      | EU        | sub       | sub
                  |     0 | 2950159 | DE-BE        | DE      | EU        | country   | country
                  |     0 |       0 |              | DE      | EU        | country   | country
                  |     0 |       0 | FR-IDF       | FR      | EU        | continent | continent
                  |     0 |       0 |              |         | EU        | continent | continent
                  |     0 |       0 | GB-ENG GB-WBK | GB     | EU        | small     | small
                  |     0 |       0 | GB-ENG       | GB      | EU        | large     | large
                  |     0 |       0 |              | JP      | AS        | nothing   | nothing
                  | 64500 |       0 |              | JP      | AS        | asn       | asn
          office  |     0 |       0 |              | JP      | AS        | net       | net
                  |     0 |       0 |              | US      | NA        | other     | other
                  |     0 |       0 |              |         |           | other     | other
                  |     0 |       0 |              | AQ      | AN        | (down)    | last
          """)
  void everyKindOfKeyInheritsFromTheNext(
      @Nullable String network,
      long asn,
      long city,
      @Nullable String subdivisions,
      @Nullable String country,
      @Nullable String continent,
      String gives,
      String inList) {
    TestCatalog of = new TestCatalog();
    List<String> names =
        List.of(
            "net", "asn", "city", "sub", "small", "large", "country", "continent", "other", "last");
    names.forEach(name -> of.pool(name, "192.0.2." + (1 + names.indexOf(name))));
    of.pool("down", "192.0.2.99");
    Policy geo =
        new Policy.Geo(
            Map.of("office", of.use("net")),
            Map.of(64_500L, of.use("asn")),
            Map.of(2_867_714L, of.use("city")),
            Map.of("DE-BY", of.use("sub"), "GB-WBK", of.use("small"), "GB-ENG", of.use("large")),
            Map.of("DE", of.use("country")),
            Map.of("EU", of.use("continent"), "AS", TestCatalog.nothing(), "AN", of.use("down")),
            of.use("other"));
    of.service(new AllDown.Answer(), geo);
    of.service(new AllDown.Answer(), TestCatalog.list(geo, of.use("last")));
    Place place =
        new Place(
            text(continent),
            text(country),
            subdivisions == null ? List.of() : List.of(subdivisions.split(" ", -1)),
            city,
            Double.NaN,
            Double.NaN,
            asn,
            text(network));
    SteeringPlan plan = plan(of, place, of.allUp().with(names.size(), Verdict.DOWN));
    assertThat(TestCatalog.answer(plan, 0, CLIENT, 0)).isEqualTo(gives);
    assertThat(TestCatalog.answer(plan, 1, CLIENT, 0)).isEqualTo(inList);
  }

  private static String text(@Nullable String cell) {
    return cell == null ? "" : cell;
  }

  @Test
  void whatIsUnknownFitsNoBranch() {
    Policy all =
        new Policy.Geo(
            Map.of("office", world.use("a")),
            Map.of(64_500L, world.use("a")),
            Map.of(1L, world.use("a")),
            Map.of("GB-ENG", world.use("a")),
            Map.of("GB", world.use("a")),
            Map.of("EU", world.use("a")),
            world.use("b"));
    assertThat(TestCatalog.answer(plan(Place.UNKNOWN, all, world.allUp()), CLIENT)).isEqualTo("b");
  }

  @Test
  void theExplanationNamesTheLevelAndTheKey() {
    Map<Level, GeoBranch> branches =
        Map.of(
            Level.NETWORK, new GeoBranch(GeoLevel.NETWORK, "office"),
            Level.ASN, new GeoBranch(GeoLevel.ASN, "64500"),
            Level.CITY, new GeoBranch(GeoLevel.CITY, "2655045"),
            Level.SMALLER_SUBDIVISION, new GeoBranch(GeoLevel.SUBDIVISION, "GB-WBK"),
            Level.LARGER_SUBDIVISION, new GeoBranch(GeoLevel.SUBDIVISION, "GB-ENG"),
            Level.COUNTRY, new GeoBranch(GeoLevel.COUNTRY, "GB"),
            Level.CONTINENT, new GeoBranch(GeoLevel.CONTINENT, "EU"),
            Level.DEFAULT, new GeoBranch(GeoLevel.DEFAULT, ""));
    assertThat(branches.keySet()).isEqualTo(Set.of(Level.values()));
    branches.forEach(
        (level, expected) ->
            assertThat(
                    plan(BOXFORD, branch(level, world.use("a")), world.allUp())
                        .explain(world.catalog().services().size() - 1, CLIENT, 0)
                        .steps())
                .containsExactly(expected));
  }

  @Test
  void theExplanationShowsTheWholePlace() {
    Policy policy = branch(Level.CITY, world.use("a"));
    assertThat(plan(BOXFORD, policy, world.allUp()).explain(0, CLIENT, 0).toString())
        .contains(
            "place    network 'office', EU, GB, GB-ENG, GB-WBK, city 2655045, at 51.75, -1.25,"
                + " AS64500 (192.0.2.0/24)\n")
        .contains("geo      city 2655045\n");
  }
}
