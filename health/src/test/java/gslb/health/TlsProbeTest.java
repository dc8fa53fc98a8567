package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.health.Observation.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Probes over TLS against servers whose certificates the JDK's keytool made.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class TlsProbeTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final Duration AMPLE = Duration.ofSeconds(30);

  @TempDir static Path directory;

  private final Clock clock = Clock.system();

  @BeforeAll
  static void makeCertificates() throws Exception {
    keytool("-alias", "ca", "-dname", "CN=Test Authority", "-ext", "bc:c");
    keytool(
        "-alias",
        "good",
        "-dname",
        "CN=good",
        "-signer",
        "ca",
        "-ext",
        "san=dns:www.example.org,ip:127.0.0.1");
    keytool(
        "-alias",
        "expired",
        "-dname",
        "CN=expired",
        "-signer",
        "ca",
        "-ext",
        "san=dns:www.example.org",
        "-startdate",
        "-10d",
        "-validity",
        "5");
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(
        List.of(
            "-genkeypair",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-storetype",
            "PKCS12",
            "-keystore",
            directory.resolve("store.p12").toString(),
            "-storepass",
            new String(PASSWORD)));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor()).as(() -> read(directory.resolve("keytool.log"))).isZero();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static KeyStore store() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("store.p12"))) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static KeyStore anchors() throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, PASSWORD);
    anchors.setCertificateEntry("ca", store().getCertificate("ca"));
    return anchors;
  }

  private static LoopbackServer server(String alias, BlockingQueue<String> names) throws Exception {
    return server(new AtomicReference<>(alias), names);
  }

  private static LoopbackServer server(AtomicReference<String> alias, BlockingQueue<String> names)
      throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store(), PASSWORD);
    X509KeyManager all = (X509KeyManager) keys.getKeyManagers()[0];
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new Chosen(all, alias)}, null, null);
    SSLServerSocket listening =
        (SSLServerSocket)
            context.getServerSocketFactory().createServerSocket(0, 50, LoopbackServer.LOOPBACK);
    return new LoopbackServer(
        listening,
        socket -> {
          SSLSocket secure = (SSLSocket) socket;
          secure.startHandshake();
          ExtendedSSLSession session = (ExtendedSSLSession) secure.getSession();
          String name = "none";
          for (SNIServerName asked : session.getRequestedServerNames()) {
            name = asked instanceof SNIHostName host ? host.getAsciiName() : "other";
          }
          names.add(name);
          LoopbackServer.answer(secure, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
  }

  private Observation probe(
      LoopbackServer server, @Nullable String host, boolean verify, @Nullable KeyStore anchors) {
    return probe(new NetworkProbe(clock, "1", anchors), server, host, verify);
  }

  private Observation probe(
      NetworkProbe probe, LoopbackServer server, @Nullable String host, boolean verify) {
    Monitor.Check.Http check = new Monitor.Check.Http(true, host, "/", 200, 299, "ok", verify);
    Monitor monitor = new Monitor("web", check, server.port(), AMPLE.multipliedBy(2), AMPLE, 2, 3);
    return probe.probe(
        ProbeTarget.of(Address.of("127.0.0.1"), monitor, ""), clock.nanoTime() + AMPLE.toNanos());
  }

  @Test
  void goodCertificateOfTheRightNameSucceedsAndTheNameIsAskedFor() throws Exception {
    BlockingQueue<String> names = new LinkedBlockingQueue<>();
    try (LoopbackServer server = server("good", names)) {
      Observation observation = probe(server, "www.example.org", true, anchors());
      assertThat(observation.isSuccess()).as(observation.describe()).isTrue();
      assertThat(names.take()).isEqualTo("www.example.org");
    }
  }

  /// RFC 6066 §3.
  @Test
  void addressIsVerifiedButNotAskedForByName() throws Exception {
    BlockingQueue<String> names = new LinkedBlockingQueue<>();
    try (LoopbackServer server = server("good", names)) {
      Observation observation = probe(server, null, true, anchors());
      assertThat(observation.isSuccess()).as(observation.describe()).isTrue();
      assertThat(names.take()).isEqualTo("none");
    }
  }

  @Test
  void anotherNameFails() throws Exception {
    try (LoopbackServer server = server("good", new LinkedBlockingQueue<>())) {
      Observation observation = probe(server, "www.example.net", true, anchors());
      assertThat(observation.failure()).isEqualTo(Failure.TLS_NAME);
    }
  }

  @Test
  void expiredCertificateFails() throws Exception {
    try (LoopbackServer server = server("expired", new LinkedBlockingQueue<>())) {
      Observation observation = probe(server, "www.example.org", true, anchors());
      assertThat(observation.failure())
          .as(observation.describe())
          .isEqualTo(Failure.TLS_CERTIFICATE_EXPIRED);
    }
  }

  @Test
  void unknownAuthorityFails() throws Exception {
    try (LoopbackServer server = server("good", new LinkedBlockingQueue<>())) {
      Observation observation = probe(server, "www.example.org", true, null);
      assertThat(observation.failure()).isEqualTo(Failure.TLS_CERTIFICATE);
    }
  }

  @Test
  void withoutVerificationAnyCertificateDoes() throws Exception {
    try (LoopbackServer server = server("expired", new LinkedBlockingQueue<>())) {
      Observation observation = probe(server, "www.example.net", false, null);
      assertThat(observation.isSuccess()).as(observation.describe()).isTrue();
    }
  }

  /// A resumed session would go on with a certificate that has been replaced.
  @Test
  void everyProbeSeesTheCertificate() throws Exception {
    AtomicReference<String> alias = new AtomicReference<>("good");
    try (LoopbackServer server = server(alias, new LinkedBlockingQueue<>())) {
      NetworkProbe probe = new NetworkProbe(clock, "1", anchors());
      assertThat(probe(probe, server, "www.example.org", true).isSuccess()).isTrue();
      assertThat(probe(probe, server, "www.example.org", true).isSuccess()).isTrue();
      alias.set("expired");
      assertThat(probe(probe, server, "www.example.org", true).failure())
          .isEqualTo(Failure.TLS_CERTIFICATE_EXPIRED);
    }
  }

  @Test
  void serverWithoutTlsFailsTheHandshake() throws Exception {
    try (LoopbackServer server =
        LoopbackServer.start(socket -> LoopbackServer.write(socket, "HTTP/1.1 400 \r\n\r\n"))) {
      Observation observation = probe(server, "www.example.org", true, null);
      assertThat(observation.failure()).isEqualTo(Failure.TLS_HANDSHAKE);
    }
  }

  /// Serves the certificate that is chosen at the moment.
  private record Chosen(X509KeyManager all, AtomicReference<String> alias)
      implements X509KeyManager {
    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {alias.get()};
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return type.equals("EC") ? alias.get() : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String name) {
      return all.getCertificateChain(name);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String name) {
      return all.getPrivateKey(name);
    }
  }
}
