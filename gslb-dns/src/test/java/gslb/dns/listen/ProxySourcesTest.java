package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ProxySourcesTest {
  @Test
  void noPrefixesHoldNobody() {
    ProxySources none = new ProxySources(List.of());
    assertThat(none.isEmpty()).isTrue();
    assertThat(none.contains(Address.of("0.0.0.0"))).isFalse();
    assertThat(none.contains(Address.of("::"))).isFalse();
  }

  /// The oracle tries each prefix.
  @Seeded(300)
  void anAddressIsASourceIfAnyPrefixHoldsIt(Random random) {
    List<Prefix> prefixes = new ArrayList<>();
    int count = random.nextInt(20);
    for (int i = 0; i < count; i++) {
      boolean isV4 = random.nextBoolean();
      prefixes.add(Prefix.around(address(random, isV4), random.nextInt(isV4 ? 33 : 129)));
    }
    ProxySources sources = new ProxySources(prefixes);
    List<Address> tried = new ArrayList<>();
    for (Prefix prefix : prefixes) {
      tried.addAll(List.of(prefix.address(), prefix.last(), beside(prefix.last(), 1)));
      tried.add(beside(prefix.address(), -1));
    }
    for (int i = 0; i < 50; i++) {
      tried.add(address(random, random.nextBoolean()));
    }
    for (Address address : tried) {
      assertThat(sources.contains(address))
          .as("%s in %s", address, prefixes)
          .isEqualTo(prefixes.stream().anyMatch(prefix -> prefix.contains(address)));
    }
  }

  /// Few bits differ, so that prefixes nest.
  private static Address address(Random random, boolean isV4) {
    return isV4
        ? Address.v4(random.nextInt(4) << 30 | random.nextInt(8))
        : Address.v6((long) random.nextInt(4) << 62, random.nextInt(8) - 4);
  }

  private static Address beside(Address address, int step) {
    if (address.isV4()) {
      return Address.v4((int) address.low() + step);
    }
    long low = address.low() + step;
    boolean carries = step > 0 ? low == 0 : address.low() == 0;
    return Address.v6(address.high() + (carries ? step : 0), low);
  }
}
