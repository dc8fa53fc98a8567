package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.health.Observation.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class NetworkProbeTest {
  private static final Address LOOPBACK = Address.of("127.0.0.1");

  /// Long enough for a loaded machine to answer, for probes that are expected to end by themselves.
  private static final Duration AMPLE = Duration.ofSeconds(30);

  /// For probes that are expected to be ended by the deadline.
  private static final Duration SHORT = Duration.ofMillis(300);

  private final Clock clock = Clock.system();
  private final NetworkProbe probe = new NetworkProbe(clock, "1.2.3");

  private Observation probe(int port, Monitor.Check check, Duration within) {
    Monitor monitor = new Monitor("web", check, port, within.multipliedBy(2), within, 2, 3);
    return probe.probe(ProbeTarget.of(LOOPBACK, monitor, ""), clock.nanoTime() + within.toNanos());
  }

  /// @param response with `~` for each CRLF
  private Observation get(String response, @Nullable String body) throws IOException {
    try (LoopbackServer server = LoopbackServer.answering(response.replace("~", "\r\n"))) {
      return probe(server.port(), http(body), AMPLE);
    }
  }

  private static Monitor.Check.Http http(@Nullable String body) {
    return new Monitor.Check.Http(false, "www.example.org", "/healthz?a=b", 200, 299, body, true);
  }

  @Test
  void tcpConnects() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(_ -> {})) {
      assertThat(probe(server.port(), new Monitor.Check.Tcp(), AMPLE).isSuccess()).isTrue();
    }
  }

  @Test
  void closedPortRefuses() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, LoopbackServer.LOOPBACK)) {
      port = closed.getLocalPort();
    }
    Observation observation = probe(port, new Monitor.Check.Tcp(), AMPLE);
    assertThat(observation.failure()).isEqualTo(Failure.CONNECT_REFUSED);
  }

  @Test
  void fullBacklogIsAConnectTimeout() throws IOException {
    List<Socket> fillers = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, LoopbackServer.LOOPBACK)) {
      boolean room = true;
      while (room && fillers.size() < 50) {
        Socket filler = new Socket();
        fillers.add(filler);
        try {
          filler.connect(new InetSocketAddress(LoopbackServer.LOOPBACK, full.getLocalPort()), 200);
        } catch (SocketTimeoutException _) {
          room = false;
        }
      }
      assertThat(room).isFalse();
      Observation observation = probe(full.getLocalPort(), new Monitor.Check.Tcp(), SHORT);
      assertThat(observation.failure()).isEqualTo(Failure.CONNECT_TIMEOUT);
      assertThat(observation.detail()).isEqualTo("after 300 ms");
    } finally {
      for (Socket filler : fillers) {
        filler.close();
      }
    }
  }

  @Test
  void requestNamesHostPathAndAgent() throws Exception {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    try (LoopbackServer server =
        LoopbackServer.start(
            socket -> {
              heads.add(LoopbackServer.requestHead(socket));
              LoopbackServer.write(socket, "HTTP/1.1 204 \r\n\r\n");
            })) {
      Observation observation = probe(server.port(), http(null), AMPLE);
      assertThat(observation.isSuccess()).isTrue();
      assertThat(observation.detail()).isEqualTo("status 204");
      assertThat(heads.take())
          .isEqualTo(
              "GET /healthz?a=b HTTP/1.1\r\nHost: www.example.org:"
                  + server.port()
                  + "\r\nUser-Agent: gslb/1.2.3\r\nAccept: */*\r\nAccept-Encoding: identity"
                  + "\r\nConnection: close\r\n\r\n");
    }
  }

  /// RFC 9110 §7.2.
  @Test
  void hostLeavesTheDefaultPortOutAndBracketsIpv6() {
    Monitor.Check.Http bare = new Monitor.Check.Http(false, null, "/", 200, 200, null, true);
    Monitor monitor =
        new Monitor("web", bare, 80, Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3);
    ProbeTarget v6 = ProbeTarget.of(Address.of("2001:db8::1"), monitor, "");
    assertThat(new String(HttpExchange.request(v6, bare, "x"), StandardCharsets.US_ASCII))
        .contains("\r\nHost: [2001:db8::1]\r\n");
    ProbeTarget v4 = ProbeTarget.of(Address.of("192.0.2.1"), monitor, "");
    assertThat(new String(HttpExchange.request(v4, bare, "x"), StandardCharsets.US_ASCII))
        .contains("\r\nHost: 192.0.2.1\r\n");
  }

  @Test
  void whatTheSystemRepeatsIsSaidOnce() {
    assertThat(Observation.failed(Failure.CONNECT_REFUSED, "Connection refused", 0, 1).describe())
        .isEqualTo("connection refused");
    assertThat(Observation.failed(Failure.CONNECT_UNREACHABLE, "No route", 0, 1).describe())
        .isEqualTo("unreachable: No route");
  }

  @Test
  void statusOutsideTheRangeFails() throws IOException {
    Observation observation = get("HTTP/1.1 503 Sorry\r\n\r\n", null);
    assertThat(observation.failure()).isEqualTo(Failure.STATUS);
    assertThat(observation.describe()).isEqualTo("unexpected status: 503");
  }

  /// RFC 9110 §15.2.
  @Test
  void interimResponsesArePassedOver() throws IOException {
    String early = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    assertThat(get(early + early + "HTTP/1.1 200 OK\r\n\r\n", null).isSuccess()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK~Content-Length: 11~~all is well",
        "HTTP/1.0 200 OK~~all is well",
        "HTTP/1.1 200 OK\nContent-Length: 11\n\nall is well",
        "HTTP/1.1 200~~all is well",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~all i~6;x=y~s well~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~Content-Length: 3~~B~all is well~0~~",
        "HTTP/1.1 200 OK~Content-Length: 5000~~all is well, and nothing follows",
      })
  void bodyTextIsFound(String response) throws IOException {
    Observation observation = get(response, "is well");
    assertThat(observation.isSuccess()).as(observation.describe()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nall is well",
        "HTTP/1.1 200 OK\r\n\r\nall is ill",
        "HTTP/1.1 204 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nis \r\n0\r\n\r\nis well",
        "HTTP/1.1 200 is well\r\nX: is well\r\n\r\n",
      })
  void missingBodyTextFails(String response) throws IOException {
    assertThat(get(response, "is well").failure()).isEqualTo(Failure.BODY);
  }

  @Test
  void bodyTextBehindTheBoundIsNotLookedFor() throws IOException {
    String head = "HTTP/1.1 200 OK\r\n\r\n";
    int bound = Monitor.Check.Http.BODY_LENGTH_MAX;
    assertThat(get(head + "x".repeat(bound - 2) + "ok" + "x".repeat(99), "ok").isSuccess())
        .isTrue();
    assertThat(get(head + "x".repeat(bound - 1) + "ok", "ok").failure()).isEqualTo(Failure.BODY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.9\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 -20 OK\r\n\r\n",
        "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
      })
  void whatIsNotHttpIsMalformed(String response) throws IOException {
    assertThat(get(response, "ok").failure()).isEqualTo(Failure.RESPONSE_MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nX",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      })
  void earlyCloseIsToldApart(String response) throws IOException {
    assertThat(get(response, "ok").failure()).isEqualTo(Failure.RESPONSE_CLOSED);
  }

  @Test
  void hugeHeadIsCutOff() throws IOException {
    String one = "X-Filler: " + "y".repeat(200) + "\r\n";
    Observation observation = get("HTTP/1.1 200 OK\r\n" + one.repeat(200) + "\r\n", null);
    assertThat(observation.failure()).isEqualTo(Failure.RESPONSE_HEAD_TOO_LARGE);
  }

  @Test
  void endlessInterimResponsesAreCutOff() throws IOException {
    try (LoopbackServer server =
        LoopbackServer.start(
            socket -> {
              while (true) {
                LoopbackServer.write(socket, "HTTP/1.1 100 \r\n\r\n");
              }
            })) {
      assertThat(probe(server.port(), http(null), AMPLE).failure())
          .isEqualTo(Failure.RESPONSE_HEAD_TOO_LARGE);
    }
  }

  @Test
  void silentServerIsLeftAtTheDeadline() throws Exception {
    AtomicReference<@Nullable LoopbackServer> self = new AtomicReference<>();
    try (LoopbackServer server = LoopbackServer.start(_ -> hold(self))) {
      self.set(server);
      Observation observation = probe(server.port(), http(null), SHORT);
      assertThat(observation.failure()).isEqualTo(Failure.RESPONSE_TIMEOUT);
      Monitor.Check.Http tls =
          new Monitor.Check.Http(true, "www.example.org", "/", 200, 299, null, true);
      assertThat(probe(server.port(), tls, SHORT).failure()).isEqualTo(Failure.TLS_TIMEOUT);
    }
  }

  private static void hold(AtomicReference<@Nullable LoopbackServer> self)
      throws InterruptedException {
    LoopbackServer server = self.get();
    while (server == null) {
      Thread.onSpinWait();
      server = self.get();
    }
    server.holdOpen();
  }

  /// One byte at a time, each well within any read timeout.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tricklingServerIsLeftAtTheDeadline(boolean tls) throws Exception {
    // A TLS record of 16 KB, or a head, that never ends.
    byte[] start =
        tls
            ? new byte[] {0x16, 3, 3, 0x40, 0}
            : "HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII);
    AtomicReference<@Nullable LoopbackServer> self = new AtomicReference<>();
    try (LoopbackServer server =
        LoopbackServer.start(socket -> trickle(socket.getOutputStream(), start, self))) {
      self.set(server);
      Monitor.Check.Http check =
          new Monitor.Check.Http(tls, "www.example.org", "/", 200, 299, null, true);
      Observation observation = probe(server.port(), check, SHORT);
      assertThat(observation.failure())
          .isEqualTo(tls ? Failure.TLS_TIMEOUT : Failure.RESPONSE_TIMEOUT);
    }
  }

  private static void trickle(
      OutputStream out, byte[] start, AtomicReference<@Nullable LoopbackServer> self)
      throws Exception {
    boolean over = false;
    for (int i = 0; !over; i++) {
      out.write(i < start.length ? start[i] : 'y');
      out.flush();
      LoopbackServer server = self.get();
      over = server != null && server.isOverAfter(5);
    }
  }

  @Test
  void interruptedProbeEnds() throws Exception {
    AtomicReference<@Nullable LoopbackServer> self = new AtomicReference<>();
    BlockingQueue<Boolean> accepted = new LinkedBlockingQueue<>();
    try (LoopbackServer server =
        LoopbackServer.start(
            _ -> {
              accepted.add(true);
              hold(self);
            })) {
      self.set(server);
      Thread thread = Thread.ofVirtual().start(() -> probe(server.port(), http(null), AMPLE));
      accepted.take();
      thread.interrupt();
      assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }
  }
}
