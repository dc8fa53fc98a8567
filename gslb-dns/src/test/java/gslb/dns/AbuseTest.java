package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Prefix;
import gslb.dns.AccessList.Action;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What clients get who ask too much or are not to be answered.
final class AbuseTest {
  private static final int BURST = 10;
  private static final byte[] SUBNET = TestQuery.subnet("203.0.113.0/24");
  private static final String CLIENT_COOKIE = "2464c4abcf10c957";
  private static final TestQuery QUERY = query("big", Type.TXT).edns(SUBNET);

  private final TestServer server = newServer();
  private long generation = 1;

  private static TestServer newServer() {
    return new TestServer(
        TestZone.of(
            "gslb.example",
            """
            $TTL 60
            @ SOA ns1 hostmaster 1 3600 900 1209600 20
            @ NS ns1
            d TXT x
            """
                + "big TXT %s\n".formatted("x".repeat(250)),
            Map.of("www.gslb.example", TestSteering.ONE)));
  }

  private static TestQuery query(String label, int type) {
    return TestQuery.of(label + ".gslb.example", type);
  }

  private void limit(int slip, boolean isDryRun, String... exempt) {
    List<Prefix> prefixes = List.of(exempt).stream().map(Prefix::of).toList();
    publish(new RateLimit(BURST / 2, BURST, slip, isDryRun, prefixes, 1024), AccessList.OPEN);
  }

  private void publish(RateLimit limit, AccessList access) {
    ServerOptions options = new ServerOptions(Identity.NONE, CookieSecrets.NONE, limit, access);
    server.publish(server.snapshot().with(++generation, options));
  }

  @SuppressWarnings("EnumOrdinal") // the index of the counter
  private long count(DnsCounter counter) {
    return server.responder.counters().sum(counter.ordinal());
  }

  /// Takes the client to its limit.
  private void exhaust() {
    for (int i = 0; i < BURST; i++) {
      assertThat(server.reply(QUERY).getSection(Section.ANSWER)).hasSize(1);
    }
  }

  @Test
  void aLimitedClientIsAskedToComeBackOverTcp() {
    limit(1, false);
    exhaust();
    Message reply = server.reply(QUERY);
    assertThat(TestServer.text(reply))
        .isEqualTo("NOERROR tc\nadditional OPT 1232 subnet 203.0.113.0/24/0\n");
    assertThat(reply.getQuestion().getName()).hasToString("big.gslb.example.");
    assertThat(server.answer(QUERY.toBytes())).hasSizeLessThanOrEqualTo(QUERY.toBytes().length);
    server.overTcp(true);
    exhaust();
    exhaust();
    assertThat(count(DnsCounter.RRL_LIMITED)).isEqualTo(2);
    assertThat(count(DnsCounter.RRL_SLIPPED)).isEqualTo(2);
  }

  /// A reflector that sends less than it gets is of no use.
  @Seeded(50)
  void noLimitedReplyIsLongerThanItsQuery(Random random) {
    limit(1, false);
    exhaust();
    byte[] bytes =
        switch (random.nextInt(4)) {
          case 0 -> query("www", Type.A).toBytes();
          case 1 -> query("d", Type.ANY).edns().toBytes();
          case 2 -> QUERY.toBytes();
          default -> query("x", Type.A).edns(SUBNET, SUBNET).toBytes();
        };
    int flips = random.nextInt(3);
    for (int i = 0; i < flips; i++) {
      bytes[2 + random.nextInt(bytes.length - 2)] ^= (byte) (1 << random.nextInt(8));
    }
    byte[] reply = server.answer(bytes);
    assertThat(reply).hasSizeLessThanOrEqualTo(bytes.length);
  }

  @Test
  void slip0DropsWhatIsLimited() {
    limit(0, false);
    exhaust();
    assertThat(server.answer(QUERY.toBytes())).isEmpty();
    assertThat(count(DnsCounter.RRL_DROPPED)).isEqualTo(1);
    assertThat(count(DnsCounter.QUERIES)).isEqualTo(BURST + 1);
    assertThat(count(DnsCounter.REPLIES_NOERROR)).isEqualTo(BURST);
  }

