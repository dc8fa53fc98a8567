package gslb.base;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// An IPv4 or IPv6 address as two unsigned longs. An IPv4 address has `high` 0 and its 32 bits in
/// `low`. An IPv4-mapped IPv6 address stays an IPv6 address here; {@link EmbeddedV4} knows what it
/// means.
public record Address(Family family, long high, long low) implements Comparable<Address> {
  /// Longest textual form that can be an address: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`.
  static final int TEXT_LENGTH_MAX = 45;

  public Address {
    if (family == Family.V4 && (high != 0 || low >>> 32 != 0)) {
      throw new IllegalArgumentException("an IPv4 address has 32 bits");
    }
  }

  public static Address v4(int bits) {
    return new Address(Family.V4, 0, Integer.toUnsignedLong(bits));
  }

  public static Address v6(long high, long low) {
    return new Address(Family.V6, high, low);
  }

  /// Reads 4 or 16 bytes in network order.
  public static Address of(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> new Address(Family.V4, 0, bits(bytes, 0, 4));
      case 16 -> new Address(Family.V6, bits(bytes, 0, 8), bits(bytes, 8, 8));
      default -> throw new IllegalArgumentException("an address has 4 or 16 bytes");
    };
  }

  public static Address of(InetAddress address) {
    return of(address.getAddress());
  }

  private static long bits(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 8 | bytes[i] & 0xff;
    }
    return value;
  }

  /// Reads the textual form: dotted quad without leading zeros, or RFC 4291 §2.2 without a zone.
  /// Nothing is ever looked up.
  public static Optional<Address> parse(String text) {
    if (text.isEmpty() || text.length() > TEXT_LENGTH_MAX) {
      return Optional.empty();
    }
    return text.indexOf(':') >= 0 ? parseV6(text) : parseV4(text);
  }

  /// Reads an address that the program itself wrote.
  ///
  /// @throws IllegalArgumentException if it is none
  public static Address of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an address: '" + text + "'"));
  }

  private static Optional<Address> parseV4(String text) {
    long value = parseQuad(text);
    return value < 0 ? Optional.empty() : Optional.of(new Address(Family.V4, 0, value));
  }

  private static long parseQuad(String text) {
    long value = 0;
    int octets = 0;
    int at = 0;
    while (true) {
      int start = at;
      int octet = 0;
      while (at < text.length() && at - start < 3 && isDigit(text.charAt(at))) {
        octet = octet * 10 + text.charAt(at) - '0';
        at++;
      }
      boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
      if (at == start || octet > 255 || leadingZero) {
        return -1;
      }
      value = value << 8 | octet;
      octets++;
      if (at == text.length()) {
        return octets == 4 ? value : -1;
      }
      if (octets == 4 || text.charAt(at) != '.') {
        return -1;
      }
      at++;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static Optional<Address> parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap != text.lastIndexOf("::")) {
      return Optional.empty();
    }
    int[] groups = new int[8];
    if (gap < 0) {
      return readGroups(text, groups, true) == 8 ? Optional.of(ofGroups(groups)) : Optional.empty();
    }
    int[] tail = new int[8];
    int before = readGroups(text.substring(0, gap), groups, false);
    int after = readGroups(text.substring(gap + 2), tail, true);
    if (before < 0 || after < 0 || before + after > 7) {
      return Optional.empty();
    }
    System.arraycopy(tail, 0, groups, 8 - after, after);
    return Optional.of(ofGroups(groups));
  }

  /// The number of 16-bit groups read, or -1 if the text is not a list of groups.
  private static int readGroups(String text, int[] groups, boolean mayEndInQuad) {
    if (text.isEmpty()) {
      return 0;
    }
    int count = 0;
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (mayEndInQuad && i == parts.length - 1 && part.indexOf('.') >= 0) {
        long quad = parseQuad(part);
        if (quad < 0 || count > 6) {
          return -1;
        }
        groups[count++] = (int) (quad >>> 16);
        groups[count++] = (int) (quad & 0xffff);
      } else {
        int value = hexGroup(part);
        if (value < 0 || count > 7) {
          return -1;
        }
        groups[count++] = value;
      }
    }
    return count;
  }

  private static int hexGroup(String part) {
    if (part.isEmpty() || part.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static Address ofGroups(int[] groups) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = high << 16 | groups[i];
      low = low << 16 | groups[i + 4];
    }
    return v6(high, low);
  }

  public boolean isV4() {
    return family == Family.V4;
  }

  /// The address in network order, 4 or 16 bytes.
  public byte[] toBytes() {
    byte[] bytes = new byte[family.bits() / 8];
    for (int i = 0; i < bytes.length; i++) {
      int fromRight = bytes.length - 1 - i;
      bytes[i] = (byte) ((fromRight < 8 ? low : high) >>> 8 * (fromRight & 7));
    }
    return bytes;
  }

  public InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(toBytes());
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are an address", e);
    }
  }

  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  public boolean isLoopback() {
    return isV4() ? low >>> 24 == 127 : high == 0 && low == 1;
  }

  public boolean isMulticast() {
    return isV4() ? low >>> 28 == 0xe : high >>> 56 == 0xff;
  }

  @Override
  public int compareTo(Address other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /// The canonical text: dotted quad, or RFC 5952.
  @Override
  public String toString() {
    return isV4() ? quad(low) : rfc5952();
  }

  /// A socket's address with its port: `192.0.2.53:53`, `[2001:db8::53]:53`, `[fe80::1%2]:53` with
  /// the number of its zone; the host name and the port if it was never resolved.
  public static String withPort(InetSocketAddress socket) {
    InetAddress ip = socket.getAddress();
    if (ip == null) {
      return socket.getHostString() + ":" + socket.getPort();
    }
    String text = of(ip).toString();
    if (ip instanceof Inet6Address v6) {
      String zone = v6.getScopeId() == 0 ? "" : "%" + v6.getScopeId();
      text = "[" + text + zone + "]";
    }
    return text + ":" + socket.getPort();
  }

  private static String quad(long bits) {
    return (bits >>> 24 & 0xff)
        + "."
        + (bits >>> 16 & 0xff)
        + "."
        + (bits >>> 8 & 0xff)
        + "."
        + (bits & 0xff);
  }

  private String rfc5952() {
    if (high == 0 && low >>> 32 == 0xffff) {
      return "::ffff:" + quad(low & 0xffffffffL); // RFC 5952 §5
    }
    int bestStart = -1;
    int bestLength = 1; // RFC 5952 §4.2.2: a single group is not shortened
    for (int i = 0; i < 8; ) {
      int end = i;
      while (end < 8 && group(end) == 0) {
        end++;
      }
      if (end - i > bestLength) {
        bestStart = i;
        bestLength = end - i;
      }
      i = Math.max(end, i + 1);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(group(i)));
    }
    return text.toString();
  }

  private int group(int index) {
    return (int) ((index < 4 ? high : low) >>> 16 * (3 - (index & 3)) & 0xffff);
  }
}
