package gslb.steering;

import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.sticky;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Address;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `sticky` gives each block of clients one pool, shares blocks by weight, and moves none that need
/// not move.
final class StickyTest {
  private static final int SEEDS = 100;
  private static final int BLOCKS = 40_000;

  /// Pools of one endpoint each, whose weights are those of one sticky policy.
  ///
  /// @param weighted `name weight`, in the order of the catalog and of the policy
  private static TestCatalog world(String... weighted) {
    TestCatalog world = new TestCatalog();
    List<Policy.Weighted.Branch> branches = new ArrayList<>();
    for (String one : weighted) {
      String[] parts = one.split(" ", -1);
      world.pool(parts[0], "192.0.2." + (parts[0].charAt(0) - 'a' + 1));
      branches.add(share(world.use(parts[0]), Integer.parseInt(parts[1])));
    }
    world.service(new AllDown.Answer(), new Policy.Sticky(branches));
    return world;
  }

  private static Address block(int i) {
    return Address.v4(0x0a000000 + (i << 8) + (i & 0xff));
  }

  /// The pool of each block.
  private static String[] pools(SteeringPlan plan, int service) {
    String[] pools = new String[BLOCKS / 2];
    for (int i = 0; i < pools.length; i++) {
      pools[i] = TestCatalog.answer(plan, service, block(i), i * 777L);
    }
    return pools;
  }

  private static String[] pools(TestCatalog world) {
    return pools(world.plan(world.allUp()), 0);
  }

  private static int moved(String[] before, String[] after) {
    int moved = 0;
    for (int i = 0; i < before.length; i++) {
      moved += before[i].equals(after[i]) ? 0 : 1;
    }
    return moved;
  }

  private static long[] seen(SteeringPlan plan) {
    long[] seen = new long[3];
    Selection selection = new Selection();
    for (int i = 0; i < BLOCKS; i++) {
      Address client = block(i);
      plan.steer(0, true, client.high(), client.low(), 0, selection);
      seen[plan.pool(selection)]++;
    }
    return seen;
  }

  @Test
  void blocksShareByWeightUnderEveryKeyAndTwoPerCentMoreWouldShow() {
    SteeringTables fair = world("a 50", "b 30", "c 20").tables();
    SteeringTables biased = world("a 52", "b 28", "c 20").tables();
    for (int seed = 0; seed < SEEDS; seed++) {
      VerdictTable up = VerdictTable.all(3, Verdict.UP);
      assertThat(Luck.ofCounts(seen(fair.plan(up, seed)), 0.5, 0.3, 0.2)).isGreaterThan(Luck.ALPHA);
      assertThat(Luck.ofCounts(seen(biased.plan(up, seed)), 0.5, 0.3, 0.2)).isLessThan(Luck.ALPHA);
    }
  }

  @Test
  void alikeWeightsShareAlikeAndTwoPerCentMoreWouldShow() {
    SteeringTables fair = world("a 7", "b 7", "c 7").tables();
    for (int seed = 0; seed < SEEDS; seed++) {
      long[] seen = seen(fair.plan(VerdictTable.all(3, Verdict.UP), seed));
      assertThat(Luck.ofCounts(seen, 1 / 3.0, 1 / 3.0, 1 / 3.0)).isGreaterThan(Luck.ALPHA);
      assertThat(Luck.ofCounts(seen, 1 / 3.0 + 0.02, 1 / 3.0 - 0.02, 1 / 3.0))
          .isLessThan(Luck.ALPHA);
    }
  }

  /// As many as it had, and they share as those who stay do.
  @Test
  void aPoolThatLeavesMovesItsOwnClientsAloneAndExactlyItsShare() {
    String[] before = pools(world("a 5", "b 3", "c 2"));
    String[] after = pools(world("a 5", "b 3"));
    int toA = 0;
    for (int i = 0; i < before.length; i++) {
      if (!before[i].equals("c")) {
        assertThat(after[i]).isEqualTo(before[i]);
      } else {
        toA += after[i].equals("a") ? 1 : 0;
      }
    }
    int moved = moved(before, after);
    assertThat(Luck.ofCount(moved, before.length, 2 / 10.0)).isGreaterThan(Luck.ALPHA);
    assertThat(Luck.ofCount(toA, moved, 5 / 8.0)).isGreaterThan(Luck.ALPHA);
  }

