package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.steering.FlipDeadlines;
import gslb.steering.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class HealthLoopTest {
  private static final Monitor QUICK =
      new Monitor(
          "quick",
          new Monitor.Check.Tcp(),
          443,
          Duration.ofMillis(40),
          Duration.ofMillis(30),
          1,
          2);

  private final Clock clock = Clock.system();
  private final Set<Address> down = ConcurrentHashMap.newKeySet();
  private final Set<Address> black = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<TargetVerdicts> told = new LinkedBlockingQueue<>();
  private final CountDownLatch never = new CountDownLatch(1);
  private final List<HealthLoop> loops = new ArrayList<>();

  private Observation probe(ProbeTarget target, long deadlineNanos) {
    long now = clock.nanoTime();
    if (black.contains(target.address())) {
      try {
        never.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    return down.contains(target.address()) ? Samples.failure(now) : Samples.success(now);
  }

  private HealthLoop loop(Probe probe, Membership membership, VoteBus bus) {
    HealthLoop loop =
        new HealthLoop(
            membership,
            new HealthLoop.Ports(clock, probe, (_, _) -> true, bus, told::add),
            HealthMemory.NONE);
    loops.add(loop);
    return loop;
  }

  private HealthLoop alone() {
    return loop(this::probe, Membership.alone("n0", "A"), VoteBus.NONE);
  }

  private static HealthSettings settings(int... addresses) {
    List<HealthSettings.Monitored> monitored = new ArrayList<>();
    for (int address : addresses) {
      monitored.add(
          new HealthSettings.Monitored(
              monitored.size(), Samples.address(address), "B", List.of(QUICK)));
    }
    return new HealthSettings(monitored, List.of(Address.of("198.51.100.53")));
  }

  private static TargetKey key(int address) {
    return ProbeTarget.of(Samples.address(address), QUICK, "B").key();
  }

  private void await(int address, Verdict verdict) throws InterruptedException {
    while (told.take().of(key(address)) != verdict) {
      // Told of something else.
    }
  }

  @AfterEach
  void noThreadIsLeft() {
    loops.forEach(HealthLoop::close);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("health-timer", "health-judge");
  }

  @Test
  void verdictsFollowTheProbes() throws Exception {
    HealthLoop loop = alone();
    FlipDeadlines deadlines = new FlipDeadlines(1);
    loop.start(settings(1), deadlines);
    await(1, Verdict.UP);
    down.add(Samples.address(1));
    await(1, Verdict.DOWN);
    down.clear();
    await(1, Verdict.UP);
    assertThat(loop.verdicts().of(key(1))).isEqualTo(Verdict.UP);
    assertThat(loop.status().targets().getFirst().verdict()).isEqualTo(Verdict.UP);
    assertThat(loop.memory().targets().getFirst().verdict()).isEqualTo(Verdict.UP);
    assertThat(loop.counters().sum(HealthCounter.PROBES)).isPositive();
    assertThat(loop.counters().sum(HealthCounter.PROBE_FAILURES)).isGreaterThanOrEqualTo(2);
    assertThat(loop.counters().sum(HealthCounter.VERDICT_FLIPS)).isGreaterThanOrEqualTo(3);
    assertThat(deadlines.get(0)).isNotEqualTo(FlipDeadlines.NEVER);
  }

  @Test
  void hangingTargetDelaysNobodyAndCloseEndsIt() throws Exception {
    black.add(Samples.address(1));
    HealthLoop loop = alone();
    loop.start(settings(1, 2), new FlipDeadlines(2));
    await(2, Verdict.UP);
    down.add(Samples.address(2));
    await(2, Verdict.DOWN);
    assertThat(loop.verdicts().of(key(1))).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void reloadProbesTheNewAndKeepsTheOld() throws Exception {
    HealthLoop loop = alone();
    down.add(Samples.address(1));
    loop.start(settings(1), new FlipDeadlines(1));
    await(1, Verdict.DOWN);
    loop.reconfigure(settings(2, 1), new FlipDeadlines(2));
    TargetVerdicts first = told.take();
    while (!first.byTarget().containsKey(key(2))) {
      first = told.take();
    }
    assertThat(first.of(key(1))).isEqualTo(Verdict.DOWN);
    if (first.of(key(2)) != Verdict.UP) {
      await(2, Verdict.UP);
    }
  }

  /// Errors are no less than exceptions: whatever a probe, a check or the listener ends in, the
  /// threads and the state go on.
  @Test
  void errorsOfOthersEndNothing() throws Exception {
    Logger logger = Logger.getLogger(HealthLoop.class.getName());
    logger.setLevel(Level.OFF);
    AtomicInteger checks = new AtomicInteger();
    AtomicInteger tellings = new AtomicInteger();
    HealthLoop loop =
        new HealthLoop(
            Membership.alone("n0", "A"),
            new HealthLoop.Ports(
                clock,
                (target, deadline) -> {
                  if (down.contains(target.address())) {
                    throw new StackOverflowError("made to break by this test");
                  }
                  return probe(target, deadline);
                },
                (_, _) -> {
                  if (checks.getAndIncrement() == 1) {
                    throw new StackOverflowError("made to break by this test");
                  }
                  return true;
                },
                VoteBus.NONE,
                verdicts -> {
                  if (tellings.getAndIncrement() == 0) {
                    throw new StackOverflowError("made to break by this test");
                  }
                  told.add(verdicts);
                }),
            HealthMemory.NONE);
    loops.add(loop);
    try {
      loop.start(settings(1), new FlipDeadlines(1));
      await(1, Verdict.UP);
      down.add(Samples.address(1));
      await(1, Verdict.DOWN);
      assertThat(checks.get()).isGreaterThan(2);
    } finally {
      logger.setLevel(null);
    }
  }

  @Test
  void probeThatBreaksIsAFailureAndTheLoopGoesOn() throws Exception {
    HealthLoop loop =
        loop(
            (target, deadline) -> {
              if (down.contains(target.address())) {
                throw new IllegalStateException("made to break by this test");
              }
              return probe(target, deadline);
            },
            Membership.alone("n0", "A"),
            VoteBus.NONE);
    Logger logger = Logger.getLogger(HealthLoop.class.getName());
    logger.setLevel(Level.OFF);
    try {
      loop.start(settings(1), new FlipDeadlines(1));
      await(1, Verdict.UP);
      down.add(Samples.address(1));
      await(1, Verdict.DOWN);
      down.clear();
      await(1, Verdict.UP);
    } finally {
      logger.setLevel(null);
    }
  }

  /// Hands every message to all other loops, on the caller's thread.
  private static final class Exchange {
    final List<VoteBus.Listener> listeners = new ArrayList<>();

    VoteBus bus() {
      return new VoteBus() {
        private volatile Listener own = new Silent();

        @Override
        public void listen(Listener listener) {
          own = listener;
          synchronized (listeners) {
            listeners.add(listener);
          }
        }

        @Override
        public void publish(VoteMessage message) {
          List<Listener> all;
          synchronized (listeners) {
            all = List.copyOf(listeners);
          }
          all.stream().filter(one -> !one.equals(own)).forEach(one -> one.received(message));
        }
      };
    }
  }

  private static final class Silent implements VoteBus.Listener {
    @Override
    public void received(VoteMessage message) {}

    @Override
    public void peersChanged(Set<String> connected) {}
  }

  @Test
  void oneOfThreeNodesSeesDownAndNobodyFollows() throws Exception {
    List<Membership.Node> nodes =
        List.of(
            new Membership.Node("n0", "A"),
            new Membership.Node("n1", "B"),
            new Membership.Node("n2", "C"));
    Exchange exchange = new Exchange();
    Set<Address> liesAbout = ConcurrentHashMap.newKeySet();
    for (Membership.Node node : nodes) {
      Probe probe =
          (target, deadline) ->
              node.name().equals("n0") && liesAbout.contains(target.address())
                  ? Samples.failure(clock.nanoTime())
                  : probe(target, deadline);
      loop(probe, new Membership(node.name(), nodes), exchange.bus());
    }
    for (HealthLoop loop : loops) {
      loop.start(settings(1), new FlipDeadlines(1));
    }
    for (HealthLoop loop : loops) {
      while (loop.status().targets().isEmpty()
          || loop.status().targets().getFirst().votes().size() < 3) {
        TargetVerdicts _ = told.poll(50, TimeUnit.MILLISECONDS);
      }
    }
    liesAbout.add(Samples.address(1));
    HealthLoop third = loops.getLast();
    while (third.status().targets().getFirst().votes().stream()
        .noneMatch(vote -> vote.node().equals("n0") && !vote.up())) {
      TargetVerdicts _ = told.poll(50, TimeUnit.MILLISECONDS);
    }
    for (HealthLoop loop : loops) {
      assertThat(loop.verdicts().of(key(1))).isEqualTo(Verdict.UP);
    }
    down.add(Samples.address(1));
    for (HealthLoop loop : loops) {
      while (loop.verdicts().of(key(1)) != Verdict.DOWN) {
        TargetVerdicts _ = told.poll(50, TimeUnit.MILLISECONDS);
      }
    }
  }
}
