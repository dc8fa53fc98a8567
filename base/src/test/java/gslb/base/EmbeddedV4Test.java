package gslb.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EmbeddedV4Test {
  @ParameterizedTest
  @CsvSource({
    // RFC 4291 §2.5.5.2
    "::ffff:192.0.2.33, 192.0.2.33, 96",
    // RFC 6052 §2.4
    "64:ff9b::192.0.2.33, 192.0.2.33, 96",
    // RFC 3056 §2
    "2002:c000:0221::1, 192.0.2.33, 16",
    // RFC 4380 §4: the client's address with every bit inverted
    "2001:0:4136:e378:8000:63bf:3fff:fdd2, 192.0.2.45, 96",
  })
  void theIpv4AddressIsTakenOut(String v6, String v4, int offset) {
    Address address = Address.of(v6);
    assertThat(EmbeddedV4.offset(address.high(), address.low())).isEqualTo(offset);
    assertThat(Address.v4(EmbeddedV4.extract(address.high(), address.low())))
        .isEqualTo(Address.of(v4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::192.0.2.33",
        "::fffe:ffff:ffff",
        "::1:0:0:0",
        "64:ff9b:0:0:0:1::",
        "64:ff9b:1::1",
        "64:ff9a::1",
        "2001:1::1",
        "2003::1",
        "2001:db8::1"
      })
  void neighboursOfTheBlocksCarryNothing(String v6) {
    Address address = Address.of(v6);
    assertThat(EmbeddedV4.offset(address.high(), address.low())).isNegative();
  }
}
