package gslb.health;

import gslb.base.Clock;
import gslb.base.Counters;
import gslb.steering.FlipDeadlines;

/// The running health room of one node: probes, judges, votes and decides, and tells the listener.
///
/// Threads: `health-timer` starts probes, each on a virtual thread; `health-judge` owns all state
/// and writes verdicts and deadlines. Every method may be called by any thread and returns at once.
public final class HealthLoop implements AutoCloseable {
  /// What the loop reaches the world through.
  public record Ports(
      Clock clock, Probe probe, VantageCheck vantageCheck, VoteBus bus, VerdictListener listener) {}

  /// @param memory what was saved before the restart, or {@link HealthMemory#NONE}
  public HealthLoop(Membership membership, Ports ports, HealthMemory memory) {
    throw new AssertionError("contract");
  }

  /// Begins to probe. Called once.
  ///
  /// @param deadlines of the catalog that the settings belong to
  public void start(HealthSettings settings, FlipDeadlines deadlines) {
    throw new AssertionError("contract");
  }

  /// Takes other settings: targets that are in both keep their state, removed ones are no longer
  /// probed, new ones begin UNKNOWN.
  public void reconfigure(HealthSettings settings, FlipDeadlines deadlines) {
    throw new AssertionError("contract");
  }

  /// The latest verdicts; before the first probe those remembered.
  public TargetVerdicts verdicts() {
    throw new AssertionError("contract");
  }

  /// What to save now.
  public HealthMemory memory() {
    throw new AssertionError("contract");
  }

  /// What the room sees, for people; at most a second old.
  public HealthStatus status() {
    throw new AssertionError("contract");
  }

  public Counters counters() {
    throw new AssertionError("contract");
  }

  /// Stops probing and ends every thread of the loop.
  @Override
  public void close() {
    throw new AssertionError("contract");
  }
}
