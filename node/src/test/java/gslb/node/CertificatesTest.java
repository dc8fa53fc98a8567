package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.node.Certificates.Pem;
import gslb.testkit.TestCertificate;
import gslb.testkit.TestCertificate.Algorithm;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CertificatesTest {
  /// Clients verify by the machine's clock, so the certificates are of today.
  private final Instant now = Instant.now();

  private static final Duration YEAR = Duration.ofDays(365);
  private final TestCertificate good = made(Algorithm.EC, "dns.example.org");

  private final Diagnostics diagnostics = new Diagnostics();
  @TempDir private Path directory;

  private TestCertificate made(Algorithm algorithm, String name) {
    return TestCertificate.selfSigned(algorithm, name, now.minus(YEAR), now.plus(YEAR));
  }

  private @Nullable SSLContext read(String chain, String key) {
    return Certificates.serverContext(pem("dns.pem", chain), pem("dns.key", key), now, diagnostics);
  }

  private static Pem pem(String name, String text) {
    return new Pem(name, text.getBytes(StandardCharsets.US_ASCII));
  }

  private List<String> problems() {
    return diagnostics.sorted().stream().map(Diagnostic::toString).toList();
  }

  @ParameterizedTest
  @EnumSource
  void eachKindOfKeyServesAClientThatTrustsIt(Algorithm algorithm) throws Exception {
    TestCertificate certificate = made(algorithm, "dns.example.org");
    SSLContext context = read(certificate.certificatePem(), certificate.keyPem());
    assertThat(problems()).isEmpty();
    shakeHands(context, certificate);
  }

  /// As certbot writes it: the whole chain in a file, text of `openssl x509 -text` around it.
  @Test
  void aChainIsReadWithTheTextAroundIt() throws Exception {
    TestCertificate root = made(Algorithm.RSA, "root.example.org");
    TestCertificate middle =
        TestCertificate.signedBy(
            root, Algorithm.EC, "middle.example.org", now.minus(YEAR), now.plus(YEAR));
    TestCertificate leaf =
        TestCertificate.signedBy(
            middle, Algorithm.EC, "dns.example.org", now.minus(YEAR), now.plus(YEAR));
    String chain = "Certificate:\r\n    Data:\r\n" + leaf.certificatePem().replace("\n", "\r\n");
    SSLContext context = read(chain + middle.certificatePem(), "\n" + leaf.keyPem());
    assertThat(problems()).isEmpty();
    shakeHands(context, root);
  }

  @Test
  void oneFileMayHoldBoth() throws Exception {
    Pem both = pem("both.pem", good.keyPem() + good.certificatePem());
    SSLContext context = Certificates.serverContext(both, both, now, diagnostics);
    assertThat(problems()).isEmpty();
    shakeHands(context, good);
  }

  @Test
  void theKeyOfAnotherCertificateIsNamed() {
    TestCertificate other = made(Algorithm.EC, "other.example.org");
    assertThat(read(good.certificatePem(), other.keyPem())).isNull();
    assertThat(problems())
        .containsExactly(
            "dns.key: the key is not that of the certificate in 'dns.pem'; the first certificate"
                + " must be for this key; give the key that the certificate was requested with");
  }

  @Test
  void aKeyOfAnotherKindIsNamed() {
    TestCertificate other = made(Algorithm.ED25519, "other.example.org");
    assertThat(read(good.certificatePem(), other.keyPem())).isNull();
    assertThat(problems())
        .containsExactly(
            "dns.key:1: this is no key of the kind EC; the certificate is for a key of that kind;"
                + " give the key that the certificate was requested with");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
  void otherFormsOfKeysSayHowToConvertThem(String label) {
    String key = "\n\n" + good.keyPem().replace("PRIVATE KEY", label);
    assertThat(read(good.certificatePem(), key)).isNull();
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("dns.key:3: the key is in a '" + label + "' block; ")
        .endsWith("'openssl pkcs8 -topk8 -nocrypt -in dns.key -out dns.key.pkcs8'");
  }

  @Test
  void filesMixedUpAreBothNamed() {
    assertThat(read(good.keyPem(), good.certificatePem())).isNull();
    assertThat(problems())
        .hasSize(2)
        .anyMatch(p -> p.startsWith("dns.pem: there is no certificate; "))
        .anyMatch(p -> p.startsWith("dns.key: there is no private key; "));
  }

  @Test
  void brokenBlocksAreNamedWithTheirLine() {
    String cut = good.certificatePem().substring(0, 200);
    assertThat(read("text\n" + cut, good.keyPem())).isNull();
    assertThat(problems())
        .containsExactly(
            "dns.pem:2: the block 'CERTIFICATE' does not end; it ends with '-----END"
                + " CERTIFICATE-----'; get the whole file");
  }

  @Test
  void whatIsNoBase64AndWhatIsNoCertificateAreNamed() {
    String bad = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
    assertThat(read(bad, good.keyPem())).isNull();
    assertThat(read(bad.replace("!!!!", "AAAA"), good.keyPem())).isNull();
    assertThat(problems())
        .containsExactly(
            "dns.pem:1: the block 'CERTIFICATE' is not base64; PEM is text (RFC 7468 §3); get the"
                + " file again",
            "dns.pem:1: this certificate cannot be read; a CERTIFICATE block holds one X.509"
                + " certificate (RFC 7468 §5); get the file from its issuer again");
  }

  @Test
  void twoKeysAndChainsOutOfOrderAreNamed() {
    TestCertificate root = made(Algorithm.EC, "root.example.org");
    TestCertificate leaf =
        TestCertificate.signedBy(
            root, Algorithm.EC, "dns.example.org", now.minus(YEAR), now.plus(YEAR));
    assertThat(read(root.certificatePem() + leaf.certificatePem(), root.keyPem())).isNull();
    assertThat(read(leaf.certificatePem(), leaf.keyPem() + leaf.keyPem())).isNull();
    assertThat(problems())
        .containsExactlyInAnyOrder(
            "dns.pem: certificate 1, 'CN=root.example.org', is not signed by certificate 2,"
                + " 'CN=dns.example.org'; the server's certificate comes first, and each is signed"
                + " by the next; put them into that order and leave out those that do not belong",
            "dns.key: 2 private keys; the file holds one key, which begins with '-----BEGIN"
                + " PRIVATE KEY-----'; leave one of them");
  }

  @Test
  void certificatesOutsideTheirTimeAreServedWithAWarning() {
    record Case(Duration from, Duration until, String said) {}
    for (Case time :
        List.of(
            new Case(YEAR.negated(), Duration.ofDays(-1), " expired on "),
            new Case(YEAR.negated(), Duration.ofDays(14).minusMinutes(1), ", in 13 days"),
            new Case(Duration.ofDays(1), YEAR, " is not valid before "))) {
      TestCertificate certificate =
          TestCertificate.selfSigned(
              Algorithm.EC, "dns.example.org", now.plus(time.from), now.plus(time.until));
      Diagnostics each = new Diagnostics();
      Pem both = pem("both.pem", certificate.certificatePem() + certificate.keyPem());
      assertThat(Certificates.serverContext(both, both, now, each)).isNotNull();
      assertThat(each.sorted())
          .singleElement()
          .asString()
          .startsWith("both.pem: warning: certificate 'CN=dns.example.org'")
          .contains(time.said);
    }
  }

  @Test
  void filesAndChainsTooLongAreRefused() {
    Pem huge = new Pem("huge.pem", new byte[Certificates.FILE_LENGTH_MAX + 1]);
    assertThat(Certificates.serverContext(huge, huge, now, diagnostics)).isNull();
    assertThat(read(good.certificatePem().repeat(11), good.keyPem())).isNull();
    assertThat(problems())
        .hasSize(2)
        .anyMatch(p -> p.startsWith("dns.pem: 11 certificates; a chain has at most 10; "));
  }

  /// Whatever is wrong, no line of the key is repeated.
  @Test
  void noMessageShowsThePartsOfAKey() {
    String key = good.keyPem();
    String secret = key.lines().toList().get(1);
    for (String broken :
        List.of(
            key.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
            key.substring(0, key.length() - 40),
            key.replace("=", "!"),
            key + key,
            secret)) {
      read(good.certificatePem(), broken);
      read(broken, broken);
    }
    assertThat(problems())
        .isNotEmpty()
        .allMatch(p -> !p.contains(secret) && !p.contains(secret.substring(20, 40)));
  }

  /// `openssl` makes the pair, as an operator would.
  @ParameterizedTest
  @ValueSource(strings = {"rsa:2048", "ed25519", "ec -pkeyopt ec_paramgen_curve:secp384r1"})
  void whatOpensslMakesIsRead(String kind) throws Exception {
    Path key = directory.resolve("key.pem");
    Path certificate = directory.resolve("certificate.pem");
    List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-newkey"));
    command.addAll(Arrays.asList(kind.split(" ")));
    command.addAll(List.of("-keyout", key.toString(), "-out", certificate.toString()));
    command.addAll(List.of("-days", "90", "-subj", "/CN=dns.example.org"));
    run(command);
    SSLContext context =
        Certificates.serverContext(
            new Pem("c", Files.readAllBytes(certificate)),
            new Pem("k", Files.readAllBytes(key)),
            now.plusSeconds(600), // it is a little younger than this test
            diagnostics);
    assertThat(problems()).isEmpty();
    assertThat(context).isNotNull();
  }

  private void run(List<String> command) throws Exception {
    if (!Files.isExecutable(Path.of("/usr/bin/openssl"))) {
      assertThat(System.getenv("CI")).as("openssl is not installed; CI needs it").isNull();
      Assumptions.abort("openssl is not installed");
    }
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  /// A handshake in memory, with the host name verified.
  private static void shakeHands(@Nullable SSLContext context, TestCertificate anchor)
      throws Exception {
    assertThat(context).isNotNull();
    SSLEngine server = java.util.Objects.requireNonNull(context).createSSLEngine();
    server.setUseClientMode(false);
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry(
        "anchor",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    anchor.certificatePem().getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, trust.getTrustManagers(), null);
    SSLEngine client = trusting.createSSLEngine("dns.example.org", 853);
    client.setUseClientMode(true);
    var parameters = client.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    client.setSSLParameters(parameters);
    ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
    for (int step = 0; step < 100 && !(isDone(client) && isDone(server)); step++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
    }
    assertThat(isDone(client) && isDone(server)).isTrue();
    assertThat(client.getSession().getPeerCertificates()).isNotEmpty();
  }

  private static boolean isDone(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && !engine.getSession().getProtocol().equals("NONE");
  }

  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        Runnable task = engine.getDelegatedTask();
        if (task != null) {
          task.run();
        }
      }
      case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        in.flip();
        engine.unwrap(in, ByteBuffer.allocate(1 << 15));
        in.compact();
      }
      case NOT_HANDSHAKING, FINISHED -> {
        if (engine.getSession().getProtocol().equals("NONE")) {
          engine.beginHandshake();
        }
      }
    }
  }
}
