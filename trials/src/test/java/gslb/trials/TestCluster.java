package gslb.trials;

import gslb.admin.AdminCallException;
import gslb.admin.AdminClient;
import gslb.admin.AdminToken;
import gslb.base.Clock;
import gslb.health.HealthStatus;
import gslb.health.Probe;
import gslb.node.Node;
import gslb.testkit.FreePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Nodes of one cluster in this process, each on its own loopback address, with three pools of one
/// web server each: eu, us, ap.
final class TestCluster implements AutoCloseable {
  static final List<String> POOLS = List.of("eu", "us", "ap");

  private static final List<String> SITES = List.of("frankfurt", "virginia", "tokyo");
  private static final Path ROOT = Path.of(System.getProperty("gslb.root"));

  /// The bundled database, unless a test uses its own.
  Path geoDatabase = ROOT.resolve("deploy/geo/geo-whois-asn-country.mmdb");

  /// File of own networks, if the policy asks for network `office`, which gets ap.
  @Nullable Path networks;

  private final Path folder;
  private final int size;
  private final int dnsPort;
  private final int httpPort;
  private final int adminPort;
  private final int clusterPort;
  private final int poolPort;
  private final List<TestPool> pools = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  TestCluster(Path folder, int size) throws IOException {
    this.folder = folder;
    this.size = size;
    List<Integer> ports = FreePorts.several(5);
    dnsPort = ports.get(0);
    httpPort = ports.get(1);
    adminPort = ports.get(2);
    clusterPort = ports.get(3);
    poolPort = ports.get(4);
    for (int i = 0; i < POOLS.size(); i++) {
      pools.add(new TestPool("127.0.1" + i + ".1", poolPort));
    }
    for (int i = 1; i <= size; i++) {
      nodes.add(null);
    }
  }

  static String nodeAddress(int number) {
    return "127.0.0." + number;
  }

  void start(int number) throws Exception {
    start(number, Node.Edges.real());
  }

  /// A node whose probes go through `faults`.
  void start(int number, Probe probe) throws Exception {
    Node.Edges real = Node.Edges.real();
    start(
        number,
        new Node.Edges(Clock.system(), real.files(), probe, real.vantageCheck(), real.hosts()));
  }

  private void start(int number, Node.Edges edges) throws Exception {
    nodes.set(number - 1, Node.start(configuration(number).toString(), edges));
  }

  Node node(int number) {
    return nodes.get(number - 1);
  }

  void stop(int number) {
    node(number).close();
    nodes.set(number - 1, null);
  }

  /// Nodes whose votes count for this one now.
  int freshNodes(int number) {
    return (int)
        node(number).health().nodes().stream().filter(HealthStatus.NodeStatus::fresh).count();
  }

  /// Whether this node holds a fresh vote of another one against an address.
  boolean votesDown(int number, String voter, String address) {
    return node(number).health().targets().stream()
        .filter(target -> target.address().toString().equals(address))
        .flatMap(target -> target.votes().stream())
        .anyMatch(vote -> vote.node().equals(voter) && vote.fresh() && !vote.up());
  }

  TestPool pool(String name) {
    return pools.get(POOLS.indexOf(name));
  }

  int poolPort() {
    return poolPort;
  }

  DnsClient dns(int number) {
    return new DnsClient(new InetSocketAddress(nodeAddress(number), dnsPort));
  }

  /// A node's own page of metrics.
  String metrics(int number) {
    URI node = URI.create("http://" + nodeAddress(number) + ":" + adminPort);
    Path token = folder.resolve("node" + number).resolve("state/admin.token");
    try (AdminClient client =
        new AdminClient(node, AdminToken.parse(Files.readString(token).strip()).orElseThrow())) {
      return client.metrics();
    } catch (IOException | AdminCallException e) {
      throw new AssertionError(e);
    }
  }

  InetSocketAddress http(int number) {
    return new InetSocketAddress(nodeAddress(number), httpPort);
  }

