package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.health.HealthStatus;
import gslb.health.Observation;
import gslb.steering.Verdict;
import gslb.testkit.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// `gslb explain`, of a configuration alone and of a running node.
final class ExplainCommandTest {
  private static final Address DEAD = Address.of("192.0.2.10");

  @TempDir private Path folder;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private int dnsPort;

  @BeforeEach
  void write() throws IOException {
    List<Integer> ports = FreePorts.several(3);
    dnsPort = ports.get(0);
    Files.writeString(
        folder.resolve("gslb.yaml"),
        """
        node: {name: fra1, state-directory: %s}
        listen: {dns: ["127.0.0.1:%d"], http: ["127.0.0.1:%d"], admin: "127.0.0.1:%d"}
        geo: {networks: {office: [198.51.100.0/25]}}
        client-address: {trusted-proxies: [10.0.0.1/32], proxy-protocol: {dns: required}}
        dns: {explain-to: [192.0.2.128/25], access: {203.0.113.0/24: drop, 203.0.113.128/25: refuse}, rate-limit: {per-second: 1, burst: 1}}
        zones: {gslb.example: {file: zone}}
        monitors:
          web: {type: tcp, port: 80, interval: 4s, timeout: 100ms, fall: 3}
          quick: {type: tcp, port: 80, interval: 200ms, timeout: 100ms, fall: 3}
        pools:
          eu: {monitors: [web], redirect-to: "https://eu.example.com", endpoints: [{address: 192.0.2.10}]}
          us: {monitors: [quick], redirect-to: "https://us.example.com", endpoints: [{address: 198.51.100.10}]}
          cdn: {endpoints: [{host: lb.example.net}]}
        services:
          www:
            names: [www.gslb.example, "*.any.gslb.example"]
            ttl: {min: 5s, max: 30s}
            policy: {geo: {networks/office: [us, eu], default: [eu, us]}}
            redirect: {hosts: [www.example.org]}
          cdn: {names: [cdn.gslb.example], policy: cdn}
          far: {names: [far.gslb.example], policy: [cdn, us]}
        """
            .formatted(folder.resolve("state"), ports.get(0), ports.get(1), ports.get(2)));
    Files.writeString(
        folder.resolve("zone"),
        """
        $TTL 300
        @ SOA ns1 hostmaster 1 3600 600 604800 60
        @ NS ns1
        ns1 A 192.0.2.53
        alias CNAME www
        sub NS ns.example.net.
        """);
  }

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    String[] all = new String[arguments.length + 3];
    all[0] = "explain";
    all[1] = "-c";
    all[2] = folder.resolve("gslb.yaml").toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }

  private static String unwrapped(StringWriter text) {
    return text.toString().replaceAll("\\s+", " ");
  }

  private int offline(String written) {
    return run(("--offline " + written).split(" "));
  }

  /// The octets were put together by hand from RFC 1035 §4.1, RFC 6891 §6.1.2 and RFC 7871 §6.
  @Test
  void aConfigurationAloneIsExplainedAsIfAllWereUp() {
    int exit =
        offline(
            "--at 2026-11-21T14:00:00Z --client 198.51.100.7 --resolver 192.0.2.54"
                + " www.gslb.example");
    assertThat(out.toString())
        .isEqualTo(
            """
            www.gslb.example A at 2026-11-21T14:00:00Z by the configuration alone, all taken as up

            answer   NOERROR, flags qr aa
                     www.gslb.example. 5 IN A 198.51.100.10
            ttl      5 s, the least that the service allows: 198.51.100.10, just probed, could flip in 0.6 s at
                       the earliest
            scope    /25: outside 198.51.100.0/25 the policy can decide otherwise; longer than the query's /24,
                       so it holds for 198.51.100.0/25 alone
            client   198.51.100.0, from client subnet 198.51.100.0/24 sent by resolver 192.0.2.54

            name     www.gslb.example. in zone gslb.example. is steered
            service  www: pool 'us'
            place    network 'office', continent unknown, country unknown, no coordinates (198.51.100.0/25)
                     network 'office' has 198.51.100.0/25
            geo      network 'office'
            pool     'us' usable: v4 1 of 1 up, needs 1
            pool     'eu' not asked: one before it is chosen
            change   if 'us' fails: pool 'eu', 192.0.2.10
            beyond   198.51.100.128/25, continent unknown, country unknown, no coordinates; geo default: pool
                       'eu', 192.0.2.10

            octets   72 in the reply
                     0000  00 00 84 00 00 01 00 01 00 00 00 01 03 77 77 77 04 67 73 6c 62 07 65 78
                     0018  61 6d 70 6c 65 00 00 01 00 01 c0 0c 00 01 00 01 00 00 00 05 00 04 c6 33
                     0030  64 0a 00 00 29 04 d0 00 00 00 00 00 0b 00 08 00 07 00 01 18 19 c6 33 64
            """);
    assertThat(err.toString()).contains("1 host is not resolved").contains("--resolve");
    assertThat(exit).isZero();
  }

  /// What is monitored falls `fall` intervals after a probe, as `gslb check` says; the rest never.
  @Test
  void offlineTheTtlIsThatOfWhatHasJustBeenProbed() throws IOException {
    assertThat(offline("--client 192.0.2.77 www.gslb.example")).isZero();
    assertThat(out.toString())
        .contains("www.gslb.example. 12 IN A 192.0.2.10\n")
        .contains("ttl      12 s: 192.0.2.10, just probed, could flip in 12.0 s at the earliest\n");
    offline("--client 192.0.2.7 --type AAAA www.gslb.example");
    assertThat(unwrapped(out))
        .contains(
            "ttl 12 s that there is nothing: the least of the SOA's TTL and MINIMUM, and"
                + " 12 s: 192.0.2.10, just probed, could flip in 12.0 s at the earliest ");
    StringWriter checked = new StringWriter();
    Main.commandLine()
        .setOut(new PrintWriter(checked, true))
        .execute("check", "-c", folder.resolve("gslb.yaml").toString());
    assertThat(checked.toString()).contains("TTL 5..30 s, while all is up 5..12 s:");
    Path file = folder.resolve("gslb.yaml");
    Files.writeString(file, Files.readString(file).replace("eu: {monitors: [web], ", "eu: {"));
    assertThat(offline("--client 192.0.2.77 www.gslb.example")).isZero();
    assertThat(out.toString())
        .contains("ttl      30 s, the most that the service allows: no flip is in sight\n");
  }

  @Test
  void poolsAndEndpointsCanBeTakenAsDown() {
    assertThat(offline("--client 127.0.0.1 --down eu www.gslb.example")).isZero();
    assertThat(out.toString())
        .contains("supposing that these are down: eu\n")
        .contains("pool     'eu' rejected: unhealthy: v4 0 of 1 up, needs 1\n")
        .contains("192.0.2.10 is taken as down\n")
        .contains("change   if 'eu' is up: pool 'eu', 192.0.2.10\n");
    assertThat(offline("--client 127.0.0.1 --down 192.0.2.10 www.gslb.example")).isZero();
    assertThat(out.toString()).contains("service  www: pool 'us'\n");
  }

  @Test
  void aRedirectIsExplainedWithItsLocation() {
    assertThat(offline("--via http --client 192.0.2.1 --path /a?b=c www.example.org")).isZero();
    assertThat(out.toString())
        .contains("answer   302\n         Location: https://eu.example.com/a?b=c\n")
        .contains("client   192.0.2.1, the socket's peer\n");
    assertThat(offline("--via http --client 192.0.2.1 wwww.example.org")).isEqualTo(1);
    assertThat(out.toString())
        .contains("answer   404\n         nothing is redirected for this host\n")
        .contains("nothing is redirected for wwww.example.org; did you mean 'www.example.org'?\n");
  }

  @Test
  void anyNameIsExplained() {
    assertThat(offline("--client 127.0.0.1 ns1.gslb.example")).isZero();
    assertThat(out.toString())
        .contains("ns1.gslb.example. in zone gslb.example. is static, with A\n");
    assertThat(offline("--client 127.0.0.1 x.any.gslb.example")).isZero();
    assertThat(out.toString())
        .contains("x.any.gslb.example. by *.any.gslb.example. in zone gslb.example. is steered\n");
    assertThat(offline("--client 127.0.0.1 alias.gslb.example")).isZero();
    assertThat(out.toString())
        .contains("alias.gslb.example. in zone gslb.example. is static, with CNAME\n")
        .contains("www.gslb.example. in zone gslb.example. is steered\n");
    assertThat(offline("--client 127.0.0.1 wwww.gslb.example")).isEqualTo(1);
    assertThat(out.toString()).contains("answer   NXDOMAIN").contains("did you");
    assertThat(offline("--client 127.0.0.1 a.sub.gslb.example")).isZero();
    assertThat(out.toString()).contains("is delegated at sub.gslb.example.\n");
    assertThat(offline("--client 127.0.0.1 www.example.net")).isEqualTo(1);
    assertThat(out.toString()).contains("answer   REFUSED").contains("in none of the zones here");
    assertThat(offline("--client 127.0.0.1 any.gslb.example")).isEqualTo(1);
    assertThat(out.toString()).contains("has no records, only names below it\n");
    assertThat(offline("--client 127.0.0.1 cdn.gslb.example")).isEqualTo(1);
    assertThat(out.toString())
        .contains("pool     'cdn' rejected: its hosts have no addresses yet\n")
        .contains("nodata: no host that the policy gives this client has an address\n");
  }

  /// What explain and the Extended DNS Error say of hosts without addresses.
  @Test
  void aPoolWithoutAddressesIsNotCalledForcedDown() {
    assertThat(offline("--resolver 192.0.2.200 --subnet 0.0.0.0/0 cdn.gslb.example")).isEqualTo(1);
    assertThat(out.toString()).contains("service cdn; no host has an address");
    assertThat(offline("--resolver 192.0.2.200 --subnet 0.0.0.0/0 far.gslb.example")).isZero();
    assertThat(out.toString()).contains("service far; pool us; cdn is unresolved");
  }

  @Test
  void whoGetsNoReplyIsToldWhy() {
    assertThat(offline("--client 203.0.113.1 www.gslb.example")).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "answer   none: the access list (dns: access) drops what comes from 203.0.113.1\n");
    assertThat(offline("--client 203.0.113.129 www.gslb.example")).isEqualTo(1);
    assertThat(out.toString()).contains("answer   REFUSED").contains("18 PROHIBITED");
    assertThat(offline("--client 10.0.0.1 www.gslb.example")).isEqualTo(1);
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains(
            "none: 10.0.0.1 is a trusted proxy: what it sends must begin with a PROXY header");
    assertThat(offline("--client 10.0.0.1 --proxy 10.0.0.1 www.gslb.example")).isZero();
    assertThat(offline("--client 192.0.2.1 --proxy 10.0.0.1 www.gslb.example")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("named by the PROXY header of the trusted proxy 10.0.0.1");
  }

  @Test
  void whatMakesNoSenseIsAUsageError() {
    for (String wrong :
        List.of(
            "www.gslb.example",
            "--client nobody www.gslb.example",
            "--client 192.0.2.1 --down ue www.gslb.example",
            "--client 192.0.2.1 --type AB www.gslb.example",
            "--client 192.0.2.1 --proxy 10.0.0.2 www.gslb.example",
            "--client 192.0.2.1 a..b")) {
      assertThat(offline(wrong)).as(wrong).isEqualTo(64);
    }
    assertThat(run("--resolve", "--client", "192.0.2.1", "www.gslb.example")).isEqualTo(64);
  }

  @Test
  void aNodeThatDoesNotRunIsSaid() throws IOException {
    Files.createDirectories(folder.resolve("state"));
    Files.writeString(folder.resolve("state").resolve(StateDirectory.TOKEN_FILE), "ab".repeat(32));
    assertThat(run("--client", "192.0.2.1", "www.gslb.example")).isEqualTo(69);
    assertThat(err.toString()).contains("no node answers");
  }

  @Test
  void aTokenThatIsMissingIsANodeThatDoesNotRun() {
    assertThat(run("--client", "192.0.2.1", "www.gslb.example")).isEqualTo(69);
    assertThat(err.toString())
        .startsWith("gslb: the node's token ")
        .contains("does not exist; the node writes it when it starts; is ");
  }

  @Test
  void aRunningNodeSaysWhatItSends() throws Exception {
    Clock clock = Clock.system();
    Node.Edges edges =
        new Node.Edges(
            clock,
            new DiskFiles(),
            (target, _) ->
                target.address().equals(DEAD)
                    ? Observation.failed(
                        Observation.Failure.CONNECT_REFUSED, "", clock.nanoTime(), clock.nanoTime())
                    : Observation.success("connected", clock.nanoTime(), clock.nanoTime()),
            (_, _) -> true,
            host -> new HostResolver.Resolved(List.of(Address.of("203.0.113.77")), 60));
    try (Node node = Node.start(folder.resolve("gslb.yaml").toString(), edges)) {
      await(() -> verdict(node) == Verdict.DOWN && us(node).equals("198.51.100.10"));
      // Neither is counted: the rate limit lets one reply a second pass.
      for (int i = 0; i < 3; i++) {
        assertThat(run("--client", "127.0.0.1", "www.gslb.example")).isZero();
        assertThat(out.toString())
            .contains(" on node fra1, generation ")
            .contains("www.gslb.example. 5 IN A 198.51.100.10\n", "pool 'us'")
            .contains("192.0.2.10 is down: web: this node sees it down (connection refused)\n")
            .contains("change   if 'eu' is up: pool 'eu', 192.0.2.10\n");
      }
      assertThat(run("--client", "127.0.0.1", "--json", "cdn.gslb.example")).isZero();
      assertThat(out.toString())
          .contains("\"answered\":true", "\"host\":\"lb.example.net.\"", "203.0.113.77");
      assertThat(run("--client", "127.0.0.1", "--down", "us", "www.gslb.example")).isZero();
      assertThat(out.toString().replaceAll("\\s+", " "))
          .contains("though none of its endpoints is up");
      assertThat(run("--client", "127.0.0.1", "--down", "ue", "www.gslb.example")).isEqualTo(64);
      assertThat(err.toString()).contains("there is no pool and no endpoint 'ue'");
      assertThat(run("--client", "127.0.0.1", "no.gslb.example")).isEqualTo(1);
    }
  }

  private static Verdict verdict(Node node) {
    return node.health().targets().stream()
        .filter(target -> target.address().equals(DEAD))
        .map(HealthStatus.TargetStatus::verdict)
        .findFirst()
        .orElse(Verdict.UNKNOWN);
  }

  /// What the node answers over the wire.
  private String us(Node node) {
    assertThat(node.dnsAddresses()).isNotEmpty();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(2_000);
      Message query =
          Message.newQuery(
              Record.newRecord(Name.fromConstantString("www.gslb.example."), Type.A, DClass.IN));
      byte[] octets = query.toWire();
      socket.send(
          new DatagramPacket(octets, octets.length, InetAddress.ofLiteral("127.0.0.1"), dnsPort));
      byte[] buffer = new byte[1_232];
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      socket.receive(packet);
      return new Message(java.nio.ByteBuffer.wrap(buffer, 0, packet.getLength()))
          .getSection(Section.ANSWER).stream()
              .map(record -> ((ARecord) record).getAddress().getHostAddress())
              .findFirst()
              .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  private static void await(BooleanSupplier holds) throws InterruptedException {
    Object pause = new Object();
    for (int tries = 0; tries < 300; tries++) {
      if (holds.getAsBoolean()) {
        return;
      }
      synchronized (pause) {
        pause.wait(100);
      }
    }
    throw new AssertionError("not within half a minute");
  }
}
