package gslb.health;

import java.util.List;

/// Index of each counter of the health room.
public final class HealthCounter {
  public static final int PROBES = 0;
  public static final int PROBE_FAILURES = 1;

  /// Probes that began more than an interval late because too many ran.
  public static final int PROBES_LATE = 2;

  public static final int VERDICT_FLIPS = 3;
  public static final int VOTE_MESSAGES_SENT = 4;
  public static final int VOTE_MESSAGES_RECEIVED = 5;

  /// Messages that were of no use: unknown origin, seen before, or overtaken by a newer one.
  public static final int VOTE_MESSAGES_IGNORED = 6;

  /// Messages that found the queue full.
  public static final int VOTE_MESSAGES_DROPPED = 7;

  public static final int VANTAGE_CHECKS = 8;
  public static final int VANTAGE_CHECK_FAILURES = 9;

  /// Mistakes of the program itself that the loop survived.
  public static final int FAULTS = 10;

  static final List<String> NAMES =
      List.of(
          "gslb_health_probes_total",
          "gslb_health_probe_failures_total",
          "gslb_health_probes_late_total",
          "gslb_health_verdict_flips_total",
          "gslb_health_vote_messages_sent_total",
          "gslb_health_vote_messages_received_total",
          "gslb_health_vote_messages_ignored_total",
          "gslb_health_vote_messages_dropped_total",
          "gslb_health_vantage_checks_total",
          "gslb_health_vantage_check_failures_total",
          "gslb_health_faults_total");

  private HealthCounter() {}
}
