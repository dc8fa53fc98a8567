package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

/// The ring of RFC 7871.
final class ClientSubnetTest {
  private static final String EUROPE = "answer www.gslb.example. 30 A 192.0.2.10\n";
  private static final String AMERICA = "answer www.gslb.example. 30 A 198.51.100.20\n";

  private final TestServer server =
      new TestServer(
          TestZone.of(
              "gslb.example",
              """
              $TTL 60
              @ SOA ns1 hostmaster 1 3600 900 1209600 20
              @ NS ns1
              static A 192.0.2.80
              alias CNAME www
              """,
              Map.of(
                  "www.gslb.example", TestSteering.ONE,
                  "fenced.gslb.example", TestSteering.FENCED)));

  private static TestQuery www(byte[]... options) {
    return TestQuery.of("www.gslb.example", Type.A).edns(options);
  }

  private String ask(String name, String subnet) {
    return server.ask(TestQuery.of(name, Type.A).edns(TestQuery.subnet(subnet)));
  }

  private String askHex(String optionData) {
    return server.ask(www(TestQuery.option(8, HexFormat.of().parseHex(optionData))));
  }

  @Test
  void theSubnetDecidesAndNotTheResolver() {
    server.from("198.51.100.1");
    assertThat(server.ask(www())).isEqualTo("NOERROR aa\n" + AMERICA + "additional OPT 1232\n");
    assertThat(ask("www.gslb.example", "192.0.2.0/24"))
        .isEqualTo("NOERROR aa\n" + EUROPE + "additional OPT 1232 subnet 192.0.2.0/24/24\n");
    server.from("192.0.2.1");
    assertThat(ask("www.gslb.example", "2001:db8:8000::/48"))
        .isEqualTo("NOERROR aa\n" + AMERICA + "additional OPT 1232 subnet 2001:db8:8000::/48/33\n");
  }

  @Test
  void theResolverDecidesWithoutASubnet() {
    assertThat(server.from("192.0.2.1").ask(www()))
        .isEqualTo("NOERROR aa\n" + EUROPE + "additional OPT 1232\n");
    assertThat(server.from("2001:db8::53").ask(www()))
        .isEqualTo("NOERROR aa\n" + EUROPE + "additional OPT 1232\n");
  }

  @Test
  void scopeIsTheWidestPrefixOfTheDecision() {
    assertThat(ask("www.gslb.example", "192.0.2.77/32")).endsWith(" subnet 192.0.2.77/32/24\n");
    assertThat(ask("www.gslb.example", "198.51.100.200/32")).endsWith("/32/28\n").contains(AMERICA);
    assertThat(ask("www.gslb.example", "198.51.100.208/32")).endsWith("/32/28\n").contains(EUROPE);
    assertThat(ask("www.gslb.example", "198.51.100.224/32")).endsWith("/32/27\n").contains(EUROPE);
  }

  @Test
  void aScopeLongerThanTheSourceIsReturned() {
    assertThat(ask("www.gslb.example", "198.51.0.0/16")).endsWith(" subnet 198.51.0.0/16/18\n");
    assertThat(ask("www.gslb.example", "198.51.100.128/25")).endsWith("/25/26\n").contains(EUROPE);
  }

  @Test
  void sourceZeroAsksForTheResolversPlaceAndScopeZero() {
    server.from("198.51.100.1");
    assertThat(askHex("00010000"))
        .isEqualTo("NOERROR aa\n" + AMERICA + "additional OPT 1232 subnet 0.0.0.0/0/0\n");
    assertThat(askHex("00020000")).contains(AMERICA).endsWith(" subnet ::/0/0\n");
  }

  @Test
  void familyZeroWithSourceZeroIsEchoed() {
    server.from("198.51.100.1");
    byte[] reply = server.answer(www(TestQuery.option(8, new byte[4])).toBytes());
    assertThat(reply[3] & 0xf).isZero();
    // Compared as octets, because dnsjava does not read FAMILY 0.
    assertThat(Arrays.copyOfRange(reply, reply.length - 8, reply.length))
        .containsExactly(0, 8, 0, 4, 0, 0, 0, 0);
    assertThat(Arrays.copyOfRange(reply, reply.length - 23, reply.length - 19))
        .containsExactly(198, 51, 100, 20);
  }

  @Test
  void staticNamesHaveScopeZero() {
    assertThat(ask("static.gslb.example", "192.0.2.0/24"))
        .isEqualTo(
            """
            NOERROR aa
            answer static.gslb.example. 60 A 192.0.2.80
            additional OPT 1232 subnet 192.0.2.0/24/0
            """);
  }

