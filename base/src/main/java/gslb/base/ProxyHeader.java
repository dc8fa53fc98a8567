package gslb.base;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// A reader of PROXY protocol headers (versions 1 and 2), by which a proxy says whose connection or
/// datagram it forwards. Strict: whatever the specification does not define is malformed.
///
/// Version 1 is one line of text. Version 2:
///
/// ```
/// octets 0..11   0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A
/// octet  12      version 2 and command: 20 LOCAL, 21 PROXY
/// octet  13      family and protocol: 00, 11, 12 (IPv4), 21, 22 (IPv6), 31, 32 (UNIX)
/// octets 14, 15  length of what follows
/// octets 16..    source address, destination address, source port, destination port
///                then TLVs: type (1 octet), length (2 octets), value
/// ```
///
/// The fields are those of the last header read, valid after a positive result. Belongs to one
/// thread; reading version 2 allocates nothing.
public final class ProxyHeader {
  /// What {@link #read} returns when the bytes so far may become a header.
  public static final int INCOMPLETE = 0;

  /// What {@link #read} returns when no bytes that follow could make it a header.
  public static final int MALFORMED = -1;

  /// Octets of a version 1 header: the longest line that the specification allows, CRLF included.
  public static final int V1_LENGTH_MAX = 107;

  /// Octets of a version 2 header, TLVs included: what fits into one TCP segment on every path
  /// (RFC 1122 §4.2.2.6), which is what the specification tells senders to keep to.
  public static final int V2_LENGTH_MAX = 536;

  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final byte[] V1_START = {'P', 'R', 'O', 'X', 'Y', ' '};
  private static final int FIXED_LENGTH = 16;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int V4_LENGTH = 12;
  private static final int V6_LENGTH = 36;
  private static final int UNIX_LENGTH = 216;
  private static final int TLV_HEAD = 3;
  private static final int TLV_CRC32C = 0x03;
  private static final byte[] FOUR_ZEROS = new byte[4];

  /// Whether the header names nobody (LOCAL, UNSPEC, UNKNOWN, a UNIX socket): the client is the
  /// socket's peer. The fields below then mean nothing.
  public boolean namesNobody;

  /// The client. `high` is 0 and `low` has 32 bits for IPv4.
  public boolean sourceIsV4;

  public long sourceHigh;
  public long sourceLow;
  public int sourcePort;

  /// The address the client asked, of the same family.
  public long destinationHigh;

  public long destinationLow;
  public int destinationPort;

  private final CRC32C checksum = new CRC32C();

  /// What a header says.
  ///
  /// @param source the client; its family is the destination's
  /// @param isDatagram whether UDP is forwarded
  public record Flow(
      Address source,
      int sourcePort,
      Address destination,
      int destinationPort,
      boolean isDatagram) {
    public Flow {
      if (source.family() != destination.family()) {
        throw new IllegalArgumentException(source + " and " + destination + " differ in family");
      }
      if ((sourcePort | destinationPort) >>> 16 != 0) {
        throw new IllegalArgumentException("a port is 0..65535");
      }
    }
  }

  /// Reads a header of either version from the start of a connection.
  ///
  /// @param end where the bytes that have come end
  /// @return the header's length, or {@link #INCOMPLETE} or {@link #MALFORMED}
  public int read(byte[] bytes, int from, int end) {
    if (from == end) {
      return INCOMPLETE;
    }
    return bytes[from] == SIGNATURE[0] ? readV2(bytes, from, end) : readV1(bytes, from, end);
  }

  /// Reads a header of version 2, the one that datagrams have. In a datagram, incomplete is
  /// malformed.
  ///
  /// @return the header's length, or {@link #INCOMPLETE} or {@link #MALFORMED}
  public int readV2(byte[] bytes, int from, int end) {
    int available = end - from;
    if (!startsWith(SIGNATURE, bytes, from, available)) {
      return MALFORMED;
    }
    if (available < FIXED_LENGTH) {
      return available > SIGNATURE.length && !isCommand(bytes[from + 12]) ? MALFORMED : INCOMPLETE;
    }
    int length = FIXED_LENGTH + unsignedShort(bytes, from + 14);
    if (!isCommand(bytes[from + 12]) || length > V2_LENGTH_MAX) {
      return MALFORMED;
    }
    if (available < length) {
      return INCOMPLETE;
    }
    namesNobody = true;
    if (bytes[from + 12] == LOCAL) {
      return length; // the block is to be discarded, its family included
    }
    int addresses = addressesLength(bytes[from + 13]);
    if (addresses < 0
        || length < FIXED_LENGTH + addresses
        || !hasSoundTlvs(bytes, from, from + FIXED_LENGTH + addresses, from + length)) {
      return MALFORMED;
    }
    if (addresses == V4_LENGTH || addresses == V6_LENGTH) {
      readAddresses(bytes, from + FIXED_LENGTH, addresses == V4_LENGTH);
    }
    return length;
  }

