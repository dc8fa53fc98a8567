package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.DnsName;
import java.util.HexFormat;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// The octets were put together by hand from RFC 1035 §4.1, RFC 7871 §6 and RFC 8914 §2.
final class MessageTextTest {
  private static final String QUESTION = "0161046773 6c6200 0001 0001";

  private static MessageText read(String hex) {
    return MessageText.of(HexFormat.of().parseHex(hex.replace(" ", ""))).orElseThrow();
  }

  @Test
  void recordsAreInTheFormOfAZoneFile() {
    MessageText text =
        read(
            "1234 8400 0001 0002 0000 0001"
                + QUESTION
                + "c00c 0005 0001 0000001e 0004 0162 c00e"
                + "c024 0001 0001 0000000a 0004 c000020a"
                + "00 0029 04d0 00000000 0000");
    assertThat(text.rcode()).isEqualTo("NOERROR");
    assertThat(text.flags()).containsExactly("qr", "aa");
    assertThat(text.answer().stream().map(MessageText.Line::toString))
        .containsExactly("a.gslb. 30 IN CNAME b.gslb.", "b.gslb. 10 IN A 192.0.2.10");
    assertThat(text.aliases()).containsExactly(DnsName.of("b.gslb"));
    assertThat(text.additional()).isEmpty();
    assertThat(text.scope()).isEmpty();
    assertThat(text.error()).isEmpty();
  }

  /// RFC 5952 §4; the parameter is key 6 of RFC 9460 §14.3.2.
  @Test
  void ipv6AddressesAreShort() {
    MessageText text =
        read(
            "1234 8400 0001 0002 0000 0000"
                + QUESTION
                + "c00c 001c 0001 0000001e 0010 20010db8000000000000000000000001"
                + "c00c 0041 0001 0000001e 0027 0001 00 0006 0020"
                + "00000000000000000000000000000001 20010db8000000010000000000000010");
    assertThat(text.answer().stream().map(MessageText.Line::data))
        .containsExactly("2001:db8::1", "1 . ipv6hint=::1,2001:db8:0:1::10");
  }

  /// Of an IPv4-mapped address too, in FAMILY 2.
  @Test
  void scopeAndErrorAreRead() {
    MessageText text =
        read(
            "0000 8405 0001 0000 0000 0001"
                + QUESTION
                + "00 0029 04d0 00000000 0020"
                + "0008 0013 0002 78 70 00000000000000000000ffffc00002"
                + "000f 0005 0012 6e6f 21");
    assertThat(text.rcode()).isEqualTo("REFUSED");
    assertThat(text.scope()).isEqualTo(OptionalInt.of(112));
    assertThat(text.error()).isEqualTo("18 PROHIBITED: no!");
  }

  @Test
  void whatIsNoMessageIsNone() {
    for (String hex : new String[] {"", "00", "0000840000010000000000000161", "ff".repeat(40)}) {
      assertThat(MessageText.of(HexFormat.of().parseHex(hex))).as(hex).isEmpty();
    }
  }

  @Test
  void typesHaveNames() {
    assertThat(MessageText.type("https")).hasValue(65);
    assertThat(MessageText.type("TYPE65")).hasValue(65);
    assertThat(MessageText.type("HTTP")).isEmpty();
    assertThat(MessageText.type(28)).isEqualTo("AAAA");
  }
}
