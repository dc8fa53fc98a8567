package gslb.redirect;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.Counters;
import gslb.steering.ClientSketches;
import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/// The redirect tier: listeners and I/O threads around one {@link Redirector}. Opened and closed by
/// one thread.
public final class RedirectServer implements AutoCloseable {
  /// Open connections of one listener; further ones wait in the backlog.
  static final int CONNECTIONS_MAX = 20_000;

  /// Connections that wait to be accepted.
  static final int BACKLOG_MAX = 4_096;

  /// I/O threads, whatever the number of processors.
  static final int IO_THREADS_MAX = 64;

  /// Bytes of a request's line and headers.
  static final int HEADER_LENGTH_MAX = 16_384;

  static final int HEADERS_MAX = 100;
  static final int COOKIES_MAX = 50;

  /// Parameters of path and query. They are passed on unread; the engine counts them all the same.
  static final int PARAMETERS_MAX = 1_000;

  /// Concurrent streams of one HTTP/2 connection.
  static final int STREAMS_MAX = 100;

  /// Bytes that a client may send on one HTTP/2 stream before we have read any.
  static final int STREAM_WINDOW_MAX = 65_535;

  /// From the first byte of a request to the end of its headers.
  static final int HEAD_MILLIS_MAX = 5_000;

  /// A kept connection without a request.
  static final int UNUSED_MILLIS_MAX = 30_000;

  /// A connection on which nothing is read or written.
  static final int IDLE_MILLIS_MAX = 60_000;

  private static final int BUFFER_LENGTH = 16_384;
  private static final int CLOSE_SECONDS = 10;
  private static final System.Logger LOG = System.getLogger(RedirectServer.class.getName());

  private final XnioWorker worker;
  private final DefaultByteBufferPool buffers;
  private final Redirector redirector;
  private final List<AcceptingChannel<StreamConnection>> listeners = new ArrayList<>();
  private boolean isClosed;

  /// The bounds that a test moves.
  record Bounds(int connections, int headMillis, int unusedMillis) {
    static final Bounds DEFAULT = new Bounds(CONNECTIONS_MAX, HEAD_MILLIS_MAX, UNUSED_MILLIS_MAX);
  }

  private RedirectServer(XnioWorker worker, Redirector redirector) {
    this.worker = worker;
    this.redirector = redirector;
    buffers = new DefaultByteBufferPool(true, BUFFER_LENGTH, -1, 4);
  }

  /// Binds every address of the settings and begins to answer.
  ///
  /// @param snapshots read once for each request, by any of the I/O threads
  /// @param sketches hear of every client that is steered
  /// @throws ListenException if one address cannot be bound; none is then
  public static RedirectServer open(
      RedirectSettings settings,
      Supplier<RedirectSnapshot> snapshots,
      ClientSketches sketches,
      Clock clock)
      throws ListenException {
    return open(settings, snapshots, sketches, clock, Bounds.DEFAULT);
  }

  static RedirectServer open(
      RedirectSettings settings,
      Supplier<RedirectSnapshot> snapshots,
      ClientSketches sketches,
      Clock clock,
      Bounds bounds)
      throws ListenException {
    int threads = Math.min(IO_THREADS_MAX, Runtime.getRuntime().availableProcessors());
    RedirectServer server =
        new RedirectServer(newWorker(threads), new Redirector(snapshots, sketches, clock));
    HttpOpenListener http = new HttpOpenListener(server.buffers, protocolOptions(bounds));
    http.setRootHandler(new UpgradeGate(server.redirector));
    try {
      for (InetSocketAddress address : withoutCovered(settings.http())) {
        server.listen(address, http, bounds);
      }
    } catch (ListenException e) {
      server.close();
      throw e;
    }
    server.listeners.forEach(AcceptingChannel::resumeAccepts);
    return server;
  }

  private static XnioWorker newWorker(int threads) {
    try {
      return Xnio.getInstance(RedirectServer.class.getClassLoader())
          .createWorker(
              OptionMap.builder()
                  .set(Options.WORKER_NAME, "redirect")
                  .set(Options.WORKER_IO_THREADS, threads)
                  // Nothing here blocks, so nothing is ever handed to these.
                  .set(Options.WORKER_TASK_CORE_THREADS, 1)
                  .set(Options.WORKER_TASK_MAX_THREADS, 1)
                  .getMap());
    } catch (IOException e) {
      throw new IllegalStateException("no I/O threads: " + e.getMessage(), e);
    }
  }

