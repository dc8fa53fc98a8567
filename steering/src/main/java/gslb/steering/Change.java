package gslb.steering;

import gslb.base.Prefix;
import java.time.Duration;

/// Something that would change what a client gets, and what it would get then: found by deciding
/// again, not by reasoning.
///
/// @param then the decision under the cause, everything else as it is
public record Change(Cause cause, Explanation then) {
  /// Pools whose failure, and pools whose recovery, are tried for one explanation: those considered
  /// first.
  public static final int POOLS_MAX = 16;

  /// What would have to happen.
  public sealed interface Cause {}

  /// Every endpoint of a chosen pool is found down.
  public record PoolFails(Pool pool) implements Cause {}

  /// Every endpoint of a rejected pool is found up, and nothing is forced on any.
  ///
  /// @param after how long the pool's ramp takes to get to the client's block; zero for at once
  public record PoolRecovers(Pool pool, Duration after) implements Cause {}

  /// A pool's ramp gets to the client.
  ///
  /// @param step at which it does
  /// @param within that it takes at most
  public record RampArrives(Pool pool, int step, Duration within) implements Cause {}

  /// The next time slot of the draws begins.
  ///
  /// @param atMillis wall-clock time
  public record NextSlot(long atMillis) implements Cause {}

  /// The client is a neighbour, of the nearest prefix outside the scope that the policy tells
  /// apart.
  ///
  /// @param prefix the maximal prefix of one class there
  public record Neighbour(Prefix prefix) implements Cause {}
}
