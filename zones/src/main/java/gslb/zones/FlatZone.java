package gslb.zones;

import gslb.base.DnsName;

/// One zone as arrays and byte pages: nodes (names), their RRsets, and RDATA in uncompressed wire
/// form. Immutable; reading allocates nothing.
///
/// Nodes are numbered in canonical order (RFC 4034 §6.1), so the apex is 0, a parent comes before
/// its children and a subtree is one run of numbers. A name is looked up from the apex down, one
/// label at a time in {@link NodeTable}, and the walk ends at the first label that does not exist:
/// the cost of a random subdomain is that of its closest encloser. RRsets of a node are in order
/// of type; all records of an RRset lie in one page.
public final class FlatZone {
  public static final int TYPE_A = 1;
  public static final int TYPE_NS = 2;
  public static final int TYPE_CNAME = 5;
  public static final int TYPE_SOA = 6;
  public static final int TYPE_AAAA = 28;
  public static final int TYPE_DNAME = 39;
  public static final int TYPE_DS = 43;
  public static final int TYPE_HTTPS = 65;

  static final int APEX_NODE = 0;
  static final byte FLAG_CUT = 1;
  static final byte FLAG_DNAME = 2;

  private final DnsName apex;
  private final byte[] apexWire;
  private final int apexLabelCount;
  private final NodeTable nodes;

  /// {@link #FLAG_CUT}, {@link #FLAG_DNAME} of each node.
  private final byte[] flags;

  /// The node `*.<node>`, or -1.
  private final int[] wildcards;

  private final int[] slots;

  /// First RRset of each node, and behind the last node the count of RRsets.
  private final int[] firstRrsets;

  private final char[] types;
  private final int[] ttls;

  /// First record of each RRset, and behind the last RRset the count of records.
  private final int[] firstRecords;

  private final byte[][] pages;
  private final char[] pageOfRrset;
  private final int[] rdataOffsets;
  private final char[] rdataLengths;
  private final int negativeTtl;

  FlatZone(DnsName apex, NodeTable nodes, NodeColumns columns, RecordColumns records) {
    this.apex = apex;
    this.apexWire = apex.toWire();
    this.apexLabelCount = apex.labelCount();
    this.nodes = nodes;
    flags = columns.flags();
    wildcards = columns.wildcards();
    slots = columns.slots();
    firstRrsets = columns.firstRrsets();
    types = records.types();
    ttls = records.ttls();
    firstRecords = records.firstRecords();
    pages = records.pages();
    pageOfRrset = records.pageOfRrset();
    rdataOffsets = records.rdataOffsets();
    rdataLengths = records.rdataLengths();
    int soa = rrset(APEX_NODE, TYPE_SOA);
    if (soa < 0 || rrset(APEX_NODE, TYPE_NS) < 0) {
      throw new IllegalArgumentException("zone " + apex + " has no SOA or no NS at its apex");
    }
    negativeTtl = (int) Math.min(ttls[soa], soaMinimum(soa));
  }

  /// MINIMUM is the last field of the SOA's RDATA (RFC 1035 §3.3.13).
  private long soaMinimum(int soa) {
    byte[] page = rdataPage(soa);
    int end = rdataOffset(soa, 0) + rdataLength(soa, 0);
    return (page[end - 4] & 0xffL) << 24
        | (page[end - 3] & 0xff) << 16
        | (page[end - 2] & 0xff) << 8
        | (page[end - 1] & 0xff);
  }

  public DnsName apex() {
    return apex;
  }

  /// The apex node; its SOA and NS RRsets always exist.
  public int apexNode() {
    return APEX_NODE;
  }

