package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

/// The outermost ring: what a message must be before anyone looks up a name.
final class HeaderTest {
  private static final int QR = 0x8000;
  private static final int RD = 0x0100;
  private static final int RA = 0x0080;
  private static final int Z = 0x0040;
  private static final int AD = 0x0020;
  private static final int CD = 0x0010;
  private static final int AA = 0x0400;
  private static final int TC = 0x0200;
  private static final byte[] EXAMPLE =
      TestZone.name(org.xbill.DNS.Name.fromConstantString("www.example.org.")).toWire();

  private final TestServer server =
      new TestServer(
          TestZone.of(
              "example.org",
              """
              @ 60 SOA ns1 hostmaster 1 3600 900 1209600 60
              @ 60 NS ns1
              www 60 A 192.0.2.80
              """));

  @Test
  void silenceForWhatIsShorterThanAHeader() {
    byte[] query = TestQuery.of("www.example.org", Type.A).toBytes();
    for (int length = 0; length < 12; length++) {
      assertThat(server.answer(Arrays.copyOf(query, length))).isEmpty();
    }
    assertThat(server.answer(Arrays.copyOf(query, 12))).hasSize(12);
  }

  @Test
  void silenceForResponses() {
    assertThat(server.answer(TestQuery.of("www.example.org", Type.A).flags(QR).toBytes()))
        .isEmpty();
    assertThat(server.answer(TestQuery.empty().flags(QR | 0x2800).toBytes())).isEmpty();
  }

  @Test
  void idAndQuestionComeBack() {
    byte[] query = TestQuery.of("wWW.example.org", Type.A).id(0xfe01).toBytes();
    byte[] reply = server.answer(query);
    assertThat(Arrays.copyOf(reply, 2)).containsExactly(0xfe, 0x01);
    assertThat(Arrays.copyOfRange(reply, 12, query.length))
        .isEqualTo(Arrays.copyOfRange(query, 12, query.length));
  }

  @Test
  void rdAndCdAreCopiedAndTheOtherFlagsAreOurs() {
    TestQuery query = TestQuery.of("www.example.org", Type.A);
    String answer = "answer www.example.org. 60 A 192.0.2.80\n";
    assertThat(server.ask(query)).isEqualTo("NOERROR aa\n" + answer);
    assertThat(server.ask(query.flags(RD))).isEqualTo("NOERROR aa rd\n" + answer);
    assertThat(server.ask(query.flags(CD))).isEqualTo("NOERROR aa cd\n" + answer);
    assertThat(server.ask(query.flags(AA | TC | RD | RA | Z | AD | CD)))
        .isEqualTo("NOERROR aa rd cd\n" + answer);
    assertThat(server.ask(TestQuery.of("example.net", Type.A).flags(0x07ff)))
        .isEqualTo("REFUSED rd cd\n");
  }

  @Test
  void otherOpcodesAreNotImplemented() {
    for (int opcode = 1; opcode < 16; opcode++) {
      byte[] query =
          TestQuery.of("www.example.org", Type.SOA).flags(opcode << 11 | RD).edns().toBytes();
      byte[] reply = server.answer(query);
      assertThat(reply[2]).isEqualTo((byte) (0x80 | opcode << 3 | 1));
      assertThat(reply[3]).isEqualTo((byte) Rcode.NOTIMP);
      assertThat(Arrays.copyOfRange(reply, 4, 12)).containsExactly(0, 1, 0, 0, 0, 0, 0, 1);
      assertThat(reply).hasSize(query.length);
    }
  }

  @Test
  void otherOpcodesNeedNoQuestion() {
    assertThat(server.ask(TestQuery.empty().flags(6 << 11).garbage(1, 2, 3))).isEqualTo("NOTIMP\n");
  }

  @Test
  void oneQuestionAndNoOther() {
    assertThat(server.ask(TestQuery.empty())).isEqualTo("FORMERR\n");
    TestQuery two = TestQuery.of("www.example.org", Type.A).question(EXAMPLE, Type.AAAA, 1);
    assertThat(server.reply(two).getHeader().getCount(0)).isZero();
    assertThat(server.ask(two)).isEqualTo("FORMERR\n");
    assertThat(server.ask(TestQuery.of("www.example.org", Type.A).count(0))).isEqualTo("FORMERR\n");
  }

  @Test
  void aQuestionThatIsCutOffIsMalformed() {
    byte[] query = TestQuery.of("www.example.org", Type.A).toBytes();
    for (int length = 12; length < query.length; length++) {
      byte[] reply = server.answer(Arrays.copyOf(query, length));
      assertThat(reply).hasSize(12);
      assertThat(reply[3] & 0xf).isEqualTo(Rcode.FORMERR);
      assertThat(reply[0]).isEqualTo(query[0]);
    }
  }

  @Test
  void aNameThatIsNoneIsMalformed() {
    byte[] pointer = {(byte) 0xc0, 12};
    byte[] pointerBehindLabel = {1, 'a', (byte) 0xc0, 0};
    byte[] reserved = {0x40, 0};
    byte[] extended = {(byte) 0x80, 0};
    byte[] tooLong = new byte[257];
    for (int i = 0; i < 256; i += 2) {
      tooLong[i] = 1;
    }
    for (byte[] name : new byte[][] {pointer, pointerBehindLabel, reserved, extended, tooLong}) {
      assertThat(server.ask(TestQuery.empty().question(name, Type.A, 1))).isEqualTo("FORMERR\n");
    }
  }

  @Test
  void theLongestNameIsAName() {
    byte[] longest = new byte[255];
    for (int i = 0; i < 254; i += 2) {
      longest[i] = 1;
    }
    assertThat(server.ask(TestQuery.empty().question(longest, Type.A, 1))).isEqualTo("REFUSED\n");
  }

  @Test
  void whatFollowsTheSectionsIsMalformed() {
    assertThat(server.ask(TestQuery.of("www.example.org", Type.A).garbage(0)))
        .isEqualTo("FORMERR\n");
    assertThat(server.ask(TestQuery.of("www.example.org", Type.A).edns().garbage(0)))
        .isEqualTo("FORMERR\nadditional OPT 1232\n");
  }

  @Test
  void recordsThatAreCutOffAreMalformed() {
    byte[] query =
        TestQuery.of("www.example.org", Type.A)
            .additional(EXAMPLE, Type.TXT, 1, 0, new byte[] {2, 'a', 'b'})
            .toBytes();
    int questionEnd = TestQuery.of("www.example.org", Type.A).toBytes().length;
    for (int length = questionEnd; length < query.length; length++) {
      byte[] reply = server.answer(Arrays.copyOf(query, length));
      assertThat(reply).hasSize(questionEnd);
      assertThat(reply[3] & 0xf).isEqualTo(Rcode.FORMERR);
    }
    assertThat(server.answer(query)[3] & 0xf).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void recordsOfNoConcernArePassedOver() {
    byte[] pointer = {(byte) 0xc0, 12};
    TestQuery query =
        TestQuery.of("www.example.org", Type.A)
            .answer(pointer, Type.A, new byte[4])
            .additional(EXAMPLE, Type.TSIG, 255, 0, new byte[] {1, 2, 3})
            .edns()
            .additional(pointer, Type.TXT, 1, 0, new byte[0]);
    assertThat(server.ask(query))
        .isEqualTo("NOERROR aa\nanswer www.example.org. 60 A 192.0.2.80\nadditional OPT 1232\n");
  }
}
