package gslb.dns;

import gslb.base.DnsName;
import gslb.zones.FlatZone;
import gslb.zones.NameView;

/// Writes the sections of one reply behind its question. Owned by one thread, which reuses it.
///
/// An RRset goes in whole or not at all. The owner of an answer is always a pointer (RFC 1035
/// §4.1.4): to the question, or to the RDATA of the alias that led to it. Other names become a
/// pointer to the question from the suffix on that they share with it, or to the name that the
/// first record of their RRset points to, and are searched for nowhere else.
final class ReplyWriter {
  static final int ANSWER = 0;
  static final int AUTHORITY = 1;
  static final int ADDITIONAL = 2;

  /// The two bits that make a pointer of an offset.
  static final int POINTER = 0xc000;

  /// Offsets from here on do not fit a pointer.
  private static final int POINTER_LIMIT = 0x4000;

  /// Name servers of a referral whose glue points to their NS record; more are written out.
  private static final int SERVERS_MAX = 32;

  /// Octets of TYPE, CLASS, TTL and RDLENGTH.
  private static final int RECORD_HEAD_LENGTH = 10;

  /// Octets of the numbers that end the RDATA of a SOA.
  private static final int SOA_NUMBERS_LENGTH = 20;

  private final int[] counts = new int[3];
  private final int[] serverOffsets = new int[SERVERS_MAX];
  private byte[] out = new byte[0];
  private int start;
  private int at;
  private int limit;
  private NameView question = new NameView();
  private int questionNameEnd;
  private int answerOwner;

  /// The name that the RRset's first record points to: where it was read, where it was written, and
  /// how many of its octets, the rest being a pointer. None written: there is none.
  private byte[] first = new byte[0];

  private int firstFrom;
  private int firstEnd;
  private int firstAt;
  private int firstWritten;

  // How far name() has come in the question's labels and in that name's.
  private int questionLabel;
  private int firstLabel;

  /// Begins behind the question.
  ///
  /// @param limit the first offset that the sections may not use
  void begin(byte[] out, int start, int limit, NameView question) {
    this.out = out;
    this.start = start;
    this.limit = limit;
    this.question = question;
    questionNameEnd = QueryReader.HEADER_LENGTH + question.wireLength();
    answerOwner = QueryReader.HEADER_LENGTH;
    clear();
  }

  /// Takes back all records.
  void clear() {
    at = start;
    counts[ANSWER] = 0;
    counts[AUTHORITY] = 0;
    counts[ADDITIONAL] = 0;
  }

  byte[] bytes() {
    return out;
  }

  int position() {
    return at;
  }

  int count(int section) {
    return counts[section];
  }

  /// Where the owner of the next answers is in the reply.
  int answerOwner() {
    return answerOwner;
  }

  /// Makes the name at that offset the owner of the next answers.
  void setAnswerOwner(int offset) {
    answerOwner = offset;
  }

  /// Adds records as {@link EncodedAnswers} has them, each of that length, to the answer.
  ///
  /// @param ttl seconds
  /// @return false if they do not fit
  boolean answer(byte[] records, int recordLength, int ttl) {
    return answer(records, records.length, recordLength, ttl);
  }

  /// The same for the first so many octets of an array.
  boolean answer(byte[] records, int length, int recordLength, int ttl) {
    if (limit - at < length) {
      return false;
    }
    System.arraycopy(records, 0, out, at, length);
    int end = at + length;
    for (; at < end; at += recordLength) {
      Wire.putU16(out, at, POINTER | answerOwner);
      Wire.putU32(out, at + EncodedAnswers.TTL_OFFSET, ttl);
      counts[ANSWER]++;
    }
    return true;
  }

  /// Adds a CNAME of the current owner to the answer.
  ///
  /// @param target uncompressed wire form
  /// @param ttl seconds
  /// @return false if it does not fit
  boolean answerAlias(byte[] target, int ttl) {
    if (out.length - at < 2 + RECORD_HEAD_LENGTH + target.length) {
      return false;
    }
    int before = at;
    Wire.putU16(out, at, POINTER | answerOwner);
    at += 2;
    head(FlatZone.TYPE_CNAME, ttl);
    int rdataAt = at;
    firstWritten = 0;
    name(target, 0, target.length);
    Wire.putU16(out, rdataAt - 2, at - rdataAt);
    if (at > limit) {
      return takeBack(before);
    }
    counts[ANSWER]++;
    return true;
  }

