package gslb.trials.lab;

import gslb.testkit.TestCertificate;
import gslb.trials.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// A miniature of the public DNS in a namespace: NSD serves the root, Knot the zones `example`,
/// `arpa` and `child.gslb.example`. The zone `gslb.example` is delegated to two addresses of each
/// family, where whoever is tried serves it.
final class MiniatureRoot implements AutoCloseable {
  static final String FIRST_SERVER = "192.0.2.53";
  static final String SECOND_SERVER = "198.51.100.53";
  static final String UNBOUND = "203.0.113.53";
  static final String NAMED = "203.0.113.54";

  private static final List<String> FIRST = List.of(FIRST_SERVER, "2001:db8:a::53");
  private static final List<String> SECOND = List.of(SECOND_SERVER, "2001:db8:b::53");
  private static final int BIG_RECORDS = 40;
  private static final int READY_TRIES_MAX = 100;

  private final Path folder;
  private final Namespace namespace;
  private final List<Namespace.Running> servers = new ArrayList<>();

  private MiniatureRoot(Path folder, Namespace namespace) {
    this.folder = folder;
    this.namespace = namespace;
  }

  static MiniatureRoot open(Path folder) throws Exception {
    Peer nsd = Peer.named("nsd");
    Files.createDirectories(folder);
    for (String file :
        List.of("root.zone", "root.hints", "example.zone", "arpa.zone", "asn.zone", "child.zone")) {
      write(folder, file, Map.of());
    }
    write(folder, "zonemaster.json", Map.of());
    Path script = write(folder, "addresses.sh", Map.of());
    Namespace namespace = Namespace.open(script, folder.resolve("namespace.log"));
    MiniatureRoot root = new MiniatureRoot(folder, namespace);
    try {
      Path configuration = write(folder, "nsd.conf", Map.of("folder", folder.toString()));
      // The addresses are not there at once.
      root.await("addresses", "ip", text -> text.contains("2001:db8:e::200"), "address", "show");
      root.await("default route", "ip", text -> text.contains("default"), "-6", "route", "show");
      root.servers.add(
          namespace.start(folder.resolve("nsd.log"), nsd, "-d", "-c", configuration.toString()));
      root.knot(
          "parent",
          List.of("203.0.113.33", "2001:db8:2::33"),
          Map.of("example.", "example.zone", "arpa.", "arpa.zone", "asn.example.", "asn.zone"));
      root.knot("child", List.of("203.0.113.77"), Map.of("child.gslb.example.", "child.zone"));
      root.awaitAnswer("203.0.113.1", ".", "SOA", "a.root.example.");
      root.awaitAnswer("203.0.113.33", "arpa.", "SOA", "ns.nic.example.");
      root.awaitAnswer("203.0.113.77", "host.child.gslb.example.", "A", "192.0.2.90");
      return root;
    } catch (Exception | Error e) {
      root.close();
      throw e;
    }
  }

