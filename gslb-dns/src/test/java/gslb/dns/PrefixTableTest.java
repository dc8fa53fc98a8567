package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PrefixTableTest {
  private static int valueOf(PrefixTable table, Address address) {
    return table.valueOf(address.isV4(), address.high(), address.low());
  }

  /// The rule itself, without a table.
  private static int longest(Map<Prefix, Byte> valueOf, Address address) {
    return valueOf.entrySet().stream()
        .filter(e -> e.getKey().contains(address))
        .max(Comparator.comparingInt(e -> e.getKey().length()))
        .map(e -> (int) e.getValue())
        .orElse(0);
  }

  @Test
  void theLongestPrefixDecides() {
    PrefixTable table =
        PrefixTable.of(
            Map.of(
                Prefix.of("0.0.0.0/0"), (byte) 1,
                Prefix.of("192.0.2.0/24"), (byte) 2,
                Prefix.of("192.0.2.128/25"), (byte) 0,
                Prefix.of("192.0.2.200/32"), (byte) 3,
                Prefix.of("2001:db8::/32"), (byte) 4));
    assertThat(valueOf(table, Address.of("198.51.100.1"))).isEqualTo(1);
    assertThat(valueOf(table, Address.of("192.0.1.255"))).isEqualTo(1);
    assertThat(valueOf(table, Address.of("192.0.2.0"))).isEqualTo(2);
    assertThat(valueOf(table, Address.of("192.0.2.128"))).isZero();
    assertThat(valueOf(table, Address.of("192.0.2.200"))).isEqualTo(3);
    assertThat(valueOf(table, Address.of("192.0.2.201"))).isZero();
    assertThat(valueOf(table, Address.of("192.0.3.0"))).isEqualTo(1);
    assertThat(valueOf(table, Address.of("255.255.255.255"))).isEqualTo(1);
    assertThat(valueOf(table, Address.of("2001:db8:ffff::1"))).isEqualTo(4);
    assertThat(valueOf(table, Address.of("2001:db9::"))).isZero();
    assertThat(valueOf(table, Address.of("::"))).isZero();
  }

  @Seeded(60)
  void everyAddressGetsTheValueOfItsLongestPrefix(Random random) {
    Map<Prefix, Byte> valueOf = new HashMap<>();
    List<Address> probes = new ArrayList<>();
    for (int i = random.nextInt(60); i >= 0; i--) {
      Prefix prefix = prefix(random);
      valueOf.put(prefix, (byte) random.nextInt(4));
      probes.add(prefix.address());
      probes.add(prefix.last());
      probes.add(after(prefix.last()));
      probes.add(before(prefix.address()));
    }
    PrefixTable table = PrefixTable.of(valueOf);
    for (Address probe : probes) {
      assertThat(valueOf(table, probe)).as("%s", probe).isEqualTo(longest(valueOf, probe));
    }
  }

  /// Close together, so that many hold each other, and at both ends of the address space.
  private static Prefix prefix(Random random) {
    long end = random.nextInt(4) == 0 ? -1 : 0;
    if (random.nextBoolean()) {
      int bits = (int) end ^ random.nextInt(1 << random.nextInt(1, 10)) << random.nextInt(23);
      return Prefix.around(Address.v4(bits), random.nextInt(33));
    }
    long high = end ^ (long) random.nextInt(8) << random.nextInt(61);
    long low = end ^ (long) random.nextInt(8) << random.nextInt(61);
    return Prefix.around(Address.v6(high, low), random.nextInt(129));
  }

  private static Address after(Address a) {
    return a.isV4()
        ? Address.v4((int) a.low() + 1)
        : Address.v6(a.low() == -1 ? a.high() + 1 : a.high(), a.low() + 1);
  }

  private static Address before(Address a) {
    return a.isV4()
        ? Address.v4((int) a.low() - 1)
        : Address.v6(a.low() == 0 ? a.high() - 1 : a.high(), a.low() - 1);
  }
}
