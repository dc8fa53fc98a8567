package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.config.Section.Fields;
import gslb.dns.Responder;
import gslb.steering.Catalog;
import gslb.steering.Families;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.zones.FlatZone;
import gslb.zones.NameMatch;
import gslb.zones.NameView;
import gslb.zones.ZoneSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks at where the CNAMEs of pools lead inside the node's own zones.
record AliasChecks(ZoneSet zones, Catalog catalog, Diagnostics diagnostics) {
  /// No service: the name is another server's, or of the zone alone.
  private static final int ELSEWHERE = -1;

  /// The name does not exist in its zone.
  private static final int NOWHERE = -2;

  /// A service that may choose a pool whose CNAME leads to another service.
  private record Step(Pool pool, int to) {}

  void check(List<Named.Entry<Fields>> written) {
    Map<String, Located<DnsName>> cnames = new HashMap<>();
    for (Named.Entry<Fields> pool : written) {
      Located<DnsName> cname =
          pool.value() == null ? null : pool.value().located(Schema.POOL_CNAME);
      if (cname != null) {
        cnames.put(pool.name().value(), cname);
      }
    }
    if (cnames.isEmpty()) {
      return;
    }
    Map<String, Integer> ends = new HashMap<>();
    cnames.forEach((pool, cname) -> ends.put(pool, end(pool, cname)));
    Map<Integer, List<Step>> steps = new LinkedHashMap<>();
    for (Service service : catalog.services()) {
      for (Pool pool : ServiceChecks.poolsOf(service)) {
        Located<DnsName> cname = cnames.get(pool.name());
        if (cname != null && service.families() == Families.INDEPENDENT) {
          reportApart(pool, cname, service);
        }
        int end = ends.getOrDefault(pool.name(), ELSEWHERE);
        if (cname != null && (end == service.id() || service.names().contains(cname.value()))) {
          reportOwn(pool, cname, service);
        } else if (end >= 0) {
          steps.computeIfAbsent(service.id(), _ -> new ArrayList<>()).add(new Step(pool, end));
        }
      }
    }
    reportCircles(steps, cnames);
  }

  /// The service that the name leads to, be it by CNAMEs of the zones, or {@link #ELSEWHERE}.
  private int end(String pool, Located<DnsName> cname) {
    NameView name = new NameView();
    DnsName at = cname.value();
    for (int i = 0; i < Responder.CHAIN_LENGTH_MAX; i++) {
      name.set(at.toWire(), 0, at.wireLength());
      FlatZone zone = zones.find(name);
      int node = zone == null ? ELSEWHERE : node(zone, name);
      if (zone == null || node == ELSEWHERE) {
        return ELSEWHERE;
      }
      if (node == NOWHERE) {
        diagnostics.warning(
            cname.where(),
            "'cname' of pool '"
                + pool
                + "' leads to "
                + Shown.quoted(at.withoutDot())
                + ", which does not exist",
            "it lies in the zone " + zone.apex().withoutDot(),
            "add records of it, or correct the name");
        return ELSEWHERE;
      }
      int alias = zone.rrset(node, FlatZone.TYPE_CNAME);
      if (alias < 0) {
        return zone.dynamicSlot(node);
      }
      at = DnsName.ofWire(zone.rdataPage(alias), zone.rdataOffset(alias, 0));
    }
    return ELSEWHERE;
  }

  private static int node(FlatZone zone, NameView name) {
    NameMatch match = new NameMatch();
    zone.match(name, match);
    if (match.cut >= 0 || match.dname >= 0) {
      return ELSEWHERE;
    }
    int node = match.node >= 0 ? match.node : match.wildcard;
    return node < 0 ? NOWHERE : node;
  }

  private void reportApart(Pool pool, Located<DnsName> cname, Service service) {
    diagnostics.error(
        cname.where(),
        "service '"
            + service.name()
            + "' decides its families independently and may choose pool '"
            + pool.name()
            + "', which has a 'cname'",
        "a CNAME is the answer to A and AAAA alike (RFC 1034 §3.6.2)",
        "set 'families' of the service to any or every");
  }

  private void reportOwn(Pool pool, Located<DnsName> cname, Service service) {
    diagnostics.error(
        cname.where(),
        "'cname' of pool '"
            + pool.name()
            + "' leads back to service '"
            + service.name()
            + "', which may choose the pool",
        "an alias that leads to itself has no end (RFC 1034 §3.6.2)",
        "name the load balancer's own host");
  }

  /// Several services may lead to each other. Whether they do at once depends on client and health.
  private void reportCircles(Map<Integer, List<Step>> steps, Map<String, Located<DnsName>> cnames) {
    Set<Integer> done = new HashSet<>();
    for (int from : steps.keySet()) {
      Set<Integer> seen = new HashSet<>();
      List<Integer> open = new ArrayList<>(List.of(from));
      while (!open.isEmpty()) {
        int service = open.removeLast();
        if (done.contains(service) || !seen.add(service)) {
          continue;
        }
        for (Step step : steps.getOrDefault(service, List.of())) {
          Located<DnsName> cname = cnames.get(step.pool().name());
          if (step.to() == from && cname != null) {
            reportCircle(step.pool(), cname, from);
          }
          open.add(step.to());
        }
      }
      done.add(from);
    }
  }

  private void reportCircle(Pool pool, Located<DnsName> cname, int service) {
    diagnostics.warning(
        cname.where(),
        "'cname' of pool '"
            + pool.name()
            + "' leads to service '"
            + catalog.services().get(service).name()
            + "', whose pools' 'cname's may lead back to it",
        "an alias that leads to itself has no end (RFC 1034 §3.6.2)",
        "name the load balancer's own host");
  }
}
