package gslb.dns;

/// The client subnet option of a query (RFC 7871). Owned by one thread, which reuses it.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+---------------+---------------+
/// |            FAMILY             | SOURCE PREFIX | SCOPE PREFIX  |
/// +-------------------------------+---------------+---------------+
/// |         ADDRESS, as many octets as SOURCE PREFIX needs        /
/// +---------------------------------------------------------------+
/// ```
///
/// | clause | here |
/// |---|---|
/// | RFC 7871 §6 | FAMILY is 1 or 2, or 0 with SOURCE 0, as stub tools send it |
/// | RFC 7871 §6 | ADDRESS has exactly the octets that SOURCE needs, and no bit set past it |
/// | RFC 7871 §7.1.2 | SCOPE is 0 in a query |
/// | RFC 7871 §7.1.2 | SOURCE 0: the client asks that its own address be not used |
/// | RFC 7871 §7.2.1 | FAMILY, SOURCE and ADDRESS are echoed octet by octet |
/// | RFC 7871 §7.2.1 | a SCOPE longer than SOURCE is returned as it is |
/// | RFC 7871 §7.2.2 | what breaks a rule above is FORMERR |
final class ClientSubnet {
  static final int OPTION_CODE = 8;

  private static final int FAMILY_V4 = 1;
  private static final int FAMILY_V6 = 2;

  /// Octets before ADDRESS.
  private static final int FIXED_LENGTH = 4;

  private boolean isPresent;
  private boolean isV4;
  private int sourcePrefix;

  /// Where the option's data is in the query.
  private int at;

  private int addressLength;
  private long high;
  private long low;

  void reset() {
    isPresent = false;
  }

  /// Whether a well-formed option was read; the rest is only valid then.
  boolean isPresent() {
    return isPresent;
  }

  /// Whether the subnet, not the resolver's own address, tells who asks.
  boolean decides() {
    return isPresent && sourcePrefix > 0;
  }

  boolean isV4() {
    return isV4;
  }

  /// The address, zero-extended; 0 for IPv4.
  long high() {
    return high;
  }

  /// The address, zero-extended; 32 bits for IPv4.
  long low() {
    return low;
  }

  /// Octets of the option in the reply, code and length included.
  int replyLength() {
    return Edns.OPTION_HEAD_LENGTH + FIXED_LENGTH + addressLength;
  }

  /// Reads the option's data.
  ///
  /// @return false if it is malformed or the second of its kind
  boolean read(byte[] in, int at, int length) {
    if (isPresent || length < FIXED_LENGTH) {
      return false;
    }
    int family = Wire.u16(in, at);
    if (family > FAMILY_V6) {
      return false;
    }
    int width = family == FAMILY_V4 ? 32 : family == FAMILY_V6 ? 128 : 0;
    int source = in[at + 2] & 0xff;
    int scope = in[at + 3] & 0xff;
    if (source > width || scope != 0 || length - FIXED_LENGTH != source + 7 >> 3) {
      return false;
    }
    this.at = at;
    isV4 = family == FAMILY_V4;
    sourcePrefix = source;
    addressLength = length - FIXED_LENGTH;
    readAddress(in, at + FIXED_LENGTH);
    int spareBits = 8 * addressLength - source;
    if (spareBits > 0 && (in[at + length - 1] & (1 << spareBits) - 1) != 0) {
      return false;
    }
    isPresent = true;
    return true;
  }

  private void readAddress(byte[] in, int from) {
    high = 0;
    low = 0;
    for (int i = 0; i < addressLength; i++) {
      long octet = in[from + i] & 0xff;
      if (isV4) {
        low |= octet << 24 - 8 * i;
      } else if (i < 8) {
        high |= octet << 56 - 8 * i;
      } else {
        low |= octet << 120 - 8 * i;
      }
    }
  }

  /// Writes the reply's option.
  ///
  /// @return the offset behind it
  int write(byte[] in, byte[] out, int to, int scope) {
    int length = FIXED_LENGTH + addressLength;
    Wire.putU16(out, to, OPTION_CODE);
    Wire.putU16(out, to + 2, length);
    int dataAt = to + Edns.OPTION_HEAD_LENGTH;
    System.arraycopy(in, at, out, dataAt, length);
    out[dataAt + 3] = (byte) scope;
    return dataAt + length;
  }
}