  /// A resource of this package, with `${name}` replaced.
  private static String resource(String name, Map<String, String> values) {
    try (InputStream in = MiniatureRoot.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("no resource " + name);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace("${" + value.getKey() + "}", value.getValue());
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path write(Path folder, String name, Map<String, String> values)
      throws IOException {
    return Files.writeString(folder.resolve(name), resource(name, values));
  }

  private void knot(String name, List<String> addresses, Map<String, String> zones)
      throws IOException {
    Path own = Files.createDirectories(folder.resolve("knot-" + name));
    StringBuilder listed = new StringBuilder();
    zones.forEach(
        (domain, file) ->
            listed.append(
                "  - domain: %s%n    file: %s%n".formatted(domain, folder.resolve(file))));
    List<String> listen = addresses.stream().map(a -> "\"" + a + "@53\"").toList();
    Path configuration =
        write(
            own,
            "knot.conf",
            Map.of(
                "rundir", own.toString(),
                "folder", folder.toString(),
                "listen", String.join(", ", listen),
                "zones", listed.toString()));
    servers.add(
        namespace.start(
            own.resolve("knot.log"), Peer.named("knotd"), "-c", configuration.toString()));
  }

  /// Static records of the delegated zone, with one RRset that fits into no datagram.
  private String zone() {
    StringBuilder zone = new StringBuilder(resource("gslb.example.zone", Map.of()));
    for (int i = 0; i < BIG_RECORDS; i++) {
      zone.append("big TXT \"").append(i).append(" ").append("x".repeat(200)).append("\"\n");
    }
    return zone.toString();
  }

  /// Both servers are Knot; what gslb steers for most is static there.
  void serveByKnot() throws Exception {
    Files.writeString(folder.resolve("knot.zone"), zone() + resource("steered.zone", Map.of()));
    knot(
        "both",
        List.of(FIRST.getFirst(), FIRST.getLast(), SECOND.getFirst(), SECOND.getLast()),
        Map.of("gslb.example.", "knot.zone"));
    awaitBoth();
  }

  /// The first server is Knot with the right zone, the second has another zone of that name.
  void serveWrong() throws Exception {
    Files.writeString(folder.resolve("knot.zone"), zone() + resource("steered.zone", Map.of()));
    write(folder, "other.zone", Map.of());
    knot("right", FIRST, Map.of("gslb.example.", "knot.zone"));
    knot("wrong", SECOND, Map.of("gslb.example.", "other.zone"));
    awaitAnswer(FIRST_SERVER, "www.gslb.example.", "A", "192.0.2.10");
    awaitAnswer(SECOND_SERVER, "gslb.example.", "SOA", "2025010101");
  }

  /// Two nodes, each a process that runs `gslb run`.
  void serveByGslb() throws Exception {
    Instant now = Instant.now();
    TestCertificate certificate =
        TestCertificate.selfSigned(
            TestCertificate.Algorithm.EC,
            "ns1.gslb.example",
            now.minus(Duration.ofDays(1)),
            now.plus(Duration.ofDays(1)));
    node("n1", FIRST, "127.0.0.1", certificate);
    node("n2", SECOND, "127.0.0.2", certificate);
    awaitBoth();
  }

  /// The configuration of the first node.
  Path configuration() {
    return folder.resolve("n1").resolve("gslb.yaml");
  }

  private void node(String name, List<String> listen, String admin, TestCertificate certificate)
      throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    Files.writeString(own.resolve("gslb.example.zone"), zone());
    write(own, "moved.zone", Map.of());
    Files.writeString(own.resolve("tls.pem"), certificate.certificatePem());
    Files.writeString(own.resolve("tls.key"), certificate.keyPem());
    Path configuration =
        write(
            own,
            "gslb.yaml",
            Map.of("name", name, "v4", listen.getFirst(), "v6", listen.getLast(), "admin", admin));
    List<String> command = gslb();
    command.addAll(List.of("run", "-c", configuration.toString()));
    servers.add(namespace.start(own.resolve("node.log"), java(), command.toArray(String[]::new)));
  }

  private static Peer java() {
    return new Peer(Path.of(System.getProperty("java.home"), "bin", "java"));
  }

  private static List<String> gslb() {
    List<String> command = new ArrayList<>();
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // An agent of a test belongs to the test's own process.
      if (!option.startsWith("-javaagent")) {
        command.add(option);
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("gslb.node.Main");
    return command;
  }

  /// The command `gslb`, run in the namespace.
  String gslb(String... arguments) throws IOException, InterruptedException {
    List<String> command = gslb();
    command.addAll(List.of(arguments));
    return namespace.run(java(), command.toArray(String[]::new));
  }

  void startUnbound() throws Exception {
    Path configuration = write(folder, "unbound.conf", Map.of("folder", folder.toString()));
    servers.add(
        namespace.start(
            folder.resolve("unbound.log"), Peer.named("unbound"), "-c", configuration.toString()));
    awaitAnswer(UNBOUND, "gslb.example.", "SOA", "2026010101");
  }

  void startNamed() throws Exception {
    Path configuration = write(folder, "named.conf", Map.of("folder", folder.toString()));
    servers.add(
        namespace.start(
            folder.resolve("named.log"),
            Peer.named("named"),
            "-g",
            "-n",
            "1",
            "-c",
            configuration.toString()));
    awaitAnswer(NAMED, "gslb.example.", "SOA", "2026010101");
  }

  private void awaitBoth() throws Exception {
    awaitAnswer(FIRST_SERVER, "www.gslb.example.", "A", "192.0.2.10");
    awaitAnswer(SECOND_SERVER, "www.gslb.example.", "A", "192.0.2.10");
  }

  private void awaitAnswer(String server, String name, String type, String text) throws Exception {
    await(
        name + " " + type + " of " + server + ", see the logs below " + folder,
        "dig",
        answer -> answer.contains(text),
        "@" + server,
        name,
        type,
        "-b",
        "192.0.2.200",
        "+time=1",
        "+tries=1",
        "+noall",
        "+answer");
  }

  /// Runs a program again and again until it prints what is looked for.
  private void await(String what, String program, Predicate<String> holds, String... arguments)
      throws Exception {
    Object pause = new Object();
    String last = "";
    for (int tries = 0; tries < READY_TRIES_MAX; tries++) {
      last = namespace.run(Peer.named(program), arguments);
      if (holds.test(last)) {
        return;
      }
      synchronized (pause) {
        pause.wait(200);
      }
    }
    throw new AssertionError("not reached: " + what + "; last was " + last);
  }

  /// Runs a client in the namespace.
  String run(String program, String... arguments) throws IOException, InterruptedException {
    return namespace.run(Peer.named(program), arguments);
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() {
    servers.reversed().forEach(Namespace.Running::close);
    namespace.close();
  }
}
