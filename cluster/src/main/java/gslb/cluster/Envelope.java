package gslb.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Authenticates what members say to each other: nobody without the cluster's secret can speak for
/// a node, and nothing of another cluster is heard.
///
/// | bytes | content |
/// |---|---|
/// | 2 | `GV` |
/// | 1 | version of this form, 1 |
/// | n | body |
/// | 32 | HMAC-SHA256 over the cluster's name, a zero octet and everything before |
///
/// It does not hide the body, and a message can be replayed: the votes inside carry an epoch and a
/// sequence, and an old one changes nothing. Any thread may use it.
final class Envelope {
  /// Bytes of the longest message sealed or opened; the largest digest has 2.3 million.
  static final int MESSAGE_LENGTH_MAX = 4 << 20;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int HEAD_LENGTH = 3;
  private static final int MAC_LENGTH = 32;
  private static final byte VERSION = 1;

  private final SecretKeySpec key;
  private final byte[] context;

  Envelope(String clusterName, ClusterSecret secret) {
    key = new SecretKeySpec(secret.bytes(), ALGORITHM);
    context = (clusterName + '\0').getBytes(UTF_8);
  }

  /// @throws IllegalArgumentException if the sealed message would be longer than
  ///     {@link #MESSAGE_LENGTH_MAX}
  byte[] seal(byte[] body) {
    int length = HEAD_LENGTH + body.length + MAC_LENGTH;
    if (length > MESSAGE_LENGTH_MAX) {
      throw new IllegalArgumentException("a message of " + length + " bytes");
    }
    ByteBuffer message = ByteBuffer.allocate(length);
    message.put((byte) 'G').put((byte) 'V').put(VERSION).put(body);
    return message.put(mac(message.array(), message.position())).array();
  }

  /// The body, or empty if the message is not one of this cluster's.
  Optional<byte[]> open(byte[] message) {
    int signed = message.length - MAC_LENGTH;
    if (signed < HEAD_LENGTH
        || message.length > MESSAGE_LENGTH_MAX
        || message[0] != 'G'
        || message[1] != 'V'
        || message[2] != VERSION) {
      return Optional.empty();
    }
    byte[] theirs = Arrays.copyOfRange(message, signed, message.length);
    return MessageDigest.isEqual(theirs, mac(message, signed))
        ? Optional.of(Arrays.copyOfRange(message, HEAD_LENGTH, signed))
        : Optional.empty();
  }

  private byte[] mac(byte[] message, int length) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(context);
      mac.update(message, 0, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
