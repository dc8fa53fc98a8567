package gslb.dns;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.ClientSample;
import gslb.steering.Endpoint;
import gslb.steering.EndpointOverride;
import gslb.steering.Families;
import gslb.steering.FlipDeadlines;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

final class SteeredAnswerTest {
  private static final String EUROPEAN = "192.0.2.1";
  private static final String AMERICAN = "198.51.100.1";
  private static final String SOA =
      "SOA ns1.gslb.example. hostmaster.gslb.example. 1 3600 900 1209600 3600\n";

  private final TestServer server =
      new TestServer(
          TestZone.of(
              "gslb.example",
              """
              $TTL 7200
              @ SOA ns1 hostmaster 1 3600 900 1209600 3600
              @ NS ns1
              ns1 A 192.0.2.53
              www TXT beside
              alias 60 CNAME www
              *.moved CNAME all
              static.app A 192.0.2.80
              lb 77 A 192.0.2.81
              tocdn 60 CNAME cdn
              *.app TXT wild
              """,
              Map.ofEntries(
                  entry("www.gslb.example", TestSteering.ONE),
                  entry("all.gslb.example", TestSteering.ALL),
                  entry("nothing.gslb.example", TestSteering.NOTHING),
                  entry("*.app.gslb.example", TestSteering.ONE),
                  entry("gslb.example", TestSteering.ONE),
                  entry("cdn.gslb.example", TestSteering.ALIAS),
                  entry("*.cdn.gslb.example", TestSteering.ALIAS),
                  entry("drawn.gslb.example", TestSteering.DRAWN),
                  entry("watched.gslb.example", TestSteering.WATCHED),
                  entry("a.b.deep.gslb.example", TestSteering.ONE))));

  @Test
  void theChosenPoolsAddressIsAnswered() {
    server.from(EUROPEAN);
    assertThat(server.ask("www.gslb.example A"))
        .isEqualTo("NOERROR aa\nanswer www.gslb.example. 30 A 192.0.2.10\n");
    assertThat(server.ask("www.gslb.example AAAA"))
        .isEqualTo("NOERROR aa\nanswer www.gslb.example. 30 AAAA 2001:db8:e:0:0:0:0:10\n");
    server.from(AMERICAN);
    assertThat(server.ask("www.gslb.example A"))
        .isEqualTo("NOERROR aa\nanswer www.gslb.example. 30 A 198.51.100.20\n");
  }

