package gslb.health;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.CounterBlock;
import gslb.base.Counters;
import gslb.steering.FlipDeadlines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The running health room of one node: probes, judges, votes and decides, and tells the listener.
///
/// Threads: `health-timer` starts probes, each on a virtual thread; `health-judge` owns all state
/// and writes verdicts and deadlines. Every method may be called by any thread, and none waits but
/// {@link #close}.
public final class HealthLoop implements AutoCloseable {
  /// Results and messages that wait for the judging thread. A full queue holds probes back and
  /// drops messages, which the next digest makes good.
  public static final int EVENTS_MAX = 8192;

  /// Events that are judged before their verdicts are told.
  static final int BATCH_MAX = 1024;

  /// How long {@link #close} waits for the threads.
  static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private static final System.Logger LOGGER = System.getLogger(HealthLoop.class.getName());

  private final Ports ports;
  private final Clock clock;
  private final HealthCore core;
  private final ProbeSchedule schedule;
  private final Counters counters = new Counters(HealthCounter.NAMES);
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong brokenProbes = new AtomicLong();

  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(EVENTS_MAX);
  private final AtomicReference<@Nullable Settings> pendingSettings = new AtomicReference<>();
  private final AtomicReference<@Nullable Set<String>> pendingPeers = new AtomicReference<>();

  /// Guards the schedule.
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private final Thread timer;
  private final Thread judge;
  private boolean started;
  private volatile boolean closed;
  private volatile TargetVerdicts verdicts;
  private volatile HealthStatus status;
  private volatile HealthMemory memory;

  /// What the loop reaches the world through.
  public record Ports(
      Clock clock, Probe probe, VantageCheck vantageCheck, VoteBus bus, VerdictListener listener) {}

  private record Settings(MonitoredEndpoints endpoints, FlipDeadlines deadlines) {}

  private sealed interface Event {
    record Observed(TargetKey target, Observation observation) implements Event {}

    record Received(VoteMessage message) implements Event {}

    record VantageChecked(long startedNanos, boolean passes) implements Event {}

    /// Something is pending outside of the queue.
    record Wake() implements Event {}
  }

  /// @param memory what was saved before the restart, or {@link HealthMemory#NONE}
  public HealthLoop(Membership membership, Ports ports, HealthMemory memory) {
    this.ports = ports;
    this.clock = ports.clock();
    this.core = new HealthCore(membership, memory, clock.currentTimeMillis(), clock.nanoTime());
    this.schedule = new ProbeSchedule(membership.self(), ProbeSchedule.PROBES_CONCURRENT_MAX);
    this.verdicts = core.verdicts();
    this.status = core.status(clock.currentTimeMillis(), clock.nanoTime());
    this.memory = memory;
    this.timer = Thread.ofPlatform().daemon().name("health-timer").unstarted(this::runTimer);
    this.judge = Thread.ofPlatform().daemon().name("health-judge").unstarted(this::runJudge);
  }

  /// Begins to probe. Called once.
  ///
  /// @param deadlines of the catalog that the settings belong to
  /// @throws IllegalStateException if it was called before
  public void start(HealthSettings settings, FlipDeadlines deadlines) {
    lock.lock();
    try {
      if (started || closed) {
        throw new IllegalStateException("a health loop starts once");
      }
      started = true;
      ports.bus().listen(new BusListener());
      reconfigure(settings, deadlines);
      judge.start();
      timer.start();
    } finally {
      lock.unlock();
    }
  }

  /// Takes other settings: targets that are in both keep their state, removed ones are no longer
  /// probed, new ones begin UNKNOWN. The listener is told when it is done.
  public void reconfigure(HealthSettings settings, FlipDeadlines deadlines) {
    MonitoredEndpoints endpoints = MonitoredEndpoints.of(settings);
    pendingSettings.set(new Settings(endpoints, deadlines));
    wake();
  }

  private void wake() {
    // With a full queue the judging thread is awake, and it looks for what is pending by itself.
    boolean _ = events.offer(new Event.Wake());
  }

  /// The latest verdicts; before the first probe those remembered.
  public TargetVerdicts verdicts() {
    return verdicts;
  }

  /// What to save now; at most a second old.
  public HealthMemory memory() {
    return memory;
  }

  /// What the room sees, for people; at most a second old.
  public HealthStatus status() {
    return status;
  }

  public Counters counters() {
    return counters;
  }

