package gslb.health;

/// One node's opinion about one target after rise and fall. A node that has no opinion does not
/// vote.
///
/// @param remaining probes until this vote can flip at the earliest, 1..65535
/// @param dueMillis from the sending until the voter's next probe, so that it can flip after
///     `dueMillis + (remaining - 1) × interval` at the earliest
public record Vote(TargetKey target, boolean up, int remaining, int dueMillis) {
  public static final int REMAINING_MAX = 65_535;

  public Vote {
    if (remaining < 1 || remaining > REMAINING_MAX || dueMillis < 0) {
      throw new IllegalArgumentException(
          "remaining " + remaining + " of 1..65535, due in " + dueMillis + " ms");
    }
  }
}
