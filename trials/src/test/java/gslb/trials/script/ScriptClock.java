package gslb.trials.script;

import gslb.base.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// The time in a script: it passes when the script says so. May be read by any thread.
final class ScriptClock implements Clock {
  /// When a script begins that does not say it.
  static final Instant START = Instant.parse("2027-01-15T08:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong wallMillis = new AtomicLong(START.toEpochMilli());

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public long currentTimeMillis() {
    return wallMillis.get();
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    wallMillis.addAndGet(time.toMillis());
  }

  /// Sets the wall clock alone, as an operator does.
  void set(Instant wall) {
    wallMillis.set(wall.toEpochMilli());
  }
}
