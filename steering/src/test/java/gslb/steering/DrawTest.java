package gslb.steering;

import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.steer;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Draws are fair, independent of each other and the same wherever they are made. Distributions are
/// held against chi-square at α = 10⁻⁶; the draws have no seed but the one written here.
final class DrawTest {
  private static final int DRAWS = 90_000;

  private final TestCatalog world =
      new TestCatalog()
          .pool("a", "192.0.2.1*5", "192.0.2.2*3", "192.0.2.3*2", "2001:db8::1")
          .pool("b", "198.51.100.1*5", "198.51.100.2*3", "198.51.100.3*2", "2001:db8::2")
          .pool("c", "203.0.113.1*5", "203.0.113.2*3", "203.0.113.3*2", "2001:db8::3");
  private final Policy policy =
      weighted(share(world.use("a"), 6), share(world.use("b"), 3), share(world.use("c"), 1));

  private static final double[] POOL_SHARES = {0.6, 0.3, 0.1};
  private static final double[] ENDPOINT_SHARES = {0.5, 0.3, 0.2};

  private SteeringPlan plan() {
    AllDown.Answer answer = new AllDown.Answer();
    return world.service(answer, policy).service(answer, policy).plan(world.allUp());
  }

  private interface Client {
    Address address(int i);
  }

  private interface Time {
    long millis(int i);
  }

  private static int pool(SteeringPlan plan, Selection selection) {
    return plan.pool(selection);
  }

  private static int member(SteeringPlan plan, Selection selection) {
    return plan.endpoint(selection, true) % 4;
  }

  private void isFair(Client client, Time time) {
    SteeringPlan plan = plan();
    long[] pools = new long[3];
    long[] both = new long[9];
    for (int i = 0; i < DRAWS; i++) {
      Selection selection = steer(plan, 0, client.address(i), time.millis(i));
      pools[pool(plan, selection)]++;
      both[pool(plan, selection) * 3 + member(plan, selection)]++;
    }
    assertThat(Luck.ofCounts(pools, POOL_SHARES)).as("pools").isGreaterThan(Luck.ALPHA);
    assertThat(Luck.ofCounts(both, Luck.independent(POOL_SHARES, ENDPOINT_SHARES)))
        .as("pools with endpoints: each draw by weight, and the two independent")
        .isGreaterThan(Luck.ALPHA);
  }

  @Test
  void ipv4BlocksShareByWeight() {
    isFair(i -> Address.v4(i << 8), _ -> 1_000_000);
  }

  @Test
  void ipv6BlocksShareByWeight() {
    isFair(i -> Address.v6(0x20010db8L << 32 | (long) i << 16, 0), _ -> 1_000_000);
  }

  @Test
  void theSecondsOfOneClientShareByWeight() {
    isFair(_ -> TestCatalog.GERMAN, i -> i * 1_000L);
  }

  @Test
  void clientsAtRandomTimesShareByWeight() {
    Random random = new Random(4);
    isFair(_ -> Address.v4(random.nextInt()), _ -> random.nextLong(1L << 42));
  }

  @Test
  void servicesDrawIndependently() {
    SteeringPlan plan = plan();
    long[] both = new long[9];
    for (int i = 0; i < DRAWS; i++) {
      Address client = Address.v4(i << 8);
      both[pool(plan, steer(plan, 0, client, 0)) * 3 + pool(plan, steer(plan, 1, client, 0))]++;
    }
    assertThat(Luck.ofCounts(both, Luck.independent(POOL_SHARES, POOL_SHARES)))
        .isGreaterThan(Luck.ALPHA);
  }

  @Test
  void successiveSecondsDrawIndependently() {
    SteeringPlan plan = plan();
    long[] both = new long[9];
    for (int i = 0; i < DRAWS; i++) {
      Address client = Address.v4(i << 8);
      int now = pool(plan, steer(plan, 0, client, 5_000));
      both[now * 3 + pool(plan, steer(plan, 0, client, 6_000))]++;
    }
    assertThat(Luck.ofCounts(both, Luck.independent(POOL_SHARES, POOL_SHARES)))
        .isGreaterThan(Luck.ALPHA);
  }

  @Test
  void neighbouringBlocksDrawIndependently() {
    SteeringPlan plan = plan();
    long[] both = new long[9];
    for (int i = 0; i < DRAWS; i++) {
      int now = pool(plan, steer(plan, 0, Address.v4(i << 9), 0));
      both[now * 3 + pool(plan, steer(plan, 0, Address.v4(i << 9 | 256), 0))]++;
    }
    assertThat(Luck.ofCounts(both, Luck.independent(POOL_SHARES, POOL_SHARES)))
        .isGreaterThan(Luck.ALPHA);
  }

