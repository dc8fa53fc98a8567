package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.DnsName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FlatZoneTest {
  @Test
  void emptyNonTerminalsExistAndHideTheWildcardAbove() {
    // RFC 4592 §2.2.1 and §2.2.2: the example zone of that RFC.
    FlatZone zone =
        Zones.of(
            Zones.HEAD
                + """
                *            3600     TXT   "this is a wildcard"
                *            3600     MX    10 host1
                sub.*        3600     TXT   "this is not a wildcard"
                host1        3600     A     192.0.2.1
                _ssh._tcp.host1  3600 SRV   0 0 22 host1
                _ssh._tcp.host2  3600 SRV   0 0 22 host1
                host2        3600     A     192.0.2.2
                subdel       3600     NS    ns.example.com.
                subdel       3600     NS    ns.example.net.
                """);
    for (String name : List.of("host3", "foo.bar")) {
      NameMatch match = Zones.match(zone, name + ".example.org");
      assertThat(match.node).isEqualTo(-1);
      assertThat(zone.name(match.wildcard)).isEqualTo(DnsName.of("*.example.org"));
    }
    assertThat(Zones.match(zone, "_telnet._tcp.host1.example.org").wildcard).isEqualTo(-1);
    assertThat(Zones.match(zone, "ghost.*.example.org").wildcard).isEqualTo(-1);
    int ent = Zones.match(zone, "_tcp.host1.example.org").node;
    assertThat(zone.rrsetCount(ent)).isZero();
    NameMatch below = Zones.match(zone, "host.subdel.example.org");
    assertThat(zone.name(below.cut)).isEqualTo(DnsName.of("subdel.example.org"));
  }

  @Test
  void negativeTtlIsTheLowerOfTtlAndMinimum() {
    assertThat(Zones.of(Zones.HEAD).negativeTtl()).isEqualTo(60);
    assertThat(
            Zones.of(Zones.HEAD.replace("SOA", "30 SOA").replace("$TTL 300", "$TTL 20"))
                .negativeTtl())
        .isEqualTo(30);
  }

  @Test
  void slotsMakeTheirNamesExist() {
    FlatZone zone =
        Zones.of(
            Zones.HEAD,
            Zones.slot(7, "deep.www.example.org"),
            Zones.slot(8, "*.wild.example.org"),
            Zones.slot(9, "example.org"));
    assertThat(zone.dynamicSlot(Zones.match(zone, "deep.www.example.org").node)).isEqualTo(7);
    int ent = Zones.match(zone, "www.example.org").node;
    assertThat(zone.dynamicSlot(ent)).isEqualTo(-1);
    assertThat(zone.rrsetCount(ent)).isZero();
    NameMatch wild = Zones.match(zone, "any.thing.wild.example.org");
    assertThat(zone.dynamicSlot(wild.wildcard)).isEqualTo(8);
    assertThat(zone.dynamicSlot(zone.apexNode())).isEqualTo(9);
  }

  @Test
  void theLowestTtlOfAnRrsetIsUsed() {
    var diagnostics = new gslb.base.Diagnostics();
    FlatZone zone =
        ZoneFile.read(
                "test.zone",
                Zones.HEAD + "a 60 A 192.0.2.1\na 30 A 192.0.2.2\na 90 A 192.0.2.3\n",
                Zones.ORIGIN,
                List.of(),
                diagnostics)
            .orElseThrow();
    assertThat(diagnostics.sorted()).hasSize(1);
    int rrset = zone.rrset(Zones.match(zone, "a.example.org").node, FlatZone.TYPE_A);
    assertThat(zone.ttl(rrset)).isEqualTo(30);
    assertThat(zone.recordCount(rrset)).isEqualTo(3);
  }

  @Test
  void theRootCanBeAZone() {
    byte[] soa = new byte[22];
    FlatZone zone =
        new FlatZoneBuilder(DnsName.ROOT, 1)
            .add(DnsName.ROOT, FlatZone.TYPE_SOA, 60, List.of(soa))
            .add(DnsName.ROOT, FlatZone.TYPE_NS, 60, List.of(DnsName.of("ns.org").toWire()))
            .add(DnsName.of("org"), FlatZone.TYPE_NS, 60, List.of(DnsName.of("ns.org").toWire()))
            .build();
    assertThat(zone.name(Zones.match(zone, "www.ORG").cut)).isEqualTo(DnsName.of("org"));
    assertThat(Zones.match(zone, ".").node).isEqualTo(zone.apexNode());
    assertThat(Zones.match(zone, "com").closestEncloser).isEqualTo(zone.apexNode());
  }

  @Test
  void aZoneWithoutSoaOrNsIsNotBuilt() {
    FlatZoneBuilder builder = new FlatZoneBuilder(Zones.ORIGIN, 1);
    assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.slot(DnsName.of("example.net"), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesChosenToCollideAreFoundByAKeyedHash() {
    List<DnsName> chosen = collidingNames(3 * NodeTable.PROBE_LENGTH_MAX);
    assertThat(chosen.stream().map(DnsName::hashCode).distinct()).hasSize(1);
    FlatZoneBuilder builder =
        new FlatZoneBuilder(Zones.ORIGIN, 1)
            .add(Zones.ORIGIN, FlatZone.TYPE_SOA, 60, List.of(new byte[22]))
            .add(Zones.ORIGIN, FlatZone.TYPE_NS, 60, List.of(new byte[1]));
    for (int i = 0; i < chosen.size(); i++) {
      if (i % 3 > 0) {
        builder.slot(chosen.get(i), i);
      }
    }
    FlatZone zone = builder.build();
    assertThat(zone.isKeyed()).isTrue();
    for (int i = 0; i < chosen.size(); i++) {
      int node = Zones.match(zone, chosen.get(i).toString()).node;
      assertThat(node < 0 ? -1 : zone.dynamicSlot(node)).isEqualTo(i % 3 > 0 ? i : -1);
    }
    assertThat(Zones.of(Zones.HEAD).isKeyed()).isFalse();
  }

  /// Names below the origin that share the public hash: labels of seven octets, of which the last
  /// four are solved for from both ends of the hash.
  private static List<DnsName> collidingNames(int count) {
    int prime = 0x01000193;
    int inverse = 1;
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - prime * inverse;
    }
    Map<Integer, Integer> backward = new HashMap<>();
    for (int pair = 0; pair < 0x10000; pair++) {
      if (isStable(pair)) {
        backward.put((0x12345678 * inverse ^ pair & 0xff) * inverse ^ pair >> 8, pair);
      }
    }
    List<DnsName> names = new ArrayList<>();
    for (int prefix = 0; names.size() < count; prefix++) {
      String head = "%03x".formatted(prefix);
      int state = (Zones.ORIGIN.hashCode() ^ 7) * prime;
      for (int i = 0; i < head.length(); i++) {
        state = (state ^ head.charAt(i)) * prime;
      }
      for (int pair = 0; pair < 0x10000; pair++) {
        Integer found = backward.get(((state ^ pair >> 8) * prime ^ pair & 0xff) * prime);
        if (found != null && isStable(pair)) {
          byte[] wire = Zones.ORIGIN.toWire();
          byte[] name = Arrays.copyOf(new byte[] {7}, 8 + wire.length);
          System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, name, 1, 3);
          name[4] = (byte) (pair >> 8);
          name[5] = (byte) pair;
          name[6] = (byte) (found >> 8);
          name[7] = (byte) (int) found;
          System.arraycopy(wire, 0, name, 8, wire.length);
          names.add(DnsName.ofWire(name, 0));
        }
      }
    }
    return names;
  }

  /// Whether neither octet is a capital letter, which the hash would change.
  private static boolean isStable(int pair) {
    return DnsName.lower(pair >> 8) == pair >> 8 && DnsName.lower(pair & 0xff) == (pair & 0xff);
  }
}
