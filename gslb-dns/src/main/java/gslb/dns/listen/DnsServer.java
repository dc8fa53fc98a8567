package gslb.dns.listen;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.Counters;
import gslb.dns.QueryContext;
import gslb.dns.Responder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The listeners of an authoritative server: UDP and TCP on every address, TLS on those that are
/// for TLS.
///
/// {@link #open} binds everything or nothing and serves nobody yet; {@link #start} serves; {@link
/// #close} leaves no thread and no descriptor.
public final class DnsServer implements AutoCloseable {
  public static final int THREADS_PER_ADDRESS_MAX = 256;

  /// For replies on their way over TCP when the server is closed, and again for what is left.
  public static final Duration DRAIN_MAX = Duration.ofSeconds(2);

  /// How often connections are held against their deadlines.
  static final Duration DEADLINE_SCAN = Duration.ofMillis(250);

  /// Ports tried for port 0 until one is free for TCP and UDP.
  private static final int PORT_TRIES_MAX = 16;

  private static final System.Logger LOG = System.getLogger(DnsServer.class.getName());

  private enum State {
    OPEN,
    STARTED,
    CLOSED
  }

  /// What a server is made of besides its addresses.
  ///
  /// @param answerer in production `responder::answer`
  /// @param contexts makes the scratch space of one thread; called once per UDP socket and once per
  ///     processor for TCP, while opening
  /// @param tls read for each TLS connection, so that a renewed certificate is taken; null for none
  public record Parts(
      Answerer answerer,
      Supplier<QueryContext> contexts,
      Clock clock,
      UdpTransport udpTransport,
      @Nullable Supplier<SSLContext> tls) {
    /// With the better transport and without TLS.
    public Parts(Answerer answerer, Supplier<QueryContext> contexts, Clock clock) {
      this(answerer, contexts, clock, UdpTransport.preferred(), null);
    }
  }

  private final Parts parts;
  private final Counters counters = ListenCounters.create();
  private final RepeatedFault answerFaults = new RepeatedFault();
  private final ProxySources proxies;
  private final TcpConnections connections;
  private final TcpService plain;
  private final TcpService secured;
  private final List<InetSocketAddress> bound = new ArrayList<>();
  private final List<InetSocketAddress> boundTls = new ArrayList<>();
  private final List<TcpListener> tcpListeners = new ArrayList<>();
  private final List<UdpListener> udpListeners = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread deadlines =
      Thread.ofPlatform().name("tcp-deadlines").unstarted(this::watchDeadlines);
  private State state = State.OPEN;

  private DnsServer(DnsSettings settings, Parts parts) {
    this.parts = parts;
    this.connections =
        new TcpConnections(settings.tcp(), new ListenCounters.Shared(counters.newBlock()));
    this.proxies = new ProxySources(settings.proxies());
    int processors = Math.max(2, Runtime.getRuntime().availableProcessors());
    BlockingQueue<AnswerDesk> desks = new ArrayBlockingQueue<>(processors);
    for (int i = 0; i < processors; i++) {
      desks.add(newDesk(Responder.MESSAGE_LENGTH_MAX));
    }
    RepeatedFault faults = new RepeatedFault();
    Clock clock = parts.clock();
    this.plain = new TcpService(connections, desks, clock, proxies, null, faults);
    TlsPort tls = parts.tls() == null ? null : new TlsPort(parts.tls());
    this.secured = new TcpService(connections, desks, clock, proxies, tls, faults);
  }

  /// Binds TCP and UDP on every address of the settings, and TCP alone on those for TLS. Port 0
  /// becomes a free port, the same for TCP and UDP.
  ///
  /// @throws ListenException if one cannot be bound; all others are closed again
  /// @throws IllegalArgumentException if the threads per address are not 1..{@link
  ///     #THREADS_PER_ADDRESS_MAX}, or if there are addresses for TLS and no certificate
  public static DnsServer open(DnsSettings settings, Parts parts) throws ListenException {
    int threads = settings.threadsPerAddress();
    if (threads < 1 || threads > THREADS_PER_ADDRESS_MAX) {
      throw new IllegalArgumentException(
          threads + " threads per address; 1.." + THREADS_PER_ADDRESS_MAX);
    }
    if (!settings.listenTls().isEmpty() && parts.tls() == null) {
      throw new IllegalArgumentException("TLS needs a certificate");
    }
    DnsServer server = new DnsServer(settings, parts);
    try {
      Set<InetSocketAddress> seen = new HashSet<>();
      for (InetSocketAddress address : settings.listen()) {
        requireNew(seen, address, "udp");
        server.listen(address, threads);
      }
      for (InetSocketAddress address : settings.listenTls()) {
        requireNew(seen, address, "tls");
        server.listenTls(address);
      }
      return server;
    } catch (ListenException | RuntimeException | Error failure) {
      server.close();
      throw failure;
    }
  }

  private static void requireNew(
      Set<InetSocketAddress> seen, InetSocketAddress address, String transport)
      throws ListenException {
    if (address.getPort() != 0 && !seen.add(address)) {
      throw new ListenException(transport, address, ListenException.Reason.LISTED_TWICE, "");
    }
  }