  @Test
  void keysDrawIndependently() {
    SteeringPlan one = world.service(new AllDown.Answer(), policy).plan(world.allUp());
    SteeringPlan other =
        world.tables().plan(world.allUp(), SteeringPlan.drawKey("another cluster"));
    long[] both = new long[9];
    for (int i = 0; i < DRAWS; i++) {
      Address client = Address.v4(i << 8);
      both[pool(one, steer(one, 0, client, 0)) * 3 + pool(other, steer(other, 0, client, 0))]++;
    }
    assertThat(Luck.ofCounts(both, Luck.independent(POOL_SHARES, POOL_SHARES)))
        .isGreaterThan(Luck.ALPHA);
  }

  @Test
  void questionsForBothFamiliesAskedTogetherAgree() {
    SteeringPlan plan = plan();
    Random random = new Random(6);
    Selection a = new Selection();
    Selection aaaa = new Selection();
    for (int i = 0; i < 100_000; i++) {
      Address client =
          random.nextBoolean()
              ? Address.v4(random.nextInt())
              : Address.v6(random.nextLong(), random.nextLong());
      long time = random.nextLong(1L << 42);
      plan.steer(0, client.isV4(), client.high(), client.low(), time, a);
      plan.steer(0, client.isV4(), client.high(), client.low(), time, aaaa);
      assertThat(a.answerSet).isEqualTo(aaaa.answerSet);
      assertThat(plan.endpoint(a, true) / 4).isEqualTo(plan.endpoint(aaaa, false) / 4);
    }
  }

  private static final int SEEDS = 100;

  /// Pools of these weights, and in the last of them endpoints of these weights.
  private static TestCatalog weights(int first, int second, int third) {
    TestCatalog of =
        new TestCatalog()
            .pool("a", "192.0.2.1")
            .pool("b", "192.0.2.2")
            .pool("c", "192.0.2.3*" + first, "192.0.2.4*" + second, "192.0.2.5*" + third);
    return of.service(
            new AllDown.Answer(),
            weighted(
                share(of.use("a"), first), share(of.use("b"), second), share(of.use("c"), third)))
        .service(new AllDown.Answer(), of.use("c"));
  }

  /// How often each pool is drawn by the first service, or each endpoint of c by the second.
  private static long[] drawn(SteeringTables tables, long key, int service, int draws) {
    SteeringPlan plan = tables.plan(VerdictTable.all(5, Verdict.UP), key);
    long[] seen = new long[3];
    Selection selection = new Selection();
    for (int i = 0; i < draws; i++) {
      plan.steer(service, true, 0, 0x0a00_0000L + (i << 8), 0, selection);
      seen[service == 0 ? plan.pool(selection) : plan.endpoint(selection, true) - 2]++;
    }
    return seen;
  }

  /// @param biasedKeys under how many of the keys the bias is shown too
  private static void weightsHold(
      SteeringTables fair, SteeringTables biased, int draws, int biasedKeys) {
    for (int service = 0; service < 2; service++) {
      for (int key = 0; key < SEEDS; key++) {
        assertThat(Luck.ofCounts(drawn(fair, key, service, draws), 0.5, 0.3, 0.2))
            .as("service %d under key %d", service, key)
            .isGreaterThan(Luck.ALPHA);
        if (key < biasedKeys) {
          assertThat(Luck.ofCounts(drawn(biased, key, service, draws), 0.5, 0.3, 0.2))
              .as("service %d under key %d, biased", service, key)
              .isLessThan(Luck.ALPHA);
        }
      }
    }
  }

  @Test
  void weightsHoldUnderAHundredKeysAndTwoMoreInAHundredWouldShow() {
    weightsHold(weights(50, 30, 20).tables(), weights(52, 28, 20).tables(), 40_000, 5);
  }

  /// One weight of three is two per cent heavier than it should be.
  @Tag("proof")
  @Test
  void weightsHoldUnderAHundredKeysAndTwoPerCentOfOneWeightWouldShow() {
    weightsHold(weights(50, 30, 20).tables(), weights(51, 30, 20).tables(), 2_000_000, SEEDS);
  }

  private interface Purpose {
    /// 64 bits for the i-th block.
    long of(int i);
  }

  private static Purpose ofDraw(long purpose) {
    return i -> Draws.number(Draws.state(7, 1, Draws.block(true, 0, (long) i << 8), 0), purpose);
  }

  private static Purpose ofHash(String pool, int inside) {
    return i ->
        Draws.number(
            Draws.blockState(7, 1, Draws.block(true, 0, (long) i << 8)),
            Draws.key(pool) + Draws.pool(inside));
  }

  private static Purpose ofRamp(String pool) {
    return i -> Draws.number(Draws.rampState(7, true, 0, (long) i << 12, 0), Draws.key(pool));
  }

