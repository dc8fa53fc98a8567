package gslb.health;

import gslb.steering.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What {@link HealthCore} holds of one target. Owned by its thread.
final class TargetState {
  /// Intervals without an observation after which the own vote no longer counts.
  static final int SILENT_INTERVALS_MAX = 3;

  ProbeTarget target;
  final long addedNanos;
  Judge.State judge = Judge.State.UNKNOWN;
  @Nullable Observation last;
  Verdict verdict = Verdict.UNKNOWN;
  Quorum.Reason reason = Quorum.Reason.UNDECIDED;
  long flips;

  /// The own vote as told to others; null while there is none.
  @Nullable Boolean voted;

  /// Start of the probe that made the opinion DOWN.
  long downNanos;

  /// Whether the opinion is DOWN and waits for a vantage check.
  boolean unconfirmed;

  /// Whether the opinion, if it is DOWN, was formed while this node's uplink worked, as far as
  /// probes to other sites tell: one of them has succeeded between two failures in a row here. A
  /// success after the failures alone may be the end of the node's own outage.
  boolean vouched;

  private boolean failing;
  private long failingSinceNanos;
  private boolean successSeenBefore;
  private long successBeforeNanos;

  boolean warnedStale;

  /// When the verdict can flip at the earliest.
  long flipNanos;

  TargetState(ProbeTarget target, long addedNanos) {
    this.target = target;
    this.addedNanos = addedNanos;
    this.flipNanos = addedNanos;
  }

  /// Starts from what was remembered over a restart.
  void recall(HealthMemory.Remembered remembered) {
    Verdict own = remembered.opinion();
    verdict = remembered.verdict();
    judge = Judge.State.remembered(own == Verdict.UNKNOWN ? remembered.verdict() : own);
  }

  /// Takes notice of one more observation, after it has been judged.
  ///
  /// @param otherSiteSeen whether any probe to another site has succeeded
  /// @param otherSiteNanos start of the latest that has
  void vouch(Observation observation, boolean otherSiteSeen, long otherSiteNanos) {
    if (observation.isSuccess()) {
      failing = false;
      vouched &= judge.opinion() == Verdict.DOWN;
      return;
    }
    if (!failing) {
      failing = true;
      failingSinceNanos = observation.startedNanos();
    } else if (successSeenBefore && successBeforeNanos - failingSinceNanos >= 0) {
      // It was known when the probe before this one ended, so it began before this one did.
      vouched = true;
    }
    successSeenBefore = otherSiteSeen;
    successBeforeNanos = otherSiteNanos;
  }

  boolean maySpeak() {
    return Judge.maySpeak(target.monitor(), judge);
  }

  /// Whether probes have stopped to come in: the opinion is held, but it is no vote.
  boolean isSilent(long nowNanos) {
    Monitor monitor = target.monitor();
    long bound = SILENT_INTERVALS_MAX * monitor.interval().toNanos() + monitor.timeout().toNanos();
    return last == null || nowNanos - last.endedNanos() > bound;
  }

  boolean isStale() {
    return reason == Quorum.Reason.HELD_WITHOUT_VOTES;
  }

  long lastMillis(long nowNanos) {
    return last == null ? -1 : Math.max(0, nowNanos - last.endedNanos()) / 1_000_000;
  }

  HealthStatus.TargetStatus status(
      List<Integer> endpoints, List<HealthStatus.NodeVote> votes, long nowNanos) {
    Monitor monitor = target.monitor();
    boolean hasOpinion = judge.opinion() != Verdict.UNKNOWN;
    return new HealthStatus.TargetStatus(
        target.key(),
        target.address(),
        monitor.name(),
        monitor.port(),
        target.site(),
        endpoints,
        verdict,
        reason,
        judge.opinion(),
        hasOpinion ? Judge.remaining(monitor, judge, nowNanos) : 0,
        last,
        lastMillis(nowNanos),
        isStale(),
        flips,
        votes);
  }
}