  private void listen(InetSocketAddress address, int threads) throws ListenException {
    for (int tries = 1; ; tries++) {
      List<UdpSocket> sockets = new ArrayList<>();
      // TCP first: no other process of the same user can share its port unnoticed.
      ServerSocketChannel tcp = TcpListener.bind(address, "tcp");
      try {
        InetSocketAddress local = new InetSocketAddress(address.getAddress(), portOf(tcp, address));
        for (int i = 0; i < threads; i++) {
          sockets.add(parts.udpTransport().open(local, threads > 1));
        }
        adopt(local, tcp, sockets);
        return;
      } catch (ListenException failure) {
        sockets.forEach(UdpSocket::close);
        closeUnused(tcp);
        boolean anotherPort =
            address.getPort() == 0
                && failure.reason() == ListenException.Reason.ADDRESS_IN_USE
                && tries < PORT_TRIES_MAX;
        if (!anotherPort) {
          throw failure;
        }
      }
    }
  }

  private static int portOf(ServerSocketChannel tcp, InetSocketAddress address)
      throws ListenException {
    try {
      return ((InetSocketAddress) tcp.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw ListenException.of("tcp", address, e);
    }
  }

  private static void closeUnused(ServerSocketChannel tcp) {
    try {
      tcp.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "closing a socket that could not be used", e);
    }
  }

  private void adopt(InetSocketAddress local, ServerSocketChannel tcp, List<UdpSocket> sockets) {
    String port = String.valueOf(local.getPort());
    bound.add(local);
    tcpListeners.add(new TcpListener("tcp-" + port + "-" + tcpListeners.size(), tcp, local, plain));
    for (UdpSocket socket : sockets) {
      udpListeners.add(
          new UdpListener(
              "udp-" + port + "-" + udpListeners.size(),
              socket,
              newDesk(UdpSocket.QUERY_LENGTH_MAX),
              proxies,
              counters.newBlock()));
    }
  }

  /// RFC 7858 §3.1: the port is for TLS over TCP and nothing else.
  private void listenTls(InetSocketAddress address) throws ListenException {
    ServerSocketChannel tcp = TcpListener.bind(address, "tls");
    int port;
    try {
      port = portOf(tcp, address);
    } catch (ListenException failure) {
      closeUnused(tcp);
      throw failure;
    }
    InetSocketAddress local = new InetSocketAddress(address.getAddress(), port);
    boundTls.add(local);
    tcpListeners.add(
        new TcpListener("tls-" + port + "-" + tcpListeners.size(), tcp, local, secured));
  }

  private AnswerDesk newDesk(int queryLengthMax) {
    return new AnswerDesk(
        queryLengthMax, parts.answerer(), parts.contexts().get(), parts.clock(), answerFaults);
  }

  /// The addresses of the settings, in their order, with the port that each got.
  public List<InetSocketAddress> boundAddresses() {
    return List.copyOf(bound);
  }

  /// The addresses for TLS of the settings, in their order, with the port that each got.
  public List<InetSocketAddress> boundTlsAddresses() {
    return List.copyOf(boundTls);
  }

  /// What the listeners have counted.
  public Counters counters() {
    return counters;
  }

  /// TCP connections open now, those below TLS included.
  public int tcpConnections() {
    return connections.size();
  }

  /// What is left of {@link TcpLimits#BUFFERS_BYTES_MAX}.
  public long bufferBytesLeft() {
    return connections.budget().left();
  }

  /// Starts to serve what has queued up since {@link #open}, and what comes.
  public synchronized void start() {
    if (state != State.OPEN) {
      throw new IllegalStateException("the server is " + state);
    }
    state = State.STARTED;
    udpListeners.forEach(UdpListener::start);
    deadlines.start();
    tcpListeners.forEach(TcpListener::start);
    LOG.log(Level.INFO, () -> "dns listens on " + String.join(" ", addressTexts()));
  }

  private List<String> addressTexts() {
    List<String> texts = new ArrayList<>(bound.stream().map(Address::withPort).toList());
    boundTls.forEach(address -> texts.add(Address.withPort(address) + " (TLS)"));
    return texts;
  }

  /// Accepts nothing more, lets replies on their way be taken for {@link #DRAIN_MAX}, ends every
  /// thread and closes every descriptor. Does nothing the second time.
  @Override
  public synchronized void close() {
    boolean started = state == State.STARTED;
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    tcpListeners.forEach(TcpListener::stop);
    udpListeners.forEach(UdpListener::stop);
    if (!started) {
      return;
    }
    try {
      for (TcpListener listener : tcpListeners) {
        listener.thread().join();
      }
      connections.close(DRAIN_MAX, parts.clock().nanoTime());
      for (UdpListener listener : udpListeners) {
        listener.thread().join();
      }
      stopped.countDown();
      deadlines.join();
    } catch (InterruptedException e) {
      // No time to wait: everything is told to end, and does so soon.
      connections.closeNow(parts.clock().nanoTime());
      stopped.countDown();
      Thread.currentThread().interrupt();
    }
    LOG.log(Level.INFO, () -> "dns no longer listens on " + String.join(" ", addressTexts()));
  }

  private void watchDeadlines() {
    try {
      while (!stopped.await(DEADLINE_SCAN.toMillis(), TimeUnit.MILLISECONDS)) {
        connections.closeExpired(parts.clock().nanoTime());
      }
    } catch (InterruptedException e) {
      LOG.log(Level.ERROR, "nothing interrupts this thread; idle connections now stay open", e);
    }
  }
}
