package gslb.health;

import gslb.base.Address;
import gslb.steering.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the health room sees at one moment, for people. Immutable.
///
/// @param self name of this node
/// @param atMillis wall-clock time
/// @param uplink what this node knows of its own uplink
public record HealthStatus(
    String self, long atMillis, Uplink uplink, List<NodeStatus> nodes, List<TargetStatus> targets) {
  public HealthStatus {
    nodes = List.copyOf(nodes);
    targets = List.copyOf(targets);
  }

  /// Whether this node can see the world.
  public enum Uplink {
    /// No neutral targets are configured.
    NOT_CHECKED,
    WORKS,
    /// No neutral target answers: this node does not vote.
    FAILED
  }

  /// One configured node.
  ///
  /// @param heardMillis since its last message, -1 if none was heard; 0 for this node
  /// @param fresh whether that is recent enough for its votes to count
  /// @param connected what the transport believes
  public record NodeStatus(
      String name, String site, long heardMillis, boolean fresh, boolean connected) {}

  /// One target.
  ///
  /// @param endpoints ids in the catalog that this target decides about
  /// @param reason which rule made the verdict
  /// @param opinion this node's own, after rise and fall
  /// @param remaining own probes until the opinion can flip, 0 without opinion
  /// @param last this node's latest observation, null if there is none yet
  /// @param lastMillis since its end, -1 if there is none
  /// @param stale whether the verdict is held because no fresh vote exists
  /// @param flips of the verdict since the start
  public record TargetStatus(
      TargetKey key,
      Address address,
      String monitor,
      int port,
      String site,
      List<Integer> endpoints,
      Verdict verdict,
      Quorum.Reason reason,
      Verdict opinion,
      int remaining,
      @Nullable Observation last,
      long lastMillis,
      boolean stale,
      long flips,
      List<NodeVote> votes) {
    public TargetStatus {
      endpoints = List.copyOf(endpoints);
      votes = List.copyOf(votes);
    }
  }

  /// A node's vote as this node holds it.
  ///
  /// @param ageMillis since it was heard or last confirmed
  public record NodeVote(
      String node, String site, boolean up, int remaining, long ageMillis, boolean fresh) {}
}
