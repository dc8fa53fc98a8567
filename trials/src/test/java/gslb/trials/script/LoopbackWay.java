package gslb.trials.script;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.base.ProxyHeader;
import gslb.dns.listen.DnsServer;
import gslb.dns.listen.DnsSettings;
import gslb.dns.listen.UdpTransport;
import gslb.redirect.RedirectServer;
import gslb.redirect.RedirectSettings;
import gslb.steering.ClientSketches;
import gslb.testkit.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Asks the real listeners over the loopback interface. A client address of 127.0.0.0/8 is the
/// socket's own; any other is told by the PROXY protocol, from an address that the server trusts.
final class LoopbackWay implements Way {
  private static final Address PROXY = Address.of("127.0.0.77");
  private static final int REPLY_MILLIS_MAX = 10_000;

  /// How long a reply is waited for where there must be none and not even the sentinel gets one.
  /// The direct way needs no wait for the same claim.
  private static final int SILENCE_MILLIS = 50;

  /// A query that no script asks: an unknown opcode, a header alone. What was asked before it on
  /// the same socket has its reply before it.
  private static final byte[] SENTINEL = HexFormat.of().parseHex("ffff70000000000000000000");

  private static final TestCertificate CERTIFICATE =
      TestCertificate.selfSigned(
          TestCertificate.Algorithm.EC,
          "ns1.example.org",
          Instant.parse("2020-01-01T00:00:00Z"),
          Instant.parse("2049-01-01T00:00:00Z"));

  private static final SSLContext SERVER_CONTEXT = CERTIFICATE.serverContext();
  private static final SSLContext CLIENT_CONTEXT = clientContext();

  private final Theatre theatre;
  private final DnsServer server;
  private final DirectWay direct;

  /// Opened by the first request.
  private @Nullable RedirectServer redirect;

  LoopbackWay(Theatre theatre) throws IOException {
    this.theatre = theatre;
    direct = new DirectWay(theatre);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    DnsSettings settings =
        new DnsSettings(
            List.of(any),
            List.of(any),
            1,
            theatre.world().configuration().dns().tcp(),
            List.of(Prefix.around(PROXY, 32)));
    try {
      server =
          DnsServer.open(
              settings,
              new DnsServer.Parts(
                  theatre.responder()::answer,
                  theatre.responder()::newContext,
                  theatre.clock(),
                  UdpTransport.preferred(),
                  () -> SERVER_CONTEXT));
    } catch (gslb.dns.listen.ListenException e) {
      throw new IOException(e);
    }
    server.start();
  }

  private static SSLContext clientContext() {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("server", CERTIFICATE.certificate());
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError("every Java platform has TLS", e);
    }
  }

  InetSocketAddress address(Over over) {
    return (over == Over.TLS ? server.boundTlsAddresses() : server.boundAddresses()).getFirst();
  }

  @Override
  public byte[] ask(Query query, byte[] message, Over over, boolean expectsSilence)
      throws IOException {
    boolean isProxied = !(query.from().isV4() && query.from().isLoopback());
    byte[] header = isProxied ? header(query.from(), over) : new byte[0];
    InetSocketAddress from =
        new InetSocketAddress((isProxied ? PROXY : query.from()).toInetAddress(), 0);
    return over == Over.UDP
        ? udp(from, header, message, expectsSilence)
        : stream(from, header, message, over, expectsSilence);
  }

  private static byte[] header(Address client, Over over) {
    Address server = Address.of(client.isV4() ? "192.0.2.53" : "2001:db8::53");
    return ProxyHeader.v2(new ProxyHeader.Flow(client, 40_000, server, 53, over == Over.UDP));
  }

  private byte[] udp(InetSocketAddress from, byte[] header, byte[] message, boolean expectsSilence)
      throws IOException {
    try (DatagramSocket socket = new DatagramSocket(from)) {
      socket.connect(address(Over.UDP));
      send(socket, header, message);
      if (expectsSilence) {
        send(socket, header, SENTINEL);
      }
      DatagramPacket reply = new DatagramPacket(new byte[65_535], 65_535);
      socket.setSoTimeout(expectsSilence ? SILENCE_MILLIS : REPLY_MILLIS_MAX);
      socket.receive(reply);
      return unlessSentinel(Arrays.copyOf(reply.getData(), reply.getLength()));
    } catch (SocketTimeoutException _) {
      return new byte[0];
    }
  }

  private static void send(DatagramSocket socket, byte[] header, byte[] message)
      throws IOException {
    byte[] datagram = Arrays.copyOf(header, header.length + message.length);
    System.arraycopy(message, 0, datagram, header.length, message.length);
    socket.send(new DatagramPacket(datagram, datagram.length));
  }

  private static byte[] unlessSentinel(byte[] reply) {
    boolean isSentinel = reply.length > 2 && reply[0] == SENTINEL[0] && reply[1] == SENTINEL[1];
    return isSentinel ? new byte[0] : reply;
  }

  private byte[] stream(
      InetSocketAddress from, byte[] header, byte[] message, Over over, boolean expectsSilence)
      throws IOException {
    try (Socket plain = new Socket()) {
      plain.bind(from);
      plain.connect(address(over));
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(expectsSilence ? SILENCE_MILLIS : REPLY_MILLIS_MAX);
      plain.getOutputStream().write(header);
      if (over == Over.TCP) {
        return exchange(plain, message, expectsSilence);
      }
      plain.setSoTimeout(REPLY_MILLIS_MAX);
      try (Socket secured =
          CLIENT_CONTEXT
              .getSocketFactory()
              .createSocket(plain, "ns1.example.org", plain.getPort(), true)) {
        return exchange(secured, message, expectsSilence);
      }
    } catch (EOFException | SocketException | SocketTimeoutException _) {
      return new byte[0]; // not a word
    }
  }

  private static byte[] exchange(Socket socket, byte[] message, boolean expectsSilence)
      throws IOException {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frame(message, frames);
    if (expectsSilence) {
      frame(SENTINEL, frames);
    }
    socket.getOutputStream().write(frames.toByteArray());
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] first = new byte[in.readUnsignedShort()];
    in.readFully(first);
    return unlessSentinel(first);
  }

  private static void frame(byte[] message, ByteArrayOutputStream frames) {
    frames.write(message.length >> 8);
    frames.write(message.length);
    frames.writeBytes(message);
  }

  /// No header moves the client of a request, so that an address that is not of this host is asked
  /// of the snapshot.
  @Override
  public String get(Http request) throws IOException {
    if (!request.from().isV4() || !request.from().isLoopback()) {
      return direct.get(request);
    }
    InetSocketAddress server = redirect().addresses().getFirst();
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(request.from().toInetAddress(), 0));
      socket.connect(server);
      socket.setSoTimeout(REPLY_MILLIS_MAX);
      String head =
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
              .formatted(request.path(), request.host());
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      String reply =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      String status = reply.substring(9, 12);
      return reply
          .lines()
          .filter(line -> line.startsWith("Location: "))
          .findFirst()
          .map(line -> status + " " + line.substring("Location: ".length()))
          .orElse(status);
    }
  }

  private RedirectServer redirect() throws IOException {
    if (redirect == null) {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      try {
        redirect =
            RedirectServer.open(
                new RedirectSettings(List.of(any)),
                theatre::redirect,
                new ClientSketches(new SplittableRandom(1)),
                theatre.clock());
      } catch (gslb.redirect.ListenException e) {
        throw new IOException(e);
      }
    }
    return redirect;
  }

  @Override
  public void close() {
    if (redirect != null) {
      redirect.close();
    }
    server.close();
  }
}
