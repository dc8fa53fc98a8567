package gslb.steering;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// For each endpoint, the earliest moment at which its verdict can flip and make an answer that
/// holds it wrong. Not part of a plan, because every probe moves it: one writer, any number of
/// readers, each value whole and at most a little late (opaque access).
public final class FlipDeadlines {
  /// No flip is in sight: nothing monitors the endpoint.
  public static final long NEVER = Long.MAX_VALUE;

  private static final VarHandle NANOS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] nanos;

  public FlipDeadlines(int endpointCount) {
    nanos = new long[endpointCount];
    Arrays.fill(nanos, NEVER);
  }

  /// What they are now, for a reader that looks at them more than once.
  public FlipDeadlines copy() {
    FlipDeadlines copy = new FlipDeadlines(nanos.length);
    for (int i = 0; i < nanos.length; i++) {
      copy.set(i, get(i));
    }
    return copy;
  }

  /// @param deadlineNanos on the monotonic clock, or {@link #NEVER}
  public void set(int endpoint, long deadlineNanos) {
    NANOS.setOpaque(nanos, endpoint, deadlineNanos);
  }

  public long get(int endpoint) {
    return (long) NANOS.getOpaque(nanos, endpoint);
  }
}
