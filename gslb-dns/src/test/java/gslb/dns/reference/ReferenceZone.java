package gslb.dns.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/// The records of a zone by owner and type. A name exists if it, or a name below it, owns something
/// (RFC 4592 §2.2.2).
final class ReferenceZone {
  final Name apex;
  private final Map<Name, Map<Integer, List<Record>>> records = new HashMap<>();
  private final Map<Name, Integer> services;
  private final Set<Name> existing = new HashSet<>();

  ReferenceZone(Name apex, List<Record> all, Map<Name, Integer> services) {
    this.apex = apex;
    this.services = Map.copyOf(services);
    for (Record each : all) {
      records
          .computeIfAbsent(each.getName(), n -> new HashMap<>())
          .computeIfAbsent(each.getType(), t -> new ArrayList<>())
          .add(each);
      exists(each.getName());
    }
    services.keySet().forEach(this::exists);
  }

  private void exists(Name name) {
    for (Name each = name; each.subdomain(apex); each = parent(each)) {
      existing.add(each);
      if (each.labels() == 1) {
        break;
      }
    }
  }

  static Name parent(Name name) {
    return new Name(name, 1);
  }

  boolean hasName(Name name) {
    return existing.contains(name);
  }

  /// Whether the name owns records or a service, and does not just stand above one that does.
  boolean ownsAnything(Name name) {
    return records.containsKey(name) || services.containsKey(name);
  }

  List<Record> rrset(Name owner, int type) {
    return records.getOrDefault(owner, Map.of()).getOrDefault(type, List.of());
  }

  boolean owns(Name owner, int type) {
    return !rrset(owner, type).isEmpty();
  }

  boolean isSteered(Name name) {
    return services.containsKey(name);
  }

  int service(Name name) {
    return services.getOrDefault(name, -1);
  }

  boolean isCut(Name name) {
    return !name.equals(apex) && owns(name, Type.NS);
  }

  SOARecord soa() {
    return (SOARecord) rrset(apex, Type.SOA).getFirst();
  }

  /// The names from just below the apex down to `name`.
  List<Name> path(Name name) {
    List<Name> path = new ArrayList<>();
    for (Name each = name; !each.equals(apex); each = parent(each)) {
      path.addFirst(each);
    }
    return path;
  }
}
