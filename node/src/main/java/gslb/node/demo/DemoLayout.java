package gslb.node.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Who is where in the demo, and the configuration files that say so.
///
/// @param nodes 1 to 3; node n listens on 127.0.0.n
/// @param home the folder that holds `deploy/geo`
record DemoLayout(int nodes, Ports ports, Path home) {
  /// The ports of one demo; all nodes share them, each on its own address.
  record Ports(int dns, int http, int admin, int pool, int cluster) {
    static final Ports DEFAULT = new Ports(5300, 8080, 8053, 8088, 5701);

    Ports plus(int offset) {
      return new Ports(
          dns + offset, http + offset, admin + offset, pool + offset, cluster + offset);
    }
  }

  private record Region(
      String pool, String site, String yaml, String place, int net, int capacity) {}

  private static final List<Region> REGIONS =
      List.of(
          new Region(
              "eu",
              "frankfurt",
              "continent: EU, country: DE, at: [50.11, 8.68]",
              "Frankfurt",
              10,
              60_000),
          new Region(
              "us",
              "virginia",
              "continent: NA, country: US, at: [38.95, -77.45]",
              "Virginia",
              20,
              60_000),
          new Region(
              "ap",
              "tokyo",
              "continent: AS, country: JP, at: [35.69, 139.69]",
              "Tokyo",
              30,
              45_000));

  List<DemoPool> newPools() {
    return REGIONS.stream()
        .map(r -> new DemoPool(r.pool(), r.place(), addresses(r), ports.pool()))
        .toList();
  }

  private static List<String> addresses(Region region) {
    return List.of("127.0." + region.net() + ".1", "127.0." + region.net() + ".2");
  }

  /// Of the demo's monitors, as the configuration below writes them.
  static final Duration INTERVAL = Duration.ofSeconds(1);

  static final Duration TIMEOUT = Duration.ofMillis(500);
  static final int FALL = 3;

  static String nodeName(int number) {
    return "demo" + number;
  }

  static String nodeAddress(int number) {
    return "127.0.0." + number;
  }

  /// The configuration of one node.
  String configuration(int number, Path stateDirectory) {
    List<String> lines = new ArrayList<>();
    lines.add("# Written by gslb demo.");
    lines.add(
        "node: {name: " + nodeName(number) + ", state-directory: " + quote(stateDirectory) + "}");
    lines.add("listen:");
    lines.add("  dns: [\"" + nodeAddress(number) + ":" + ports.dns() + "\"]");
    lines.add("  http: [\"" + nodeAddress(number) + ":" + ports.http() + "\"]");
    lines.add("  admin: \"" + nodeAddress(number) + ":" + ports.admin() + "\"");
    lines.add("sites:");
    for (Region region : REGIONS) {
      lines.add("  " + region.site() + ": {" + region.yaml() + "}");
    }
    lines.add("geo:");
    lines.add("  max-age: never"); // a demo steers the same clients with old data
    lines.add("  databases:");
    lines.add("    - " + quote(home.resolve("deploy/geo/geo-whois-asn-country.mmdb")));
    lines.add("zones:");
    lines.add("  gslb.example: {file: gslb.example.zone}");
    lines.add("monitors:");
    lines.add(
        "  web: {type: http, port: " + ports.pool() + ", host: www.gslb.example, path: /healthz,");
    lines.add("        expect: {status: 200, body: ok}, interval: 1s, timeout: 500ms,");
    lines.add("        rise: 2, fall: 3}");
    lines.add("pools:");
    for (Region region : REGIONS) {
      lines.add("  " + region.pool() + ":");
      lines.add("    site: " + region.site());
      lines.add("    monitors: [web]");
      lines.add("    capacity: " + region.capacity());
      lines.add(
          "    redirect-to: \"http://" + addresses(region).getFirst() + ":" + ports.pool() + "\"");
      lines.add("    endpoints:");
      for (String address : addresses(region)) {
        lines.add("      - {address: " + address + "}");
      }
    }
    lines.add("services:");
    lines.add("  www:");
    lines.add("    names: [www.gslb.example]");
    lines.add("    ttl: {min: 1s, max: 10s}");
    lines.add("    demand: 100000");
    lines.add("    policy:");
    lines.add("      geo:");
    lines.add("        EU: [eu, us, ap]");
    lines.add("        NA: [us, eu, ap]");
    lines.add("        SA: [us, eu, ap]");
    lines.add("        AS: [ap, us, eu]");
    lines.add("        OC: [ap, us, eu]");
    lines.add("        default: {nearest: [eu, us, ap]}");
    lines.add("    redirect: {hosts: [www.gslb.example]}");
    if (nodes > 1) {
      addCluster(lines);
    }
    return String.join("\n", lines) + "\n";
  }

  private void addCluster(List<String> lines) {
    lines.add("cluster:");
    lines.add("  name: demo");
    lines.add("  secret-file: cluster.key");
    lines.add("  members:");
    for (int i = 1; i <= nodes; i++) {
      lines.add(
          "    "
              + nodeName(i)
              + ": {number: "
              + i
              + ", address: "
              + nodeAddress(i)
              + ", port: "
              + ports.cluster()
              + ", site: "
              + REGIONS.get(i - 1).site()
              + "}");
    }
  }

  private static String quote(Path path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }

  /// The zone that every node of the demo serves.
  String zone() {
    StringBuilder zone = new StringBuilder();
    zone.append(
        """
        ; Written by gslb demo. www.gslb.example is steered by the service of that name.
        $ORIGIN gslb.example.
        $TTL 300
        @       IN SOA ns1 hostmaster 1 3600 600 604800 60
        @       IN TXT "the zone of gslb demo"
        static  IN A   192.0.2.80
        *.dev   IN A   192.0.2.90
        """);
    for (int i = 1; i <= nodes; i++) {
      zone.append("@       IN NS  ns").append(i).append('\n');
      zone.append("ns").append(i).append("     IN A   ").append(nodeAddress(i)).append('\n');
    }
    return zone.toString();
  }
}
