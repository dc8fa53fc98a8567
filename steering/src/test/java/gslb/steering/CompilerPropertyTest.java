package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Family;
import gslb.steering.Explanation.Decision;
import gslb.steering.PlainSteering.Fraction;
import gslb.steering.places.Place;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/// The compiled plan against the plain interpreter and against itself, over random worlds.
final class CompilerPropertyTest {
  @Seeded(400)
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
        Explanation explanation = plan.explain(service.id(), client, random.nextInt());
        Explanation ofIpv6 = explanation.ofIpv6();
        assertThat(ofIpv6 != null).isEqualTo(service.families() == Families.INDEPENDENT);
        agrees(plan, plain, explanation, plain.decide(service, place, Family.V4), true);
        if (ofIpv6 != null) {
          agrees(plan, plain, ofIpv6, plain.decide(service, place, Family.V6), false);
        }
      }
    }
  }

  private static void agrees(
      SteeringPlan plan,
      PlainSteering plain,
      Explanation explanation,
      PlainSteering.Outcome expected,
      boolean asksV4) {
    int service = explanation.service().id();
    int program = plan.program(service, asksV4, explanation.client().clientClass());
    Map<Set<Integer>, Fraction> shares = new HashMap<>();
    share(plan, afterRamps(plan, explanation, program), Fraction.ONE, shares);
    assertThat(shares).as(explanation::toString).isEqualTo(expected.shareOf());
    Decision decision = explanation.decision();
    assertThat(expected.shareOf()).containsKey(ids(decision.pools()));
    if (!decision.pools().isEmpty() && decision.pools().getFirst().cname() == null) {
      assertThat(decision.kind()).as(explanation::toString).isEqualTo(expected.members());
      assertThat(decision.v4().all())
          .isEqualTo(members(plain, decision.pools(), expected, Family.V4));
      assertThat(decision.v6().all())
          .isEqualTo(members(plain, decision.pools(), expected, Family.V6));
    }
  }

  private static Program afterRamps(SteeringPlan plan, Explanation explanation, int program) {
    Address client = explanation.client().address();
    long state = rampState(plan, explanation.service().id(), client);
    Program at = plan.arrays().programs[program];
    while (at instanceof Program.Ramp ramp) {
      at = Draws.rampStep(state, ramp.key()) <= ramp.threshold() ? ramp.with() : ramp.without();
    }
    return at;
  }

  private static long rampState(SteeringPlan plan, int service, Address client) {
    return Draws.rampState(
        plan.drawKey(),
        client.isV4(),
        client.high(),
        client.low(),
        plan.classScope(service, client));
  }

  /// A few programs have too many other steps for two ramps.
  @Seeded(400)
  void inARampThePlanGivesWhatThePolicyWithoutTheHeldPoolsGives(Random random) {
    RandomWorld world = new RandomWorld(random, true);
    SteeringTables tables = world.tables();
    VerdictTable verdicts = world.verdicts();
    Readmission readmission = world.readmission(verdicts);
    SteeringPlan plan =
        tables.plan(verdicts, random.nextLong()).withVerdicts(verdicts, readmission);
    PlainSteering plain = new PlainSteering(verdicts);
    for (Service service : tables.catalog().services()) {
      for (int i = 0; i < 25; i++) {
        Address client = world.client();
        Place place = tables.places().wholePlaceOf(client);
        long state = rampState(plan, service.id(), client);
        Map<Integer, Integer> steps = new HashMap<>();
        Map<Integer, Integer> blockSteps = new HashMap<>();
        for (String name : readmission.ramping()) {
          Pool pool =
              tables.catalog().pools().stream()
                  .filter(p -> p.name().equals(name))
                  .findFirst()
                  .orElseThrow();
          steps.put(pool.id(), plan.state(pool.id()).rampStep());
          blockSteps.put(pool.id(), Draws.rampStep(state, Draws.key(name)));
        }
        Explanation explanation = plan.explain(service.id(), client, random.nextInt());
        int clientClass = explanation.client().clientClass();
        Residual residual = tables.split(service.id()).residuals().get(clientClass);
        if (StepCount.of(residual) > Program.STEPS_MAX - Program.RAMPS_MAX) {
          continue;
        }
        Explanation ofIpv6 = explanation.ofIpv6();
        agrees(
            plan,
            plain,
            explanation,
            plain.decide(service, place, Family.V4, steps, blockSteps),
            true);
        if (ofIpv6 != null) {
          agrees(
              plan,
              plain,
              ofIpv6,
              plain.decide(service, place, Family.V6, steps, blockSteps),
              false);
        }
      }
    }
  }

  @Seeded(200)
  void outsideOfRampsThePlanIsThePlanWithoutThem(Random random) {
    RandomWorld world = new RandomWorld(random, true);
    VerdictTable verdicts = world.verdicts();
    SteeringPlan plan = world.tables().plan(verdicts, 7);
    assertThat(plan.withVerdicts(verdicts, Readmission.NONE)).isSameAs(plan);
    Readmission first = Readmission.NONE.next(plan.catalog(), verdicts, 7);
    assertThat(plan.withVerdicts(verdicts, first)).isSameAs(plan);
    SteeringPlan ramped = plan.withVerdicts(verdicts, world.readmission(verdicts));
    SteeringPlan after = ramped.withVerdicts(verdicts);
    assertThat(after.arrays().code).isEqualTo(plan.arrays().code);
    assertThat(after.arrays().programs).isEqualTo(plan.arrays().programs);
    assertThat(after.arrays().members).isDeepEqualTo(plan.arrays().members);
  }

  /// Adds up what a program gives how often, over all draws and blocks.
  private static void share(
      SteeringPlan plan, Program program, Fraction of, Map<Set<Integer>, Fraction> shares) {
    switch (program) {
      case Program.Leaf(int answerSet) ->
          shares.merge(poolsOf(plan, answerSet), of, Fraction::plus);
      case Program.Draw draw ->
          draw.shares()
              .forEach(
                  s ->
                      share(
                          plan,
                          s.program(),
                          of.times(Fraction.of(s.weight(), draw.total())),
                          shares));
      case Program.Hash(List<Program.Candidate> candidates) -> {
        long total = candidates.stream().mapToLong(Program.Candidate::weight).sum();
        candidates.forEach(
            c -> share(plan, c.program(), of.times(Fraction.of(c.weight(), total)), shares));
      }
      case Program.Ramp _ -> throw new AssertionError("a ramp inside a draw or hash");
    }
  }

  private static Set<Integer> poolsOf(SteeringPlan plan, int answerSet) {
    Set<Integer> pools = new HashSet<>();
    if (answerSet >= 0) {
      Pool first = plan.pools(answerSet).getFirst();
      if (first.cname() != null) {
        return Set.of(first.id());
      }
      for (boolean v4 : new boolean[] {true, false}) {
        for (int endpoint : plan.endpoints(answerSet, v4)) {
          pools.add(plan.tables().poolOfEndpoint(endpoint));
        }
      }
    }
    return pools;
  }

  private static Set<Integer> ids(List<Pool> pools) {
    return pools.stream().map(Pool::id).collect(Collectors.toSet());
  }

  private static List<Endpoint> members(
      PlainSteering plain, List<Pool> pools, PlainSteering.Outcome outcome, Family family) {
    List<Endpoint> members = new ArrayList<>();
    for (Pool pool : pools) {
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
    }
    return members;
  }

  /// 50,000 cases.
  @Seeded(250)
  void anExplanationEndsAtWhatIsAnswered(Random random) {
    RandomWorld world = new RandomWorld(random, true);
    VerdictTable verdicts = world.verdicts();
    SteeringPlan plan =
        world
            .tables()
            .plan(verdicts, random.nextLong())
            .withVerdicts(verdicts, world.readmission(verdicts));
    Selection selection = new Selection();
    for (int i = 0; i < 100; i++) {
      Address client = world.client();
      int service = random.nextInt(plan.catalog().services().size());
      long time = random.nextLong(0, 1L << 42);
      boolean asksV4 = random.nextBoolean();
      Explanation explanation = plan.explain(service, client, time);
      Explanation ofIpv6 = explanation.ofIpv6();
      if (ofIpv6 != null && !asksV4) {
        explanation = ofIpv6;
      }
      Decision decision = explanation.decision();
      plan.steer(service, asksV4, client.isV4(), client.high(), client.low(), time, selection);
      assertThat(decision.pools().isEmpty()).isEqualTo(selection.answerSet < 0);
      assertThat(explanation.client().scope().length()).isEqualTo(selection.scope);
      Pool redirect = decision.redirect();
      assertThat(redirect == null ? -1 : redirect.id()).isEqualTo(plan.pool(selection));
      assertThat(ids(decision.v4())).isEqualTo(answered(plan, service, selection, true));
      assertThat(ids(decision.v6())).isEqualTo(answered(plan, service, selection, false));
      assertThat(decision.stage()).isEqualTo(plan.stage(service, asksV4, selection.clientClass));
      List<Explanation.Turn> turns = decision.turns();
      if (!turns.isEmpty()) {
        Explanation.Outcome last =
            switch (turns.getLast()) {
              case Explanation.Draw draw -> draw.shares().get(draw.chosen()).outcome();
              case Explanation.Hash hash -> hash.candidates().get(hash.chosen()).outcome();
              case Explanation.Ramp ramp -> ramp.outcome();
            };
        assertThat(last.leadsOn()).isFalse();
        assertThat(last.pools()).isEqualTo(decision.pools());
      }
    }
  }

  private static List<Integer> ids(Explanation.FamilyAnswer answer) {
    return answer.answered().stream().map(Endpoint::id).toList();
  }

  private static List<Integer> answered(
      SteeringPlan plan, int service, Selection selection, boolean v4) {
    if (selection.answerSet < 0 || plan.pools(selection.answerSet).getFirst().cname() != null) {
      return List.of();
    }
    int count = plan.answerCount(service, selection.answerSet);
    if (count == 1) {
      int endpoint = plan.endpoint(selection, v4);
      return endpoint < 0 ? List.of() : List.of(endpoint);
    }
    if (count == Integer.MAX_VALUE) {
      return Arrays.stream(plan.endpoints(selection.answerSet, v4)).boxed().toList();
    }
    int[] chosen = new int[Service.Answers.COUNT_MAX];
    int size = plan.sample(service, selection, v4, chosen);
    assertThat(size).isEqualTo(Math.min(count, plan.endpoints(selection.answerSet, v4).length));
    return Arrays.stream(chosen, 0, size).boxed().toList();
  }

  @Seeded(200)
  void aPlanAfterFlipsIsThePlanCompiledAnew(Random random) {
    RandomWorld world = new RandomWorld(random, true);
    SteeringTables tables = world.tables();
    VerdictTable verdicts = world.verdicts();
    SteeringPlan plan = tables.plan(verdicts, 7);
    for (int flip = 0; flip < 10; flip++) {
      verdicts = world.flipped(verdicts);
      Readmission readmission =
          random.nextBoolean() ? world.readmission(verdicts) : Readmission.NONE;
      plan = plan.withVerdicts(verdicts, readmission);
      PlanArrays fresh = tables.plan(verdicts, 7).withVerdicts(verdicts, readmission).arrays();
      assertThat(plan.arrays().code).isEqualTo(fresh.code);
      assertThat(plan.arrays().stages).isEqualTo(fresh.stages);
      assertThat(plan.arrays().programs).isEqualTo(fresh.programs);
      assertThat(plan.arrays().members).isDeepEqualTo(fresh.members);
      assertThat(plan.arrays().memberWeights).isDeepEqualTo(fresh.memberWeights);
    }
  }

  @Seeded(150)
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
      boolean asksV4 = random.nextBoolean();
      boolean allForcedDown =
          PlainSteering.poolsAt(service.policy(), place).stream()
              .flatMap(pool -> pool.endpoints().stream())
              .filter(
                  e -> service.families() != Families.INDEPENDENT || e.address().isV4() == asksV4)
              .allMatch(e -> verdicts.override(e.id()) == EndpointOverride.DOWN);
      plan.steer(
          service.id(),
          asksV4,
          client.isV4(),
          client.high(),
          client.low(),
          random.nextInt(),
          selection);
      assertThat(selection.answerSet == Selection.NOTHING).isEqualTo(allForcedDown);
      if (!allForcedDown) {
        assertThat(plan.endpoint(selection, true) >= 0 || plan.endpoint(selection, false) >= 0)
            .isTrue();
      }
    }
  }

  @Seeded(100)
  void theScopeHoldsOneClassAndOneSideOfEveryRamp(Random random) {
    RandomWorld world = new RandomWorld(random, true);
    VerdictTable verdicts = world.verdicts();
    SteeringPlan plan =
        world.tables().plan(verdicts, 1).withVerdicts(verdicts, world.readmission(verdicts));
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
      Selection there = TestCatalog.steer(plan, 0, neighbour, 0);
      assertThat(there.clientClass)
          .as("%s and %s in /%s", client, neighbour, here.scope)
          .isEqualTo(here.clientClass);
      Explanation explanation = plan.explain(0, client, 0);
      Explanation ofIpv6 = explanation.ofIpv6();
      List<Explanation.Turn> turns =
          (client.isV4() || ofIpv6 == null ? explanation : ofIpv6).decision().turns();
      if (turns.stream().noneMatch(Explanation.Draw.class::isInstance)) {
        assertThat(there.answerSet)
            .as("%s and %s in /%s", client, neighbour, here.scope)
            .isEqualTo(here.answerSet);
      }
    }
  }
}
