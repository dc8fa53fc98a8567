package gslb.config;

import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.config.Section.Fields;
import gslb.zones.FlatZone;
import gslb.zones.NameMatch;
import gslb.zones.NameView;
import gslb.zones.ZoneSet;
import java.util.List;

/// Looks up the hosts of redirect targets that lie in the node's own zones.
record TargetNames(ZoneSet zones, Diagnostics diagnostics) {
  void check(List<Named.Entry<Fields>> pools) {
    for (Named.Entry<Fields> pool : pools) {
      Located<String> target =
          pool.value() == null ? null : pool.value().located(Schema.REDIRECT_TO);
      if (target != null) {
        check(pool.place(), target);
      }
    }
  }

  private void check(Place pool, Located<String> target) {
    String host = RedirectTarget.host(target.value());
    DnsName name = DnsName.parse(host).orElse(null);
    if (name == null || Address.parse(host).isPresent()) {
      return;
    }
    NameView view = new NameView();
    view.set(name.toWire(), 0, name.wireLength());
    FlatZone zone = zones.find(view);
    if (zone != null && !hasAddress(zone, view)) {
      diagnostics.warning(
          target.where(),
          "'redirect-to' of " + pool.words() + " names host '" + host + "', which has no address",
          "it lies in the zone " + zone.apex().withoutDot(),
          "add an A or AAAA record for it");
    }
  }

  private static boolean hasAddress(FlatZone zone, NameView view) {
    NameMatch match = new NameMatch();
    zone.match(view, match);
    int node = match.node >= 0 ? match.node : match.wildcard;
    boolean isElsewhere = match.cut >= 0 || match.dname >= 0;
    return isElsewhere
        || (node >= 0
            && (zone.dynamicSlot(node) >= 0
                || zone.rrset(node, FlatZone.TYPE_A) >= 0
                || zone.rrset(node, FlatZone.TYPE_AAAA) >= 0
                || zone.rrset(node, FlatZone.TYPE_CNAME) >= 0));
  }
}
