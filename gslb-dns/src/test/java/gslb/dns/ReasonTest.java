package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.EndpointOverride;
import gslb.steering.Families;
import gslb.steering.Policy;
import gslb.steering.Service;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

/// Reasons of steered answers, for those who may know them (RFC 8914).
final class ReasonTest {
  private static final String TOLD = "192.0.2.1";
  private static final String TOLD_ELSEWHERE = "198.51.100.1";

  private final TestServer server =
      new TestServer(
              TestZone.of(
                  "gslb.example",
                  """
                  $TTL 300
                  @ SOA ns1 hostmaster 1 3600 900 1209600 60
                  @ NS ns1.example.net.
                  static TXT beside
                  lb A 192.0.2.80
                  """,
                  Map.of(
                      "www.gslb.example", TestSteering.ONE,
                      "all.gslb.example", TestSteering.ALL,
                      "nothing.gslb.example", TestSteering.NOTHING,
                      "cdn.gslb.example", TestSteering.ALIAS,
                      "watched.gslb.example", TestSteering.WATCHED,
                      "joined.gslb.example", TestSteering.JOINED)))
          .with(
              new ServerOptions(
                  Identity.NONE,
                  CookieSecrets.NONE,
                  RateLimit.OFF,
                  AccessList.OPEN,
                  List.of(Prefix.of("192.0.2.0/24"), Prefix.of("198.51.100.0/24"))));

  private String reason(String client, String name, int type) {
    return reason(server.from(client), name, type);
  }

  private static String reason(TestServer from, String name, int type) {
    String reply = from.ask(TestQuery.of(name + ".gslb.example", type).edns());
    int at = reply.indexOf(" error 0 '");
    return at < 0 ? "" : reply.substring(at + 10, reply.lastIndexOf('\''));
  }

  private void publish(VerdictTable verdicts) {
    publish(server, verdicts);
  }

  private static void publish(TestServer server, VerdictTable verdicts) {
    DnsSnapshot before = server.snapshot();
    server.publish(before.with(before.generation() + 1, before.plan().withVerdicts(verdicts)));
  }

  /// Europe has both families, America IPv4 alone.
  @Test
  void poolsThatAreJoinedAreNotNamed() {
    assertThat(reason(TOLD, "joined", Type.AAAA)).isEqualTo("service s9; every available pool");
    publish(TestSteering.allUp().with(1, Verdict.DOWN));
    assertThat(reason(TOLD, "joined", Type.A)).isEqualTo("service s9; every available pool");
    assertThat(reason(TOLD, "joined", Type.AAAA))
        .isEqualTo("service s9; no IPv6 in any available pool");
  }

  @Test
  void aTrustedClientIsToldServiceAndPool() {
    assertThat(reason(TOLD, "www", Type.A)).isEqualTo("service s0; pool pool0; up endpoints");
    assertThat(reason(TOLD_ELSEWHERE, "all", Type.HTTPS))
        .isEqualTo("service s1; pool pool2; up endpoints");
    assertThat(reason(TOLD_ELSEWHERE, "cdn", Type.MX))
        .isEqualTo("service s4; pool pool3; its cname");
  }

  @Test
  void nodataIsExplainedToo() {
    assertThat(reason(TOLD_ELSEWHERE, "www", Type.AAAA))
        .isEqualTo("service s0; no IPv6 in pool pool1");
    assertThat(reason(TOLD, "nothing", Type.A)).isEqualTo("service s2; the policy gives nothing");
    assertThat(reason(TOLD, "cdn", Type.MX)).isEqualTo("service s4; pool pool0; addresses alone");
    publish(TestSteering.allUp().with(1, Verdict.DOWN));
    assertThat(reason(TOLD, "www", Type.AAAA)).isEqualTo("service s0; no IPv6 up in pool pool0");
  }

  @Test
  void aPoolThatWasPassedOverIsNamedWithItsState() {
    publish(TestSteering.allUp().with(8, Verdict.DOWN).with(9, Verdict.DOWN));
    assertThat(reason(TOLD, "watched", Type.A))
        .isEqualTo("service s5; pool pool0; pool4 is down: unhealthy");
    publish(TestSteering.allUp().with(8, EndpointOverride.DRAIN).with(9, EndpointOverride.DOWN));
    assertThat(reason(TOLD, "watched", Type.A))
        .isEqualTo("service s5; pool pool0; pool4 is drained");
    publish(TestSteering.allUp().with(8, EndpointOverride.DOWN).with(9, EndpointOverride.DOWN));
    assertThat(reason(TOLD, "watched", Type.A))
        .isEqualTo("service s5; pool pool0; pool4 is forced down");
    publish(TestSteering.allUp());
    assertThat(reason(TOLD, "watched", Type.A)).isEqualTo("service s5; pool pool4; its cname");
  }