  Path configuration(int number) throws IOException {
    Path own = Files.createDirectories(folder.resolve("node" + number));
    StringBuilder zone =
        new StringBuilder("$TTL 300\n@ SOA ns1 hostmaster 1 3600 600 604800 60\n@ NS ns1\n");
    zone.append("ns1 A 127.0.0.1\nstatic A 192.0.2.80\n*.wild TXT \"any\"\n");
    zone.append("alias CNAME www\n");
    Files.writeString(own.resolve("gslb.example.zone"), zone);
    Files.write(own.resolve("cluster.key"), new byte[32]);
    List<String> lines = new ArrayList<>();
    lines.add("node: {name: n" + number + ", state-directory: state}");
    lines.add("listen:");
    lines.add("  dns: [\"" + nodeAddress(number) + ":" + dnsPort + "\"]");
    lines.add("  http: [\"" + nodeAddress(number) + ":" + httpPort + "\"]");
    lines.add("  admin: \"" + nodeAddress(number) + ":" + adminPort + "\"");
    lines.add("sites:");
    lines.add("  frankfurt: {continent: EU, country: DE, at: [50.11, 8.68]}");
    lines.add("  virginia: {continent: NA, country: US, at: [38.95, -77.45]}");
    lines.add("  tokyo: {continent: AS, country: JP, at: [35.69, 139.69]}");
    lines.add("geo:");
    lines.add("  databases: ['" + geoDatabase + "']");
    if (networks != null) {
      lines.add("  networks: '" + networks + "'");
    }
    lines.add("zones:");
    lines.add("  gslb.example: {file: gslb.example.zone}");
    lines.add("monitors:");
    lines.add("  web: {type: http, port: " + poolPort + ", path: /, expect: {body: ok},");
    lines.add("        interval: 500ms, timeout: 250ms, rise: 2, fall: 2}");
    lines.add("pools:");
    for (int i = 0; i < POOLS.size(); i++) {
      lines.add("  " + POOLS.get(i) + ": {site: " + SITES.get(i) + ", monitors: [web],");
      lines.add("       redirect-to: \"http://" + pools.get(i).address() + ":" + poolPort + "\",");
      lines.add("       endpoints: [{address: " + pools.get(i).address() + "}]}");
    }
    lines.add("services:");
    lines.add("  www:");
    lines.add("    names: [www.gslb.example]");
    lines.add("    ttl: {min: 1s, max: 10s}");
    lines.add("    policy:");
    lines.add(
        "      geo: {"
            + (networks == null ? "" : "networks/office: [ap], ")
            + "EU: [eu, us, ap], NA: [us, eu, ap], SA: [us, eu, ap],");
    lines.add("            AS: [ap, us, eu], default: {nearest: [eu, us, ap]}}");
    lines.add("    redirect: {hosts: [www.gslb.example]}");
    if (size > 1) {
      lines.add("cluster:");
      lines.add("  name: trial");
      lines.add("  secret-file: cluster.key");
      lines.add("  members:");
      for (int i = 1; i <= size; i++) {
        lines.add(
            "    n"
                + i
                + ": {number: "
                + i
                + ", address: "
                + nodeAddress(i)
                + ", port: "
                + clusterPort
                + ", site: "
                + SITES.get(i - 1)
                + "}");
      }
    }
    Path file = own.resolve("gslb.yaml");
    Files.writeString(file, String.join("\n", lines) + "\n");
    return file;
  }

  /// Looks again and again until it holds; a minute at most.
  static void await(String what, BooleanSupplier holds) throws InterruptedException {
    Object pause = new Object();
    for (int tries = 0; tries < 600; tries++) {
      if (holds.getAsBoolean()) {
        return;
      }
      synchronized (pause) {
        pause.wait(100);
      }
    }
    throw new AssertionError("not within a minute: " + what);
  }

  @Override
  public void close() {
    for (Node node : nodes) {
      if (node != null) {
        node.close();
      }
    }
    pools.forEach(TestPool::close);
  }
}
