package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.Families;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// How long a reply may be, and what becomes of one that would be longer.
final class TruncationTest {
  private static final int MANY = 400;

  /// Addresses of the names n<count>.
  private static final int[] COUNTS = {1, 15, 27, 28, 29, 30, 31, 50, 71, 72, 73, 74, 75, 76, 77};

  private static final String LONG = ("x".repeat(63) + ".").repeat(3) + "x".repeat(40);

  private static final TestZone ZONE = zone();

  private final TestServer server = new TestServer(ZONE);

  private static TestZone zone() {
    StringBuilder text =
        new StringBuilder(
            """
            $TTL 60
            @ SOA ns1 hostmaster 1 3600 900 1209600 60
            @ NS ns1
            ns1 A 192.0.2.53
            to30 CNAME n30
            to77 CNAME n77
            sub NS ns1
            %1$s.a CNAME %1$s.b
            """
                .formatted(LONG));
    for (int count : COUNTS) {
      for (int i = 1; i <= count; i++) {
        text.append("n%d A 192.0.2.%d\n".formatted(count, i));
      }
    }
    for (int i = 1; i <= MANY; i++) {
      text.append("huge TXT \"%s%d\"\n".formatted("x".repeat(200), i));
      if (i <= 20) {
        text.append("sub NS ns%d.sub\nns%d.sub AAAA 2001:db8::%x\n".formatted(i, i, i));
        text.append("wide NS server%d\nserver%d AAAA 2001:db8::%x\n".formatted(i, i, i));
      }
    }
    return TestZone.of(
        "example.org", text.toString(), Map.of(LONG + ".b.example.org", TestSteering.ALL));
  }

  @Test
  void withoutEdnsAReplyHas512OctetsAtMost() {
    // Header 12, question 21, then 16 octets for each address.
    assertThat(server.answer(TestQuery.of("n29.example.org", Type.A).toBytes())).hasSize(497);
    assertThat(server.ask("n30.example.org A")).isEqualTo("NOERROR aa tc\n");
    assertThat(server.ask("to30.example.org A")).isEqualTo("NOERROR aa tc\n");
  }

  @Test
  void withEdnsAReplyHasTheClientsSizeAtMost() {
    TestQuery query = TestQuery.of("n30.example.org", Type.A);
    assertThat(server.answer(query.edns(524, 0).toBytes())).hasSize(524);
    query = TestQuery.of("n30.example.org", Type.A);
    assertThat(server.ask(query.edns(523, 0))).isEqualTo("NOERROR aa tc\nadditional OPT 1232\n");
  }

  /// A server that answers for all.example.org with every endpoint of its pools.
  private static TestServer serving(int poolCount, int v4, int v6) {
    List<Endpoint> endpoints = new ArrayList<>();
    List<Pool> pools = new ArrayList<>();
    for (int pool = 0; pool < poolCount; pool++) {
      List<Endpoint> ofPool = new ArrayList<>();
      for (int i = 0; i < v4 + v6; i++) {
        Address address = i < v4 ? Address.v4(pool << 16 | i) : Address.v6(pool, i);
        ofPool.add(new Endpoint(endpoints.size(), address, 1));
        endpoints.add(ofPool.getLast());
      }
      pools.add(new Pool(pool, "p" + pool, null, MinHealthy.ONE_ENDPOINT, null, ofPool));
    }
    Service service =
        new Service(
            0,
            "s",
            List.of(DnsName.of("all.example.org")),
            new Service.Ttl(5, 30),
            Families.ANY,
            Service.Answers.BY_POLICY,
            new AllDown.Answer(),
            new Policy.All(pools),
            null,
            Service.HttpsRecord.PLAIN,
            0);
    TestZone zone =
        TestZone.of(
            "example.org",
            "@ 60 SOA ns1 h 1 2 3 4 5\n@ 60 NS ns1.example.net.\n",
            Map.of("all.example.org", 0));
    return new TestServer(
        new Catalog(List.of(), Map.of(), endpoints, pools, List.of(service)), zone);
  }

