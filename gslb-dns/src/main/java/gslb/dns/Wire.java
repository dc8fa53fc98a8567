package gslb.dns;

/// Numbers in network order.
final class Wire {
  private Wire() {}

  static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  static void putU16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  static void putU32(byte[] bytes, int at, int value) {
    putU16(bytes, at, value >>> 16);
    putU16(bytes, at + 2, value);
  }
}
