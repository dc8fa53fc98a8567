package gslb.dns;

import java.util.List;

/// The secrets that server cookies are made of (RFC 7873, RFC 9018): the first makes cookies, all
/// are accepted, so that nodes can be given a new one before it is used and an old one can end.
/// Nodes that answer for one address share them (RFC 9018 §5).
public final class CookieSecrets {
  /// Octets of a secret: the key of SipHash-2-4 (RFC 9018 §4.4).
  public static final int SECRET_LENGTH = 16;

  /// Secrets accepted at a time.
  public static final int SECRETS_MAX = 4;

  /// No cookies: the option is ignored like an unknown one.
  public static final CookieSecrets NONE = new CookieSecrets(List.of());

  /// Two words for each secret, as SipHash reads them.
  private final long[] keys;

  private CookieSecrets(List<byte[]> secrets) {
    keys = new long[2 * secrets.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = SipHash.get(secrets.get(i / 2), i % 2 * Long.BYTES);
    }
  }

  /// @param secrets the one that makes cookies first, then others that are accepted
  /// @throws IllegalArgumentException unless they are 1..{@link #SECRETS_MAX}, each of {@link
  ///     #SECRET_LENGTH} octets
  public static CookieSecrets of(List<byte[]> secrets) {
    if (secrets.isEmpty()
        || secrets.size() > SECRETS_MAX
        || secrets.stream().anyMatch(s -> s.length != SECRET_LENGTH)) {
      throw new IllegalArgumentException(
          "1.." + SECRETS_MAX + " cookie secrets of " + SECRET_LENGTH + " octets each");
    }
    return new CookieSecrets(secrets);
  }

  int count() {
    return keys.length / 2;
  }

  /// The first half of a secret.
  long key0(int secret) {
    return keys[2 * secret];
  }

  /// The second half of a secret.
  long key1(int secret) {
    return keys[2 * secret + 1];
  }

  /// Shows no secret.
  @Override
  public String toString() {
    return count() + " cookie secrets";
  }
}
