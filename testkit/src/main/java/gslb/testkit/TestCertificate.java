package gslb.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// A certificate made for one test, with its key. Nothing else has a use for it.
///
/// @param subject common name and DNS name
public record TestCertificate(String subject, KeyPair keys, X509Certificate certificate) {
  /// What a key and the signatures with it are made by.
  public enum Algorithm {
    RSA("RSA", 2048, "SHA256withRSA", "300d06092a864886f70d01010b0500"),
    EC("EC", 256, "SHA256withECDSA", "300a06082a8648ce3d040302"),
    ED25519("Ed25519", 255, "Ed25519", "300506032b6570");

    private final String key;
    private final int bits;
    private final String signature;

    /// The AlgorithmIdentifier of the signature (RFC 8017, RFC 5758, RFC 8410).
    private final byte[] identifier;

    Algorithm(String key, int bits, String signature, String identifier) {
      this.key = key;
      this.bits = bits;
      this.signature = signature;
      this.identifier = HexFormat.of().parseHex(identifier);
    }
  }

  private static final int SEQUENCE = 0x30;
  private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};
  private static final byte[] ALTERNATIVE_NAME = {0x06, 0x03, 0x55, 0x1d, 0x11};
  private static final byte[] BASIC_CONSTRAINTS = {0x06, 0x03, 0x55, 0x1d, 0x13};
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final AtomicLong SERIAL = new AtomicLong(1);

  /// Signed with its own key.
  public static TestCertificate selfSigned(
      Algorithm algorithm, String subject, Instant from, Instant until) {
    try {
      KeyPair keys = newKeys(algorithm);
      return make(new Request(algorithm, subject, keys, from, until), null);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// Signed with the key of another.
  public static TestCertificate signedBy(
      TestCertificate issuer, Algorithm algorithm, String subject, Instant from, Instant until) {
    try {
      return make(new Request(algorithm, subject, newKeys(algorithm), from, until), issuer);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private record Request(
      Algorithm algorithm, String subject, KeyPair keys, Instant from, Instant until) {}

  private static KeyPair newKeys(Algorithm algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.key);
    generator.initialize(algorithm.bits);
    return generator.generateKeyPair();
  }

  /// RFC 5280 §4.1.
  private static TestCertificate make(
      Request request, @org.jspecify.annotations.Nullable TestCertificate issuer)
      throws GeneralSecurityException {
    KeyPair signer = issuer == null ? request.keys : issuer.keys;
    Algorithm algorithm = issuer == null ? request.algorithm : algorithmOf(issuer);
    String issuerName = issuer == null ? request.subject : issuer.subject;
    byte[] subjectName = ascii(0x82, request.subject);
    byte[] extensions =
        der(
            SEQUENCE,
            der(SEQUENCE, ALTERNATIVE_NAME, der(0x04, der(SEQUENCE, subjectName))),
            der(
                SEQUENCE,
                BASIC_CONSTRAINTS,
                der(0x04, der(SEQUENCE, der(0x01, new byte[] {(byte) 0xff})))));
    byte[] body =
        der(
            SEQUENCE,
            der(0xa0, der(0x02, new byte[] {2})),
            der(0x02, BigInteger.valueOf(SERIAL.getAndIncrement()).toByteArray()),
            algorithm.identifier,
            name(issuerName),
            der(
                SEQUENCE,
                ascii(0x18, TIME.format(request.from)),
                ascii(0x18, TIME.format(request.until))),
            name(request.subject),
            request.keys.getPublic().getEncoded(),
            der(0xa3, extensions));
    Signature signature = Signature.getInstance(algorithm.signature);
    signature.initSign(signer.getPrivate());
    signature.update(body);
    byte[] signed = signature.sign();
    byte[] bits = new byte[signed.length + 1];
    System.arraycopy(signed, 0, bits, 1, signed.length);
    byte[] whole = der(SEQUENCE, body, algorithm.identifier, der(0x03, bits));
    Certificate certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(whole));
    return new TestCertificate(request.subject, request.keys, (X509Certificate) certificate);
  }

  private static Algorithm algorithmOf(TestCertificate issuer) {
    return switch (issuer.keys.getPublic().getAlgorithm()) {
      case "RSA" -> Algorithm.RSA;
      case "EC" -> Algorithm.EC;
      default -> Algorithm.ED25519;
    };
  }

  private static byte[] name(String commonName) {
    return der(SEQUENCE, der(0x31, der(SEQUENCE, COMMON_NAME, ascii(0x0c, commonName))));
  }

  private static byte[] ascii(int tag, String text) {
    return der(tag, text.getBytes(StandardCharsets.US_ASCII));
  }

  /// Tag, length and contents (X.690 §8.1).
  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream contents = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      contents.writeBytes(part);
    }
    int length = contents.size();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    if (length < 0x80) {
      whole.write(length);
    } else if (length < 0x100) {
      whole.write(0x81);
      whole.write(length);
    } else {
      whole.write(0x82);
      whole.write(length >>> 8);
      whole.write(length);
    }
    whole.writeBytes(contents.toByteArray());
    return whole.toByteArray();
  }

  public String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// PKCS#8, not encrypted.
  public String keyPem() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  /// What a server shows this certificate with.
  public SSLContext serverContext() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      char[] password = "test".toCharArray();
      store.setKeyEntry("key", keys.getPrivate(), password, new Certificate[] {certificate});
      KeyManagerFactory keyManagers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(store, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
