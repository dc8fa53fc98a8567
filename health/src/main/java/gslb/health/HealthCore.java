package gslb.health;

import gslb.base.Address;
import gslb.steering.FlipDeadlines;
import gslb.steering.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The state machine of the health room: observations, messages and time go in, actions come out.
/// Owned by one thread; knows no clock, no socket and no thread, so a simulation runs many of them
/// in one.
///
/// An own vote is DOWN only after a vantage check that began after the probe which made it so has
/// passed, where neutral targets are configured; while those do not answer, the node does not vote
/// at all.
final class HealthCore {
  /// Calls of {@link #onTick} are this far apart.
  static final Duration TICK = Duration.ofSeconds(1);

  /// How long neutral targets have to answer.
  static final Duration VANTAGE_TIMEOUT = Duration.ofSeconds(2);

  /// Changed votes of one batch that are sent one by one; more are sent as a digest.
  static final int TRANSITIONS_MAX = 64;

  /// What the thread around the core has to do, in order.
  sealed interface Action {
    record Publish(VoteMessage message) implements Action {}

    record VerdictsChanged(TargetVerdicts verdicts) implements Action {}

    /// Run the vantage check and come back with {@link #onVantageChecked}.
    record CheckVantage(List<Address> targets) implements Action {}

    record Note(System.Logger.Level level, String text) implements Action {}
  }

  private final Membership membership;
  private final Map<String, String> siteOfNode = new HashMap<>();
  private final String selfSite;
  private final long vantageHash;
  private final VoteTable votes;
  private final HealthMemory memory;
  private final boolean memoryUsable;
  private final long epoch;

  private final Map<TargetKey, TargetState> targets = new LinkedHashMap<>();
  private final List<Action> actions = new ArrayList<>();
  private final List<TargetState> changedVotes = new ArrayList<>();
  private MonitoredEndpoints endpoints =
      MonitoredEndpoints.of(new HealthSettings(List.of(), List.of()));
  private FlipDeadlines deadlines = new FlipDeadlines(0);
  private TargetVerdicts verdicts = TargetVerdicts.NONE;
  private Set<String> connected = Set.of();
  private boolean configuredOnce;
  private boolean verdictsDirty;
  private boolean digestWanted;
  private long sequence;
  private long digestNanos;
  private long flips;

  private boolean uplinkFailed;

  /// Start of the vantage check with which the uplink last came back, or of the core.
  private long uplinkSinceNanos;

  private boolean vantageRunning;
  private long vantageAskedNanos;
  private boolean otherSiteSeen;
  private long otherSiteStartedNanos;

  /// @param wallMillis wall-clock time of the start
  HealthCore(Membership membership, HealthMemory memory, long wallMillis, long nowNanos) {
    this.membership = membership;
    this.selfSite = membership.selfSite();
    this.vantageHash = ProbeSchedule.vantageHash(membership.self());
    this.memory = memory;
    this.memoryUsable = memory.isUsable(wallMillis);
    this.epoch = Math.max(wallMillis, memory.epoch() + 1);
    List<String> peers = new ArrayList<>();
    for (Membership.Node node : membership.nodes()) {
      siteOfNode.put(node.name(), node.site());
      if (!node.name().equals(membership.self())) {
        peers.add(node.name());
      }
    }
    this.votes = new VoteTable(peers);
    this.digestNanos = nowNanos;
    this.uplinkSinceNanos = nowNanos;
    this.vantageAskedNanos = nowNanos - VoteTable.DIGEST_INTERVAL.toNanos();
    if (memoryUsable) {
      Map<TargetKey, Verdict> remembered = new HashMap<>();
      memory.targets().forEach(one -> remembered.put(one.target(), one.verdict()));
      verdicts = new TargetVerdicts(remembered);
    }
  }

  long epoch() {
    return epoch;
  }

  TargetVerdicts verdicts() {
    return verdicts;
  }

  long flips() {
    return flips;
  }

