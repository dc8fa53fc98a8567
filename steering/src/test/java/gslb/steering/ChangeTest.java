package gslb.steering;

import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.steering.Explanation.Considered;
import gslb.steering.Explanation.Decision;
import gslb.steering.Explanation.ScopeBound;
import gslb.steering.Explanation.Standing;
import gslb.testkit.Seeded;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is said to change an answer does, and what is not said does not: judged by plans compiled
/// from nothing.
final class ChangeTest {
  private record Scene(
      SteeringTables tables, VerdictTable verdicts, Readmission readmission, long key) {
    SteeringPlan plan() {
      return plan(verdicts, readmission);
    }

    SteeringPlan plan(VerdictTable of, Readmission ramps) {
      VerdictTable none = VerdictTable.all(of.size(), Verdict.UNKNOWN);
      return tables.plan(none, key).withVerdicts(of, ramps);
    }
  }

  @Seeded(30)
  void everyChangeIsWhatComesOutOfAPlanMadeForIt(Random random) {
    RandomWorld world = new RandomWorld(random, true);
    VerdictTable verdicts = world.verdicts();
    Readmission readmission = random.nextBoolean() ? Readmission.NONE : world.readmission(verdicts);
    Scene scene = new Scene(world.tables(), verdicts, readmission, random.nextLong());
    SteeringPlan plan = scene.plan();
    for (Service service : scene.tables().catalog().services()) {
      for (int i = 0; i < 6; i++) {
        Explanation now =
            plan.explain(service.id(), random.nextBoolean(), world.client(), random.nextInt());
        List<Change> changes = plan.changes(now);
        failures(scene, now, changes);
        recoveries(scene, now, changes);
        slot(plan, now, changes);
        neighbour(scene, now, changes);
        ramps(scene, now, changes);
      }
    }
  }

  private static Explanation then(Scene scene, VerdictTable verdicts, Explanation now) {
    return scene
        .plan(verdicts, scene.readmission())
        .explain(now.service().id(), now.asksV4(), now.client().address(), now.timeMillis());
  }

  private static boolean isSame(Decision one, Decision other) {
    return one.pools().equals(other.pools())
        && one.stage() == other.stage()
        && one.v4().answered().equals(other.v4().answered())
        && one.v6().answered().equals(other.v6().answered());
  }

  private static Optional<Change> of(List<Change> changes, Class<?> cause, Pool pool) {
    return changes.stream()
        .filter(
            change ->
                switch (change.cause()) {
                  case Change.PoolFails(Pool of) ->
                      cause.equals(Change.PoolFails.class) && of.equals(pool);
                  case Change.PoolRecovers(Pool of, Duration _) ->
                      cause.equals(Change.PoolRecovers.class) && of.equals(pool);
                  case Change.RampArrives _, Change.NextSlot _, Change.Neighbour _ -> false;
                })
        .findFirst();
  }

  private static void failures(Scene scene, Explanation now, List<Change> changes) {
    for (Pool pool : now.decision().pools()) {
      VerdictTable table = scene.verdicts();
      for (Endpoint endpoint : pool.endpoints()) {
        table = table.with(endpoint.id(), Verdict.DOWN);
      }
      expect(then(scene, table, now), now, of(changes, Change.PoolFails.class, pool));
    }
  }

  private static void recoveries(Scene scene, Explanation now, List<Change> changes) {
    for (Considered one : now.considered()) {
      if (one.standing() != Standing.REJECTED) {
        continue;
      }
      VerdictTable table = scene.verdicts();
      for (Endpoint endpoint : one.state().pool().endpoints()) {
        table = table.with(endpoint.id(), Verdict.UP).with(endpoint.id(), EndpointOverride.NONE);
      }
      Pool pool = one.state().pool();
      expect(then(scene, table, now), now, of(changes, Change.PoolRecovers.class, pool));
    }
  }

  private static void expect(Explanation then, Explanation now, Optional<Change> change) {
    if (isSame(then.decision(), now.decision())) {
      assertThat(change).isEmpty();
    } else {
      assertThat(change)
          .hasValueSatisfying(
              found -> assertThat(isSame(found.then().decision(), then.decision())).isTrue());
    }
  }

  /// The draw stays until just before the slot's end, and is another from there on.
  private static void slot(SteeringPlan plan, Explanation now, List<Change> changes) {
    for (Change change : changes) {
      if (change.cause() instanceof Change.NextSlot(long at)) {
        assertThat(at - now.timeMillis()).isBetween(1L, 1_000L);
        assertThat(draw(plan, now, at - 1)).isEqualTo(draw(plan, now, now.timeMillis()));
        assertThat(draw(plan, now, at)).isNotEqualTo(draw(plan, now, now.timeMillis()));
      }
    }
  }

  private static long draw(SteeringPlan plan, Explanation now, long millis) {
    Address client = now.client().address();
    Selection selection = new Selection();
    plan.steer(
        now.service().id(),
        now.asksV4(),
        client.isV4(),
        client.high(),
        client.low(),
        millis,
        selection);
    return selection.draw;
  }

