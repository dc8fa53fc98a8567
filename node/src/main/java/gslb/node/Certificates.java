package gslb.node;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// A reader of what a server shows its TLS clients: a chain of certificates and the private key of
/// the first, both in PEM (RFC 7468). Pure: it is given the files' contents and the time. No
/// message holds a part of a key.
public final class Certificates {
  /// Bytes of a PEM file.
  public static final int FILE_LENGTH_MAX = 1 << 20;

  /// Certificates of a chain.
  public static final int CHAIN_LENGTH_MAX = 10;

  /// A certificate that ends sooner is worth a warning: most are renewed 30 days before.
  static final Duration EXPIRY_WARNING = Duration.ofDays(14);

  private static final String PKCS8 = "PRIVATE KEY";
  private static final byte[] CHALLENGE = "gslb".getBytes(StandardCharsets.US_ASCII);

  /// A PEM file.
  public static final class Pem {
    private final String name;
    private final byte[] contents;

    /// @param name for messages
    /// @param contents not changed any more
    public Pem(String name, byte[] contents) {
      this.name = name;
      this.contents = contents;
    }

    public String name() {
      return name;
    }

    public byte[] contents() {
      return contents;
    }
  }

  /// What stands between BEGIN and END.
  private static final class Block {
    final String label;

    /// Of BEGIN.
    final int line;

    final byte[] der;

    Block(String label, int line, byte[] der) {
      this.label = label;
      this.line = line;
      this.der = der;
    }
  }

  private final Diagnostics diagnostics;
  private final Instant now;

  private Certificates(Diagnostics diagnostics, Instant now) {
    this.diagnostics = diagnostics;
    this.now = now;
  }

  /// Reads both files, which may be one and the same.
  ///
  /// @param diagnostics gets every problem; a certificate that is not valid now is a warning
  /// @return null if there are errors
  public static @Nullable SSLContext serverContext(
      Pem chain, Pem key, Instant now, Diagnostics diagnostics) {
    return new Certificates(diagnostics, now).context(chain, key);
  }

  private @Nullable SSLContext context(Pem chainFile, Pem keyFile) {
    List<Block> chainBlocks = blocks(chainFile);
    boolean isOneFile = keyFile.name.equals(chainFile.name);
    List<Block> keyBlocks = isOneFile ? chainBlocks : blocks(keyFile);
    List<X509Certificate> chain = chainBlocks == null ? List.of() : chain(chainFile, chainBlocks);
    Block keyBlock = keyBlocks == null ? null : keyBlock(keyFile, keyBlocks);
    if (chain.isEmpty() || keyBlock == null) {
      return null;
    }
    X509Certificate leaf = chain.getFirst();
    PrivateKey key = decoded(keyFile, keyBlock, leaf.getPublicKey());
    boolean isOrdered = isOrdered(chainFile, chain);
    warnOfValidity(chainFile, chain);
    if (key == null || !isOrdered) {
      return null;
    }
    if (!isPair(key, leaf.getPublicKey())) {
      diagnostics.error(
          SourceSpan.file(keyFile.name),
          "the key is not that of the certificate in '" + chainFile.name + "'",
          "the first certificate must be for this key",
          "give the key that the certificate was requested with");
      return null;
    }
    return context(key, chain, keyFile);
  }

