package gslb.node;

import gslb.admin.ExplainRefused;
import gslb.admin.ExplainRequest;
import gslb.admin.ExplainResult;
import gslb.admin.MetricsPage;
import gslb.admin.NodeStatus;
import gslb.admin.Operations;
import gslb.admin.ReloadResult;
import gslb.admin.StatusSurvey;
import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.Counters;
import gslb.base.Prefix;
import gslb.cluster.ClusterSettings;
import gslb.config.Configuration;
import gslb.config.TlsSettings;
import gslb.health.HealthStatus;
import gslb.steering.places.GeoDatabase;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the admin API may ask of this node and tell it.
final class NodeOperations implements Operations {
  private final Node node;
  private final Clock clock;
  private final long startedMillis;

  /// As the listeners, which keep them until a restart.
  private final List<Prefix> proxies;

  /// Made when the node starts.
  NodeOperations(Node node, Clock clock) {
    this.node = node;
    proxies = node.world().configuration().dns().proxies();
    this.clock = clock;
    startedMillis = clock.currentTimeMillis();
  }

  @Override
  public NodeStatus status() {
    Generation generation = node.serving();
    ServedWorld world = node.world();
    Configuration configuration = world.configuration();
    HealthStatus health = node.health();
    ClusterSettings cluster = configuration.cluster();
    return new NodeStatus(
        configuration.node().name(),
        Version.text(),
        Instant.ofEpochMilli(startedMillis).toString(),
        (clock.currentTimeMillis() - startedMillis) / 1_000,
        generation.number(),
        Instant.ofEpochMilli(generation.builtMillis()).toString(),
        new NodeStatus.ConfigurationFile(
            configuration.files().getFirst(),
            configuration.digest(),
            Instant.ofEpochMilli(world.compiledMillis()).toString()),
        listeners(configuration),
        StatusSurvey.services(generation.plan().catalog()),
        StatusSurvey.pools(generation.plan(), generation.guard(), health),
        node.hosts(),
        StatusSurvey.cluster(cluster == null ? "" : cluster.name(), health),
        world.geo().databases().stream().map(this::database).toList(),
        certificates(world),
        counters());
  }

  private List<NodeStatus.Listener> listeners(Configuration configuration) {
    List<NodeStatus.Listener> listeners = new ArrayList<>();
    for (InetSocketAddress address : node.dnsAddresses()) {
      listeners.add(new NodeStatus.Listener("dns-udp", text(address)));
      listeners.add(new NodeStatus.Listener("dns-tcp", text(address)));
    }
    for (InetSocketAddress address : node.dnsTlsAddresses()) {
      listeners.add(new NodeStatus.Listener("dns-tls", text(address)));
    }
    for (InetSocketAddress address : node.redirectAddresses()) {
      listeners.add(new NodeStatus.Listener("http", text(address)));
    }
    listeners.add(new NodeStatus.Listener("admin", text(configuration.admin().listen())));
    return listeners;
  }

  private static String text(InetSocketAddress socket) {
    Address address = Address.of(socket.getAddress());
    return (address.isV4() ? address : "[" + address + "]") + ":" + socket.getPort();
  }

  private NodeStatus.GeoDatabaseStatus database(GeoDatabase database) {
    Instant built = Instant.ofEpochSecond(database.buildEpochSeconds());
    return new NodeStatus.GeoDatabaseStatus(
        database.name(),
        database.type(),
        built.atZone(ZoneOffset.UTC).toLocalDate().toString(),
        Duration.between(built, Instant.ofEpochMilli(clock.currentTimeMillis())).toDays());
  }

  private List<NodeStatus.CertificateStatus> certificates(ServedWorld world) {
    ServedCertificate served = world.certificate();
    TlsSettings tls = world.configuration().tls();
    if (served == null || tls == null) {
      return List.of();
    }
    Instant until = served.leaf().getNotAfter().toInstant();
    Instant now = Instant.ofEpochMilli(clock.currentTimeMillis());
    return List.of(
        new NodeStatus.CertificateStatus(
            tls.certificateFile(),
            served.leaf().getSubjectX500Principal().getName(),
            until.toString(),
            Duration.between(now, until).toDays()));
  }

  private Map<String, Long> counters() {
    Map<String, Long> sums = new TreeMap<>(node.clusterCounts());
    for (Counters counters : node.counters()) {
      List<String> names = counters.names();
      for (int i = 0; i < names.size(); i++) {
        sums.merge(names.get(i), counters.sum(i), Long::sum);
      }
    }
    sums.put("gslb_node_publish_failures_total", node.publishFailureCount());
    return sums;
  }

  @Override
  public ReloadResult reload() {
    try {
      Node.Reloaded reloaded = node.reload();
      return new ReloadResult.Applied(reloaded.generation(), reloaded.warnings());
    } catch (Refused e) {
      return new ReloadResult.Refused(node.generation(), e.diagnostics());
    }
  }

  @Override
  public ExplainResult explain(ExplainRequest request) throws ExplainRefused {
    return new ServedExplainer(
            node.world().configuration().node().name(),
            node.serving(),
            node.health(),
            proxies,
            clock.currentTimeMillis(),
            clock.nanoTime())
        .explain(request);
  }

  @Override
  public String metrics() {
    return MetricsPage.render(status(), node.counters());
  }
}
