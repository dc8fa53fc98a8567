package gslb.steering;

import static gslb.steering.TestCatalog.answer;
import static gslb.steering.TestCatalog.list;
import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.steer;
import static gslb.steering.TestCatalog.sticky;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which clients a pool in its ramp gets, and what the others get.
final class RampTest {
  private static final int BLOCKS = 64_000;

  /// 1 - 1e-6 quantile of chi-square with 63 degrees of freedom, by Wilson and Hilferty.
  private static final double CHI_SQUARE_MAX = 131.7;

  /// With a step each second.
  private static final Duration RAMP = Duration.ofSeconds(63);

  private final TestCatalog world =
      new TestCatalog()
          .pool("a", "192.0.2.1")
          .pool("b", "192.0.2.2")
          .pool("c", "192.0.2.3")
          .pool("d", "192.0.2.4")
          .ramp("a", RAMP)
          .ramp("b", RAMP)
          .ramp("c", RAMP);

  /// The world when some pools recovered so many steps ago, everything up.
  private SteeringPlan recovered(Map<String, Integer> steps) {
    return recovered(steps, world.allUp());
  }

  /// @param last what is up now
  private SteeringPlan recovered(Map<String, Integer> steps, VerdictTable last) {
    Readmission readmission = Readmission.NONE;
    long now = 0;
    for (int step = 64; step >= 1; step--, now += Duration.ofSeconds(1).toNanos()) {
      VerdictTable verdicts = world.allUp();
      for (Map.Entry<String, Integer> one : steps.entrySet()) {
        if (one.getValue() < step) {
          verdicts =
              verdicts.with(world.pool(one.getKey()).endpoints().getFirst().id(), Verdict.DOWN);
        }
      }
      readmission = readmission.next(world.catalog(), verdicts, now);
    }
    SteeringPlan plan = world.plan(world.allUp()).withVerdicts(last, readmission);
    steps.forEach(
        (pool, step) -> assertThat(plan.state(world.pool(pool).id()).rampStep()).isEqualTo(step));
    return plan;
  }

  /// One address in each of many /20.
  private static Address client(int block) {
    return Address.v4(0x0a000000 + (block << 12) + block % 4096);
  }

  private static long state(long key, int block) {
    return Draws.rampState(key, true, 0, client(block).low(), 0);
  }

  private static double chiSquare(int[] seen, double expected) {
    return Arrays.stream(seen).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
  }

  private static Set<String> answers(SteeringPlan plan) {
    Set<String> answers = new TreeSet<>();
    for (int block = 0; block < 2_000; block++) {
      answers.add(answer(plan, client(block)));
    }
    return answers;
  }

