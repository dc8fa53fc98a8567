package gslb.dns;

import gslb.base.DnsName;
import gslb.zones.FlatZone;
import gslb.zones.NameMatch;
import gslb.zones.NameView;
import java.util.ArrayList;
import java.util.List;

/// What the zones of a snapshot hold for a name, for people: what {@link Solver} meets there (RFC
/// 1034 §4.3.2 steps 2 and 3).
public sealed interface NameFinding {
  /// No zone here has it: REFUSED.
  record Outside() implements NameFinding {}

  /// A service answers.
  ///
  /// @param owner the name itself, or the wildcard that stands for it
  /// @param service its id
  /// @param isDecided whether the type that was asked for is the service's to answer; others are
  ///     static
  /// @param types of static RRsets beside it
  record Steered(DnsName zone, DnsName owner, int service, boolean isDecided, List<Integer> types)
      implements NameFinding {
    public Steered {
      types = List.copyOf(types);
    }
  }

  /// Static records, at the name or by a wildcard.
  ///
  /// @param types of its RRsets; none at an empty non-terminal (RFC 4592 §2.2.2)
  record Static(DnsName zone, DnsName owner, List<Integer> types) implements NameFinding {
    public Static {
      types = List.copyOf(types);
    }
  }

  /// NXDOMAIN.
  ///
  /// @param closestEncloser the longest ancestor that exists
  record Missing(DnsName zone, DnsName closestEncloser) implements NameFinding {}

  /// A referral to the servers of a child zone.
  ///
  /// @param cut its apex, at or above the name
  record Delegated(DnsName zone, DnsName cut) implements NameFinding {}

  /// A DNAME above it leads elsewhere (RFC 6672 §3.2).
  record Renamed(DnsName zone, DnsName owner) implements NameFinding {}

  /// Looks a name up.
  ///
  /// @param type that is asked for; a DS at a cut is the parent's
  static NameFinding of(DnsSnapshot snapshot, DnsName name, int type) {
    NameView view = new NameView();
    view.set(name.toWire(), 0, name.wireLength());
    FlatZone zone = snapshot.zones().find(view);
    if (zone == null) {
      return new Outside();
    }
    NameMatch match = new NameMatch();
    zone.match(view, match);
    if (match.dname >= 0) {
      return new Renamed(zone.apex(), zone.name(match.dname));
    }
    boolean isDsAtCut = type == FlatZone.TYPE_DS && match.cut == match.node;
    if (match.cut >= 0 && !isDsAtCut) {
      return new Delegated(zone.apex(), zone.name(match.cut));
    }
    int node = match.node >= 0 ? match.node : match.wildcard;
    if (node < 0) {
      return new Missing(zone.apex(), zone.name(match.closestEncloser));
    }
    List<Integer> types = new ArrayList<>();
    for (int i = 0; i < Math.min(zone.rrsetCount(node), Rehearsal.TYPES_MAX); i++) {
      types.add(zone.type(zone.firstRrset(node) + i));
    }
    int slot = zone.dynamicSlot(node);
    return slot < 0
        ? new Static(zone.apex(), zone.name(node), types)
        : new Steered(zone.apex(), zone.name(node), slot, decides(snapshot, slot, type), types);
  }

  private static boolean decides(DnsSnapshot snapshot, int service, int type) {
    return snapshot.answers().mayAlias(service)
        || type == FlatZone.TYPE_A
        || type == FlatZone.TYPE_AAAA
        || type == FlatZone.TYPE_HTTPS && snapshot.answers().https(service) != null;
  }
}
