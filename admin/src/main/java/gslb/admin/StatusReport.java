package gslb.admin;

import gslb.admin.NodeStatus.CertificateStatus;
import gslb.admin.NodeStatus.ClusterStatus;
import gslb.admin.NodeStatus.EndpointStatus;
import gslb.admin.NodeStatus.GeoDatabaseStatus;
import gslb.admin.NodeStatus.GeoFileStatus;
import gslb.admin.NodeStatus.GeoNetworksStatus;
import gslb.admin.NodeStatus.HostStatus;
import gslb.admin.NodeStatus.MemberStatus;
import gslb.admin.NodeStatus.PoolStatus;
import gslb.admin.NodeStatus.ProbeStatus;
import gslb.admin.NodeStatus.RampStatus;
import gslb.admin.NodeStatus.ServiceStatus;
import java.util.ArrayList;
import java.util.List;

/// A {@link NodeStatus} as text for people, in aligned columns.
public final class StatusReport {
  private final StringBuilder text = new StringBuilder();

  private StatusReport() {}

  /// Several lines, each with a final line feed.
  public static String render(NodeStatus status) {
    StatusReport report = new StatusReport();
    report.head(status);
    report.services(status.services());
    report.pools(status.pools());
    report.hosts(status.hosts());
    report.cluster(status.cluster());
    report.geo(status.geo(), status.networks());
    report.certificates(status.certificates());
    return report.text.toString();
  }

