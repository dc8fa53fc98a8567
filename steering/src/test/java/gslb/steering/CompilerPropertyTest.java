package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Family;
import gslb.steering.Explanation.Decision;
import gslb.steering.Explanation.DrawShare;
import gslb.steering.PlainSteering.Fraction;
import gslb.steering.places.Place;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The compiled plan against the plain interpreter and against itself, over random worlds.
final class CompilerPropertyTest {
  @Seeded(800)
  void thePlanGivesEveryPlaceWhatThePlainReadingOfThePolicyGives(Random random) {
    RandomWorld world = new RandomWorld(random, true);
    SteeringTables tables = world.tables();
    VerdictTable verdicts = world.verdicts();
    SteeringPlan plan = tables.plan(verdicts, random.nextLong());
    PlainSteering plain = new PlainSteering(verdicts);
    for (Service service : tables.catalog().services()) {
      for (int i = 0; i < 25; i++) {
        Address client = world.client();
        Place place = tables.places().wholePlaceOf(client);
        PlainSteering.Outcome expected = plain.decide(service, place);
        Explanation explanation = plan.explain(service.id(), client, random.nextInt());
        Decision decision = explanation.decision();
        assertThat(shares(decision)).as(explanation::toString).isEqualTo(expected.shareOf());
        Pool pool = decision.pool();
        if (pool != null) {
          assertThat(decision.kind()).as(explanation::toString).isEqualTo(expected.members());
          assertThat(decision.v4().all()).isEqualTo(members(plain, pool, expected, Family.V4));
          assertThat(decision.v6().all()).isEqualTo(members(plain, pool, expected, Family.V6));
        }
      }
    }
  }

  private static Map<Integer, Fraction> shares(Decision decision) {
    if (decision.draw() == null) {
      return Map.of(id(decision.pool()), Fraction.ONE);
    }
    long total = decision.draw().shares().stream().mapToLong(DrawShare::weight).sum();
    Map<Integer, Fraction> shares = new HashMap<>();
    for (DrawShare share : decision.draw().shares()) {
      shares.put(id(share.pool()), Fraction.of(share.weight(), total));
    }
    return shares;
  }

  private static int id(@Nullable Pool pool) {
    return pool == null ? PlainSteering.NOTHING : pool.id();
  }

  private static List<Endpoint> members(
      PlainSteering plain, Pool pool, PlainSteering.Outcome outcome, Family family) {
    List<Endpoint> members = new ArrayList<>();
    for (Endpoint endpoint : pool.endpoints()) {
      boolean held =
          switch (outcome.members()) {
            case LIVE -> plain.isUp(pool, endpoint);
            case IGNORING_VERDICTS -> !plain.isForcedDown(endpoint) && !plain.isDrained(endpoint);
            case IGNORING_DRAINS -> !plain.isForcedDown(endpoint);
          };
      if (held && endpoint.address().family() == family) {
        members.add(endpoint);
      }
    }
    return members;
  }

  /// 50,000 cases.
  @Seeded(500)
  void anExplanationEndsAtWhatIsAnswered(Random random) {
    RandomWorld world = new RandomWorld(random, true);
    SteeringPlan plan = world.tables().plan(world.verdicts(), random.nextLong());
    Selection selection = new Selection();
    for (int i = 0; i < 100; i++) {
      Address client = world.client();
      int service = random.nextInt(plan.catalog().services().size());
      long time = random.nextLong(0, 1L << 42);
      Decision decision = plan.explain(service, client, time).decision();
      plan.steer(service, client.isV4(), client.high(), client.low(), time, selection);
      Pool pool = decision.pool();
      AnswerKind kind = decision.kind();
      assertThat(pool == null || kind == null ? Selection.NOTHING : kind.answerSet(pool))
          .isEqualTo(selection.answerSet);
      assertThat(id(decision.v4().drawn())).isEqualTo(plan.endpoint(selection, true));
      assertThat(id(decision.v6().drawn())).isEqualTo(plan.endpoint(selection, false));
      assertThat(decision.stage()).isEqualTo(plan.stage(service, selection.clientClass));
      if (decision.draw() != null) {
        DrawShare drawn = decision.draw().shares().get(decision.draw().chosen());
        assertThat(drawn.pool()).isSameAs(decision.pool());
      }
    }
  }

