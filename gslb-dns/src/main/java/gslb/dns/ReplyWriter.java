package gslb.dns;

import gslb.base.DnsName;
import gslb.zones.FlatZone;
import gslb.zones.NameView;

/// Writes the sections of one reply behind its question. Owned by one thread, which reuses it.
///
/// Names are compressed against the question (RFC 1035 §4.1.4): whatever suffix they share with it
/// becomes a pointer into it, so a name is never searched for elsewhere in the message.
final class ReplyWriter {
  static final int POINTER_TO_QUESTION = 0xc00c;

  private static final int TYPE_PTR = 12;
  private static final int TYPE_MX = 15;

  private final NameView rdataName = new NameView();
  private byte[] out = new byte[0];
  private int limit;
  private int at;
  private NameView question = new NameView();
  private int answerCount;
  private int authorityCount;
  private int additionalCount;

  /// Begins behind the question.
  ///
  /// @param limit the first offset that the sections may not use
  void begin(byte[] out, int at, int limit, NameView question) {
    this.out = out;
    this.at = at;
    this.limit = limit;
    this.question = question;
    answerCount = 0;
    authorityCount = 0;
    additionalCount = 0;
  }

  int position() {
    return at;
  }

  /// The reply so far.
  byte[] bytes() {
    return out;
  }

  int answerCount() {
    return answerCount;
  }

  /// Takes back everything behind `position`.
  void truncate(int position) {
    at = position;
    answerCount = 0;
    authorityCount = 0;
    additionalCount = 0;
  }

  void writeCounts() {
    u16(6, answerCount);
    u16(8, authorityCount);
    u16(10, additionalCount);
  }

  /// Adds a whole RRset of a zone, or nothing of it.
  ///
  /// @param maxTtl bounds the RRset's TTL, seconds
  /// @return false if it does not fit
  boolean rrset(Part part, FlatZone zone, int rrset, NameView owner, int maxTtl) {
    int start = at;
    int type = zone.type(rrset);
    int ttl = Math.min(zone.ttl(rrset), maxTtl);
    byte[] page = zone.rdataPage(rrset);
    int count = zone.recordCount(rrset);
    for (int i = 0; i < count; i++) {
      int offset = zone.rdataOffset(rrset, i);
      int length = zone.rdataLength(rrset, i);
      // No compressed form is longer than the plain one.
      if (limit - at < owner.wireLength() + 10 + length) {
        at = start;
        return false;
      }
      name(owner);
      head(type, ttl);
      int lengthAt = at;
      at += 2;
      rdata(type, page, offset, length);
      u16(lengthAt, at - lengthAt - 2);
    }
    counted(part, count);
    return true;
  }

  /// Adds a prepared record whose owner is a pointer to the question.
  boolean fragment(byte[] fragment, NameView owner, int ttl) {
    if (limit - at < owner.wireLength() + fragment.length - 2) {
      return false;
    }
    name(owner);
    System.arraycopy(fragment, 2, out, at, fragment.length - 2);
    u32(at + 4, ttl);
    at += fragment.length - 2;
    answerCount++;
    return true;
  }

  /// Adds a CNAME whose target is `prefixLabels` labels of `owner` followed by the name at
  /// `suffixAt`: what a DNAME synthesises (RFC 6672 §2.2).
  ///
  /// @return the offset of the target, or -1 if it does not fit
  int synthesisedCname(NameView owner, int prefixLabels, byte[] suffix, int suffixAt, int ttl) {
    int prefixLength = owner.labelOffset(prefixLabels) - owner.labelOffset(0);
    int suffixLength = nameLength(suffix, suffixAt);
    if (limit - at < owner.wireLength() + 10 + prefixLength + suffixLength) {
      return -1;
    }
    name(owner);
    head(FlatZone.TYPE_CNAME, ttl);
    u16(at, prefixLength + suffixLength);
    at += 2;
    int target = at;
    System.arraycopy(owner.bytes(), owner.labelOffset(0), out, at, prefixLength);
    System.arraycopy(suffix, suffixAt, out, at + prefixLength, suffixLength);
    at += prefixLength + suffixLength;
    answerCount++;
    return target;
  }

  static int nameLength(byte[] bytes, int from) {
    int at = from;
    while (bytes[at] != 0) {
      at += bytes[at] + 1;
    }
    return at + 1 - from;
  }

  /// The answer to ANY (RFC 8482 §4.2).
  boolean hinfo(NameView owner, byte[] rdata, int ttl) {
    if (limit - at < owner.wireLength() + 10 + rdata.length) {
      return false;
    }
    name(owner);
    head(13, ttl);
    u16(at, rdata.length);
    System.arraycopy(rdata, 0, out, at + 2, rdata.length);
    at += 2 + rdata.length;
    answerCount++;
    return true;
  }

