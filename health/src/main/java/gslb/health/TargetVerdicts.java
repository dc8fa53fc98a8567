package gslb.health;

import gslb.steering.Verdict;
import java.util.Map;

/// The verdict of every monitored target at one moment. Immutable. It is keyed by target and not by
/// endpoint, so that it holds for any configuration: the running one and one about to be applied.
public record TargetVerdicts(Map<TargetKey, Verdict> byTarget) {
  public static final TargetVerdicts NONE = new TargetVerdicts(Map.of());

  public TargetVerdicts {
    byTarget = Map.copyOf(byTarget);
  }

  /// UNKNOWN if the target is not monitored.
  public Verdict of(TargetKey target) {
    return byTarget.getOrDefault(target, Verdict.UNKNOWN);
  }
}
