package gslb.steering;

import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gslb.base.Prefix;
import gslb.steering.shift.Scenario;
import gslb.steering.shift.ScenarioRefused;
import gslb.steering.shift.Simulation;
import gslb.steering.shift.Simulation.Overflow;
import gslb.steering.shift.Simulation.PoolLoad;
import gslb.steering.shift.Simulation.PoolShare;
import gslb.steering.shift.Simulation.ServiceLoad;
import gslb.steering.shift.Simulation.Stages;
import gslb.steering.shift.SimulationText;
import gslb.steering.shift.Simulator;
import gslb.steering.shift.Weighting;
import gslb.testkit.Seeded;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Where load goes when pools fail: by hand arithmetic, and against plans with the verdicts
/// changed.
final class SimulatorTest {
  private static final Set<Stage> WALKED = EnumSet.range(Stage.AVAILABLE, Stage.DRAINS_IGNORED);
  private static final Offset<Double> EXACT = within(1e-6);

  /// 120 of 200 come from Europe, 80 from America; both continents fall back to `ap`.
  private static final ClientSample SEEN =
      new ClientSample(
          List.of(
              new ClientSample.Client("s0", Prefix.of("192.0.2.0/25"), 60),
              new ClientSample.Client("s0", Prefix.of("198.51.100.0/24"), 40)));

  private static TestCatalog world(long eu, long us, long ap) {
    return new TestCatalog()
        .pool("eu", "192.0.2.1", "192.0.2.2")
        .capacity("eu", eu)
        .pool("us", "198.51.100.1")
        .capacity("us", us)
        .pool("ap", "203.0.113.1")
        .capacity("ap", ap);
  }

  private static SteeringPlan plan(TestCatalog world) {
    Policy policy =
        new Policy.Geo(
            Map.of(),
            Map.of(),
            Map.of("EU", world.list("eu", "us", "ap"), "NA", world.list("us", "ap")),
            world.use("eu"));
    return world.service(Service.Answers.ONE, new AllDown.Answer(), policy).plan(world.allUp());
  }

  private static Simulation play(
      SteeringPlan plan, List<String> down, Map<String, Double> drained, long demand)
      throws ScenarioRefused {
    return Simulator.run(
        plan, new Scenario(down, drained, Map.of("s0", demand), Weighting.TRAFFIC), SEEN);
  }

