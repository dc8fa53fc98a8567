package gslb.node;

import gslb.base.Clock;
import gslb.health.TargetVerdicts;
import gslb.health.VerdictListener;
import gslb.steering.CapacityGuard;
import gslb.steering.Readmission;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one writer of the serving path: merges what changes, builds the next generation and
/// publishes it with one volatile write. The first change is published at once, the next ones at
/// least {@link #GAP_MIN} later, the latest verdicts winning. What time alone changes it publishes
/// by itself: steps of pools that get their clients back, and what the capacity guard lets go. A
/// build that fails publishes nothing.
///
/// @param <G> what a generation is
final class Publisher<G> implements VerdictListener, AutoCloseable {
  /// Between two publishes that verdicts cause.
  static final Duration GAP_MIN = Duration.ofMillis(50);

  /// Between a publish and the next that time alone causes.
  static final Duration STEP_GAP_MIN = Duration.ofMillis(250);

  /// Until the next attempt when a generation could not be built.
  static final Duration RETRY_MIN = Duration.ofSeconds(10);

  /// What is built from: one configuration, compiled as far as it goes without verdicts.
  @FunctionalInterface
  interface World<G> {
    /// @param before what this world built last, to take over what stays; null the first time
    G build(long number, TargetVerdicts verdicts, Course course, @Nullable G before);

    /// What follows for these verdicts from what was before.
    ///
    /// @param nowNanos on the monotonic clock
    default Course course(Course before, TargetVerdicts verdicts, long nowNanos) {
      return before;
    }
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
  private Course course;
  private boolean awaitsStep;
  private long stepAtNanos;
  private long number = 1;

  /// The only reference that the serving path reads.
  private volatile G current;

  private volatile long currentNumber = 1;

  /// Builds and publishes generation 1 on the calling thread.
  Publisher(Clock clock, World<G> world, TargetVerdicts verdicts) {
    this.clock = clock;
    this.world = world;
    this.verdicts = verdicts;
    this.course = world.course(Course.NONE, verdicts, clock.nanoTime());
    this.current = world.build(1, verdicts, course, null);
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
    return patience(publishedAt) <= 0;
  }

  /// Nanoseconds until something is due if nobody signals.
  private long patience(long publishedAt) {
    long now = clock.nanoTime();
    long untilVerdicts =
        pendingVerdicts == null ? Long.MAX_VALUE : GAP_MIN.toNanos() - (now - publishedAt);
    long untilStep =
        awaitsStep
            ? Math.max(stepAtNanos - now, STEP_GAP_MIN.toNanos() - (now - publishedAt))
            : Long.MAX_VALUE;
    return Math.min(untilVerdicts, untilStep);
  }

  private void awaitStep(long nowNanos, long untilNanos) {
    awaitsStep = untilNanos != Course.NEVER;
    stepAtNanos = awaitsStep ? nowNanos + untilNanos : 0;
  }

  @SuppressWarnings("ReferenceEquality") // the very same world: an equal one has other deadlines
  private void publish(@Nullable Change<G> change, @Nullable TargetVerdicts latest) {
    World<G> nextWorld = change == null ? world : change.world();
    TargetVerdicts nextVerdicts =
        latest != null ? latest : change != null ? change.verdicts() : verdicts;
    long now = clock.nanoTime();
    try {
      Course nextCourse = nextWorld.course(course, nextVerdicts, now);
      G next =
          nextWorld.build(
              number + 1, nextVerdicts, nextCourse, nextWorld == world ? current : null);
      Course before = course;
      course = nextCourse;
      awaitStep(now, course.untilNextNanos());
      number++;
      world = nextWorld;
      verdicts = nextVerdicts;
      current = next;
      currentNumber = number;
      if (change != null) {
        change.done().complete(number);
      }
      tell(before.readmission(), course.readmission());
      tell(before.guard(), course.guard());
    } catch (RuntimeException | Error e) { // whatever it is, this thread has to go on
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
      if (change == null) {
        verdicts = nextVerdicts;
        awaitStep(now, RETRY_MIN.toNanos());
      } else if (latest != null) {
        publish(null, latest); // which are of the old configuration's targets too
      }
    }
  }

  private static void tell(Readmission before, Readmission after) {
    Set<String> begun = after.ramping();
    Set<String> over = before.ramping();
    begun.removeAll(before.ramping());
    over.removeAll(after.ramping());
    begun.forEach(
        pool -> LOGGER.log(Level.INFO, "pool '" + pool + "' begins to get its clients back"));
    over.forEach(pool -> LOGGER.log(Level.INFO, "the ramp of pool '" + pool + "' is over"));
  }

  private static void tell(CapacityGuard before, CapacityGuard after) {
    Set<CapacityGuard.Member> begun = after.held();
    Set<CapacityGuard.Member> over = before.held();
    begun.removeAll(before.held());
    over.removeAll(after.held());
    begun.forEach(
        member ->
            LOGGER.log(
                Level.WARNING,
                member
                    + " is down, and answered all the same: health would remove more capacity at"
                    + " once than the guard allows; if it is really down, raise 'max-loss'"));
    over.forEach(member -> LOGGER.log(Level.INFO, "the guard no longer holds " + member));
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