  private @Nullable SSLContext context(PrivateKey key, List<X509Certificate> chain, Pem keyFile) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      char[] none = new char[0];
      store.setKeyEntry("server", key, none, chain.toArray(new Certificate[0]));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      SSLContext context = SSLContext.getInstance("TLS");
      // Clients show no certificates, so nobody need be trusted.
      context.init(keys.getKeyManagers(), new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException | IOException unusable) {
      diagnostics.error(
          SourceSpan.file(keyFile.name),
          "certificate and key cannot be used: " + unusable.getMessage(),
          "",
          "make new ones of a common kind, such as EC P-256 or RSA 2048");
      return null;
    }
  }

  /// Empty if there is anything wrong with it.
  private List<X509Certificate> chain(Pem file, List<Block> blocks) {
    List<X509Certificate> chain = new ArrayList<>();
    boolean isSound = true;
    for (Block block : blocks) {
      if (!block.label.equals("CERTIFICATE") && !block.label.equals("X509 CERTIFICATE")) {
        continue; // a key in the same file
      }
      try {
        chain.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.der)));
      } catch (GeneralSecurityException broken) {
        isSound = false;
        diagnostics.error(
            at(file, block),
            "this certificate cannot be read",
            "a CERTIFICATE block holds one X.509 certificate (RFC 7468 §5)",
            "get the file from its issuer again");
      }
    }
    if (chain.size() > CHAIN_LENGTH_MAX) {
      diagnostics.error(
          SourceSpan.file(file.name),
          chain.size() + " certificates",
          "a chain has at most " + CHAIN_LENGTH_MAX,
          "leave the server's certificate and its intermediates");
      return List.of();
    }
    if (chain.isEmpty() && isSound) {
      diagnostics.error(
          SourceSpan.file(file.name),
          "there is no certificate",
          "a certificate begins with '-----BEGIN CERTIFICATE-----'",
          "convert a binary one with 'openssl x509 -inform der -in %s -out %s.pem'"
              .formatted(file.name, file.name));
    }
    return isSound ? chain : List.of();
  }

  /// RFC 8446 §4.4.2: the server's certificate first, each signed by the next.
  private boolean isOrdered(Pem file, List<X509Certificate> chain) {
    for (int i = 0; i + 1 < chain.size(); i++) {
      if (!isIssuer(chain.get(i + 1), chain.get(i))) {
        diagnostics.error(
            SourceSpan.file(file.name),
            "certificate %d, '%s', is not signed by certificate %d, '%s'"
                .formatted(i + 1, subject(chain.get(i)), i + 2, subject(chain.get(i + 1))),
            "the server's certificate comes first, and each is signed by the next",
            "put them into that order and leave out those that do not belong");
        return false;
      }
    }
    return true;
  }

  private static boolean isIssuer(X509Certificate issuer, X509Certificate subject) {
    try {
      subject.verify(issuer.getPublicKey());
      return subject.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    } catch (GeneralSecurityException notSigned) {
      return false;
    }
  }

  private void warnOfValidity(Pem file, List<X509Certificate> chain) {
    for (X509Certificate certificate : chain) {
      Instant from = certificate.getNotBefore().toInstant();
      Instant until = certificate.getNotAfter().toInstant();
      String name = "certificate '" + subject(certificate) + "'";
      if (now.isBefore(from)) {
        warn(file, name + " is not valid before " + from, "check the clock of this machine");
      } else if (now.isAfter(until)) {
        warn(file, name + " expired on " + until, "renew it");
      } else if (now.plus(EXPIRY_WARNING).isAfter(until)) {
        long days = Duration.between(now, until).toDays();
        warn(file, name + " expires on " + until + ", in " + days + " days", "renew it");
      }
    }
  }

  private void warn(Pem file, String problem, String remedy) {
    diagnostics.warning(
        SourceSpan.file(file.name), problem, "clients that verify refuse it then", remedy);
  }

  private static String subject(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  /// The one block that can be a key.
  private @Nullable Block keyBlock(Pem file, List<Block> blocks) {
    List<Block> keys = blocks.stream().filter(block -> block.label.endsWith(PKCS8)).toList();
    if (keys.size() != 1) {
      diagnostics.error(
          SourceSpan.file(file.name),
          keys.isEmpty() ? "there is no private key" : keys.size() + " private keys",
          "the file holds one key, which begins with '-----BEGIN PRIVATE KEY-----'",
          keys.isEmpty() ? "give the file that the certificate's key is in" : "leave one of them");
      return null;
    }
    Block block = keys.getFirst();
    if (!block.label.equals(PKCS8)) {
      boolean isEncrypted = block.label.equals("ENCRYPTED PRIVATE KEY");
      diagnostics.error(
          at(file, block),
          "the key is in a '" + block.label + "' block",
          isEncrypted ? "an encrypted key cannot be read" : "keys are read from PKCS#8",
          "convert it with 'openssl pkcs8 -topk8 -nocrypt -in %s -out %s.pkcs8'"
              .formatted(file.name, file.name));
      return null;
    }
    return block;
  }

  private @Nullable PrivateKey decoded(Pem file, Block block, PublicKey publicKey) {
    String algorithm = publicKey.getAlgorithm();
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(block.der));
    } catch (InvalidKeySpecException wrong) {
      diagnostics.error(
          at(file, block),
          "this is no key of the kind " + algorithm,
          "the certificate is for a key of that kind",
          "give the key that the certificate was requested with");
    } catch (GeneralSecurityException unknown) {
      diagnostics.error(
          at(file, block),
          "keys of the kind " + algorithm + " are not known here",
          "RSA, EC, Ed25519 and Ed448 are",
          "request a certificate for one of them");
    }
    return null;
  }

  private static boolean isPair(PrivateKey key, PublicKey publicKey) {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(CHALLENGE);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(CHALLENGE);
      return signature.verify(signed);
    } catch (GeneralSecurityException notEvenThat) {
      return false;
    }
  }

  /// The blocks of a file, or null if one is broken; text around them is left aside, as `openssl`
  /// writes some.
  private @Nullable List<Block> blocks(Pem file) {
    int before = diagnostics.errorCount();
    if (file.contents.length > FILE_LENGTH_MAX) {
      diagnostics.error(
          SourceSpan.file(file.name),
          file.contents.length + " bytes",
          "a PEM file has at most " + FILE_LENGTH_MAX,
          "give the right file");
      return null;
    }
    List<Block> blocks = new ArrayList<>();
    String[] lines = new String(file.contents, StandardCharsets.ISO_8859_1).split("\r?\n|\r", -1);
    String label = null;
    int begin = 0;
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (line.startsWith("-----BEGIN ") && line.endsWith("-----")) {
        if (label != null) {
          unfinished(file, label, begin);
        }
        label = line.substring(11, line.length() - 5);
        begin = i + 1;
        body.setLength(0);
      } else if (label != null && line.equals("-----END " + label + "-----")) {
        add(file, blocks, label, begin, body);
        label = null;
      } else if (label != null && line.indexOf(':') < 0) { // not a header of RFC 1421
        body.append(line);
      }
    }
    if (label != null) {
      unfinished(file, label, begin);
    }
    return diagnostics.errorCount() > before ? null : blocks;
  }

  private void add(Pem file, List<Block> blocks, String label, int line, StringBuilder body) {
    try {
      blocks.add(new Block(label, line, Base64.getDecoder().decode(body.toString())));
    } catch (IllegalArgumentException notBase64) {
      diagnostics.error(
          new SourceSpan(file.name, line, 0),
          "the block '" + label + "' is not base64",
          "PEM is text (RFC 7468 §3)",
          "get the file again");
    }
  }

  private void unfinished(Pem file, String label, int line) {
    diagnostics.error(
        new SourceSpan(file.name, line, 0),
        "the block '" + label + "' does not end",
        "it ends with '-----END " + label + "-----'",
        "get the whole file");
  }

  private static SourceSpan at(Pem file, Block block) {
    return new SourceSpan(file.name, block.line, 0);
  }
}
