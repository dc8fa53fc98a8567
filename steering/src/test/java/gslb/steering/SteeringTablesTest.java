package gslb.steering;

import static gslb.steering.TestCatalog.list;
import static gslb.steering.TestCatalog.nothing;
import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SteeringTablesTest {
  private final TestCatalog world =
      new TestCatalog()
          .pool("eu", TestCatalog.FRANKFURT, MinHealthy.ONE_ENDPOINT, "192.0.2.10")
          .pool("us", TestCatalog.VIRGINIA, MinHealthy.ONE_ENDPOINT, "198.51.100.10")
          .pool("ap", TestCatalog.TOKYO, MinHealthy.ONE_ENDPOINT, "203.0.113.10");
  private final AllDown answer = new AllDown.Answer();

  private Policy byContinent(Policy europe, Policy others) {
    return new Policy.Geo(Map.of(), Map.of(), Map.of("EU", europe), others);
  }

  @Test
  void policiesThatCutTheWorldAlikeShareAPartition() {
    world
        .service(answer, byContinent(world.use("eu"), world.use("us")))
        .service(answer, byContinent(world.use("ap"), world.list("us", "ap")))
        .service(answer, world.use("eu"))
        .service(answer, world.use("us"));
    SteeringTables tables = world.tables();
    assertThat(tables.partitionCount()).isEqualTo(2);
    assertThat(tables.partition(0)).isSameAs(tables.partition(1));
    assertThat(tables.partition(2)).isSameAs(tables.partition(3));
    assertThat(tables.classCount(0)).isEqualTo(2);
    assertThat(tables.classCount(2)).isOne();
  }

  @Test
  void servicesOfTheSamePolicySharePrograms() {
    for (int i = 0; i < 100; i++) {
      world.service(answer, byContinent(world.use("eu"), world.list("us", "eu")));
    }
    SteeringTables tables = world.tables();
    assertThat(tables.programCount()).isEqualTo(2);
    assertThat(tables.rows().v4()[99]).isSameAs(tables.rows().v4()[0]);
  }

  private int classesOf(Policy europe, Policy others) {
    world.service(answer, byContinent(europe, others));
    return world.tables().classCount(world.catalog().services().size() - 1);
  }

  @Test
  void placesThatComeToTheSameAreOneClass() {
    assertThat(classesOf(world.use("eu"), world.use("us"))).isEqualTo(2);
    assertThat(classesOf(world.use("eu"), world.use("eu"))).isOne();
    assertThat(classesOf(world.list("eu"), world.use("eu"))).isOne();
    assertThat(classesOf(list(world.list("eu", "us"), world.use("eu")), world.list("eu", "us")))
        .isOne();
    assertThat(
            classesOf(
                list(list(world.use("eu"), nothing()), world.use("us")),
                list(world.use("eu"), nothing(), world.use("ap"))))
        .isOne();
    assertThat(classesOf(world.list("eu", "us"), world.list("us", "eu"))).isEqualTo(2);
    assertThat(
            classesOf(
                weighted(share(world.use("eu"), 1), share(world.use("us"), 1)),
                weighted(share(world.use("eu"), 1), share(world.use("us"), 2))))
        .isEqualTo(2);
  }

  @Test
  void onePartitionTooManyIsRefused() {
    Map<Prefix, Place> placeOf = new LinkedHashMap<>();
    for (int i = 0; i < 65; i++) {
      placeOf.put(Prefix.of("10." + i + ".0.0/16"), new Place("", country(i), 0, 0, ""));
    }
    for (int i = 0; i < 65; i++) {
      world.service(
          answer,
          new Policy.Geo(Map.of(), Map.of(country(i), world.use("eu")), Map.of(), world.use("us")));
    }
    assertThatThrownBy(() -> SteeringTables.compile(world.catalog(), PlaceTable.of(placeOf)))
        .asInstanceOf(type(CatalogRefused.class))
        .extracting(refused -> refused.diagnostic(new SourceSpan("gslb.yaml", 9, 3)).toString())
        .isEqualTo(
            "gslb.yaml:9:3: service 's64': its policy cuts the world in yet another way; at most 64"
                + " different ways in one configuration; let services share geo branches and"
                + " nearest lists, or name one policy for several");
  }

  private static String country(int i) {
    return "" + (char) ('A' + i / 26) + (char) ('A' + i % 26);
  }

  @Test
  void aPolicyNestedTooDeepIsRefused() {
    Policy policy = world.use("eu");
    for (int i = 1; i < SteeringTables.POLICY_DEPTH_MAX; i++) {
      policy = list(policy, world.use("us"));
    }
    assertThat(TestCatalog.tables(world.service(answer, policy).catalog()).classCount(0)).isOne();
    world.service(answer, list(policy));
    assertThatThrownBy(() -> SteeringTables.compile(world.catalog(), PlaceTable.empty()))
        .isInstanceOf(CatalogRefused.class)
        .hasMessageContaining("service 's1': its policy is nested more than 32 levels deep");
  }

  /// A tree of 3^15 paths.
  @Test
  void sharedPoliciesAreCompiledOnce() {
    Policy policy = world.nearest(3, "eu", "us", "ap");
    for (int depth = 3; depth <= SteeringTables.POLICY_DEPTH_MAX; depth += 2) {
      policy = weighted(share(policy, 1), share(byContinent(policy, policy), 2));
    }
    world.service(answer, policy);
    SteeringPlan plan = world.plan(world.allUp());
    assertThat(TestCatalog.answer(plan, TestCatalog.JAPANESE)).isEqualTo("ap");
    assertThat(ServiceCheck.of(plan.tables(), _ -> true).getFirst().stranded()).isEmpty();
  }

  @Test
  void idsThatAreNotDenseAreAMistakeOfTheCaller() {
    Catalog catalog = world.service(answer, world.use("eu")).catalog();
    Catalog shuffled =
        new Catalog(
            catalog.sites(),
            new HashMap<>(),
            catalog.endpoints(),
            catalog.pools().reversed(),
            catalog.services());
    assertThatThrownBy(() -> SteeringTables.compile(shuffled, PlaceTable.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theCheckNamesClientsWhoKeepToDownPools() {
    Policy europe = world.use("eu");
    Policy others = world.list("us", "ap", "eu");
    world
        .service(answer, byContinent(europe, others))
        .service(answer, byContinent(list(europe, nothing()), others))
        .service(new AllDown.NoData(), byContinent(europe, others))
        .service(answer, world.list("us", "eu"));
    assertThat(ServiceCheck.of(world.tables(), _ -> true))
        .flatExtracting(
            check -> check.diagnostic(new SourceSpan("gslb.yaml", 9, 3)).stream().toList())
        .extracting(Object::toString)
        .containsExactly(
            "gslb.yaml:9:3: warning: service 's0' sends clients at EU, DE, at 51.00, 10.00 to 'eu'"
                + " even when all of it is down, though it has 'us', 'ap'; all-down: answer keeps"
                + " to the branch of the policy that a client is in; end that branch in other"
                + " pools, or set all-down to nodata or a pool");
  }
}