  /// Stops probing and ends every thread of the loop.
  @Override
  public void close() {
    closed = true;
    timer.interrupt();
    judge.interrupt();
    try {
      long deadline = clock.nanoTime() + CLOSE_WAIT.toNanos();
      joinUntil(timer, deadline);
      joinUntil(judge, deadline);
      running.forEach(Thread::interrupt);
      for (Thread probe : List.copyOf(running)) {
        joinUntil(probe, deadline);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void joinUntil(Thread thread, long deadlineNanos) throws InterruptedException {
    if (thread.getState() == Thread.State.NEW || thread.equals(Thread.currentThread())) {
      return;
    }
    long left = Math.max(1_000_000, deadlineNanos - clock.nanoTime());
    if (!thread.join(Duration.ofNanos(left))) {
      LOGGER.log(System.Logger.Level.WARNING, "thread {0} has not ended", thread.getName());
    }
  }

  private final class BusListener implements VoteBus.Listener {
    @Override
    public void received(VoteMessage message) {
      if (!events.offer(new Event.Received(message))) {
        dropped.incrementAndGet();
      }
    }

    @Override
    public void peersChanged(Set<String> connected) {
      pendingPeers.set(Set.copyOf(connected));
      wake();
    }
  }

  private void runTimer() {
    CounterBlock block = counters.newBlock();
    List<ProbeTarget> due = new ArrayList<>();
    while (!closed) {
      due.clear();
      lock.lock();
      try {
        long now = clock.nanoTime();
        long lateBefore = schedule.lateCount();
        for (ProbeTarget next = schedule.startNext(now);
            next != null;
            next = schedule.startNext(now)) {
          due.add(next);
        }
        block.add(HealthCounter.PROBES, due.size());
        block.add(HealthCounter.PROBES_LATE, schedule.lateCount() - lateBefore);
        if (due.isEmpty()) {
          long wait = schedule.waitNanos(now);
          if (wait == Long.MAX_VALUE) {
            changed.await();
          } else {
            long _ = changed.awaitNanos(wait);
          }
        }
      } catch (InterruptedException _) {
        // Closed, which the loop sees.
      } finally {
        lock.unlock();
      }
      due.forEach(this::launch);
    }
  }

  private void launch(ProbeTarget target) {
    Thread thread =
        Thread.ofVirtual()
            .name("probe-" + target.monitor().name() + "-" + target.address())
            .unstarted(() -> runProbe(target));
    running.add(thread);
    thread.start();
  }

  private void runProbe(ProbeTarget target) {
    try {
      if (!closed) {
        events.put(new Event.Observed(target.key(), observe(target)));
      }
    } catch (InterruptedException _) {
      // Closed: nobody waits for the result.
    } finally {
      running.remove(Thread.currentThread());
      lock.lock();
      try {
        schedule.finished(target.key(), clock.nanoTime());
        changed.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  private Observation observe(ProbeTarget target) {
    long start = clock.nanoTime();
    try {
      return ports.probe().probe(target, start + target.monitor().timeout().toNanos());
    } catch (RuntimeException | Error e) {
      long faults = brokenProbes.incrementAndGet();
      if (Long.bitCount(faults) == 1) {
        LOGGER.log(
            System.Logger.Level.ERROR,
            "probe of " + target.describe() + " broke, the " + faults + ". fault of this kind",
            e);
      }
      return Observation.failed(
          Observation.Failure.PROBE, String.valueOf(e), start, clock.nanoTime());
    }
  }

  private void checkVantage(List<Address> targets) {
    Thread thread =
        Thread.ofVirtual()
            .name("vantage-check")
            .unstarted(
                () -> {
                  long start = clock.nanoTime();
                  boolean passes = false;
                  try {
                    passes =
                        ports
                            .vantageCheck()
                            .passes(targets, start + HealthCore.VANTAGE_TIMEOUT.toNanos());
                  } catch (RuntimeException | Error e) {
                    LOGGER.log(System.Logger.Level.ERROR, "vantage check broke", e);
                  }
                  try {
                    if (!closed) {
                      events.put(new Event.VantageChecked(start, passes));
                    }
                  } catch (InterruptedException _) {
                    // Closed: nobody waits for the result.
                  } finally {
                    running.remove(Thread.currentThread());
                  }
                });
    running.add(thread);
    thread.start();
  }

  private void runJudge() {
    CounterBlock block = counters.newBlock();
    long tickNanos = clock.nanoTime() + HealthCore.TICK.toNanos();
    long shownNanos = clock.nanoTime();
    while (!closed) {
      try {
        @Nullable Event event =
            events.poll(Math.max(0, tickNanos - clock.nanoTime()), TimeUnit.NANOSECONDS);
        long now = clock.nanoTime();
        takePending(now);
        for (int i = 0; event != null; i++) {
          handle(event, block, clock.nanoTime());
          event = i < BATCH_MAX ? events.poll() : null;
        }
        now = clock.nanoTime();
        if (now - tickNanos >= 0) {
          tickNanos = now + HealthCore.TICK.toNanos();
          core.onTick(now);
        }
        boolean flipped = act(core.drain(now), block, now);
        if (!flipped && now - shownNanos >= HealthCore.TICK.toNanos()) {
          show(now);
          shownNanos = now;
        }
      } catch (InterruptedException _) {
        // Closed, which the loop sees.
      } catch (RuntimeException | Error e) {
        block.increment(HealthCounter.FAULTS);
        LOGGER.log(System.Logger.Level.ERROR, "health loop goes on after a fault", e);
      }
    }
  }

  private void takePending(long nowNanos) {
    Settings settings = pendingSettings.getAndSet(null);
    if (settings != null) {
      core.reconfigure(settings.endpoints(), settings.deadlines(), nowNanos);
      lock.lock();
      try {
        schedule.retarget(settings.endpoints().targets(), nowNanos);
        changed.signal();
      } finally {
        lock.unlock();
      }
    }
    Set<String> connected = pendingPeers.getAndSet(null);
    if (connected != null) {
      core.onPeers(connected);
    }
  }

  private void handle(Event event, CounterBlock block, long nowNanos) {
    switch (event) {
      case Event.Observed(TargetKey target, Observation observation) -> {
        block.add(HealthCounter.PROBE_FAILURES, observation.isSuccess() ? 0 : 1);
        core.onObservation(target, observation, nowNanos);
      }
      case Event.Received(VoteMessage message) -> {
        block.increment(HealthCounter.VOTE_MESSAGES_RECEIVED);
        if (!core.onMessage(message, nowNanos)) {
          block.increment(HealthCounter.VOTE_MESSAGES_IGNORED);
        }
      }
      case Event.VantageChecked(long startedNanos, boolean passes) -> {
        block.add(HealthCounter.VANTAGE_CHECK_FAILURES, passes ? 0 : 1);
        core.onVantageChecked(startedNanos, passes, nowNanos);
      }
      case Event.Wake() -> {}
    }
  }

  /// Does what the core wants; returns whether verdicts have changed.
  private boolean act(List<HealthCore.Action> actions, CounterBlock block, long nowNanos) {
    block.add(HealthCounter.VERDICT_FLIPS, core.flips() - block.read(HealthCounter.VERDICT_FLIPS));
    block.add(HealthCounter.VOTE_MESSAGES_DROPPED, dropped.getAndSet(0));
    boolean changedVerdicts = false;
    for (HealthCore.Action action : actions) {
      switch (action) {
        case HealthCore.Action.Publish(VoteMessage message) -> {
          block.increment(HealthCounter.VOTE_MESSAGES_SENT);
          ports.bus().publish(message);
        }
        case HealthCore.Action.VerdictsChanged(TargetVerdicts next) -> {
          changedVerdicts = true;
          verdicts = next;
          show(nowNanos);
          tell(next, block);
        }
        case HealthCore.Action.CheckVantage(List<Address> targets) -> {
          block.increment(HealthCounter.VANTAGE_CHECKS);
          checkVantage(targets);
        }
        case HealthCore.Action.Note(System.Logger.Level level, String text) ->
            LOGGER.log(level, text);
      }
    }
    return changedVerdicts;
  }

  private void tell(TargetVerdicts next, CounterBlock block) {
    try {
      ports.listener().verdictsChanged(next);
    } catch (RuntimeException | Error e) {
      block.increment(HealthCounter.FAULTS);
      LOGGER.log(System.Logger.Level.ERROR, "the listener of verdicts broke", e);
    }
  }

  private void show(long nowNanos) {
    long wall = clock.currentTimeMillis();
    status = core.status(wall, nowNanos);
    memory = core.remember(wall);
  }
}