  /// Two branches of three begin with the same pool, which is down. The first is a standby, and
  /// then has a weight like the others.
  @Test
  void branchesThatBeginAlikeAreHashedApartAndMoveNoOthers() {
    TestCatalog world =
        new TestCatalog()
            .pool("a", "192.0.2.1")
            .pool("b", "192.0.2.2")
            .pool("c", "192.0.2.3")
            .pool("d", "192.0.2.4");
    for (int weight = 0; weight < 2; weight++) {
      world.service(
          new AllDown.Answer(),
          sticky(
              share(world.list("a", "b"), weight),
              share(world.list("a", "c"), 1),
              share(world.use("d"), 1)));
    }
    // Of one name, so that both hash alike.
    Catalog catalog = world.catalog();
    Service later = catalog.services().get(1);
    SteeringPlan before = world.plan(world.allUp().with(0, Verdict.DOWN));
    SteeringPlan after =
        TestCatalog.tables(
                new Catalog(
                    catalog.sites(),
                    Map.of(),
                    catalog.endpoints(),
                    catalog.pools(),
                    List.of(
                        new Service(
                            0,
                            "s0",
                            later.names(),
                            later.ttl(),
                            later.families(),
                            later.answers(),
                            later.allDown(),
                            later.policy(),
                            null))))
            .plan(world.allUp().with(0, Verdict.DOWN), 42);
    String[] then = pools(before, 0);
    String[] now = pools(after, 0);
    int joined = 0;
    for (int i = 0; i < now.length; i++) {
      assertThat(now[i]).isIn(then[i], "b");
      joined += now[i].equals("b") ? 1 : 0;
    }
    assertThat(Luck.ofCount(joined, now.length, 1 / 3.0)).isGreaterThan(Luck.ALPHA);
  }

