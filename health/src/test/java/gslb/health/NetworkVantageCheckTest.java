package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class NetworkVantageCheckTest {
  private static final List<Address> LOOPBACK = List.of(Address.of("127.0.0.1"));

  private static boolean passes(List<Address> targets, Duration within, Integer... ports) {
    Clock clock = Clock.system();
    return new NetworkVantageCheck(clock, List.of(ports))
        .passes(targets, clock.nanoTime() + within.toNanos());
  }

  @Test
  void acceptedConnectionIsAnAnswer() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(_ -> {})) {
      assertThat(passes(LOOPBACK, Duration.ofSeconds(30), server.port())).isTrue();
    }
  }

  @Test
  void refusalIsAnAnswer() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, LoopbackServer.LOOPBACK)) {
      port = closed.getLocalPort();
    }
    assertThat(passes(LOOPBACK, Duration.ofSeconds(30), port)).isTrue();
  }

  @Test
  void silenceIsNoneButOneAnswerIsEnough() throws IOException {
    List<Socket> fillers = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, LoopbackServer.LOOPBACK);
        LoopbackServer server = LoopbackServer.start(_ -> {})) {
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
      assertThat(passes(LOOPBACK, Duration.ofMillis(200), full.getLocalPort())).isFalse();
      assertThat(passes(LOOPBACK, Duration.ofSeconds(30), full.getLocalPort(), server.port()))
          .isTrue();
    } finally {
      for (Socket filler : fillers) {
        filler.close();
      }
    }
  }

  @Test
  void nothingToAskIsNoAnswer() {
    assertThat(passes(List.of(), Duration.ofSeconds(30), 53)).isFalse();
  }
}
