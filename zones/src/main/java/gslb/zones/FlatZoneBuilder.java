package gslb.zones;

import gslb.base.DnsName;
import java.util.Collection;

/// Lays RRsets and dynamic slots out as a {@link FlatZone}. Checks no rule of DNS but that SOA and
/// NS stand at the apex: {@link ZoneFile} has done that. Confined to one thread.
public final class FlatZoneBuilder {
  /// Bytes of an RDATA page; one RRset lies in one page.
  static final int PAGE_LENGTH_MAX = 1 << 18;

  private final DnsName apex;
  private final long seed;
  private final ZoneColumns columns;

  /// @param seed of the hash table of names; any number that those who add names cannot know
  public FlatZoneBuilder(DnsName apex, long seed) {
    this.apex = apex;
    this.seed = seed;
    this.columns = new ZoneColumns(apex, seed);
  }

  /// Adds one whole RRset.
  ///
  /// @param ttl seconds
  /// @param rdata uncompressed wire form, at most 65,535 octets each
  /// @throws IllegalArgumentException if the owner is outside the zone or has that type already
  public FlatZoneBuilder add(DnsName owner, int type, int ttl, Collection<byte[]> rdata) {
    int node = node(owner);
    if (columns.rrset(node, type) != ZoneColumns.NONE) {
      throw new IllegalArgumentException(owner + " has two RRsets of type " + type);
    }
    int rrset = columns.addRrset(node, type, ttl);
    for (byte[] record : rdata) {
      columns.addRecord(rrset, record, record.length);
    }
    return this;
  }

  /// Makes the name exist, and its A and AAAA be decided at query time.
  ///
  /// @throws IllegalArgumentException if the name is outside the zone or has a slot already
  public FlatZoneBuilder slot(DnsName name, int id) {
    int node = node(name);
    if (columns.slot(node) >= 0) {
      throw new IllegalArgumentException(name + " has two dynamic slots");
    }
    columns.setSlot(node, id);
    return this;
  }

  private int node(DnsName name) {
    int node = columns.intern(name.toWire(), 0);
    if (node == NameTrie.NONE) {
      throw new IllegalArgumentException(name + " is outside the zone " + apex);
    }
    return node;
  }

  /// @throws IllegalArgumentException if SOA or NS is missing at the apex
  public FlatZone build() {
    return FlatZoneLayout.of(apex, columns, seed);
  }
}
