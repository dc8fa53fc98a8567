package gslb.steering;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A bounded sample of the clients that one thread decides for, over the last {@link #HOURS} hours:
/// of each hour {@link #SAMPLES_MAX} decisions, each with the same chance (Li, "Reservoir-Sampling
/// Algorithms of Time Complexity O(n(1 + log(N/n)))", 1994, algorithm L), and how many there were.
///
/// Only the thread that owns it adds; anyone reads. A read may meet a sample that is being replaced
/// and join the service of one with the client of another, which is as rare as it is harmless.
/// Nothing is allocated but once for each hour of the day. A client is known by its block, as in
/// {@link Draws}: /24 of IPv4 and /48 of IPv6.
public final class ClientSketch {
  /// Hours that are kept.
  public static final int HOURS = 24;

  /// Decisions that are kept of one hour.
  public static final int SAMPLES_MAX = 512;

  private static final long HOUR_MILLIS = 3_600_000;

  /// Until the end of an hour, from any time that counts for it: one that a clock is set back to,
  /// if it is not by more than an hour.
  private static final long LEFT_MILLIS_MAX = 2 * HOUR_MILLIS;

  private static final VarHandle HOUR_ENTRIES = MethodHandles.arrayElementVarHandle(Hour[].class);

  /// One hour.
  static final class Hour {
    private static final VarHandle COUNT;

    static {
      try {
        COUNT = MethodHandles.lookup().findVarHandle(Hour.class, "count", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    final long number;
    final long[] blocks = new long[SAMPLES_MAX];
    final int[] services = new int[SAMPLES_MAX];

    @SuppressWarnings("UnusedVariable") // by its handle
    private long count;

    private Hour(long number) {
      this.number = number;
    }

    /// How many decisions there were.
    long count() {
      return (long) COUNT.getOpaque(this);
    }

    private long increment() {
      long next = count + 1;
      COUNT.setOpaque(this, next);
      return next;
    }
  }

  private final RandomGenerator random;
  private final @Nullable Hour[] hours = new @Nullable Hour[HOURS];
  private long endMillis = Long.MIN_VALUE;
  private @Nullable Hour current;

  /// The next decision of the hour that is kept, counted from 1.
  private long takeAt;

  /// Algorithm L's largest random key of what is kept.
  private double threshold;

  ClientSketch(RandomGenerator random) {
    this.random = random;
  }

  /// Hears of one decision. On the path of every query.
  ///
  /// @param service the {@link SteeringPlan#sketchKey} of the service
  /// @param v4 as in {@link SteeringPlan#steer}
  public void see(int service, boolean v4, long high, long low, long timeMillis) {
    Hour hour = current;
    long left = endMillis - timeMillis;
    if (hour == null || left <= 0 || left > LEFT_MILLIS_MAX) {
      hour = begin(Math.floorDiv(timeMillis, HOUR_MILLIS));
    }
    long count = hour.increment();
    if (count == takeAt) {
      take(hour, count, service, Draws.block(v4, high, low));
    }
  }

  private Hour begin(long number) {
    Hour hour = new Hour(number);
    HOUR_ENTRIES.setRelease(hours, (int) Math.floorMod(number, (long) HOURS), hour);
    current = hour;
    endMillis = (number + 1) * HOUR_MILLIS;
    takeAt = 1;
    threshold = 1;
    return hour;
  }

  private void take(Hour hour, long count, int service, long block) {
    int at = count <= SAMPLES_MAX ? (int) count - 1 : random.nextInt(SAMPLES_MAX);
    hour.blocks[at] = block;
    hour.services[at] = service;
    if (count < SAMPLES_MAX) {
      takeAt = count + 1;
      return;
    }
    threshold *= Math.exp(Math.log(positive()) / SAMPLES_MAX);
    takeAt = count + 1 + (long) Math.floor(Math.log(positive()) / Math.log1p(-threshold));
  }

  private double positive() {
    return 1 - random.nextDouble();
  }

  /// An hour that is kept, by its number since the epoch; null if nothing was decided in it.
  @Nullable Hour hour(long number) {
    Hour hour = (Hour) HOUR_ENTRIES.getAcquire(hours, (int) Math.floorMod(number, (long) HOURS));
    return hour == null || hour.number != number ? null : hour;
  }

  static long hourNumber(long timeMillis) {
    return Math.floorDiv(timeMillis, HOUR_MILLIS);
  }
}
