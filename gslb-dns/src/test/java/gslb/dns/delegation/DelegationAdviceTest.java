package gslb.dns.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.DnsName;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What the configuration alone says of a delegation.
final class DelegationAdviceTest {
  private static List<String> advice(DelegationAdvice advice, String... addressLists) {
    List<NameServer> servers = new ArrayList<>();
    for (String list : addressLists) {
      List<Address> addresses =
          list.isEmpty()
              ? List.of()
              : List.of(list.split(" ", -1)).stream().map(Address::of).toList();
      servers.add(
          new NameServer(
              DnsName.of("ns" + (servers.size() + 1) + ".gslb.example"), addresses, true));
    }
    Delegation wanted = new Delegation(DnsName.of("gslb.example"), 300, 1, servers, Set.of());
    return DelegationCheck.unasked(advice, wanted).findings().stream()
        .map(Finding::problem)
        .toList();
  }

  private static DelegationAdvice listening(String... addresses) {
    return new DelegationAdvice(
        List.of(addresses).stream().map(DelegationAdviceTest::at).toList(), List.of());
  }

  private static InetSocketAddress at(String address) {
    return new InetSocketAddress(Address.of(address).toInetAddress(), 53);
  }

  private static final DelegationAdvice ANYWHERE = listening("0.0.0.0", "::");

  @Test
  void twoServersApartAreWhatIsWanted() {
    assertThat(advice(ANYWHERE, "192.0.2.53 2001:db8:a::1", "198.51.100.53 2001:db8:b::1"))
        .isEmpty();
  }

  @Test
  void oneServerIsTooFew() {
    assertThat(advice(ANYWHERE, "192.0.2.53")).containsExactly("there is one name server");
  }

  @Test
  void serversInOnePrefixFallTogether() {
    assertThat(advice(ANYWHERE, "192.0.2.53 2001:db8:a::1", "192.0.2.54 2001:db8:a::2"))
        .containsExactly(
            "all name servers with an IPv4 address are in 192.0.2.0/24",
            "all name servers with an IPv6 address are in 2001:db8:a::/48");
  }

  @Test
  void serversWithoutIpv4AreNotFoundByAll() {
    assertThat(advice(ANYWHERE, "2001:db8:a::1", "2001:db8:b::1"))
        .containsExactly("no name server has an IPv4 address");
  }

  @Test
  void aServerInTheZoneNeedsAnAddressThere() {
    assertThat(advice(ANYWHERE, "192.0.2.53", ""))
        .containsExactly("ns2.gslb.example has no address in the zone file");
  }

  @Test
  void theNodeItselfShouldBeAmongTheServers() {
    assertThat(advice(listening("192.0.2.53"), "192.0.2.53", "198.51.100.53")).isEmpty();
    assertThat(advice(listening("203.0.113.9"), "192.0.2.53", "198.51.100.53"))
        .containsExactly(
            "no name server has an address of this node, which serves DNS at 203.0.113.9");
  }

  @Test
  void aPortThatNoResolverAsksIsPointedOut() {
    DelegationAdvice advice =
        new DelegationAdvice(
            List.of(new InetSocketAddress(Address.of("192.0.2.53").toInetAddress(), 5300)),
            List.of());
    assertThat(advice(advice, "192.0.2.53", "198.51.100.53"))
        .containsExactly("this node serves DNS at 192.0.2.53:5300, resolvers ask port 53");
  }

  @Test
  void aServerThatIsNoMemberIsPointedOutWhenMembersAreServers() {
    DelegationAdvice members =
        new DelegationAdvice(
            List.of(at("192.0.2.53")),
            List.of(Address.of("192.0.2.53"), Address.of("198.51.100.53")));
    assertThat(advice(members, "192.0.2.53 2001:db8:a::1", "198.51.100.53")).isEmpty();
    assertThat(advice(members, "192.0.2.53", "198.51.100.99"))
        .containsExactly(
            "198.51.100.99 is the address of a name server and of no member of the cluster");
    DelegationAdvice elsewhere =
        new DelegationAdvice(
            List.of(at("192.0.2.53")), List.of(Address.of("10.0.0.1"), Address.of("10.0.0.2")));
    assertThat(advice(elsewhere, "192.0.2.53", "198.51.100.99")).isEmpty();
  }
}