  private static void neighbour(Scene scene, Explanation now, List<Change> changes) {
    Optional<Change> neighbour =
        changes.stream().filter(c -> c.cause() instanceof Change.Neighbour).findFirst();
    assertThat(neighbour.isPresent()).isEqualTo(now.client().bound() == ScopeBound.PLACE);
    if (neighbour.isPresent()
        && neighbour.get().cause() instanceof Change.Neighbour(Prefix prefix)) {
      Prefix scope = now.client().scope();
      assertThat(scope.contains(prefix.address())).isFalse();
      assertThat(
              new Prefix(Prefix.truncate(scope.address(), scope.length() - 1), scope.length() - 1)
                  .contains(prefix.address()))
          .as("%s is beside %s", prefix, scope)
          .isTrue();
      for (Address end : List.of(prefix.address(), prefix.last())) {
        assertThat(
                scene
                    .plan()
                    .explain(now.service().id(), now.asksV4(), end, 0)
                    .client()
                    .clientClass())
            .isNotEqualTo(now.client().clientClass());
      }
    }
  }

  private static void ramps(Scene scene, Explanation now, List<Change> changes) {
    for (Change change : changes) {
      if (change.cause() instanceof Change.RampArrives(Pool pool, int step, Duration within)) {
        assertThat(within).isPositive().isLessThanOrEqualTo(pool.ramp());
        Explanation then =
            scene
                .plan(scene.verdicts(), scene.readmission().withStep(pool, step))
                .explain(
                    now.service().id(), now.asksV4(), now.client().address(), now.timeMillis());
        assertThat(isSame(change.then().decision(), then.decision())).isTrue();
      }
    }
  }

  private final TestCatalog world =
      new TestCatalog()
          .pool("eu", TestCatalog.FRANKFURT, MinHealthy.ONE_ENDPOINT, "192.0.2.10")
          .pool("us", TestCatalog.VIRGINIA, MinHealthy.ONE_ENDPOINT, "198.51.100.10")
          .pool("ap", TestCatalog.TOKYO, MinHealthy.ONE_ENDPOINT, "203.0.113.10");

  private List<String> changes(Policy policy, String... down) {
    world.service(new AllDown.Answer(), policy);
    VerdictTable table = world.allUp();
    for (String address : down) {
      table = table.with(world.endpoint(address), Verdict.DOWN);
    }
    SteeringPlan plan = world.plan(table);
    return plan.changes(plan.explain(0, true, TestCatalog.NOWHERE, 0)).stream()
        .map(change -> change.cause() + " → " + change.then().outcome())
        .map(text -> text.replaceAll("Pool\\[id=\\d+, name=(\\w+),.*\\]", "$1").replace("=PT", "="))
        .toList();
  }

  @Test
  void theNextPoolAndThePreferredOneAreNamed() {
    assertThat(changes(world.list("eu", "us", "ap"), "192.0.2.10"))
        .satisfiesExactly(
            fails -> assertThat(fails).startsWith("PoolFails").endsWith("→ pool 'ap'"),
            recovers -> assertThat(recovers).startsWith("PoolRecovers").endsWith("→ pool 'eu'"));
  }

  @Test
  void aRecoveryThatChangesNothingIsNotNamed() {
    assertThat(changes(world.list("us", "eu"), "192.0.2.10"))
        .satisfiesExactly(
            fails -> assertThat(fails).startsWith("PoolFails").contains("pool 'us', though"));
  }

  @Test
  void aDrawEndsWithItsSlot() {
    assertThat(changes(weighted(share(world.use("us"), 1), share(world.use("ap"), 1))))
        .anySatisfy(next -> assertThat(next).startsWith("NextSlot"));
  }

  @Test
  void aRampTakesItsTime() {
    world.ramp("eu", Duration.ofMinutes(10));
    world.service(new AllDown.Answer(), world.list("eu", "us"));
    SteeringPlan plan = world.plan(world.allUp().with(world.endpoint("192.0.2.10"), Verdict.DOWN));
    Explanation now = plan.explain(0, true, TestCatalog.NOWHERE, 0);
    int step =
        Draws.rampStep(
            Draws.rampState(
                plan.drawKey(),
                true,
                0,
                TestCatalog.NOWHERE.low(),
                plan.classScope(0, TestCatalog.NOWHERE)),
            Draws.key("eu"));
    assertThat(plan.changes(now))
        .filteredOn(change -> change.cause() instanceof Change.PoolRecovers)
        .singleElement()
        .satisfies(
            change ->
                assertThat(change.cause())
                    .isInstanceOfSatisfying(
                        Change.PoolRecovers.class,
                        recovers ->
                            // Step 1 begins at once, step 64 after the whole ramp.
                            assertThat(recovers.after().toMillis())
                                .isCloseTo(Math.ceilDiv((step - 1) * 600_000L, 63), withinOne())));
  }

  private static org.assertj.core.data.Offset<Long> withinOne() {
    return org.assertj.core.data.Offset.offset(1L);
  }
}
