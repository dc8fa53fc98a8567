package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ForgedSourceTest {
  private static boolean isForged(String text) {
    Address address = Address.of(text);
    return ForgedSource.isForged(address.isV4(), address.high(), address.low());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0", "0.255.255.255", "224.0.0.0", "224.0.0.251", "239.255.255.255",
        "255.255.255.255", "::", "ff00::", "ff02::fb", "ffff::1"
      })
  void addressesThatNoHostHasAreForged(String address) {
    assertThat(isForged(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "10.0.0.255",
        "127.0.0.1",
        "192.0.2.1",
        "223.255.255.255",
        "240.0.0.1",
        "::1",
        "fe80::1",
        "2001:db8::",
        "feff::1"
      })
  void addressesOfHostsAreNot(String address) {
    assertThat(isForged(address)).isFalse();
  }
}
