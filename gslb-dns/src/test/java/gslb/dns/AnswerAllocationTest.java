package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import gslb.base.Prefix;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xbill.DNS.Type;

/// No answer costs a byte of heap once the code is warm.
final class AnswerAllocationTest {
  private static final int ROUNDS = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private int clientStep = 0x101;
  private final byte[] out = new byte[Responder.MESSAGE_LENGTH_MAX];
  private final TestServer server =
      new TestServer(
          TestZone.of(
              "gslb.example",
              """
              $TTL 60
              @ SOA ns1 hostmaster 1 3600 900 1209600 20
              @ NS ns1
              static A 192.0.2.80
              static MX 10 static
              alias CNAME alias2
              alias2 CNAME www
              loop CNAME loop
              *.wild A 192.0.2.81
              sub NS ns.sub
              sub NS ns1
              ns1 A 192.0.2.53
              ns.sub AAAA 2001:db8::53
              old DNAME wild
              lb A 192.0.2.82
              """
                  + "big TXT %s\n".formatted(("x".repeat(250) + " ").repeat(9)),
              Map.of(
                  "www.gslb.example", TestSteering.ONE,
                  "all.gslb.example", TestSteering.ALL,
                  "cdn.gslb.example", TestSteering.ALIAS,
                  "drawn.gslb.example", TestSteering.DRAWN,
                  "watched.gslb.example", TestSteering.WATCHED)));

