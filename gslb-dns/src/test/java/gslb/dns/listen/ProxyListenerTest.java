package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.ProxyHeader;
import gslb.base.ProxyHeader.Flow;
import gslb.dns.listen.Loopback.TcpClient;
import gslb.dns.listen.Loopback.UdpClient;
import gslb.testkit.FakeClock;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProxyListenerTest {
  private static final Address V4 = Address.of("198.51.100.7");
  private static final Address V6 = Address.of("2001:db8:7::7");

  static Stream<UdpTransport> transports() {
    return UdpListenerTest.transports();
  }

  private static DnsServer started(TcpLimits limits, Clock clock, String... addresses)
      throws ListenException {
    return started(UdpTransport.preferred(), limits, clock, addresses);
  }

  private static DnsServer started(
      UdpTransport transport, TcpLimits limits, Clock clock, String... addresses)
      throws ListenException {
    return Loopback.startedBehindProxy(
        Loopback.parts(Loopback::context, transport, clock), limits, addresses);
  }

  private static InetSocketAddress only(DnsServer server) {
    return server.boundAddresses().getFirst();
  }

  private static Flow from(Address client, boolean isDatagram) {
    Address server = client.isV4() ? Address.of("192.0.2.53") : Address.of("2001:db8::53");
    return new Flow(client, 40_000, server, 53, isDatagram);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// The client's family need not be the socket's.
  @ParameterizedTest
  @MethodSource("transports")
  void aDatagramsHeaderNamesTheClient(UdpTransport transport) throws Exception {
    try (DnsServer server =
        started(transport, TcpLimits.DEFAULTS, Clock.system(), "127.0.0.1", "::1")) {
      for (InetSocketAddress address : server.boundAddresses()) {
        try (UdpClient client = new UdpClient(address)) {
          for (Address named : List.of(V4, V6)) {
            byte[] datagram = joined(ProxyHeader.v2(from(named, true)), Loopback.query(7, 0));
            byte[] reply = client.ask(datagram);
            assertThat(Loopback.id(reply)).isEqualTo(7);
            assertThat(Loopback.client(reply)).isEqualTo(named);
          }
          byte[] own = client.ask(joined(ProxyHeader.v2Local(), Loopback.query(8, 0)));
          assertThat(Loopback.client(own)).isEqualTo(Address.of(client.localAddress()));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void datagramsOfAProxyWithoutAHeaderAreDropped(UdpTransport transport) throws Exception {
    byte[] good = ProxyHeader.v2(from(V4, true));
    byte[] wrongSum = good.clone();
    wrongSum[wrongSum.length - 1] ^= 1;
    try (DnsServer server = started(transport, TcpLimits.DEFAULTS, Clock.system(), "127.0.0.1");
        UdpClient client = new UdpClient(only(server))) {
      byte[] query = Loopback.query(1, 0);
      client.send(query);
      client.send(joined(wrongSum, query));
      client.send(joined(ProxyHeader.v1(from(V4, false)), query));
      client.send(java.util.Arrays.copyOf(good, good.length - 1));
      client.send(new byte[] {0x0d});
      client.send(joined(good, new byte[11]));
      client.send(joined(good, new byte[UdpSocket.QUERY_LENGTH_MAX + 1]));
      client.send(new byte[UdpSocket.DATAGRAM_LENGTH_MAX + 1]);
      byte[] longest = java.util.Arrays.copyOf(Loopback.query(9, 0), UdpSocket.QUERY_LENGTH_MAX);
      assertThat(Loopback.id(client.ask(joined(good, longest)))).isEqualTo(9);
      assertThat(Loopback.count(server, ListenCounters.UDP_DROPPED_PROXY)).isEqualTo(5);
      assertThat(Loopback.count(server, ListenCounters.UDP_DROPPED_SHORT)).isEqualTo(1);
      assertThat(Loopback.count(server, ListenCounters.UDP_DROPPED_LONG)).isEqualTo(2);
      Loopback.awaitUntil("counted", () -> Loopback.count(server, ListenCounters.UDP_SENT) == 1);
    }
  }

  /// 127.0.1.0/24 is not trusted.
  @Test
  void fromOthersNoHeaderIsLookedFor() throws Exception {
    byte[] header = ProxyHeader.v2(from(V4, false));
    try (DnsServer server = started(TcpLimits.DEFAULTS, Clock.system(), "127.0.0.1");
        TcpClient client = new TcpClient(only(server), "127.0.1.1");
        TcpClient forger = new TcpClient(only(server), "127.0.1.2")) {
      byte[] reply = client.ask(Loopback.query(1, 0));
      assertThat(Loopback.client(reply)).isEqualTo(Address.of("127.0.1.1"));
      // The header is a message of length 0x0d0a that never ends.
      forger.sendRaw(joined(header, Loopback.framed(Loopback.query(2, 0))));
      forger.shutdownOutput();
      assertThat(forger.isEnded()).isTrue();
      assertThat(Loopback.count(server, ListenCounters.TCP_QUERIES)).isOne();
    }
  }

  @Test
  void aConnectionsHeaderOfEitherVersionNamesTheClientOfAllItsQueries() throws Exception {
    try (DnsServer server = started(TcpLimits.DEFAULTS, Clock.system(), "127.0.0.1", "::1")) {
      for (InetSocketAddress address : server.boundAddresses()) {
        for (Address named : List.of(V4, V6)) {
          for (byte[] header :
              List.of(ProxyHeader.v1(from(named, false)), ProxyHeader.v2(from(named, false)))) {
            try (TcpClient client = new TcpClient(address)) {
              client.sendRaw(joined(header, Loopback.framed(Loopback.query(1, 0))));
              assertThat(Loopback.client(client.receive())).isEqualTo(named);
              assertThat(Loopback.client(client.ask(Loopback.query(2, 0)))).isEqualTo(named);
            }
          }
        }
        try (TcpClient itself = new TcpClient(address)) {
          itself.sendRaw(ProxyHeader.v2Local());
          byte[] reply = itself.ask(Loopback.query(3, 0));
          assertThat(Loopback.client(reply)).isEqualTo(Address.of(address.getAddress()));
        }
        try (TcpClient unknown = new TcpClient(address)) {
          unknown.sendRaw("PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII));
          byte[] reply = unknown.ask(Loopback.query(4, 0));
          assertThat(Loopback.client(reply)).isEqualTo(Address.of(address.getAddress()));
        }
      }
    }
  }

  /// RFC 7766 §8 for the header too: segments end anywhere.
  @Test
  void aHeaderMayComeOctetByOctet() throws Exception {
    byte[] stream =
        joined(
            ProxyHeader.v2(from(V6, false)),
            Loopback.framed(Loopback.query(1, 0)),
            Loopback.framed(Loopback.query(2, 0)));
    try (DnsServer server = started(TcpLimits.DEFAULTS, Clock.system(), "127.0.0.1");
        TcpClient client = new TcpClient(only(server))) {
      for (byte octet : stream) {
        client.sendRaw(octet);
      }
      assertThat(Loopback.client(client.receive())).isEqualTo(V6);
      assertThat(Loopback.id(client.receive())).isEqualTo(2);
    }
  }

  @Test
  void aConnectionOfAProxyWithoutAHeaderIsClosed() throws Exception {
    try (DnsServer server = started(TcpLimits.DEFAULTS, Clock.system(), "127.0.0.1")) {
      byte[] query = Loopback.framed(Loopback.query(1, 0));
      for (byte[] start :
          List.of(
              query,
              "PROXY TCP9 ".concat("x".repeat(120)).getBytes(StandardCharsets.US_ASCII),
              joined(new byte[] {0x0d, 0x0a, 0x0d, 0x0a, 0x01}, query))) {
        try (TcpClient client = new TcpClient(only(server))) {
          client.sendRaw(start);
          assertThat(client.isEnded()).isTrue();
        }
      }
      assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_PROXY)).isEqualTo(3);
      assertThat(Loopback.count(server, ListenCounters.TCP_QUERIES)).isZero();
    }
  }

  @Test
  void aHeaderThatDoesNotComeInTimeClosesTheConnection() throws Exception {
    FakeClock clock = new FakeClock();
    try (DnsServer server = started(TcpLimits.DEFAULTS, clock, "127.0.0.1");
        TcpClient silent = new TcpClient(only(server));
        TcpClient slow = new TcpClient(only(server))) {
      Loopback.awaitUntil("both are open", () -> server.tcpConnections() == 2);
      byte[] header = ProxyHeader.v2(from(V4, false));
      for (int i = 0; i < 6; i++) {
        slow.sendRaw(header[i]);
        clock.advance(Duration.ofSeconds(2));
      }
      assertThat(silent.isEnded()).isTrue();
      assertThat(slow.isEnded()).isTrue();
      assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_OPENING)).isEqualTo(2);
    }
  }

  /// The proxy's address has no share of its own: its clients have theirs.
  @Test
  void theLimitPerClientCountsTheClientsBehindTheProxy() throws Exception {
    TcpLimits limits =
        new TcpLimits(100, 2, TcpLimits.IDLE_MAX, TcpLimits.QUERY_MAX, TcpLimits.REPLY_MAX);
    List<TcpClient> clients = new ArrayList<>();
    try (DnsServer server = started(limits, new FakeClock(), "127.0.0.1")) {
      for (int i = 0; i < 10; i++) {
        TcpClient client = new TcpClient(only(server));
        clients.add(client);
        Address named = Address.v4((int) V4.low() + i / 2);
        client.sendRaw(ProxyHeader.v2(from(named, false)));
        assertThat(Loopback.client(client.ask(Loopback.query(i, 0)))).isEqualTo(named);
      }
      try (TcpClient third = new TcpClient(only(server))) {
        third.sendRaw(ProxyHeader.v2(from(V4, false)));
        assertThat(third.isEnded()).isTrue();
      }
      assertThat(Loopback.count(server, ListenCounters.TCP_REFUSED_CLIENT)).isOne();
      clients.removeFirst().close();
      Loopback.awaitUntil("one has gone", () -> server.tcpConnections() == 9);
      TcpClient again = new TcpClient(only(server));
      clients.add(again);
      again.sendRaw(ProxyHeader.v1(from(V4, false)));
      assertThat(Loopback.client(again.ask(Loopback.query(1, 0)))).isEqualTo(V4);
    } finally {
      for (TcpClient client : clients) {
        client.close();
      }
    }
  }

  /// The real peer, with both versions and the checksum.
  @Test
  void haproxyInFrontIsUnderstood(@TempDir Path directory) throws Exception {
    Path program = Path.of("/usr/sbin/haproxy");
    if (!Files.isExecutable(program)) {
      assertThat(System.getenv("CI")).as("haproxy is not installed; CI needs it").isNull();
      Assumptions.abort("haproxy is not installed");
    }
    List<String> options =
        List.of(
            "send-proxy",
            "send-proxy-v2",
            "send-proxy-v2 proxy-v2-options crc32c,unique-id check-send-proxy");
    try (DnsServer server = started(TcpLimits.DEFAULTS, Clock.system(), "127.0.0.1")) {
      StringBuilder configuration = new StringBuilder("defaults\n mode tcp\n");
      configuration.append(" timeout connect 9s\n timeout client 9s\n timeout server 9s\n");
      List<Integer> ports = new ArrayList<>();
      for (String option : options) {
        int port = freePort();
        ports.add(port);
        configuration.append(
            "listen p%d\n bind 127.0.0.1:%d\n unique-id-format %%[uuid()]\n server s 127.0.0.1:%d %s\n"
                .formatted(port, port, only(server).getPort(), option));
      }
      Path file = Files.writeString(directory.resolve("haproxy.cfg"), configuration);
      Path log = directory.resolve("log");
      Process haproxy =
          new ProcessBuilder(program.toString(), "-db", "-f", file.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        for (int port : ports) {
          Loopback.awaitUntil("haproxy listens", () -> listens(port) || !haproxy.isAlive());
          assertThat(haproxy.isAlive()).as(Files.readString(log)).isTrue();
          try (TcpClient client = new TcpClient(Loopback.at("127.0.0.1", port), "127.0.0.9")) {
            byte[] reply = client.ask(Loopback.query(port & 0xff, 0));
            assertThat(Loopback.client(reply)).isEqualTo(Address.of("127.0.0.9"));
          }
        }
      } finally {
        haproxy.destroy();
        assertThat(haproxy.waitFor(10, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private static int freePort() throws java.io.IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(Loopback.at("127.0.0.1", 0));
      return socket.getLocalPort();
    }
  }

  private static boolean listens(int port) {
    try (TcpClient _ = new TcpClient(Loopback.at("127.0.0.1", port))) {
      return true;
    } catch (java.io.IOException notYet) {
      return false;
    }
  }
}
