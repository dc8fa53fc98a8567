package gslb.health;

import gslb.base.Address;
import gslb.base.Clock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Tries TCP connections to the neutral targets, all at once, on the ports of DNS and HTTPS. An
/// accepted connection is an answer, and so is a refusal: the packets went there and came back.
public final class NetworkVantageCheck implements VantageCheck {
  /// Targets that are tried; further ones are left out.
  public static final int TARGETS_MAX = 8;

  private static final List<Integer> PORTS = List.of(53, 443);

  private final Clock clock;
  private final List<Integer> ports;

  public NetworkVantageCheck(Clock clock) {
    this(clock, PORTS);
  }

  NetworkVantageCheck(Clock clock, List<Integer> ports) {
    this.clock = clock;
    this.ports = List.copyOf(ports);
  }

  @Override
  public boolean passes(List<Address> targets, long deadlineNanos) {
    List<Address> tried = targets.subList(0, Math.min(TARGETS_MAX, targets.size()));
    CountDownLatch open = new CountDownLatch(tried.size() * ports.size());
    CountDownLatch decided = new CountDownLatch(1);
    AtomicBoolean answered = new AtomicBoolean();
    List<Socket> sockets = new ArrayList<>();
    for (Address target : tried) {
      for (int port : ports) {
        Socket socket = new Socket(Proxy.NO_PROXY);
        sockets.add(socket);
        Thread.ofVirtual()
            .name("vantage-check-" + target + "-" + port)
            .start(
                () -> {
                  if (answers(socket, target, port, deadlineNanos)) {
                    answered.set(true);
                    decided.countDown();
                  }
                  open.countDown();
                  if (open.getCount() == 0) {
                    decided.countDown();
                  }
                });
      }
    }
    try {
      if (!sockets.isEmpty()) {
        decided.await(Math.max(1, deadlineNanos - clock.nanoTime()), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.forEach(NetworkVantageCheck::close);
    }
    return answered.get();
  }

  private boolean answers(Socket socket, Address target, int port, long deadlineNanos) {
    long remaining = deadlineNanos - clock.nanoTime();
    if (remaining <= 0) {
      return false;
    }
    try {
      int millis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(remaining));
      socket.connect(new InetSocketAddress(target.toInetAddress(), port), millis);
      return true;
    } catch (ConnectException e) {
      return ConnectFailures.isRefusal(e);
    } catch (IOException _) {
      return false;
    } finally {
      close(socket);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // A socket that cannot be closed has nothing left to give back.
    }
  }
}
