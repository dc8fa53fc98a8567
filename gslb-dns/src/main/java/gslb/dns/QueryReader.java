package gslb.dns;

/// Reads a query in place: header, question, and the OPT record among whatever else it carries.
///
/// | clause | here |
/// |---|---|
/// | RFC 1035 §4.1.1 | a message shorter than a header, or a response, gets silence |
/// | RFC 1035 §4.1.1 | an opcode other than QUERY gets NOTIMP |
/// | RFC 9619 §4 | a QDCOUNT other than 1 gets FORMERR |
/// | RFC 1035 §4.1.4 | a pointer in the question points nowhere: FORMERR |
/// | RFC 6891 §6.1.1 | two OPT records, or one not at the root: FORMERR |
final class QueryReader {
  static final int HEADER_LENGTH = 12;

  static final int SILENCE = -1;
  static final int RCODE_NOERROR = 0;
  static final int RCODE_FORMERR = 1;
  static final int RCODE_NOTIMP = 4;
  static final int RCODE_BADVERS = 16;

  private static final int TYPE_OPT = 41;

  private QueryReader() {}

  /// Fills the context.
  ///
  /// @return {@link #SILENCE}, or the RCODE that the message itself deserves; `questionEnd` is 0 if
  /// the
  ///     question could not be read
  static int read(byte[] in, int length, QueryContext context) {
    context.questionEnd = 0;
    context.edns.reset();
    if (length < HEADER_LENGTH) {
      context.count(DnsCounter.DROPPED_SHORT);
      return SILENCE;
    }
    if ((in[2] & 0x80) != 0) {
      context.count(DnsCounter.DROPPED_RESPONSE);
      return SILENCE;
    }
    if ((in[2] & 0x78) != 0) {
      return RCODE_NOTIMP;
    }
    if (Edns.u16(in, 4) != 1) {
      return RCODE_FORMERR;
    }
    int at = context.question.set(in, HEADER_LENGTH, length);
    if (at < 0 || length - at < 4) {
      return RCODE_FORMERR;
    }
    context.qtype = Edns.u16(in, at);
    context.qclass = Edns.u16(in, at + 2);
    context.questionEnd = at + 4;
    int records = Edns.u16(in, 6) + Edns.u16(in, 8);
    at = skipRecords(in, at + 4, length, records);
    return at < 0 ? RCODE_FORMERR : readAdditional(in, at, length, context);
  }

  private static int skipRecords(byte[] in, int from, int length, int count) {
    int at = from;
    for (int i = 0; i < count; i++) {
      at = skipName(in, at, length);
      if (at < 0 || length - at < 10) {
        return -1;
      }
      at += 10 + Edns.u16(in, at + 8);
      if (at > length) {
        return -1;
      }
    }
    return at;
  }

  private static int readAdditional(byte[] in, int from, int length, QueryContext context) {
    int at = from;
    for (int i = Edns.u16(in, 10); i > 0; i--) {
      int ownerAt = at;
      at = skipName(in, at, length);
      if (at < 0 || length - at < 10) {
        return RCODE_FORMERR;
      }
      int rdataLength = Edns.u16(in, at + 8);
      if (length - at - 10 < rdataLength) {
        return RCODE_FORMERR;
      }
      if (Edns.u16(in, at) == TYPE_OPT
          && (in[ownerAt] != 0
              || context.edns.present
              || !context.edns.read(in, at + 2, at + 10, rdataLength))) {
        return RCODE_FORMERR;
      }
      at += 10 + rdataLength;
    }
    if (at != length) {
      return RCODE_FORMERR;
    }
    return context.edns.version != 0 ? RCODE_BADVERS : RCODE_NOERROR;
  }

  /// The offset behind a name, which may end in a pointer; -1 if it does not end before `length`.
  private static int skipName(byte[] in, int from, int length) {
    int at = from;
    while (at < length && at - from < 255) {
      int label = in[at] & 0xff;
      if (label == 0) {
        return at + 1;
      }
      if (label >= 0xc0) {
        return at + 2 <= length ? at + 2 : -1;
      }
      if (label > 63) {
        return -1;
      }
      at += label + 1;
    }
    return -1;
  }
}
