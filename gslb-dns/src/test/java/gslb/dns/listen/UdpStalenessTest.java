package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gslb.base.Clock;
import gslb.dns.listen.Loopback.UdpClient;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The kernel says when a datagram came, the listener's clock what time it is: a clock that is
/// ahead makes datagrams old without waiting.
final class UdpStalenessTest {
  @BeforeEach
  void onlyTheNativeTransportKnowsAges() {
    assumeTrue(UdpTransport.preferred() == UdpTransport.NATIVE);
  }

  /// The machine's time and an offset.
  private static final class OffsetClock implements Clock {
    final AtomicLong aheadMillis = new AtomicLong();

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
      return System.currentTimeMillis() + aheadMillis.get();
    }
  }

  @Test
  void aDatagramOlderThanTheLimitIsDroppedUnread() throws Exception {
    OffsetClock clock = new OffsetClock();
    clock.aheadMillis.set(-10_000); // so that no pause of the machine makes the others old
    try (DnsServer server =
            Loopback.started(
                Loopback.parts(Loopback::echo, UdpTransport.NATIVE, clock), 1, "127.0.0.1", "::");
        UdpClient v4 = new UdpClient(server.boundAddresses().getFirst());
        UdpClient v6 =
            new UdpClient(Loopback.at("::1", server.boundAddresses().get(1).getPort()))) {
      int dropped = 0;
      for (UdpClient client : List.of(v4, v6)) {
        assertThat(Loopback.id(client.ask(Loopback.query(1, 0)))).isEqualTo(1);
        clock.aheadMillis.set(UdpSocket.AGE_MAX.toMillis() + 1);
        client.send(Loopback.query(2, 0));
        int expected = ++dropped;
        Loopback.awaitUntil(
            "dropped", () -> Loopback.count(server, ListenCounters.UDP_DROPPED_STALE) == expected);
        clock.aheadMillis.set(-10_000);
        assertThat(Loopback.id(client.ask(Loopback.query(3, 0)))).isEqualTo(3);
      }
    }
  }

  /// A clock that was set, or that a test moves by hand, must not silence the server.
  @Test
  void anAgeThatCannotBeIsNotBelieved() throws Exception {
    OffsetClock clock = new OffsetClock();
    clock.aheadMillis.set(Duration.ofHours(1).toMillis());
    try (DnsServer server =
            Loopback.started(
                Loopback.parts(Loopback::echo, UdpTransport.NATIVE, clock), 1, "127.0.0.1");
        UdpClient client = new UdpClient(server.boundAddresses().getFirst())) {
      assertThat(Loopback.id(client.ask(Loopback.query(1, 0)))).isEqualTo(1);
      assertThat(Loopback.count(server, ListenCounters.UDP_DROPPED_STALE)).isZero();
    }
  }

  /// A thread too slow even to drop a buffer in time would otherwise answer nobody for good.
  @Test
  void whenEverythingIsStaleSomeAreAnsweredAllTheSame() throws Exception {
    OffsetClock clock = new OffsetClock();
    clock.aheadMillis.set(2 * UdpSocket.AGE_MAX.toMillis());
    List<InetSocketAddress> listen = List.of(Loopback.at("127.0.0.1", 0));
    try (DnsServer server =
            DnsServer.open(
                new DnsSettings(listen, 1),
                Loopback.parts(Loopback::echo, UdpTransport.NATIVE, clock));
        UdpClient client = new UdpClient(server.boundAddresses().getFirst())) {
      int batch = UdpSocket.BATCH_MAX;
      for (int id = 0; id < 9 * batch; id++) {
        client.send(Loopback.query(id, 0));
      }
      server.start();
      for (int i = 0; i < batch; i++) {
        assertThat(Loopback.id(client.receive())).isEqualTo(7 * batch + i);
      }
      Loopback.awaitUntil(
          "the ninth batch dropped",
          () -> Loopback.count(server, ListenCounters.UDP_DROPPED_STALE) == 8L * batch);
    }
  }
}
