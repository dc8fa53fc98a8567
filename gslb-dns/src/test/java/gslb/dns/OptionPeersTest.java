package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Clock;
import gslb.dns.listen.DnsServer;
import gslb.dns.listen.DnsSettings;
import gslb.dns.listen.TcpLimits;
import gslb.dns.listen.UdpTransport;
import gslb.testkit.FreePorts;
import gslb.testkit.TestCertificate;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// The options over loopback, with Debian's `dig` and `kdig` as clients, and Knot as another server
/// of the same cookies.
final class OptionPeersTest {
  private static final String SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf";
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Pattern GOOD_COOKIE = Pattern.compile("COOKIE: ([0-9a-f]{48}) \\(good\\)");

  @TempDir private Path folder;

  private final TestServer server =
      new TestServer(
              TestZone.of(
                  "example.org",
                  """
                  @ 60 SOA ns1 hostmaster 1 3600 900 1209600 60
                  @ 60 NS ns1
                  www 60 A 192.0.2.80
                  """))
          .withCookies(SECRET)
          .with(new Identity("fra1", "gslb", "fra1.example.org"));

  private DnsServer listening;

  @BeforeEach
  void listen() throws Exception {
    Instant now = Instant.now();
    SSLContext tls =
        TestCertificate.selfSigned(
                TestCertificate.Algorithm.EC,
                "localhost",
                now.minus(Duration.ofDays(1)),
                now.plus(Duration.ofDays(1)))
            .serverContext();
    List<InetSocketAddress> free = List.of(new InetSocketAddress(LOOPBACK, 0));
    listening =
        DnsServer.open(
            new DnsSettings(free, free, 1, TcpLimits.DEFAULTS, List.of()),
            new DnsServer.Parts(
                server.responder::answer,
                server.responder::newContext,
                Clock.system(),
                UdpTransport.preferred(),
                () -> tls));
    listening.start();
  }

  @AfterEach
  void stop() {
    listening.close();
  }

  private static Path program(String name) {
    List<String> folders = new ArrayList<>(List.of(System.getenv("PATH").split(":")));
    folders.add("/usr/sbin");
    for (String each : folders) {
      Path program = Path.of(each, name);
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    if (System.getenv("CI") != null) {
      throw new AssertionError(name + " is not installed");
    }
    return Assumptions.abort(name + " is not installed");
  }

  private static String run(String name, int port, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program(name).toString()));
    command.addAll(List.of("@127.0.0.1", "-p", String.valueOf(port)));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private String dig(String... arguments) throws Exception {
    return run("dig", listening.boundAddresses().getFirst().getPort(), arguments);
  }

  private long count(DnsCounter counter) {
    return server.responder.counters().sum(Arrays.asList(DnsCounter.values()).indexOf(counter));
  }

  @Test
  void digTakesTheCookieAndIsKnownByIt() throws Exception {
    String first = dig("www.example.org", "+cookie");
    assertThat(first).contains("status: NOERROR", "192.0.2.80").containsPattern(GOOD_COOKIE);
    Matcher cookie = GOOD_COOKIE.matcher(first);
    assertThat(cookie.find()).isTrue();
    String second = dig("www.example.org", "+cookie=" + cookie.group(1));
    assertThat(second).contains("COOKIE: " + cookie.group(1) + " (good)");
    assertThat(count(DnsCounter.COOKIES_CLIENT_ONLY)).isEqualTo(1);
    assertThat(count(DnsCounter.COOKIES_VALID)).isEqualTo(1);
    assertThat(dig("+header-only", "+cookie"))
        .contains("status: NOERROR", "QUERY: 0, ANSWER: 0")
        .containsPattern(GOOD_COOKIE);
  }

  @Test
  void digReadsTheOtherOptions() throws Exception {
    assertThat(dig("www.example.org", "+nsid", "+nocookie"))
        .contains("NSID: 66 72 61 31 (\"fra1\")")
        .doesNotContain("COOKIE");
    assertThat(dig("www.example.org", "+tcp", "+keepalive"))
        .containsPattern("TCP KEEPALIVE: (9\\.\\d|10\\.0) secs");
    assertThat(dig("www.example.org", "+keepalive")).doesNotContain("TCP KEEPALIVE");
    assertThat(dig("www.example.net")).contains("REFUSED", "EDE: 20 (Not Authoritative)");
    assertThat(dig("version.bind", "CH", "TXT")).contains("NOERROR", "\"gslb\"");
    assertThat(dig("id.server", "CH", "TXT")).contains("NOERROR", "\"fra1.example.org\"");
  }

