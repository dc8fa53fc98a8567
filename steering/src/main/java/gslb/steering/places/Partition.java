package gslb.steering.places;

import gslb.base.Family;

/// The address space cut into runs of constant class. Look-ups allocate nothing and return class
/// and scope packed: `classOf(packed)`, `scopeOf(packed)`. Immutable.
///
/// The scope is the length of the maximal aligned prefix of constant class around the address, in
/// the family that was asked: 0..32 or 0..128. So the prefixes of a partition never overlap
/// (RFC 7871 §7.2.1).
public final class Partition {
  private final RunTable runs;

  Partition(RunTable runs) {
    this.runs = runs.indexed();
  }

  public static int classOf(long packed) {
    return (int) (packed >>> 8);
  }

  public static int scopeOf(long packed) {
    return (int) (packed & 0xff);
  }

  /// @param bits the IPv4 address
  public long lookupV4(int bits) {
    return runs.lookupV4(bits);
  }

  /// An address in a block of {@link gslb.base.EmbeddedV4} has the class of its IPv4 address and
  /// scope offset + n. If all of IPv4 is one class, the block is part of the IPv6 runs around it
  /// and the scope may reach beyond it.
  public long lookupV6(long high, long low) {
    return runs.lookupV6(high, low);
  }

  RunTable runs() {
    return runs;
  }

  /// How many runs of constant class each family is cut into.
  public int v4RunCount() {
    return runs.v4RunCount();
  }

  public int v6RunCount() {
    return runs.v6RunCount();
  }

  /// Into how many disjoint prefixes of which length a family is cut.
  public ScopeHistogram scopes(Family family) {
    return ScopeHistogram.of(
        family,
        switch (family) {
          case V4 -> runs.prefixesOfLengthV4();
          case V6 -> runs.prefixesOfLengthV6();
        });
  }

  /// Bytes that the tables occupy.
  public long retainedBytes() {
    return runs.retainedBytes();
  }
}