  /// The actions since the last call. Changes of many events are told once.
  List<Action> drain(long nowNanos) {
    if (hasPeers()) {
      sendVotes(nowNanos);
    }
    changedVotes.clear();
    digestWanted = false;
    if (verdictsDirty) {
      verdictsDirty = false;
      Map<TargetKey, Verdict> byTarget = new HashMap<>();
      targets.forEach((key, target) -> byTarget.put(key, target.verdict));
      verdicts = new TargetVerdicts(byTarget);
      actions.add(new Action.VerdictsChanged(verdicts));
    }
    List<Action> drained = List.copyOf(actions);
    actions.clear();
    return drained;
  }

  private boolean hasPeers() {
    return membership.nodes().size() > 1;
  }

  private void sendVotes(long nowNanos) {
    if (digestWanted || changedVotes.size() > TRANSITIONS_MAX) {
      List<Vote> all = new ArrayList<>();
      for (TargetState target : targets.values()) {
        Vote vote = vote(target, nowNanos);
        if (vote != null && all.size() < VoteMessage.Digest.VOTES_MAX) {
          all.add(vote);
        }
      }
      digestNanos = nowNanos;
      publish(new VoteMessage.Digest(membership.self(), epoch, ++sequence, all));
      return;
    }
    for (TargetState target : changedVotes) {
      Vote vote = vote(target, nowNanos);
      if (vote != null) {
        publish(new VoteMessage.Transition(membership.self(), epoch, ++sequence, vote));
      }
    }
  }

  private void publish(VoteMessage message) {
    actions.add(new Action.Publish(message));
  }

  private @Nullable Vote vote(TargetState target, long nowNanos) {
    Boolean voted = target.voted;
    if (voted == null) {
      return null;
    }
    Monitor monitor = target.target.monitor();
    int remaining =
        target.unconfirmed
            ? 1
            : Math.min(Vote.REMAINING_MAX, Judge.remaining(monitor, target.judge, nowNanos));
    long due = target.unconfirmed ? 0 : Math.max(0, nextProbe(target, nowNanos) - nowNanos);
    return new Vote(target.target.key(), voted, remaining, (int) (due / 1_000_000));
  }

  private long nextProbe(TargetState target, long nowNanos) {
    Observation last = target.last;
    return last == null || !target.maySpeak()
        ? nowNanos
        : ProbeSchedule.nextRegular(vantageHash, target.target, last.startedNanos());
  }

  /// Takes other settings. Targets that are in both keep their state.
  void reconfigure(MonitoredEndpoints next, FlipDeadlines nextDeadlines, long nowNanos) {
    Map<TargetKey, HealthMemory.Remembered> remembered = new HashMap<>();
    if (!configuredOnce && memoryUsable) {
      memory.targets().forEach(one -> remembered.put(one.target(), one));
    }
    configuredOnce = true;
    endpoints = next;
    deadlines = nextDeadlines;
    Map<TargetKey, TargetState> kept = new LinkedHashMap<>();
    for (ProbeTarget wanted : next.targets()) {
      TargetState target = targets.get(wanted.key());
      if (target == null) {
        target = new TargetState(wanted, nowNanos);
        HealthMemory.Remembered known = remembered.get(wanted.key());
        if (known != null) {
          target.recall(known);
        }
      }
      target.target = wanted;
      kept.put(wanted.key(), target);
    }
    boolean withdrawn = !kept.keySet().containsAll(targets.keySet());
    targets.clear();
    targets.putAll(kept);
    verdictsDirty = true;
    digestWanted |= withdrawn;
    if (next.settings().vantageCheck().isEmpty()) {
      uplinkFailed = false;
      targets.values().forEach(target -> target.unconfirmed = false);
    } else {
      askVantage(nowNanos);
    }
    reviewAll(nowNanos);
  }

  /// Judges the result of one probe.
  void onObservation(TargetKey key, Observation observation, long nowNanos) {
    TargetState target = targets.get(key);
    if (target == null) {
      return;
    }
    Monitor monitor = target.target.monitor();
    Judge.State before = target.judge;
    target.judge = Judge.next(monitor, before, observation.isSuccess(), nowNanos);
    target.last = observation;
    String site = target.target.site();
    long started = observation.startedNanos();
    if (observation.isSuccess()
        && !site.isEmpty()
        && !site.equals(selfSite)
        && (!otherSiteSeen || started - otherSiteStartedNanos > 0)) {
      otherSiteSeen = true;
      otherSiteStartedNanos = started;
    }
    target.vouch(observation, otherSiteSeen, otherSiteStartedNanos);
    boolean speaksNow = target.maySpeak();
    boolean becameDown =
        target.judge.opinion() == Verdict.DOWN
            && (before.opinion() != Verdict.DOWN || !Judge.maySpeak(monitor, before));
    if (becameDown && speaksNow) {
      target.downNanos = observation.startedNanos();
      target.unconfirmed = checksVantage();
      if (target.unconfirmed) {
        askVantage(nowNanos);
      }
    } else if (target.judge.opinion() != Verdict.DOWN) {
      target.unconfirmed = false;
    } else if (target.unconfirmed && !observation.isSuccess() && isFromOutage(target)) {
      target.downNanos = started;
      askVantage(nowNanos);
    }
    review(target, nowNanos);
  }