  /// Three pools of as many endpoints as one may have; together they are more than 65,535 octets.
  @Test
  void everyAddressIsNoMoreThanAMessageHolds() {
    TestServer all = serving(3, 1_000, 1_000).overTcp(true);
    for (int type : new int[] {Type.A, Type.AAAA, Type.HTTPS}) {
      Message reply = all.reply(TestQuery.of("all.example.org", type).edns());
      assertThat(reply.getHeader().getFlag(Flags.TC)).as(Type.string(type)).isFalse();
      assertThat(reply.getSection(Section.ANSWER))
          .hasSize(type == Type.HTTPS ? 1 : EncodedAnswers.ADDRESSES_MAX);
    }
  }

  /// Header 12, question 21, record 12, `1 . alpn=h2` 10, hints 4 + 4 and 4 + 16 for each.
  @Test
  void anHttpsRecordGoesInWholeOrNotAtAll() {
    assertThat(serving(1, 1, 27).answer(TestQuery.of("all.example.org", Type.HTTPS).toBytes()))
        .hasSize(499);
    assertThat(serving(1, 1, 28).ask("all.example.org HTTPS")).isEqualTo("NOERROR aa tc\n");
    assertThat(serving(1, 113, 0).answer(TestQuery.of("all.example.org", Type.HTTPS).toBytes()))
        .hasSize(511);
    assertThat(serving(1, 114, 0).ask("all.example.org HTTPS")).isEqualTo("NOERROR aa tc\n");
  }

  /// RFC 8914 §3: who is told to come back is told nothing else.
  @Test
  void aTruncatedReplyHasNoReason() {
    TestServer told = serving(1, 100, 0).from("192.0.2.1");
    told.with(
        new ServerOptions(
            Identity.NONE,
            CookieSecrets.NONE,
            RateLimit.OFF,
            AccessList.OPEN,
            List.of(Prefix.of("192.0.2.0/24"))));
    assertThat(told.ask(TestQuery.of("all.example.org", Type.A).edns()))
        .startsWith("NOERROR aa tc\n")
        .doesNotContain("error");
    assertThat(told.ask(TestQuery.of("all.example.org", Type.HTTPS).edns())).contains(" error 0 ");
  }

  @Test
  void aSizeBelow512Means512() {
    TestQuery query = TestQuery.of("n29.example.org", Type.A);
    assertThat(server.answer(query.edns(100, 0).toBytes())).hasSize(508);
  }

  @Test
  void noOfferMakesAUdpReplyLongerThan1232() {
    TestQuery query = TestQuery.of("n74.example.org", Type.A);
    assertThat(server.answer(query.edns(65_535, 0).toBytes())).hasSize(1228);
    query = TestQuery.of("n75.example.org", Type.A);
    assertThat(server.ask(query.edns(65_535, 0))).isEqualTo("NOERROR aa tc\nadditional OPT 1232\n");
  }

  @Test
  void theClientSubnetCountsToo() {
    TestQuery query = TestQuery.of("n74.example.org", Type.A);
    assertThat(server.ask(query.edns(4096, 0, TestQuery.subnet("192.0.2.0/24"))))
        .isEqualTo("NOERROR aa tc\nadditional OPT 1232 subnet 192.0.2.0/24/0\n");
  }

  /// 28 octets of cookie and 8 of NSID beside those of the reply.
  @Test
  void cookieAndNsidCountToo() {
    server.withCookies("ab".repeat(16)).with(new Identity("fra1", "", ""));
    byte[][] options = {TestQuery.cookie("11".repeat(8)), TestQuery.nsid()};
    TestQuery fits = TestQuery.of("n30.example.org", Type.A).edns(524 + 36, 0, options);
    assertThat(server.answer(fits.toBytes())).hasSize(524 + 36);
    TestQuery tooLong = TestQuery.of("n30.example.org", Type.A).edns(524 + 35, 0, options);
    assertThat(server.ask(tooLong)).startsWith("NOERROR aa tc\nadditional OPT 1232 cookie ");
  }

  @Test
  void overTcpAReplyHas65535OctetsAtMost() {
    server.overTcp(true);
    assertThat(server.answer(TestQuery.of("to77.example.org", Type.A).toBytes()).length)
        .isEqualTo(12 + 22 + 18 + 77 * 16);
    assertThat(server.ask("huge.example.org TXT")).isEqualTo("NOERROR aa tc\n");
  }

