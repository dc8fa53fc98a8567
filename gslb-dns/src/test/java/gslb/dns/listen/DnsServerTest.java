package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import gslb.dns.listen.Loopback.TcpClient;
import gslb.dns.listen.Loopback.UdpClient;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DnsServerTest {
  static Stream<UdpTransport> transports() {
    return UdpListenerTest.transports();
  }

  private static DnsServer open(InetSocketAddress... listen) throws ListenException {
    return DnsServer.open(
        new DnsSettings(List.of(listen), 1),
        Loopback.parts(Loopback::echo, UdpTransport.preferred()));
  }

  @Test
  void udpAndTcpShareThePortThatWasFree() throws Exception {
    DnsServer.Parts parts = Loopback.parts(Loopback::echo, UdpTransport.preferred());
    try (DnsServer server = Loopback.started(parts, 2, "127.0.0.1", "127.0.0.2", "::1")) {
      assertThat(server.boundAddresses())
          .extracting(a -> a.getAddress().isLoopbackAddress())
          .containsExactly(true, true, true);
      for (InetSocketAddress address : server.boundAddresses()) {
        assertThat(address.getPort()).isPositive();
        try (UdpClient udp = new UdpClient(address);
            TcpClient tcp = new TcpClient(address)) {
          assertThat(Loopback.id(udp.ask(Loopback.query(1, 0)))).isEqualTo(1);
          assertThat(Loopback.id(tcp.ask(Loopback.query(2, 0)))).isEqualTo(2);
        }
      }
    }
  }

  @Test
  void bothWildcardsHaveOnePort() throws Exception {
    Assumptions.assumeTrue(UdpTransport.preferred() == UdpTransport.NATIVE, "Linux alone");
    int port;
    try (DnsServer probe = open(Loopback.at("::", 0))) {
      port = probe.boundAddresses().getFirst().getPort();
    }
    try (DnsServer server = open(Loopback.at("0.0.0.0", port), Loopback.at("::", port))) {
      server.start();
      for (String asked : List.of("127.0.0.1", "127.0.0.9", "::1")) {
        InetSocketAddress address = Loopback.at(asked, port);
        try (UdpClient udp = new UdpClient(address);
            TcpClient tcp = new TcpClient(address)) {
          assertThat(Loopback.id(udp.ask(Loopback.query(1, 0)))).isEqualTo(1);
          assertThat(Loopback.id(tcp.ask(Loopback.query(2, 0)))).isEqualTo(2);
        }
      }
    }
  }

  /// Descriptors and threads; the JDK's own (pollers of virtual threads) are there after the first
  /// round.
  @ParameterizedTest
  @MethodSource("transports")
  void closingLeavesNoThreadAndNoDescriptor(UdpTransport transport) throws Exception {
    useOnce(transport);
    List<String> descriptors = descriptors();
    for (int round = 0; round < 3; round++) {
      useOnce(transport);
      assertThat(threads()).isEmpty();
      assertThat(descriptors()).hasSameSizeAs(descriptors);
    }
    open(Loopback.at("127.0.0.1", 0)).close();
    assertThat(threads()).isEmpty();
    assertThat(descriptors()).hasSameSizeAs(descriptors);
  }

  private static void useOnce(UdpTransport transport) throws Exception {
    DnsServer.Parts parts = Loopback.parts(Loopback::echo, transport);
    List<TcpClient> left = new ArrayList<>();
    try (DnsServer server = Loopback.started(parts, 3, "127.0.0.1", "::1")) {
      for (InetSocketAddress address : server.boundAddresses()) {
        try (UdpClient udp = new UdpClient(address)) {
          assertThat(udp.ask(Loopback.query(1, 0))).hasSize(14);
        }
        TcpClient tcp = new TcpClient(address);
        left.add(tcp);
        assertThat(tcp.ask(Loopback.query(2, 0))).hasSize(14);
        tcp.sendRaw((byte) 1); // amid a query when the server closes
      }
      assertThat(threads()).hasSize(2 * 3 + 2 + 1);
    }
    for (TcpClient tcp : left) {
      assertThat(tcp.isEnded()).isTrue();
      tcp.close();
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("udp-") || name.startsWith("tcp-"))
        .toList();
  }

  private static List<String> descriptors() throws IOException {
    Path all = Path.of("/proc/self/fd");
    Assumptions.assumeTrue(Files.isDirectory(all), "only Linux lists its descriptors");
    List<String> targets = new ArrayList<>();
    try (Stream<Path> links = Files.list(all)) {
      for (Path link : links.toList()) {
        if (Files.isSymbolicLink(link)) {
          targets.add(Files.readSymbolicLink(link).toString());
        }
      }
    }
    // Jar files come and go with class loading.
    return targets.stream().filter(t -> t.startsWith("socket:") || t.startsWith("anon_")).toList();
  }

  @Test
  void anAddressInUseOpensNothingAndIsNamed() throws Exception {
    List<String> before = descriptors();
    InetSocketAddress free = Loopback.at("127.0.0.1", 0);
    try (DatagramSocket udp = new DatagramSocket(free)) {
      InetSocketAddress taken = Loopback.at("127.0.0.1", udp.getLocalPort());
      ListenException failure =
          catchThrowableOfType(ListenException.class, () -> open(free, taken));
      assertThat(failure.reason()).isEqualTo(ListenException.Reason.ADDRESS_IN_USE);
      assertThat(failure.address()).isEqualTo(taken);
      assertThat(failure)
          .hasMessageStartingWith(
              "dns udp 127.0.0.1:"
                  + taken.getPort()
                  + ": address already in use; another process owns 127.0.0.1:"
                  + taken.getPort()
                  + "; find it with 'ss -lnptu sport = :"
                  + taken.getPort()
                  + "'");
    }
    try (ServerSocket tcp = new ServerSocket()) {
      tcp.bind(Loopback.at("::1", 0));
      InetSocketAddress taken = Loopback.at("::1", tcp.getLocalPort());
      ListenException failure =
          catchThrowableOfType(ListenException.class, () -> open(free, taken));
      assertThat(failure.reason()).isEqualTo(ListenException.Reason.ADDRESS_IN_USE);
      assertThat(failure).hasMessageStartingWith("dns tcp [::1]:" + taken.getPort() + ": ");
    }
    assertThat(descriptors()).hasSameSizeAs(before);
  }

  /// 192.0.2.53 is for documentation and nobody's.
  @Test
  void anAddressOfAnotherMachineIsNamed() {
    assertThatThrownBy(() -> open(Loopback.at("192.0.2.53", 0)))
        .isInstanceOf(ListenException.class)
        .hasMessageStartingWith("dns tcp 192.0.2.53:0: address not available; ");
  }

  @Test
  void anAddressListedTwiceIsNamed() {
    assertThatThrownBy(
            () -> {
              int port;
              try (DnsServer probe = open(Loopback.at("127.0.0.1", 0))) {
                port = probe.boundAddresses().getFirst().getPort();
              }
              open(Loopback.at("127.0.0.1", port), Loopback.at("127.0.0.1", port)).close();
            })
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("listed twice");
  }

  @Test
  void lackOfPermissionNamesTheCapability() {
    ListenException failure =
        ListenException.of(
            "tcp", Loopback.at("2001:db8::53", 53), new SocketException("Permission denied"));
    assertThat(failure)
        .hasMessageStartingWith("dns tcp [2001:db8::53]:53: permission denied; ")
        .hasMessageContaining("CAP_NET_BIND_SERVICE");
  }

  @Test
  void closingTwiceOrBeforeTheStartIsHarmless() throws Exception {
    DnsServer server = open(Loopback.at("127.0.0.1", 0));
    InetSocketAddress address = server.boundAddresses().getFirst();
    server.close();
    server.close();
    assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
    open(address).close();
  }

  @Test
  void countersAreNamedForThisRoom() throws Exception {
    try (DnsServer server = open(Loopback.at("127.0.0.1", 0))) {
      assertThat(server.counters().names())
          .allMatch(name -> name.matches("gslb_dns_[a-z_]+_total"))
          .doesNotHaveDuplicates()
          .hasSize(ListenCounters.COUNT);
    }
  }
}
