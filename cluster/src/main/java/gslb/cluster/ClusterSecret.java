package gslb.cluster;

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

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "ClusterSecret[" + bytes.length + " bytes]";
  }
}
