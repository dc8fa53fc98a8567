package gslb.health;

/// Is told when verdicts flip.
@FunctionalInterface
public interface VerdictListener {
  /// Called by the judging thread, once for all flips of one batch; must not block. The same
  /// verdicts are what {@link HealthLoop#verdicts} returns from now on.
  void verdictsChanged(TargetVerdicts verdicts);
}