  /// Whether the opinion became DOWN before this node's uplink last came back.
  private boolean isFromOutage(TargetState target) {
    return target.downNanos - uplinkSinceNanos < 0;
  }

  private boolean checksVantage() {
    return !endpoints.settings().vantageCheck().isEmpty();
  }

  private void askVantage(long nowNanos) {
    if (!vantageRunning) {
      vantageRunning = true;
      vantageAskedNanos = nowNanos;
      actions.add(new Action.CheckVantage(endpoints.settings().vantageCheck()));
    }
  }

  /// Takes the result of a vantage check.
  ///
  /// @param startedNanos when it began
  void onVantageChecked(long startedNanos, boolean passes, long nowNanos) {
    vantageRunning = false;
    if (!checksVantage()) {
      return;
    }
    boolean failed = !passes;
    if (uplinkFailed && passes) {
      uplinkSinceNanos = startedNanos;
    }
    boolean waiting = false;
    List<TargetState> confirmed = new ArrayList<>();
    for (TargetState target : targets.values()) {
      // What became DOWN in an outage of this node's own needs one more failure after it.
      if (!target.unconfirmed || isFromOutage(target)) {
        continue;
      }
      if (passes && startedNanos - target.downNanos >= 0) {
        target.unconfirmed = false;
        confirmed.add(target);
      }
      waiting |= target.unconfirmed;
    }
    if (failed != uplinkFailed) {
      uplinkFailed = failed;
      digestWanted = true;
      actions.add(
          failed
              ? new Action.Note(
                  System.Logger.Level.WARNING,
                  "no neutral target answers "
                      + endpoints.settings().vantageCheck()
                      + "; this node does not vote; check its uplink")
              : new Action.Note(
                  System.Logger.Level.INFO, "neutral targets answer; this node votes again"));
      reviewAll(nowNanos);
    } else {
      confirmed.forEach(target -> review(target, nowNanos));
    }
    if (waiting && passes) {
      askVantage(nowNanos);
    }
  }

  /// Merges another node's votes. Returns whether the message was of use.
  boolean onMessage(VoteMessage message, long nowNanos) {
    Set<TargetKey> touched = votes.merge(message, nowNanos);
    if (touched == null) {
      return false;
    }
    for (TargetKey key : touched) {
      TargetState target = targets.get(key);
      if (target != null) {
        review(target, nowNanos);
      }
    }
    return true;
  }

  /// Takes the transport's hint; newcomers get a digest with the next tick.
  void onPeers(Set<String> nowConnected) {
    if (!connected.containsAll(nowConnected)) {
      digestNanos -= VoteTable.DIGEST_INTERVAL.toNanos();
    }
    connected = Set.copyOf(nowConnected);
  }

  /// Does what time alone demands: digests, votes that are no longer fresh, vantage checks.
  void onTick(long nowNanos) {
    votes.forgetSilent(nowNanos);
    if (checksVantage()) {
      long asked = nowNanos - vantageAskedNanos;
      if (vantageRunning && asked > 3 * VANTAGE_TIMEOUT.toNanos()) {
        onVantageChecked(vantageAskedNanos, false, nowNanos);
      }
      if (asked >= VoteTable.DIGEST_INTERVAL.toNanos()) {
        askVantage(nowNanos);
      }
    }
    reviewAll(nowNanos);
    if (nowNanos - digestNanos >= VoteTable.DIGEST_INTERVAL.toNanos()) {
      digestWanted = true;
    }
  }

