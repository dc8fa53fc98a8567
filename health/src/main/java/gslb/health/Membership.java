package gslb.health;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who is counted for the quorum: the nodes as configured, the same on every node.
///
/// @param self which of them this node is
public record Membership(String self, List<Node> nodes) {
  /// Nodes of one cluster.
  public static final int NODES_MAX = 254;

  public Membership {
    nodes = List.copyOf(nodes);
    Set<String> names = new HashSet<>();
    for (Node node : nodes) {
      if (!names.add(node.name())) {
        throw new IllegalArgumentException("node '" + node.name() + "' is listed twice");
      }
    }
    if (!names.contains(self) || nodes.size() > NODES_MAX) {
      throw new IllegalArgumentException(
          "node '" + self + "' must be one of 1.." + NODES_MAX + " nodes");
    }
  }

  /// A node without a cluster.
  ///
  /// @param site where it stands, empty if nowhere
  public static Membership alone(String self, String site) {
    return new Membership(self, List.of(new Node(self, site)));
  }

  /// @param site where the node stands; nodes of one site have one vote together
  public record Node(String name, String site) {}

  public Optional<Node> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /// The site of this node.
  public String selfSite() {
    return node(self).orElseThrow().site();
  }

  /// The number of distinct sites of nodes.
  public int siteCount() {
    return (int) nodes.stream().map(Node::site).distinct().count();
  }
}
