package gslb.dns.delegation;

import gslb.base.Address;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.dns.delegation.Finding.Kind;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What can be said of a delegation without asking anybody.
///
/// @param listen where this node serves DNS
/// @param members addresses of the cluster's nodes; empty without a cluster
public record DelegationAdvice(List<InetSocketAddress> listen, List<Address> members) {
  private static final int TOGETHER_V4 = 24;
  private static final int TOGETHER_V6 = 48;

  public DelegationAdvice {
    listen = List.copyOf(listen);
    members = List.copyOf(members);
  }

  void add(Delegation wanted, Findings findings) {
    if (wanted.servers().size() == 1) {
      findings.add(
          Kind.SERVERS_FEW,
          "there is one name server",
          "two or more keep the zone alive when one is lost (RFC 1034 §4.1)");
    }
    boolean isComplete = true;
    for (NameServer server : wanted.servers()) {
      isComplete &= !server.addresses().isEmpty();
      if (server.needsGlue() && server.addresses().isEmpty()) {
        findings.add(
            Kind.ADDRESS_UNKNOWN,
            Names.shown(server.name()) + " has no address in the zone file",
            "give it A or AAAA records there; a service cannot steer it, its address is glue");
      }
    }
    if (isComplete) {
      addPrefixes(wanted, findings);
    }
    addListeners(wanted, findings);
  }

  /// RFC 2182 §3.1: servers stand apart in the network.
  private static void addPrefixes(Delegation wanted, Findings findings) {
    boolean hasV4 = false;
    for (Family family : Family.values()) {
      int length = family == Family.V4 ? TOGETHER_V4 : TOGETHER_V6;
      Set<Address> addresses = addresses(wanted, family);
      Set<Prefix> prefixes = new TreeSet<>();
      addresses.forEach(address -> prefixes.add(Prefix.around(address, length)));
      hasV4 |= family == Family.V4 && !addresses.isEmpty();
      long servers =
          wanted.servers().stream()
              .filter(server -> server.addresses().stream().anyMatch(a -> a.family() == family))
              .count();
      if (servers > 1 && prefixes.size() == 1) {
        findings.add(
            Kind.SERVERS_TOGETHER,
            "all name servers with an "
                + (family == Family.V4 ? "IPv4" : "IPv6")
                + " address are in "
                + prefixes.iterator().next(),
            "servers in other networks keep the zone alive when that one is lost (RFC 2182 §3.1)");
      }
    }
    if (!hasV4) {
      findings.add(
          Kind.V4_MISSING,
          "no name server has an IPv4 address",
          "resolvers without IPv6 do not find the zone (RFC 3901 §4)");
    }
  }

  private static Set<Address> addresses(Delegation wanted, Family family) {
    return wanted.servers().stream()
        .flatMap(server -> server.addresses().stream())
        .filter(address -> address.family() == family)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void addListeners(Delegation wanted, Findings findings) {
    if (listen.stream().noneMatch(address -> address.getPort() == Names.DNS_PORT)) {
      findings.add(
          Kind.PORT_UNUSUAL,
          "this node serves DNS at "
              + listen.stream().map(Names::shown).collect(Collectors.joining(", "))
              + ", resolvers ask port 53",
          "listen on port 53, or forward it");
    }
    Set<Address> ours = new TreeSet<>();
    boolean isKnown = true;
    for (InetSocketAddress address : listen) {
      isKnown &= !address.getAddress().isAnyLocalAddress();
      ours.add(Address.of(address.getAddress()));
    }
    Set<Address> named = addresses(wanted, Family.V4);
    named.addAll(addresses(wanted, Family.V6));
    if (isKnown && !named.isEmpty() && named.stream().noneMatch(ours::contains)) {
      findings.add(
          Kind.NODE_NOT_LISTED,
          "no name server has an address of this node, which serves DNS at "
              + listen.stream().map(Names::shown).collect(Collectors.joining(", ")),
          "name this node in the zone's NS records, unless addresses are translated on the way");
    }
    addStrangers(named, ours, findings);
  }

  /// That a member's address is one of a name server shows that the cluster uses the addresses that
  /// DNS is served on; then every name server should be one of them.
  private void addStrangers(Set<Address> named, Set<Address> ours, Findings findings) {
    if (members.stream().noneMatch(named::contains)) {
      return;
    }
    for (Address address : named) {
      if (!ours.contains(address)
          && !members.contains(address)
          && address.isV4() == members.getFirst().isV4()) {
        findings.add(
            Kind.NODE_NOT_LISTED,
            address + " is the address of a name server and of no member of the cluster",
            "correct it in the zone, or add the member");
      }
    }
  }
}
