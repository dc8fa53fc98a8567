package gslb.dns.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.zones.FlatZone;
import gslb.zones.ZoneFile;
import gslb.zones.ZoneSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is read from our zones.
final class DelegationTest {
  private static FlatZone zone(String apex, String text) {
    Diagnostics diagnostics = new Diagnostics();
    return ZoneFile.read(apex, text, DnsName.of(apex), List.of(), diagnostics)
        .orElseThrow(() -> new AssertionError(diagnostics.sorted().toString()));
  }

  private static final FlatZone GSLB =
      zone(
          "gslb.example",
          """
          $TTL 300
          @ SOA ns1 hostmaster 2026010107 3600 600 604800 60
          @ NS ns1
          @ NS NS.two
          @ NS ns.sibling.example.
          @ NS ns.example.org.
          ns1 AAAA 2001:db8::53
          ns1 A 192.0.2.54
          ns1 A 192.0.2.53
          *.two A 198.51.100.53
          """);

  private static final FlatZone SIBLING =
      zone(
          "sibling.example",
          """
          $TTL 300
          @ SOA ns hostmaster 1 3600 600 604800 60
          @ NS ns
          ns A 203.0.113.53
          @ DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=
          """);

  private static final ZoneSet ALL = ZoneSet.of(List.of(GSLB, SIBLING));

  @Test
  void recordsArePrintedForPastingWithGlueForServersBelowTheCutOnly() {
    assertThat(Delegation.of(GSLB, ALL).records())
        .containsExactly(
            "gslb.example.        300 IN NS   ns1.gslb.example.",
            "gslb.example.        300 IN NS   NS.two.gslb.example.",
            "gslb.example.        300 IN NS   ns.sibling.example.",
            "gslb.example.        300 IN NS   ns.example.org.",
            "ns1.gslb.example.    300 IN A    192.0.2.53",
            "ns1.gslb.example.    300 IN A    192.0.2.54",
            "ns1.gslb.example.    300 IN AAAA 2001:db8::53",
            "NS.two.gslb.example. 300 IN A    198.51.100.53");
  }

  @Test
  void addressesOfServersInOtherZonesOfOursAreKnown() {
    Delegation wanted = Delegation.of(GSLB, ALL);
    assertThat(wanted.servers().get(2))
        .isEqualTo(
            new NameServer(
                DnsName.of("ns.sibling.example"), List.of(Address.of("203.0.113.53")), false));
    assertThat(wanted.servers().getLast().addresses()).isEmpty();
  }

  @Test
  void serialAndKeysAreThoseOfTheApex() {
    Delegation wanted = Delegation.of(GSLB, ALL);
    assertThat(wanted.serial()).isEqualTo(2026010107L);
    assertThat(wanted.isSigned()).isFalse();
    // The key and its tag are the example of RFC 8080 §6.1.
    assertThat(Delegation.of(SIBLING, ALL).keyTags()).containsExactly(3613);
  }
}
