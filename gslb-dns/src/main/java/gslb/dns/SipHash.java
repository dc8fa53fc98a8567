package gslb.dns;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// SipHash-2-4, a keyed hash of short inputs whose values nobody without the key can foretell
/// (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).
final class SipHash {
  private static final VarHandle LITTLE_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int ROUNDS = 2;
  private static final int FINAL_ROUNDS = 4;

  private SipHash() {}

  /// Eight octets as the hash reads and writes them.
  static long get(byte[] bytes, int at) {
    return (long) LITTLE_ENDIAN.get(bytes, at);
  }

  static void put(byte[] bytes, int at, long value) {
    LITTLE_ENDIAN.set(bytes, at, value);
  }

  /// The hash of the first `length` octets.
  ///
  /// @param key0 the key's first eight octets, as {@link #get} reads them
  /// @param key1 the others
  static long hash(byte[] in, int length, long key0, long key1) {
    long v0 = key0 ^ 0x736f_6d65_7073_6575L;
    long v1 = key1 ^ 0x646f_7261_6e64_6f6dL;
    long v2 = key0 ^ 0x6c79_6765_6e65_7261L;
    long v3 = key1 ^ 0x7465_6462_7974_6573L;
    int words = length >> 3;
    // The words, the last word, and the finalization, which takes in nothing.
    for (int i = 0; i <= words + 1; i++) {
      boolean isFinal = i > words;
      long word = isFinal ? 0 : i < words ? get(in, 8 * i) : lastWord(in, length);
      v3 ^= word;
      if (isFinal) {
        v2 ^= 0xff;
      }
      for (int round = isFinal ? FINAL_ROUNDS : ROUNDS; round > 0; round--) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /// The octets that do not fill a word, and the length in the highest octet.
  private static long lastWord(byte[] in, int length) {
    long word = (long) length << 56;
    for (int i = length & ~7; i < length; i++) {
      word |= (in[i] & 0xffL) << 8 * (i & 7);
    }
    return word;
  }
}
