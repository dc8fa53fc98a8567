package gslb.node;

import gslb.base.Clock;
import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.config.FileSource;
import gslb.config.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// What the node shows to TLS clients, as its two files were when they were read.
///
/// @param leaf the node's own certificate
/// @param digest of both files, which tells one version from the next
record ServedCertificate(SSLContext context, X509Certificate leaf, String digest) {
  /// Both files, read but not understood.
  private record Contents(Certificates.Pem chain, Certificates.Pem key) {
    String digest() {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(chain.contents());
        digest.update((byte) 0);
        return HexFormat.of().formatHex(digest.digest(key.contents()));
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java platform has SHA-256", e);
      }
    }
  }

  /// Reads the files; empty if a diagnostic of severity ERROR was added.
  static Optional<ServedCertificate> read(
      TlsSettings settings, FileSource files, Clock clock, Diagnostics diagnostics) {
    Contents contents = contents(settings, files, diagnostics);
    return contents == null ? Optional.empty() : understand(contents, clock, diagnostics);
  }

  /// What the files hold now, if that is no longer this.
  static Optional<ServedCertificate> renewed(
      ServedCertificate served,
      TlsSettings settings,
      FileSource files,
      Clock clock,
      Diagnostics diagnostics) {
    Contents contents = contents(settings, files, diagnostics);
    return contents == null || contents.digest().equals(served.digest())
        ? Optional.empty()
        : understand(contents, clock, diagnostics);
  }

  private static Optional<ServedCertificate> understand(
      Contents contents, Clock clock, Diagnostics diagnostics) {
    Instant now = Instant.ofEpochMilli(clock.currentTimeMillis());
    SSLContext context =
        Certificates.serverContext(contents.chain(), contents.key(), now, diagnostics);
    return context == null
        ? Optional.empty()
        : Optional.of(new ServedCertificate(context, leaf(contents), contents.digest()));
  }

  /// The first certificate, once the whole file has been understood.
  private static X509Certificate leaf(Contents contents) {
    String text = new String(contents.chain().contents(), StandardCharsets.ISO_8859_1);
    // The key may stand before it in the same file.
    String chain = text.substring(text.indexOf("-----BEGIN CERTIFICATE-----"));
    byte[] bytes = chain.getBytes(StandardCharsets.ISO_8859_1);
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes));
    } catch (CertificateException e) {
      throw new AssertionError("it was read a moment ago", e);
    }
  }

  private static @Nullable Contents contents(
      TlsSettings settings, FileSource files, Diagnostics diagnostics) {
    Certificates.Pem chain = pem(settings, settings.certificateFile(), files, diagnostics);
    Certificates.Pem key = pem(settings, settings.keyFile(), files, diagnostics);
    return chain == null || key == null ? null : new Contents(chain, key);
  }

  private static Certificates.@Nullable Pem pem(
      TlsSettings settings, String file, FileSource files, Diagnostics diagnostics) {
    try {
      byte[] bytes = files.read(file, Certificates.FILE_LENGTH_MAX + 1);
      if (bytes.length <= Certificates.FILE_LENGTH_MAX) {
        return new Certificates.Pem(file, bytes);
      }
      diagnostics.error(
          SourceSpan.file(file),
          "the file is longer than " + Certificates.FILE_LENGTH_MAX + " bytes",
          "it must hold one certificate with its chain, or one key, in PEM",
          "name the right file");
    } catch (IOException e) {
      diagnostics.error(
          settings.where(),
          "file '" + file + "' of 'tls' cannot be read: " + e.getMessage(),
          "TLS needs a certificate and its key",
          "check its name and its permissions");
    }
    return null;
  }
}
