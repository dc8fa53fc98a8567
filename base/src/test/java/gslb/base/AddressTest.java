package gslb.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "2001:db8:0:0:0:0:0:1, 2001:db8::1",
    "2001:0db8:0000:0000:0001:0000:0000:0001, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:DB8::ABCD, 2001:db8::abcd",
    "0:0:0:0:0:0:0:0, ::",
    "::1, ::1",
    "1::, 1::",
    "::ffff:192.0.2.1, ::ffff:192.0.2.1",
    "::ffff:c000:201, ::ffff:192.0.2.1",
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    "192.0.2.255, 192.0.2.255"
  })
  void textIsCanonical(String text, String canonical) {
    assertThat(Address.of(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4 ",
        "1..2.3",
        "1.2.3.",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "12345::",
        "::g",
        "fe80::1%eth0",
        "[::1]",
        "::1.2.3",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "localhost",
        "::\u0661"
      })
  void otherTextIsRefused(String text) {
    assertThat(Address.parse(text)).isEmpty();
  }

  @Test
  void agreesWithTheJdkOnRandomAddresses() throws UnknownHostException {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      for (int zero = random.nextInt(bytes.length + 1); zero > 0; zero--) {
        bytes[random.nextInt(bytes.length)] = 0;
      }
      Address address = Address.of(bytes);
      assertThat(address.toBytes()).isEqualTo(bytes);
      assertThat(Address.of(address.toString())).isEqualTo(address);
      // The JDK's own literal reader turns a mapped address into an IPv4 one, as its bytes do.
      assertThat(InetAddress.getByName(address.toString()))
          .isEqualTo(InetAddress.getByAddress(bytes));
    }
  }

  /// RFC 3986 §3.2.2 for the brackets, RFC 4007 §11 for the zone.
  @Test
  void withItsPortAnIpv6AddressIsInBrackets() throws UnknownHostException {
    assertThat(Address.withPort(new InetSocketAddress("192.0.2.53", 53)))
        .isEqualTo("192.0.2.53:53");
    assertThat(Address.withPort(new InetSocketAddress("2001:db8:0::53", 853)))
        .isEqualTo("[2001:db8::53]:853");
    InetAddress ofZone = Inet6Address.getByAddress(null, Address.of("fe80::1").toBytes(), 2);
    assertThat(Address.withPort(new InetSocketAddress(ofZone, 53))).isEqualTo("[fe80::1%2]:53");
    assertThat(Address.withPort(InetSocketAddress.createUnresolved("ns1.example.org", 53)))
        .isEqualTo("ns1.example.org:53");
  }
}
