package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.dns.listen.Loopback.UdpClient;
import gslb.testkit.FakeClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class UdpListenerTest {
  /// The transports that work on this machine.
  static Stream<UdpTransport> transports() {
    return Stream.of(UdpTransport.preferred(), UdpTransport.CHANNEL).distinct();
  }

  private static InetSocketAddress only(DnsServer server) {
    return server.boundAddresses().getFirst();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void everyQueryIsAnsweredOverBothFamilies(UdpTransport transport) throws Exception {
    for (String address : List.of("127.0.0.1", "::1")) {
      try (DnsServer server =
              Loopback.started(Loopback.parts(Loopback::echo, transport), 1, address);
          UdpClient client = new UdpClient(only(server))) {
        for (int id = 0; id < 300; id++) {
          byte[] query = Loopback.query(id, id);
          assertThat(client.ask(query)).isEqualTo(query);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theContextNamesClientTransportAndTime(UdpTransport transport) throws Exception {
    FakeClock clock = new FakeClock();
    clock.advance(Duration.ofNanos(12_345_678_901L));
    DnsServer.Parts parts = Loopback.parts(Loopback::context, transport, clock);
    for (String address : List.of("127.0.0.1", "::1")) {
      try (DnsServer server = Loopback.started(parts, 1, address);
          UdpClient client = new UdpClient(only(server))) {
        ByteBuffer reply = ByteBuffer.wrap(client.ask(Loopback.query(1, 0))).position(12);
        Address peer = Address.of(client.localAddress());
        assertThat(reply.get()).as("over TCP").isZero();
        assertThat(reply.get()).as("family").isEqualTo((byte) (peer.isV4() ? 4 : 6));
        assertThat(reply.getLong()).isEqualTo(peer.high());
        assertThat(reply.getLong()).isEqualTo(peer.low());
        assertThat(reply.getLong()).isEqualTo(12_345_678_901L);
        assertThat(reply.getLong()).isEqualTo(clock.currentTimeMillis());
      }
    }
  }

  /// More than a batch waits in the kernel when the thread starts.
  @ParameterizedTest
  @MethodSource("transports")
  void queuedQueriesAreAnsweredEachOnceToItsOwnClient(UdpTransport transport) throws Exception {
    List<InetSocketAddress> listen = List.of(Loopback.at("127.0.0.1", 0));
    try (DnsServer server =
        DnsServer.open(new DnsSettings(listen, 1), Loopback.parts(Loopback::sized, transport))) {
      List<UdpClient> clients = new ArrayList<>();
      for (int c = 0; c < 5; c++) {
        clients.add(new UdpClient(only(server)));
      }
      for (int i = 0; i < 25; i++) {
        for (int c = 0; c < 5; c++) {
          clients.get(c).send(Loopback.query(c * 25 + i, (c * 25 + i) * 3));
        }
      }
      server.start();
      for (int c = 0; c < 5; c++) {
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 25; i++) {
          byte[] reply = clients.get(c).receive();
          ids.add(Loopback.id(reply));
          assertThat(reply).hasSize(12 + Loopback.id(reply) * 3);
          assertThat(reply[reply.length - 1]).isEqualTo((byte) Loopback.id(reply));
        }
        assertThat(ids).hasSize(25).allMatch(new ClientsOwn(c)::has);
        clients.get(c).close();
      }
      Loopback.awaitUntil(
          "all counted", () -> Loopback.count(server, ListenCounters.UDP_SENT) == 125);
      assertThat(Loopback.count(server, ListenCounters.UDP_RECEIVED)).isEqualTo(125);
    }
  }

  private record ClientsOwn(int client) {
    boolean has(int id) {
      return id / 25 == client;
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void datagramsTooShortOrTooLongAreDroppedAndTheNextIsAnswered(UdpTransport transport)
      throws Exception {
    try (DnsServer server =
            Loopback.started(Loopback.parts(Loopback::echo, transport), 1, "127.0.0.1");
        UdpClient client = new UdpClient(only(server))) {
      client.send(new byte[1]);
      client.send(new byte[11]);
      client.send(new byte[UdpSocket.QUERY_LENGTH_MAX + 1]);
      assertThat(client.ask(new byte[UdpSocket.QUERY_LENGTH_MAX]))
          .hasSize(UdpSocket.QUERY_LENGTH_MAX);
      assertThat(client.ask(new byte[12])).hasSize(12);
      assertThat(Loopback.count(server, ListenCounters.UDP_DROPPED_SHORT)).isEqualTo(2);
      assertThat(Loopback.count(server, ListenCounters.UDP_DROPPED_LONG)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void silenceFaultsAndOverlongRepliesCostOneQueryEach(UdpTransport transport) throws Exception {
    Answerer answerer =
        (in, length, out, context) ->
            switch (in[1]) {
              case 1 -> 0;
              case 2 -> throw new IllegalStateException("a fault made by the test");
              case 3 -> UdpSocket.REPLY_LENGTH_MAX + 1;
              case 4 -> UdpSocket.REPLY_LENGTH_MAX;
              default -> Loopback.echo(in, length, out, context);
            };
    try (DnsServer server = Loopback.started(Loopback.parts(answerer, transport), 1, "::1");
        UdpClient client = new UdpClient(only(server))) {
      for (int id = 1; id <= 3; id++) {
        client.send(Loopback.query(id, 0));
      }
      assertThat(client.ask(Loopback.query(4, 0))).hasSize(UdpSocket.REPLY_LENGTH_MAX);
      assertThat(Loopback.id(client.ask(Loopback.query(5, 0)))).isEqualTo(5);
      assertThat(Loopback.count(server, ListenCounters.ANSWER_FAULTS)).isEqualTo(1);
      assertThat(Loopback.count(server, ListenCounters.UDP_DROPPED_REPLY)).isEqualTo(1);
    }
  }

  /// The forger shares the listeners' port, so what it sends bears their address. The kernel deals
  /// by a hash of addresses and ports that this test cannot choose: where the forger is dealt its
  /// own datagrams, another port is tried.
  @ParameterizedTest
  @MethodSource("transports")
  void datagramsThatBearTheListenersOwnAddressAreDropped(UdpTransport transport) throws Exception {
    for (String address : List.of("127.0.0.1", "::1")) {
      boolean dealt = false;
      for (int tries = 0; tries < 30 && !dealt; tries++) {
        try (DnsServer server =
                Loopback.started(Loopback.parts(Loopback::echo, transport), 4, address);
            DatagramChannel forger = sharing(only(server))) {
          forger.send(ByteBuffer.allocate(20), only(server));
          // A datagram is in the receiver's queue when send returns over loopback.
          dealt = forger.receive(ByteBuffer.allocate(20)) == null;
          if (dealt) {
            Loopback.awaitUntil(
                "dropped", () -> Loopback.count(server, ListenCounters.UDP_DROPPED_SOURCE) == 1);
            assertThat(Loopback.count(server, ListenCounters.UDP_SENT)).isZero();
          }
        }
      }
      assertThat(dealt).isTrue();
    }
  }

  private static DatagramChannel sharing(InetSocketAddress address) throws IOException {
    boolean isV4 = Address.of(address.getAddress()).isV4();
    DatagramChannel channel =
        DatagramChannel.open(isV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    channel.bind(address);
    channel.configureBlocking(false);
    return channel;
  }

  /// RFC 2181 §4.1. The clients are connected, so that they hear nothing from any other address.
  @Test
  void wildcardSocketAnswersFromTheAddressAsked() throws Exception {
    if (UdpTransport.preferred() != UdpTransport.NATIVE) {
      return; // promised for the native transport alone
    }
    DnsServer.Parts parts = Loopback.parts(Loopback::context, UdpTransport.NATIVE);
    try (DnsServer server = Loopback.started(parts, 1, "0.0.0.0", "::")) {
      int port = server.boundAddresses().getFirst().getPort();
      for (String asked : List.of("127.0.0.2", "127.0.0.1", "127.77.0.3")) {
        try (UdpClient client = new UdpClient(Loopback.at(asked, port))) {
          byte[] reply = client.ask(Loopback.query(7, 0));
          assertThat(Loopback.id(reply)).isEqualTo(7);
        }
      }
      int portV6 = server.boundAddresses().get(1).getPort();
      try (UdpClient client = new UdpClient(Loopback.at("::1", portV6))) {
        assertThat(Loopback.id(client.ask(Loopback.query(8, 0)))).isEqualTo(8);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void threadsOfOneAddressShareItsClients(UdpTransport transport) throws Exception {
    Set<String> threads = java.util.concurrent.ConcurrentHashMap.newKeySet();
    Answerer answerer =
        (in, length, out, context) -> {
          threads.add(Thread.currentThread().getName());
          return Loopback.echo(in, length, out, context);
        };
    try (DnsServer server = Loopback.started(Loopback.parts(answerer, transport), 3, "127.0.0.1")) {
      int port = only(server).getPort();
      // 200 clients miss one of three threads by chance once in 10^35.
      for (int id = 0; id < 200; id++) {
        try (UdpClient client = new UdpClient(only(server))) {
          client.ask(Loopback.query(id, 0));
        }
      }
      assertThat(threads)
          .containsExactlyInAnyOrder(
              "udp-" + port + "-0", "udp-" + port + "-1", "udp-" + port + "-2");
    }
  }
}
