package gslb.testkit;

import gslb.base.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that moves only when told to. May be read by any thread.
public final class FakeClock implements Clock {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong wallMillis = new AtomicLong(1_800_000_000_000L);

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public long currentTimeMillis() {
    return wallMillis.get();
  }

  /// Moves both clocks forward.
  public void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
    wallMillis.addAndGet(by.toMillis());
  }
}
