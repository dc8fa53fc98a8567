package gslb.zones;

import gslb.base.DnsName;

/// Reads lines that are one record of a frequent type in plain form, straight from the text and
/// without objects. At anything unusual it takes nothing, so that the line is read, and a defect
/// explained, by {@link ZoneLexer}, {@link RecordReader} and {@link RdataParser}. Confined to one
/// thread.
final class PlainRecords {
  /// What became of a line.
  enum Outcome {
    /// Nothing was taken.
    NOT_PLAIN,
    /// Nothing but blanks and a comment.
    BLANK,
    RECORD
  }

  private static final int TOKENS = 64;
  private static final int RDATA_LENGTH = 4_096;
  private static final int PTR = 12;
  private static final int NO = -1;

  private final RecordReader reader;
  private final ZoneData data;
  private final byte[] apex;

  /// The owner of the last record, if this class read it.
  private byte[] owner = new byte[DnsName.WIRE_LENGTH_MAX + 1];

  private boolean isOwnerMine;
  private byte[] nextOwner = new byte[DnsName.WIRE_LENGTH_MAX + 1];
  private final byte[] rdata = new byte[RDATA_LENGTH + DnsName.WIRE_LENGTH_MAX + 1];
  private final byte[] name = new byte[DnsName.WIRE_LENGTH_MAX + 1];
  private DnsName origin = DnsName.ROOT;
  private byte[] originWire = {0};

  // The tokens of the line.
  private String text = "";
  private final int[] starts = new int[TOKENS];
  private final int[] ends = new int[TOKENS];
  private int tokens;
  private long quoted;
  private int lineEnd;

  PlainRecords(RecordReader reader, ZoneData data, DnsName apex) {
    this.reader = reader;
    this.data = data;
    this.apex = apex.toWire();
  }

  /// Lets the reader know the owner that a next record may inherit; to be called before it reads.
  void handOver() {
    if (isOwnerMine) {
      reader.setLastOwner(DnsName.ofWire(owner, 0));
      isOwnerMine = false;
    }
  }

  /// To be called when the reader's last owner was replaced.
  void forget() {
    isOwnerMine = false;
  }

  /// Takes the next line if it is plain.
  Outcome read(ZoneLexer lexer) {
    text = lexer.text();
    int from = lexer.at();
    if (from >= text.length() || !split(from)) {
      return Outcome.NOT_PLAIN;
    }
    if (tokens == 0) {
      lexer.passLine(lineEnd);
      return Outcome.BLANK;
    }
    if (!readRecord(from, lexer)) {
      return Outcome.NOT_PLAIN;
    }
    lexer.passLine(lineEnd);
    return Outcome.RECORD;
  }

