package gslb.admin;

import gslb.steering.shift.Scenario;
import gslb.steering.shift.Weighting;
import org.jspecify.annotations.Nullable;

/// What the running node can be asked and told. Called by many threads at once, except {@link
/// #reload}, {@link #plan} and {@link #simulate}.
public interface Operations {
  /// Everything an operator wants to see of the node.
  NodeStatus status();

  /// Reads the configuration again and applies it as a whole or not at all.
  ReloadResult reload();

  /// Why one client gets from one name what it gets, on this node.
  ///
  /// @throws ExplainRefused if the request names what does not exist
  ExplainResult explain(ExplainRequest request) throws ExplainRefused;

  /// What a configuration would change if it were applied now; nothing is applied. Called by one at
  /// a
  /// time.
  ///
  /// @param file absolute; null for the file that the node was started with
  PlanResult plan(@Nullable String file, Weighting weighting);

  /// What happens if something fails or is drained, as things stand now. Called by one at a time.
  SimulateResult simulate(Scenario scenario);

  /// The metrics in Prometheus' text format; {@link MetricsPage} renders them.
  String metrics();
}
