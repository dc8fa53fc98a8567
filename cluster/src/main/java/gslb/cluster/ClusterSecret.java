package gslb.cluster;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What the members' messages are authenticated with. Never shown: its text names its length only.
public final class ClusterSecret {
  public static final int LENGTH_MIN = 32;

  private final byte[] bytes;

  /// @throws IllegalArgumentException if there are fewer than {@link #LENGTH_MIN} bytes
  public ClusterSecret(byte[] bytes) {
    if (bytes.length < LENGTH_MIN) {
      throw new IllegalArgumentException(
          "a secret of " + bytes.length + " bytes; it needs " + LENGTH_MIN);
    }
    this.bytes = bytes.clone();
  }

  /// A key for another purpose: the same on all members, and of no use for any other purpose
  /// (HMAC-SHA-256 of the purpose).
  public byte[] derive(String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
      return mac.doFinal(("gslb " + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HmacSHA256", e);
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "ClusterSecret[" + bytes.length + " bytes]";
  }
}