  private static OptionMap protocolOptions(Bounds bounds) {
    return OptionMap.builder()
        .set(UndertowOptions.BUFFER_PIPELINED_DATA, true)
        .set(UndertowOptions.ENABLE_HTTP2, true)
        .set(UndertowOptions.HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, STREAMS_MAX)
        .set(UndertowOptions.HTTP2_SETTINGS_ENABLE_PUSH, false)
        .set(UndertowOptions.HTTP2_SETTINGS_INITIAL_WINDOW_SIZE, STREAM_WINDOW_MAX)
        .set(UndertowOptions.MAX_HEADER_SIZE, HEADER_LENGTH_MAX)
        .set(UndertowOptions.MAX_HEADERS, HEADERS_MAX)
        .set(UndertowOptions.MAX_COOKIES, COOKIES_MAX)
        .set(UndertowOptions.MAX_PARAMETERS, PARAMETERS_MAX)
        // Bodies are not read but answered early; a bound here would close them unanswered.
        .set(UndertowOptions.MAX_ENTITY_SIZE, -1L)
        // Path, query and parameter names stay as the client wrote them.
        .set(UndertowOptions.DECODE_URL, false)
        .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, false)
        .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, bounds.headMillis())
        .set(UndertowOptions.NO_REQUEST_TIMEOUT, bounds.unusedMillis())
        .set(UndertowOptions.IDLE_TIMEOUT, IDLE_MILLIS_MAX)
        .set(UndertowOptions.ALWAYS_SET_DATE, true)
        .set(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
        .getMap();
  }

  private void listen(InetSocketAddress address, HttpOpenListener http, Bounds bounds)
      throws ListenException {
    ChannelListener<AcceptingChannel<StreamConnection>> accept =
        ChannelListeners.openListenerAdapter(http);
    OptionMap options =
        OptionMap.builder()
            .set(Options.WORKER_IO_THREADS, worker.getIoThreadCount())
            .set(Options.TCP_NODELAY, true)
            .set(Options.REUSE_ADDRESSES, true)
            .set(Options.BALANCING_TOKENS, 1)
            .set(Options.BALANCING_CONNECTIONS, 2)
            .set(Options.BACKLOG, BACKLOG_MAX)
            .set(Options.CONNECTION_HIGH_WATER, bounds.connections())
            .set(Options.CONNECTION_LOW_WATER, bounds.connections())
            .getMap();
    try {
      listeners.add(worker.createStreamConnectionServer(address, accept, options));
    } catch (IOException e) {
      throw new ListenException(address, e);
    }
    LOG.log(System.Logger.Level.INFO, () -> "http listens on " + Address.withPort(address));
  }

  /// The wildcard address of IPv4 is bound on both families here, as is that of IPv6; a second one
  /// of the same port would find the port in use.
  private static List<InetSocketAddress> withoutCovered(List<InetSocketAddress> addresses) {
    List<InetSocketAddress> kept = new ArrayList<>();
    for (InetSocketAddress address : addresses) {
      boolean isCovered =
          address.getPort() != 0
              && isWildcard(address, Inet4Address.class)
              && addresses.stream()
                  .anyMatch(
                      other ->
                          other.getPort() == address.getPort()
                              && isWildcard(other, Inet6Address.class));
      if (!isCovered) {
        kept.add(address);
      }
    }
    return kept;
  }

  private static boolean isWildcard(
      InetSocketAddress address, Class<? extends InetAddress> family) {
    InetAddress ip = address.getAddress();
    return family.isInstance(ip) && ip.isAnyLocalAddress();
  }

  /// What is listened on, in the order of the settings, with real ports in the place of 0.
  public List<InetSocketAddress> addresses() {
    return listeners.stream().map(l -> l.getLocalAddress(InetSocketAddress.class)).toList();
  }

  public Counters counters() {
    return redirector.counters();
  }

  /// Stops listening, closes every connection and ends the I/O threads. A second call does
  /// nothing.
  @Override
  public void close() {
    if (isClosed) {
      return; // the engine would wait for ever for the threads that are gone
    }
    isClosed = true;
    listeners.forEach(IoUtils::safeClose);
    worker.shutdown();
    try {
      if (!worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        worker.shutdownNow();
      }
    } catch (InterruptedException e) {
      worker.shutdownNow();
      Thread.currentThread().interrupt();
    }
    buffers.close();
  }
}
