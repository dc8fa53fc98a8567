package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gslb.base.Address;
import gslb.base.Clock;
import gslb.health.Observation;
import gslb.health.Probe;
import gslb.node.Node;
import gslb.testkit.FreePorts;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// What `gslb plan` and `gslb simulate` say of a running node is what its answers and those of
/// another node, which runs with the change, come to over 200,000 client prefixes.
@Tag("proof")
final class ShiftTest {
  private static final Path ROOT = Path.of(System.getProperty("gslb.root"));
  private static final int PREFIXES = 200_000;
  private static final int BATCH = 50;
  private static final double TOLERANCE = 0.005;
  private static final List<String> POOLS = List.of("eu", "us", "ap");
  private static final List<String> SERVICES =
      List.of("geo", "weighted", "sticky", "nearest", "mixed");

  private static final String BEFORE =
      """
      services:
        geo:
          names: [geo.gslb.example]
          policy: {geo: {EU: [eu, us, ap], NA: [us, eu, ap], default: [ap, us, eu]}}
        weighted:
          names: [weighted.gslb.example]
          policy: {weighted: {eu: 90, us: 10}}
        sticky:
          names: [sticky.gslb.example]
          policy: {sticky: {eu: 2, us: 1}}
        nearest:
          names: [nearest.gslb.example]
          policy: {nearest: [eu, us, ap]}
        mixed:
          names: [mixed.gslb.example]
          policy:
            geo:
              EU: {weighted: [{to: [eu, us], weight: 3}, {to: {sticky: {us: 1, ap: 1}}, weight: 1}]}
              AS: {weighted: {ap: 1, us: 1, eu: 1}}
              default: us
      """;

  private static final String AFTER =
      """
      services:
        geo:
          names: [geo.gslb.example]
          policy: {geo: {EU: [us, eu, ap], EU/DE: eu, NA: [us, eu, ap], AF: [], default: [ap, us, eu]}}
        weighted:
          names: [weighted.gslb.example]
          policy: {weighted: {eu: 80, us: 20}}
        sticky:
          names: [sticky.gslb.example]
          policy: {sticky: {eu: 2, us: 1, ap: 1}}
        nearest:
          names: [nearest.gslb.example]
          policy: {nearest: [eu, us, ap], bias: {eu: 40}}
        mixed:
          names: [mixed.gslb.example]
          policy:
            geo:
              EU: {weighted: [{to: [eu, us], weight: 1}, {to: {sticky: {us: 3, ap: 1}}, weight: 1}]}
              AS: {weighted: {ap: 2, us: 1}}
              default: us
      """;

  @TempDir Path folder;
  private int dnsPort;
  private int adminPort;

  @BeforeEach
  void takePorts() throws IOException {
    List<Integer> ports = FreePorts.several(2);
    dnsPort = ports.getFirst();
    adminPort = ports.getLast();
  }

  private Path configuration(int number, String services) throws IOException {
    Path of = Files.createDirectories(folder.resolve("node" + number));
    StringBuilder text =
        new StringBuilder(
            """
            node: {name: alone, state-directory: '%s'}
            listen:
              dns: ["127.0.0.%d:%d"]
              admin: "127.0.0.%d:%d"
            geo: {databases: ['%s']}
            zones: {gslb.example: {file: '%s'}}
            monitors:
              web: {type: tcp, port: 80, interval: 200ms, timeout: 100ms, rise: 1, fall: 1}
            sites:
              frankfurt: {continent: EU, country: DE, at: [50.11, 8.68]}
              virginia: {continent: NA, country: US, at: [38.95, -77.45]}
              tokyo: {continent: AS, country: JP, at: [35.69, 139.69]}
            pools:
            """
                .formatted(
                    of.resolve("state"),
                    number,
                    dnsPort,
                    number,
                    adminPort,
                    ROOT.resolve("deploy/geo/geo-whois-asn-country.mmdb"),
                    folder.resolve("zone")));
    List<String> sites = List.of("frankfurt", "virginia", "tokyo");
    for (int i = 0; i < POOLS.size(); i++) {
      text.append(
          "  %s: {site: %s, monitors: [web], endpoints: [{address: 192.0.2.%d}]}\n"
              .formatted(POOLS.get(i), sites.get(i), i + 1));
    }
    Files.writeString(
        folder.resolve("zone"),
        """
        $TTL 300
        @ IN SOA ns1 hostmaster 1 3600 600 604800 60
        @ IN NS ns1
        ns1 IN A 192.0.2.53
        """);
    return Files.writeString(of.resolve("gslb.yaml"), text + services);
  }

  /// A node that sees everything up but one address.
  private static Node start(Path configuration, String down) throws Exception {
    Node.Edges real = Node.Edges.real();
    Clock clock = Clock.system();
    Probe probe =
        (target, _) ->
            target.address().equals(Address.of(down))
                ? Observation.failed(
                    Observation.Failure.CONNECT_REFUSED,
                    "refused",
                    clock.nanoTime(),
                    clock.nanoTime())
                : Observation.success("up", clock.nanoTime(), clock.nanoTime());
    return Node.start(
        configuration.toString(),
        new Node.Edges(clock, real.files(), probe, real.vantageCheck(), real.hosts()));
  }

