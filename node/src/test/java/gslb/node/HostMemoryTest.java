package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.DnsName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HostMemoryTest {
  private static final HostMemory MEMORY =
      new HostMemory(
          Map.of(
              DnsName.of("lb.example.net."),
              List.of(Address.of("192.0.2.1"), Address.of("2001:db8::1"))));

  @Test
  void comesBackAsItWas() {
    assertThat(HostMemory.decode(MEMORY.encode())).contains(MEMORY);
    assertThat(HostMemory.decode(HostMemory.NONE.encode())).contains(HostMemory.NONE);
  }

  @Test
  void isLinesThatPeopleCanRead() {
    assertThat(new String(MEMORY.encode(), StandardCharsets.US_ASCII))
        .startsWith("gslb-hosts 1\nhost lb.example.net. 192.0.2.1 2001:db8::1\nend 1 ");
  }

  @Test
  void anyDamageMakesItNone() {
    byte[] good = MEMORY.encode();
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      assertThat(HostMemory.decode(bad)).as("byte %s", i).isEmpty();
      assertThat(HostMemory.decode(java.util.Arrays.copyOf(good, i))).isEmpty();
    }
  }
}
