package gslb.admin;

import gslb.base.Counters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Metrics in Prometheus' text format 0.0.4. Built and read by one thread.
///
/// A counter's name may carry labels, as in `gslb_redirect_responses_total{code="302"}`; samples of
/// one name stand together, as the format wants it.
public final class MetricsPage {
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private record Family(String type, String help, Map<String, String> samples) {}

  private final Map<String, Family> families = new LinkedHashMap<>();

  /// The page of a node: its counters, and gauges of what its status says.
  public static String render(NodeStatus status, List<Counters> counters) {
    MetricsPage page = new MetricsPage();
    page.addStatus(status);
    counters.forEach(page::add);
    return page.text();
  }

  /// Adds every counter of a set; equal ones of several sets are summed.
  public MetricsPage add(Counters counters) {
    for (int i = 0; i < counters.names().size(); i++) {
      String name = counters.names().get(i);
      int brace = name.indexOf('{');
      String base = brace < 0 ? name : name.substring(0, brace);
      Family family = family(base, "counter", "");
      long before = Long.parseLong(family.samples().getOrDefault(name, "0"));
      family.samples().put(name, Long.toString(before + counters.sum(i)));
    }
    return this;
  }

  /// Adds one sample of a gauge.
  ///
  /// @param help of the name, for people
  /// @param labels names and values by turns
  public MetricsPage gauge(String name, String help, double value, String... labels) {
    family(name, "gauge", help).samples().put(sample(name, labels), number(value));
    return this;
  }

  /// Adds one sample of a counter.
  ///
  /// @param help of the name, for people
  /// @param labels names and values by turns
  public MetricsPage counter(String name, String help, long value, String... labels) {
    family(name, "counter", help).samples().put(sample(name, labels), Long.toString(value));
    return this;
  }

  private static String sample(String name, String... labels) {
    StringBuilder sample = new StringBuilder(name);
    for (int i = 0; i < labels.length; i += 2) {
      sample.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      sample.append(escaped(labels[i + 1])).append('"');
    }
    if (labels.length > 0) {
      sample.append('}');
    }
    return sample.toString();
  }

  private Family family(String name, String type, String help) {
    return families.computeIfAbsent(name, n -> new Family(type, help, new LinkedHashMap<>()));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private void addStatus(NodeStatus status) {
    gauge("gslb_build_info", "The version that runs.", 1, "version", status.version());
    gauge(
        "gslb_uptime_seconds",
        "Since the process began to serve.",
        (double) status.uptimeSeconds());
    gauge("gslb_generation", "The generation in service.", (double) status.generation());
    for (NodeStatus.PoolStatus pool : status.pools()) {
      gauge(
          "gslb_pool_available",
          "Whether a policy may choose the pool.",
          pool.available() ? 1 : 0,
          "pool",
          pool.name());
      NodeStatus.RampStatus ramp = pool.ramp();
      gauge(
          "gslb_pool_ramp_ratio",
          "How much of its clients the pool has got back after a failure; 1 outside of a ramp.",
          ramp == null ? 1 : (double) ramp.step() / ramp.steps(),
          "pool",
          pool.name());
      pool.endpoints().forEach(e -> addEndpoint(pool.name(), e));
    }
    status.hosts().forEach(this::addHost);
    gauge(
        "gslb_uplink_failed",
        "Whether no neutral target answers, so that this node does not vote.",
        status.cluster().uplink().equals("FAILED") ? 1 : 0);
    for (NodeStatus.MemberStatus member : status.cluster().members()) {
      gauge(
          "gslb_cluster_member_fresh",
          "Whether the member's votes count.",
          member.fresh() ? 1 : 0,
          "member",
          member.name());
    }
    GeoMetrics.add(status, this);
    status.certificates().forEach(this::addCertificate);
  }

  private void addHost(NodeStatus.HostStatus host) {
    gauge(
        "gslb_host_resolution_failures",
        "Failed resolutions of the host since the latest good one.",
        host.failures(),
        "host",
        host.name());
    if (host.ageMillis() >= 0) {
      gauge(
          "gslb_host_resolution_age_seconds",
          "Since the latest good resolution of the host.",
          host.ageMillis() / 1e3,
          "host",
          host.name());
    }
  }

  private void addCertificate(NodeStatus.CertificateStatus certificate) {
    gauge(
        "gslb_tls_certificate_valid_until_seconds",
        "When the certificate ends, in seconds since 1970.",
        (double) Instant.parse(certificate.validUntil()).getEpochSecond(),
        "file",
        certificate.file());
  }

  private void addEndpoint(String pool, NodeStatus.EndpointStatus endpoint) {
    for (String verdict : List.of("UP", "DOWN", "UNKNOWN")) {
      gauge(
          "gslb_endpoint_verdict",
          "1 for the verdict that the endpoint has.",
          endpoint.verdict().equals(verdict) ? 1 : 0,
          "pool",
          pool,
          "endpoint",
          endpoint.address(),
          "verdict",
          verdict);
    }
    gauge(
        "gslb_endpoint_overridden",
        "Whether an operator forces the endpoint's state.",
        endpoint.override().equals("NONE") ? 0 : 1,
        "pool",
        pool,
        "endpoint",
        endpoint.address());
    gauge(
        "gslb_endpoint_held",
        "Whether the endpoint is down and the capacity guard has it answered all the same.",
        endpoint.held() ? 1 : 0,
        "pool",
        pool,
        "endpoint",
        endpoint.address());
    for (NodeStatus.ProbeStatus probe : endpoint.probes()) {
      String[] labels = {"pool", pool, "endpoint", endpoint.address(), "monitor", probe.monitor()};
      gauge(
          "gslb_probe_opinion_up",
          "Whether this node's own opinion is UP.",
          probe.opinion().equals("UP") ? 1 : 0,
          labels);
      if (probe.latencyMillis() >= 0) {
        gauge(
            "gslb_probe_duration_seconds",
            "Of the latest own probe.",
            probe.latencyMillis() / 1e3,
            labels);
      }
      gauge(
          "gslb_probe_stale",
          "Whether the verdict is held because no fresh vote exists.",
          probe.stale() ? 1 : 0,
          labels);
    }
  }

  public String text() {
    StringBuilder text = new StringBuilder();
    families.forEach(
        (name, family) -> {
          if (!family.help().isEmpty()) {
            text.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
          }
          text.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
          List<String> lines = new ArrayList<>();
          family.samples().forEach((sample, value) -> lines.add(sample + ' ' + value + '\n'));
          lines.forEach(text::append);
        });
    return text.toString();
  }
}
