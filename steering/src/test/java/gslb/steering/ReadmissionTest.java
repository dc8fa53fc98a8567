package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.testkit.Seeded;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// When a pool gets its clients back, and how far it is at which moment.
final class ReadmissionTest {
  private static final Duration RAMP = Duration.ofSeconds(63);

  private final TestCatalog world =
      new TestCatalog()
          .pool("eu", null, new MinHealthy.Endpoints(1), "192.0.2.10", "192.0.2.11")
          .pool("us", "198.51.100.10")
          .ramp("eu", RAMP);
  private final VerdictTable up = world.allUp();
  private final VerdictTable down = up.with(0, Verdict.DOWN).with(1, Verdict.DOWN);
  private long nowNanos = Long.MAX_VALUE - Duration.ofMinutes(3).toNanos();
  private Readmission readmission = Readmission.NONE;

  private int after(Duration time, VerdictTable verdicts) {
    nowNanos += time.toNanos();
    readmission = readmission.next(world.catalog(), verdicts, nowNanos);
    return step();
  }

  private int step() {
    return readmission.step(world.pool("eu"));
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  /// 63 seconds have a step each second. The monotonic clock runs over on the way.
  @Test
  void aRecoveryIsGivenBackInSteps() {
    assertThat(after(seconds(0), down)).isEqualTo(64);
    assertThat(readmission.untilNextNanos()).isEqualTo(Readmission.NEVER);
    assertThat(after(seconds(150), up)).isEqualTo(1);
    assertThat(readmission.ramping()).containsExactly("eu");
    assertThat(readmission.untilNextNanos()).isEqualTo(seconds(1).toNanos());
    for (int step = 2; step < 64; step++) {
      assertThat(after(Duration.ofMillis(999), up)).isEqualTo(step - 1);
      assertThat(readmission.untilNextNanos()).isEqualTo(Duration.ofMillis(1).toNanos());
      assertThat(after(Duration.ofMillis(1), up)).isEqualTo(step);
    }
    assertThat(after(seconds(1), up)).isEqualTo(64);
    assertThat(readmission.ramping()).isEmpty();
    assertThat(readmission.untilNextNanos()).isEqualTo(Readmission.NEVER);
    assertThat(after(seconds(1000), up)).isEqualTo(64);
  }

  @Test
  void whatIsSeenForTheFirstTimeHasNotRecovered() {
    assertThat(after(seconds(0), up)).isEqualTo(64);
    assertThat(readmission.untilNextNanos()).isEqualTo(Readmission.NEVER);
  }

  @Test
  void aPoolThatFailsInItsRampBeginsAnew() {
    after(seconds(0), down);
    after(seconds(0), up);
    assertThat(after(seconds(40), up)).isEqualTo(41);
    assertThat(after(seconds(1), down)).isEqualTo(64);
    assertThat(readmission.ramping()).isEmpty();
    assertThat(after(seconds(1), up)).isEqualTo(1);
    assertThat(after(seconds(10), up)).isEqualTo(11);
  }

  @Test
  void anEndpointThatRecoversInAnAvailablePoolIsNoRecovery() {
    after(seconds(0), up.with(0, Verdict.DOWN));
    assertThat(after(seconds(1), up)).isEqualTo(64);
    after(seconds(1), down);
    assertThat(after(seconds(1), up.with(0, Verdict.DOWN))).isEqualTo(1);
    assertThat(after(seconds(5), up)).isEqualTo(6);
  }

  @Test
  void whatOperatorsDoIsNoRecovery() {
    VerdictTable drained = up.with(0, EndpointOverride.DRAIN).with(1, EndpointOverride.DRAIN);
    after(seconds(0), drained);
    assertThat(after(seconds(1), up)).isEqualTo(64);
    after(seconds(1), down);
    VerdictTable forced = down.with(0, EndpointOverride.UP);
    assertThat(after(seconds(1), forced)).isEqualTo(64);
    assertThat(after(seconds(1), up.with(0, EndpointOverride.UP))).isEqualTo(64);
    assertThat(after(seconds(1), up)).isEqualTo(64);
  }

  /// One endpoint has recovered, but it takes another, which is forced up, for the pool to be
  /// available.
  @Test
  void aPoolThatIsAvailableByForceHasNotRecovered() {
    TestCatalog both =
        new TestCatalog()
            .pool("eu", null, new MinHealthy.Endpoints(2), "192.0.2.10", "192.0.2.11")
            .ramp("eu", RAMP);
    VerdictTable bothDown = VerdictTable.all(2, Verdict.DOWN);
    VerdictTable forced = bothDown.with(0, Verdict.UP).with(1, EndpointOverride.UP);
    Readmission at = Readmission.NONE.next(both.catalog(), bothDown, 0);
    assertThat(at.next(both.catalog(), forced, 1).step(both.pool("eu"))).isEqualTo(64);
    assertThat(at.next(both.catalog(), both.allUp(), 1).step(both.pool("eu"))).isEqualTo(1);
  }

  /// A pool that recovers while it is drained is free of its failure when the drain ends.
  @Test
  void aDrainThatOutlivesAFailureHidesTheRecovery() {
    after(seconds(0), down.with(0, EndpointOverride.DRAIN).with(1, EndpointOverride.DRAIN));
    after(seconds(1), up.with(0, EndpointOverride.DRAIN).with(1, EndpointOverride.DRAIN));
    assertThat(after(seconds(1), up)).isEqualTo(64);
    after(seconds(0), down.with(0, EndpointOverride.DRAIN).with(1, EndpointOverride.DRAIN));
    after(seconds(1), down);
    assertThat(after(seconds(1), up)).isEqualTo(1);
  }

  /// After a start endpoints become known one after another.
  @Test
  void becomingKnownIsNoRecovery() {
    VerdictTable unknown = VerdictTable.all(3, Verdict.UNKNOWN);
    assertThat(after(seconds(0), unknown)).isEqualTo(64);
    VerdictTable oneDown = unknown.with(0, Verdict.DOWN);
    assertThat(new PoolState(world.pool("eu"), oneDown).isAvailable()).isFalse();
    assertThat(after(seconds(1), oneDown)).isEqualTo(64);
    assertThat(after(seconds(1), oneDown.with(1, Verdict.UP))).isEqualTo(64);
    after(seconds(1), down);
    assertThat(after(seconds(1), unknown)).isEqualTo(64);
  }

  @Test
  void aRampGoesOnOverAChangeOfTheConfiguration() {
    after(seconds(0), down);
    after(seconds(0), up);
    TestCatalog changed =
        new TestCatalog()
            .pool("new", "203.0.113.10")
            .pool("eu", "192.0.2.10", "192.0.2.12")
            .ramp("new", RAMP)
            .ramp("eu", RAMP.multipliedBy(2));
    nowNanos += seconds(20).toNanos();
    readmission = readmission.next(changed.catalog(), changed.allUp(), nowNanos);
    assertThat(readmission.step(changed.pool("eu"))).isEqualTo(11);
    assertThat(readmission.step(changed.pool("new"))).isEqualTo(64);
    assertThat(readmission.ramping()).containsExactly("eu");
    TestCatalog without = new TestCatalog().pool("eu", "192.0.2.10");
    assertThat(readmission.next(without.catalog(), without.allUp(), nowNanos).ramping()).isEmpty();
  }

  @Test
  void theNextMomentIsTheFirstOfAnyPool() {
    TestCatalog two =
        new TestCatalog()
            .pool("a", "192.0.2.10")
            .pool("b", "192.0.2.11")
            .ramp("a", Duration.ofSeconds(63))
            .ramp("b", Duration.ofSeconds(630));
    Readmission at =
        Readmission.NONE
            .next(two.catalog(), VerdictTable.all(2, Verdict.DOWN), 0)
            .next(two.catalog(), two.allUp(), 0);
    assertThat(at.untilNextNanos()).isEqualTo(seconds(1).toNanos());
    at = at.next(two.catalog(), two.allUp(), seconds(70).toNanos());
    assertThat(at.ramping()).containsExactly("b");
    assertThat(at.step(two.pool("b"))).isEqualTo(8);
    assertThat(at.untilNextNanos()).isEqualTo(seconds(10).toNanos());
  }

  /// Any duration, not only those that 63 divides.
  @Seeded(200)
  void whoWaitsForTheNextMomentSeesEveryStepOnce(Random random) {
    Duration ramp = Duration.ofMillis(random.nextLong(1_000, 86_400_001));
    TestCatalog of = new TestCatalog().pool("eu", "192.0.2.10").ramp("eu", ramp);
    long now = random.nextLong();
    Readmission at =
        Readmission.NONE
            .next(of.catalog(), VerdictTable.all(1, Verdict.DOWN), now)
            .next(of.catalog(), of.allUp(), now);
    long sum = 0;
    for (int step = 1; step < 64; step++) {
      assertThat(at.step(of.pool("eu"))).isEqualTo(step);
      long until = at.untilNextNanos();
      assertThat(until).isPositive();
      assertThat(at.next(of.catalog(), of.allUp(), now + until - 1).step(of.pool("eu")))
          .isEqualTo(step);
      now += until;
      sum += until;
      at = at.next(of.catalog(), of.allUp(), now);
    }
    assertThat(at.step(of.pool("eu"))).isEqualTo(64);
    assertThat(sum).isEqualTo(ramp.toNanos());
  }
}
