package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Counters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

final class DnsCounterTest {
  private static final byte[] SUBNET = TestQuery.subnet("192.0.2.0/24");

  private final TestServer server =
      new TestServer(
          TestZone.of(
              "gslb.example",
              """
              $TTL 60
              @ SOA ns1 hostmaster 1 3600 900 1209600 60
              @ NS ns1
              sub NS ns1
              d TXT x
              """
                  + "long DNAME %s\n".formatted(("y".repeat(63) + ".").repeat(2) + "z")
                  + "big TXT 1%1$s\nbig TXT 2%1$s\nbig TXT 3%1$s\n".formatted("x".repeat(250)),
              Map.of("www.gslb.example", TestSteering.ONE)));

  private static TestQuery query(String label) {
    return TestQuery.of(label + ".gslb.example", Type.A);
  }

  /// The counters that the query moves, but for `queries` itself.
  private List<String> moved(byte[] query) {
    Counters counters = server.responder.counters();
    List<Long> before = sums(counters);
    server.answer(query);
    List<Long> after = sums(counters);
    List<String> moved = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      String name = counters.names().get(i);
      assertThat(name).matches("gslb_dns_[a-z_]+_total");
      long by = after.get(i) - before.get(i);
      assertThat(by).isBetween(0L, 1L);
      if (by > 0) {
        moved.add(name.substring("gslb_dns_".length(), name.length() - "_total".length()));
      }
    }
    return moved;
  }

  private static List<Long> sums(Counters counters) {
    List<Long> sums = new ArrayList<>();
    for (int i = 0; i < counters.names().size(); i++) {
      sums.add(counters.sum(i));
    }
    return sums;
  }

  @Test
  void everyOutcomeIsCounted() {
    assertThat(moved(new byte[3])).containsExactly("dropped_short");
    assertThat(moved(query("www").flags(0x8000).toBytes())).containsExactly("dropped_response");
    assertThat(moved(query("www").toBytes()))
        .containsExactly("queries", "replies_noerror", "steered");
    assertThat(moved(query("www").edns(SUBNET).toBytes()))
        .containsExactly("queries", "replies_noerror", "steered", "edns", "ecs");
    assertThat(moved(query("d").toBytes())).containsExactly("queries", "replies_noerror", "nodata");
    assertThat(moved(query("x").toBytes())).containsExactly("queries", "replies_nxdomain");
    assertThat(moved(query("a.sub").toBytes()))
        .containsExactly("queries", "replies_noerror", "referrals");
    assertThat(moved(TestQuery.of("big.gslb.example", Type.TXT).toBytes()))
        .containsExactly("queries", "replies_noerror", "truncated");
    assertThat(moved(TestQuery.of("example.net", Type.A).toBytes()))
        .containsExactly("queries", "replies_refused");
    assertThat(moved(query("www").flags(5 << 11).toBytes()))
        .containsExactly("queries", "replies_notimp");
    assertThat(moved(query("www").edns(1232, 1 << 16).toBytes()))
        .containsExactly("queries", "replies_badvers", "edns");
    String label = "b".repeat(63);
    assertThat(moved(query(label + "." + label + ".long").toBytes()))
        .containsExactly("queries", "replies_yxdomain");
  }

  @Test
  void everyOptionIsCounted() {
    String client = "2464c4abcf10c957";
    server.withCookies("e5e973e5a6b2a43f48e7dc849e37bfcf").at(1_559_731_985);
    server.with(new Identity("fra1", "gslb", "")).from("198.51.100.100").overTls();
    assertThat(moved(query("d").edns(TestQuery.cookie(client)).toBytes()))
        .contains("cookies_client_only")
        .doesNotContain("cookies_valid", "cookies_invalid");
    byte[] good = TestQuery.cookie(client + "010000005cf79f111f8130c3eee29480");
    assertThat(moved(query("d").edns(good).toBytes()))
        .containsExactly("queries", "replies_noerror", "nodata", "edns", "cookies_valid");
    byte[] bad = TestQuery.cookie(client + "010000005cf79f111f8130c3eee29481");
    assertThat(moved(query("d").edns(bad).toBytes()))
        .containsExactly("queries", "replies_noerror", "nodata", "edns", "cookies_invalid");
    assertThat(moved(TestQuery.empty().edns(bad).toBytes()))
        .containsExactly("queries", "replies_badcookie", "edns", "cookies_invalid");
    assertThat(moved(query("d").edns(TestQuery.nsid()).toBytes()))
        .containsExactly("queries", "replies_noerror", "nodata", "edns", "nsid");
    assertThat(moved(query("d").edns(TestQuery.keepalive()).toBytes()))
        .containsExactly("queries", "replies_noerror", "nodata", "edns", "keepalive");
    assertThat(moved(query("d").edns(TestQuery.padding(1)).toBytes()))
        .containsExactly("queries", "replies_noerror", "nodata", "edns", "padded");
    assertThat(moved(TestQuery.of("example.net", Type.A).edns().toBytes()))
        .containsExactly("queries", "replies_refused", "edns", "extended_errors");
    assertThat(moved(TestQuery.chaos("version.bind", Type.TXT).toBytes()))
        .containsExactly("queries", "replies_noerror", "chaos");
    assertThat(moved(query("d").edns(TestQuery.cookie("00")).toBytes()))
        .containsExactly("queries", "replies_formerr", "formerr_cookie", "edns");
    assertThat(moved(query("d").edns(TestQuery.option(11, (byte) 1)).toBytes()))
        .containsExactly("queries", "replies_formerr", "formerr_opt", "edns", "keepalive");
  }

  @Test
  void everyReasonForFormerrIsCounted() {
    assertThat(moved(TestQuery.empty().toBytes()))
        .containsExactly("queries", "replies_formerr", "formerr_qdcount");
    assertThat(moved(TestQuery.empty().count(1).toBytes()))
        .containsExactly("queries", "replies_formerr", "formerr_question");
    assertThat(moved(query("www").garbage(1).toBytes()))
        .containsExactly("queries", "replies_formerr", "formerr_sections");
    assertThat(moved(query("www").edns().edns().toBytes()))
        .containsExactly("queries", "replies_formerr", "formerr_opt", "edns");
    assertThat(moved(query("www").edns(SUBNET, SUBNET).toBytes()))
        .containsExactly("queries", "replies_formerr", "formerr_ecs", "edns");
    assertThat(moved(TestQuery.of("www.gslb.example", Type.OPT).toBytes()))
        .containsExactly("queries", "replies_formerr", "formerr_qtype");
  }

  @Test
  void theContextsOfAllThreadsAreSummed() {
    QueryContext other = server.responder.newContext();
    byte[] query = query("www").toBytes();
    server.responder.answer(query, query.length, new byte[Responder.MESSAGE_LENGTH_MAX], other);
    server.answer(query);
    assertThat(server.responder.counters().names().getFirst()).isEqualTo("gslb_dns_queries_total");
    assertThat(server.responder.counters().sum(0)).isEqualTo(2);
  }
}