  /// Looks a name up that is at or below the apex; it is not checked that it is, but for its count
  /// of labels.
  public void match(NameView name, NameMatch match) {
    match.node = -1;
    match.closestEncloser = -1;
    match.cut = -1;
    match.dname = -1;
    match.wildcard = -1;
    int labelsBelow = name.labelCount() - apexLabelCount;
    if (labelsBelow < 0) {
      return;
    }
    int node = APEX_NODE;
    int cut = -1;
    int dname = -1;
    for (int label = labelsBelow - 1; label >= 0; label--) {
      if (dname < 0 && cut < 0 && (flags[node] & FLAG_DNAME) != 0) {
        dname = node;
      }
      int child = nodes.child(node, name.hash(label), name.bytes(), name.labelOffset(label));
      if (child < 0) {
        match.closestEncloser = node;
        match.cut = cut;
        match.dname = dname;
        match.wildcard = wildcards[node];
        return;
      }
      node = child;
      if (cut < 0 && (flags[node] & FLAG_CUT) != 0) {
        cut = node;
      }
    }
    match.node = node;
    match.closestEncloser = node;
    match.cut = cut;
    match.dname = dname;
  }

  /// The RRset of that type at the node, or -1.
  public int rrset(int node, int type) {
    int end = firstRrsets[node + 1];
    for (int rrset = firstRrsets[node]; rrset < end; rrset++) {
      if (types[rrset] == type) {
        return rrset;
      }
    }
    return -1;
  }

  /// The node's RRsets are `firstRrset(node)` up to `firstRrset(node) + rrsetCount(node)`.
  public int firstRrset(int node) {
    return firstRrsets[node];
  }

  public int rrsetCount(int node) {
    return firstRrsets[node + 1] - firstRrsets[node];
  }

  public int type(int rrset) {
    return types[rrset];
  }

  /// Seconds.
  public int ttl(int rrset) {
    return ttls[rrset];
  }

  public int recordCount(int rrset) {
    return firstRecords[rrset + 1] - firstRecords[rrset];
  }

  /// The bytes that {@link #rdataOffset} points into.
  public byte[] rdataPage(int rrset) {
    return pages[pageOfRrset[rrset]];
  }

  public int rdataOffset(int rrset, int record) {
    return rdataOffsets[firstRecords[rrset] + record];
  }

  public int rdataLength(int rrset, int record) {
    return rdataLengths[firstRecords[rrset] + record];
  }

  /// min(SOA TTL, SOA MINIMUM), seconds (RFC 2308 §5).
  public int negativeTtl() {
    return negativeTtl;
  }

  /// The slot that answers the node's A and AAAA, or -1.
  public int dynamicSlot(int node) {
    return slots[node];
  }

  /// The node's owner name, for messages and tests; allocates.
  public DnsName name(int node) {
    byte[] wire = new byte[DnsName.WIRE_LENGTH_MAX];
    int at = 0;
    for (int i = node; i != APEX_NODE; i = nodes.parent(i)) {
      at = nodes.copyLabel(i, wire, at);
    }
    apex.copyTo(wire, at);
    return DnsName.ofWire(wire, 0);
  }

  /// Labels of a node's name, without the root's.
  public int labelCount(int node) {
    int count = apexLabelCount;
    for (int i = node; i != APEX_NODE; i = nodes.parent(i)) {
      count++;
    }
    return count;
  }

  /// Whether a name is at or below the apex.
  public boolean holds(NameView name) {
    int labelsBelow = name.labelCount() - apexLabelCount;
    if (labelsBelow < 0) {
      return false;
    }
    byte[] bytes = name.bytes();
    int from = name.labelOffset(labelsBelow);
    for (int i = 0; i < apexWire.length; i++) {
      if (DnsName.lower(bytes[from + i] & 0xff) != DnsName.lower(apexWire[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  /// The apex in wire form; do not modify.
  public byte[] apexWire() {
    return apexWire;
  }

  /// Whether names of this zone collided in the public hash so often that a keyed one is used.
  boolean isKeyed() {
    return nodes.isKeyed();
  }

  public int nodeCount() {
    return slots.length;
  }

  /// The arrays that run over nodes.
  @SuppressWarnings("ArrayRecordComponent")
  record NodeColumns(byte[] flags, int[] wildcards, int[] slots, int[] firstRrsets) {}

  /// The arrays that run over RRsets and records.
  @SuppressWarnings("ArrayRecordComponent")
  record RecordColumns(
      char[] types,
      int[] ttls,
      int[] firstRecords,
      byte[][] pages,
      char[] pageOfRrset,
      int[] rdataOffsets,
      char[] rdataLengths) {}
}
