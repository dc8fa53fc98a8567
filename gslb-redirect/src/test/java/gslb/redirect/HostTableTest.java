package gslb.redirect;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.testkit.Seeded;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HostTableTest {
  @Test
  void anEmptyTableKnowsNobody() {
    assertThat(HostTable.of(Map.of()).service("a.example", 0, 9)).isEqualTo(HostTable.UNKNOWN);
  }

  @Seeded(100)
  void answersAsAMapDoes(Random random) {
    Map<String, Integer> hosts = new HashMap<>();
    int size = random.nextInt(200);
    for (int i = 0; i < size; i++) {
      hosts.put(host(random), i);
    }
    HostTable table = HostTable.of(hosts);
    hosts.forEach((host, id) -> assertThat(find(table, host)).isEqualTo(id));
    for (int i = 0; i < 200; i++) {
      String host = host(random);
      assertThat(find(table, host)).isEqualTo(hosts.getOrDefault(host, HostTable.UNKNOWN));
    }
  }

  /// In upper case and in the middle of a text, as a request may have it.
  private static int find(HostTable table, String host) {
    return table.service("x" + host.toUpperCase(Locale.ROOT) + ":80", 1, 1 + host.length());
  }

  private static String host(Random random) {
    StringBuilder host = new StringBuilder();
    int length = 1 + random.nextInt(4);
    for (int i = 0; i < length; i++) {
      host.append((char) ('a' + random.nextInt(6)));
    }
    return host.append(".example").toString();
  }
}