  private static Stages offered(Simulation simulation, String pool) {
    return simulation.pools().stream()
        .filter(each -> each.pool().equals(pool))
        .map(PoolLoad::offered)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsTooMuchForOnePoolGoesOnToTheNext() throws ScenarioRefused {
    Simulation simulation = play(plan(world(150, 100, 125)), List.of("eu"), Map.of(), 200);
    assertThat(offered(simulation, "eu")).isEqualTo(new Stages(120, 0, 0));
    assertThat(offered(simulation, "us")).isEqualTo(new Stages(80, 200, 200));
    assertThat(offered(simulation, "ap").first()).isZero();
    assertThat(offered(simulation, "ap").second()).isEqualTo(100, EXACT);
    assertThat(simulation.unserved()).isZero();
    assertThat(simulation.isSettled()).isTrue();
    assertThat(simulation.overflows()).hasSize(1);
    Overflow overflow = simulation.overflows().getFirst();
    assertThat(overflow.pool()).isEqualTo("us");
    assertThat(overflow.to()).containsOnlyKeys("ap");
    ServiceLoad service = simulation.services().getFirst();
    PoolShare us =
        service.pools().stream().filter(p -> p.pool().equals("us")).findFirst().orElseThrow();
    assertThat(us.share().before()).isEqualTo(0.4, EXACT);
    assertThat(us.share().first()).isEqualTo(1, EXACT);
    assertThat(us.share().second()).isEqualTo(0.5, EXACT);
    assertThat(us.continents().getOrDefault("NA", new Stages(0, 0, 0)).second())
        .isEqualTo(0.2, EXACT);
    assertThat(us.fullAt()).isEqualTo(100, EXACT);
    assertThat(SimulationText.of(simulation))
        .contains(
            "eu down, clients counted by observed traffic",
            "us 200.0 % → overflow of 100 (50.0 % of what comes): 100 to ap (80.0 %)",
            "all of a demand of 200 is served");
  }

  /// Less than anything that was asked for is left over by rounding alone.
  @Test
  void littleThatGoesNowhereIsNotWrittenAsNothing() {
    assertThat(overflowing(0.05)).contains("100 to ap (no capacity stated), <0.1 nowhere");
    assertThat(overflowing(0.003)).contains("<0.1 nowhere");
    assertThat(overflowing(0.12)).contains("0.1 nowhere");
    assertThat(overflowing(1e-7)).doesNotContain("nowhere");
    assertThat(overflowing(0)).doesNotContain("nowhere");
  }

  private static String overflowing(double nowhere) {
    var to = new TreeMap<>(Map.of("ap", 100.0));
    var overflow = new Overflow("us", 200, 100, to, nowhere);
    var ap = new PoolLoad("ap", 0, 0, new Stages(0, 0, 100));
    return SimulationText.of(
        new Simulation(
            "eu down",
            Weighting.V4,
            List.of(ap),
            List.of(),
            List.of(overflow),
            List.of(),
            200,
            nowhere,
            1,
            true));
  }

  @Test
  void whatFitsNowhereIsNotServed() throws ScenarioRefused {
    Simulation simulation = play(plan(world(150, 100, 80)), List.of("eu"), Map.of(), 200);
    assertThat(offered(simulation, "ap").second()).isEqualTo(100, EXACT);
    assertThat(simulation.unserved()).isEqualTo(20, EXACT);
    assertThat(simulation.services().getFirst().unserved()).isEqualTo(0.1, EXACT);
    assertThat(simulation.overflows()).extracting(Overflow::pool).containsExactly("us", "ap");
    assertThat(simulation.overflows().getLast().nowhere()).isEqualTo(20, EXACT);
  }

  @Test
  void aDrainSendsItsShareOnAndKeepsWhoHasNoOtherPool() throws ScenarioRefused {
    SteeringPlan plan = plan(world(150, 100, 125));
    Simulation simulation = play(plan, List.of(), Map.of("eu", 0.5), 200);
    assertThat(offered(simulation, "eu").second()).isEqualTo(60, EXACT);
    assertThat(offered(simulation, "us").first()).isEqualTo(140, EXACT);
    assertThat(offered(simulation, "ap").second()).isEqualTo(40, EXACT);
    Simulation alone =
        Simulator.run(
            plan,
            new Scenario(List.of(), Map.of("eu", 1.0), Map.of("s0", 100L), Weighting.V6),
            SEEN);
    // IPv6 clients of known place are European, so all of them find another pool.
    assertThat(offered(alone, "eu").second()).isZero();
    Simulation v4 =
        Simulator.run(
            plan,
            new Scenario(List.of(), Map.of("eu", 1.0), Map.of("s0", 100L), Weighting.V4),
            SEEN);
    // Nearly all of IPv4 is nowhere here, and its branch is eu alone.
    assertThat(offered(v4, "eu").first()).isGreaterThan(99);
  }

  @Test
  void halfOfAPoolHasHalfItsCapacity() throws ScenarioRefused {
    Simulation simulation = play(plan(world(150, 100, 125)), List.of("192.0.2.2"), Map.of(), 200);
    PoolLoad eu = simulation.pools().getFirst();
    assertThat(eu.capacityAfter()).isEqualTo(75, EXACT);
    assertThat(eu.fill()).isEqualTo(120 / 75.0, EXACT);
    assertThat(offered(simulation, "us").second())
        .as("80 and 45 that do not fit")
        .isEqualTo(125, EXACT);
    assertThat(offered(simulation, "ap").second()).isEqualTo(25, EXACT);
  }

  @Test
  void poolsThatSendToEachOtherSettle() throws ScenarioRefused {
    TestCatalog world = world(50, 50, 150);
    SteeringPlan plan =
        world
            .service(
                Service.Answers.ONE,
                new AllDown.Answer(),
                weighted(
                    share(world.list("eu", "us", "ap"), 1), share(world.list("us", "eu", "ap"), 1)))
            .plan(world.allUp());
    Simulation simulation = play(plan, List.of(), Map.of(), 240);
    assertThat(simulation.isSettled()).isTrue();
    // Each serves 50; the 140 that are left come to ap.
    assertThat(offered(simulation, "ap").second()).isEqualTo(140, within(1e-3));
    assertThat(simulation.unserved()).isEqualTo(0, within(1e-3));
  }

  @Test
  void clientsOfPoolsOfWhichNothingIsUpAreNotServed() throws ScenarioRefused {
    Simulation simulation =
        play(plan(world(150, 100, 125)), List.of("eu", "us", "ap"), Map.of(), 200);
    ServiceLoad service = simulation.services().getFirst();
    assertThat(service.unavailable()).isEqualTo(1, EXACT);
    assertThat(service.unserved()).isEqualTo(1, EXACT);
    assertThat(simulation.unserved()).isEqualTo(200, EXACT);
    assertThat(simulation.overflows()).allSatisfy(o -> assertThat(o.to()).isEmpty());
  }

  /// Half of who eu sends on would get nothing without it, so only the others go.
  @Test
  void whoWouldGetNothingElsewhereStays() throws ScenarioRefused {
    TestCatalog world = world(0, 0, 0);
    Policy second = weighted(share(world.use("us"), 1), share(TestCatalog.nothing(), 1));
    SteeringPlan plan =
        world
            .service(
                Service.Answers.ONE,
                new AllDown.Answer(),
                TestCatalog.list(world.use("eu"), second))
            .plan(world.allUp());
    Simulation simulation = play(plan, List.of(), Map.of("eu", 1.0), 100);
    assertThat(offered(simulation, "eu").first()).isEqualTo(50, EXACT);
    assertThat(offered(simulation, "us").first()).isEqualTo(50, EXACT);
    assertThat(simulation.services().getFirst().pools())
        .extracting(PoolShare::pool)
        .as("none gets nothing")
        .containsExactlyInAnyOrder("eu", "us");
  }

  private static TestCatalog pools(int count, long capacity) {
    TestCatalog world = new TestCatalog();
    for (int i = 0; i < count; i++) {
      world.pool("p" + i, "192.0.2." + (i + 1)).capacity("p" + i, capacity);
    }
    return world;
  }

  @Test
  void whatIsTooMuchGoesDownALongList() throws ScenarioRefused {
    TestCatalog world = pools(6, 10);
    world.service(new AllDown.Answer(), world.list("p0", "p1", "p2", "p3", "p4", "p5"));
    Simulation simulation = play(world.plan(world.allUp()), List.of(), Map.of(), 60);
    assertThat(simulation.unserved()).isZero();
    assertThat(offered(simulation, "p5").second()).isEqualTo(10, EXACT);
    assertThat(simulation.notes()).isEmpty();
  }

  /// 12 pools have 4,096 sets; each service follows a share of the budget, and everybody is told
  /// served or not served.
  @Test
  void poolsThatAreAllTooSmallAreFollowedAsFarAsTheBudgetGoes() throws ScenarioRefused {
    TestCatalog world = pools(12, 10);
    Policy.Weighted.Branch[] branches = new Policy.Weighted.Branch[12];
    for (int i = 0; i < branches.length; i++) {
      branches[i] = share(world.use("p" + i), 1 + i);
    }
    for (int i = 0; i < 20; i++) {
      branches[0] = share(world.use("p0"), 20 + i);
      world.service(new AllDown.Answer(), weighted(branches));
    }
    Map<String, Long> demand = new HashMap<>();
    for (int i = 0; i < 20; i++) {
      demand.put("s" + i, 100L);
    }
    Simulation simulation =
        Simulator.run(
            world.plan(world.allUp()),
            new Scenario(List.of(), Map.of(), demand, Weighting.V4),
            ClientSample.NONE);
    assertThat(simulation.notes()).anyMatch(note -> note.contains("taken as not served"));
    assertThat(simulation.unserved()).isEqualTo(2_000 - 120, within(1e-3));
  }

  @Test
  void whatChangesNothingOrNotYetIsNoted() throws ScenarioRefused {
    TestCatalog world = world(150, 100, 125);
    SteeringPlan plan = plan(world);
    SteeringPlan forced =
        plan.withVerdicts(
            world
                .allUp()
                .with(world.endpoint("192.0.2.1"), EndpointOverride.UP)
                .with(world.endpoint("192.0.2.2"), EndpointOverride.DOWN));
    assertThat(play(forced, List.of("eu"), Map.of(), 0).notes())
        .singleElement()
        .asString()
        .startsWith("192.0.2.1 is forced up");
    Catalog of = world.catalog();
    Catalog guarded =
        new Catalog(
            of.sites(),
            of.networks(),
            of.endpoints(),
            of.pools(),
            of.services(),
            new CapacityGuard.Limit(60, Duration.ofMinutes(10)));
    SteeringPlan held = TestCatalog.tables(guarded).plan(world.allUp(), 42);
    assertThat(play(held, List.of("eu", "us"), Map.of(), 0).notes())
        .singleElement()
        .asString()
        .startsWith("the guard would hold 1 endpoint ");
    assertThat(play(held, List.of("us"), Map.of(), 0).notes()).isEmpty();
  }

  @Test
  void withoutADemandSharesAndWhatFillsAPoolAreTold() throws ScenarioRefused {
    Simulation simulation = play(plan(world(150, 100, 125)), List.of("eu"), Map.of(), 0);
    assertThat(simulation.demand()).isZero();
    assertThat(simulation.services().getFirst().pools().getFirst().fullAt()).isEqualTo(100, EXACT);
    assertThat(SimulationText.of(simulation)).contains("full at a demand of");
  }

  /// `s1` was seen by nobody, so nothing is known of where its 50 go.
  @Test
  void aDemandWhoseClientsNobodySawIsNotCalledServed() throws ScenarioRefused {
    TestCatalog world = world(150, 100, 125);
    Policy eu = world.use("eu");
    SteeringPlan plan =
        world
            .service(Service.Answers.ONE, new AllDown.Answer(), eu)
            .service(Service.Answers.ONE, new AllDown.Answer(), eu)
            .plan(world.allUp());
    Simulation simulation =
        Simulator.run(
            plan,
            new Scenario(List.of(), Map.of(), Map.of("s0", 100L, "s1", 50L), Weighting.TRAFFIC),
            SEEN);
    assertThat(simulation.demand()).isEqualTo(100, EXACT);
    assertThat(simulation.notes()).anyMatch(note -> note.contains("no clients"));
  }

  @Test
  void aPoolThatTheScenarioNamesIsListedThoughNobodyGetsIt() throws ScenarioRefused {
    Simulation simulation = play(plan(world(150, 100, 125)), List.of("ap"), Map.of(), 200);
    assertThat(simulation.pools()).extracting(PoolLoad::pool).contains("ap");
  }

  @Test
  void whatThereIsNotIsRefused() {
    SteeringPlan plan = plan(world(1, 1, 1));
    assertThatThrownBy(() -> play(plan, List.of("xx"), Map.of(), 1))
        .isInstanceOf(ScenarioRefused.class)
        .hasMessageContaining("no pool 'xx'");
    assertThatThrownBy(() -> play(plan, List.of("203.0.113.99"), Map.of(), 1))
        .isInstanceOf(ScenarioRefused.class);
    assertThatThrownBy(() -> play(plan, List.of(), Map.of("xx", 0.5), 1))
        .isInstanceOf(ScenarioRefused.class);
    assertThatThrownBy(
            () ->
                Simulator.run(
                    plan,
                    new Scenario(List.of(), Map.of(), Map.of("xx", 1L), Weighting.V4),
                    ClientSample.NONE))
        .hasMessageContaining("no service 'xx'");
  }

  /// The residual walked with nothing left out comes to what its program does, and whatever fails,
  /// every client is served or not served.
  @Seeded(60)
  void flowsAddUp(Random random) throws ScenarioRefused {
    RandomWorld world = new RandomWorld(random, true);
    SteeringPlan plan = world.tables().plan(world.verdicts(), 42);
    Spread spread = new Spread(plan);
    for (Service service : plan.catalog().services()) {
      for (int of = 0; of < plan.tables().classCount(service.id()); of++) {
        Spread.Run run = spread.run(service.id(), of, random.nextBoolean());
        Map<Integer, Double> programs = spread.of(run, Set.of());
        Map<Integer, Double> residuals = spread.of(run, Set.of(1_000_000));
        if (WALKED.contains(spread.stage(run))) {
          assertThat(residuals.keySet()).isEqualTo(programs.keySet());
          residuals.forEach(
              (pool, part) ->
                  assertThat(part).isEqualTo(programs.getOrDefault(pool, 0.0), within(1e-9)));
        }
      }
    }
    List<String> down =
        plan.catalog().pools().stream()
            .filter(pool -> !pool.endpoints().isEmpty() && random.nextInt(3) == 0)
            .map(Pool::name)
            .toList();
    Simulation simulation =
        Simulator.run(
            plan,
            new Scenario(down, Map.of("p0", random.nextDouble()), Map.of("s0", 100L), Weighting.V4),
            ClientSample.NONE);
    assertThat(simulation.isSettled()).isTrue();
    for (ServiceLoad service : simulation.services()) {
      Stages sum =
          service.pools().stream().map(PoolShare::share).reduce(SimulatorTest::plus).orElseThrow();
      assertThat(sum.before()).isEqualTo(1, within(1e-9));
      assertThat(sum.first()).isEqualTo(1, within(1e-9));
      assertThat(sum.second() + service.unserved()).isEqualTo(1, within(1e-9));
    }
  }

  private static Stages plus(Stages one, Stages other) {
    return new Stages(
        one.before() + other.before(), one.first() + other.first(), one.second() + other.second());
  }

  @Test
  void aRampingPoolHasTheShareThatItsStepAdmits() throws ScenarioRefused {
    TestCatalog world =
        new TestCatalog()
            .pool("eu", "192.0.2.1")
            .ramp("eu", Duration.ofSeconds(63))
            .pool("us", "198.51.100.1");
    world.service(Service.Answers.ONE, new AllDown.Answer(), world.list("eu", "us"));
    VerdictTable up = world.allUp();
    Readmission readmission =
        Readmission.NONE
            .next(world.catalog(), up.with(0, Verdict.DOWN), 0)
            .next(world.catalog(), up, 0)
            .next(world.catalog(), up, Duration.ofSeconds(15).toNanos());
    SteeringPlan plan = world.plan(up).withVerdicts(up, readmission);
    Simulation simulation =
        Simulator.run(
            plan, new Scenario(List.of(), Map.of(), Map.of(), Weighting.V4), ClientSample.NONE);
    Stages eu =
        simulation.services().getFirst().pools().stream()
            .filter(p -> p.pool().equals("eu"))
            .map(PoolShare::share)
            .findFirst()
            .orElseThrow();
    assertThat(eu.before()).isEqualTo(16 / 64.0, EXACT);
    assertThat(eu.first()).isEqualTo(16 / 64.0, EXACT);
  }
}
