package gslb.node;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import gslb.config.Configuration;
import gslb.zones.FlatZone;
import gslb.zones.SerialCheck;
import java.util.HashMap;
import java.util.Map;

/// Whether the serials of zones rise with their changes. It is said, and the zone is served.
final class ZoneSerials {
  private ZoneSerials() {}

  static void compare(Configuration running, Configuration next, Diagnostics diagnostics) {
    Map<DnsName, FlatZone> before = new HashMap<>();
    running.zones().forEach(zone -> before.put(zone.apex(), zone));
    SourceSpan where = SourceSpan.file(next.files().getFirst());
    for (FlatZone zone : next.zones()) {
      FlatZone old = before.get(zone.apex());
      if (old != null) {
        SerialCheck.compare(old, zone, where, diagnostics);
      }
    }
  }
}
