package gslb.admin;

import gslb.steering.shift.Simulation;

/// What a scenario comes to.
public sealed interface SimulateResult {
  /// @param generation whose plan and verdicts it was played on
  record Simulated(long generation, Simulation simulation) implements SimulateResult {}

  /// The scenario names what there is not.
  record Refused(String problem) implements SimulateResult {}
}
