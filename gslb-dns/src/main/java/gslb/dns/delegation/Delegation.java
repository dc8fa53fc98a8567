package gslb.dns.delegation;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.zones.FlatZone;
import gslb.zones.NameMatch;
import gslb.zones.NameView;
import gslb.zones.ZoneSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the parent of a zone must hold: its name servers and the addresses of those that lie inside
/// it, as the zone itself says.
///
/// @param ttl of the NS RRset, seconds
/// @param servers by name
/// @param keyTags of the zone's keys (RFC 4034 appendix B); empty if the zone is not signed
public record Delegation(
    DnsName zone, int ttl, long serial, List<NameServer> servers, Set<Integer> keyTags) {
  private static final int TYPE_DNSKEY = 48;

  /// REFRESH, RETRY, EXPIRE, MINIMUM and SERIAL end the SOA's RDATA (RFC 1035 §3.3.13).
  private static final int SERIAL_FROM_END = 20;

  public Delegation {
    servers = servers.stream().sorted(Comparator.comparing(NameServer::name)).toList();
    keyTags = Set.copyOf(keyTags);
  }

  /// Reads the apex of a zone.
  ///
  /// @param all where addresses of servers outside the zone are looked for
  public static Delegation of(FlatZone zone, ZoneSet all) {
    int ns = zone.rrset(zone.apexNode(), FlatZone.TYPE_NS);
    List<NameServer> servers = new ArrayList<>();
    for (int i = 0; i < zone.recordCount(ns); i++) {
      DnsName name = DnsName.ofWire(zone.rdataPage(ns), zone.rdataOffset(ns, i));
      servers.add(new NameServer(name, addresses(name, all), name.isAtOrBelow(zone.apex())));
    }
    int soa = zone.rrset(zone.apexNode(), FlatZone.TYPE_SOA);
    byte[] page = zone.rdataPage(soa);
    int at = zone.rdataOffset(soa, 0) + zone.rdataLength(soa, 0) - SERIAL_FROM_END;
    return new Delegation(zone.apex(), zone.ttl(ns), u32(page, at), servers, keyTags(zone));
  }

  private static long u32(byte[] bytes, int at) {
    return (bytes[at] & 0xffL) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }

  private static Set<Integer> keyTags(FlatZone zone) {
    int keys = zone.rrset(zone.apexNode(), TYPE_DNSKEY);
    Set<Integer> tags = new HashSet<>();
    for (int i = 0; keys >= 0 && i < zone.recordCount(keys); i++) {
      int sum = 0;
      for (int at = 0; at < zone.rdataLength(keys, i); at++) {
        int octet = zone.rdataPage(keys)[zone.rdataOffset(keys, i) + at] & 0xff;
        sum += (at & 1) == 0 ? octet << 8 : octet;
      }
      tags.add(sum + (sum >>> 16) & 0xffff);
    }
    return tags;
  }

  private static List<Address> addresses(DnsName name, ZoneSet all) {
    byte[] wire = name.toWire();
    NameView view = new NameView();
    view.set(wire, 0, wire.length);
    FlatZone zone = all.find(view);
    if (zone == null) {
      return List.of();
    }
    NameMatch match = new NameMatch();
    zone.match(view, match);
    int node = match.node >= 0 ? match.node : match.wildcard;
    List<Address> found = new ArrayList<>();
    if (node >= 0) {
      for (int type : new int[] {FlatZone.TYPE_A, FlatZone.TYPE_AAAA}) {
        int rrset = zone.rrset(node, type);
        for (int i = 0; rrset >= 0 && i < zone.recordCount(rrset); i++) {
          int from = zone.rdataOffset(rrset, i);
          found.add(
              Address.of(
                  Arrays.copyOfRange(
                      zone.rdataPage(rrset), from, from + zone.rdataLength(rrset, i))));
        }
      }
    }
    return found;
  }

  public boolean isSigned() {
    return !keyTags.isEmpty();
  }

  /// The records to put into the parent zone, in zone-file form (RFC 1035 §5), ready to paste.
  public List<String> records() {
    int width = zone.toString().length();
    for (NameServer server : servers) {
      width = server.needsGlue() ? Math.max(width, server.name().toString().length()) : width;
    }
    List<String> lines = new ArrayList<>();
    for (NameServer server : servers) {
      lines.add(record(zone, width, "NS", server.name().toString()));
    }
    for (NameServer server : servers) {
      for (Address address : server.needsGlue() ? server.addresses() : List.<Address>of()) {
        lines.add(record(server.name(), width, address.isV4() ? "A" : "AAAA", address.toString()));
      }
    }
    return lines;
  }

  private String record(DnsName owner, int width, String type, String value) {
    String name = owner.toString();
    return name + " ".repeat(width - name.length()) + " " + ttl + " IN " + pad(type) + value;
  }

  private static String pad(String type) {
    return type + " ".repeat(5 - type.length());
  }
}
