package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

/// The ring of RFC 6891.
final class EdnsTest {
  private static final byte[] ROOT = {0};
  private static final String ANSWER = "NOERROR aa\nanswer www.example.org. 60 A 192.0.2.80\n";

  private final TestServer server =
      new TestServer(
          TestZone.of(
              "example.org",
              """
              @ 60 SOA ns1 hostmaster 1 3600 900 1209600 60
              @ 60 NS ns1
              www 60 A 192.0.2.80
              """));

  private static TestQuery www() {
    return TestQuery.of("www.example.org", Type.A);
  }

  @Test
  void optInTheQueryOptInTheReply() {
    assertThat(server.ask(www())).isEqualTo(ANSWER);
    assertThat(server.ask(www().edns())).isEqualTo(ANSWER + "additional OPT 1232\n");
    assertThat(server.ask(TestQuery.of("x.example.net", Type.A).edns()))
        .isEqualTo("REFUSED\nadditional OPT 1232\n");
    assertThat(server.ask(TestQuery.of("x.example.org", Type.A).edns()))
        .startsWith("NXDOMAIN aa\nauthority ")
        .endsWith("\nadditional OPT 1232\n");
    assertThat(server.ask(TestQuery.of("example.org", Type.OPT).edns()))
        .isEqualTo("FORMERR\nadditional OPT 1232\n");
  }

  @Test
  void theSizeAnnouncedIsOurs() {
    assertThat(server.ask(www().edns(4096, 0))).isEqualTo(ANSWER + "additional OPT 1232\n");
    assertThat(server.ask(www().edns(0, 0))).isEqualTo(ANSWER + "additional OPT 1232\n");
  }

  @Test
  void doIsCopiedAndTheOtherFlagsAreClear() {
    assertThat(server.ask(www().edns(1232, 0x8000))).isEqualTo(ANSWER + "additional OPT 1232 do\n");
    assertThat(server.ask(www().edns(1232, 0xffff))).isEqualTo(ANSWER + "additional OPT 1232 do\n");
    assertThat(server.ask(www().edns(1232, 0x7fff))).isEqualTo(ANSWER + "additional OPT 1232\n");
  }

  @Test
  void theExtendedRcodeOfAQueryIsIgnored() {
    assertThat(server.ask(www().edns(1232, 0xff000000)))
        .isEqualTo(ANSWER + "additional OPT 1232\n");
  }

  @Test
  void otherVersionsGetBadvers() {
    for (int version : new int[] {1, 2, 255}) {
      TestQuery query = www().edns(1232, version << 16 | 0x8000);
      assertThat(server.ask(query)).isEqualTo("BADVERS\nadditional OPT 1232 do\n");
      assertThat(server.answer(query.toBytes())[3]).as("the header's share").isZero();
    }
  }

  @Test
  void optionsOfOtherVersionsAreNotRead() {
    assertThat(server.ask(www().edns(1232, 1 << 16, new byte[] {0, 8, 0, 9, 9})))
        .isEqualTo("BADVERS\nadditional OPT 1232\n");
  }

  @Test
  void aSecondOptIsMalformed() {
    assertThat(server.ask(www().edns().edns())).isEqualTo("FORMERR\nadditional OPT 1232\n");
  }

  @Test
  void anOptThatIsNotAtTheRootIsMalformed() {
    byte[] owner = {1, 'a', 0};
    assertThat(server.ask(www().additional(owner, Type.OPT, 1232, 0, new byte[0])))
        .isEqualTo("FORMERR\n");
  }

  @Test
  void anOptInAnotherSectionIsMalformed() {
    assertThat(server.ask(www().answer(ROOT, Type.OPT, new byte[0]))).isEqualTo("FORMERR\n");
  }

  @Test
  void unknownOptionsAreIgnored() {
    byte[] nsid = TestQuery.option(3);
    byte[] cookie = TestQuery.option(10, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    byte[] odd = TestQuery.option(65_001, new byte[] {1});
    assertThat(server.ask(www().edns(nsid, cookie, odd, odd)))
        .isEqualTo(ANSWER + "additional OPT 1232\n");
  }

  @Test
  void aListOfOptionsThatDoesNotAddUpIsMalformed() {
    byte[] option = TestQuery.option(65_001, new byte[] {1, 2});
    for (int length = 1; length < option.length; length++) {
      assertThat(server.ask(www().edns(Arrays.copyOf(option, length))))
          .isEqualTo("FORMERR\nadditional OPT 1232\n");
    }
  }
}
