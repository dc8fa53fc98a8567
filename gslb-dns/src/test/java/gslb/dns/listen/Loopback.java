package gslb.dns.listen;

import gslb.base.Clock;
import gslb.base.Prefix;
import gslb.dns.QueryContext;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Answerers, servers and clients for tests of the listeners. A query here is a header with an ID
/// and a body that tells the answerer what to do.
final class Loopback {
  /// Longer than anything takes unless it is broken.
  static final int PATIENCE_MILLIS = 20_000;

  private static final int HEADER = 12;
  private static final int CONTEXT_LENGTH = 37;

  /// The client that a reply of {@link #context} names.
  static gslb.base.Address client(byte[] reply) {
    ByteBuffer fields = ByteBuffer.wrap(reply, HEADER + 1, CONTEXT_LENGTH - 1);
    boolean isV4 = fields.get() == 4;
    long high = fields.getLong();
    long low = fields.getLong();
    return isV4 ? gslb.base.Address.v4((int) low) : gslb.base.Address.v6(high, low);
  }

  static boolean isOverTls(byte[] reply) {
    return reply[HEADER + 34] == 1;
  }

  static int idleTenths(byte[] reply) {
    return Short.toUnsignedInt(ByteBuffer.wrap(reply).getShort(HEADER + 35));
  }

  private Loopback() {}

  /// Returns the query as it is.
  static int echo(byte[] in, int length, byte[] out, QueryContext context) {
    System.arraycopy(in, 0, out, 0, length);
    return length;
  }

  /// Returns a header and as many bytes of filling as bytes 12..13 of the query ask for, made from
  /// the ID.
  static int sized(byte[] in, int length, byte[] out, QueryContext context) {
    int replied = HEADER + Short.toUnsignedInt(ByteBuffer.wrap(in).getShort(HEADER));
    Arrays.fill(out, HEADER, replied, in[1]);
    System.arraycopy(in, 0, out, 0, HEADER);
    return replied;
  }

  /// Returns the header and what the context says: transport, family, address, both times, TLS and
  /// how long the connection may stay idle.
  static int context(byte[] in, int length, byte[] out, QueryContext context) {
    ByteBuffer.wrap(out)
        .put(in, 0, HEADER)
        .put((byte) (context.overTcp ? 1 : 0))
        .put((byte) (context.clientIsV4 ? 4 : 6))
        .putLong(context.clientHigh)
        .putLong(context.clientLow)
        .putLong(context.nowNanos)
        .putLong(context.nowMillis)
        .put((byte) (context.overTls ? 1 : 0))
        .putShort((short) context.idleTenths);
    return HEADER + CONTEXT_LENGTH;
  }

  static byte[] query(int id, int size) {
    byte[] query = new byte[HEADER + 2];
    ByteBuffer.wrap(query).putShort((short) id).putShort(HEADER, (short) size);
    return query;
  }

  static int id(byte[] message) {
    return Short.toUnsignedInt(ByteBuffer.wrap(message).getShort());
  }

  static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(gslb.base.Address.of(address).toInetAddress(), port);
  }

  static DnsServer.Parts parts(Answerer answerer, UdpTransport transport) {
    return parts(answerer, transport, Clock.system());
  }

  static DnsServer.Parts parts(Answerer answerer, UdpTransport transport, Clock clock) {
    return new DnsServer.Parts(answerer, QueryContext::new, clock, transport, null);
  }

  /// A started server on a free port of each address.
  static DnsServer started(DnsServer.Parts parts, int threads, String... addresses)
      throws ListenException {
    return started(parts, TcpLimits.DEFAULTS, threads, addresses);
  }

  static DnsServer started(DnsServer.Parts parts, TcpLimits tcp, int threads, String... addresses)
      throws ListenException {
    List<InetSocketAddress> listen = Arrays.stream(addresses).map(a -> at(a, 0)).toList();
    DnsSettings settings = new DnsSettings(listen, List.of(), threads, tcp, List.of());
    DnsServer server = DnsServer.open(settings, parts);
    server.start();
    return server;
  }

  /// A started server that believes PROXY headers from anywhere on this machine.
  static DnsServer startedBehindProxy(DnsServer.Parts parts, TcpLimits tcp, String... addresses)
      throws ListenException {
    List<InetSocketAddress> listen = Arrays.stream(addresses).map(a -> at(a, 0)).toList();
    List<InetSocketAddress> listenTls = parts.tls() == null ? List.of() : listen;
    List<Prefix> proxies = List.of(Prefix.of("127.0.0.0/24"), Prefix.of("::1"));
    DnsServer server = DnsServer.open(new DnsSettings(listen, listenTls, 1, tcp, proxies), parts);
    server.start();
    return server;
  }

  static long count(DnsServer server, int counter) {
    return server.counters().sum(counter);
  }

  static void awaitUntil(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("still not so: " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  /// A UDP client that hears only the address that it asks.
  static final class UdpClient implements AutoCloseable {
    private final DatagramSocket socket;

    UdpClient(InetSocketAddress server) throws IOException {
      socket = new DatagramSocket(new InetSocketAddress(anyOf(server.getAddress()), 0));
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(server);
    }

    private static InetAddress anyOf(InetAddress sameFamily) throws IOException {
      return InetAddress.getByAddress(new byte[sameFamily.getAddress().length]);
    }

    InetAddress localAddress() {
      return socket.getLocalAddress();
    }

    void send(byte[] message) throws IOException {
      socket.send(new DatagramPacket(message, message.length));
    }

    byte[] receive() throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
      socket.receive(packet);
      return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    byte[] ask(byte[] message) throws IOException {
      send(message);
      return receive();
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  /// A TCP client that frames messages.
  static final class TcpClient implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    TcpClient(InetSocketAddress server) throws IOException {
      this(server, null);
    }

    /// Over a socket that is connected already.
    TcpClient(Socket connected) throws IOException {
      socket = connected;
      socket.setSoTimeout(PATIENCE_MILLIS);
      in = new DataInputStream(socket.getInputStream());
      out = new DataOutputStream(socket.getOutputStream());
    }

    /// @param from the address to connect from
    TcpClient(InetSocketAddress server, @org.jspecify.annotations.Nullable String from)
        throws IOException {
      socket = new Socket();
      if (from != null) {
        socket.bind(at(from, 0));
      }
      socket.setReceiveBufferSize(16 * 1024);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(server, PATIENCE_MILLIS);
      in = new DataInputStream(socket.getInputStream());
      out = new DataOutputStream(socket.getOutputStream());
    }

    void send(byte[] message) throws IOException {
      out.write(framed(message));
    }

    void sendRaw(byte... bytes) throws IOException {
      out.write(bytes);
    }

    void shutdownOutput() throws IOException {
      socket.shutdownOutput();
    }

    byte[] receive() throws IOException {
      byte[] message = new byte[in.readUnsignedShort()];
      in.readFully(message);
      return message;
    }

    byte[] ask(byte[] message) throws IOException {
      send(message);
      return receive();
    }

    /// Whether the server has ended the connection; waits for a byte or the end.
    boolean isEnded() {
      try {
        return in.read() < 0;
      } catch (java.net.SocketTimeoutException e) {
        return false;
      } catch (IOException reset) {
        return true;
      }
    }

    /// Ends the connection before the client's scope does.
    void hangUp() throws IOException {
      socket.close();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  static byte[] framed(byte[] message) {
    return ByteBuffer.allocate(2 + message.length)
        .putShort((short) message.length)
        .put(message)
        .array();
  }
}
