package gslb.health;

import gslb.steering.Verdict;
import java.util.List;

/// What a node remembers of its verdicts over a restart.
///
/// @param savedAtMillis wall-clock time; 0 if nothing was ever saved
/// @param epoch of the run that saved it; the next run takes a higher one
public record HealthMemory(long savedAtMillis, long epoch, List<Remembered> targets) {
  public static final HealthMemory NONE = new HealthMemory(0, 0, List.of());

  public HealthMemory {
    targets = List.copyOf(targets);
  }

  /// @param verdict the cluster's
  /// @param opinion this node's own; UNKNOWN if it had none
  public record Remembered(TargetKey target, Verdict verdict, Verdict opinion) {}

  /// A text of one line per target, with a checksum.
  public byte[] encode() {
    throw new AssertionError("contract");
  }
}
