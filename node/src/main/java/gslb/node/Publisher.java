package gslb.node;

import gslb.base.Clock;
import gslb.health.TargetVerdicts;
import gslb.health.VerdictListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one writer of the serving path: merges what changes, builds the next generation and
/// publishes
/// it with one volatile write. The first change is published at once, the next ones at least
/// {@link #GAP_MIN} later, the latest verdicts winning. A build that fails publishes nothing.
///
/// @param <G> what a generation is
final class Publisher<G> implements VerdictListener, AutoCloseable {
  /// Between two publishes that verdicts cause.
  static final Duration GAP_MIN = Duration.ofMillis(50);

  /// What is built from: one configuration, compiled as far as it goes without verdicts.
  @FunctionalInterface
  interface World<G> {
    G build(long number, TargetVerdicts verdicts);
  }

  private record Change<G>(World<G> world, TargetVerdicts verdicts, CompletableFuture<Long> done) {}

  private static final Logger LOGGER = System.getLogger(Publisher.class.getName());

  private final Clock clock;
  private final Thread thread = Thread.ofPlatform().name("publisher").unstarted(this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicLong failures = new AtomicLong();

  // Guarded by the lock.
  private @Nullable Change<G> pendingChange;
  private @Nullable TargetVerdicts pendingVerdicts;
  private boolean closing;

  // Confined to the publishing thread.
  private World<G> world;
  private TargetVerdicts verdicts;
  private long number = 1;

  /// The only reference that the serving path reads.
  private volatile G current;

  private volatile long currentNumber = 1;

  /// Builds and publishes generation 1 on the calling thread.
  Publisher(Clock clock, World<G> world, TargetVerdicts verdicts) {
    this.clock = clock;
    this.world = world;
    this.verdicts = verdicts;
    this.current = world.build(1, verdicts);
  }

  void start() {
    thread.start();
  }

  /// Read once per request.
  G current() {
    return current;
  }

  long number() {
    return currentNumber;
  }

  /// Builds that failed.
  long failureCount() {
    return failures.get();
  }

  /// Replaces the configuration.
  ///
  /// @param startingVerdicts what is known of the new configuration's targets
  /// @return the number of the generation that serves it; fails if it could not be built, and then
  ///     the old one stays
  CompletableFuture<Long> replace(World<G> next, TargetVerdicts startingVerdicts) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    lock.lock();
    try {
      if (closing) {
        done.completeExceptionally(new IllegalStateException("the node is stopping"));
        return done;
      }
      if (pendingChange != null) {
        pendingChange
            .done()
            .completeExceptionally(
                new IllegalStateException(
                    "a newer configuration came before this one was applied"));
      }
      pendingChange = new Change<>(next, startingVerdicts, done);
      changed.signal();
    } finally {
      lock.unlock();
    }
    return done;
  }

  @Override
  public void verdictsChanged(TargetVerdicts latest) {
    lock.lock();
    try {
      pendingVerdicts = latest;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    long publishedAt = clock.nanoTime() - GAP_MIN.toNanos();
    try {
      while (true) {
        Change<G> change;
        TargetVerdicts latest;
        lock.lockInterruptibly();
        try {
          while (!closing && pendingChange == null && !isDue(publishedAt)) {
            changed.awaitNanos(patience(publishedAt));
          }
          if (closing) {
            return;
          }
          change = pendingChange;
          latest = pendingVerdicts;
          pendingChange = null;
          pendingVerdicts = null;
        } finally {
          lock.unlock();
        }
        publish(change, latest);
        publishedAt = clock.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      abandon();
    }
  }

  private boolean isDue(long publishedAt) {
    return pendingVerdicts != null && clock.nanoTime() - publishedAt >= GAP_MIN.toNanos();
  }

  /// Nanoseconds until something may be due if nobody signals.
  private long patience(long publishedAt) {
    return pendingVerdicts == null
        ? Long.MAX_VALUE
        : GAP_MIN.toNanos() - (clock.nanoTime() - publishedAt);
  }

  private void publish(@Nullable Change<G> change, @Nullable TargetVerdicts latest) {
    World<G> nextWorld = change == null ? world : change.world();
    TargetVerdicts nextVerdicts =
        latest != null ? latest : change != null ? change.verdicts() : verdicts;
    try {
      G next = nextWorld.build(number + 1, nextVerdicts);
      number++;
      world = nextWorld;
      verdicts = nextVerdicts;
      current = next;
      currentNumber = number;
      if (change != null) {
        change.done().complete(number);
      }
    } catch (RuntimeException e) {
      failures.incrementAndGet();
      LOGGER.log(
          Level.ERROR,
          "generation "
              + (number + 1)
              + " could not be built; generation "
              + number
              + " stays in service",
          e);
      if (change != null) {
        change.done().completeExceptionally(e);
      }
    }
  }

  private void abandon() {
    lock.lock();
    try {
      closing = true;
      if (pendingChange != null) {
        pendingChange
            .done()
            .completeExceptionally(new IllegalStateException("the node is stopping"));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Publishes nothing more; the current generation stays readable.
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      if (thread.isAlive()) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