  private void reviewAll(long nowNanos) {
    for (TargetState target : targets.values()) {
      review(target, nowNanos);
    }
  }

  private void review(TargetState target, long nowNanos) {
    Boolean vote = ownVote(target, nowNanos);
    if (!Objects.equals(vote, target.voted)) {
      target.voted = vote;
      changedVotes.add(target);
      digestWanted |= vote == null;
    }
    List<VoteTable.Heard> fresh = new ArrayList<>();
    for (VoteTable.Heard heard : votes.votes(target.target.key())) {
      if (heard.isFresh(nowNanos)) {
        fresh.add(heard);
      }
    }
    decide(target, fresh, nowNanos);
    forecast(target, fresh, nowNanos);
  }

  private @Nullable Boolean ownVote(TargetState target, long nowNanos) {
    if (uplinkFailed || target.isSilent(nowNanos) || !target.maySpeak()) {
      return null;
    }
    return switch (target.judge.opinion()) {
      case UNKNOWN -> null;
      case UP -> Boolean.TRUE;
      case DOWN -> target.unconfirmed ? target.voted : Boolean.FALSE;
    };
  }

  private void decide(TargetState target, List<VoteTable.Heard> fresh, long nowNanos) {
    Map<String, Boolean> ballots = new HashMap<>();
    fresh.forEach(heard -> ballots.put(heard.origin(), heard.vote().up()));
    if (target.voted != null) {
      ballots.put(membership.self(), target.voted);
    }
    boolean young = nowNanos - target.addedNanos < VoteTable.FRESH_MAX.toNanos();
    Quorum.Decision decision =
        Quorum.decide(
            membership,
            new Quorum.Ballot(
                ballots,
                target.target.site(),
                target.verdict,
                vantagePasses(target, nowNanos),
                young));
    boolean undecided =
        decision.verdict() == Verdict.UNKNOWN
            && decision.reason() == Quorum.Reason.HELD_WITHOUT_VOTES;
    target.reason = undecided ? Quorum.Reason.UNDECIDED : decision.reason();
    if (decision.verdict() != target.verdict) {
      flip(target, decision);
    }
    noteStale(target, young);
  }

  /// Where no neutral targets are configured, probes to other sites stand for them: see
  /// {@link TargetState#vouched}; and one must have succeeded lately.
  private boolean vantagePasses(TargetState target, long nowNanos) {
    if (checksVantage()) {
      return !uplinkFailed && !target.unconfirmed;
    }
    long lately =
        Math.max(VoteTable.FRESH_MAX.toNanos(), 3 * target.target.monitor().interval().toNanos());
    return target.vouched && nowNanos - otherSiteStartedNanos < lately;
  }

  private void flip(TargetState target, Quorum.Decision decision) {
    Observation last = target.last;
    actions.add(
        new Action.Note(
            System.Logger.Level.INFO,
            target.target.describe()
                + ": "
                + decision.verdict()
                + ", was "
                + target.verdict
                + "; rule "
                + decision.reason()
                + (last == null ? "" : "; last probe from here: " + last.describe())));
    target.verdict = decision.verdict();
    target.flips++;
    flips++;
    verdictsDirty = true;
  }

  private void noteStale(TargetState target, boolean young) {
    if (target.isStale() && !young && !target.warnedStale) {
      target.warnedStale = true;
      actions.add(
          new Action.Note(
              System.Logger.Level.WARNING,
              target.target.describe()
                  + ": no fresh vote; the verdict "
                  + target.verdict
                  + " is held; check this node's probes and its cluster"));
    } else if (!target.isStale() && target.warnedStale) {
      target.warnedStale = false;
      actions.add(
          new Action.Note(
              System.Logger.Level.INFO, target.target.describe() + ": has fresh votes again"));
    }
  }