  /// Adds an HTTPS record of the current owner to the answer, with the addresses as its hints; a
  /// family without any has none (RFC 9460 §7.3).
  ///
  /// @param record as {@link EncodedAnswers} has it
  /// @param v4 the A records of the same decision
  /// @param v6 the AAAA records of the same decision
  /// @param ttl seconds
  /// @return false if it does not fit
  boolean answerHttps(byte[] record, AddressRecords v4, AddressRecords v6, int ttl) {
    if (limit - at < record.length + hintsLength(v4) + hintsLength(v6)) {
      return false;
    }
    int recordAt = at;
    System.arraycopy(record, 0, out, at, record.length);
    Wire.putU16(out, at, POINTER | answerOwner);
    Wire.putU32(out, at + EncodedAnswers.TTL_OFFSET, ttl);
    at += record.length;
    hints(EncodedAnswers.SVC_IPV4HINT, v4);
    hints(EncodedAnswers.SVC_IPV6HINT, v6);
    int rdataAt = recordAt + EncodedAnswers.RECORD_HEAD_LENGTH;
    Wire.putU16(out, rdataAt - 2, at - rdataAt);
    counts[ANSWER]++;
    return true;
  }

  private static int hintsLength(AddressRecords records) {
    int recordLength = EncodedAnswers.recordLength(records.v4());
    int addressLength = recordLength - EncodedAnswers.RECORD_HEAD_LENGTH;
    return records.length == 0
        ? 0
        : EncodedAnswers.PARAMETER_HEAD_LENGTH + records.length / recordLength * addressLength;
  }

  private void hints(int key, AddressRecords records) {
    if (records.length == 0) {
      return;
    }
    int recordLength = EncodedAnswers.recordLength(records.v4());
    int addressLength = recordLength - EncodedAnswers.RECORD_HEAD_LENGTH;
    Wire.putU16(out, at, key);
    Wire.putU16(out, at + 2, hintsLength(records) - EncodedAnswers.PARAMETER_HEAD_LENGTH);
    at += EncodedAnswers.PARAMETER_HEAD_LENGTH;
    for (int i = EncodedAnswers.RECORD_HEAD_LENGTH; i < records.length; i += recordLength) {
      System.arraycopy(records.octets, i, out, at, addressLength);
      at += addressLength;
    }
  }

  /// Adds an RRset of the current owner to the answer.
  ///
  /// @return false if it does not fit
  boolean answer(FlatZone zone, int rrset) {
    return rrset(ANSWER, zone, rrset, zone.ttl(rrset), answerOwner);
  }

  /// Adds an RRset whose owner is at that offset of the reply.
  ///
  /// @param ttl seconds
  /// @return false if it does not fit
  boolean rrset(int section, FlatZone zone, int rrset, int ttl, int owner) {
    int before = at;
    int count = zone.recordCount(rrset);
    firstWritten = 0;
    for (int i = 0; i < count; i++) {
      if (out.length - at < 2) {
        return takeBack(before);
      }
      Wire.putU16(out, at, POINTER | owner);
      at += 2;
      if (!rest(zone, rrset, i, ttl)) {
        return takeBack(before);
      }
    }
    counts[section] += count;
    return true;
  }

  /// Adds an RRset whose owner is the name at that offset of `owner`.
  ///
  /// @param ttl seconds
  /// @return false if it does not fit
  boolean rrset(
      int section, FlatZone zone, int rrset, int ttl, byte[] owner, int ownerAt, int ownerEnd) {
    int before = at;
    int count = zone.recordCount(rrset);
    firstWritten = 0;
    for (int i = 0; i < count; i++) {
      if (out.length - at < ownerEnd - ownerAt) {
        return takeBack(before);
      }
      if (i > 0 && before < POINTER_LIMIT) {
        Wire.putU16(out, at, POINTER | before);
        at += 2;
      } else {
        name(owner, ownerAt, ownerEnd);
      }
      if (!rest(zone, rrset, i, ttl)) {
        return takeBack(before);
      }
    }
    counts[section] += count;
    return true;
  }