  /// Finds the tokens of a line; false if it holds what only the lexer understands.
  private boolean split(int from) {
    int length = text.length();
    int at = from;
    tokens = 0;
    quoted = 0;
    while (at < length) {
      char c = text.charAt(at);
      if (c == '\n') {
        break;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        at++;
      } else if (c == ';') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? length : end;
      } else {
        at = tokens == TOKENS ? NO : c == '"' ? quotedString(at) : word(at);
        if (at < 0) {
          return false;
        }
      }
    }
    lineEnd = at;
    return true;
  }

  private int word(int from) {
    int at = from;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c <= ' ' || c == ';') {
        break;
      }
      if (c > '~' || c == '\\' || c == '"' || c == '(' || c == ')') {
        return NO;
      }
    }
    starts[tokens] = from;
    ends[tokens++] = at;
    return isBlankAt(at) ? at : NO;
  }

  private int quotedString(int from) {
    int at = from + 1;
    for (; at < text.length() && text.charAt(at) != '"'; at++) {
      char c = text.charAt(at);
      if (c < ' ' || c > '~' || c == '\\') {
        return NO;
      }
    }
    if (at >= text.length()) {
      return NO;
    }
    quoted |= 1L << tokens;
    starts[tokens] = from + 1;
    ends[tokens++] = at;
    return isBlankAt(at + 1) ? at + 1 : NO;
  }

  private boolean isBlankAt(int at) {
    return at >= text.length() || " \t\r\n;".indexOf(text.charAt(at)) >= 0;
  }

  // An equal origin may be written in another case.
  @SuppressWarnings("ReferenceEquality")
  private boolean readRecord(int from, ZoneLexer lexer) {
    boolean isIndented = starts[0] > from + (int) (quoted & 1);
    if (origin != reader.origin()) {
      origin = reader.origin();
      originWire = origin.toWire();
    }
    int at = isIndented ? 0 : 1;
    if (!(isIndented ? inheritOwner() : readOwner())) {
      return false;
    }
    long ttl = RecordReader.NO_TTL;
    boolean hasClass = false;
    for (; at < tokens; at++) {
      if (isQuoted(at)) {
        return false;
      }
      char c = text.charAt(starts[at]);
      if (c >= '0' && c <= '9') {
        if (ttl != RecordReader.NO_TTL) {
          return false;
        }
        ttl = number(at, 9);
        if (ttl < 0) {
          return false;
        }
      } else if (!hasClass && isClassIn(at)) {
        hasClass = true;
      } else {
        break;
      }
    }
    int type = at < tokens ? type(at) : NO;
    int length = type < 0 ? NO : readRdata(type, at + 1);
    long used = length < 0 ? RecordReader.NO_TTL : reader.plainTtl(ttl);
    if (used == RecordReader.NO_TTL) {
      return false;
    }
    if (!isIndented) {
      byte[] swapped = owner;
      owner = nextOwner;
      nextOwner = swapped;
      isOwnerMine = true;
    }
    int first = starts[0];
    data.add(
        owner,
        type,
        (int) used,
        rdata,
        length,
        reader.file(),
        lexer.line(),
        first - lexer.lineStart() + 1);
    return true;
  }

  private boolean inheritOwner() {
    DnsName inherited = isOwnerMine ? null : reader.lastOwner();
    if (inherited != null) {
      inherited.copyTo(owner, 0);
      isOwnerMine = true;
    }
    return isOwnerMine;
  }

  private boolean readOwner() {
    if (isQuoted(0) || text.charAt(starts[0]) == '$') {
      return false;
    }
    int length = readName(0, nextOwner, 0);
    return length > 0 && isInZone(nextOwner, length);
  }

  private boolean isInZone(byte[] wire, int length) {
    int apexAt = length - apex.length;
    int at = 0;
    while (at < apexAt) {
      at += wire[at] + 1;
    }
    return at == apexAt && endsInApex(wire, length, 0);
  }

  /// Whether the octets before `end` are those of the apex, the root's left out if so said.
  private boolean endsInApex(byte[] wire, int end, int leftOut) {
    int length = apex.length - leftOut;
    for (int i = 0; i < length; i++) {
      if (DnsName.lower(wire[end - length + i] & 0xff) != DnsName.lower(apex[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  private boolean isQuoted(int token) {
    return (quoted >>> token & 1) != 0;
  }

  private boolean isClassIn(int token) {
    int at = starts[token];
    return ends[token] - at == 2 && upper(at) == 'I' && upper(at + 1) == 'N';
  }

  /// A letter in upper case; what is no letter does not become one.
  private int upper(int at) {
    char c = text.charAt(at);
    return c >= 'a' && c <= 'z' ? c - 32 : c;
  }

  private int type(int token) {
    int at = starts[token];
    return switch (ends[token] - at) {
      case 1 -> upper(at) == 'A' ? FlatZone.TYPE_A : NO;
      case 2 -> is(at, "NS") ? FlatZone.TYPE_NS : is(at, "MX") ? RecordTypes.MX : NO;
      case 3 ->
          is(at, "TXT")
              ? RecordTypes.TXT
              : is(at, "PTR") ? PTR : is(at, "SRV") ? RecordTypes.SRV : NO;
      case 4 -> is(at, "AAAA") ? FlatZone.TYPE_AAAA : NO;
      case 5 -> is(at, "CNAME") ? FlatZone.TYPE_CNAME : is(at, "DNAME") ? FlatZone.TYPE_DNAME : NO;
      default -> NO;
    };
  }

  private boolean is(int at, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (upper(at + i) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// Length of the RDATA written, or -1.
  private int readRdata(int type, int first) {
    int count = tokens - first;
    if (type == RecordTypes.TXT) {
      return readStrings(first);
    }
    if (quoted >>> first != 0) {
      return NO;
    }
    return switch (type) {
      case FlatZone.TYPE_A -> count == 1 ? readV4(first) : NO;
      case FlatZone.TYPE_AAAA -> count == 1 ? readV6(first) : NO;
      case RecordTypes.MX -> count == 2 ? readNumbersAndName(first, 1) : NO;
      case RecordTypes.SRV -> count == 4 ? readNumbersAndName(first, 3) : NO;
      default -> count == 1 ? readNumbersAndName(first, 0) : NO;
    };
  }

  private int readStrings(int first) {
    int at = 0;
    for (int token = first; token < tokens; token++) {
      int length = ends[token] - starts[token];
      if (length == 0 || length > RdataFields.STRING_LENGTH_MAX || at + length >= RDATA_LENGTH) {
        return NO;
      }
      rdata[at++] = (byte) length;
      for (int i = starts[token]; i < ends[token]; i++) {
        rdata[at++] = (byte) text.charAt(i);
      }
    }
    return at == 0 ? NO : at;
  }

  private int readV4(int token) {
    int octets = 0;
    int at = starts[token];
    int end = ends[token];
    while (octets < 4) {
      int start = at;
      int octet = 0;
      while (at < end && at - start < 3 && isDigit(at)) {
        octet = octet * 10 + text.charAt(at++) - '0';
      }
      boolean isZeroLed = at - start > 1 && text.charAt(start) == '0';
      if (at == start || octet > 255 || isZeroLed) {
        return NO;
      }
      rdata[octets++] = (byte) octet;
      if (octets < 4 && (at == end || text.charAt(at++) != '.')) {
        return NO;
      }
    }
    return at == end ? 4 : NO;
  }

  /// Groups with at most one `::`; an address that ends in a quad is not plain.
  private int readV6(int token) {
    int at = starts[token];
    int end = ends[token];
    int groups = 0;
    int gap = NO;
    while (at < end) {
      if (text.charAt(at) == ':') {
        if (gap >= 0 || at + 1 >= end || text.charAt(at + 1) != ':') {
          return NO;
        }
        gap = groups;
        at += 2;
        continue;
      }
      int start = at;
      int value = 0;
      while (at < end && at - start < 4 && hex(at) >= 0) {
        value = value << 4 | hex(at++);
      }
      if (at == start || groups == 8) {
        return NO;
      }
      rdata[2 * groups] = (byte) (value >> 8);
      rdata[2 * groups + 1] = (byte) value;
      groups++;
      boolean isLast = at == end;
      boolean isBeforeGap = at + 1 < end && text.charAt(at) == ':' && text.charAt(at + 1) == ':';
      if (!isLast && !isBeforeGap) {
        // A single colon, behind which another group stands.
        if (text.charAt(at) != ':' || at + 1 == end) {
          return NO;
        }
        at++;
      }
    }
    if (gap < 0) {
      return groups == 8 ? 16 : NO;
    }
    if (groups > 7) {
      return NO;
    }
    int tail = 2 * (groups - gap);
    System.arraycopy(rdata, 2 * gap, rdata, 16 - tail, tail);
    for (int i = 2 * gap; i < 16 - tail; i++) {
      rdata[i] = 0;
    }
    return 16;
  }

  private boolean isDigit(int at) {
    char c = text.charAt(at);
    return c >= '0' && c <= '9';
  }

  private int hex(int at) {
    char c = text.charAt(at);
    return c >= '0' && c <= '9'
        ? c - '0'
        : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : NO;
  }

  private int readNumbersAndName(int first, int numbers) {
    int at = 0;
    for (int token = first; token < first + numbers; token++) {
      long number = number(token, 5);
      if (number < 0 || number > 0xffff) {
        return NO;
      }
      rdata[at++] = (byte) (number >> 8);
      rdata[at++] = (byte) number;
    }
    int length = readName(first + numbers, name, 0);
    if (length < 0) {
      return NO;
    }
    System.arraycopy(name, 0, rdata, at, length);
    return at + length;
  }

  private long number(int token, int digitsMax) {
    int length = ends[token] - starts[token];
    long value = length <= digitsMax ? 0 : NO;
    for (int at = starts[token]; value >= 0 && at < ends[token]; at++) {
      value = isDigit(at) ? value * 10 + text.charAt(at) - '0' : NO;
    }
    return value;
  }

  /// Writes a name and returns its length, or -1 if it is not plain or earns a hint.
  private int readName(int token, byte[] target, int from) {
    int end = ends[token];
    int start = starts[token];
    if (end - start == 1 && text.charAt(start) == '@') {
      return origin.copyTo(target, from) - from;
    }
    if (end - start == 1 && text.charAt(start) == '.') {
      target[from] = 0;
      return 1;
    }
    if (end - start >= DnsName.WIRE_LENGTH_MAX - 1) {
      return NO;
    }
    int labelAt = from;
    int at = from + 1;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c == '@' || c == '$') {
        return NO;
      }
      if (c != '.') {
        target[at++] = (byte) c;
        continue;
      }
      if (!endLabel(target, labelAt, at)) {
        return NO;
      }
      labelAt = at++;
    }
    if (at == labelAt + 1) {
      // The final dot is there: an empty last label.
      target[labelAt] = 0;
      return at - from;
    }
    int length = at - from;
    boolean isHinted =
        apex.length > 1
            && length >= apex.length - 1
            && endLabel(target, labelAt, at)
            && endsInApex(target, at, 1);
    if (isHinted
        || !endLabel(target, labelAt, at)
        || length + originWire.length > DnsName.WIRE_LENGTH_MAX) {
      return NO;
    }
    System.arraycopy(originWire, 0, target, at, originWire.length);
    return length + originWire.length;
  }

  private static boolean endLabel(byte[] target, int labelAt, int end) {
    int length = end - labelAt - 1;
    target[labelAt] = (byte) length;
    return length > 0 && length <= DnsName.LABEL_LENGTH_MAX;
  }
}
