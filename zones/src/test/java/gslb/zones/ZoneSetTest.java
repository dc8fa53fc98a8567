package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.DnsName;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ZoneSetTest {
  private static FlatZone zone(DnsName apex) {
    return new FlatZoneBuilder(apex, 1)
        .add(apex, FlatZone.TYPE_SOA, 60, List.of(new byte[22]))
        .add(apex, FlatZone.TYPE_NS, 60, List.of(new byte[1]))
        .build();
  }

  @Test
  void noZoneAnswersOutsideOfAll() {
    ZoneSet none = ZoneSet.of(List.of());
    assertThat(none.find(Zones.view(DnsName.of("example.org")))).isNull();
    assertThat(none.find(Zones.view(DnsName.ROOT))).isNull();
    ZoneSet one = ZoneSet.of(List.of(zone(DnsName.of("example.org"))));
    for (String name : List.of(".", "org", "example.net", "badexample.org", "example.org.net")) {
      assertThat(one.find(Zones.view(DnsName.of(name)))).as(name).isNull();
    }
  }

  @Test
  void twoZonesOfOneNameAreRefused() {
    List<FlatZone> twice =
        List.of(zone(DnsName.of("example.org")), zone(DnsName.of("EXAMPLE.org")));
    assertThatThrownBy(() -> ZoneSet.of(twice)).isInstanceOf(IllegalArgumentException.class);
  }

  @Seeded(60)
  void theLongestApexAtOrAboveTheNameIsFound(Random random) {
    Set<DnsName> apexes = new HashSet<>();
    int count = random.nextInt(40);
    for (int i = 0; i < count; i++) {
      apexes.add(name(random));
    }
    List<FlatZone> zones =
        new ArrayList<>(apexes.stream().sorted().map(ZoneSetTest::zone).toList());
    ZoneSet set = ZoneSet.of(zones);
    assertThat(set.zones()).isEqualTo(zones);
    for (int i = 0; i < 200; i++) {
      DnsName name = name(random);
      FlatZone longest = null;
      for (FlatZone zone : zones) {
        if (name.isAtOrBelow(zone.apex())
            && (longest == null || zone.apex().labelCount() > longest.apex().labelCount())) {
          longest = zone;
        }
      }
      assertThat(set.find(Zones.view(name))).isSameAs(longest);
    }
  }

  private static DnsName name(Random random) {
    StringBuilder text = new StringBuilder(".");
    int labels = random.nextInt(5);
    for (int i = 0; i < labels; i++) {
      text.insert(0, "abAB".charAt(random.nextInt(4))).insert(0, i == labels - 1 ? "" : ".");
    }
    return DnsName.of(text.toString());
  }
}