  private JsonNode run(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + ROOT.resolve("gslb.jvmopts"),
                "-cp",
                System.getProperty("java.class.path"),
                "gslb.node.Main"));
    command.addAll(List.of(arguments));
    command.add("--json");
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("errors").toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("errors"))).isZero();
    return new ObjectMapper().readTree(out);
  }

  private record Ends(String from, String to) {}

  /// Answers of both nodes to the same questions, asked side by side.
  private Map<Ends, Integer> count(String service, Random random) throws IOException {
    Map<Ends, Integer> counted = new HashMap<>();
    try (DatagramSocket one = connected(1);
        DatagramSocket other = connected(2)) {
      for (int asked = 0; asked < PREFIXES; asked += BATCH) {
        for (int i = 0; i < BATCH; i++) {
          byte[] query =
              DnsClient.query(service + ".gslb.example", Type.A, prefix(random)).toWire();
          query[0] = 0;
          query[1] = (byte) i;
          one.send(new DatagramPacket(query, query.length));
          other.send(new DatagramPacket(query, query.length));
        }
        String[] first = answers(one);
        String[] second = answers(other);
        for (int i = 0; i < BATCH; i++) {
          counted.merge(new Ends(first[i], second[i]), 1, Integer::sum);
        }
      }
    }
    return counted;
  }

  private DatagramSocket connected(int number) throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.connect(new InetSocketAddress("127.0.0." + number, dnsPort));
    socket.setSoTimeout(10_000);
    return socket;
  }

  /// By question: the pool whose address was answered, or empty.
  private static String[] answers(DatagramSocket socket) throws IOException {
    String[] answers = new String[BATCH];
    byte[] room = new byte[1_500];
    for (int i = 0; i < BATCH; i++) {
      DatagramPacket reply = new DatagramPacket(room, room.length);
      socket.receive(reply);
      List<String> addresses =
          List.copyOf(
              DnsClient.addresses(
                  new org.xbill.DNS.Message(Arrays.copyOf(room, reply.getLength()))));
      answers[room[1]] = addresses.isEmpty() ? "" : POOLS.get(addresses.getFirst().charAt(8) - '1');
    }
    return answers;
  }

  /// One of the addresses that can send a query, each as likely as any other.
  private static String prefix(Random random) {
    while (true) {
      int bits = random.nextInt();
      int first = bits >>> 24;
      if (first > 0 && first < 224 && first != 127) {
        return Address.v4(bits & 0xffffff00) + "/24";
      }
    }
  }

  private static void isAbout(double claimed, double counted, String what) {
    if (claimed + counted > 0) {
      System.out.printf(
          "%-28s claimed %8.4f %%  counted %8.4f %%%n", what, 100 * claimed, 100 * counted);
    }
    assertThat(counted).as(what).isEqualTo(claimed, within(TOLERANCE));
  }

  @Test
  void planSaysHowTheAnswersOfTwoNodesDiffer() throws Exception {
    Path before = configuration(1, BEFORE);
    Path after = configuration(2, AFTER);
    try (Node _ = start(before, "192.0.2.99");
        Node _ = start(after, "192.0.2.99")) {
      JsonNode plan = run("plan", "--running", before.toString(), "-c", after.toString());
      Random random = new Random(1);
      for (String service : SERVICES) {
        JsonNode claimed = named(plan.path("services"), "service", service);
        Map<Ends, Integer> counted = count(service, random);
        double moved = 0;
        for (String from : names()) {
          for (String to : names()) {
            double part = counted.getOrDefault(new Ends(from, to), 0) / (double) PREFIXES;
            if (!from.equals(to)) {
              moved += part;
              isAbout(share(claimed, from, to), part, service + ": " + from + " to " + to);
            }
          }
        }
        isAbout(claimed.at("/moved/v4").asDouble(), moved, service + ": moved");
      }
    }
  }

  private static Set<String> names() {
    Set<String> names = new TreeSet<>(POOLS);
    names.add("");
    return names;
  }

  private static JsonNode named(JsonNode list, String key, String name) {
    for (JsonNode node : list) {
      if (node.path(key).asText("").equals(name) || (name.isEmpty() && node.path(key).isNull())) {
        return node;
      }
    }
    return new ObjectMapper().createObjectNode();
  }

  private static double share(JsonNode service, String from, String to) {
    double sum = 0;
    for (JsonNode move : service.path("moves")) {
      boolean isFrom = from.equals(move.path("from").isNull() ? "" : move.path("from").asText());
      boolean isTo = to.equals(move.path("to").isNull() ? "" : move.path("to").asText());
      sum += isFrom && isTo ? move.at("/share/v4").asDouble() : 0;
    }
    return sum;
  }

  @Test
  void simulateSaysWhatIsAnsweredWhenAPoolIsReallyDown() throws Exception {
    Path before = configuration(1, BEFORE);
    Path after = configuration(2, BEFORE);
    try (Node _ = start(before, "192.0.2.99");
        Node failing = start(after, "192.0.2.1")) {
      TestCluster.await(
          "eu is down",
          () -> {
            try {
              return DnsClient.addresses(
                      new DnsClient(new InetSocketAddress("127.0.0.2", dnsPort))
                          .ask("geo.gslb.example", Type.A, "91.12.0.0/16"))
                  .equals(Set.of("192.0.2.2"));
            } catch (IOException e) {
              return false;
            }
          });
      JsonNode simulation = run("simulate", "-c", before.toString(), "--down", "eu");
      assertThat(failing.generation()).isPositive();
      Random random = new Random(2);
      for (String service : SERVICES) {
        JsonNode claimed = named(simulation.path("services"), "service", service);
        Map<Ends, Integer> counted = count(service, random);
        for (String pool : names()) {
          JsonNode stages = named(claimed.path("pools"), "pool", pool).path("share");
          double old = 0;
          double now = 0;
          for (Map.Entry<Ends, Integer> entry : counted.entrySet()) {
            double part = entry.getValue() / (double) PREFIXES;
            old += entry.getKey().from().equals(pool) ? part : 0;
            now += entry.getKey().to().equals(pool) ? part : 0;
          }
          isAbout(stages.path("before").asDouble(), old, service + ": " + pool + " before");
          isAbout(stages.path("first").asDouble(), now, service + ": " + pool + " after");
        }
      }
    }
  }
}
