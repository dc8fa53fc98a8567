package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.ProxyHeader;
import gslb.dns.QueryContext;
import gslb.dns.listen.Loopback.TcpClient;
import gslb.testkit.FakeClock;
import gslb.testkit.Seeded;
import gslb.testkit.TestCertificate;
import gslb.testkit.TestCertificate.Algorithm;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsListenerTest {
  private static final TestCertificate CERTIFICATE = certificate("dns.example.org");

  private static TestCertificate certificate(String name) {
    Duration year = Duration.ofDays(365);
    return TestCertificate.selfSigned(
        Algorithm.EC, name, Instant.now().minus(year), Instant.now().plus(year));
  }

  private static DnsServer started(Answerer answerer, Clock clock) throws ListenException {
    SSLContext context = CERTIFICATE.serverContext();
    return started(answerer, clock, TcpLimits.DEFAULTS, () -> context);
  }

  private static DnsServer started(
      Answerer answerer, Clock clock, TcpLimits limits, Supplier<SSLContext> tls)
      throws ListenException {
    List<InetSocketAddress> listen = List.of(Loopback.at("127.0.0.1", 0));
    DnsServer server =
        DnsServer.open(
            new DnsSettings(List.of(), listen, 1, limits, List.of()), parts(answerer, clock, tls));
    server.start();
    return server;
  }

  private static DnsServer.Parts parts(Answerer answerer, Clock clock, Supplier<SSLContext> tls) {
    return new DnsServer.Parts(answerer, QueryContext::new, clock, UdpTransport.preferred(), tls);
  }

  private static InetSocketAddress only(DnsServer server) {
    return server.boundTlsAddresses().getFirst();
  }

  /// A client's context that trusts anyone and remembers sessions.
  private static SSLContext trusting() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAnyone()}, null);
    return context;
  }

  private static SSLSocket connected(SSLContext context, InetSocketAddress server)
      throws IOException {
    Socket socket = new Socket();
    socket.connect(server, Loopback.PATIENCE_MILLIS);
    return over(context, socket, server);
  }

  private static SSLSocket over(SSLContext context, Socket socket, InetSocketAddress server)
      throws IOException {
    socket.setSoTimeout(Loopback.PATIENCE_MILLIS);
    return (SSLSocket)
        context
            .getSocketFactory()
            .createSocket(socket, server.getHostString(), server.getPort(), true);
  }

  private static TcpClient client(InetSocketAddress server) throws Exception {
    return new TcpClient(connected(trusting(), server));
  }

  private static SSLSession shakenHands(SSLSocket socket) throws IOException {
    socket.startHandshake();
    return socket.getSession();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void queriesAreAnsweredAndTheContextSaysOverTls(String protocol) throws Exception {
    try (DnsServer server = started(Loopback::context, Clock.system());
        SSLSocket socket = connected(trusting(), only(server))) {
      socket.setEnabledProtocols(new String[] {protocol});
      assertThat(shakenHands(socket).getProtocol()).isEqualTo(protocol);
      TcpClient client = new TcpClient(socket);
      for (int id = 0; id < 20; id++) {
        byte[] reply = client.ask(Loopback.query(id, 0));
        assertThat(Loopback.id(reply)).isEqualTo(id);
        assertThat(Loopback.isOverTls(reply)).isTrue();
        assertThat(Loopback.client(reply)).isEqualTo(Address.of("127.0.0.1"));
      }
      assertThat(Loopback.count(server, ListenCounters.TLS_CONNECTIONS)).isOne();
      assertThat(Loopback.count(server, ListenCounters.TCP_QUERIES)).isEqualTo(20);
    }
  }

  /// RFC 7858 §3.3: a read of the JDK's socket ends with the record that it is in.
  @Test
  void lengthAndMessageAreOneRecord() throws Exception {
    try (DnsServer server = started(Loopback::sized, Clock.system());
        SSLSocket socket = connected(trusting(), only(server))) {
      for (int id = 0; id < 50; id++) {
        socket.getOutputStream().write(Loopback.framed(Loopback.query(id, id)));
        byte[] reply = new byte[2000];
        assertThat(socket.getInputStream().read(reply)).isEqualTo(2 + 12 + id);
      }
    }
  }

  /// The desks are shared with TCP, which must not be taken for TLS afterwards.
  @Test
  void tcpBesideItIsNotOverTls() throws Exception {
    SSLContext context = CERTIFICATE.serverContext();
    List<InetSocketAddress> listen = List.of(Loopback.at("127.0.0.1", 0));
    try (DnsServer server =
        DnsServer.open(
            new DnsSettings(listen, listen, 1, TcpLimits.DEFAULTS, List.of()),
            parts(Loopback::context, Clock.system(), () -> context))) {
      server.start();
      for (int i = 0; i < 8; i++) {
        try (TcpClient tls = client(only(server));
            TcpClient tcp = new TcpClient(server.boundAddresses().getFirst())) {
          assertThat(Loopback.isOverTls(tls.ask(Loopback.query(1, 0)))).isTrue();
          assertThat(Loopback.isOverTls(tcp.ask(Loopback.query(2, 0)))).isFalse();
        }
      }
    }
  }

  /// RFC 7858 §3.1: nothing else on that port.
  @Test
  void udpIsNotServedOnThePortForTls() throws Exception {
    try (DnsServer server = started(Loopback::echo, Clock.system());
        DatagramSocket free = new DatagramSocket(only(server))) {
      assertThat(free.getLocalPort()).isEqualTo(only(server).getPort());
    }
  }

  /// Messages of all lengths, records of all lengths, both ways, pipelined.
  @Seeded(6)
  void messagesAndRecordsMayBeCutAnywhere(Random random) throws Exception {
    try (DnsServer server = started(Loopback::echo, Clock.system());
        SSLSocket socket = connected(trusting(), only(server))) {
      TcpClient client = new TcpClient(socket);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      List<byte[]> messages = new ArrayList<>();
      for (int length : new int[] {65_535, 12, 16_384, 16_383, 2048, 40_000, 13}) {
        byte[] message = new byte[length];
        random.nextBytes(message);
        messages.add(message);
        all.writeBytes(Loopback.framed(message));
      }
      byte[] stream = all.toByteArray();
      Thread writer = Thread.ofVirtual().start(() -> writeInPieces(client, stream, random));
      for (byte[] message : messages) {
        assertThat(client.receive()).isEqualTo(message);
      }
      writer.join();
    }
  }

  private static void writeInPieces(TcpClient client, byte[] stream, Random random) {
    int at = 0;
    try {
      while (at < stream.length) {
        int most = random.nextInt(8) == 0 ? 30_000 : 3000;
        int end = Math.min(stream.length, at + 1 + random.nextInt(most));
        client.sendRaw(Arrays.copyOfRange(stream, at, end));
        at = end;
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// RFC 8310 and RFC 9103 have clients offer `dot`; RFC 7858 had none.
  @Test
  void theProtocolDotIsAcceptedNoneIsToleratedAndOthersAreRefused() throws Exception {
    try (DnsServer server = started(Loopback::echo, Clock.system())) {
      for (List<String> offered : List.of(List.<String>of(), List.of("h2", "dot"), List.of("h2"))) {
        try (SSLSocket socket = connected(trusting(), only(server))) {
          var parameters = socket.getSSLParameters();
          parameters.setApplicationProtocols(offered.toArray(new String[0]));
          socket.setSSLParameters(parameters);
          if (offered.equals(List.of("h2"))) {
            assertThatThrownBy(socket::startHandshake)
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("no_application_protocol");
          } else {
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo(offered.isEmpty() ? "" : "dot");
          }
        }
      }
      assertThat(Loopback.count(server, ListenCounters.TLS_HANDSHAKE_ERRORS)).isOne();
    }
  }

  @Test
  void aRenewedCertificateIsShownToTheNextConnection() throws Exception {
    AtomicReference<SSLContext> current = new AtomicReference<>(CERTIFICATE.serverContext());
    TestCertificate renewed = certificate("renewed.example.org");
    try (DnsServer server =
        started(Loopback::echo, Clock.system(), TcpLimits.DEFAULTS, current::get)) {
      SSLContext context = trusting();
      try (SSLSocket before = connected(context, only(server))) {
        assertThat(shown(before)).isEqualTo(CERTIFICATE.certificate());
        TcpClient old = new TcpClient(before);
        old.ask(Loopback.query(1, 0));
        current.set(renewed.serverContext());
        try (SSLSocket after = connected(context, only(server))) {
          assertThat(shown(after)).isEqualTo(renewed.certificate());
        }
        assertThat(Loopback.id(old.ask(Loopback.query(2, 0)))).isEqualTo(2);
      }
    }
  }

  private static X509Certificate shown(SSLSocket socket) throws IOException {
    return (X509Certificate) shakenHands(socket).getPeerCertificates()[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientThatComesBackResumesItsSession(String protocol) throws Exception {
    try (DnsServer server = started(Loopback::echo, Clock.system())) {
      SSLContext context = trusting();
      long created;
      try (SSLSocket first = connected(context, only(server))) {
        first.setEnabledProtocols(new String[] {protocol});
        created = shakenHands(first).getCreationTime();
        new TcpClient(first).ask(Loopback.query(1, 0)); // the ticket comes before the reply
      }
      long notBefore = System.currentTimeMillis() + 2;
      Loopback.awaitUntil("time passes", () -> System.currentTimeMillis() > notBefore);
      try (SSLSocket second = connected(context, only(server))) {
        second.setEnabledProtocols(new String[] {protocol});
        assertThat(shakenHands(second).getCreationTime()).isEqualTo(created);
        assertThat(Loopback.id(new TcpClient(second).ask(Loopback.query(2, 0)))).isEqualTo(2);
      }
    }
  }

  /// RFC 9325 §3.5.
  @Test
  void renegotiationIsRefused() throws Exception {
    try (DnsServer server = started(Loopback::echo, Clock.system());
        SSLSocket socket = connected(trusting(), only(server))) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      TcpClient client = new TcpClient(socket);
      client.ask(Loopback.query(1, 0));
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                client.ask(Loopback.query(2, 0));
              })
          .isInstanceOf(IOException.class);
      Loopback.awaitUntil("counted", () -> Loopback.count(server, ListenCounters.TLS_ERRORS) == 1);
      assertThat(Loopback.count(server, ListenCounters.TCP_QUERIES)).isOne();
    }
  }

  @Test
  void plainQueriesAndNoiseCloseTheirConnectionAlone() throws Exception {
    try (DnsServer server = started(Loopback::echo, Clock.system());
        TcpClient other = client(only(server))) {
      assertThat(Loopback.id(other.ask(Loopback.query(1, 0)))).isEqualTo(1);
      try (TcpClient plain = new TcpClient(only(server))) {
        plain.send(Loopback.query(2, 0));
        plain.sendRaw(new byte[3000]);
        plain.shutdownOutput();
        assertThatThrownBy(
                () -> {
                  while (true) {
                    plain.receive();
                  }
                })
            .isInstanceOf(IOException.class);
      }
      Loopback.awaitUntil(
          "counted", () -> Loopback.count(server, ListenCounters.TLS_HANDSHAKE_ERRORS) == 1);
      assertThat(Loopback.id(other.ask(Loopback.query(3, 0)))).isEqualTo(3);
      assertThat(Loopback.count(server, ListenCounters.ANSWER_FAULTS)).isZero();
    }
  }

  /// Corrupted after the handshake: an alert, and the end.
  @Test
  void aBrokenRecordAfterTheHandshakeIsCounted() throws Exception {
    try (DnsServer server = started(Loopback::echo, Clock.system());
        Socket raw = new Socket()) {
      raw.connect(only(server));
      SSLSocket socket = over(trusting(), raw, only(server));
      TcpClient client = new TcpClient(socket);
      client.ask(Loopback.query(1, 0));
      OutputStream under = raw.getOutputStream();
      under.write(new byte[] {23, 3, 3, 0, 32});
      under.write(new byte[32]);
      assertThat(client.isEnded()).isTrue();
      Loopback.awaitUntil("counted", () -> Loopback.count(server, ListenCounters.TLS_ERRORS) == 1);
    }
  }

  @Test
  void aHandshakeThatDoesNotEndInTimeClosesTheConnection() throws Exception {
    FakeClock clock = new FakeClock();
    try (DnsServer server = started(Loopback::echo, clock);
        TcpClient silent = new TcpClient(only(server));
        TcpClient slow = new TcpClient(only(server))) {
      Loopback.awaitUntil("both are open", () -> server.tcpConnections() == 2);
      byte[] hello = {22, 3, 1, 2, 0, 1};
      for (int i = 0; i < 6; i++) {
        slow.sendRaw(hello[i]);
        clock.advance(Duration.ofSeconds(2));
      }
      assertThat(silent.isEnded()).isTrue();
      assertThat(slow.isEnded()).isTrue();
      assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_OPENING)).isEqualTo(2);
    }
  }

  /// A socket below TLS that counts what comes: a JDK client takes an end without close_notify for
  /// one with it.
  private static final class CountingSocket extends Socket {
    /// Octets of a close_notify under TLS 1.3 without padding: a record's head, the alert, its
    /// type, and the tag of the cipher.
    static final int CLOSE_NOTIFY_MIN = 5 + 2 + 1 + 16;

    private final AtomicInteger octets = new AtomicInteger();

    CountingSocket(InetSocketAddress server) throws IOException {
      connect(server, Loopback.PATIENCE_MILLIS);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          int octet = super.read();
          octets.addAndGet(octet < 0 ? 0 : 1);
          return octet;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
          int count = super.read(bytes, from, length);
          octets.addAndGet(Math.max(0, count));
          return count;
        }
      };
    }

    /// How many have come since this was asked last.
    int octetsSince() {
      return octets.getAndSet(0);
    }
  }

  /// RFC 8446 §6.1: the client is told that nothing was cut off, by close_notify.
  @Test
  void idleConnectionsEndWithAGoodbye() throws Exception {
    FakeClock clock = new FakeClock();
    try (DnsServer server = started(Loopback::echo, clock);
        CountingSocket socket = new CountingSocket(only(server));
        TcpClient client = new TcpClient(over(trusting(), socket, only(server)))) {
      client.ask(Loopback.query(1, 0));
      assertThat(socket.octetsSince()).isPositive();
      // On a busy machine the server begins to count a little later than this test. Once it has
      // decided, time stands still, or the goodbye would come too late.
      Loopback.awaitUntil(
          "idle for too long",
          () -> {
            if (Loopback.count(server, ListenCounters.TCP_CLOSED_IDLE) > 0) {
              return true;
            }
            clock.advance(Duration.ofMillis(500));
            return false;
          });
      assertThatThrownBy(client::receive).isExactlyInstanceOf(java.io.EOFException.class);
      assertThat(socket.octetsSince()).isGreaterThanOrEqualTo(CountingSocket.CLOSE_NOTIFY_MIN);
      Loopback.awaitUntil("gone", () -> server.tcpConnections() == 0);
      assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_IDLE)).isOne();
    }
  }

  @Test
  void closingTheServerSaysGoodbyeToo() throws Exception {
    DnsServer server = started(Loopback::echo, Clock.system());
    try (CountingSocket socket = new CountingSocket(only(server));
        TcpClient client = new TcpClient(over(trusting(), socket, only(server)))) {
      client.ask(Loopback.query(1, 0));
      assertThat(socket.octetsSince()).isPositive();
      server.close();
      assertThatThrownBy(client::receive).isExactlyInstanceOf(java.io.EOFException.class);
      assertThat(socket.octetsSince()).isGreaterThanOrEqualTo(CountingSocket.CLOSE_NOTIFY_MIN);
      assertThatThrownBy(() -> client(only(server))).isInstanceOf(ConnectException.class);
    } finally {
      server.close();
    }
  }

  /// The header comes before TLS; the client that it names is the client.
  @Test
  void aProxyHeaderComesBeforeTheHandshake() throws Exception {
    SSLContext context = CERTIFICATE.serverContext();
    Address named = Address.of("2001:db8:7::7");
    byte[] header =
        ProxyHeader.v1(new ProxyHeader.Flow(named, 4000, Address.of("2001:db8::53"), 853, false));
    try (DnsServer server =
        Loopback.startedBehindProxy(
            parts(Loopback::context, Clock.system(), () -> context),
            TcpLimits.DEFAULTS,
            "127.0.0.1")) {
      InetSocketAddress address = server.boundTlsAddresses().getFirst();
      try (Socket raw = new Socket()) {
        raw.connect(address);
        raw.getOutputStream().write(header);
        TcpClient client = new TcpClient(over(trusting(), raw, address));
        byte[] reply = client.ask(Loopback.query(1, 0));
        assertThat(Loopback.client(reply)).isEqualTo(named);
        assertThat(Loopback.isOverTls(reply)).isTrue();
      }
      try (TcpClient bare = new TcpClient(new Socket(address.getAddress(), address.getPort()))) {
        bare.sendRaw((byte) 22, (byte) 3, (byte) 1);
        assertThat(bare.isEnded()).isTrue();
      }
      assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_PROXY)).isOne();
    }
  }

  @Test
  void aContextThatCannotBeMadeCostsItsConnectionAlone() throws Exception {
    Supplier<SSLContext> broken =
        () -> {
          throw new IllegalStateException("a fault made by the test");
        };
    try (DnsServer server = started(Loopback::echo, Clock.system(), TcpLimits.DEFAULTS, broken);
        TcpClient client = new TcpClient(only(server))) {
      assertThat(client.isEnded()).isTrue();
      Loopback.awaitUntil("gone", () -> server.tcpConnections() == 0);
      assertThat(Loopback.count(server, ListenCounters.ANSWER_FAULTS)).isOne();
    }
  }

  @Test
  void addressesForTlsNeedACertificate() {
    List<InetSocketAddress> listen = List.of(Loopback.at("127.0.0.1", 0));
    assertThatThrownBy(
            () ->
                DnsServer.open(
                    new DnsSettings(List.of(), listen, 1, TcpLimits.DEFAULTS, List.of()),
                    Loopback.parts(Loopback::echo, UdpTransport.preferred())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Everything that long messages borrowed is given back.
  @Test
  void noBufferSpaceIsLostWhateverEndsAConnection() throws Exception {
    try (DnsServer server = started(Loopback::echo, Clock.system())) {
      for (int way = 0; way < 4; way++) {
        try (TcpClient client = client(only(server))) {
          byte[] longest = new byte[65_535];
          if (way < 2) {
            client.ask(longest);
          } else {
            client.sendRaw(Arrays.copyOf(Loopback.framed(longest), 50_000));
          }
          if (way % 2 == 0) {
            client.hangUp();
          }
        }
      }
      Loopback.awaitUntil("gone", () -> server.tcpConnections() == 0);
      Loopback.awaitUntil(
          "given back", () -> server.bufferBytesLeft() == TcpLimits.BUFFERS_BYTES_MAX);
    }
  }

  /// The real peers: Knot's client and OpenSSL's.
  @Test
  void kdigIsAnswered() throws Exception {
    try (DnsServer server = started(TlsListenerTest::mirror, Clock.system())) {
      String port = String.valueOf(only(server).getPort());
      String output =
          run(
              "/usr/bin/kdig",
              "@127.0.0.1",
              "-p",
              port,
              "+tls",
              "+keepopen",
              "www.example.org",
              "A",
              "www.example.org",
              "AAAA");
      assertThat(output).contains("TLS session (TLS1.3)").contains("status: NOERROR");
      assertThat(output).doesNotContain("WARNING").doesNotContain(";; ERROR");
      assertThat(Loopback.count(server, ListenCounters.TCP_QUERIES)).isEqualTo(2);
      assertThat(Loopback.count(server, ListenCounters.TLS_ERRORS)).isZero();
    }
  }

  @Test
  void opensslShakesHandsWithWhatIsOfferedAndNotWithWhatIsOld() throws Exception {
    try (DnsServer server = started(Loopback::echo, Clock.system())) {
      String[] client = {"/usr/bin/openssl", "s_client", "-connect"};
      String address = "127.0.0.1:" + only(server).getPort();
      String modern = run(with(client, address, "-alpn", "dot", "-tls1_3"));
      assertThat(modern).contains("TLSv1.3").contains("ALPN protocol: dot");
      String older = run(with(client, address, "-tls1_2"));
      assertThat(older).contains("TLSv1.2").contains("Secure Renegotiation IS supported");
      String old = run(with(client, address, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"));
      assertThat(old).contains("alert protocol version");
      assertThat(Loopback.count(server, ListenCounters.TLS_CONNECTIONS)).isEqualTo(2);
    }
  }

  private static String[] with(String[] command, String... more) {
    String[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return all;
  }

  private static int mirror(byte[] in, int length, byte[] out, QueryContext context) {
    System.arraycopy(in, 0, out, 0, length);
    out[2] |= (byte) 0x84; // QR, AA
    return length;
  }

  private static String run(String... command) throws Exception {
    if (!Files.isExecutable(Path.of(command[0]))) {
      assertThat(System.getenv("CI")).as("%s is not installed; CI needs it", command[0]).isNull();
      Assumptions.abort(command[0] + " is not installed");
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private static final class TrustsAnyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String kind, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String kind, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
