package gslb.steering;

import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.steer;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import java.util.Random;
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
