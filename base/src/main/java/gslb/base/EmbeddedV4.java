package gslb.base;

/// The IPv6 blocks whose addresses carry an IPv4 address, and how to take it out. A client behind
/// one of them is where its IPv4 address is.
///
/// | block | form | bits of the IPv4 address |
/// |---|---|---|
/// | `::ffff:0:0/96` | IPv4-mapped, RFC 4291 §2.5.5.2 | 96..127 |
/// | `64:ff9b::/96` | NAT64 well-known prefix, RFC 6052 §2.1 | 96..127 |
/// | `2002::/16` | 6to4, RFC 3056 §2 | 16..47 |
/// | `2001::/32` | Teredo, RFC 4380 §4 | 96..127, inverted |
public enum EmbeddedV4 {
  MAPPED("::ffff:0:0/96", 96),
  NAT64("64:ff9b::/96", 96),
  SIX_TO_FOUR("2002::/16", 16),
  TEREDO("2001::/32", 96);

  private static final long NAT64_HIGH = 0x0064_ff9b_0000_0000L;

  private final Prefix block;
  private final int offset;

  EmbeddedV4(String block, int offset) {
    this.block = Prefix.of(block);
    this.offset = offset;
  }

  public Prefix block() {
    return block;
  }

  /// The bit at which the IPv4 address begins; a scope of n bits in it is `offset() + n` outside.
  public int offset() {
    return offset;
  }

  /// {@link #offset()} of the block that holds the IPv6 address, or -1 if none does.
  public static int offset(long high, long low) {
    if (high == 0) {
      return low >>> 32 == 0xffff ? 96 : -1;
    }
    if (high == NAT64_HIGH) {
      return low >>> 32 == 0 ? 96 : -1;
    }
    if (high >>> 48 == 0x2002) {
      return 16;
    }
    return high >>> 32 == 0x2001_0000L ? 96 : -1;
  }

  /// The IPv4 address, as 32 bits, of an IPv6 address for which {@link #offset(long, long)} is not
  /// negative.
  public static int extract(long high, long low) {
    if (high >>> 48 == 0x2002) {
      return (int) (high >>> 16);
    }
    return high >>> 32 == 0x2001_0000L ? (int) ~low : (int) low;
  }
}
