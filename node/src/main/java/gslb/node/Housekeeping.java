package gslb.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// The slow chores of a node, one after the other on one thread. A chore that fails is reported
/// when it begins to fail and at every power of two from then on, and is tried again next time.
final class Housekeeping implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(Housekeeping.class.getName());

  /// Something to do now and then; may take its time.
  @FunctionalInterface
  interface Chore {
    void run() throws Exception;
  }

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("housekeeping").daemon(true).unstarted(task));

  void every(Duration interval, String what, Chore chore) {
    long[] failures = {0};
    ScheduledFuture<?> scheduled =
        thread.scheduleWithFixedDelay(
            () -> run(what, chore, failures),
            interval.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
    LOGGER.log(Level.DEBUG, "{0}: every {1}, {2}", what, interval, scheduled);
  }

  private static void run(String what, Chore chore, long[] failures) {
    try {
      chore.run();
      if (failures[0] > 0) {
        LOGGER.log(Level.INFO, "{0}: works again after {1} failures", what, failures[0]);
        failures[0] = 0;
      }
    } catch (Exception | Error e) { // else it would not be scheduled again
      failures[0]++;
      if (Long.bitCount(failures[0]) == 1) {
        LOGGER.log(Level.WARNING, "{0}: failed {1} times: {2}", what, failures[0], e);
      }
    }
  }

  /// Waits for the chore under way, at most 5 seconds.
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
