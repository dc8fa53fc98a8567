package gslb.trials.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two nodes serve a zone that is delegated to them below a miniature root: what checkers say of it
/// beside what they say of Knot, and what full resolvers and clients get.
@Tag("proof")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MiniatureRootTest {
  private static final String WEST = "192.0.2.200";
  private static final String EAST = "198.51.100.200";

  private static final String EAST_SUBNET = "198.51.100.0/24";

  private Path folder;

  private MiniatureRoot gslb;

  @BeforeAll
  void serve(@TempDir Path temporary) throws Exception {
    folder = temporary;
    gslb = MiniatureRoot.open(folder.resolve("gslb"));
    gslb.serveByGslb();
    gslb.startUnbound();
    gslb.startNamed();
  }

  @AfterAll
  void end() {
    if (gslb != null) {
      gslb.close();
    }
  }

  private static void print(String title, Messages messages) {
    System.out.println(title + ": " + messages.lines().size() + " messages");
    messages.lines().forEach(line -> System.out.println("  " + line));
  }

  @Test
  void checkersSayNothingThatTheyDoNotSayOfKnot() throws Exception {
    Messages zonemaster;
    Messages dnsviz;
    Messages dnsvizSubnet;
    try (MiniatureRoot knot = MiniatureRoot.open(folder.resolve("knot"))) {
      knot.serveByKnot();
      zonemaster = Messages.ofZonemaster(knot);
      dnsviz = Messages.ofDnsviz(knot, "-E", "-n");
      dnsvizSubnet = Messages.ofDnsviz(knot, "-e", EAST_SUBNET);
    }
    print("zonemaster of Knot", zonemaster);
    print("dnsviz of Knot", dnsviz);
    print("dnsviz of Knot, with a client subnet", dnsvizSubnet);
    Messages ours = Messages.ofZonemaster(gslb);
    print("zonemaster of gslb", ours);
    assertThat(ours.without(zonemaster)).isEmpty();
    ours = Messages.ofDnsviz(gslb, "-E", "-n");
    print("dnsviz of gslb", ours);
    assertThat(ours.without(dnsviz)).isEmpty();
    ours = Messages.ofDnsviz(gslb, "-e", EAST_SUBNET);
    print("dnsviz of gslb, with a client subnet", ours);
    assertThat(ours.without(dnsvizSubnet)).isEmpty();
  }

  /// What makes the silence above worth something.
  @Test
  void checkersComplainOfAServerWithAnotherZone() throws Exception {
    try (MiniatureRoot wrong = MiniatureRoot.open(folder.resolve("wrong"))) {
      wrong.serveWrong();
      Messages zonemaster = Messages.ofZonemaster(wrong);
      Messages dnsviz = Messages.ofDnsviz(wrong, "-E");
      print("zonemaster of a wrong server", zonemaster);
      print("dnsviz of a wrong server", dnsviz);
      assertThat(zonemaster.lines()).anyMatch(line -> line.contains("MULTIPLE_SOA_SERIALS"));
      assertThat(dnsviz.lines()).isNotEmpty();
    }
  }

  private String resolve(String resolver, String client, String... question) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("@" + resolver, "-b", client));
    arguments.addAll(List.of("+time=5", "+tries=1", "+noall", "+comments", "+answer"));
    arguments.addAll(List.of(question));
    return gslb.run("dig", arguments.toArray(String[]::new)).replaceAll("[ \t]+", " ");
  }

  /// Type and data of the answer section.
  private List<String> answer(String resolver, String client, String name, String type)
      throws Exception {
    String printed = resolve(resolver, client, name, type);
    assertThat(printed).contains("status: NOERROR");
    return printed
        .lines()
        .filter(line -> !line.isEmpty() && !line.startsWith(";"))
        .map(line -> line.replaceFirst("^\\S+ \\d+ IN ", ""))
        .map(MiniatureRootTest::folded)
        .sorted()
        .toList();
  }

  /// The target of a synthesized CNAME has the case of the question, which unbound scrambles.
  private static String folded(String record) {
    return record.startsWith("CNAME ")
        ? "CNAME " + record.substring(6).toLowerCase(Locale.ROOT)
        : record;
  }

  @ParameterizedTest
  @ValueSource(strings = {MiniatureRoot.UNBOUND, MiniatureRoot.NAMED})
  void fullResolversGetEveryKindOfAnswer(String resolver) throws Exception {
    assertThat(answer(resolver, WEST, "static.gslb.example", "A")).containsExactly("A 192.0.2.80");
    assertThat(answer(resolver, WEST, "static.gslb.example", "AAAA"))
        .containsExactly("AAAA 2001:db8:a::80");
    assertThat(answer(resolver, WEST, "www.gslb.example", "A")).containsExactly("A 192.0.2.10");
    assertThat(answer(resolver, WEST, "www.gslb.example", "AAAA"))
        .containsExactly("AAAA 2001:db8:a::10");
    assertThat(answer(resolver, WEST, "www.gslb.example", "HTTPS"))
        .containsExactly("HTTPS 1 . alpn=\"h2,http/1.1\"");
    assertThat(answer(resolver, WEST, "alias.gslb.example", "A"))
        .containsExactly("A 192.0.2.10", "CNAME www.gslb.example.");
    assertThat(answer(resolver, WEST, "leaf.tree.gslb.example", "A"))
        .containsExactly(
            "A 192.0.2.81", "CNAME leaf.wood.gslb.example.", "DNAME wood.gslb.example.");
    assertThat(answer(resolver, WEST, "x.y.wild.gslb.example", "TXT"))
        .containsExactly("TXT \"any\"");
    assertThat(answer(resolver, WEST, "a.ent.gslb.example", "TXT"))
        .containsExactly("TXT \"below an empty non-terminal\"");
    // Longer than any datagram: the resolver comes back over TCP.
    assertThat(answer(resolver, WEST, "big.gslb.example", "TXT")).hasSize(40);
    assertThat(answer(resolver, WEST, "host.child.gslb.example", "A"))
        .containsExactly("A 192.0.2.90");
    assertThat(answer(resolver, WEST, "ent.gslb.example", "A")).isEmpty();
    assertThat(answer(resolver, WEST, "static.gslb.example", "MX")).isEmpty();
    assertThat(resolve(resolver, WEST, "none.gslb.example", "A")).contains("status: NXDOMAIN");
    assertThat(resolve(resolver, WEST, "x.none.gslb.example", "A")).contains("status: NXDOMAIN");
  }

  /// unbound adds the client's /24 or /56; what it keeps in its cache is for that prefix alone.
  @Test
  void unboundGivesEachClientItsOwnPool() throws Exception {
    for (int round = 0; round < 2; round++) {
      assertThat(answer(MiniatureRoot.UNBOUND, WEST, "www.gslb.example", "A"))
          .containsExactly("A 192.0.2.10");
      assertThat(answer(MiniatureRoot.UNBOUND, EAST, "www.gslb.example", "A"))
          .containsExactly("A 198.51.100.10");
      assertThat(answer(MiniatureRoot.UNBOUND, EAST, "alias.gslb.example", "AAAA"))
          .containsExactly("AAAA 2001:db8:b::10", "CNAME www.gslb.example.");
      assertThat(answer(MiniatureRoot.UNBOUND, EAST, "static.gslb.example", "A"))
          .containsExactly("A 192.0.2.80");
    }
  }

  /// BIND 9.18 sends no client subnet: its own address decides.
  @Test
  void namedGetsThePoolOfItsOwnAddress() throws Exception {
    assertThat(answer(MiniatureRoot.NAMED, EAST, "www.gslb.example", "A"))
        .containsExactly("A 192.0.2.10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"+notcp", "+tcp", "+tls"})
  void kdigReadsEveryTransport(String transport) throws IOException, InterruptedException {
    String printed = kdig(transport, "www.gslb.example", "A", "+subnet=" + EAST + "/32");
    assertThat(printed)
        .contains("status: NOERROR", "198.51.100.10", "CLIENT-SUBNET: " + EAST + "/32/24");
    assertThat(kdig(transport, "leaf.tree.gslb.example", "A"))
        .contains("DNAME", "leaf.wood.gslb.example.", "192.0.2.81");
    assertThat(kdig(transport, "none.gslb.example", "A")).contains("status: NXDOMAIN", "SOA");
    String big = kdig(transport, "big.gslb.example", "TXT", "+ignore");
    if (transport.equals("+notcp")) {
      assertThat(big).contains("Flags: qr aa tc").contains("ANSWER: 0");
    } else {
      assertThat(big).contains("ANSWER: 40");
    }
    if (transport.equals("+tls")) {
      assertThat(printed).contains("TLS session (TLS1.3)");
    }
  }

  private String delegation(String zone) throws IOException, InterruptedException {
    return gslb.gslb(
        "delegation",
        "-c",
        gslb.configuration().toString(),
        zone,
        "--check",
        "--quiet",
        "--resolver",
        MiniatureRoot.UNBOUND);
  }

  /// The parent is found through a resolver, and asked at its addresses of both families.
  @Test
  void theDelegationIsFoundAndAgrees() throws Exception {
    String printed = delegation("gslb.example");
    System.out.println(printed);
    assertThat(printed)
        .contains(
            "; the parent is 'example'",
            "; ns.nic.example at 203.0.113.33 delegates the zone",
            "; ns.nic.example at 2001:db8:2::33 delegates the zone",
            "; ns2.gslb.example at 2001:db8:b::53 serves the zone, serial 2026010101",
            "; parent and zone agree")
        .doesNotContain("error", "warning");
  }

  @Test
  void aDelegationThatNobodyBroughtUpToDateIsReported() throws Exception {
    String printed = delegation("moved.example");
    System.out.println(printed);
    String both = "(ns.nic.example at 203.0.113.33, ns.nic.example at 2001:db8:2::33)";
    assertThat(printed)
        .contains(
            "error: the parent does not list ns2.moved.example " + both,
            "error: the parent lists old.example.org, which the zone does not " + both,
            "error: the parent has no A 192.0.2.53 for ns1.moved.example " + both,
            "error: the parent has no AAAA 2001:db8:a::53 for ns1.moved.example " + both,
            "error: the parent has A 192.0.2.99 for ns1.moved.example, which the zone does not",
            "error: the parent has a DS record with key tag 3613, and the zone is not signed")
        .contains("note: NS records have a TTL of 86400 s in the parent, of 3600 s in the zone")
        .contains("; 6 errors, 1 note");
  }

  private String kdig(String... question) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("@" + MiniatureRoot.FIRST_SERVER));
    arguments.addAll(List.of("-b", WEST, "+time=5", "+retry=1"));
    arguments.addAll(List.of(question));
    return gslb.run("kdig", arguments.toArray(String[]::new));
  }
}
