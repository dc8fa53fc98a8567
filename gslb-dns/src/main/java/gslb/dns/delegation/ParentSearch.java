package gslb.dns.delegation;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.zones.FlatZone;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the parent of a zone and its servers with the help of resolvers. Confined to one thread.
final class ParentSearch {
  /// Servers of a parent that are asked.
  private static final int SERVERS_MAX = 32;

  private final Asker asker;
  private final List<InetSocketAddress> resolvers;
  private final Map<DnsName, Parent> found = new HashMap<>();

  /// A zone above ours and where it is served.
  record Parent(DnsName zone, List<ServerAddress> servers) {}

  /// @param resolvers in the order in which they are asked
  ParentSearch(Asker asker, List<InetSocketAddress> resolvers) {
    this.asker = asker;
    this.resolvers = List.copyOf(resolvers);
  }

  boolean hasResolvers() {
    return !resolvers.isEmpty();
  }

  /// The nearest zone above.
  ///
  /// @throws Asker.Unanswered if no resolver finds it
  Parent parentOf(DnsName zone) throws Asker.Unanswered {
    DnsName name = zone.parent();
    Parent known = found.get(name);
    if (known == null) {
      known = search(name);
      found.put(name, known);
    }
    return known;
  }

  private Parent search(DnsName first) throws Asker.Unanswered {
    for (DnsName name = first; ; name = name.parent()) {
      DnsName at = name;
      DnsReply reply = resolve(name, FlatZone.TYPE_NS);
      List<ServerAddress> servers = new ArrayList<>();
      boolean isZone = false;
      for (ReplyRecord record : reply.answer()) {
        if (record.rdata() instanceof ReplyRecord.Server(DnsName server)
            && record.owner().equals(at)) {
          isZone = true;
          for (Address address : addresses(server)) {
            servers.add(
                new ServerAddress(
                    server, new InetSocketAddress(address.toInetAddress(), Names.DNS_PORT)));
          }
        }
      }
      if (isZone) {
        return new Parent(name, servers.stream().limit(SERVERS_MAX).toList());
      }
      if (name.isRoot()) {
        throw new Asker.Unanswered("no resolver knows the name servers of the root", false);
      }
    }
  }

  /// Addresses of a server, none if it has none.
  List<Address> addresses(DnsName name) throws Asker.Unanswered {
    List<Address> addresses = new ArrayList<>();
    for (int type : new int[] {FlatZone.TYPE_A, FlatZone.TYPE_AAAA}) {
      for (ReplyRecord record : resolve(name, type).answer()) {
        if (record.rdata() instanceof ReplyRecord.Host(Address address)) {
          addresses.add(address);
        }
      }
    }
    return addresses;
  }

  private DnsReply resolve(DnsName name, int type) throws Asker.Unanswered {
    String why = "no resolver is known";
    for (InetSocketAddress resolver : resolvers) {
      try {
        DnsReply reply = asker.ask(resolver, name, type, true);
        if (reply.rcode() == DnsReply.NOERROR || reply.rcode() == DnsReply.NXDOMAIN) {
          return reply;
        }
        why = Names.shown(resolver) + " answers " + ParentComparison.rcode(reply.rcode());
      } catch (Asker.Unanswered e) {
        why = Names.shown(resolver) + " " + e.why();
      }
    }
    throw new Asker.Unanswered(why, false);
  }
}
