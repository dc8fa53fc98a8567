package gslb.node;

import gslb.admin.ExplainRefused;
import gslb.admin.ExplainRequest;
import gslb.admin.ExplainResult;
import gslb.admin.MetricsPage;
import gslb.admin.NodeStatus;
import gslb.admin.Operations;
import gslb.admin.PlanResult;
import gslb.admin.ReloadResult;
import gslb.admin.SimulateResult;
import gslb.admin.StatusSurvey;
import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.Counters;
import gslb.base.Prefix;
import gslb.cluster.ClusterSettings;
import gslb.config.Configuration;
import gslb.config.OwnNetworks;
import gslb.config.TlsSettings;
import gslb.health.HealthStatus;
import gslb.steering.ClientSample;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.GeoSummary;
import gslb.steering.shift.Comparison;
import gslb.steering.shift.Scenario;
import gslb.steering.shift.ScenarioRefused;
import gslb.steering.shift.Simulator;
import gslb.steering.shift.Weighting;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the admin API may ask of this node and tell it.
final class NodeOperations implements Operations {
  private static final String UNSEEN =
      "this node has seen no clients to weigh by; weigh by v4 or v6";

  private final Node node;
  private final Clock clock;
  private final Supplier<ClientSample> clients;
  private final long startedMillis;

  /// As the listeners, which keep them until a restart.
  private final List<Prefix> proxies;

  /// Made when the node starts.
  ///
  /// @param clients that were seen asking, as far as anything looks
  NodeOperations(Node node, Clock clock, Supplier<ClientSample> clients) {
    this.node = node;
    this.clients = clients;
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
        world.geo().databases().stream()
            .map(database -> database(database, configuration.geo().maxAge()))
            .toList(),
        networks(configuration),
        certificates(world),
        counters());
  }

  private List<NodeStatus.Listener> listeners(Configuration configuration) {
    List<NodeStatus.Listener> listeners = new ArrayList<>();
    for (InetSocketAddress address : node.dnsAddresses()) {
      listeners.add(new NodeStatus.Listener("dns-udp", Address.withPort(address)));
      listeners.add(new NodeStatus.Listener("dns-tcp", Address.withPort(address)));
    }
    for (InetSocketAddress address : node.dnsTlsAddresses()) {
      listeners.add(new NodeStatus.Listener("dns-tls", Address.withPort(address)));
    }
    for (InetSocketAddress address : node.redirectAddresses()) {
      listeners.add(new NodeStatus.Listener("http", Address.withPort(address)));
    }
    listeners.add(
        new NodeStatus.Listener("admin", Address.withPort(configuration.admin().listen())));
    return listeners;
  }

  private NodeStatus.GeoDatabaseStatus database(GeoDatabase database, @Nullable Duration maxAge) {
    return new NodeStatus.GeoDatabaseStatus(
        database.name(),
        database.type(),
        Instant.ofEpochSecond(database.buildEpochSeconds()).toString(),
        GeoSummary.ageOf(database, clock).toSeconds(),
        maxAge == null ? -1 : maxAge.toDays(),
        GeoAge.isOld(database, clock, maxAge),
        geoFile(database.name()));
  }

  /// Of a file that a reload has just begun to name, nothing is known for a moment.
  private NodeStatus.GeoFileStatus geoFile(String file) {
    NodeStatus.GeoFileStatus known = node.geoFiles().get(file);
    return known != null
        ? known
        : new NodeStatus.GeoFileStatus(
            Instant.ofEpochMilli(clock.currentTimeMillis()).toString(), false, 0, "", "");
  }

  private NodeStatus.GeoNetworksStatus networks(Configuration configuration) {
    String file = configuration.geo().networksFile();
    Map<String, List<Prefix>> networks = configuration.catalog().networks();
    return new NodeStatus.GeoNetworksStatus(
        file, networks.size(), OwnNetworks.count(networks), file.isEmpty() ? null : geoFile(file));
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
  public PlanResult plan(@Nullable String file, Weighting weighting) {
    ClientSample sample = clients.get();
    if (weighting == Weighting.TRAFFIC && sample.isEmpty()) {
      return new PlanResult.Unweighed(UNSEEN);
    }
    try {
      Node.Candidate candidate = node.candidate(file);
      return new PlanResult.Planned(
          candidate.generation(),
          weighting,
          Comparison.of(candidate.serving(), candidate.plan(), sample),
          candidate.warnings());
    } catch (Refused e) {
      return new PlanResult.Refused(node.generation(), e.diagnostics());
    }
  }

  @Override
  public SimulateResult simulate(Scenario scenario) {
    ClientSample sample = clients.get();
    if (scenario.weighting() == Weighting.TRAFFIC && sample.isEmpty()) {
      return new SimulateResult.Refused(UNSEEN);
    }
    Generation generation = node.serving();
    try {
      return new SimulateResult.Simulated(
          generation.number(), Simulator.run(generation.plan(), scenario, sample));
    } catch (ScenarioRefused e) {
      return new SimulateResult.Refused(e.problem());
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
