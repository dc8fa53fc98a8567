package gslb.health;

import gslb.steering.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// When a target's verdict can flip at the earliest: the k-th smallest of the moments at which its
/// sites' votes can, where k sites outvote the rest. Pure.
final class FlipForecast {
  private FlipForecast() {}

  /// One fresh vote.
  ///
  /// @param flipNanos when it can flip at the earliest
  record Ballot(String site, boolean up, long flipNanos) {}

  /// When an opinion can flip at the earliest.
  ///
  /// @param nextNanos when the next probe is
  /// @param remaining probes that it takes, at least 1
  static long flip(Monitor monitor, long nextNanos, int remaining) {
    return nextNanos + (remaining - 1) * monitor.interval().toNanos();
  }

  /// @return a moment not before `nowNanos`; it is `nowNanos` when nothing is known
  static long earliest(Verdict verdict, List<Ballot> votes, long nowNanos) {
    if (verdict == Verdict.UNKNOWN || votes.isEmpty()) {
      return nowNanos;
    }
    boolean up = verdict == Verdict.UP;
    Map<String, List<Long>> waitsBySite = new HashMap<>();
    for (Ballot vote : votes) {
      long wait = vote.up == up ? Math.max(0, vote.flipNanos - nowNanos) : 0;
      waitsBySite.computeIfAbsent(vote.site, _ -> new ArrayList<>()).add(wait);
    }
    long[] sites = new long[waitsBySite.size()];
    int at = 0;
    for (List<Long> waits : waitsBySite.values()) {
      long[] nodes = waits.stream().mapToLong(Long::longValue).toArray();
      // A site's tie is UP, so DOWN needs one more.
      sites[at++] = kthSmallest(nodes, up ? nodes.length / 2 + 1 : (nodes.length + 1) / 2);
    }
    // Half of the sites may do, when a tie is decided without the endpoint's own.
    return nowNanos + kthSmallest(sites, (sites.length + 1) / 2);
  }

  private static long kthSmallest(long[] values, int k) {
    Arrays.sort(values);
    return values[k - 1];
  }
}
