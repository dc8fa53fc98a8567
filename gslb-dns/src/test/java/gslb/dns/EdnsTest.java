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
        .isEqualTo("REFUSED\nadditional OPT 1232 error 20\n");
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
    byte[] cookie = TestQuery.cookie("0102030405060708");
    byte[] odd = TestQuery.option(65_001, new byte[] {1});
    assertThat(server.ask(www().edns(TestQuery.nsid(), cookie, odd, odd, TestQuery.option(100))))
        .isEqualTo(ANSWER + "additional OPT 1232\n");
  }

  /// RFC 7828 §3.3.
  @Test
  void aKeepaliveIsAnsweredOverTcpToWhoAsks() {
    server.context.idleTenths = 370;
    String answered = ANSWER + "additional OPT 1232 keepalive 370\n";
    server.overTcp(true);
    assertThat(server.ask(www().edns(TestQuery.keepalive()))).isEqualTo(answered);
    assertThat(server.ask(www().edns(TestQuery.option(11, (byte) 9, (byte) 9))))
        .isEqualTo(answered);
    assertThat(server.ask(www().edns())).isEqualTo(ANSWER + "additional OPT 1232\n");
    server.context.idleTenths = 0;
    assertThat(server.ask(www().edns(TestQuery.keepalive())))
        .isEqualTo(ANSWER + "additional OPT 1232 keepalive 0\n");
    server.context.idleTenths = 70_000;
    assertThat(server.ask(www().edns(TestQuery.keepalive())))
        .isEqualTo(ANSWER + "additional OPT 1232 keepalive 65535\n");
    server.overTls();
    assertThat(server.ask(www().edns(TestQuery.keepalive()))).contains(" keepalive 65535");
  }

  @Test
  void aKeepaliveOverUdpIsIgnored() {
    server.context.idleTenths = 370;
    for (int length = 0; length < 4; length++) {
      assertThat(server.ask(www().edns(TestQuery.option(11, new byte[length]))))
          .isEqualTo(ANSWER + "additional OPT 1232\n");
    }
  }

  /// RFC 7828 §3.1: 0 octets, or 2.
  @Test
  void aKeepaliveOfAnotherLengthIsMalformed() {
    server.overTcp(true);
    for (int length : new int[] {1, 3, 4, 100}) {
      assertThat(server.ask(www().edns(TestQuery.option(11, new byte[length]))))
          .startsWith("FORMERR\nadditional OPT 1232");
    }
  }

  /// RFC 7830 §4, RFC 8467 §4.1.
  @Test
  void paddingMakesAReplyBelowTlsAMultipleOf468() {
    server.overTls();
    byte[] longest = new byte[255];
    Arrays.fill(longest, 0, 254, (byte) 1);
    server.answer(TestQuery.empty().question(longest, Type.A, 1).toBytes());
    // Into the buffer that held that name.
    byte[] reply = server.answer(www().edns(TestQuery.padding(60)).toBytes());
    assertThat(reply).hasSize(468);
    // Header 12, question 21, answer 16, OPT 11, and the option's own head 4.
    assertThat(server.ask(www().edns(TestQuery.padding(0))))
        .isEqualTo(ANSWER + "additional OPT 1232 padding " + (468 - 64) + "\n");
    assertThat(server.answer(www().edns().toBytes())).hasSize(60);
    for (int i = 64; i < 468; i++) {
      assertThat(reply[i]).isZero();
    }
  }

  @Test
  void paddingIsTheLastOptionAndCountsTheOthers() {
    server.withCookies("ab".repeat(16)).with(new Identity("fra1", "", "")).overTls();
    byte[] query =
        www()
            .edns(
                TestQuery.padding(3),
                TestQuery.subnet("192.0.2.0/24"),
                TestQuery.cookie("11".repeat(8)),
                TestQuery.keepalive(),
                TestQuery.nsid())
            .toBytes();
    assertThat(server.answer(query)).hasSize(468);
    assertThat(server.ask(TestQuery.of("example.net", Type.A).edns(TestQuery.padding(0))))
        .isEqualTo("REFUSED\nadditional OPT 1232 error 20 padding 418\n");
  }

  @Test
  void paddingIsIgnoredInTheClear() {
    for (boolean overTcp : new boolean[] {false, true}) {
      server.overTcp(overTcp);
      assertThat(server.ask(www().edns(TestQuery.padding(60))))
          .isEqualTo(ANSWER + "additional OPT 1232\n");
    }
  }

  /// Every length around the end of the first block.
  @Test
  void paddedRepliesOfEveryLengthAreWhole() {
    StringBuilder text = new StringBuilder("@ 60 SOA ns h 1 1 1 1 60\n@ 60 NS ns\n");
    for (int length = 1; length <= 240; length++) {
      text.append("t%d 60 TXT %s\n".formatted(length, "x".repeat(length)));
      text.append("t%d 60 TXT %s\n".formatted(length, "y".repeat(200)));
    }
    TestServer padded = new TestServer(TestZone.of("example.org", text.toString())).overTls();
    for (int length = 1; length <= 240; length++) {
      TestQuery query = TestQuery.of("t" + length + ".example.org", Type.TXT);
      int plain = padded.answer(query.edns().toBytes()).length;
      query = TestQuery.of("t" + length + ".example.org", Type.TXT).edns(TestQuery.padding(0));
      assertThat(padded.answer(query.toBytes())).hasSize(plain + 4 <= 468 ? 468 : 936);
      assertThat(padded.reply(query).getSection(1)).hasSize(2);
    }
  }

  /// A reply that is within one block of the end is padded to the end, and one that leaves no room
  /// for the option is cut off.
  @Test
  void noPaddingMakesAReplyLongerThanAMessage() {
    int lastBlock = 65_520;
    for (int rdata = 65_400; rdata < 65_535; rdata++) {
      TestServer padded = new TestServer(TestZone.of("example.org", zoneWithRdata(rdata)));
      padded.overTls();
      TestQuery query = TestQuery.of("example.org", 65_280);
      int plain = padded.answer(query.edns().toBytes()).length;
      query = TestQuery.of("example.org", 65_280).edns(TestQuery.padding(0));
      byte[] reply = padded.answer(query.toBytes());
      boolean isTruncated = (reply[2] & 2) != 0;
      // Header 12, question 17, owner and head 12, OPT 11, padding's head 4.
      assertThat(isTruncated).isEqualTo(rdata > 65_535 - 56);
      assertThat(reply.length)
          .isEqualTo(isTruncated ? 468 : plain + 4 <= lastBlock ? lastBlock : 65_535);
    }
  }

  private static String zoneWithRdata(int length) {
    return "@ 60 SOA ns h 1 1 1 1 60\n@ 60 NS ns\n@ 60 TYPE65280 \\# %d %s\n"
        .formatted(length, "00".repeat(length));
  }

  /// The longest question and every option: the shortest limit must hold them, with the error.
  @Test
  void theLongestRepliesWithoutRecordsFitInto512Octets() {
    String longest = "é".repeat(64);
    server.withCookies("ab".repeat(16)).with(new Identity(longest, longest, longest));
    byte[] name = new byte[255];
    for (int i = 0; i < 254; i += 2) {
      name[i] = 1;
    }
    TestQuery query =
        TestQuery.empty()
            .question(name, Type.A, 1)
            .edns(
                512,
                0,
                TestQuery.subnet("2001:db8::1/128"),
                TestQuery.cookie("11".repeat(8)),
                TestQuery.nsid(),
                TestQuery.padding(9));
    // Header 12, question 259, OPT 11, subnet 24, cookie 28, NSID 132, error 6.
    assertThat(server.answer(query.toBytes())).hasSize(472);
    assertThat(server.ask(query)).startsWith("REFUSED\n").contains(" error 20");
  }

  /// RFC 8914 §4.21.
  @Test
  void namesOfOthersAreRefusedWithTheReason() {
    assertThat(server.ask(TestQuery.of("example.net", Type.A).edns()))
        .isEqualTo("REFUSED\nadditional OPT 1232 error 20\n");
    assertThat(server.ask(TestQuery.of("example.net", Type.A))).isEqualTo("REFUSED\n");
    assertThat(server.ask(TestQuery.of("example.org", Type.AXFR).edns()))
        .isEqualTo("REFUSED\nadditional OPT 1232\n");
    assertThat(server.ask(www().edns())).isEqualTo(ANSWER + "additional OPT 1232\n");
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
