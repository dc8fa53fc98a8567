package gslb.dns.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.dns.delegation.Finding.Kind;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is found when parents and name servers say this or that.
final class DelegationCheckTest {
  private static final String PARENT = "203.0.113.33";
  private static final String ZONE = "gslb.example.";
  private static final String[] REFERRAL = {
    "authority gslb.example. 300 NS ns1.gslb.example.",
    "authority gslb.example. 300 NS ns2.gslb.example.",
    "additional ns1.gslb.example. 300 A 192.0.2.53",
    "additional ns2.gslb.example. 300 A 198.51.100.53",
    "additional ns2.gslb.example. 300 AAAA 2001:db8:b::53",
  };
  private static final String PARENT_START =
      "authority example. 300 SOA ns.nic.example. h.nic.example. 1 3600 600 604800 60";
  private static final String START =
      "answer gslb.example. 300 SOA ns1.gslb.example. h.gslb.example. 7 3600 600 604800 60";

  private static final Delegation WANTED =
      new Delegation(
          DnsName.of("gslb.example"),
          300,
          7,
          List.of(
              server("ns1.gslb.example", true, "192.0.2.53"),
              server("ns2.gslb.example", true, "198.51.100.53", "2001:db8:b::53")),
          Set.of());

  private final ScriptedServers servers =
      new ScriptedServers()
          .on(PARENT, ZONE, "NS", "NOERROR", REFERRAL)
          .on(PARENT, ZONE, "DS", "aa NOERROR", PARENT_START)
          .on("192.0.2.53", ZONE, "SOA", "aa NOERROR", START)
          .on("198.51.100.53", ZONE, "SOA", "aa NOERROR", START)
          .on("2001:db8:b:0:0:0:0:53", ZONE, "SOA", "aa NOERROR", START);

  private final List<String> progress = new ArrayList<>();

  private static NameServer server(String name, boolean needsGlue, String... addresses) {
    return new NameServer(
        DnsName.of(name), List.of(addresses).stream().map(Address::of).toList(), needsGlue);
  }

  private static InetSocketAddress at(String address) {
    return new InetSocketAddress(Address.of(address).toInetAddress(), 53);
  }

  private CheckedDelegation check(Delegation wanted, String... parents) {
    DelegationAdvice advice = new DelegationAdvice(List.of(at("192.0.2.53")), List.of());
    return new DelegationCheck(
            advice, servers, List.of(at("203.0.113.53"), at("203.0.113.54")), progress::add)
        .check(wanted, List.of(parents).stream().map(DelegationCheckTest::at).toList());
  }

  private List<Kind> kinds() {
    return check(WANTED, PARENT).findings().stream().map(Finding::kind).toList();
  }

  private String only() {
    assertThat(check(WANTED, PARENT).findings()).hasSize(1);
    return check(WANTED, PARENT).findings().getFirst().toString();
  }

  private static String[] replaced(int line, String... by) {
    List<String> lines = new ArrayList<>(List.of(REFERRAL));
    lines.remove(line);
    lines.addAll(line, List.of(by));
    return lines.toArray(String[]::new);
  }

  @Test
  void nothingIsFoundWhenParentAndZoneAgree() {
    CheckedDelegation checked = check(WANTED, PARENT);
    assertThat(checked.findings()).isEmpty();
    assertThat(checked.hasErrors()).isFalse();
    assertThat(checked.asked()).hasSize(1);
    assertThat(checked.answers())
        .extracting(CheckedDelegation.AskedServer::serial)
        .containsExactly(7L, 7L, 7L);
    assertThat(progress)
        .contains(
            "asking 203.0.113.33 for gslb.example",
            "asking ns2.gslb.example at 2001:db8:b::53 for the SOA of gslb.example");
  }

  @Test
  void aServerThatTheParentDoesNotListIsAnError() {
    servers.on(PARENT, ZONE, "NS", "NOERROR", REFERRAL[0], REFERRAL[2]);
    assertThat(only())
        .isEqualTo(
            "gslb.example: error: the parent does not list ns2.gslb.example (203.0.113.33);"
                + " add it there, or remove its NS record from the zone");
  }

