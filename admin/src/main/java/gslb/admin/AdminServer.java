package gslb.admin;

import gslb.base.Address;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.xnio.Options;

/// The API's listener. Opened and closed by one thread.
public final class AdminServer implements AutoCloseable {
  /// Bytes of a request's body. Where none is needed it is thrown away.
  static final long BODY_LENGTH_MAX = 1_048_576;

  /// Bytes of a request's line and headers.
  static final int HEADER_LENGTH_MAX = 16_384;

  static final int HEADERS_MAX = 50;
  static final int PARAMETERS_MAX = 20;

  /// Open connections; further ones wait to be accepted.
  static final int CONNECTIONS_MAX = 200;

  /// From the first byte of a request to the end of its headers.
  static final int HEAD_MILLIS_MAX = 5_000;

  /// A kept connection without a request.
  static final int UNUSED_MILLIS_MAX = 30_000;

  /// A connection on which nothing is read or written; so also how long a request may take.
  static final int IDLE_MILLIS_MAX = 120_000;

  /// For requests that run when the server is closed.
  private static final int CLOSE_MILLIS = 10_000;

  private final Undertow undertow;
  private final ExecutorService threads;
  private final InetSocketAddress address;
  private boolean isClosed;

  private AdminServer(Undertow undertow, ExecutorService threads, InetSocketAddress address) {
    this.undertow = undertow;
    this.threads = threads;
    this.address = address;
  }

  /// Binds the address and begins to answer.
  ///
  /// @param address on loopback; port 0 takes a free one
  /// @throws IllegalArgumentException if it is not on loopback
  /// @throws IOException if it cannot be bound; the message is for operators
  public static AdminServer open(InetSocketAddress address, AdminToken token, Operations operations)
      throws IOException {
    InetAddress ip = address.getAddress();
    if (ip == null || !ip.isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "admin "
              + Address.withPort(address)
              + ": not a loopback address; the API is not encrypted; listen on 127.0.0.1");
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-request-", 1).factory());
    AdminHandler handler = new AdminHandler(new AdminGate(token), operations, threads);
    Undertow undertow =
        Undertow.builder()
            .addHttpListener(address.getPort(), ip.getHostAddress(), handler)
            .setIoThreads(1)
            .setWorkerThreads(1)
            .setWorkerOption(Options.WORKER_NAME, "admin")
            .setSocketOption(Options.CONNECTION_HIGH_WATER, CONNECTIONS_MAX)
            .setSocketOption(Options.CONNECTION_LOW_WATER, CONNECTIONS_MAX)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, BODY_LENGTH_MAX)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, HEADER_LENGTH_MAX)
            .setServerOption(UndertowOptions.MAX_HEADERS, HEADERS_MAX)
            .setServerOption(UndertowOptions.MAX_PARAMETERS, PARAMETERS_MAX)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, HEAD_MILLIS_MAX)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, UNUSED_MILLIS_MAX)
            .setServerOption(UndertowOptions.IDLE_TIMEOUT, IDLE_MILLIS_MAX)
            .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
            .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, CLOSE_MILLIS)
            .build();
    try {
      undertow.start();
    } catch (RuntimeException e) {
      threads.close();
      throw refused(address, e);
    }
    InetSocketAddress bound =
        (InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress();
    return new AdminServer(undertow, threads, bound);
  }

  /// The engine wraps what went wrong.
  private static IOException refused(InetSocketAddress address, RuntimeException wrapped) {
    if (!(wrapped.getCause() instanceof IOException cause)) {
      throw wrapped;
    }
    String detail = String.valueOf(cause.getMessage());
    boolean isInUse =
        cause instanceof BindException && detail.toLowerCase(Locale.ROOT).contains("in use");
    String explanation =
        isInUse
            ? "address already in use; another process owns the port, perhaps another node; find it"
                + " with 'ss -lntp sport = :"
                + address.getPort()
                + "', or set another port under 'listen: admin'"
            : detail;
    return new IOException("admin " + Address.withPort(address) + ": " + explanation, cause);
  }

  /// What is listened on, with the real port in the place of 0.
  public InetSocketAddress address() {
    return address;
  }

  /// Stops listening and ends the threads; a request that does not end within {@link #CLOSE_MILLIS}
  /// is left behind. A second call does nothing.
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    undertow.stop();
    threads.shutdownNow(); // the connections are closed, so nobody waits for what still runs
    try {
      threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
