package gslb.admin;

import gslb.admin.NodeStatus.EndpointStatus;
import gslb.admin.NodeStatus.ProbeStatus;
import gslb.admin.NodeStatus.VoteStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What stands behind the verdict of an endpoint, in words.
final class Evidence {
  private Evidence() {}

  /// `down: web: 2 of 3 sites see it down (connection refused)`, `up`, `drained`.
  ///
  /// @param sites that are configured to vote
  static String of(EndpointStatus endpoint, int sites) {
    String forced =
        switch (endpoint.override()) {
          case "UP" -> "forced up";
          case "DOWN" -> "forced down";
          case "DRAIN" -> "drained";
          default -> "";
        };
    if (!forced.isEmpty()) {
      return forced;
    }
    if (endpoint.held() && !endpoint.verdict().equals("DOWN")) {
      return "held by the capacity guard, though " + down(endpoint.probes(), sites);
    }
    if (endpoint.probes().isEmpty()) {
      return switch (endpoint.verdict()) {
        case "UP" -> "up, nothing probes it";
        case "DOWN" -> "taken as down";
        default -> "nothing is known of it yet";
      };
    }
    return switch (endpoint.verdict()) {
      case "UP" -> "up";
      case "DOWN" -> down(endpoint.probes(), sites);
      default -> "nothing is known of it yet";
    };
  }

  private static String down(List<ProbeStatus> probes, int sites) {
    List<String> reasons = new ArrayList<>();
    for (ProbeStatus probe : probes) {
      if (probe.verdict().equals("DOWN")) {
        reasons.add(probe.monitor() + ": " + judged(probe, sites));
      }
    }
    return reasons.isEmpty() ? "taken as down" : "down: " + String.join("; ", reasons);
  }

  private static String judged(ProbeStatus probe, int sites) {
    String last =
        probe.last().isEmpty() || !probe.opinion().equals("DOWN") ? "" : " (" + probe.last() + ")";
    String who =
        probe.reason().equals("OWN")
            ? "this node sees it down"
            : sitesDown(probe.votes()) + " of " + sites + " sites see it down";
    String held = probe.reason().startsWith("HELD") ? ", the verdict is held" : "";
    return who + held + last;
  }

  /// A site's vote is the majority of its nodes' fresh votes, a tie is up.
  static int sitesDown(List<VoteStatus> votes) {
    Map<String, Integer> balances = new TreeMap<>();
    for (VoteStatus vote : votes) {
      if (vote.fresh()) {
        balances.merge(vote.site(), vote.up() ? 1 : -1, Integer::sum);
      }
    }
    return (int) balances.values().stream().filter(balance -> balance < 0).count();
  }
}
