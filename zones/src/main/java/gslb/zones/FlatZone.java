package gslb.zones;

import gslb.base.DnsName;

/// One zone as arrays and byte pages: nodes (names), their RRsets, and RDATA in uncompressed wire
/// form. Immutable; reading allocates nothing.
public final class FlatZone {
  public static final int TYPE_A = 1;
  public static final int TYPE_NS = 2;
  public static final int TYPE_CNAME = 5;
  public static final int TYPE_SOA = 6;
  public static final int TYPE_AAAA = 28;
  public static final int TYPE_DNAME = 39;
  public static final int TYPE_DS = 43;

  private FlatZone() {}

  public DnsName apex() {
    throw new AssertionError("contract");
  }

  /// The apex node; its SOA and NS RRsets always exist.
  public int apexNode() {
    throw new AssertionError("contract");
  }

  /// Looks a name up that is at or below the apex.
  public void match(NameView name, NameMatch match) {
    throw new AssertionError("contract");
  }

  /// The RRset of that type at the node, or -1.
  public int rrset(int node, int type) {
    throw new AssertionError("contract");
  }

  /// The node's RRsets are `firstRrset(node)` up to `firstRrset(node) + rrsetCount(node)`.
  public int firstRrset(int node) {
    throw new AssertionError("contract");
  }

  public int rrsetCount(int node) {
    throw new AssertionError("contract");
  }

  public int type(int rrset) {
    throw new AssertionError("contract");
  }

  /// Seconds.
  public int ttl(int rrset) {
    throw new AssertionError("contract");
  }

  public int recordCount(int rrset) {
    throw new AssertionError("contract");
  }

  /// The bytes that {@link #rdataOffset} points into.
  public byte[] rdataPage(int rrset) {
    throw new AssertionError("contract");
  }

  public int rdataOffset(int rrset, int record) {
    throw new AssertionError("contract");
  }

  public int rdataLength(int rrset, int record) {
    throw new AssertionError("contract");
  }

  /// min(SOA TTL, SOA MINIMUM), seconds (RFC 2308 §5).
  public int negativeTtl() {
    throw new AssertionError("contract");
  }

  /// The slot that answers the node's A and AAAA, or -1.
  public int dynamicSlot(int node) {
    throw new AssertionError("contract");
  }

  /// The node's owner name, for messages and tests; allocates.
  public DnsName name(int node) {
    throw new AssertionError("contract");
  }

  public int nodeCount() {
    throw new AssertionError("contract");
  }
}