  /// a is half through its ramp, d has none. What a client gets whose block a has, and what one
  /// gets whose block it has not.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          policy         | d    | has | has not
          a              | up   | 1   | 1
          [a, d]         | up   | 1   | 4
          [a, d]         | down | 1   | 1
          [d, a]         | up   | 4   | 4
          [d, a]         | down | 1   | 1
          {a 1, d 0}     | up   | 1   | 4
          {a 1, d 0}     | down | 1   | 1
          {d 1, a 0}     | up   | 4   | 4
          {d 1, a 0}     | down | 1   | 1
          all of a d     | up   | 1 4 | 4
          all of a d     | down | 1   | 1
          [a, []]        | up   | 1   | 1
          [{a 1, d 0}, b] | down | 1  | 2
          """)
  void aPoolInItsRampIsThereForTheBlocksThatItHas(
      String policy, String d, String has, String hasNot) {
    world.service(Service.Answers.ALL, new AllDown.Answer(), written(policy));
    VerdictTable verdicts = d.equals("up") ? world.allUp() : world.allUp().with(3, Verdict.DOWN);
    SteeringPlan plan = recovered(Map.of("a", 32), verdicts);
    for (int block = 0; block < 200; block++) {
      boolean hasBlock = Draws.rampStep(state(42, block), Draws.key("a")) <= 32;
      String answered =
          plan.explain(0, client(block), block).decision().v4().answered().stream()
              .map(e -> Integer.toString(e.id() + 1))
              .collect(Collectors.joining(" "));
      assertThat(answered).isEqualTo(hasBlock ? has : hasNot);
    }
  }

  private Policy written(String policy) {
    Policy a = world.use("a");
    Policy d = world.use("d");
    return switch (policy) {
      case "a" -> a;
      case "[a, d]" -> list(a, d);
      case "[d, a]" -> list(d, a);
      case "{a 1, d 0}" -> weighted(share(a, 1), share(d, 0));
      case "{d 1, a 0}" -> weighted(share(d, 1), share(a, 0));
      case "all of a d" -> world.all("a", "d");
      case "[a, []]" -> list(a, TestCatalog.nothing());
      case "[{a 1, d 0}, b]" -> list(weighted(share(a, 1), share(d, 0)), world.use("b"));
      default -> throw new IllegalArgumentException(policy);
    };
  }

  @Test
  void everyStepGetsAsManyBlocks() {
    for (int seed = 0; seed < 20; seed++) {
      int[] v4 = new int[64];
      int[] v6 = new int[64];
      for (int block = 0; block < BLOCKS; block++) {
        v4[Draws.rampStep(state(seed, block), Draws.key("eu")) - 1]++;
        long high = 0x2000_0000_0000_0000L + ((long) block << 28);
        v6[Draws.rampStep(Draws.rampState(seed, false, high, 1, 0), Draws.key("eu")) - 1]++;
      }
      assertThat(chiSquare(v4, BLOCKS / 64.0)).isLessThan(CHI_SQUARE_MAX);
      assertThat(chiSquare(v6, BLOCKS / 64.0)).isLessThan(CHI_SQUARE_MAX);
    }
  }

  @Test
  void twoPoolsGetBlocksIndependently() {
    int[] seen = new int[64];
    for (int block = 0; block < BLOCKS; block++) {
      long state = state(7, block);
      int first = Draws.rampStep(state, Draws.key("a")) - 1;
      int second = Draws.rampStep(state, Draws.key("b")) - 1;
      seen[first / 8 * 8 + second / 8]++;
    }
    assertThat(chiSquare(seen, BLOCKS / 64.0)).isLessThan(CHI_SQUARE_MAX);
  }

  /// Which clients a ramp gets first says nothing of what `sticky` gives them.
  @Test
  void rampsAndHashesAreIndependent() {
    int[] seen = new int[64];
    for (int block = 0; block < BLOCKS; block++) {
      long sticky = Draws.blockState(7, Draws.key("s0"), Draws.block(true, 0, client(block).low()));
      long number = Draws.number(sticky, Draws.key("a") + Draws.pool(0));
      int step = Draws.rampStep(state(7, block), Draws.key("a")) - 1;
      seen[step / 8 * 8 + (int) (number >>> 61)]++;
    }
    assertThat(chiSquare(seen, BLOCKS / 64.0)).isLessThan(CHI_SQUARE_MAX);
  }

  @Test
  void aBlockOnceAdmittedStays() {
    world.service(new AllDown.Answer(), world.list("a", "d"));
    boolean[] has = new boolean[2_000];
    for (int step = 1; step <= 64; step++) {
      SteeringPlan plan = recovered(Map.of("a", step));
      int admitted = 0;
      for (int block = 0; block < has.length; block++) {
        boolean isAdmitted = answer(plan, client(block)).equals("a");
        assertThat(isAdmitted || !has[block]).isTrue();
        has[block] = isAdmitted;
        admitted += isAdmitted ? 1 : 0;
      }
      // Five standard deviations of a binomial distribution.
      double share = step / 64.0;
      assertThat(Math.abs(admitted - has.length * share))
          .isLessThanOrEqualTo(5 * Math.sqrt(has.length * share * (1 - share)));
    }
  }

  @Test
  void withoutAnotherPoolARampIsIgnored() {
    world
        .service(new AllDown.Answer(), world.use("a"))
        .service(new AllDown.Answer(), list(world.use("a"), TestCatalog.nothing()))
        .service(
            new AllDown.Answer(),
            weighted(share(world.use("a"), 1), share(TestCatalog.nothing(), 1)))
        .service(new AllDown.Sorry(world.pool("d")), world.use("a"));
    SteeringPlan plan = recovered(Map.of("a", 1));
    SteeringPlan full = world.plan(world.allUp());
    assertThat(plan.arrays().programs).isEqualTo(full.arrays().programs);
  }

  @Test
  void belowAvailableARampIsIgnored() {
    TestCatalog half =
        new TestCatalog()
            .pool("a", null, new MinHealthy.Endpoints(2), "192.0.2.1", "192.0.2.2")
            .pool("d", "192.0.2.4")
            .ramp("a", RAMP);
    half.service(new AllDown.Answer(), half.list("a", "d"));
    VerdictTable down = VerdictTable.all(3, Verdict.DOWN);
    VerdictTable one = down.with(0, Verdict.UP);
    Readmission readmission =
        Readmission.NONE
            .next(half.catalog(), down, 0)
            .next(half.catalog(), half.allUp(), 0)
            .next(half.catalog(), one, 1);
    assertThat(answers(half.plan(one).withVerdicts(one, readmission))).containsExactly("a");
  }

  /// After everything was down, the first to recover has all clients; it does not lose them to the
  /// second when that recovers.
  @Test
  void whatRecoveredFirstCarriesTheOthers() {
    world.service(new AllDown.Answer(), world.list("a", "b"));
    assertThat(answers(recovered(Map.of("a", 9, "b", 5)))).containsExactly("a");
    SteeringPlan plan = recovered(Map.of("a", 5, "b", 9));
    int ofA = 0;
    for (int block = 0; block < BLOCKS; block++) {
      boolean isAdmitted = Draws.rampStep(state(42, block), Draws.key("a")) <= 5;
      assertThat(answer(plan, client(block))).isEqualTo(isAdmitted ? "a" : "b");
      ofA += isAdmitted ? 1 : 0;
    }
    assertThat(ofA).isBetween(BLOCKS * 4 / 64, BLOCKS * 6 / 64);
    assertThat(answers(recovered(Map.of("a", 5, "b", 5)))).containsExactly("a");
  }

  @Test
  void eachPoolHasItsOwnRamp() {
    world.service(new AllDown.Answer(), world.list("a", "b", "d"));
    SteeringPlan plan = recovered(Map.of("a", 16, "b", 32));
    for (int block = 0; block < 4_000; block++) {
      long state = state(42, block);
      String expected =
          Draws.rampStep(state, Draws.key("a")) <= 16
              ? "a"
              : Draws.rampStep(state, Draws.key("b")) <= 32 ? "b" : "d";
      assertThat(answer(plan, client(block))).isEqualTo(expected);
    }
  }

  /// Those shortest in it; the third is admitted fully.
  @Test
  void twoRampsAreConsidered() {
    world.service(new AllDown.Answer(), world.list("c", "a", "b", "d"));
    SteeringPlan plan = recovered(Map.of("a", 2, "b", 3, "c", 1));
    assertThat(answers(plan)).containsExactly("a", "b", "c");
    assertThat(plan.arrays().programs[0])
        .isInstanceOfSatisfying(
            Program.Ramp.class,
            ramp -> {
              assertThat(ramp.pool()).isEqualTo(world.pool("c").id());
              assertThat(ramp.with()).isInstanceOf(Program.Leaf.class);
              assertThat(ramp.without()).isInstanceOf(Program.Ramp.class);
            });
  }

  /// Three that recover one after the other: whoever has got a pool keeps it, or gets a better one.
  @Test
  void aBlockOnceAdmittedStaysThoughOtherPoolsEndTheirRamps() {
    world.service(new AllDown.Answer(), world.list("a", "b", "c", "d"));
    List<String> order = List.of("a", "b", "c", "d");
    for (List<Integer> heads : List.of(List.of(6, 3, 0), List.of(0, 3, 6), List.of(3, 0, 6))) {
      int[] rank = new int[500];
      Arrays.fill(rank, 3);
      for (int step = 1; step <= 64; step++) {
        SteeringPlan plan =
            recovered(
                Map.of(
                    "a", Math.min(64, step + heads.get(0)),
                    "b", Math.min(64, step + heads.get(1)),
                    "c", Math.min(64, step + heads.get(2))));
        for (int block = 0; block < rank.length; block++) {
          int now = order.indexOf(answer(plan, client(block)));
          assertThat(now).isLessThanOrEqualTo(rank[block]);
          rank[block] = now;
        }
      }
      assertThat(rank).containsOnly(0);
    }
  }

  @Test
  void rampsTakeNoMoreStepsThanAreLeft() {
    Policy inner = sticky(share(world.use("c"), 1), share(world.use("d"), 1));
    for (int i = 0; i < 3; i++) {
      Policy.Weighted.Branch other = share(world.use("abd".substring(i, i + 1)), 1);
      inner = i % 2 == 0 ? weighted(share(inner, 1), other) : sticky(share(inner, 1), other);
    }
    world.service(new AllDown.Answer(), inner);
    SteeringPlan plan = recovered(Map.of("a", 3, "b", 3));
    assertThat(plan.arrays().programs[0]).isNotInstanceOf(Program.Ramp.class);
  }

  /// As they were before, and as they will be after.
  @Test
  void aRampMovesNoClientsBetweenOtherPools() {
    Policy byHash =
        sticky(share(world.use("a"), 1), share(world.use("b"), 1), share(world.use("d"), 1));
    Policy byDraw =
        weighted(share(world.use("a"), 1), share(world.use("b"), 1), share(world.use("d"), 1));
    world.service(new AllDown.Answer(), byHash).service(new AllDown.Answer(), byDraw);
    SteeringPlan before = world.plan(world.allUp().with(0, Verdict.DOWN));
    SteeringPlan after = world.plan(world.allUp());
    SteeringPlan plan = recovered(Map.of("a", 32));
    for (int service = 0; service < 2; service++) {
      for (int block = 0; block < 4_000; block++) {
        Address client = client(block);
        boolean isAdmitted = Draws.rampStep(state(42, block), Draws.key("a")) <= 32;
        assertThat(answer(plan, service, client, block))
            .isEqualTo(answer(isAdmitted ? after : before, service, client, block));
      }
    }
  }

  @Test
  void allLeavesAPoolOutForTheBlocksThatItHasNot() {
    world.service(Service.Answers.ALL, new AllDown.Answer(), world.all("a", "b", "d"));
    SteeringPlan plan = recovered(Map.of("a", 16, "b", 32));
    Selection selection = new Selection();
    for (int block = 0; block < 4_000; block++) {
      Address client = client(block);
      plan.steer(0, true, 0, client.low(), 0, selection);
      long state = state(42, block);
      boolean hasA = Draws.rampStep(state, Draws.key("a")) <= 16;
      boolean hasB = Draws.rampStep(state, Draws.key("b")) <= 32;
      assertThat(Arrays.stream(plan.endpoints(selection.answerSet, true)).boxed().toList())
          .isEqualTo(
              hasA ? hasB ? List.of(0, 1, 3) : List.of(0, 3) : hasB ? List.of(1, 3) : List.of(3));
    }
  }

  /// Whatever order the policy names them in: the pool longest in its ramp is in every answer, and
  /// each other one for the blocks that it has got.
  @ParameterizedTest
  @CsvSource({"9,3,5,a", "3,9,5,b", "3,5,9,c", "5,5,5,a"})
  void ofThreePoolsOfAllTwoAreLeftOutForTheBlocksThatTheyHaveNot(
      int a, int b, int c, String longest) {
    world
        .service(Service.Answers.ALL, new AllDown.Answer(), world.all("a", "b", "c"))
        .service(
            Service.Answers.ALL,
            new AllDown.Answer(),
            list(world.all("c", "a"), world.all("a", "b", "c", "d")));
    Map<String, Integer> steps = Map.of("a", a, "b", b, "c", c);
    SteeringPlan plan = recovered(steps);
    for (int block = 0; block < 1_000; block++) {
      long state = state(42, block);
      Set<String> has =
          steps.keySet().stream()
              .filter(
                  pool ->
                      pool.equals(longest)
                          || Draws.rampStep(state, Draws.key(pool)) <= steps.getOrDefault(pool, 0))
              .collect(Collectors.toSet());
      assertThat(pools(plan, 0, block)).isEqualTo(has);
      Set<String> ofFirst = new HashSet<>(has);
      ofFirst.remove("b");
      if (ofFirst.isEmpty()) {
        has.add("d");
      }
      assertThat(pools(plan, 1, block)).isEqualTo(ofFirst.isEmpty() ? has : ofFirst);
    }
  }

  private static Set<String> pools(SteeringPlan plan, int service, int block) {
    return plan.explain(service, client(block), 0).decision().pools().stream()
        .map(Pool::name)
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource({
    "198.18.0.1, 20",
    "192.0.2.1, 25",
    "2001:db9::1, 36",
    "::ffff:198.18.0.1, 116",
    "::ffff:192.0.2.1, 121",
    "64:ff9b::198.18.0.1, 116",
    "2002:c612:1::1, 36",
    "2001:0:1:2:3:4:39ed:fffe, 116"
  })
  void theScopeIsTheBlockOrTheClassWithinIt(String client, int scope) {
    Policy office =
        new Policy.Geo(Map.of("office", world.use("d")), Map.of(), Map.of(), world.list("a", "b"));
    world.service(new AllDown.Answer(), office);
    Address address = Address.of(client);
    int before = steer(world.plan(world.allUp()), 0, address, 0).scope;
    assertThat(steer(recovered(Map.of("a", 32)), 0, address, 0).scope).isEqualTo(scope);
    assertThat(before).isLessThanOrEqualTo(scope);
    assertThat(steer(recovered(Map.of("a", 32)).withVerdicts(world.allUp()), 0, address, 0).scope)
        .isEqualTo(before);
  }

  @Test
  void anEmbeddedAddressIsAdmittedLikeItself() {
    world.service(new AllDown.Answer(), world.list("a", "b"));
    SteeringPlan plan = recovered(Map.of("a", 32));
    for (int block = 0; block < 2_000; block++) {
      Address client = client(block);
      String expected = answer(plan, client);
      assertThat(answer(plan, Address.v6(0, 0xffffL << 32 | client.low()))).isEqualTo(expected);
      assertThat(answer(plan, Address.v6(0x2002L << 48 | client.low() << 16, 5)))
          .isEqualTo(expected);
      assertThat(answer(plan, Address.v6(0x2001_0000L << 32, ~client.low() & 0xffff_ffffL)))
          .isEqualTo(expected);
    }
  }

  /// Where the class is narrower than the block, too; and in IPv6 each prefix of its length counts.
  @Test
  void aNarrowClassIsAdmittedByItself() {
    long low = TestCatalog.GERMAN.low();
    long state = Draws.rampState(7, true, 0, low, 25);
    assertThat(Draws.rampState(7, false, 0, 0xffffL << 32 | low, 96 + 25)).isEqualTo(state);
    assertThat(Draws.rampState(7, false, 0x2002L << 48 | low << 16, 5, 16 + 25)).isEqualTo(state);
    assertThat(Draws.rampState(7, true, 0, low ^ 0x7f, 25)).isEqualTo(state);
    assertThat(Draws.rampState(7, true, 0, low ^ 0x80, 25)).isNotEqualTo(state);
    long high = 0x2001_0db8_0000_0000L;
    long narrow = Draws.rampState(7, false, high, 1L << 28, 100);
    assertThat(Draws.rampState(7, false, high, 1L << 28 | 1, 100)).isEqualTo(narrow);
    assertThat(Draws.rampState(7, false, high, 1L << 29, 100)).isNotEqualTo(narrow);
  }

  @Test
  void theExplanationSaysWhoseTurnItIs() {
    world.service(new AllDown.Answer(), world.list("a", "d"));
    Address first = TestCatalog.NOWHERE;
    int step = Draws.rampStep(Draws.rampState(42, true, 0, first.low(), 0), Draws.key("a"));
    assertThat(step).isBetween(2, 63);
    assertThat(recovered(Map.of("a", step - 1)).explain(0, first, 0).toString())
        .isEqualTo(
            """
            service  s0
            client   100.64.0.1
            place    continent unknown, country unknown, no coordinates (0.0.0.0/1)
            pool     'a' held back: ramp %d of 64
            pool     'd' usable: v4 1 of 1 up, needs 1
            ramp     'a' at step %d of 64 has not got 100.64.0.0/20, which it gets at step %d
            answer   pool 'd'
            A        192.0.2.4
            AAAA     nodata
            scope    100.64.0.0/20
            """
                .formatted(step - 1, step - 1, step));
    assertThat(recovered(Map.of("a", step)).explain(0, first, 0).toString())
        .isEqualTo(
            """
            service  s0
            client   100.64.0.1
            place    continent unknown, country unknown, no coordinates (0.0.0.0/1)
            pool     'a' usable: v4 1 of 1 up, needs 1, ramp %d of 64
            pool     'd' not asked: one before it is chosen
            ramp     'a' at step %d of 64 has got 100.64.0.0/20, which it gets at step %d
            answer   pool 'a'
            A        192.0.2.1
            AAAA     nodata
            scope    100.64.0.0/20
            """
                .formatted(step, step, step));
  }

  @Test
  void aDecisionInARampAllocatesNothing() {
    world.service(new AllDown.Answer(), world.list("a", "b", "d"));
    SteeringPlan plan = recovered(Map.of("a", 16, "b", 32));
    Selection selection = new Selection();
    SplittableRandom random = new SplittableRandom(1);
    decide(plan, selection, random, 20_000);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 5; attempt++) {
      long before = threads.getThreadAllocatedBytes(self);
      decide(plan, selection, random, 10_000);
      least = Math.min(least, threads.getThreadAllocatedBytes(self) - before);
    }
    assertThat(least).isZero();
  }

  private static long decide(
      SteeringPlan plan, Selection selection, SplittableRandom random, int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      plan.steer(0, true, 0, random.nextInt() & 0xffff_ffffL, i, selection);
      sum += selection.answerSet;
    }
    return sum;
  }
}