  private void head(NodeStatus status) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("node", status.node() + " (gslb " + status.version() + ")"));
    rows.add(
        List.of("up", duration(status.uptimeSeconds() * 1000) + ", since " + status.started()));
    rows.add(List.of("generation", status.generation() + ", published " + status.published()));
    rows.add(
        List.of(
            "configuration",
            status.configuration().file() + ", loaded " + status.configuration().loaded()));
    for (NodeStatus.Listener listener : status.listeners()) {
      rows.add(List.of("listening", listener.protocol() + " " + listener.address()));
    }
    table(rows);
  }

  private void services(List<ServiceStatus> services) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("SERVICE", "NAMES", "REDIRECTS", "POOLS"));
    for (ServiceStatus service : services) {
      rows.add(
          List.of(
              service.name(),
              list(service.names()),
              list(service.redirectHosts()),
              list(service.pools())));
    }
    section(rows);
  }

  private void pools(List<PoolStatus> pools) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("POOL", "ENDPOINT", "STATE", "MONITOR", "OWN VIEW", "LAST PROBE"));
    for (PoolStatus pool : pools) {
      String name = pool.name() + (pool.available() ? "" : " (not available)") + ramp(pool);
      if (!pool.cname().isEmpty()) {
        String state = pool.endpoints().isEmpty() && pool.available() ? "always up" : "";
        rows.add(List.of(name, "CNAME " + pool.cname(), state, "", "", ""));
        name = "";
      } else if (pool.endpoints().isEmpty()) {
        rows.add(List.of(name, "hosts without addresses", "", "", "", ""));
      }
      for (EndpointStatus endpoint : pool.endpoints()) {
        endpoint(rows, name, endpoint);
        name = "";
      }
    }
    section(rows);
  }

  private static String ramp(PoolStatus pool) {
    RampStatus ramp = pool.ramp();
    return ramp == null ? "" : " (ramp " + ramp.step() + " of " + ramp.steps() + ")";
  }

  private static void endpoint(List<List<String>> rows, String pool, EndpointStatus endpoint) {
    String state =
        endpoint.verdict()
            + (endpoint.override().equals("NONE") ? "" : " forced " + endpoint.override())
            + (endpoint.held() ? " by the guard" : "");
    if (endpoint.probes().isEmpty()) {
      rows.add(List.of(pool, shown(endpoint), state, "none", "", ""));
      return;
    }
    String shownPool = pool;
    String shownAddress = shown(endpoint);
    for (ProbeStatus probe : endpoint.probes()) {
      rows.add(
          List.of(
              shownPool,
              shownAddress,
              state,
              probe.monitor() + ":" + probe.port(),
              probe.opinion() + (probe.stale() ? " (held)" : ""),
              lastProbe(probe)));
      shownPool = "";
      shownAddress = "";
      state = "";
    }
  }

  private static String shown(EndpointStatus endpoint) {
    return endpoint.address() + (endpoint.host().isEmpty() ? "" : " of " + endpoint.host());
  }

  private void hosts(List<HostStatus> hosts) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("HOST", "STATE", "ADDRESSES", "LEAVING", "RESOLVED", "PROBLEM"));
    for (HostStatus host : hosts) {
      rows.add(
          List.of(
              host.name(),
              host.state(),
              list(host.addresses()),
              list(host.leaving()),
              host.ageMillis() < 0 ? "never" : duration(host.ageMillis()) + " ago",
              host.problem()));
    }
    section(rows);
  }

  private static String lastProbe(ProbeStatus probe) {
    if (probe.lastMillis() < 0) {
      return "none yet";
    }
    return duration(probe.lastMillis())
        + " ago"
        + (probe.latencyMillis() < 0 ? "" : " in " + probe.latencyMillis() + " ms")
        + (probe.last().isEmpty() ? "" : ": " + probe.last());
  }

  private void cluster(ClusterStatus cluster) {
    if (cluster.members().isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("MEMBER", "SITE", "HEARD", "VOTES"));
    for (MemberStatus member : cluster.members()) {
      String heard =
          member.self()
              ? "this node"
              : member.heardMillis() < 0 ? "never" : duration(member.heardMillis()) + " ago";
      rows.add(
          List.of(
              member.name(),
              member.site(),
              heard + (member.self() || member.connected() ? "" : ", not connected"),
              member.fresh() ? "count" : "do not count"));
    }
    section(rows);
    if (cluster.uplink().equals("FAILED")) {
      text.append("\nuplink failed: no neutral target answers, this node does not vote\n");
    }
  }

  private void geo(List<GeoDatabaseStatus> databases, GeoNetworksStatus networks) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("GEO DATABASE", "TYPE", "MADE", "AGE", "LOADED"));
    for (GeoDatabaseStatus database : databases) {
      rows.add(
          List.of(
              database.name(),
              database.type(),
              database.built().substring(0, "2026-06-17".length()),
              database.ageSeconds() / 86_400
                  + " days"
                  + (database.old() ? ", over " + database.maxAgeDays() : ""),
              database.file().loaded()));
    }
    if (!databases.isEmpty()) {
      section(rows);
    }
    GeoFileStatus file = networks.file();
    if (file != null) {
      section(
          List.of(
              List.of("OWN NETWORKS", "NETWORKS", "PREFIXES", "LOADED"),
              List.of(
                  networks.name(),
                  String.valueOf(networks.networks()),
                  String.valueOf(networks.prefixes()),
                  file.loaded())));
    }
    databases.forEach(database -> refusal(database.name(), database.file()));
    if (file != null) {
      refusal(networks.name(), file);
    }
  }

  private void refusal(String name, GeoFileStatus file) {
    if (file.refused()) {
      text.append('\n')
          .append("refused    ")
          .append(name)
          .append(" at ")
          .append(file.refusedAt())
          .append(", what was loaded before serves on\n           ")
          .append(file.reason())
          .append('\n');
    }
  }

  private void certificates(List<CertificateStatus> certificates) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("CERTIFICATE", "SUBJECT", "VALID UNTIL", "REMAINING"));
    for (CertificateStatus each : certificates) {
      rows.add(
          List.of(each.file(), each.subject(), each.validUntil(), each.remainingDays() + " days"));
    }
    section(rows);
  }

  /// A table with a heading, and an empty line before it; nothing if it has no row.
  private void section(List<List<String>> rows) {
    if (rows.size() > 1) {
      text.append('\n');
      table(rows);
    }
  }

  private void table(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length());
        line.append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  private static String list(List<String> values) {
    return values.isEmpty() ? "-" : String.join(", ", values);
  }

  /// The two largest units: `3 d 4 h`, `12 m 5 s`, `1.5 s`.
  static String duration(long millis) {
    long seconds = millis / 1000;
    if (seconds < 60) {
      return seconds + "." + millis % 1000 / 100 + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " m " + seconds % 60 + " s";
    }
    return seconds < 86_400
        ? seconds / 3600 + " h " + seconds % 3600 / 60 + " m"
        : seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
  }
}