  @Test
  void aServerThatOnlyTheParentListsIsAnError() {
    servers.on(
        PARENT,
        ZONE,
        "NS",
        "NOERROR",
        replaced(1, REFERRAL[1], "authority gslb.example. 300 NS old.example.org."));
    assertThat(only()).contains("error: the parent lists old.example.org, which the zone does not");
  }

  @Test
  void glueThatIsMissingOrWrongIsAnErrorForEachAddress() {
    servers.on(
        PARENT,
        ZONE,
        "NS",
        "NOERROR",
        replaced(3, "additional ns2.gslb.example. 300 A 198.51.100.99"));
    assertThat(check(WANTED, PARENT).findings())
        .extracting(Finding::problem)
        .containsExactly(
            "the parent has no A 198.51.100.53 for ns2.gslb.example",
            "the parent has A 198.51.100.99 for ns2.gslb.example, which the zone does not");
  }

  @Test
  void anotherTtlIsWorthANote() {
    servers.on(
        PARENT,
        ZONE,
        "NS",
        "NOERROR",
        List.of(REFERRAL).stream()
            .map(l -> l.replace(" 300 NS", " 86400 NS"))
            .toArray(String[]::new));
    assertThat(only())
        .contains("note: NS records have a TTL of 86400 s in the parent, of 300 s in the zone");
  }

  @Test
  void aSignerOfAnUnsignedZoneIsAnError() {
    servers.on(
        PARENT,
        ZONE,
        "DS",
        "aa NOERROR",
        "answer gslb.example. 300 DS 3613 15 2"
            + " 3AA5AB37EFCE57F737FC1627013FEE07BDF241BD10F3B1964AB55C78E79A304B");
    assertThat(only())
        .contains("error: the parent has a DS record with key tag 3613, and the zone is not signed")
        .contains("remove the DS record: validating resolvers answer SERVFAIL");
    Delegation signed = new Delegation(WANTED.zone(), 300, 7, WANTED.servers(), Set.of(3613));
    assertThat(check(signed, PARENT).findings()).isEmpty();
    Delegation rolled = new Delegation(WANTED.zone(), 300, 7, WANTED.servers(), Set.of(9));
    assertThat(check(rolled, PARENT).has(Kind.DS_OF_NO_KEY)).isTrue();
  }

  @Test
  void aParentWithoutTheDelegationIsAnError() {
    servers.on(PARENT, ZONE, "NS", "aa NXDOMAIN", PARENT_START);
    assertThat(kinds()).containsExactly(Kind.NOT_DELEGATED);
    servers.on(PARENT, ZONE, "NS", "aa NOERROR", PARENT_START);
    assertThat(kinds()).containsExactly(Kind.NOT_DELEGATED);
  }

  @Test
  void aServerThatIsNotOfTheParentIsToldFromOne() {
    servers.on(PARENT, ZONE, "NS", "NOERROR", "authority . 300 NS a.root.example.");
    servers.on(PARENT, ZONE, "DS", "NOERROR", "authority . 300 NS a.root.example.");
    assertThat(only()).contains("error: the server refers to '.'");
    // The zone's own server: it cannot know what the parent has.
    servers.on(PARENT, ZONE, "NS", "aa NOERROR", "answer gslb.example. 300 NS ns1.gslb.example.");
    servers.on(PARENT, ZONE, "DS", "aa NOERROR", START.replace("answer", "authority"));
    assertThat(only()).contains("error: the server has the zone, and not its parent");
    servers.on(PARENT, ZONE, "NS", "REFUSED");
    servers.on(PARENT, ZONE, "DS", "REFUSED");
    assertThat(only()).contains("error: a server of the parent answers REFUSED");
  }

  /// A parent's server that has the zone too answers with the zone's records; glue is not asked of
  /// it.
  @Test
  void aParentThatAlsoServesTheZoneHidesWhatItHas() {
    servers.on(
        PARENT,
        ZONE,
        "NS",
        "aa NOERROR",
        "answer gslb.example. 300 NS ns1.gslb.example.",
        "answer gslb.example. 300 NS ns2.gslb.example.");
    assertThat(kinds()).containsExactly(Kind.PARENT_SERVES_ZONE);
  }

  @Test
  void oneSilentServerOfTheParentIsAWarningAndAllAreAnError() {
    CheckedDelegation checked = check(WANTED, PARENT, "203.0.113.99");
    assertThat(checked.findings()).extracting(Finding::kind).containsExactly(Kind.PARENT_SILENT);
    assertThat(checked.hasErrors()).isFalse();
    assertThat(check(WANTED, "203.0.113.99").findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.PARENT_UNREACHABLE, Kind.PARENT_SILENT);
  }

