package gslb.health;

import gslb.steering.Verdict;
import java.time.Duration;

/// The rule by which observations become one node's opinion. Pure.
///
/// UP falls after `fall` failures that need not be consecutive: failures are counted until `rise`
/// consecutive successes forget them all. DOWN rises after `rise` consecutive successes. Each flip
/// within {@link #FLAP_WINDOW} of the one before doubles `rise`, up to {@link #RISE_FACTOR_MAX}
/// times; when the window has passed without a flip, `rise` is what is configured. The first
/// opinion comes after `fall` probes: DOWN if all of them failed.
public final class Judge {
  /// How close two flips are to be called flapping.
  public static final Duration FLAP_WINDOW = Duration.ofMinutes(10);

  /// How much flapping can multiply `rise`.
  public static final int RISE_FACTOR_MAX = 16;

  private Judge() {}

  /// What the judge knows of one target.
  ///
  /// @param failures counted against UP
  /// @param successes consecutive; while UP only counted when there are failures to forget
  /// @param seen probes since the start, counted to `fall`
  /// @param riseFactor by which flapping multiplies `rise`, 1..16
  /// @param flips since the start
  /// @param flippedNanos time of the last flip, if there was one
  public record State(
      Verdict opinion,
      int failures,
      int successes,
      int seen,
      int riseFactor,
      long flips,
      long flippedNanos) {
    /// Nothing has been seen.
    public static final State UNKNOWN = new State(Verdict.UNKNOWN, 0, 0, 0, 1, 0, 0);

    /// An opinion from before a restart, or none.
    public static State remembered(Verdict opinion) {
      return new State(opinion, 0, 0, 0, 1, 0, 0);
    }

    private State flipped(Verdict to, long nowNanos) {
      int factor = 1;
      if (flips > 0 && nowNanos - flippedNanos <= FLAP_WINDOW.toNanos()) {
        factor = Math.min(RISE_FACTOR_MAX, riseFactor * 2);
      }
      return new State(to, 0, 0, seen, factor, flips + 1, nowNanos);
    }

    private State counted(int newFailures, int newSuccesses) {
      return new State(opinion, newFailures, newSuccesses, seen, riseFactor, flips, flippedNanos);
    }
  }

  /// The state after one more probe.
  ///
  /// @param nowNanos when its result was known, on the monotonic clock
  public static State next(Monitor monitor, State before, boolean success, long nowNanos) {
    State state =
        new State(
            before.opinion,
            before.failures,
            before.successes,
            Math.min(before.seen + 1, monitor.fall()),
            before.riseFactor,
            before.flips,
            before.flippedNanos);
    return switch (state.opinion) {
      case UNKNOWN -> nextUnknown(monitor, state, success);
      case UP -> nextUp(monitor, state, success, nowNanos);
      case DOWN -> nextDown(monitor, state, success, nowNanos);
    };
  }

  private static State nextUnknown(Monitor monitor, State state, boolean success) {
    State counted = countWhileUp(monitor, state, success);
    if (counted.seen < monitor.fall()) {
      return counted;
    }
    boolean down = counted.failures >= monitor.fall();
    return new State(
        down ? Verdict.DOWN : Verdict.UP,
        down ? 0 : counted.failures,
        down ? 0 : counted.successes,
        counted.seen,
        1,
        0,
        0);
  }

  private static State nextUp(Monitor monitor, State state, boolean success, long nowNanos) {
    State counted = countWhileUp(monitor, state, success);
    return counted.failures >= monitor.fall() ? counted.flipped(Verdict.DOWN, nowNanos) : counted;
  }

  private static State countWhileUp(Monitor monitor, State state, boolean success) {
    if (!success) {
      return state.counted(state.failures + 1, 0);
    }
    if (state.failures == 0) {
      return state;
    }
    return state.successes + 1 >= monitor.rise()
        ? state.counted(0, 0)
        : state.counted(state.failures, state.successes + 1);
  }

  private static State nextDown(Monitor monitor, State state, boolean success, long nowNanos) {
    if (!success) {
      return state.counted(0, 0);
    }
    return state.successes + 1 >= effectiveRise(monitor, state, nowNanos)
        ? state.flipped(Verdict.UP, nowNanos)
        : state.counted(0, state.successes + 1);
  }

  /// Successes that DOWN needs now.
  public static int effectiveRise(Monitor monitor, State state, long nowNanos) {
    boolean flapping = state.flips > 0 && nowNanos - state.flippedNanos <= FLAP_WINDOW.toNanos();
    return monitor.rise() * (flapping ? state.riseFactor : 1);
  }

  /// Probes until the opinion can flip at the earliest, at least 1. While flapping holds a DOWN
  /// back, the end of the window may release it before the successes do.
  public static int remaining(Monitor monitor, State state, long nowNanos) {
    int remaining =
        switch (state.opinion()) {
          case UNKNOWN -> monitor.fall() - state.seen;
          case UP -> monitor.fall() - state.failures;
          case DOWN -> {
            int damped = effectiveRise(monitor, state, nowNanos) - state.successes;
            long window = state.flippedNanos + FLAP_WINDOW.toNanos() - nowNanos;
            long released =
                Math.max(monitor.rise() - state.successes, window / monitor.interval().toNanos());
            yield damped > monitor.rise() - state.successes
                ? (int) Math.min(damped, released)
                : damped;
          }
        };
    return Math.max(1, remaining);
  }

  /// Whether the first round is over; before it, the opinion is no vote.
  public static boolean maySpeak(Monitor monitor, State state) {
    return state.seen >= monitor.fall();
  }
}
