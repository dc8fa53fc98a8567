package gslb.zones;

import gslb.base.DnsName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What exists where in a zone that is checked: names, cuts, DNAMEs, steered names. Confined to one
/// thread.
final class ZoneShape {
  private final DnsName apex;
  private final ZoneData data;
  private final Map<DnsName, DynamicSlot> slots = new HashMap<>();

  /// Owners of NS and of DNAME; the apex is no cut.
  private final Set<DnsName> cuts = new HashSet<>();

  private final Set<DnsName> dnames = new HashSet<>();

  /// What some NS record names.
  private final Set<DnsName> nameservers = new HashSet<>();

  /// All names of the zone, empty non-terminals included.
  private final Set<DnsName> names = new HashSet<>();

  ZoneShape(DnsName apex, ZoneData data) {
    this.apex = apex;
    this.data = data;
    for (ZoneData.Node node : data.nodes()) {
      addName(node.name);
      ZoneData.RrSet ns = node.rrset(FlatZone.TYPE_NS);
      if (ns != null) {
        ns.records.forEach(record -> nameservers.add(record.target(0)));
        if (!node.name.equals(apex)) {
          cuts.add(node.name);
        }
      }
      if (node.has(FlatZone.TYPE_DNAME)) {
        dnames.add(node.name);
      }
    }
  }

  private void addName(DnsName name) {
    for (DnsName at = name; names.add(at) && !at.equals(apex); at = at.parent()) {}
  }

  /// Adds a steered name at or below the apex, and returns the slot that has the name already, or
  /// null.
  @Nullable DynamicSlot add(DynamicSlot slot) {
    addName(slot.name());
    return slots.putIfAbsent(slot.name(), slot);
  }

  Iterable<DynamicSlot> slots() {
    return slots.values();
  }

  boolean isNameserver(DnsName name) {
    return nameservers.contains(name);
  }

  /// The topmost cut at or above a name of the zone, or null.
  @Nullable DnsName cutOf(DnsName name) {
    DnsName topmost = null;
    if (!cuts.isEmpty()) {
      for (DnsName at = name; !at.equals(apex); at = at.parent()) {
        topmost = cuts.contains(at) ? at : topmost;
      }
    }
    return topmost;
  }

  /// A DNAME strictly above a name of the zone, or null.
  @Nullable DnsName dnameAbove(DnsName name) {
    if (!dnames.isEmpty()) {
      for (DnsName at = name; !at.equals(apex); ) {
        at = at.parent();
        if (dnames.contains(at)) {
          return at;
        }
      }
    }
    return null;
  }

  /// Whether this zone answers for the name from records of its own.
  boolean isAuthoritative(DnsName name) {
    return name.isAtOrBelow(apex) && cutOf(name) == null && dnameAbove(name) == null;
  }

  /// The name whose records answer for a name at or below the apex: itself, or the source of
  /// synthesis (RFC 4592 §3.3.1), or null if it does not exist.
  @Nullable DnsName source(DnsName name) {
    if (names.contains(name)) {
      return name;
    }
    DnsName encloser = name.parent();
    while (!names.contains(encloser) && !encloser.equals(apex)) {
      encloser = encloser.parent();
    }
    return ZoneNames.resolve("*", encloser).filter(names::contains).orElse(null);
  }

  /// Whether an address is sent for the name, as an answer or as glue, be it by a wildcard or by
  /// steering.
  boolean hasAddress(DnsName name) {
    if (names.contains(name)) {
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
