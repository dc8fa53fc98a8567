package gslb.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// A domain name in uncompressed wire form (RFC 1035 §3.1). Keeps the case it was given; equality,
/// order and hash ignore the case of ASCII letters (RFC 4343).
public final class DnsName implements Comparable<DnsName> {
  public static final int LABEL_LENGTH_MAX = 63;
  public static final int WIRE_LENGTH_MAX = 255;
  public static final DnsName ROOT = new DnsName(new byte[] {0});

  private static final int HASH_SEED = 0x811c9dc5;

  private final byte[] wire;

  private DnsName(byte[] wire) {
    this.wire = wire;
  }

  /// Copies a name in wire form.
  ///
  /// @throws IllegalArgumentException if the bytes are not exactly one uncompressed name
  public static DnsName ofWire(byte[] bytes, int offset) {
    int at = offset;
    while (at < bytes.length && at - offset < WIRE_LENGTH_MAX) {
      int length = bytes[at] & 0xff;
      at += length + 1;
      if (length == 0) {
        return new DnsName(Arrays.copyOfRange(bytes, offset, at));
      }
      if (length > LABEL_LENGTH_MAX) {
        break;
      }
    }
    throw new IllegalArgumentException("not an uncompressed name");
  }

  /// Reads the textual form (RFC 1035 §5.1 with `\X` and `\DDD`); the final dot may be missing.
  /// Empty if a label is empty or too long, or the name is.
  public static Optional<DnsName> parse(String text) {
    if (text.equals(".")) {
      return Optional.of(ROOT);
    }
    byte[] wire = new byte[WIRE_LENGTH_MAX + 1];
    int labelAt = 0;
    int at = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int octet = c;
      if (c == '.') {
        int length = at - labelAt - 1;
        if (length == 0 || length > LABEL_LENGTH_MAX) {
          return Optional.empty();
        }
        wire[labelAt] = (byte) length;
        labelAt = at++;
        if (at > WIRE_LENGTH_MAX) {
          return Optional.empty();
        }
        continue;
      }
      if (c == '\\') {
        if (i + 3 < text.length() && isOctet(text, i + 1)) {
          octet = Integer.parseInt(text.substring(i + 1, i + 4));
          i += 3;
        } else if (i + 1 < text.length() && !isDigit(text.charAt(i + 1))) {
          octet = text.charAt(++i);
        } else {
          return Optional.empty();
        }
      }
      if (octet > 255 || at >= WIRE_LENGTH_MAX) {
        return Optional.empty();
      }
      wire[at++] = (byte) octet;
    }
    int length = at - labelAt - 1;
    if (length > LABEL_LENGTH_MAX || at == 1) {
      return Optional.empty();
    }
    if (length == 0) {
      return Optional.of(new DnsName(Arrays.copyOf(wire, at)));
    }
    wire[labelAt] = (byte) length;
    return at >= WIRE_LENGTH_MAX
        ? Optional.empty()
        : Optional.of(new DnsName(Arrays.copyOf(wire, at + 1)));
  }

  private static boolean isOctet(String text, int at) {
    return isDigit(text.charAt(at))
        && isDigit(text.charAt(at + 1))
        && isDigit(text.charAt(at + 2))
        && Integer.parseInt(text.substring(at, at + 3)) < 256;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// Reads a name that the program itself wrote.
  ///
  /// @throws IllegalArgumentException if it is none
  public static DnsName of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a name: '" + text + "'"));
  }

  /// The ASCII letter in lower case, any other octet unchanged (RFC 4343 §3).
  public static int lower(int octet) {
    return octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
  }

  /// One step of the hash that runs over a name from its root to its first label, so that a name's
  /// hash continues its parent's: folds in the label whose length octet is at `offset`.
  public static int hashLabel(int parentHash, byte[] bytes, int offset) {
    int hash = parentHash;
    int end = offset + 1 + (bytes[offset] & 0xff);
    for (int i = offset; i < end; i++) {
      // The length octet is below 64, so lower() leaves it alone.
      hash = (hash ^ lower(bytes[i] & 0xff)) * 0x01000193;
    }
    return hash ^ hash >>> 15;
  }

  /// The hash of the root name, where {@link #hashLabel} begins.
  public static int rootHash() {
    return HASH_SEED;
  }

  /// Bytes of the wire form, final zero octet included.
  public int wireLength() {
    return wire.length;
  }

  public byte[] toWire() {
    return wire.clone();
  }

  /// Copies the wire form into `target` and returns the offset behind it.
  public int copyTo(byte[] target, int offset) {
    System.arraycopy(wire, 0, target, offset, wire.length);
    return offset + wire.length;
  }

  /// Labels without the root's.
  public int labelCount() {
    int count = 0;
    for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
      count++;
    }
    return count;
  }

  public boolean isRoot() {
    return wire.length == 1;
  }

  public boolean isWildcard() {
    return wire.length > 2 && wire[0] == 1 && wire[1] == '*';
  }

  /// The name without its first label.
  ///
  /// @throws IllegalStateException at the root
  public DnsName parent() {
    if (isRoot()) {
      throw new IllegalStateException("the root has no parent");
    }
    return new DnsName(Arrays.copyOfRange(wire, wire[0] + 1, wire.length));
  }

  /// Whether this name is `ancestor` or stands below it.
  public boolean isAtOrBelow(DnsName ancestor) {
    int skip = wire.length - ancestor.wire.length;
    int at = 0;
    while (at < skip) {
      at += wire[at] + 1;
    }
    if (at != skip) {
      return false;
    }
    for (int i = 0; i < ancestor.wire.length; i++) {
      if (lower(wire[skip + i] & 0xff) != lower(ancestor.wire[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  public DnsName toLowerCase() {
    byte[] copy = new byte[wire.length];
    for (int i = 0; i < wire.length; i++) {
      copy[i] = (byte) lower(wire[i] & 0xff);
    }
    return new DnsName(copy);
  }

  /// Offset of each label in the wire form, first label first.
  private int[] labelOffsets() {
    int[] offsets = new int[labelCount()];
    int at = 0;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = at;
      at += wire[at] + 1;
    }
    return offsets;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DnsName name
        && name.wire.length == wire.length
        && name.isAtOrBelow(this);
  }

  @Override
  public int hashCode() {
    int hash = rootHash();
    int[] offsets = labelOffsets();
    for (int i = offsets.length - 1; i >= 0; i--) {
      hash = hashLabel(hash, wire, offsets[i]);
    }
    return hash;
  }

  /// Canonical order (RFC 4034 §6.1): by label from the root, as unsigned lower-case octets.
  @Override
  public int compareTo(DnsName other) {
    int[] mine = labelOffsets();
    int[] theirs = other.labelOffsets();
    for (int i = 1; i <= Math.min(mine.length, theirs.length); i++) {
      int order = compareLabel(wire, mine[mine.length - i], other.wire, theirs[theirs.length - i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(mine.length, theirs.length);
  }

  private static int compareLabel(byte[] a, int atA, byte[] b, int atB) {
    int common = Math.min(a[atA], b[atB]);
    for (int i = 1; i <= common; i++) {
      int order = Integer.compare(lower(a[atA + i] & 0xff), lower(b[atB + i] & 0xff));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a[atA], b[atB]);
  }

  /// The textual form, final dot included.
  @Override
  public String toString() {
    if (isRoot()) {
      return ".";
    }
    StringBuilder text = new StringBuilder(wire.length + 8);
    for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
      String label = new String(wire, at + 1, wire[at], StandardCharsets.ISO_8859_1);
      label.chars().forEach(c -> appendOctet(text, c));
      text.append('.');
    }
    return text.toString();
  }

  /// The textual form as operators and browsers write it, without the final dot; `.` is the root.
  public String withoutDot() {
    String text = toString();
    return isRoot() ? text : text.substring(0, text.length() - 1);
  }

  private static void appendOctet(StringBuilder text, int octet) {
    if (octet <= ' ' || octet > '~') {
      text.append('\\').append((char) ('0' + octet / 100)).append((char) ('0' + octet / 10 % 10));
      text.append((char) ('0' + octet % 10));
    } else if ("\".;\\@$()".indexOf(octet) >= 0) {
      text.append('\\').append((char) octet);
    } else {
      text.append((char) octet);
    }
  }
}