  /// Adds the OPT record; room for it was kept by the limit.
  void opt(Edns edns, int extendedRcode, byte[] in, boolean withSubnet, int scope) {
    out[at] = 0;
    u16(at + 1, 41);
    u16(at + 3, Responder.UDP_RESPONSE_LENGTH_MAX);
    out[at + 5] = (byte) extendedRcode;
    out[at + 6] = 0;
    u16(at + 7, edns.dnssecOk ? 0x8000 : 0);
    int optionsLength = withSubnet ? 8 + edns.addressLength : 0;
    u16(at + 9, optionsLength);
    at += 11;
    if (withSubnet) {
      u16(at, Edns.OPTION_CLIENT_SUBNET);
      u16(at + 2, 4 + edns.addressLength);
      u16(at + 4, edns.subnetFamily);
      out[at + 6] = (byte) edns.sourcePrefix;
      out[at + 7] = (byte) scope;
      System.arraycopy(in, edns.addressAt, out, at + 8, edns.addressLength);
      at += optionsLength;
    }
    additionalCount++;
  }

  /// A section of the reply.
  enum Part {
    ANSWER,
    AUTHORITY,
    ADDITIONAL
  }

  private void counted(Part part, int count) {
    switch (part) {
      case ANSWER -> answerCount += count;
      case AUTHORITY -> authorityCount += count;
      case ADDITIONAL -> additionalCount += count;
    }
  }

  private void head(int type, int ttl) {
    u16(at, type);
    u16(at + 2, 1);
    u32(at + 4, ttl);
    at += 8;
  }

  /// Only the types of RFC 1035 may have names compressed (RFC 3597 §4).
  private void rdata(int type, byte[] page, int offset, int length) {
    switch (type) {
      case FlatZone.TYPE_NS, FlatZone.TYPE_CNAME, TYPE_PTR -> rdataName(page, offset, length);
      case TYPE_MX -> {
        copy(page, offset, 2);
        rdataName(page, offset + 2, length - 2);
      }
      case FlatZone.TYPE_SOA -> {
        int primary = nameLength(page, offset);
        rdataName(page, offset, primary);
        rdataName(page, offset + primary, length - 20 - primary);
        copy(page, offset + length - 20, 20);
      }
      default -> copy(page, offset, length);
    }
  }

  private void rdataName(byte[] page, int offset, int length) {
    if (rdataName.set(page, offset, offset + length) < 0) {
      copy(page, offset, length);
    } else {
      name(rdataName);
    }
  }

  private void copy(byte[] from, int offset, int length) {
    System.arraycopy(from, offset, out, at, length);
    at += length;
  }

  /// Writes a name, its longest suffix in common with the question as a pointer.
  private void name(NameView name) {
    int labels = name.labelCount();
    int shared = sharedLabels(name);
    int kept = labels - shared;
    int prefixLength = name.labelOffset(kept) - name.labelOffset(0);
    System.arraycopy(name.bytes(), name.labelOffset(0), out, at, prefixLength);
    at += prefixLength;
    if (shared == 0) {
      out[at++] = 0;
    } else {
      // The question stands at the same offset in query and reply.
      u16(at, 0xc000 | question.labelOffset(question.labelCount() - shared));
      at += 2;
    }
  }

  private int sharedLabels(NameView name) {
    int most = Math.min(name.labelCount(), question.labelCount());
    int shared = 0;
    while (shared < most && sameLabel(name, question, shared + 1)) {
      shared++;
    }
    return shared;
  }

  /// Whether the labels `fromEnd` before the root are the same, case aside.
  private static boolean sameLabel(NameView a, NameView b, int fromEnd) {
    int atA = a.labelOffset(a.labelCount() - fromEnd);
    int atB = b.labelOffset(b.labelCount() - fromEnd);
    byte[] bytesA = a.bytes();
    byte[] bytesB = b.bytes();
    int length = bytesA[atA];
    if (bytesB[atB] != length) {
      return false;
    }
    for (int i = 1; i <= length; i++) {
      if (DnsName.lower(bytesA[atA + i] & 0xff) != DnsName.lower(bytesB[atB + i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  private void u16(int offset, int value) {
    out[offset] = (byte) (value >> 8);
    out[offset + 1] = (byte) value;
  }

  private void u32(int offset, int value) {
    u16(offset, value >>> 16);
    u16(offset + 2, value);
  }
}
