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
