package gslb.redirect;

import static gslb.redirect.Fixture.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Address;
import gslb.redirect.RawClient.Response;
import gslb.steering.ClientSketches;
import gslb.testkit.FakeClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Opening, bounds and closing.
final class RedirectServerTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("redirect"))
        .collect(Collectors.toSet());
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(Address.of(address).toInetAddress(), port);
  }

  @Test
  void closingLeavesNoThreadAndNoListener() throws Exception {
    Set<Thread> before = threads();
    Fixture fixture = new Fixture();
    InetSocketAddress address = fixture.address();
    try (RawClient kept = new RawClient(address)) {
      assertThat(kept.send(GET).response().status()).isEqualTo(302);
      fixture.close();
      assertThat(kept.isAtEnd()).isTrue();
    }
    Set<Thread> after = threads();
    after.removeAll(before);
    for (Thread thread : after) {
      thread.join(10_000);
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
    assertThatThrownBy(() -> new RawClient(address)).isInstanceOf(IOException.class);
    fixture.close();
  }

  @Test
  void anAddressInUseIsSaidWithWhatToDo() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      RedirectSettings settings =
          new RedirectSettings(
              List.of(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
      assertThatThrownBy(
              () ->
                  RedirectServer.open(
                      settings,
                      () -> Fixture.snapshot(1, (s, v, h, l, t, x) -> 0),
                      new ClientSketches(new SplittableRandom(1)),
                      new FakeClock()))
          .isInstanceOf(ListenException.class)
          .hasMessageStartingWith("http 127.0.0.1:" + port + ": address already in use; ")
          .hasMessageContaining("sport = :" + port);
    }
  }

  @Test
  void everyAddressOfTheSettingsIsServed() throws Exception {
    RedirectSettings settings =
        new RedirectSettings(List.of(at("127.0.0.1", 0), at("127.0.0.2", 0), at("::1", 0)));
    Fixture.Recorder recorder = new Fixture.Recorder();
    RedirectSnapshot snapshot = Fixture.snapshot(1, recorder);
    try (RedirectServer server =
        RedirectServer.open(
            settings,
            () -> snapshot,
            new ClientSketches(new SplittableRandom(1)),
            new FakeClock())) {
      assertThat(server.addresses()).hasSize(3);
      for (InetSocketAddress address : server.addresses()) {
        assertThat(RawClient.exchange(address, GET).status()).isEqualTo(302);
      }
    }
    Fixture.Asked last = Objects.requireNonNull(recorder.last.get());
    assertThat(last.v4()).isFalse();
    assertThat(last.low()).isEqualTo(1);
  }

  /// A dual-stack socket sees an IPv4 client; steering must see its IPv4 address.
  @Test
  void anIpv4ClientOfTheIpv6WildcardIsAnIpv4Client() throws Exception {
    int port = freePort();
    RedirectSettings settings = new RedirectSettings(List.of(at("0.0.0.0", port), at("::", port)));
    Fixture.Recorder recorder = new Fixture.Recorder();
    RedirectSnapshot snapshot = Fixture.snapshot(1, recorder);
    try (RedirectServer server =
        RedirectServer.open(
            settings,
            () -> snapshot,
            new ClientSketches(new SplittableRandom(1)),
            new FakeClock())) {
      Response response =
          RawClient.exchange(at("127.0.0.1", server.addresses().getFirst().getPort()), GET);
      assertThat(response.status()).isEqualTo(302);
      Fixture.Asked last = Objects.requireNonNull(recorder.last.get());
      assertThat(last.v4()).isTrue();
      assertThat(last.low()).isEqualTo(0x7f000001L);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void connectionsAreBounded() throws Exception {
    RedirectServer.Bounds bounds =
        new RedirectServer.Bounds(
            2, RedirectServer.HEAD_MILLIS_MAX, RedirectServer.UNUSED_MILLIS_MAX);
    try (Fixture fixture = new Fixture((s, v, h, l, t, x) -> 0, bounds);
        RawClient first = new RawClient(fixture.address());
        RawClient second = new RawClient(fixture.address())) {
      assertThat(first.send(GET).response().status()).isEqualTo(302);
      assertThat(second.send(GET).response().status()).isEqualTo(302);
      try (RawClient third = new RawClient(fixture.address())) {
        third.send(GET);
        third.socket().setSoTimeout(300);
        assertThatThrownBy(third::response).isInstanceOf(java.net.SocketTimeoutException.class);
        third.socket().setSoTimeout(15_000);
        first.socket().close();
        assertThat(third.response().status()).isEqualTo(302);
      }
    }
  }

  @Test
  void aHeadThatNeverEndsIsClosed() throws Exception {
    RedirectServer.Bounds bounds = new RedirectServer.Bounds(10, 200, 30_000);
    try (Fixture fixture = new Fixture((s, v, h, l, t, x) -> 0, bounds);
        RawClient client = new RawClient(fixture.address())) {
      client.send("GET / HTTP/1.1\r\nHo");
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void aConnectionWithoutARequestIsClosed() throws Exception {
    RedirectServer.Bounds bounds = new RedirectServer.Bounds(10, 5_000, 200);
    try (Fixture fixture = new Fixture((s, v, h, l, t, x) -> 0, bounds);
        RawClient silent = new RawClient(fixture.address());
        RawClient kept = new RawClient(fixture.address())) {
      assertThat(kept.send(GET).response().status()).isEqualTo(302);
      assertThat(kept.isAtEnd()).isTrue();
      assertThat(silent.isAtEnd()).isTrue();
    }
  }
}
