package gslb.health;

import gslb.steering.FlipDeadlines;
import gslb.steering.Verdict;
import gslb.testkit.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Several nodes in one thread under one fake clock, joined by links that lose, delay, repeat and
/// part. Every step delivers what has arrived, probes what is due, ticks, and checks what must hold
/// at every moment.
final class SimulatedCluster {
  static final Duration STEP = Duration.ofMillis(250);

  final FakeClock clock = new FakeClock();
  final List<SimulatedNode> nodes = new ArrayList<>();
  final List<ProbeTarget> targets = new ArrayList<>();

  /// Whether the target is truly well.
  final Map<TargetKey, Boolean> truth = new HashMap<>();

  final Set<String> cutLinks = new HashSet<>();
  double loss;
  int delayMillisMax = 50;

  private final Random random;
  private final List<Membership.Node> members = new ArrayList<>();
  private HealthSettings settings = new HealthSettings(List.of(), List.of());
  private final PriorityQueue<Due> agenda = new PriorityQueue<>();
  private final Map<String, long[]> newestSent = new HashMap<>();
  private long order;

  private record Due(long atNanos, long order, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /// One node with its faults.
  final class SimulatedNode {
    final String name;
    final String site;
    boolean alive;

    /// Whether its packets reach other sites.
    boolean uplink = true;

    /// What its probes say regardless of the truth; null if it is honest.
    @Nullable Boolean lie;

    /// Its probes never end.
    boolean hangs;

    /// Whether such a probe runs: only a restart frees its target.
    boolean stuck;

    int run;
    @Nullable HealthCore core;
    ProbeSchedule schedule = new ProbeSchedule("", 1);

    SimulatedNode(Membership.Node member) {
      this.name = member.name();
      this.site = member.site();
    }

    void start(HealthMemory memory) {
      alive = true;
      stuck = false;
      run++;
      long now = clock.nanoTime();
      HealthCore fresh =
          new HealthCore(new Membership(name, members), memory, clock.currentTimeMillis(), now);
      core = fresh;
      fresh.reconfigure(MonitoredEndpoints.of(settings), new FlipDeadlines(targets.size()), now);
      schedule = new ProbeSchedule(name, ProbeSchedule.PROBES_CONCURRENT_MAX);
      schedule.retarget(targets, now);
    }

    HealthCore core() {
      HealthCore running = core;
      if (running == null) {
        throw new IllegalStateException(name + " does not run");
      }
      return running;
    }

    /// Returns what it would have saved.
    HealthMemory crash() {
      alive = false;
      return core().remember(clock.currentTimeMillis());
    }

    Verdict verdict(int target) {
      return core().verdicts().of(targets.get(target).key());
    }

    Quorum.Reason reason(int target) {
      return status().targets().get(target).reason();
    }

    HealthStatus status() {
      return core().status(clock.currentTimeMillis(), clock.nanoTime());
    }

    private void probe(ProbeTarget target) {
      long started = clock.nanoTime();
      boolean reached = uplink || target.site().equals(site);
      Boolean told = lie;
      boolean success = told != null ? told : reached && truth.getOrDefault(target.key(), false);
      long takes = success ? 20_000_000 : target.monitor().timeout().toNanos();
      if (hangs) {
        stuck = true;
        takes = 1_000_000_000_000_000L;
      }
      int inRun = run;
      later(
          takes,
          () -> {
            if (alive && run == inRun) {
              long now = clock.nanoTime();
              Observation result =
                  success
                      ? Observation.success("", started, now)
                      : Observation.failed(Observation.Failure.CONNECT_TIMEOUT, "", started, now);
              schedule.finished(target.key(), now);
              core().onObservation(target.key(), result, now);
              act();
            }
          });
    }

    private void step() {
      long now = clock.nanoTime();
      ProbeTarget due = schedule.startNext(now);
      while (due != null) {
        probe(due);
        due = schedule.startNext(now);
      }
      core().onTick(now);
      act();
    }

    void act() {
      for (HealthCore.Action action : core().drain(clock.nanoTime())) {
        switch (action) {
          case HealthCore.Action.Publish(VoteMessage message) -> send(this, message);
          case HealthCore.Action.CheckVantage _ -> checkVantage();
          case HealthCore.Action.VerdictsChanged _, HealthCore.Action.Note _ -> {}
        }
      }
    }

    private void checkVantage() {
      long started = clock.nanoTime();
      boolean passes = uplink;
      int inRun = run;
      later(
          passes ? 10_000_000 : HealthCore.VANTAGE_TIMEOUT.toNanos(),
          () -> {
            if (alive && run == inRun) {
              core().onVantageChecked(started, passes, clock.nanoTime());
              act();
            }
          });
    }
  }

  /// Nodes `n0`, `n1`, … at the given sites.
  SimulatedCluster(Random random, List<String> sitesOfNodes) {
    this.random = random;
    for (String site : sitesOfNodes) {
      members.add(new Membership.Node("n" + members.size(), site));
    }
    members.forEach(member -> nodes.add(new SimulatedNode(member)));
  }

  /// Monitors one target per site name given, all well.
  ///
  /// @param neutralTargets whether a vantage check is configured
  void monitor(List<String> sitesOfTargets, boolean neutralTargets) {
    List<HealthSettings.Monitored> monitored = new ArrayList<>();
    for (String site : sitesOfTargets) {
      int number = targets.size();
      ProbeTarget target = Samples.target(number + 1, site);
      targets.add(target);
      truth.put(target.key(), true);
      monitored.add(Samples.monitored(number, number + 1, site));
    }
    settings =
        new HealthSettings(
            monitored, neutralTargets ? List.of(gslb.base.Address.of("198.51.100.1")) : List.of());
  }

  void startAll() {
    nodes.forEach(node -> node.start(HealthMemory.NONE));
  }

  void setTruth(int target, boolean well) {
    truth.put(targets.get(target).key(), well);
  }

  private void later(long nanos, Runnable what) {
    agenda.add(new Due(clock.nanoTime() + nanos, order++, what));
  }

  private static String link(SimulatedNode a, SimulatedNode b) {
    return a.name.compareTo(b.name) < 0 ? a.name + b.name : b.name + a.name;
  }

  /// Parts these nodes from all others.
  void isolate(SimulatedNode... side) {
    List<SimulatedNode> inside = List.of(side);
    for (SimulatedNode a : nodes) {
      for (SimulatedNode b : nodes) {
        if (inside.contains(a) != inside.contains(b)) {
          cutLinks.add(link(a, b));
        }
      }
    }
  }

  void toggleLink(SimulatedNode a, SimulatedNode b) {
    if (!cutLinks.remove(link(a, b))) {
      cutLinks.add(link(a, b));
    }
  }

  private void send(SimulatedNode from, VoteMessage message) {
    long[] version = {message.epoch(), message.sequence()};
    long[] before = newestSent.put(from.name, version);
    if (before != null && java.util.Arrays.compare(version, before) <= 0) {
      throw new AssertionError(from.name + " sends " + message + " after a newer one");
    }
    for (SimulatedNode to : nodes) {
      if (!to.equals(from) && !cutLinks.contains(link(from, to))) {
        for (int copies = random.nextInt(10) == 0 ? 2 : 1; copies > 0; copies--) {
          deliver(to, message);
        }
      }
    }
  }

  private void deliver(SimulatedNode to, VoteMessage message) {
    if (random.nextDouble() < loss) {
      return;
    }
    later(
        1_000_000L * random.nextInt(delayMillisMax + 1),
        () -> {
          if (to.alive) {
            to.core().onMessage(message, clock.nanoTime());
            to.act();
          }
        });
  }

  void run(Duration time) {
    long end = clock.nanoTime() + time.toNanos();
    while (clock.nanoTime() < end) {
      step();
    }
  }

  void step() {
    clock.advance(STEP);
    while (!agenda.isEmpty() && agenda.element().atNanos() <= clock.nanoTime()) {
      agenda.remove().what().run();
    }
    nodes.stream().filter(node -> node.alive).forEach(SimulatedNode::step);
    nodes.stream().filter(node -> node.alive).forEach(SimulatedCluster::checkMajorityHolds);
  }

  /// No verdict is DOWN while most of the fresh sites say UP.
  private static void checkMajorityHolds(SimulatedNode node) {
    for (HealthStatus.TargetStatus target : node.status().targets()) {
      Map<String, Integer> balance = new HashMap<>();
      for (HealthStatus.NodeVote vote : target.votes()) {
        if (vote.fresh()) {
          balance.merge(vote.site(), vote.up() ? 1 : -1, Integer::sum);
        }
      }
      long up = balance.values().stream().filter(sum -> sum >= 0).count();
      if (2 * up > balance.size() && target.verdict() == Verdict.DOWN) {
        throw new AssertionError(node.name + " holds DOWN against the majority: " + target);
      }
    }
  }

  /// Whether every running node's verdict is the truth.
  boolean agreesWithTruth() {
    for (SimulatedNode node : nodes) {
      for (int i = 0; i < targets.size(); i++) {
        boolean well = truth.getOrDefault(targets.get(i).key(), false);
        if (node.alive && node.verdict(i) != (well ? Verdict.UP : Verdict.DOWN)) {
          return false;
        }
      }
    }
    return true;
  }

  /// What every running node sees, for the message of a failed test.
  String describe() {
    StringBuilder text = new StringBuilder();
    nodes.stream().filter(node -> node.alive).forEach(node -> text.append(node.status()));
    return text.toString().replace("TargetStatus[", "\n  TargetStatus[");
  }
}
