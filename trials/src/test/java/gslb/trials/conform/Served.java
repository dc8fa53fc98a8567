package gslb.trials.conform;

import gslb.base.DnsName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/// The zones of one server, as far as the explanations need them: which zone a name belongs to, and
/// which names a zone has.
final class Served {
  private final Map<DnsName, Set<DnsName>> namesByApex = new HashMap<>();
  private final Map<DnsName, Set<DnsName>> cutsByApex = new HashMap<>();

  Served(List<CorpusZone> zones) {
    for (CorpusZone zone : zones) {
      Set<DnsName> names = new HashSet<>();
      Set<DnsName> cuts = new HashSet<>();
      for (int node = 0; node < zone.zone().nodeCount(); node++) {
        DnsName name = zone.zone().name(node);
        names.add(name);
        if (zone.zone().rrset(node, Type.NS) >= 0 && !name.equals(zone.apex())) {
          cuts.add(name);
        }
      }
      namesByApex.put(zone.apex(), names);
      cutsByApex.put(zone.apex(), cuts);
    }
  }

  static DnsName name(Name name) {
    return DnsName.ofWire(name.toWire(), 0);
  }

  boolean isApex(DnsName name) {
    return namesByApex.containsKey(name);
  }

  /// The apex of the name's zone, or null.
  @Nullable DnsName apexOf(DnsName name) {
    for (DnsName at = name; ; at = at.parent()) {
      if (namesByApex.containsKey(at)) {
        return at;
      }
      if (at.isRoot()) {
        return null;
      }
    }
  }

  /// Whether no zone here is the parent of the one with that apex: there is none above it, or the
  /// nearest above delegates a name between them.
  boolean hasParentElsewhere(DnsName apex) {
    DnsName above = apex.isRoot() ? null : apexOf(apex.parent());
    if (above == null) {
      return true;
    }
    for (DnsName at = apex.parent(); !at.equals(above); at = at.parent()) {
      if (cutsByApex.getOrDefault(above, Set.of()).contains(at)) {
        return true;
      }
    }
    return false;
  }

  /// Whether the name, or one above it in its zone, is not in that zone but in one above it: as
  /// glue or hidden below the cut.
  boolean isInZoneAbove(DnsName name) {
    DnsName apex = apexOf(name);
    if (apex == null) {
      return false;
    }
    for (DnsName at = name; !at.equals(apex); at = at.parent()) {
      if (!namesByApex.getOrDefault(apex, Set.of()).contains(at) && isInAnyZone(at)) {
        return true;
      }
    }
    return false;
  }

  private boolean isInAnyZone(DnsName name) {
    return namesByApex.values().stream().anyMatch(names -> names.contains(name));
  }
}
