package gslb.dns;

/// What a query's OPT record says (RFC 6891) and its client subnet (RFC 7871). Owned by one thread,
/// which reuses it.
///
/// | clause | here |
/// |---|---|
/// | RFC 6891 §6.1.1 | one OPT at most, else FORMERR ({@link QueryReader}) |
/// | RFC 6891 §6.1.2 | unknown options are ignored |
/// | RFC 6891 §6.1.3 | a version above 0 gets BADVERS |
/// | RFC 6891 §6.2.3 | a size below 512 means 512 |
/// | RFC 7871 §6 | family, lengths, and no bit past SOURCE PREFIX-LENGTH |
/// | RFC 7871 §7.1.2 | SCOPE PREFIX-LENGTH is 0 in a query |
/// | RFC 7871 §7.2.1 | malformed is FORMERR |
final class Edns {
  static final int OPTION_CLIENT_SUBNET = 8;
  static final int FAMILY_V4 = 1;
  static final int FAMILY_V6 = 2;

  /// Octets of a client subnet option before its address.
  private static final int SUBNET_HEAD_LENGTH = 4;

  boolean present;
  int payloadSize;
  int version;
  boolean dnssecOk;

  /// Whether a client subnet is present; the fields below it are then set.
  boolean hasSubnet;

  int subnetFamily;
  int sourcePrefix;

  /// Where the address is in the query.
  int addressAt;

  int addressLength;

  /// The address, zero-extended.
  long subnetHigh;

  long subnetLow;

  void reset() {
    present = false;
    payloadSize = 512;
    version = 0;
    dnssecOk = false;
    hasSubnet = false;
  }

  /// Reads an OPT record's class, TTL and options.
  ///
  /// @return false if the options are malformed
  boolean read(byte[] in, int classAt, int rdataAt, int rdataLength) {
    present = true;
    payloadSize = Math.max(512, u16(in, classAt));
    version = in[classAt + 3] & 0xff;
    dnssecOk = (in[classAt + 4] & 0x80) != 0;
    int end = rdataAt + rdataLength;
    int at = rdataAt;
    while (at < end) {
      if (end - at < 4) {
        return false;
      }
      int code = u16(in, at);
      int length = u16(in, at + 2);
      at += 4;
      if (length > end - at) {
        return false;
      }
      // Only version 0 says what its options mean.
      if (version == 0 && code == OPTION_CLIENT_SUBNET && !readSubnet(in, at, length)) {
        return false;
      }
      at += length;
    }
    return true;
  }

  private boolean readSubnet(byte[] in, int at, int length) {
    if (hasSubnet || length < SUBNET_HEAD_LENGTH) {
      return false;
    }
    subnetFamily = u16(in, at);
    sourcePrefix = in[at + 2] & 0xff;
    int scopePrefix = in[at + 3] & 0xff;
    addressAt = at + SUBNET_HEAD_LENGTH;
    addressLength = length - SUBNET_HEAD_LENGTH;
    int width = subnetFamily == FAMILY_V4 ? 32 : subnetFamily == FAMILY_V6 ? 128 : 0;
    if (width == 0 && subnetFamily != 0) {
      return false;
    }
    if (scopePrefix != 0 || sourcePrefix > width || addressLength != (sourcePrefix + 7) / 8) {
      return false;
    }
    subnetHigh = 0;
    subnetLow = 0;
    for (int i = 0; i < addressLength; i++) {
      long octet = in[addressAt + i] & 0xff;
      if (width == 32) {
        subnetLow |= octet << 24 - 8 * i;
      } else if (i < 8) {
        subnetHigh |= octet << 56 - 8 * i;
      } else {
        subnetLow |= octet << 120 - 8 * i;
      }
    }
    int spare = 8 * addressLength - sourcePrefix;
    if (spare > 0 && (in[addressAt + addressLength - 1] & (1 << spare) - 1) != 0) {
      return false;
    }
    hasSubnet = true;
    return true;
  }

  /// Octets of the OPT record of the reply.
  int replyLength(boolean withSubnet) {
    return !present ? 0 : 11 + (withSubnet ? 4 + SUBNET_HEAD_LENGTH + addressLength : 0);
  }

  static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }
}
