package gslb.steering;

import gslb.base.DnsName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A steered name, with its policy.
///
/// @param id dense over the catalog
/// @param names owner names of its steered A and AAAA RRsets
/// @param ttl of a steered answer
/// @param answers how many addresses an answer holds
/// @param redirect its redirect tier side, if it has one
public record Service(
    int id,
    String name,
    List<DnsName> names,
    Ttl ttl,
    Answers answers,
    AllDown allDown,
    Policy policy,
    @Nullable Redirect redirect) {
  public Service {
    names = List.copyOf(names);
  }

  /// Bounds of a steered answer's TTL, in seconds.
  public record Ttl(int minSeconds, int maxSeconds) {}

  /// How many of the chosen pool's live endpoints an answer holds.
  public enum Answers {
    /// One, drawn by weight.
    ONE,
    /// All of them.
    ALL
  }

  /// @param hosts lower-case host names whose requests this service redirects
  /// @param as name of the service whose policy chooses the target; its own name by default
  public record Redirect(List<String> hosts, String as) {
    public Redirect {
      hosts = List.copyOf(hosts);
    }
  }
}