  /// Europe's endpoints are 0 and, over IPv6, 1; America, 2, has IPv4 alone.
  @Test
  void aPoolPassedOverForOneFamilyIsNamedWithIt() {
    Catalog all = TestSteering.catalog();
    List<Policy> tiers = new ArrayList<>();
    for (int pool : List.of(TestSteering.AMERICA, TestSteering.EUROPE, TestSteering.LARGE)) {
      tiers.add(new Policy.Use(all.pools().get(pool)));
    }
    TestServer families =
        new TestServer(
                new Catalog(
                    List.of(),
                    Map.of(),
                    all.endpoints(),
                    all.pools(),
                    List.of(
                        service(0, Families.EVERY, new Policy.Failover(tiers.subList(1, 3))),
                        service(1, Families.INDEPENDENT, new Policy.Failover(tiers)))),
                TestZone.of(
                    "gslb.example",
                    "@ 60 SOA ns1 h 1 2 3 4 5\n@ 60 NS ns1.example.net.\n",
                    Map.of("every.gslb.example", 0, "each.gslb.example", 1)))
            .with(server.snapshot().options())
            .from(TOLD);
    assertThat(reason(families, "every", Type.A)).isEqualTo("service s0; pool pool0; up endpoints");
    assertThat(reason(families, "each", Type.AAAA))
        .isEqualTo("service s1; pool pool0; no IPv6 in pool pool1");
    publish(families, TestSteering.allUp().with(1, Verdict.DOWN));
    assertThat(reason(families, "every", Type.A))
        .isEqualTo("service s0; pool pool2; pool0 is down in IPv6");
    assertThat(reason(families, "each", Type.A)).isEqualTo("service s1; pool pool1; up endpoints");
    assertThat(reason(families, "each", Type.AAAA))
        .isEqualTo("service s1; pool pool2; no IPv6 in pool pool1; pool0 is down in IPv6");
    publish(families, TestSteering.allUp().with(0, Verdict.DOWN).with(2, Verdict.DOWN));
    assertThat(reason(families, "every", Type.AAAA))
        .isEqualTo("service s0; pool pool2; pool0 is down in IPv4");
    assertThat(reason(families, "each", Type.A))
        .isEqualTo("service s1; pool pool2; pool1 is down: unhealthy; pool0 is down in IPv4");
  }

  private static Service service(int id, Families families, Policy policy) {
    return new Service(
        id,
        "s" + id,
        List.of(DnsName.of("s" + id + ".gslb.example")),
        new Service.Ttl(5, 30),
        families,
        Service.Answers.ONE,
        new AllDown.Answer(),
        policy,
        null,
        null,
        0);
  }

  @Test
  void stagesOfAllDownAreSaid() {
    publish(TestSteering.allUp().with(0, Verdict.DOWN).with(1, Verdict.DOWN));
    assertThat(reason(TOLD, "www", Type.A))
        .isEqualTo("service s0; pool pool0; all down: verdicts ignored");
    publish(TestSteering.allUp().with(0, EndpointOverride.DRAIN).with(1, EndpointOverride.DRAIN));
    assertThat(reason(TOLD, "www", Type.A))
        .isEqualTo("service s0; pool pool0; all down: drains ignored too");
    publish(TestSteering.allUp().with(0, EndpointOverride.DOWN).with(1, EndpointOverride.DOWN));
    assertThat(reason(TOLD, "www", Type.A)).isEqualTo("service s0; all forced down");
  }

  @Test
  void nobodyElseIsTold() {
    assertThat(reason("203.0.113.1", "www", Type.A)).isEmpty();
    assertThat(reason("2001:db8::1", "www", Type.A)).isEmpty();
    // The client subnet is what anyone can write.
    TestQuery query = TestQuery.of("www.gslb.example", Type.A);
    assertThat(server.from("203.0.113.1").ask(query.edns(TestQuery.subnet("192.0.2.0/24"))))
        .doesNotContain("error");
    server.with(ServerOptions.NONE);
    assertThat(reason(TOLD, "www", Type.A)).isEmpty();
  }

  @Test
  void onlySteeredAnswersAndEdnsHaveReasons() {
    assertThat(reason(TOLD, "static", Type.TXT)).isEmpty();
    assertThat(reason(TOLD, "www", Type.TXT)).isEmpty();
    assertThat(reason(TOLD, "none", Type.A)).isEmpty();
    assertThat(server.from(TOLD).ask("www.gslb.example A")).doesNotContain("error");
    assertThat(server.ask(TestQuery.of("example.net", Type.A).edns())).contains(" error 20");
  }

  /// RFC 8914 §3: it is the first thing to go, and never makes a reply longer than it may be.
  @Test
  void theReasonIsLeftOutWhereItDoesNotFit() {
    String label = "l".repeat(63);
    String name = "%s.%s.%s.www.gslb.example".formatted(label, label, label);
    TestServer small =
        new TestServer(
                TestZone.of(
                    "gslb.example",
                    "@ 60 SOA ns1 h 1 2 3 4 5\n@ 60 NS ns1.example.net.\n",
                    Map.of("*.www.gslb.example", TestSteering.ALL)))
            .with(server.snapshot().options())
            .from(TOLD_ELSEWHERE);
    int most = 0;
    int mostWith = 0;
    int without = 0;
    int with = 0;
    for (int nsid = 1; nsid <= 128; nsid++) {
      ServerOptions now = small.snapshot().options();
      small.with(
          new ServerOptions(
              new Identity("n".repeat(nsid), "", ""),
              CookieSecrets.of(List.of(new byte[16])),
              now.rateLimit(),
              now.access(),
              now.explainTo()));
      TestQuery query =
          TestQuery.of(name, Type.HTTPS)
              .edns(
                  512,
                  0,
                  TestQuery.nsid(),
                  TestQuery.cookie("11".repeat(8)),
                  TestQuery.subnet("198.51.100.0/24"));
      String reply = small.ask(query);
      most = Math.max(most, small.answer(query.toBytes()).length);
      assertThat(reply).startsWith("NOERROR aa\nanswer ").doesNotContain(" tc");
      if (reply.contains(" error 0 '")) {
        with++;
        mostWith = Math.max(mostWith, small.answer(query.toBytes()).length);
      } else {
        without++;
      }
    }
    assertThat(mostWith).as("the reason takes the last octet").isEqualTo(512);
    assertThat(most).isLessThanOrEqualTo(512);
    assertThat(with).isPositive();
    assertThat(without).isPositive();
  }
}