  /// Every number that a decision may look at, two by two: one tells nothing of the other.
  @Test
  void theNumbersForTwoPurposesAreIndependent() {
    List<Purpose> purposes =
        List.of(
            ofDraw(Draws.pool(0)),
            ofDraw(Draws.pool(1)),
            ofDraw(Draws.pool(2)),
            ofDraw(Draws.ENDPOINT),
            ofDraw(Draws.ORDER),
            ofHash("a", 0),
            ofHash("b", 0),
            ofHash("a", 1),
            ofRamp("a"),
            ofRamp("b"));
    int draws = 10_000;
    int[][] fifth = new int[purposes.size()][draws];
    for (int purpose = 0; purpose < fifth.length; purpose++) {
      for (int i = 0; i < draws; i++) {
        fifth[purpose][i] = (int) Math.unsignedMultiplyHigh(purposes.get(purpose).of(i), 5);
      }
    }
    double[] shares =
        Luck.independent(new double[] {.2, .2, .2, .2, .2}, new double[] {.2, .2, .2, .2, .2});
    for (int one = 0; one < fifth.length; one++) {
      for (int other = 0; other < fifth.length; other++) {
        long[] both = new long[25];
        for (int i = 0; i < draws; i++) {
          both[fifth[one][i] * 5 + fifth[other][i]]++;
        }
        double luck = Luck.ofCounts(both, shares);
        if (one == other) {
          assertThat(luck).as("purpose %d and itself", one).isLessThan(Luck.ALPHA);
        } else {
          assertThat(luck).as("purposes %d and %d", one, other).isGreaterThan(Luck.ALPHA);
        }
      }
    }
  }

  @Test
  void addressesOfOneBlockDrawAlikeAndSoDoesTheBlockInsideIpv6() {
    SteeringPlan plan = plan();
    for (int i = 0; i < 1_000; i++) {
      int drawn = steer(plan, 0, Address.v4(i << 8), 0).answerSet;
      assertThat(steer(plan, 0, Address.v4(i << 8 | 255), 0).answerSet).isEqualTo(drawn);
      Address mapped = Address.v6(0, 0xffffL << 32 | i << 8 | 7);
      assertThat(steer(plan, 0, mapped, 0).answerSet).isEqualTo(drawn);
      Address sixToFour = Address.v6(0x2002L << 48 | (long) i << 24, 1);
      assertThat(steer(plan, 0, sixToFour, 0).answerSet).isEqualTo(drawn);
    }
  }

  /// Of IPv4, 24 bits count; of IPv6, 48.
  @Test
  void theBlockIsAllThatCountsOfAnAddress() {
    SteeringPlan plan = plan();
    Address v4 = Address.of("192.0.2.0");
    Address v6 = Address.of("2001:db8:7::");
    for (int bit = 0; bit < 32; bit++) {
      Address other = Address.v4((int) v4.low() ^ 1 << bit);
      assertThat(steer(plan, 0, other, 0).draw == steer(plan, 0, v4, 0).draw).isEqualTo(bit < 8);
    }
    for (int bit = 0; bit < 128; bit++) {
      Address other =
          bit < 64
              ? Address.v6(v6.high(), v6.low() ^ 1L << bit)
              : Address.v6(v6.high() ^ 1L << bit - 64, v6.low());
      assertThat(steer(plan, 0, other, 0).draw == steer(plan, 0, v6, 0).draw).isEqualTo(bit < 80);
    }
  }

  /// A slot lasts a second, and the blocks do not change slots all at once.
  @Test
  void eachBlockChangesOnceInASecondAndTheChangesAreSpread() {
    SteeringPlan plan = plan();
    int[] changesAt = new int[10];
    for (int block = 0; block < 2_000; block++) {
      Address client = Address.v4(block << 8);
      long before = steer(plan, 0, client, 70_000).draw;
      int changes = 0;
      for (int millis = 10; millis <= 1_000; millis += 10) {
        long now = steer(plan, 0, client, 70_000 + millis).draw;
        if (now != before) {
          changesAt[(millis - 1) / 100]++;
          changes++;
        }
        before = now;
      }
      assertThat(changes).isOne();
    }
    for (int changes : changesAt) {
      assertThat(changes).isBetween(130, 270); // 200 ± 5 standard deviations
    }
  }

  @Test
  void aDrawDoesNotNarrowTheScope() {
    assertThat(steer(plan(), 0, TestCatalog.GERMAN, 0).scope).isZero();
  }

  @Test
  void aNumberFallsOnASharePreciselyByItsWeight() {
    long[] cumulative = {1, 3, 4};
    long quarter = 1L << 62;
    assertThat(Draws.pick(0, cumulative)).isZero();
    assertThat(Draws.pick(quarter - 1, cumulative)).isZero();
    assertThat(Draws.pick(quarter, cumulative)).isOne();
    assertThat(Draws.pick(3 * quarter - 1, cumulative)).isOne();
    assertThat(Draws.pick(3 * quarter, cumulative)).isEqualTo(2);
    assertThat(Draws.pick(-1, cumulative)).isEqualTo(2);
  }
}
