package gslb.dns.listen;

import java.util.concurrent.atomic.AtomicLong;

/// Decides when a fault that repeats is worth a log line: the first time and every 2ⁿth.
final class RepeatedFault {
  private final AtomicLong times = new AtomicLong();

  /// Counts the fault. The number of times so far if it is to be logged, else 0.
  long occurred() {
    long count = times.incrementAndGet();
    return Long.bitCount(count) == 1 ? count : 0;
  }
}
