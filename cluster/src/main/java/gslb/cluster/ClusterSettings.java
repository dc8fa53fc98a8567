package gslb.cluster;

import gslb.base.Address;
import java.util.List;

/// The cluster this node belongs to.
///
/// @param name of the cluster; nodes of another name are not heard
/// @param self which of the members this node is
/// @param members the same on every node; who is counted for the quorum
/// @param secret what messages are authenticated with
public record ClusterSettings(
    String name, Member self, List<Member> members, ClusterSecret secret) {
  public ClusterSettings {
    members = List.copyOf(members);
  }

  /// One configured node.
  ///
  /// @param number 1..254, unique
  /// @param port of the cluster's transport
  /// @param site where the node stands
  public record Member(String name, int number, Address address, int port, String site) {}
}