  @Test
  void kdigGetsPaddingBelowTlsOnly() throws Exception {
    int tls = listening.boundTlsAddresses().getFirst().getPort();
    assertThat(run("kdig", tls, "+tls", "+padding", "+nsid", "www.example.org"))
        .contains("status: NOERROR", "192.0.2.80", "NSID: 66726131", "PADDING", "Received 468 B");
    int plain = listening.boundAddresses().getFirst().getPort();
    assertThat(run("kdig", plain, "+tcp", "+padding", "+nsid", "+cookie", "www.example.org"))
        .contains("status: NOERROR", "192.0.2.80", "NSID: 66726131", "COOKIE: ")
        .doesNotContain("PADDING");
  }

  /// RFC 9018 §1: servers of different makers behind one address know each other's clients.
  @Test
  void knotAndGslbTakeEachOthersCookies() throws Exception {
    int port = FreePorts.one();
    Process knot = startKnot(port);
    try (DatagramSocket toKnot = new DatagramSocket(0, LOOPBACK);
        DatagramSocket toGslb = new DatagramSocket(0, LOOPBACK)) {
      toKnot.connect(LOOPBACK, port);
      toGslb.connect(listening.boundAddresses().getFirst());
      String client = "0102030405060708";
      // Knot gives strangers a cookie instead of an answer.
      Message stranger = askUntilAnswered(toKnot, client, knot);
      assertThat(stranger.getRcode()).isEqualTo(Rcode.BADCOOKIE);
      String fromKnot = cookie(stranger);
      assertThat(cookie(ask(toGslb, fromKnot)))
          .as("taken, and as good as our own")
          .isEqualTo(fromKnot);
      assertThat(count(DnsCounter.COOKIES_VALID)).isEqualTo(1);
      String fromGslb = cookie(ask(toGslb, client));
      Message known = ask(toKnot, fromGslb);
      assertThat(known.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(cookie(known)).isEqualTo(fromGslb);
    } finally {
      knot.destroy();
      assertThat(knot.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Process startKnot(int port) throws IOException {
    Path program = program("knotd");
    Files.writeString(
        folder.resolve("example.org.zone"),
        "@ 60 IN SOA ns1 h 1 1 1 1 60\n@ 60 NS ns1\nns1 60 A 192.0.2.53\nwww 60 A 192.0.2.80\n");
    Path configuration = folder.resolve("knot.conf");
    Files.writeString(
        configuration,
        """
        server:
            listen: 127.0.0.1@%d
            rundir: "%s"
        database:
            storage: "%s"
        mod-cookies:
          - id: same
            secret: 0x%s
        template:
          - id: default
            storage: "%s"
            global-module: mod-cookies/same
        zone:
          - domain: example.org
            file: example.org.zone
        """
            .formatted(port, folder, folder.resolve("db"), SECRET, folder));
    return new ProcessBuilder(program.toString(), "-c", configuration.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("knot.log").toFile())
        .start();
  }

  private static Message ask(DatagramSocket socket, String cookie) throws IOException {
    byte[] query = TestQuery.of("www.example.org", Type.A).edns(TestQuery.cookie(cookie)).toBytes();
    socket.send(new DatagramPacket(query, query.length));
    DatagramPacket reply = new DatagramPacket(new byte[1500], 1500);
    socket.setSoTimeout(20_000);
    socket.receive(reply);
    return new Message(Arrays.copyOf(reply.getData(), reply.getLength()));
  }

  /// Asks again and again while the server starts.
  private Message askUntilAnswered(DatagramSocket socket, String cookie, Process server)
      throws IOException {
    byte[] query = TestQuery.of("www.example.org", Type.A).edns(TestQuery.cookie(cookie)).toBytes();
    DatagramPacket reply = new DatagramPacket(new byte[1500], 1500);
    socket.setSoTimeout(100);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (server.isAlive() && System.nanoTime() - deadline < 0) {
      try {
        socket.send(new DatagramPacket(query, query.length));
        socket.receive(reply);
        return new Message(Arrays.copyOf(reply.getData(), reply.getLength()));
      } catch (SocketTimeoutException | PortUnreachableException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
    throw new AssertionError(
        "knotd does not answer: " + Files.readString(folder.resolve("knot.log")));
  }

  private static String cookie(Message message) {
    byte[] option = message.getOPT().getOptions(10).getFirst().toWire();
    return HexFormat.of().formatHex(option, 4, option.length);
  }
}