  private static boolean isCommand(byte versionAndCommand) {
    return versionAndCommand == LOCAL || versionAndCommand == PROXY;
  }

  /// Octets of the addresses and ports, or -1 for a family or protocol that is not defined.
  private static int addressesLength(byte familyAndProtocol) {
    return switch (familyAndProtocol) {
      case 0x00 -> 0;
      case 0x11, 0x12 -> V4_LENGTH;
      case 0x21, 0x22 -> V6_LENGTH;
      case 0x31, 0x32 -> UNIX_LENGTH;
      default -> -1;
    };
  }

  private void readAddresses(byte[] bytes, int at, boolean isV4) {
    namesNobody = false;
    sourceIsV4 = isV4;
    if (isV4) {
      sourceHigh = 0;
      sourceLow = bits(bytes, at, 4);
      destinationHigh = 0;
      destinationLow = bits(bytes, at + 4, 4);
    } else {
      sourceHigh = bits(bytes, at, 8);
      sourceLow = bits(bytes, at + 8, 8);
      destinationHigh = bits(bytes, at + 16, 8);
      destinationLow = bits(bytes, at + 24, 8);
    }
    int ports = at + (isV4 ? V4_LENGTH : V6_LENGTH) - 4;
    sourcePort = unsignedShort(bytes, ports);
    destinationPort = unsignedShort(bytes, ports + 2);
  }

  /// Whether the TLVs fill their room exactly and a checksum among them is right. Those of other
  /// types are skipped.
  private boolean hasSoundTlvs(byte[] bytes, int header, int from, int end) {
    int at = from;
    while (at < end) {
      if (end - at < TLV_HEAD) {
        return false;
      }
      int length = unsignedShort(bytes, at + 1);
      int value = at + TLV_HEAD;
      if (length > end - value) {
        return false;
      }
      if (bytes[at] == TLV_CRC32C && (length != 4 || !isChecksum(bytes, header, value, end))) {
        return false;
      }
      at = value + length;
    }
    return true;
  }

  /// Whether the four octets there are the CRC32C of the header with zeros in their place.
  private boolean isChecksum(byte[] bytes, int header, int at, int end) {
    checksum.reset();
    checksum.update(bytes, header, at - header);
    checksum.update(FOUR_ZEROS, 0, 4);
    checksum.update(bytes, at + 4, end - at - 4);
    return checksum.getValue() == bits(bytes, at, 4);
  }

  /// Reads `PROXY TCP4 198.51.100.7 192.0.2.53 40000 53` and CRLF, or `TCP6`, or `UNKNOWN` with
  /// anything behind it.
  private int readV1(byte[] bytes, int from, int end) {
    int available = end - from;
    if (!startsWith(V1_START, bytes, from, available)) {
      return MALFORMED;
    }
    int lineEnd = -1;
    int most = Math.min(available, V1_LENGTH_MAX);
    for (int i = 0; i < most && lineEnd < 0; i++) {
      if (bytes[from + i] == '\n') {
        lineEnd = i;
      }
    }
    if (lineEnd < 0) {
      return available >= V1_LENGTH_MAX ? MALFORMED : INCOMPLETE;
    }
    if (bytes[from + lineEnd - 1] != '\r') {
      return MALFORMED;
    }
    int start = from + V1_START.length;
    int length = from + lineEnd - 1 - start;
    if (length < 0) {
      return MALFORMED;
    }
    String line = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    return readLine(line) ? lineEnd + 1 : MALFORMED;
  }

