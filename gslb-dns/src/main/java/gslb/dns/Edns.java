package gslb.dns;

import org.jspecify.annotations.Nullable;

/// What the OPT record of a query says (RFC 6891). Owned by one thread, which reuses it.
///
/// | clause | here |
/// |---|---|
/// | RFC 6891 §6.1.1 | an OPT in the query, an OPT in the reply, whatever the RCODE |
/// | RFC 6891 §6.1.1 | a second OPT: FORMERR |
/// | RFC 6891 §6.1.2 | the owner is the root, else FORMERR |
/// | RFC 6891 §6.1.2 | unknown options are ignored; a list that does not add up: FORMERR |
/// | RFC 6891 §6.1.3 | a version above 0: BADVERS, options unread |
/// | RFC 6891 §6.1.4 | DO is copied, the other flags are 0 |
/// | RFC 6891 §6.2.3 | a payload size below 512 means 512 |
final class Edns {
  /// Octets of an OPT record without options: root, type, class, TTL, RDLENGTH.
  static final int RECORD_LENGTH = 11;

  /// Octets of an option's code and length.
  static final int OPTION_HEAD_LENGTH = 4;

  /// RFC 6891 §6.2.3, and the size of every reply without EDNS (RFC 1035 §4.2.1).
  static final int PAYLOAD_SIZE_MIN = 512;

  final ClientSubnet subnet = new ClientSubnet();
  private boolean isPresent;
  private int payloadSize;
  private int version;
  private boolean dnssecOk;

  void reset() {
    isPresent = false;
    payloadSize = PAYLOAD_SIZE_MIN;
    version = 0;
    dnssecOk = false;
    subnet.reset();
  }

  /// Whether an OPT record was read, be its options malformed: the reply then has one.
  boolean isPresent() {
    return isPresent;
  }

  /// What the client can take over UDP: at least 512.
  int payloadSize() {
    return payloadSize;
  }

  int version() {
    return version;
  }

  /// Reads an OPT record that lies within the message.
  ///
  /// @param typeAt offset of its TYPE; the owner is the octet before
  /// @return the counter of its defect, or null
  @Nullable DnsCounter read(byte[] in, int typeAt, int rdataAt, int rdataLength) {
    if (isPresent) {
      return DnsCounter.FORMERR_OPT;
    }
    isPresent = true;
    payloadSize = Math.max(PAYLOAD_SIZE_MIN, Wire.u16(in, typeAt + 2));
    version = in[typeAt + 5] & 0xff;
    dnssecOk = (in[typeAt + 6] & 0x80) != 0;
    // Only version 0 says how its options read.
    return version == 0 ? readOptions(in, rdataAt, rdataAt + rdataLength) : null;
  }

  private @Nullable DnsCounter readOptions(byte[] in, int from, int end) {
    int at = from;
    while (at < end) {
      if (end - at < OPTION_HEAD_LENGTH) {
        return DnsCounter.FORMERR_OPT;
      }
      int code = Wire.u16(in, at);
      int length = Wire.u16(in, at + 2);
      at += OPTION_HEAD_LENGTH;
      if (length > end - at) {
        return DnsCounter.FORMERR_OPT;
      }
      if (code == ClientSubnet.OPTION_CODE && !subnet.read(in, at, length)) {
        return DnsCounter.FORMERR_ECS;
      }
      at += length;
    }
    return null;
  }

  /// Octets that the reply's OPT record may take.
  int replyLengthMax() {
    if (!isPresent) {
      return 0;
    }
    return subnet.isPresent() ? RECORD_LENGTH + subnet.replyLength() : RECORD_LENGTH;
  }

  /// Writes the reply's OPT record.
  ///
  /// @param echoesSubnet whether the client subnet is among its options
  /// @return the offset behind it
  int write(byte[] in, byte[] out, int to, int rcode, boolean echoesSubnet, int scope) {
    out[to] = 0;
    Wire.putU16(out, to + 1, RrType.OPT);
    Wire.putU16(out, to + 3, Responder.UDP_RESPONSE_LENGTH_MAX);
    out[to + 5] = (byte) (rcode >> 4); // RFC 6891 §6.1.3: EXTENDED-RCODE
    out[to + 6] = 0; // VERSION, ours
    Wire.putU16(out, to + 7, dnssecOk ? 0x8000 : 0);
    int end = echoesSubnet ? subnet.write(in, out, to + RECORD_LENGTH, scope) : to + RECORD_LENGTH;
    Wire.putU16(out, to + 9, end - to - RECORD_LENGTH);
    return end;
  }
}
