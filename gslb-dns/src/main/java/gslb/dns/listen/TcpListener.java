package gslb.dns.listen;

import gslb.base.Address;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One listening TCP socket and the thread that accepts from it.
final class TcpListener {
  /// Connections that the kernel holds until they are accepted (it may hold fewer:
  /// `net.core.somaxconn`).
  static final int BACKLOG_MAX = 1024;

  private static final long ERROR_PAUSE_NANOS = 10_000_000;
  private static final System.Logger LOG = System.getLogger(TcpListener.class.getName());

  private final ServerSocketChannel server;
  private final InetSocketAddress local;
  private final TcpService service;
  private final RepeatedFault faults = new RepeatedFault();
  private final Thread thread;
  private volatile boolean stopping;

  TcpListener(
      String name, ServerSocketChannel server, InetSocketAddress local, TcpService service) {
    this.server = server;
    this.local = local;
    this.service = service;
    this.thread = Thread.ofPlatform().name(name).unstarted(this::accept);
  }

  /// A bound socket, listening.
  ///
  /// @param transport `tcp` or `tls`, for messages
  static ServerSocketChannel bind(InetSocketAddress address, String transport)
      throws ListenException {
    boolean isV6 = address.getAddress() instanceof Inet6Address;
    ServerSocketChannel server = null;
    try {
      server =
          ServerSocketChannel.open(
              isV6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
      if (isV6) {
        keepToV6(server);
      }
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true); // over TIME_WAIT
      server.bind(address, BACKLOG_MAX);
      return server;
    } catch (IOException | UnsupportedOperationException e) {
      close(server, address);
      throw e instanceof IOException io
          ? ListenException.of(transport, address, io)
          : new ListenException(
              transport, address, ListenException.Reason.FAMILY_NOT_SUPPORTED, "");
    }
  }

  /// `[::]:53` and `0.0.0.0:53` are two sockets. The JDK would let the first take IPv4 as well, so
  /// that the second could not be bound.
  private static void keepToV6(ServerSocketChannel server) throws IOException {
    if (UdpTransport.preferred() == UdpTransport.NATIVE) {
      OptionalInt descriptor = ChannelDescriptor.of(server);
      if (descriptor.isPresent()) {
        LinuxUdpSocket.setV6Only(descriptor.getAsInt());
      }
    }
  }

  private static void close(@Nullable ServerSocketChannel server, InetSocketAddress address) {
    try {
      if (server != null) {
        server.close();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, () -> "dns tcp " + Address.withPort(address) + ": close failed", e);
    }
  }

  InetSocketAddress localAddress() {
    return local;
  }

  void start() {
    thread.start();
  }

  /// Closes the socket, whereupon the thread ends.
  void stop() {
    stopping = true;
    close(server, local);
  }

  Thread thread() {
    return thread;
  }

  private void accept() {
    while (!stopping) {
      try {
        serve(server.accept());
      } catch (IOException | RuntimeException e) {
        if (!stopping) {
          failed(e);
        }
      }
    }
  }

  private void failed(Exception cause) {
    service.connections().count(ListenCounters.TCP_ACCEPT_ERRORS);
    long times = faults.occurred();
    if (times > 0) {
      String where = Address.withPort(local);
      LOG.log(
          Level.WARNING,
          "dns tcp " + where + ": accepting failed, " + times + " so far: " + cause.getMessage());
    }
    if (String.valueOf(cause.getMessage()).contains("open files")) {
      service.connections().evictOne(service.clock().nanoTime());
    }
    LockSupport.parkNanos(ERROR_PAUSE_NANOS);
  }

  private void serve(SocketChannel channel) throws IOException {
    boolean served = false;
    try {
      InetSocketAddress peer = (InetSocketAddress) channel.getRemoteAddress();
      Address client = Address.of(peer.getAddress());
      if (client.isV4() != Address.of(local.getAddress()).isV4()) {
        return;
      }
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      TcpConnection connection = new TcpConnection(channel, client, service);
      if (service.connections().admit(connection, service.clock().nanoTime())) {
        served = true;
        Thread.ofVirtual().name(thread.getName() + "-connection").start(connection);
      }
    } finally {
      if (!served) {
        channel.close();
      }
    }
  }
}
