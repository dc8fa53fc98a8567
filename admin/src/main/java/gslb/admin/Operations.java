package gslb.admin;

import gslb.base.Address;

/// What the running node can be asked and told. Called by many threads at once, except {@link
/// #reload}, which is called by one at a time.
public interface Operations {
  /// Everything an operator wants to see of the node.
  NodeStatus status();

  /// Reads the configuration again and applies it as a whole or not at all.
  ReloadResult reload();

  /// Why one client gets from one name what it gets, now and on this node.
  ///
  /// @param name a steered name or a redirect host, with or without its final dot
  ExplainResult explain(String name, Address client);

  /// The metrics in Prometheus' text format; {@link MetricsPage} renders them.
  String metrics();
}
