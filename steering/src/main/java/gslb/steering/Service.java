package gslb.steering;

import gslb.base.DnsName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A steered name, with its policy.
///
/// @param id dense over the catalog
/// @param names owner names of its steered A and AAAA RRsets
/// @param ttl of a steered answer
/// @param families what a pool's families have to do with its availability
/// @param answers how many addresses an answer holds
/// @param redirect its redirect tier side, if it has one
public record Service(
    int id,
    String name,
    List<DnsName> names,
    Ttl ttl,
    Families families,
    Answers answers,
    AllDown allDown,
    Policy policy,
    @Nullable Redirect redirect) {
  public Service {
    names = List.copyOf(names);
  }

  /// Bounds of a steered answer's TTL, in seconds.
  public record Ttl(int minSeconds, int maxSeconds) {}

  /// How many of the live endpoints an answer holds.
  ///
  /// @param count so many, drawn by weight; 0 if the policy says it
  public record Answers(int count) {
    /// Addresses that may be drawn for one answer.
    public static final int COUNT_MAX = 32;

    public static final Answers ONE = new Answers(1);
    public static final Answers ALL = new Answers(Integer.MAX_VALUE);

    /// All where an `all` decides, else one.
    public static final Answers BY_POLICY = new Answers(0);
  }

  /// @param hosts lower-case host names whose requests this service redirects
  /// @param as name of the service whose policy chooses the target; its own name by default
  public record Redirect(List<String> hosts, String as) {
    public Redirect {
      hosts = List.copyOf(hosts);
    }
  }
}
