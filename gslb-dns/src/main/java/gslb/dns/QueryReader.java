package gslb.dns;

import gslb.base.DnsName;
import org.jspecify.annotations.Nullable;

/// Reads a query in place: header, question, and the OPT record among whatever else it carries.
///
/// | clause | here |
/// |---|---|
/// | RFC 1035 §4.1.1 | shorter than a header, or a response: silence |
/// | RFC 1035 §4.1.1 | an OPCODE other than QUERY: NOTIMP |
/// | RFC 9619 §4 | QDCOUNT above 1: FORMERR |
/// | RFC 7873 §5.4 | QDCOUNT 0: asks for a server cookie, or is FORMERR |
/// | RFC 1035 §3.1 | a label above 63 or a name above 255 octets: FORMERR |
/// | RFC 1035 §4.1.4 | a pointer in the question has nothing to point to: FORMERR |
/// | RFC 1035 §4.1 | fewer or more octets than the sections need: FORMERR |
/// | RFC 6891 §6.1.1 | one OPT at most, anywhere in the additional section |
/// | RFC 6891 §6.1.3 | a version above 0: BADVERS |
final class QueryReader {
  static final int HEADER_LENGTH = 12;

  /// What {@link #read} returns for a message that must get no reply.
  static final int SILENCE = -1;

  /// QR, in the header's third octet.
  private static final int QR = 0x80;

  /// OPCODE, in the header's third octet.
  private static final int OPCODE = 0x78;

  /// Octets of a record between its owner and its RDATA.
  private static final int RECORD_HEAD_LENGTH = 10;

  private QueryReader() {}

  /// Fills the context with the question and EDNS. A query without a question that deserves no
  /// error has a cookie.
  ///
  /// @return the RCODE that the message deserves by itself, or {@link #SILENCE}
  static int read(byte[] in, int length, QueryContext context) {
    context.questionEnd = 0;
    if (length < HEADER_LENGTH) {
      context.count(DnsCounter.DROPPED_SHORT);
      return SILENCE;
    }
    if ((in[2] & QR) != 0) {
      // Two servers that answer each other's replies never stop.
      context.count(DnsCounter.DROPPED_RESPONSE);
      return SILENCE;
    }
    context.count(DnsCounter.QUERIES);
    DnsCounter defect = readSections(in, length, context);
    if ((in[2] & OPCODE) != 0) {
      return Rcode.NOTIMP;
    }
    if (defect != null) {
      context.count(defect);
      return Rcode.FORMERR;
    }
    return context.edns.version() == 0 ? Rcode.NOERROR : Rcode.BADVERS;
  }

  private static @Nullable DnsCounter readSections(byte[] in, int length, QueryContext context) {
    int questions = Wire.u16(in, 4);
    if (questions > 1) {
      return DnsCounter.FORMERR_QDCOUNT;
    }
    if (questions == 0) {
      DnsCounter defect = readRecords(in, HEADER_LENGTH, length, context);
      // Of another version nobody can say whether it has a cookie: BADVERS.
      boolean isAllowed = context.edns.cookie.isPresent() || context.edns.version() != 0;
      return defect != null || isAllowed ? defect : DnsCounter.FORMERR_QDCOUNT;
    }
    int at = context.question.set(in, HEADER_LENGTH, length);
    if (at < 0 || length - at < 4) {
      return DnsCounter.FORMERR_QUESTION;
    }
    context.qtype = Wire.u16(in, at);
    context.qclass = Wire.u16(in, at + 2);
    context.questionEnd = at + 4;
    return readRecords(in, at + 4, length, context);
  }

  private static @Nullable DnsCounter readRecords(
      byte[] in, int from, int length, QueryContext context) {
    int at = from;
    int recordsBefore = Wire.u16(in, 6) + Wire.u16(in, 8);
    int records = recordsBefore + Wire.u16(in, 10);
    for (int i = 0; i < records; i++) {
      int typeAt = skipName(in, at, length);
      if (typeAt < 0 || length - typeAt < RECORD_HEAD_LENGTH) {
        return DnsCounter.FORMERR_SECTIONS;
      }
      int rdataAt = typeAt + RECORD_HEAD_LENGTH;
      int rdataLength = Wire.u16(in, typeAt + 8);
      if (length - rdataAt < rdataLength) {
        return DnsCounter.FORMERR_SECTIONS;
      }
      // Other records, such as a TSIG, are passed over.
      if (Wire.u16(in, typeAt) == RrType.OPT) {
        DnsCounter defect =
            i < recordsBefore || in[at] != 0
                ? DnsCounter.FORMERR_OPT
                : context.edns.read(in, typeAt, rdataAt, rdataLength);
        if (defect != null) {
          return defect;
        }
      }
      at = rdataAt + rdataLength;
    }
    return at == length ? null : DnsCounter.FORMERR_SECTIONS;
  }

  /// The offset behind a name, which may end in a pointer, or -1 if it does not end in the message.
  private static int skipName(byte[] in, int from, int length) {
    int at = from;
    while (at < length && at - from < DnsName.WIRE_LENGTH_MAX) {
      int label = in[at] & 0xff;
      if (label == 0) {
        return at + 1;
      }
      if (label >= 0xc0) {
        return at + 2; // the caller sees whether that is still in the message
      }
      if (label > DnsName.LABEL_LENGTH_MAX) {
        return -1;
      }
      at += label + 1;
    }
    return -1;
  }
}