  private boolean takeBack(int position) {
    at = position;
    return false;
  }

  /// Adds what follows the owner of a record.
  private boolean rest(FlatZone zone, int rrset, int record, int ttl) {
    int length = zone.rdataLength(rrset, record);
    // `out` has room to spare over UDP, so that the limit needs a look only when the compressed
    // length is known.
    if (out.length - at < RECORD_HEAD_LENGTH + length) {
      return false;
    }
    int type = zone.type(rrset);
    head(type, ttl);
    int rdataAt = at;
    rdata(type, zone.rdataPage(rrset), zone.rdataOffset(rrset, record), length);
    Wire.putU16(out, rdataAt - 2, at - rdataAt);
    if (type == FlatZone.TYPE_NS && record < SERVERS_MAX) {
      serverOffsets[record] = rdataAt;
    }
    return at <= limit;
  }

  /// Writes TYPE, CLASS and TTL, and leaves room for RDLENGTH.
  private void head(int type, int ttl) {
    Wire.putU16(out, at, type);
    Wire.putU16(out, at + 2, RrType.CLASS_IN);
    Wire.putU32(out, at + 4, ttl);
    at += RECORD_HEAD_LENGTH;
  }

  /// Writes RDATA. Only types of RFC 1035 may have their names compressed (RFC 3597 §4).
  private void rdata(int type, byte[] page, int offset, int length) {
    int end = offset + length;
    switch (type) {
      case FlatZone.TYPE_NS, FlatZone.TYPE_CNAME, RrType.PTR -> target(page, offset, end);
      case RrType.MX -> {
        copy(page, offset, offset + 2);
        target(page, offset + 2, end);
      }
      case FlatZone.TYPE_SOA -> {
        int mailbox = nameEnd(page, offset);
        name(page, offset, mailbox);
        name(page, mailbox, end - SOA_NUMBERS_LENGTH);
        copy(page, end - SOA_NUMBERS_LENGTH, end);
      }
      default -> copy(page, offset, end);
    }
  }

  private void copy(byte[] from, int offset, int end) {
    System.arraycopy(from, offset, out, at, end - offset);
    at += end - offset;
  }

  /// Where the target of a name server written last is in the reply, or -1 if no pointer reaches
  /// it.
  int serverOffset(int record) {
    return record < SERVERS_MAX && serverOffsets[record] < POINTER_LIMIT
        ? serverOffsets[record]
        : -1;
  }

  /// Adds the CNAME that a DNAME means for a name (RFC 6672 §3.1): its target is the first octets
  /// of the name, before `prefixEnd`, then the DNAME's target.
  ///
  /// @param targetAt where the DNAME's target is in the reply, not compressed (RFC 6672 §2.5)
  /// @param ttl seconds
  /// @return offset of the CNAME's target in the reply, or -1 if it does not fit
  int answerSubstituted(NameView name, int prefixEnd, int targetAt, int ttl) {
    int prefixAt = name.labelOffset(0);
    int targetLength = targetAt < POINTER_LIMIT ? 2 : nameEnd(out, targetAt) - targetAt;
    int length = prefixEnd - prefixAt + targetLength;
    if (limit - at < 2 + RECORD_HEAD_LENGTH + length) {
      return -1;
    }
    Wire.putU16(out, at, POINTER | answerOwner);
    at += 2;
    head(FlatZone.TYPE_CNAME, ttl);
    Wire.putU16(out, at - 2, length);
    int rdataAt = at;
    copy(name.bytes(), prefixAt, prefixEnd);
    if (targetAt < POINTER_LIMIT) {
      Wire.putU16(out, at, POINTER | targetAt);
      at += 2;
    } else {
      copy(out, targetAt, targetAt + targetLength);
    }
    counts[ANSWER]++;
    return rdataAt;
  }

  /// The offset behind the uncompressed name that begins at `from`.
  static int nameEnd(byte[] bytes, int from) {
    int at = from;
    while (bytes[at] != 0) {
      at += bytes[at] + 1;
    }
    return at + 1;
  }