  @Test
  void whatTheMachineHasNoRouteToIsANote() {
    servers.without("2001:db8:b:0:0:0:0:53");
    assertThat(only())
        .contains("note: a name server cannot be reached from here")
        .contains("(ns2.gslb.example at 2001:db8:b::53)");
  }

  @Test
  void aNameServerWithoutTheZoneIsAnError() {
    servers.on("192.0.2.53", ZONE, "SOA", "REFUSED");
    assertThat(only())
        .contains("error: a name server answers REFUSED (ns1.gslb.example at 192.0.2.53)");
    servers.on("192.0.2.53", ZONE, "SOA", "NOERROR", START);
    assertThat(only()).contains("error: a name server answers without authority");
    servers.on("192.0.2.53", ZONE, "SOA", "aa NOERROR");
    assertThat(only()).contains("error: a name server answers without SOA");
  }

  @Test
  void anotherSerialIsAWarning() {
    servers.on("192.0.2.53", ZONE, "SOA", "aa NOERROR", START.replace(" 7 ", " 6 "));
    assertThat(only()).contains("warning: a name server has serial 6, the zone file 7");
  }

  @Test
  void whatSeveralServersOfTheParentShowIsOneFinding() {
    servers
        .on(PARENT, ZONE, "NS", "NOERROR", REFERRAL[0], REFERRAL[2])
        .on("203.0.113.34", ZONE, "NS", "NOERROR", REFERRAL[0], REFERRAL[2])
        .on("203.0.113.34", ZONE, "DS", "aa NOERROR", PARENT_START);
    assertThat(check(WANTED, PARENT, "203.0.113.34").findings())
        .singleElement()
        .extracting(Finding::servers)
        .isEqualTo(List.of("203.0.113.33", "203.0.113.34"));
  }

  /// `b.example` is an empty non-terminal of `example`; the first resolver is broken.
  @Test
  void theParentIsTheNearestZoneAboveThatAResolverFinds() {
    String resolver = "203.0.113.54";
    servers
        .on("203.0.113.53", "b.example.", "NS", "SERVFAIL")
        .on(resolver, "b.example.", "NS", "NOERROR", PARENT_START)
        .on(resolver, "example.", "NS", "NOERROR", "answer example. 300 NS ns.nic.example.")
        .on(resolver, "ns.nic.example.", "A", "NOERROR", "answer ns.nic.example. 300 A " + PARENT)
        .on(resolver, "ns.nic.example.", "AAAA", "NOERROR", PARENT_START)
        .on(resolver, "ns.example.org.", "A", "NOERROR", "answer ns.example.org. 9 A 192.0.2.7")
        .on(resolver, "ns.example.org.", "AAAA", "NXDOMAIN")
        .on(
            PARENT,
            "a.b.example.",
            "NS",
            "NOERROR",
            "authority a.b.example. 300 NS ns.example.org.")
        .on(PARENT, "a.b.example.", "DS", "aa NOERROR", PARENT_START)
        .on("192.0.2.7", "a.b.example.", "SOA", "aa NOERROR", START.replace(ZONE, "a.b.example."));
    Delegation wanted =
        new Delegation(
            DnsName.of("a.b.example"), 300, 7, List.of(server("ns.example.org", false)), Set.of());
    CheckedDelegation checked = check(wanted);
    assertThat(checked.parent()).isEqualTo(DnsName.of("example"));
    assertThat(checked.asked().getFirst().server()).hasToString("ns.nic.example at 203.0.113.33");
    assertThat(checked.answers().getFirst().outcome()).isEqualTo("serves the zone");
    assertThat(checked.findings()).extracting(Finding::kind).containsExactly(Kind.SERVERS_FEW);
  }

  @Test
  void aParentThatNoResolverFindsIsAnError() {
    CheckedDelegation checked = check(WANTED);
    assertThat(checked.findings())
        .singleElement()
        .hasToString(
            "gslb.example: error: the parent's name servers were not found: 203.0.113.54 does not"
                + " answer; name one with --server, or a resolver with --resolver");
    assertThat(checked.asked()).isEmpty();
  }
}