  private void forecast(TargetState target, List<VoteTable.Heard> fresh, long nowNanos) {
    Monitor monitor = target.target.monitor();
    List<FlipForecast.Ballot> ballots = new ArrayList<>();
    for (VoteTable.Heard heard : fresh) {
      Vote vote = heard.vote();
      long next = heard.heardNanos() + vote.dueMillis() * 1_000_000L;
      long flip = FlipForecast.flip(monitor, next, vote.remaining());
      String site = siteOfNode.getOrDefault(heard.origin(), "");
      ballots.add(new FlipForecast.Ballot(site, vote.up(), flip));
    }
    Vote own = vote(target, nowNanos);
    if (own != null) {
      long flip =
          own.remaining() == 1 && target.unconfirmed
              ? nowNanos
              : FlipForecast.flip(monitor, nextProbe(target, nowNanos), own.remaining());
      ballots.add(new FlipForecast.Ballot(selfSite, own.up(), flip));
    }
    target.flipNanos = FlipForecast.earliest(target.verdict, ballots, nowNanos);
    for (MonitoredEndpoints.Watched watched : endpoints.endpointsOf(target.target.key())) {
      deadlines.set(watched.endpoint(), endpointFlip(watched));
    }
  }

  /// An endpoint that is up falls with the first of its targets, one that is down rises with the
  /// last of those that hold it down.
  private long endpointFlip(MonitoredEndpoints.Watched watched) {
    @Nullable TargetState first = null;
    @Nullable TargetState lastDown = null;
    for (TargetKey key : watched.targets()) {
      TargetState target = targets.get(key);
      if (target == null) {
        continue;
      }
      if (first == null || target.flipNanos - first.flipNanos < 0) {
        first = target;
      }
      boolean holds = target.verdict == Verdict.DOWN;
      if (holds && (lastDown == null || target.flipNanos - lastDown.flipNanos > 0)) {
        lastDown = target;
      }
    }
    TargetState decisive = lastDown != null ? lastDown : first;
    return decisive == null ? FlipDeadlines.NEVER : decisive.flipNanos;
  }

  /// What to remember over a restart.
  HealthMemory remember(long wallMillis) {
    List<HealthMemory.Remembered> all = new ArrayList<>();
    for (TargetState target : targets.values()) {
      if (target.verdict != Verdict.UNKNOWN) {
        all.add(
            new HealthMemory.Remembered(
                target.target.key(), target.verdict, target.judge.opinion()));
      }
    }
    return new HealthMemory(wallMillis, epoch, all);
  }

  /// What the core sees.
  HealthStatus status(long wallMillis, long nowNanos) {
    List<HealthStatus.NodeStatus> nodes = new ArrayList<>();
    for (Membership.Node node : membership.nodes()) {
      boolean self = node.name().equals(membership.self());
      long silence = self ? 0 : votes.silenceNanos(node.name(), nowNanos);
      boolean fresh = silence >= 0 && silence < VoteTable.FRESH_MAX.toNanos();
      nodes.add(
          new HealthStatus.NodeStatus(
              node.name(),
              node.site(),
              silence < 0 ? -1 : silence / 1_000_000,
              fresh,
              self || connected.contains(node.name())));
    }
    List<HealthStatus.TargetStatus> all = new ArrayList<>(targets.size());
    targets.values().forEach(target -> all.add(targetStatus(target, nowNanos)));
    HealthStatus.Uplink uplink =
        !checksVantage()
            ? HealthStatus.Uplink.NOT_CHECKED
            : uplinkFailed ? HealthStatus.Uplink.FAILED : HealthStatus.Uplink.WORKS;
    return new HealthStatus(membership.self(), wallMillis, uplink, nodes, all);
  }

  private HealthStatus.TargetStatus targetStatus(TargetState target, long nowNanos) {
    List<HealthStatus.NodeVote> shown = new ArrayList<>();
    Vote own = vote(target, nowNanos);
    if (own != null) {
      shown.add(
          new HealthStatus.NodeVote(
              membership.self(),
              selfSite,
              own.up(),
              own.remaining(),
              target.lastMillis(nowNanos),
              true));
    }
    for (VoteTable.Heard heard : votes.votes(target.target.key())) {
      shown.add(
          new HealthStatus.NodeVote(
              heard.origin(),
              siteOfNode.getOrDefault(heard.origin(), ""),
              heard.vote().up(),
              heard.vote().remaining(),
              (nowNanos - heard.heardNanos()) / 1_000_000,
              heard.isFresh(nowNanos)));
    }
    List<Integer> ids =
        endpoints.endpointsOf(target.target.key()).stream()
            .map(MonitoredEndpoints.Watched::endpoint)
            .toList();
    return target.status(ids, shown, nowNanos);
  }
}
