package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Type;

/// What the server says of itself: class CHAOS, and NSID.
final class IdentityTest {
  private static final String REFUSED = "REFUSED rd\n";

  private final TestServer server =
      new TestServer(TestZone.of("example.org", "@ 60 SOA ns h 1 1 1 1 60\n@ 60 NS ns\n"));

  private String ask(String name, int type) {
    return server.ask(TestQuery.chaos(name, type).flags(0x100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"version.bind", "version.server", "hostname.bind", "id.server"})
  void nothingIsSaidUnlessConfigured(String name) {
    assertThat(ask(name, Type.TXT)).isEqualTo(REFUSED);
  }

  @Test
  void versionAndServerAreSaidToWhoAsks() {
    server.with(new Identity("", "gslb 1", "fra1"));
    for (String asked : new String[] {"version.bind", "version.server", "VeRSion.BIND"}) {
      assertThat(ask(asked, Type.TXT))
          .isEqualTo("NOERROR rd\nanswer %s. 0 CH TXT \"gslb 1\"\n".formatted(asked));
    }
    for (String asked : new String[] {"hostname.bind", "id.server", "ID.Server"}) {
      assertThat(ask(asked, Type.TXT))
          .isEqualTo("NOERROR rd\nanswer %s. 0 CH TXT fra1\n".formatted(asked));
    }
  }

  @Test
  void oneMayBeSaidWithoutTheOther() {
    server.with(new Identity("", "", "fra1"));
    assertThat(ask("version.bind", Type.TXT)).isEqualTo(REFUSED);
    assertThat(ask("id.server", Type.TXT)).startsWith("NOERROR");
    server.with(new Identity("", "gslb", ""));
    assertThat(ask("version.server", Type.TXT)).startsWith("NOERROR");
    assertThat(ask("hostname.bind", Type.TXT)).isEqualTo(REFUSED);
  }

  @Test
  void otherQuestionsOfClassChaosAreRefused() {
    server.with(new Identity("", "gslb", "fra1"));
    for (String name : new String[] {"authors.bind", "bind", "example.org", "xid.server", "."}) {
      TestQuery query =
          name.equals(".")
              ? TestQuery.empty().question(new byte[1], Type.TXT, 3)
              : TestQuery.chaos(name, Type.TXT);
      assertThat(server.ask(query.flags(0x100))).isEqualTo(REFUSED);
    }
    for (int type : new int[] {Type.A, Type.ANY, Type.SOA, Type.AXFR, 65_280}) {
      assertThat(ask("version.bind", type)).isEqualTo(REFUSED);
    }
  }

  @Test
  void otherClassesKnowNoServer() {
    server.with(new Identity("", "gslb", "fra1"));
    for (int rclass : new int[] {1, 4, 254, 255}) {
      byte[] name = {2, 'i', 'd', 6, 's', 'e', 'r', 'v', 'e', 'r', 0};
      assertThat(server.ask(TestQuery.empty().question(name, Type.TXT, rclass)))
          .isEqualTo("REFUSED\n");
    }
  }

  @Test
  void chaosAnswersHaveEdnsLikeOthers() {
    server.with(new Identity("", "gslb", "")).withCookies("ab".repeat(16)).at(0);
    assertThat(
            server.ask(
                TestQuery.chaos("version.bind", Type.TXT)
                    .edns(TestQuery.cookie("11".repeat(8)), TestQuery.subnet("192.0.2.0/24"))))
        .startsWith("NOERROR\nanswer version.bind. 0 CH TXT gslb\nadditional OPT 1232 cookie ")
        .endsWith(" subnet 192.0.2.0/24/0\n");
  }

  /// RFC 5001 §2.2.
  @Test
  void theNsidIsSaidOnlyToWhoAsks() {
    TestQuery asking = TestQuery.of("example.org", Type.NS).edns(TestQuery.nsid());
    String answer = "NOERROR aa\nanswer example.org. 60 NS ns.example.org.\nadditional OPT 1232";
    assertThat(server.ask(asking)).isEqualTo(answer + "\n");
    server.with(new Identity("fra1", "", ""));
    assertThat(server.ask(asking)).isEqualTo(answer + " nsid 66726131\n");
    assertThat(server.ask(TestQuery.of("example.org", Type.NS).edns())).isEqualTo(answer + "\n");
    assertThat(
            server.ask(
                TestQuery.of("example.net", Type.NS).edns(TestQuery.nsid(), TestQuery.nsid())))
        .isEqualTo("REFUSED\nadditional OPT 1232 nsid 66726131 error 20\n");
    // RFC 5001 §2.1 forbids it, and no server minds.
    assertThat(server.ask(TestQuery.of("example.org", Type.NS).edns(TestQuery.option(3, (byte) 1))))
        .isEqualTo(answer + " nsid 66726131\n");
  }

  @Test
  void textsHave128OctetsAtMost() {
    String longest = "é".repeat(64);
    server.with(new Identity(longest, longest, longest));
    assertThat(ask("version.bind", Type.TXT)).contains("\\195\\169".repeat(64));
    assertThat(server.ask(TestQuery.of("example.org", Type.NS).edns(TestQuery.nsid())))
        .endsWith(" nsid " + "c3a9".repeat(64) + "\n");
    assertThatThrownBy(() -> new Identity("", longest + "x", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("128 octets");
  }
}
