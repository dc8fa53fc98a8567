package gslb.steering;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// How far each pool has got its clients back after a failure. Immutable: every publish makes the
/// next one from it.
///
/// A pool with a ramp that was unavailable because of verdicts, and is available again because of
/// verdicts, gets its clients back in {@link #STEPS} steps: the first at once, the last after the
/// ramp. What is seen for the first time, after a start or because it is newly configured, has
/// recovered from nothing. Neither is it a recovery when an operator takes back a drain or forces a
/// pool up, nor when nothing is known of its endpoints any more. A pool is known by its name, so a
/// ramp goes on over a change of the configuration; if the pool fails meanwhile, the next begins
/// anew.
public final class Readmission {
  static final int STEP_BITS = 6;

  /// In so many parts a pool gets its clients back.
  public static final int STEPS = 1 << STEP_BITS;

  /// What {@link #untilNextNanos} is while no pool is in its ramp.
  public static final long NEVER = Long.MAX_VALUE;

  /// Nothing has been seen, every pool is admitted fully.
  public static final Readmission NONE = new Readmission(Map.of(), NEVER);

  /// What a pool was at the last publish.
  ///
  /// @param isDown whether its verdicts alone made it unavailable
  /// @param step {@link #STEPS} outside of a ramp
  /// @param sinceNanos when its ramp began, on the monotonic clock
  private record Known(boolean isAvailable, boolean isDown, int step, long sinceNanos) {}

  private final Map<String, Known> pools;
  private final long untilNextNanos;

  private Readmission(Map<String, Known> pools, long untilNextNanos) {
    this.pools = Map.copyOf(pools);
    this.untilNextNanos = untilNextNanos;
  }

  /// How far a plan's pools have got their clients back, for another plan with pools of these
  /// names.
  public static Readmission asIn(SteeringPlan plan) {
    Map<String, Known> pools = new HashMap<>();
    for (Pool pool : plan.catalog().pools()) {
      PoolState state = plan.state(pool.id());
      if (state.isRamping()) {
        pools.put(pool.name(), new Known(true, false, state.rampStep(), 0));
      }
    }
    return new Readmission(pools, NEVER);
  }

  /// What follows from the verdicts of a moment.
  ///
  /// @param nowNanos on the monotonic clock, not before the moment of this one
  public Readmission next(Catalog catalog, VerdictTable verdicts, long nowNanos) {
    Map<String, Known> after = new HashMap<>();
    VerdictTable hopeful = verdicts.hopeful();
    long untilNext = NEVER;
    for (Pool pool : catalog.pools()) {
      if (pool.ramp().isZero()) {
        continue;
      }
      boolean isAvailable = new PoolState(pool, verdicts).isAvailable();
      boolean isDown = !new PoolState(pool, hopeful).isAvailable();
      Known before = pools.get(pool.name());
      boolean recovers =
          isAvailable
              && before != null
              && !before.isAvailable
              && before.isDown
              && !isDown
              && isAnyUp(pool, verdicts);
      boolean goesOn = isAvailable && before != null && before.step < STEPS;
      long since = recovers || before == null ? nowNanos : before.sinceNanos;
      int step = recovers || goesOn ? step(pool, nowNanos - since) : STEPS;
      after.put(pool.name(), new Known(isAvailable, isDown, step, since));
      if (step < STEPS) {
        untilNext = Math.min(untilNext, beginsAfter(pool, step + 1) - (nowNanos - since));
      }
    }
    return new Readmission(after, untilNext);
  }

  private static boolean isAnyUp(Pool pool, VerdictTable verdicts) {
    return pool.endpoints().stream().anyMatch(e -> verdicts.verdict(e.id()) == Verdict.UP);
  }

  private static int step(Pool pool, long elapsedNanos) {
    long rampNanos = pool.ramp().toNanos();
    return elapsedNanos >= rampNanos ? STEPS : 1 + (int) (elapsedNanos * (STEPS - 1) / rampNanos);
  }

  /// Nanoseconds from the recovery to a step.
  private static long beginsAfter(Pool pool, int step) {
    return Math.ceilDiv((step - 1) * pool.ramp().toNanos(), STEPS - 1);
  }

  /// How many steps a pool has done; all outside of a ramp.
  int step(Pool pool) {
    Known known = pools.get(pool.name());
    return known == null ? STEPS : known.step;
  }

  /// The same with a pool at another step of its ramp.
  Readmission withStep(Pool pool, int step) {
    Map<String, Known> changed = new HashMap<>(pools);
    changed.put(pool.name(), new Known(true, false, step, 0));
    return new Readmission(changed, untilNextNanos);
  }

  /// Nanoseconds from the recovery of a pool to the first moment of a step.
  static long nanosTo(Pool pool, int step) {
    return beginsAfter(pool, step);
  }

  /// The pools in their ramp, by name.
  public Set<String> ramping() {
    Set<String> ramping = new TreeSet<>();
    pools.forEach(
        (name, known) -> {
          if (known.step < STEPS) {
            ramping.add(name);
          }
        });
    return ramping;
  }

  /// Nanoseconds from the moment of the last publish until a pool's next step, or {@link #NEVER}.
  public long untilNextNanos() {
    return untilNextNanos;
  }
}
