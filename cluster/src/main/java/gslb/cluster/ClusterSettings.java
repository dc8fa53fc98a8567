package gslb.cluster;

import gslb.base.Address;
import java.util.List;

/// @param name of the cluster; nodes of another name are not heard
/// @param self which of the members this node is
/// @param members the same on every node; who is counted for the quorum
/// @param secret what messages are authenticated with, at least 32 bytes; never shown
public record ClusterSettings(String name, Member self, List<Member> members, byte[] secret) {
  public static final int SECRET_LENGTH_MIN = 32;

  public ClusterSettings {
    members = List.copyOf(members);
    secret = secret.clone();
  }

  /// @param number 1..254, unique
  /// @param port of the cluster's transport
  /// @param site where the node stands
  public record Member(String name, int number, Address address, int port, String site) {}

  @Override
  public byte[] secret() {
    return secret.clone();
  }

  @Override
  public String toString() {
    return "ClusterSettings[" + name + ", self=" + self.name() + ", members=" + members + "]";
  }
}