  @Test
  void inDomainGlueThatDoesNotFitSetsTc() {
    Message udp = server.reply(TestQuery.of("www.sub.example.org", Type.A));
    assertThat(TestServer.text(udp)).startsWith("NOERROR tc\nauthority sub.example.org. ");
    assertThat(udp.getSection(Section.AUTHORITY)).hasSize(21);
    assertThat(udp.getSection(Section.ADDITIONAL)).hasSizeLessThan(20);
    server.overTcp(true);
    Message tcp = server.reply(TestQuery.of("www.sub.example.org", Type.A));
    assertThat(TestServer.text(tcp)).startsWith("NOERROR\nauthority sub.example.org. ");
    assertThat(tcp.getSection(Section.ADDITIONAL)).hasSize(21);
  }

  @Test
  void otherGlueMayBeLeftOut() {
    Message udp = server.reply(TestQuery.of("www.wide.example.org", Type.A).edns(600, 0));
    assertThat(TestServer.text(udp)).startsWith("NOERROR\nauthority wide.example.org. ");
    assertThat(udp.getSection(Section.ADDITIONAL)).hasSizeBetween(2, 20);
  }

  /// A reply is cut off if and only if the whole one, over TCP, is longer than the limit.
  @Seeded(20)
  void tcIsSetIfAndOnlyIfTheWholeReplyDoesNotFit(Random random) {
    for (int i = 0; i < 100; i++) {
      tryOneSize(random);
    }
  }

  @Test
  void preparedRecordsFitToTheOctet() {
    String name = LONG + ".a.example.org";
    int whole = server.answer(TestQuery.of(name, Type.A).edns(1232, 0).toBytes()).length;
    assertThat(whole).isGreaterThan(512);
    assertThat(server.ask(TestQuery.of(name, Type.A).edns(whole, 0))).startsWith("NOERROR aa\n");
    assertThat(server.ask(TestQuery.of(name, Type.A).edns(whole - 1, 0)))
        .startsWith("NOERROR aa tc\n");
  }

  private void tryOneSize(Random random) {
    String name = "n" + COUNTS[random.nextInt(COUNTS.length)] + ".example.org";
    int size = 400 + random.nextInt(1200);
    boolean edns = random.nextInt(8) > 0;
    TestQuery query = TestQuery.of(name, random.nextInt(9) == 0 ? Type.TXT : Type.A);
    if (edns) {
      query.edns(size, 0);
    }
    int limit = edns ? Math.clamp(size, 512, 1232) : 512;
    int whole = server.overTcp(true).answer(query.toBytes()).length;
    byte[] reply = server.overTcp(false).answer(query.toBytes());
    assertThat((reply[2] & 2) != 0).isEqualTo(whole > limit);
    assertThat(reply.length).isEqualTo(whole > limit ? query.toBytes().length : whole);
  }

  @Test
  void aChainOfTheLongestNamesStaysWithinReachOfPointers() {
    String label = "x".repeat(60);
    String tail = ("." + label).repeat(3);
    StringBuilder text = new StringBuilder("@ 60 SOA ns h 1 1 1 1 60\n@ 60 NS ns\n");
    for (int i = 10; i < 28; i++) {
      text.append("d%d%s 60 DNAME d%d%s\n".formatted(i, tail, i + 1, tail));
    }
    text.append("*.d26%s 60 A 192.0.2.1\n".formatted(tail));
    TestServer chained = new TestServer(TestZone.of("example.org", text.toString()));
    Message reply =
        chained
            .overTcp(true)
            .reply(TestQuery.of("a.b.c.d.e.f.d10" + tail + ".example.org", Type.A));
    assertThat(reply.getSection(Section.ANSWER)).hasSize(2 * Responder.CHAIN_LENGTH_MAX);
    assertThat(reply.getSection(Section.ANSWER).getLast().getName())
        .isEqualTo(Name.fromConstantString("a.b.c.d.e.f.d25" + tail + ".example.org."));
  }
}
