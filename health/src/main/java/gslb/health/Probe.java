package gslb.health;

/// The port through which a target is tried once.
@FunctionalInterface
public interface Probe {
  /// Tries the target. Blocks its thread until the result is known, and never past the deadline by
  /// more than it takes to close a socket. Any number of threads may probe at once.
  ///
  /// @param deadlineNanos on the monotonic clock, for the whole probe
  Observation probe(ProbeTarget target, long deadlineNanos);
}
