package gslb.zones;

import gslb.base.DnsName;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What exists where in a zone that is checked: names, cuts, DNAMEs, steered names. Confined to one
/// thread.
final class ZoneShape {
  private final DnsName apex;
  private final ZoneData data;
  private final ZoneColumns columns;
  private final NameTrie names;
  private final Map<DnsName, DynamicSlot> slots = new HashMap<>();
  private final BitSet steered = new BitSet();

  /// Of those, the ones that may be a CNAME.
  private final BitSet aliased = new BitSet();

  /// Nodes that some NS record names.
  private final BitSet nameservers = new BitSet();

  /// The topmost cut at or above each node, or -1; the apex is no cut.
  private int[] cuts = {};

  /// The nearest DNAME strictly above each node, or -1.
  private int[] dnames = {};

  ZoneShape(DnsName apex, ZoneData data) {
    this.apex = apex;
    this.data = data;
    this.columns = data.columns;
    this.names = columns.names;
  }

  /// Adds a steered name at or below the apex, and returns the slot that has the name already, or
  /// null.
  @Nullable DynamicSlot add(DynamicSlot slot) {
    int node = columns.intern(slot.name().toWire(), 0);
    steered.set(node);
    aliased.set(node, slot.claim() == DynamicSlot.Claim.NAME);
    return slots.putIfAbsent(slot.name(), slot);
  }

  /// Finds cuts, DNAMEs and servers, once all names are there and before anything else is asked.
  void complete() {
    cuts = new int[names.count()];
    dnames = new int[names.count()];
    cuts[NameTrie.APEX] = NameTrie.NONE;
    dnames[NameTrie.APEX] = NameTrie.NONE;
    for (int node = 1; node < cuts.length; node++) {
      int parent = names.parent(node);
      boolean isCut = cuts[parent] == NameTrie.NONE && columns.has(node, ZoneColumns.NS);
      cuts[node] = isCut ? node : cuts[parent];
      dnames[node] = columns.has(parent, ZoneColumns.DNAME) ? parent : dnames[parent];
    }
    for (int i = 0; i < columns.ownerCount(); i++) {
      int node = columns.owner(i);
      if (columns.has(node, ZoneColumns.NS)) {
        addNameservers(columns.rrset(node, FlatZone.TYPE_NS));
      }
    }
  }

  private void addNameservers(int rrset) {
    for (int record = columns.firstRecord(rrset);
        record != ZoneColumns.NONE;
        record = columns.nextRecord(record)) {
      int server = names.find(columns.page(record), columns.rdataAt(record));
      if (server != NameTrie.NONE) {
        nameservers.set(server);
      }
    }
  }

  Iterable<DynamicSlot> slots() {
    return slots.values();
  }

  /// Whether the name is steered and may be answered with a CNAME.
  boolean mayBeAlias(DnsName name) {
    DynamicSlot slot = slots.get(name);
    return slot != null && slot.claim() == DynamicSlot.Claim.NAME;
  }

  /// Whether the node is steered and may be answered with a CNAME.
  boolean mayBeAlias(int node) {
    return aliased.get(node);
  }

  boolean isNameserver(DnsName name) {
    int node = names.find(name);
    return node != NameTrie.NONE && nameservers.get(node);
  }

  boolean isNameserver(int node) {
    return nameservers.get(node);
  }

  /// The topmost cut at or above a node, or -1.
  int cut(int node) {
    return cuts[node];
  }

  /// A DNAME strictly above the names below a node, or -1.
  int dnameBelow(int node) {
    return columns.has(node, ZoneColumns.DNAME) ? node : dnames[node];
  }

  /// A DNAME strictly above a node, or -1.
  int dnameAbove(int node) {
    return dnames[node];
  }

  boolean hasAddress(int node) {
    return columns.has(node, ZoneColumns.ADDRESS) || steered.get(node);
  }

  /// The topmost cut at or above a name of the zone, or null.
  @Nullable DnsName cutOf(DnsName name) {
    int node = names.closest(name.toWire(), 0);
    return node == NameTrie.NONE ? null : suffix(name, cuts[node]);
  }

  /// A DNAME strictly above a name of the zone, or null.
  @Nullable DnsName dnameAbove(DnsName name) {
    int node = names.closest(name.toWire(), 0);
    if (node == NameTrie.NONE) {
      return null;
    }
    return suffix(name, names.isExact() ? dnames[node] : dnameBelow(node));
  }

  /// The end of a name that is the name of a node above it.
  private @Nullable DnsName suffix(DnsName name, int node) {
    if (node == NameTrie.NONE) {
      return null;
    }
    DnsName at = name;
    for (int i = name.labelCount() - apex.labelCount() - names.depth(node); i > 0; i--) {
      at = at.parent();
    }
    return at;
  }

  /// Whether this zone answers for the name from records of its own.
  boolean isAuthoritative(DnsName name) {
    return name.isAtOrBelow(apex) && cutOf(name) == null && dnameAbove(name) == null;
  }

  /// The name whose records answer for a name at or below the apex: itself, or the source of
  /// synthesis (RFC 4592 §3.3.1), or null if it does not exist.
  @Nullable DnsName source(DnsName name) {
    int node = names.closest(name.toWire(), 0);
    if (node == NameTrie.NONE) {
      return null;
    }
    return names.isExact()
        ? name
        : ZoneNames.resolve("*", names.name(node))
            .filter(wildcard -> names.find(wildcard) != NameTrie.NONE)
            .orElse(null);
  }

  /// Whether an address is sent for the name, as an answer or as glue, be it by a wildcard or by
  /// steering.
  boolean hasAddress(DnsName name) {
    if (names.find(name) != NameTrie.NONE) {
      return holdsAddress(name);
    }
    DnsName source = isAuthoritative(name) ? source(name) : null;
    return source != null && holdsAddress(source);
  }

  private boolean holdsAddress(DnsName name) {
    ZoneData.Node node = data.node(name);
    return slots.containsKey(name) || node != null && node.hasAddress();
  }
}