  @Test
  void aPoolWithoutTheFamilyIsNodataForTheServicesTtl() {
    assertThat(server.from(AMERICAN).ask("www.gslb.example AAAA"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 30 " + SOA);
  }

  @Test
  void aPolicyThatGivesNothingIsNodata() {
    assertThat(server.ask("nothing.gslb.example A"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 30 " + SOA);
  }

  @Test
  void otherTypesAreThoseOfTheZone() {
    assertThat(server.ask("www.gslb.example TXT"))
        .isEqualTo("NOERROR aa\nanswer www.gslb.example. 7200 TXT beside\n");
    assertThat(server.ask("www.gslb.example HTTPS"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 3600 " + SOA);
    assertThat(server.ask("all.gslb.example ANY"))
        .isEqualTo("NOERROR aa\nanswer all.gslb.example. 3600 HINFO \"RFC8482\" \"\"\n");
  }

  @Test
  void namesAroundASteeredNameAreThoseOfAnyZone() {
    assertThat(server.ask("b.deep.gslb.example A"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 3600 " + SOA);
    assertThat(server.ask("x.www.gslb.example A"))
        .isEqualTo("NXDOMAIN aa\nauthority gslb.example. 3600 " + SOA);
  }

  @Test
  void everyEndpointIsAnsweredWhereTheServiceSaysSo() {
    assertThat(server.from(AMERICAN).ask("all.gslb.example A"))
        .isEqualTo(
            """
            NOERROR aa
            answer all.gslb.example. 30 A 203.0.113.1
            answer all.gslb.example. 30 A 203.0.113.2
            answer all.gslb.example. 30 A 203.0.113.3
            """);
    assertThat(server.ask("all.gslb.example AAAA"))
        .isEqualTo(
            """
            NOERROR aa
            answer all.gslb.example. 30 AAAA 2001:db8:a:0:0:0:0:1
            answer all.gslb.example. 30 AAAA 2001:db8:a:0:0:0:0:2
            """);
  }

  @Test
  void aWildcardIsSteeredInTheNameAsked() {
    assertThat(server.from(EUROPEAN).ask("x.y.app.gslb.example A"))
        .isEqualTo("NOERROR aa\nanswer x.y.app.gslb.example. 30 A 192.0.2.10\n");
    assertThat(server.ask("x.app.gslb.example TXT"))
        .isEqualTo("NOERROR aa\nanswer x.app.gslb.example. 7200 TXT wild\n");
    assertThat(server.ask("x.app.gslb.example MX"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 3600 " + SOA);
  }

  @Test
  void aSteeredWildcardDoesNotAnswerForNamesThatExist() {
    assertThat(server.from(EUROPEAN).ask("static.app.gslb.example A"))
        .isEqualTo("NOERROR aa\nanswer static.app.gslb.example. 7200 A 192.0.2.80\n");
    assertThat(server.ask("static.app.gslb.example AAAA"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 3600 " + SOA);
    assertThat(server.ask("below.static.app.gslb.example A"))
        .isEqualTo("NXDOMAIN aa\nauthority gslb.example. 3600 " + SOA);
    assertThat(server.ask("app.gslb.example A"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 3600 " + SOA);
  }

  @Test
  void aSteeredApexKeepsTheRecordsOfTheZone() {
    server.from(AMERICAN);
    assertThat(server.ask("gslb.example A"))
        .isEqualTo("NOERROR aa\nanswer gslb.example. 30 A 198.51.100.20\n");
    assertThat(server.ask("gslb.example AAAA"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 30 " + SOA);
    assertThat(server.ask("gslb.example SOA"))
        .isEqualTo("NOERROR aa\nanswer gslb.example. 7200 " + SOA);
    assertThat(server.ask("gslb.example NS"))
        .isEqualTo(
            """
            NOERROR aa
            answer gslb.example. 7200 NS ns1.gslb.example.
            additional ns1.gslb.example. 7200 A 192.0.2.53
            """);
    assertThat(server.ask("gslb.example MX"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 3600 " + SOA);
  }

  @Test
  void anAliasOfASteeredNameIsFollowed() {
    assertThat(server.from(EUROPEAN).ask("alias.gslb.example A"))
        .isEqualTo(
            """
            NOERROR aa
            answer alias.gslb.example. 60 CNAME www.gslb.example.
            answer www.gslb.example. 30 A 192.0.2.10
            """);
    assertThat(server.from(AMERICAN).ask("alias.gslb.example AAAA"))
        .isEqualTo(
            "NOERROR aa\nanswer alias.gslb.example. 60 CNAME www.gslb.example.\n"
                + "authority gslb.example. 30 "
                + SOA);
    assertThat(server.from(AMERICAN).ask("any.moved.gslb.example A"))
        .isEqualTo(
            """
            NOERROR aa
            answer any.moved.gslb.example. 7200 CNAME all.gslb.example.
            answer all.gslb.example. 30 A 203.0.113.1
            answer all.gslb.example. 30 A 203.0.113.2
            answer all.gslb.example. 30 A 203.0.113.3
            """);
  }

  @Test
  void ttlIsTheTimeUntilTheAnswerCanBeWrong() {
    server.from(EUROPEAN);
    server.context.nowNanos = -5_000_000_000L;
    assertThat(ttlWithDeadline(8_999_999_999L)).isEqualTo(13);
    assertThat(ttlWithDeadline(9_000_000_000L)).isEqualTo(14);
    assertThat(ttlWithDeadline(FlipDeadlines.NEVER)).isEqualTo(TestSteering.TTL_MAX);
  }

  @Test
  void ttlStaysWithinTheServicesBounds() {
    server.from(EUROPEAN);
    server.context.nowNanos = Long.MAX_VALUE / 2;
    long now = server.context.nowNanos;
    assertThat(ttlWithDeadline(now + 4_000_000_000L)).isEqualTo(TestSteering.TTL_MIN);
    assertThat(ttlWithDeadline(now - 4_000_000_000L)).isEqualTo(TestSteering.TTL_MIN);
    assertThat(ttlWithDeadline(now + 31_000_000_000L)).isEqualTo(TestSteering.TTL_MAX);
    assertThat(ttlWithDeadline(now + 30_000_000_000L)).isEqualTo(30);
    assertThat(ttlWithDeadline(now + 29_999_999_999L)).isEqualTo(29);
  }

  /// That there is none is as wrong as any answer once the pool is left, because its last endpoint
  /// fell.
  @Test
  void nodataLivesNoLongerThanTheChoiceOfThePool() {
    server.deadlines.set(2, 8_000_000_000L);
    assertThat(server.from(AMERICAN).ask("www.gslb.example A")).contains(" 8 A ");
    assertThat(server.ask("www.gslb.example AAAA"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 8 " + SOA);
    DnsSnapshot before = server.snapshot();
    server.publish(
        before.with(2, before.plan().withVerdicts(TestSteering.allUp().with(1, Verdict.DOWN))));
    server.deadlines.set(0, 9_000_000_000L);
    assertThat(server.from(EUROPEAN).ask("cdn.gslb.example TXT"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 9 " + SOA);
    server.deadlines.set(0, 1_000_000_000L);
    assertThat(server.ask("www.gslb.example AAAA"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 5 " + SOA);
  }

  private long ttlWithDeadline(long nanos) {
    server.deadlines.set(0, nanos);
    return server.reply(TestQuery.of("www.gslb.example", 1)).getSection(1).getFirst().getTTL();
  }

  @Test
  void ttlOfAllEndpointsIsThatOfTheFirstToFlip() {
    server.from(AMERICAN);
    server.deadlines.set(3, 20_000_000_000L);
    server.deadlines.set(4, 10_000_000_000L);
    server.deadlines.set(5, 6_000_000_000L);
    assertThat(server.ask("all.gslb.example A"))
        .isEqualTo(
            """
            NOERROR aa
            answer all.gslb.example. 10 A 203.0.113.1
            answer all.gslb.example. 10 A 203.0.113.2
            answer all.gslb.example. 10 A 203.0.113.3
            """);
    assertThat(server.ask("all.gslb.example AAAA")).contains(" 6 AAAA ");
  }

  @Test
  void aNewSnapshotIsAnsweredFromTheNextQueryOn() {
    server.from(AMERICAN);
    DnsSnapshot before = server.snapshot();
    VerdictTable verdicts = TestSteering.allUp().with(4, Verdict.DOWN);
    server.publish(before.with(2, before.plan().withVerdicts(verdicts)));
    assertThat(server.snapshot().generation()).isEqualTo(2);
    assertThat(server.ask("all.gslb.example A"))
        .isEqualTo(
            """
            NOERROR aa
            answer all.gslb.example. 30 A 203.0.113.1
            answer all.gslb.example. 30 A 203.0.113.3
            """);
    server.publish(server.snapshot().with(3, before.plan()));
    assertThat(server.ask("all.gslb.example A")).hasLineCount(4);
  }

  @Test
  void aPoolsCnameIsTheAnswerToEveryType() {
    server.from(AMERICAN);
    String cname = "NOERROR aa\nanswer cdn.gslb.example. 30 CNAME www.a.example.org.\n";
    for (String type : new String[] {"A", "AAAA", "TXT", "HTTPS", "DS", "CNAME", "ANY"}) {
      assertThat(server.ask("cdn.gslb.example " + type)).as(type).isEqualTo(cname);
    }
    assertThat(server.ask("x.y.cdn.gslb.example MX"))
        .isEqualTo("NOERROR aa\nanswer x.y.cdn.gslb.example. 30 CNAME www.a.example.org.\n");
    assertThat(server.ask("tocdn.gslb.example A"))
        .isEqualTo(
            """
            NOERROR aa
            answer tocdn.gslb.example. 60 CNAME cdn.gslb.example.
            answer cdn.gslb.example. 30 CNAME www.a.example.org.
            """);
  }

  @Test
  void whereTheDecisionIsAddressesANameThatMayBeACnameHasNothingElse() {
    server.from(EUROPEAN);
    assertThat(server.ask("cdn.gslb.example A"))
        .isEqualTo("NOERROR aa\nanswer cdn.gslb.example. 30 A 192.0.2.10\n");
    for (String type : new String[] {"TXT", "CNAME", "SVCB"}) {
      assertThat(server.ask("cdn.gslb.example " + type))
          .as(type)
          .isEqualTo("NOERROR aa\nauthority gslb.example. 30 " + SOA);
    }
    assertThat(server.ask("cdn.gslb.example ANY"))
        .isEqualTo("NOERROR aa\nanswer cdn.gslb.example. 30 HINFO \"RFC8482\" \"\"\n");
  }

  @Test
  void aPoolsCnameIsFollowedInOurZones() {
    String followed =
        """
        NOERROR aa
        answer watched.gslb.example. 30 CNAME lb.gslb.example.
        answer lb.gslb.example. 77 A 192.0.2.81
        """;
    assertThat(server.ask("watched.gslb.example A")).isEqualTo(followed);
    assertThat(server.ask("watched.gslb.example AAAA"))
        .isEqualTo(
            "NOERROR aa\nanswer watched.gslb.example. 30 CNAME lb.gslb.example.\n"
                + "authority gslb.example. 3600 "
                + SOA);
  }

  @Test
  void aPoolsCnameLivesUntilTheFirstOfItsEndpointsCanFlip() {
    server.deadlines.set(8, 20_000_000_000L);
    server.deadlines.set(9, 12_000_000_000L);
    assertThat(server.ask("watched.gslb.example CNAME"))
        .isEqualTo("NOERROR aa\nanswer watched.gslb.example. 12 CNAME lb.gslb.example.\n");
    DnsSnapshot before = server.snapshot();
    VerdictTable down = TestSteering.allUp().with(8, Verdict.DOWN).with(9, Verdict.DOWN);
    server.publish(before.with(2, before.plan().withVerdicts(down)));
    assertThat(server.ask("watched.gslb.example A"))
        .isEqualTo("NOERROR aa\nanswer watched.gslb.example. 30 A 192.0.2.10\n");
  }

  @Test
  void httpsHintsAreTheAddressesOfTheSameDecision() {
    assertThat(server.from(AMERICAN).ask("all.gslb.example HTTPS"))
        .isEqualTo(
            "NOERROR aa\nanswer all.gslb.example. 30 HTTPS 1 . alpn=h2,h3 port=8443"
                + " ipv4hint=203.0.113.1,203.0.113.2,203.0.113.3"
                + " ipv6hint=2001:db8:a:0:0:0:0:1,2001:db8:a:0:0:0:0:2\n");
    assertThat(server.from(EUROPEAN).ask("x.cdn.gslb.example HTTPS"))
        .isEqualTo(
            "NOERROR aa\nanswer x.cdn.gslb.example. 30 HTTPS 1 . alpn=h2"
                + " ipv4hint=192.0.2.10 ipv6hint=2001:db8:e:0:0:0:0:10\n");
  }

  @Test
  void anHttpsRecordLivesUntilTheFirstOfItsHintsCanFlip() {
    server.from(AMERICAN);
    server.deadlines.set(4, 20_000_000_000L);
    server.deadlines.set(5, 11_000_000_000L);
    assertThat(server.ask("all.gslb.example HTTPS")).contains(" 11 HTTPS ");
    assertThat(server.ask("all.gslb.example A")).contains(" 20 A ");
    assertThat(server.ask("all.gslb.example AAAA")).contains(" 11 AAAA ");
  }

  @Test
  void aFamilyThatIsDownHasNoHintAndAPoolThatHasNothingNoRecord() {
    server.from(AMERICAN);
    DnsSnapshot before = server.snapshot();
    VerdictTable onlyV6 = TestSteering.allUp();
    for (int v4 : new int[] {3, 4, 6}) {
      onlyV6 = onlyV6.with(v4, Verdict.DOWN);
    }
    server.publish(before.with(2, before.plan().withVerdicts(onlyV6)));
    assertThat(server.ask("all.gslb.example HTTPS"))
        .isEqualTo(
            "NOERROR aa\nanswer all.gslb.example. 30 HTTPS 1 . alpn=h2,h3 port=8443"
                + " ipv6hint=2001:db8:a:0:0:0:0:1,2001:db8:a:0:0:0:0:2\n");
    VerdictTable forcedDown = TestSteering.allUp();
    for (int endpoint = 3; endpoint < 8; endpoint++) {
      forcedDown = forcedDown.with(endpoint, EndpointOverride.DOWN);
    }
    server.publish(before.with(3, before.plan().withVerdicts(forcedDown)));
    assertThat(server.ask("all.gslb.example HTTPS"))
        .isEqualTo("NOERROR aa\nauthority gslb.example. 30 " + SOA);
  }

  /// Two pools of one family each, decided apart.
  private static TestServer apart(boolean hasV4) {
    List<Endpoint> endpoints = new ArrayList<>();
    List<Pool> pools = new ArrayList<>();
    for (String address : hasV4 ? List.of("192.0.2.7", "2001:db8::7") : List.of("2001:db8::7")) {
      Endpoint endpoint = new Endpoint(endpoints.size(), Address.of(address), 1);
      endpoints.add(endpoint);
      pools.add(
          new Pool(
              pools.size(),
              "p" + pools.size(),
              null,
              MinHealthy.ONE_ENDPOINT,
              null,
              List.of(endpoint)));
    }
    Service service =
        new Service(
            0,
            "apart",
            List.of(DnsName.of("www.example.org")),
            new Service.Ttl(TestSteering.TTL_MIN, TestSteering.TTL_MAX),
            Families.INDEPENDENT,
            Service.Answers.ONE,
            new AllDown.Answer(),
            new Policy.Failover(pools.stream().map(p -> (Policy) new Policy.Use(p)).toList()),
            null,
            Service.HttpsRecord.PLAIN,
            0);
    return new TestServer(
        new Catalog(List.of(), Map.of(), endpoints, pools, List.of(service)),
        TestZone.of(
            "example.org",
            "@ 60 SOA ns1 h 1 2 3 4 5\n@ 60 NS ns1.example.net.\n",
            Map.of("www.example.org", 0)));
  }

  @Test
  void hintsOfFamiliesThatAreDecidedApartAreThoseOfEach() {
    TestServer both = apart(true);
    assertThat(both.ask("www.example.org A")).contains(" A 192.0.2.7\n");
    assertThat(both.ask("www.example.org AAAA")).contains(" AAAA 2001:db8:0:0:0:0:0:7\n");
    assertThat(both.ask("www.example.org HTTPS"))
        .contains(" ipv4hint=192.0.2.7 ipv6hint=2001:db8:0:0:0:0:0:7\n");
    both.deadlines.set(1, 9_000_000_000L);
    assertThat(both.ask("www.example.org HTTPS")).contains(" 9 HTTPS ");
    TestServer one = apart(false);
    assertThat(one.ask("www.example.org A")).doesNotContain("answer");
    assertThat(one.ask("www.example.org HTTPS"))
        .contains(" HTTPS 1 . alpn=h2 ipv6hint=2001:db8:0:0:0:0:0:7\n");
  }

  /// The narrowest of the decisions on the way (RFC 7871 §7.2.1).
  @Test
  void scopeOfAChainIsTheLongestOfItsDecisions() {
    TestServer chained =
        new TestServer(
            TestZone.of(
                "gslb.example",
                "@ 60 SOA ns1 h 1 2 3 4 5\n@ 60 NS ns1.example.net.\n",
                Map.of("cdn.gslb.example", TestSteering.ALIAS)),
            TestZone.of(
                "a.example.org",
                "@ 60 SOA ns1 h 1 2 3 4 5\n@ 60 NS ns1.example.net.\n",
                Map.of("www.a.example.org", TestSteering.SOME)));
    TestQuery direct = TestQuery.of("www.a.example.org", Type.A);
    assertThat(chained.ask(direct.edns(TestQuery.subnet("203.0.113.0/24")))).contains("/24/0");
    TestQuery query = TestQuery.of("cdn.gslb.example", Type.A);
    assertThat(chained.ask(query.edns(TestQuery.subnet("198.51.100.0/25"))))
        .contains("CNAME www.a.example.org.", " A 203.0.113.", "/25/25");
  }

  @Test
  void everyDecisionIsHeardOfOnceAndAsThatOfItsClient() {
    server.from("203.0.113.9").at(0);
    server.ask(TestQuery.of("www.gslb.example", Type.A).edns(TestQuery.subnet("192.0.2.0/24")));
    server.ask(TestQuery.of("www.gslb.example", Type.A).edns(TestQuery.subnet("0.0.0.0/0")));
    server.ask("cdn.gslb.example A"); // a CNAME
    server.ask(TestQuery.of("cdn.gslb.example", Type.A).edns(TestQuery.subnet("192.0.2.0/24")));
    server.ask("lb.gslb.example A");
    server.ask("www.gslb.example TXT");
    assertThat(server.sketches.clients(TestSteering.catalog().services(), 0).clients())
        .containsExactlyInAnyOrder(
            new ClientSample.Client("s0", Prefix.of("192.0.2.0/24"), 1),
            new ClientSample.Client("s0", Prefix.of("203.0.113.0/24"), 1),
            new ClientSample.Client("s4", Prefix.of("203.0.113.0/24"), 1),
            new ClientSample.Client("s4", Prefix.of("192.0.2.0/24"), 1));
  }

  @Seeded(500)
  void addressesAndHintsAreOneDraw(Random random) {
    server.from("203.0.113." + random.nextInt(256)).at(random.nextInt(1_000_000));
    List<String> addresses = new ArrayList<>();
    for (String type : List.of("A", "AAAA")) {
      String reply = server.ask("drawn.gslb.example " + type);
      int at = reply.indexOf(" 30 " + type + " ");
      if (at >= 0) {
        addresses.add(reply.substring(at + 5 + type.length()).strip());
      }
    }
    String https = server.ask("drawn.gslb.example HTTPS");
    List<String> hints =
        Pattern.compile("ipv[46]hint=(\\S+)")
            .matcher(https)
            .results()
            .map(m -> m.group(1))
            .toList();
    assertThat(hints).isNotEmpty().isEqualTo(addresses);
  }
}