  @TestFactory
  Stream<DynamicTest> noAnswerAllocates() {
    byte[] subnet = TestQuery.subnet("198.51.100.0/24");
    byte[] subnet6 = TestQuery.subnet("2001:db8:8000::/56");
    Map<String, TestQuery> queries = new LinkedHashMap<>();
    queries.put("steered A with client subnet", query("www", Type.A).edns(subnet));
    queries.put("steered AAAA with client subnet", query("www", Type.AAAA).edns(subnet6));
    queries.put("all endpoints", query("all", Type.A).edns());
    queries.put("static A", query("static", Type.A));
    queries.put("static MX", query("static", Type.MX).edns());
    queries.put("chain to a steered name", query("alias", Type.A).edns(subnet));
    queries.put("steered HTTPS of all endpoints", query("all", Type.HTTPS).edns(subnet));
    queries.put("steered HTTPS of a draw", query("drawn", Type.HTTPS).edns(subnet));
    queries.put("steered HTTPS or CNAME", query("cdn", Type.HTTPS).edns());
    queries.put("steered CNAME", query("cdn", Type.TXT).edns(subnet));
    queries.put("steered CNAME that is followed", query("watched", Type.A).edns(subnet));
    queries.put("NODATA beside a steered CNAME", query("cdn", Type.MX).edns());
    queries.put("loop", query("loop", Type.A));
    queries.put("wildcard", query("a.b.wild", Type.A));
    queries.put("DNAME", query("a.b.old", Type.A));
    queries.put("ANY", query("static", Type.ANY));
    queries.put("NXDOMAIN", query("random1234567890", Type.A).edns());
    queries.put("NODATA", query("static", Type.TXT));
    queries.put("referral", query("www.sub", Type.A).edns());
    queries.put("truncated", query("big", Type.TXT).edns());
    queries.put("REFUSED", TestQuery.of("www.example.net", Type.A));
    queries.put("FORMERR", query("www", Type.A).edns(subnet, subnet));
    queries.put("NOTIMP", query("www", Type.SOA).flags(4 << 11));
    queries.put("BADVERS", query("www", Type.A).edns(1232, 1 << 16));
    queries.put("silence", query("www", Type.A).flags(0x8000));
    return queries.entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> allocatesNothing(e.getValue())));
  }

  /// Reasons of steered answers, after a pool has gone.
  @TestFactory
  Stream<DynamicTest> noReasonAllocates() {
    ServerOptions told =
        new ServerOptions(
            Identity.NONE,
            CookieSecrets.NONE,
            RateLimit.OFF,
            AccessList.OPEN,
            List.of(Prefix.of("0.0.0.0/0")));
    DnsSnapshot before = server.with(told).snapshot();
    VerdictTable verdicts = TestSteering.allUp().with(8, Verdict.DOWN).with(9, Verdict.DOWN);
    server.publish(before.with(2, before.plan().withVerdicts(verdicts)));
    return Stream.of("www", "all", "cdn", "watched", "drawn")
        .flatMap(name -> Stream.of(Type.A, Type.AAAA, Type.HTTPS, Type.MX).map(t -> query(name, t)))
        .map(query -> DynamicTest.dynamicTest("reason", () -> allocatesNothing(query.edns())));
  }

  /// Every option at once, of a client whose cookie is good, one whose is not, and one without.
  @TestFactory
  Stream<DynamicTest> noOptionAllocates() {
    String client = "2464c4abcf10c957";
    Map<String, TestQuery> queries = new LinkedHashMap<>();
    for (String cookie : List.of("", "010000005cf79f111f8130c3eee29480", "00".repeat(16))) {
      queries.put(
          "all options, server cookie '%s'".formatted(cookie),
          query("www", Type.A)
              .edns(
                  TestQuery.cookie(client + cookie),
                  TestQuery.nsid(),
                  TestQuery.keepalive(),
                  TestQuery.padding(30),
                  TestQuery.subnet("198.51.100.0/24")));
    }
    queries.put("malformed cookie", query("www", Type.A).edns(TestQuery.cookie("00")));
    queries.put("no question", TestQuery.empty().edns(TestQuery.cookie(client)));
    queries.put("extended error", TestQuery.of("example.net", Type.A).edns());
    queries.put("CHAOS", TestQuery.chaos("version.bind", Type.TXT).edns());
    String secret = "e5e973e5a6b2a43f48e7dc849e37bfcf";
    server.withCookies("ab".repeat(16), secret).with(new Identity("fra1", "gslb", "fra1"));
    return queries.entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      clientStep = 0;
                      server.at(1_559_731_985).from("198.51.100.100").overTls();
                      allocatesNothing(e.getValue());
                      server.from("2001:db8::1").overTcp(false);
                      allocatesNothing(e.getValue());
                    }));
  }

  /// Forged sources by the thousand, of which few are within the limit.
  @TestFactory
  Stream<DynamicTest> noLimitAllocates() {
    TestQuery query = query("static", Type.A).edns();
    return Stream.of(0, 1, 3)
        .map(
            slip ->
                DynamicTest.dynamicTest(
                    "slip " + slip,
                    () -> {
                      publish(slip, AccessList.OPEN);
                      allocatesNothing(query);
                      server.from("2001:db8::1");
                      allocatesNothing(query);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> noAccessRuleAllocates() {
    return Stream.of(AccessList.Action.values())
        .map(
            action ->
                DynamicTest.dynamicTest(
                    action.name(),
                    () -> {
                      Prefix all = Prefix.of("0.0.0.0/0");
                      publish(1, new AccessList(List.of(new AccessList.Rule(all, action))));
                      server.from("192.0.2.1");
                      allocatesNothing(query("static", Type.A));
                    }));
  }

  private void publish(int slip, AccessList access) {
    RateLimit limit = new RateLimit(1, 1, slip, false, List.of(), 1024);
    ServerOptions options = new ServerOptions(Identity.NONE, CookieSecrets.NONE, limit, access);
    server.publish(server.snapshot().with(server.snapshot().generation() + 1, options));
  }

  private static TestQuery query(String label, int type) {
    return TestQuery.of(label + ".gslb.example", type);
  }

  private void allocatesNothing(TestQuery query) {
    byte[] bytes = query.toBytes();
    long sum = answer(bytes);
    // Compilation in between may allocate on this thread once, never in every round.
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      sum += answer(bytes);
      long after = threads.getCurrentThreadAllocatedBytes();
      long overhead = threads.getCurrentThreadAllocatedBytes() - after;
      least = Math.min(least, after - before - overhead);
    }
    assertThat(least).isZero();
    assertThat(sum).isNotNegative();
  }

  private long answer(byte[] query) {
    long sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
      server.context.nowMillis++;
      server.context.nowNanos += 1000;
      server.context.clientLow += clientStep;
      server.context.clientLow &= 0xffff_ffffL;
      sum += server.responder.answer(query, query.length, out, server.context);
    }
    return sum;
  }
}
