package gslb.node;

import gslb.cluster.ClusterSettings;
import gslb.config.Configuration;
import gslb.config.CookieSource;
import gslb.dns.CookieSecrets;
import gslb.dns.ServerOptions;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The cookie secrets of a node whose operator gives none: a new one every day, derived from a root
/// that the nodes of a cluster share. Nodes whose clocks differ by less than a day accept each
/// other's cookies, and a cookie lives for an hour, so yesterday's and tomorrow's secret are enough
/// (RFC 9018 §5).
final class CookieSchedule {
  /// How long one secret makes cookies.
  static final Duration PERIOD = Duration.ofDays(1);

  private final byte[] root;

  /// @param root 32 bytes that nobody else knows
  CookieSchedule(byte[] root) {
    this.root = root.clone();
  }

  /// The root of a cluster's member is derived from the cluster's secret.
  ///
  /// @param random 32 bytes for a node alone
  static CookieSchedule of(Configuration configuration, byte[] random) {
    ClusterSettings cluster = configuration.cluster();
    return new CookieSchedule(cluster == null ? random : cluster.secret().derive("dns cookies"));
  }

  /// What the configuration sets for the whole server, with the secrets of that time.
  ServerOptions options(Configuration configuration, long nowMillis) {
    var options = configuration.dnsOptions();
    return new ServerOptions(
        options.identity(),
        switch (options.cookies()) {
          case CookieSource.Off() -> CookieSecrets.NONE;
          case CookieSource.Shared(CookieSecrets secrets) -> secrets;
          case CookieSource.Auto() -> secrets(nowMillis);
        },
        options.rateLimit(),
        options.access(),
        options.explainTo());
  }

  /// Today's secret, then yesterday's and tomorrow's.
  CookieSecrets secrets(long nowMillis) {
    return CookieSecrets.of(octets(nowMillis));
  }

  /// Today's secret, then yesterday's and tomorrow's.
  List<byte[]> octets(long nowMillis) {
    long period = period(nowMillis);
    return List.of(secret(period), secret(period - 1), secret(period + 1));
  }

  /// The number of the day, on which the secrets change.
  static long period(long nowMillis) {
    return Math.floorDiv(nowMillis, PERIOD.toMillis());
  }

  private byte[] secret(long period) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(root, "HmacSHA256"));
      byte[] whole = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(period).array());
      return Arrays.copyOf(whole, CookieSecrets.SECRET_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HmacSHA256", e);
    }
  }
}