  private boolean readLine(String line) {
    if (line.equals("UNKNOWN") || line.startsWith("UNKNOWN ")) {
      namesNobody = true;
      return true;
    }
    String[] words = line.split(" ", -1);
    if (words.length != 5) {
      return false;
    }
    boolean isV4 = words[0].equals("TCP4");
    Address source = Address.parse(words[1]).orElse(null);
    Address destination = Address.parse(words[2]).orElse(null);
    int from = port(words[3]);
    int to = port(words[4]);
    if (source == null
        || destination == null
        || source.isV4() != isV4
        || destination.isV4() != isV4
        || !(isV4 || words[0].equals("TCP6"))
        || from < 0
        || to < 0) {
      return false;
    }
    namesNobody = false;
    sourceIsV4 = source.isV4();
    sourceHigh = source.high();
    sourceLow = source.low();
    destinationHigh = destination.high();
    destinationLow = destination.low();
    sourcePort = from;
    destinationPort = to;
    return true;
  }

  /// A port in decimal without leading zeros, or -1.
  private static int port(String digits) {
    if (digits.isEmpty()
        || digits.length() > 5
        || (digits.length() > 1 && digits.startsWith("0"))) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value <= 0xffff ? value : -1;
  }

  /// Whether the bytes that have come agree with the start, as far as they go.
  private static boolean startsWith(byte[] start, byte[] bytes, int from, int available) {
    int compared = Math.min(start.length, available);
    for (int i = 0; i < compared; i++) {
      if (bytes[from + i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static int unsignedShort(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  private static long bits(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 8 | bytes[i] & 0xff;
    }
    return value;
  }

  /// The client that the last header read names.
  ///
  /// @throws IllegalStateException if it {@link #namesNobody}
  public Address source() {
    if (namesNobody) {
      throw new IllegalStateException("the header names nobody");
    }
    return sourceIsV4 ? Address.v4((int) sourceLow) : Address.v6(sourceHigh, sourceLow);
  }

  /// A header of version 2 with the checksum TLV.
  public static byte[] v2(Flow flow) {
    boolean isV4 = flow.source().isV4();
    int addresses = isV4 ? V4_LENGTH : V6_LENGTH;
    byte[] header = new byte[FIXED_LENGTH + addresses + TLV_HEAD + 4];
    start(header, PROXY, (isV4 ? 0x10 : 0x20) | (flow.isDatagram() ? 2 : 1));
    int at = FIXED_LENGTH;
    for (Address address : new Address[] {flow.source(), flow.destination()}) {
      byte[] bytes = address.toBytes();
      System.arraycopy(bytes, 0, header, at, bytes.length);
      at += bytes.length;
    }
    putShort(header, at, flow.sourcePort());
    putShort(header, at + 2, flow.destinationPort());
    header[at + 4] = TLV_CRC32C;
    putShort(header, at + 5, 4);
    CRC32C checksum = new CRC32C();
    checksum.update(header, 0, header.length);
    putShort(header, at + 7, (int) (checksum.getValue() >>> 16));
    putShort(header, at + 9, (int) checksum.getValue());
    return header;
  }

  /// The header of version 2 that says the proxy speaks for itself, as in a health check.
  public static byte[] v2Local() {
    byte[] header = new byte[FIXED_LENGTH];
    start(header, LOCAL, 0);
    return header;
  }

  /// A header of version 1, which is for TCP alone.
  ///
  /// @throws IllegalArgumentException if the flow is of datagrams
  public static byte[] v1(Flow flow) {
    if (flow.isDatagram()) {
      throw new IllegalArgumentException("version 1 has no datagrams");
    }
    String line =
        "PROXY %s %s %s %d %d\r\n"
            .formatted(
                flow.source().isV4() ? "TCP4" : "TCP6",
                flow.source(),
                flow.destination(),
                flow.sourcePort(),
                flow.destinationPort());
    return line.getBytes(StandardCharsets.US_ASCII);
  }

  private static void start(byte[] header, int command, int family) {
    System.arraycopy(SIGNATURE, 0, header, 0, SIGNATURE.length);
    header[12] = (byte) command;
    header[13] = (byte) family;
    putShort(header, 14, header.length - FIXED_LENGTH);
  }

  private static void putShort(byte[] header, int at, int value) {
    header[at] = (byte) (value >>> 8);
    header[at + 1] = (byte) value;
  }
}