  @Test
  void aPoolThatJoinsTakesExactlyItsShareAndMovesNoOther() {
    String[] before = pools(world("a 5", "b 3"));
    String[] after = pools(world("d 2", "a 5", "b 3"));
    int fromA = 0;
    int hadA = 0;
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i]).isIn(before[i], "d");
      hadA += before[i].equals("a") ? 1 : 0;
      fromA += before[i].equals("a") && after[i].equals("d") ? 1 : 0;
    }
    int moved = moved(before, after);
    assertThat(Luck.ofCount(moved, before.length, 2 / 10.0)).isGreaterThan(Luck.ALPHA);
    assertThat(Luck.ofCount(fromA, hadA, 2 / 10.0)).isGreaterThan(Luck.ALPHA);
    // One part in ten more would show.
    assertThat(Luck.ofCount(moved, before.length, 2.2 / 10)).isLessThan(Luck.ALPHA);
  }

  /// Under a hundred keys, with weights and a pool of each seed's own.
  @Seeded(100)
  void whoeverLeavesMovesHisShareAndNobodyElse(Random random) {
    int[] weights = random.ints(5, 1, 10).toArray();
    String[] weighted = new String[weights.length];
    for (int i = 0; i < weights.length; i++) {
      weighted[i] = (char) ('a' + i) + " " + weights[i];
    }
    TestCatalog world = world(weighted);
    int leaver = random.nextInt(weights.length);
    SteeringPlan with = world.tables().plan(world.allUp(), random.nextLong());
    SteeringPlan without = with.withVerdicts(world.allUp().with(leaver, Verdict.DOWN));
    Selection selection = new Selection();
    int clients = 4_000;
    int moved = 0;
    for (int i = 0; i < clients; i++) {
      Address client = block(i);
      with.steer(0, true, 0, client.low(), 0, selection);
      int before = with.pool(selection);
      without.steer(0, true, 0, client.low(), 0, selection);
      int after = without.pool(selection);
      assertThat(before == leaver ? after != leaver : after == before).isTrue();
      moved += before == leaver ? 1 : 0;
    }
    double share = weights[leaver] / (double) Arrays.stream(weights).sum();
    assertThat(Luck.ofCount(moved, clients, share)).isGreaterThan(Luck.ALPHA);
  }

  /// Whatever is around a sticky may come and go: those that it has stay where they are.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStickyInsideKeepsItsClientsWhenItsNeighbourFails(boolean isInSticky) {
    TestCatalog world =
        new TestCatalog().pool("a", "192.0.2.1").pool("b", "192.0.2.2").pool("c", "192.0.2.3");
    Policy inner = sticky(share(world.use("a"), 1), share(world.use("b"), 1));
    Policy.Weighted.Branch[] around = {share(inner, 50), share(world.use("c"), 50)};
    world.service(new AllDown.Answer(), isInSticky ? sticky(around) : weighted(around));
    SteeringPlan up = world.plan(world.allUp());
    SteeringPlan down = up.withVerdicts(world.allUp().with(2, Verdict.DOWN));
    String[] before = pools(up, 0);
    String[] after = pools(down, 0);
    for (int i = 0; i < before.length; i++) {
      if (!before[i].equals("c")) {
        assertThat(after[i]).isEqualTo(before[i]);
      }
    }
  }

  @Test
  void aPoolThatFailsIsAsOneThatLeavesAndItsClientsComeBackToIt() {
    TestCatalog world = world("a 5", "b 3", "c 2");
    SteeringPlan up = world.plan(world.allUp());
    SteeringPlan down = up.withVerdicts(world.allUp().with(2, Verdict.DOWN));
    assertThat(pools(down, 0)).isEqualTo(pools(world("a 5", "b 3")));
    assertThat(pools(down.withVerdicts(world.allUp()), 0)).isEqualTo(pools(up, 0));
  }

  @Test
  void aWeightThatRisesMovesClientsToItsPoolAlone() {
    String[] before = pools(world("a 5", "b 5", "c 5"));
    String[] after = pools(world("a 5", "b 8", "c 5"));
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i]).isIn(before[i], "b");
    }
    // Before, each has a third; after, b has 8 of 18.
    assertThat(Luck.ofCount(moved(before, after), before.length, 8 / 18.0 - 1 / 3.0))
        .isGreaterThan(Luck.ALPHA);
  }

  @Test
  void otherServicesAndTheOrderOfPoolsMoveNobody() {
    TestCatalog other = new TestCatalog();
    other.pool("z", "198.51.100.1").pool("c", "192.0.2.3").pool("b", "192.0.2.2");
    other.pool("a", "192.0.2.1");
    Policy policy =
        sticky(share(other.use("c"), 2), share(other.use("a"), 5), share(other.use("b"), 3));
    other.service(new AllDown.Answer(), policy).service(new AllDown.Answer(), other.use("z"));
    assertThat(pools(other)).isEqualTo(pools(world("a 5", "b 3", "c 2")));
  }

  @Test
  void servicesHashApart() {
    TestCatalog world = world("a 1", "b 1");
    world.service(new AllDown.Answer(), world.catalog().services().getFirst().policy());
    SteeringPlan plan = world.plan(world.allUp());
    assertThat(Luck.ofCount(moved(pools(plan, 0), pools(plan, 1)), BLOCKS / 2, 0.5))
        .isGreaterThan(Luck.ALPHA);
  }

  @Test
  void aHashInAHashIsIndependentOfTheOneAroundIt() {
    TestCatalog world =
        new TestCatalog().pool("a", "192.0.2.1").pool("b", "192.0.2.2").pool("c", "192.0.2.3");
    Policy inner = sticky(share(world.use("a"), 1), share(world.use("b"), 1));
    Policy policy = sticky(share(inner, 1), share(world.list("a", "c"), 1));
    world.service(new AllDown.Answer(), weighted(share(policy, 1), share(policy, 1)));
    long[] seen = seen(world.plan(world.allUp().with(0, Verdict.DOWN)));
    assertThat(seen[0]).isZero();
    long[] all = seen(world.plan(world.allUp()));
    assertThat(
            Luck.ofCounts(new long[] {all[0], all[1], BLOCKS - all[0] - all[1]}, 0.75, 0.25, 1e-12))
        .isGreaterThan(Luck.ALPHA);
  }

  /// The inner one, of which two branches of the outer begin with the same pools, stands in a list
  /// or has a weight.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aHashInAListOrDrawInAHashIsIndependentOfTheOneAroundIt(boolean isList) {
    TestCatalog world =
        new TestCatalog().pool("a", "192.0.2.1").pool("b", "192.0.2.2").pool("c", "192.0.2.3");
    Policy hash = sticky(share(world.use("a"), 1), share(world.use("b"), 1));
    Policy inner =
        isList
            ? TestCatalog.list(hash, world.use("c"))
            : weighted(share(hash, 1_000_000), share(hash, 999_999), share(world.use("c"), 0));
    world.service(new AllDown.Answer(), sticky(share(inner, 1), share(world.use("c"), 1)));
    long[] seen = seen(world.plan(world.allUp()));
    assertThat(Luck.ofCounts(seen, 0.25, 0.25, 0.5)).isGreaterThan(Luck.ALPHA);
  }

  @ParameterizedTest
  @CsvSource({
    "198.18.0.1, 24",
    "2001:db8:ffff::1, 48",
    "::ffff:198.18.0.1, 120",
    "64:ff9b::198.18.0.1, 120",
    "2002:c612:1::1, 40"
  })
  void theScopeIsTheBlock(String client, int scope) {
    TestCatalog world = world("a 1", "b 1");
    assertThat(TestCatalog.steer(world.plan(world.allUp()), 0, Address.of(client), 0).scope)
        .isEqualTo(scope);
  }

  /// 192.0.2.192/26 is another class than what is around it.
  @ParameterizedTest
  @CsvSource({"192.0.2.1, 25", "192.0.2.130, 26", "192.0.2.200, 26", "198.51.100.1, 24"})
  void theScopeIsTheClassWhereThatIsNarrower(String client, int scope) {
    TestCatalog world = world("a 1", "b 1");
    Policy policy = world.catalog().services().getFirst().policy();
    world.service(
        new AllDown.Answer(),
        new Policy.Geo(Map.of("office", world.use("a")), Map.of(), Map.of(), policy));
    assertThat(TestCatalog.steer(world.plan(world.allUp()), 1, Address.of(client), 0).scope)
        .isEqualTo(scope);
  }

  @Test
  void withOnePoolLeftTheScopeIsThatOfTheClass() {
    TestCatalog world = world("a 1", "b 1");
    SteeringPlan plan = world.plan(world.allUp().with(0, Verdict.DOWN));
    assertThat(TestCatalog.steer(plan, 0, Address.of("198.18.0.1"), 0).scope).isZero();
  }

  @Test
  void drawsAndHashesInsideEachOtherAreAtMostFour() {
    TestCatalog world = world("a 1", "b 1");
    Policy policy = world.use("a");
    for (int i = 0; i < 3; i++) {
      policy = sticky(share(policy, 1), share(world.use("b"), 1));
      policy = weighted(share(policy, 1), share(world.use("b"), 1));
    }
    world.service(new AllDown.Answer(), policy);
    Catalog deep = world.catalog();
    assertThatThrownBy(() -> SteeringTables.compile(deep, TestCatalog.places()))
        .isInstanceOf(CatalogRefused.class)
        .hasMessageContaining("weighted and sticky by turns");
  }

  /// However deep, also through lists.
  @Test
  void weightsInWeightsTakeOneStep() {
    TestCatalog world = world("a 1", "b 1");
    Policy inner = world.use("a");
    for (int i = 0; i < 6; i++) {
      inner = TestCatalog.list(weighted(share(inner, 1), share(world.use("b"), 1)), world.use("b"));
    }
    world.service(new AllDown.Answer(), inner);
    SteeringTables tables = world.tables();
    assertThat(StepCount.of(tables.split(1).residuals().getFirst())).isEqualTo(1);
  }
}