  /// 2,000 draws of one in four: 500, and 6 deviations of 19 either way.
  @Test
  void slip4LetsOneInFourThrough() {
    limit(4, false);
    exhaust();
    for (int i = 0; i < 2000; i++) {
      server.answer(QUERY.toBytes());
    }
    assertThat(count(DnsCounter.RRL_SLIPPED)).isBetween(384L, 616L);
    assertThat(count(DnsCounter.RRL_SLIPPED) + count(DnsCounter.RRL_DROPPED))
        .isEqualTo(count(DnsCounter.RRL_LIMITED))
        .isEqualTo(2000);
  }

  @Test
  void aDryRunCountsAndChangesNothing() {
    TestServer unlimited = newServer();
    limit(1, true);
    List<TestQuery> queries =
        List.of(QUERY, query("www", Type.A), query("x", Type.A).edns(), query("d", Type.OPT));
    for (int i = 0; i < 40; i++) {
      byte[] query = queries.get(i % queries.size()).toBytes();
      assertThat(server.answer(query)).isEqualTo(unlimited.answer(query));
    }
    assertThat(count(DnsCounter.RRL_DRY_RUN)).isEqualTo(40 - BURST);
    assertThat(count(DnsCounter.RRL_LIMITED)).isEqualTo(40 - BURST);
    assertThat(count(DnsCounter.RRL_SLIPPED)).isZero();
  }

  @Test
  void exemptClientsAndValidCookiesAreNotLimited() {
    limit(1, false, "100.64.0.0/10");
    exhaust();
    exhaust();
    server.from("198.51.100.1");
    exhaust();
    assertThat(server.ask(QUERY)).startsWith("NOERROR tc\n");
    server.withCookies("e5e973e5a6b2a43f48e7dc849e37bfcf");
    Message first = server.reply(query("big", Type.TXT).edns(TestQuery.cookie(CLIENT_COOKIE)));
    String cookie = TestServer.text(first).replaceFirst("(?s).* cookie (\\w+)\n", "$1");
    TestQuery proven = query("big", Type.TXT).edns(TestQuery.cookie(cookie));
    for (int i = 0; i < 2 * BURST; i++) {
      assertThat(server.ask(proven)).startsWith("NOERROR aa\nanswer ").contains(cookie);
    }
    server.from("198.51.100.2");
    for (int i = 0; i < BURST; i++) {
      assertThat(server.ask(proven)).startsWith("NOERROR aa\nanswer ");
    }
    assertThat(server.ask(proven)).startsWith("BADCOOKIE\n").doesNotContain(cookie);
  }

  /// RFC 7873 §5.2.3.
  @Test
  void aLimitedClientWithACookieOfItsOwnGetsBadcookie() {
    limit(1, false);
    server.withCookies("e5e973e5a6b2a43f48e7dc849e37bfcf");
    server.with(new Identity("fra1", "", ""));
    exhaust();
    TestQuery query =
        query("big", Type.TXT).edns(TestQuery.cookie(CLIENT_COOKIE), TestQuery.nsid());
    Message reply = server.reply(query);
    assertThat(TestServer.text(reply)).contains(" cookie " + CLIENT_COOKIE + "01000000");
    assertThat(server.answer(query.toBytes()).length)
        .as("longer by the server cookie, without the NSID option")
        .isEqualTo(query.toBytes().length + 16 - 4);
    assertThat(reply.getRcode()).isEqualTo(Rcode.BADCOOKIE);
    assertThat(reply.getHeader().getFlag(Flags.TC)).isFalse();
    assertThat(reply.getSection(Section.ANSWER)).isEmpty();
    assertThat(count(DnsCounter.RRL_BADCOOKIE)).isEqualTo(2);
    assertThat(count(DnsCounter.REPLIES_BADCOOKIE)).isEqualTo(2);
  }

  /// A client could claim to be as many others as it likes.
  @Test
  void theClientSubnetIsNoExcuse() {
    limit(1, false, "203.0.113.0/24");
    publish(server.snapshot().options().rateLimit(), list("203.0.114.0/24", Action.DROP));
    for (int i = 0; i < BURST; i++) {
      server.ask(query("www", Type.A).edns(TestQuery.subnet("192.0." + i + ".0/24")));
    }
    assertThat(server.ask(query("www", Type.A).edns(SUBNET))).startsWith("NOERROR tc\n");
    assertThat(server.ask(query("www", Type.A).edns(TestQuery.subnet("203.0.114.0/24"))))
        .startsWith("NOERROR tc\n");
  }

