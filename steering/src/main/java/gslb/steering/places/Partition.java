package gslb.steering.places;

/// The address space cut into runs of constant class. Look-ups allocate nothing and return class
/// and
/// scope packed: `classOf(packed)`, `scopeOf(packed)`.
///
/// The scope is the length of the maximal aligned prefix of constant class around the address, in
/// the family that was asked: 0..32 or 0..128.
public final class Partition {
  private Partition() {}

  public static int classOf(long packed) {
    return (int) (packed >>> 8);
  }

  public static int scopeOf(long packed) {
    return (int) (packed & 0xff);
  }

  /// @param bits the IPv4 address
  public long lookupV4(int bits) {
    throw new AssertionError("contract");
  }

  /// An address in a block of {@link gslb.base.EmbeddedV4} has the class of its IPv4 address and
  /// scope offset + n.
  public long lookupV6(long high, long low) {
    throw new AssertionError("contract");
  }
}
