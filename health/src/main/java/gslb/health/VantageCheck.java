package gslb.health;

import gslb.base.Address;
import java.util.List;

/// The port through which a node learns whether its own uplink works.
@FunctionalInterface
public interface VantageCheck {
  /// Whether any of the neutral targets answers, be it with a refusal. Blocks its thread, never
  /// past the deadline by more than it takes to close sockets.
  ///
  /// @param deadlineNanos on the monotonic clock
  boolean passes(List<Address> targets, long deadlineNanos);
}