  @Test
  void brokenQueriesCountTowardsTheLimitAndGetTheirError() {
    limit(1, false);
    TestQuery broken = query("www", Type.A).edns(SUBNET, SUBNET);
    for (int i = 0; i < BURST; i++) {
      assertThat(server.ask(broken)).startsWith("FORMERR\n");
    }
    assertThat(server.ask(QUERY)).startsWith("NOERROR tc\n");
    assertThat(server.ask(broken)).startsWith("FORMERR\n");
    limit(0, false);
    assertThat(server.answer(broken.toBytes())).isEmpty();
  }

  @Test
  void aNewLimitHoldsAtOnceAndKeepsItsCounters() {
    limit(1, false);
    exhaust();
    limit(1, true);
    assertThat(server.ask(QUERY)).doesNotContain("tc");
    limit(1, false);
    assertThat(server.ask(QUERY)).startsWith("NOERROR tc\n");
    publish(RateLimit.OFF, AccessList.OPEN);
    exhaust();
  }

  private static AccessList list(Object... prefixesAndActions) {
    List<AccessList.Rule> rules = new ArrayList<>();
    for (int i = 0; i < prefixesAndActions.length; i += 2) {
      Prefix prefix = Prefix.of((String) prefixesAndActions[i]);
      rules.add(new AccessList.Rule(prefix, (Action) prefixesAndActions[i + 1]));
    }
    return new AccessList(rules);
  }

  @Test
  void theAccessListRefusesAndDropsOverEveryTransport() {
    publish(
        RateLimit.OFF,
        list(
            "198.51.100.0/24", Action.REFUSE,
            "198.51.100.64/26", Action.ANSWER,
            "198.51.100.80/32", Action.DROP,
            "2001:db8::/32", Action.DROP));
    for (boolean overTcp : new boolean[] {false, true}) {
      server.overTcp(overTcp);
      server.from("198.51.100.1");
      assertThat(server.ask(query("d", Type.TXT).edns()))
          .isEqualTo("REFUSED\nadditional OPT 1232 error 18\n");
      server.from("198.51.100.65");
      assertThat(server.ask(query("d", Type.TXT))).startsWith("NOERROR aa\nanswer ");
      server.from("198.51.100.80");
      assertThat(server.answer(query("d", Type.TXT).toBytes())).isEmpty();
      server.from("2001:db8:1::1");
      assertThat(server.answer(query("d", Type.TXT).toBytes())).isEmpty();
      server.from("192.0.2.1");
      assertThat(server.ask(query("d", Type.TXT))).startsWith("NOERROR aa\nanswer ");
    }
    assertThat(count(DnsCounter.REFUSED_ACCESS)).isEqualTo(2);
    assertThat(count(DnsCounter.REPLIES_REFUSED)).isEqualTo(2);
    assertThat(count(DnsCounter.DROPPED_ACCESS)).isEqualTo(4);
    assertThat(count(DnsCounter.QUERIES)).isEqualTo(6);
  }

  /// The sender may be forged: refusals are responses.
  @Test
  void refusalsAreLimited() {
    publish(
        new RateLimit(BURST, BURST, 0, false, List.of(), 1024), list("0.0.0.0/0", Action.REFUSE));
    for (int i = 0; i < BURST; i++) {
      assertThat(server.ask(query("d", Type.TXT))).isEqualTo("REFUSED\n");
    }
    assertThat(server.answer(query("d", Type.TXT).toBytes())).isEmpty();
  }

  @Test
  void tenThousandRulesDecideByTheLongestPrefix() {
    List<AccessList.Rule> rules = new ArrayList<>();
    for (int i = 0; i < AccessList.RULES_MAX; i++) {
      Prefix prefix = Prefix.of("10.%d.%d.0/24".formatted(i / 250, i % 250));
      rules.add(new AccessList.Rule(prefix, i % 2 == 0 ? Action.DROP : Action.ANSWER));
    }
    publish(RateLimit.OFF, new AccessList(rules));
    for (int i = 0; i < AccessList.RULES_MAX; i += 7) {
      server.from("10.%d.%d.%d".formatted(i / 250, i % 250, i % 256));
      byte[] reply = server.answer(query("d", Type.TXT).toBytes());
      assertThat(reply.length == 0).isEqualTo(i % 2 == 0);
    }
  }
}