  @Test
  void denialsThatHoldForAllHaveScopeZero() {
    assertThat(ask("www.gslb.example", "192.0.2.0/24")).as("the one before").endsWith("/24/24\n");
    assertThat(ask("nothing.gslb.example", "192.0.2.0/24"))
        .startsWith("NXDOMAIN aa\n")
        .endsWith(" subnet 192.0.2.0/24/0\n");
    assertThat(ask("www.example.net", "192.0.2.0/24"))
        .isEqualTo("REFUSED\nadditional OPT 1232 error 20 subnet 192.0.2.0/24/0\n");
    assertThat(
            server.ask(
                TestQuery.of("www.gslb.example", Type.TXT).edns(TestQuery.subnet("192.0.2.0/24"))))
        .startsWith("NOERROR aa\nauthority ")
        .endsWith(" subnet 192.0.2.0/24/0\n");
  }

  @Test
  void nodataThatDependsOnTheClientHasItsScope() {
    assertThat(ask("fenced.gslb.example", "203.0.113.0/24"))
        .startsWith("NOERROR aa\nauthority ")
        .endsWith(" subnet 203.0.113.0/24/5\n");
    assertThat(ask("fenced.gslb.example", "192.0.2.0/24"))
        .isEqualTo(
            """
            NOERROR aa
            answer fenced.gslb.example. 30 A 192.0.2.10
            additional OPT 1232 subnet 192.0.2.0/24/24
            """);
  }

  @Test
  void anAliasOfASteeredNameHasItsScope() {
    assertThat(ask("alias.gslb.example", "192.0.2.0/24"))
        .isEqualTo(
            "NOERROR aa\nanswer alias.gslb.example. 60 CNAME www.gslb.example.\n"
                + EUROPE
                + "additional OPT 1232 subnet 192.0.2.0/24/24\n");
  }

  @Test
  void malformedSubnetsAreFormerrWithoutEcho() {
    String formerr = "FORMERR\nadditional OPT 1232\n";
    for (String cutOff : new String[] {"", "00", "0001", "000118"}) {
      assertThat(askHex(cutOff)).isEqualTo(formerr);
    }
    assertThat(askHex("00011800c00002")).startsWith("NOERROR");
    assertThat(askHex("00031800c00002")).as("family 3").isEqualTo(formerr);
    assertThat(askHex("00001800c00002")).as("family 0 with an address").isEqualTo(formerr);
    assertThat(askHex("01011800c00002")).as("family 257").isEqualTo(formerr);
    assertThat(askHex("00011818c00002")).as("a scope").isEqualTo(formerr);
    assertThat(askHex("00012100c000020100")).as("source 33").isEqualTo(formerr);
    assertThat(askHex("000281002001" + "00".repeat(15))).as("source 129").isEqualTo(formerr);
    assertThat(askHex("00011800c0000200")).as("an octet too many").isEqualTo(formerr);
    assertThat(askHex("00011800c000")).as("an octet too few").isEqualTo(formerr);
    assertThat(askHex("00011700c00003")).as("a bit past the source").isEqualTo(formerr);
    assertThat(askHex("00011700c00002")).startsWith("NOERROR");
    for (int bit = 0; bit < 7; bit++) {
      assertThat(askHex("00011100c000%02x".formatted(1 << bit)))
          .as("bit %d", bit)
          .isEqualTo(formerr);
    }
    assertThat(askHex("00011100c00080")).startsWith("NOERROR");
    assertThat(askHex("00010000c0")).as("source 0 with an address").isEqualTo(formerr);
  }

  @Test
  void aSecondSubnetIsFormerr() {
    byte[] subnet = TestQuery.subnet("192.0.2.0/24");
    assertThat(server.ask(www(subnet, subnet))).isEqualTo("FORMERR\nadditional OPT 1232\n");
  }

  @Test
  void theEchoIsExact() {
    byte[] query =
        www(TestQuery.option(65_001, new byte[] {7}), TestQuery.subnet("192.0.2.128/25")).toBytes();
    byte[] reply = server.answer(query);
    byte[] asked = Arrays.copyOfRange(query, query.length - 12, query.length);
    byte[] echoed = Arrays.copyOfRange(reply, reply.length - 12, reply.length);
    assertThat(echoed[7]).isEqualTo((byte) 24);
    echoed[7] = 0;
    assertThat(echoed).isEqualTo(asked);
  }

  @Test
  void repliesThatReadNoOptionsEchoNone() {
    byte[] subnet = TestQuery.subnet("192.0.2.0/24");
    assertThat(server.ask(www(subnet).flags(4 << 11))).isEqualTo("NOTIMP\nadditional OPT 1232\n");
    assertThat(server.ask(TestQuery.of("www.gslb.example", Type.OPT).edns(subnet)))
        .isEqualTo("FORMERR\nadditional OPT 1232\n");
    assertThat(server.ask(www(subnet).garbage(0))).isEqualTo("FORMERR\nadditional OPT 1232\n");
    assertThat(server.ask(TestQuery.of("www.gslb.example", Type.A).edns(1232, 1 << 16, subnet)))
        .isEqualTo("BADVERS\nadditional OPT 1232\n");
  }
}