  /// Writes a name. The longest suffix that it has in common with the question or with the RRset's
  /// first name becomes a pointer.
  ///
  /// @return octets written before the pointer, or all of them
  private int name(byte[] bytes, int from, int end) {
    int common = commonOctets(bytes, from, end, out, QueryReader.HEADER_LENGTH, questionNameEnd);
    int commonWithFirst =
        firstWritten > 0 ? commonOctets(bytes, from, end, first, firstFrom, firstEnd) : 0;
    questionLabel = 0;
    firstLabel = firstFrom;
    for (int nameAt = from; bytes[nameAt] != 0; nameAt += bytes[nameAt] + 1) {
      int rest = end - nameAt;
      int suffixAt = rest <= common ? questionSuffix(rest) : -1;
      if (suffixAt < 0 && rest <= commonWithFirst) {
        suffixAt = firstSuffix(rest);
      }
      if (suffixAt >= 0) {
        copy(bytes, from, nameAt);
        Wire.putU16(out, at, POINTER | suffixAt);
        at += 2;
        return nameAt - from;
      }
    }
    copy(bytes, from, end);
    return end - from;
  }

  /// How many octets at their ends two names have in common, case aside.
  private static int commonOctets(
      byte[] bytes, int from, int end, byte[] other, int otherFrom, int otherEnd) {
    int most = Math.min(end - from, otherEnd - otherFrom);
    int common = 0;
    while (common < most
        && DnsName.lower(bytes[end - 1 - common] & 0xff)
            == DnsName.lower(other[otherEnd - 1 - common] & 0xff)) {
      common++;
    }
    return common;
  }

  /// Where the suffix of that many octets begins in the question, or -1 if no label begins there.
  private int questionSuffix(int length) {
    int labels = question.labelCount();
    while (questionLabel < labels && suffixLength(questionLabel) > length) {
      questionLabel++;
    }
    return questionLabel < labels && suffixLength(questionLabel) == length
        ? question.labelOffset(questionLabel)
        : -1;
  }

  /// Where the suffix of that many octets begins in the RRset's first name, or -1 if no label
  /// begins there, or if that name is a pointer from there on, or too far away for one.
  private int firstSuffix(int length) {
    while (firstLabel < firstEnd - length) {
      firstLabel += first[firstLabel] + 1;
    }
    int into = firstLabel - firstFrom;
    return firstLabel == firstEnd - length && into < firstWritten && firstAt + into < POINTER_LIMIT
        ? firstAt + into
        : -1;
  }

  /// Writes the name that a record points to; the others of the RRset can point to the first.
  private void target(byte[] page, int from, int end) {
    int targetAt = at;
    int written = name(page, from, end);
    if (firstWritten == 0) {
      first = page;
      firstFrom = from;
      firstEnd = end;
      firstAt = targetAt;
      firstWritten = written;
    }
  }

  /// Octets of the question's name from that label on. The question has the same place in query and
  /// reply.
  private int suffixLength(int label) {
    return questionNameEnd - question.labelOffset(label);
  }

  /// Whether the name at that offset of the reply, compressed or not, is `name`.
  boolean isNameAt(int offset, NameView name) {
    byte[] bytes = name.bytes();
    int nameAt = name.labelOffset(0);
    int outAt = offset;
    while (true) {
      while ((out[outAt] & 0xc0) == 0xc0) {
        outAt = Wire.u16(out, outAt) & ~POINTER;
      }
      int length = out[outAt];
      if (bytes[nameAt] != length) {
        return false;
      }
      if (length == 0) {
        return true;
      }
      for (int i = 1; i <= length; i++) {
        if (DnsName.lower(bytes[nameAt + i] & 0xff) != DnsName.lower(out[outAt + i] & 0xff)) {
          return false;
        }
      }
      nameAt += length + 1;
      outAt += length + 1;
    }
  }

  /// Completes the reply with its OPT record, if it has one, and the counts.
  ///
  /// @return its length
  int finish(byte[] in, int rcode, boolean echoesSubnet, QueryContext context) {
    if (context.edns.isPresent()) {
      at = context.edns.write(in, out, at, rcode, echoesSubnet, context);
      counts[ADDITIONAL]++;
    }
    Wire.putU16(out, 6, counts[ANSWER]);
    Wire.putU16(out, 8, counts[AUTHORITY]);
    Wire.putU16(out, 10, counts[ADDITIONAL]);
    return at;
  }
}
