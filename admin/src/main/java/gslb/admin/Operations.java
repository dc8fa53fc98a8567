package gslb.admin;

/// What the running node can be asked and told. Called by many threads at once, except {@link
/// #reload}, which is called by one at a time.
public interface Operations {
  /// Everything an operator wants to see of the node.
  NodeStatus status();

  /// Reads the configuration again and applies it as a whole or not at all.
  ReloadResult reload();

  /// Why one client gets from one name what it gets, on this node.
  ///
  /// @throws ExplainRefused if the request names what does not exist
  ExplainResult explain(ExplainRequest request) throws ExplainRefused;

  /// The metrics in Prometheus' text format; {@link MetricsPage} renders them.
  String metrics();
}