  private static int id(@Nullable Endpoint endpoint) {
    return endpoint == null ? -1 : endpoint.id();
  }

  @Seeded(200)
  void aPlanAfterFlipsIsThePlanCompiledAnew(Random random) {
    RandomWorld world = new RandomWorld(random, true);
    SteeringTables tables = world.tables();
    VerdictTable verdicts = world.verdicts();
    SteeringPlan plan = tables.plan(verdicts, 7);
    for (int flip = 0; flip < 10; flip++) {
      verdicts = world.flipped(verdicts);
      plan = plan.withVerdicts(verdicts);
      PlanArrays fresh = tables.plan(verdicts, 7).arrays();
      assertThat(plan.arrays().code).isEqualTo(fresh.code);
      assertThat(plan.arrays().stages).isEqualTo(fresh.stages);
      assertThat(plan.arrays().drawn).isDeepEqualTo(fresh.drawn);
      assertThat(plan.arrays().drawWeights).isDeepEqualTo(fresh.drawWeights);
      assertThat(plan.arrays().members).isDeepEqualTo(fresh.members);
      assertThat(plan.arrays().memberWeights).isDeepEqualTo(fresh.memberWeights);
    }
  }

  @Seeded(300)
  void onlyForcingEverythingDownEmptiesAnAnswer(Random random) {
    RandomWorld world = new RandomWorld(random, false);
    SteeringTables tables = world.tables();
    VerdictTable verdicts = world.verdicts();
    SteeringPlan plan = tables.plan(verdicts, random.nextLong());
    Selection selection = new Selection();
    for (int i = 0; i < 100; i++) {
      Service service =
          tables.catalog().services().get(random.nextInt(tables.catalog().services().size()));
      Address client = world.client();
      Place place = tables.places().wholePlaceOf(client);
      boolean allForcedDown =
          PlainSteering.poolsAt(service.policy(), place).stream()
              .flatMap(pool -> pool.endpoints().stream())
              .allMatch(e -> verdicts.override(e.id()) == EndpointOverride.DOWN);
      plan.steer(
          service.id(), client.isV4(), client.high(), client.low(), random.nextInt(), selection);
      assertThat(selection.answerSet == Selection.NOTHING).isEqualTo(allForcedDown);
      if (!allForcedDown) {
        assertThat(plan.endpoint(selection, true) >= 0 || plan.endpoint(selection, false) >= 0)
            .isTrue();
      }
    }
  }

  @Seeded(100)
  void theScopeHoldsOneClass(Random random) {
    RandomWorld world = new RandomWorld(random, true);
    SteeringPlan plan = world.tables().plan(world.verdicts(), 1);
    for (int i = 0; i < 50; i++) {
      Address client = world.client();
      Selection here = TestCatalog.steer(plan, 0, client, 0);
      int hostBits = client.family().bits() - here.scope;
      long flips = random.nextLong();
      long low = hostBits >= 64 ? -1L : (1L << hostBits) - 1;
      long high = hostBits <= 64 ? 0 : hostBits == 128 ? -1L : (1L << hostBits - 64) - 1;
      Address neighbour =
          new Address(
              client.family(),
              client.high() ^ flips & high,
              client.low() ^ Long.rotateLeft(flips, 13) & low);
      assertThat(TestCatalog.steer(plan, 0, neighbour, 0).clientClass)
          .as("%s and %s in /%s", client, neighbour, here.scope)
          .isEqualTo(here.clientClass);
    }
  }
}
