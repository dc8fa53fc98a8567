package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.DnsName;
import gslb.testkit.Seeded;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Lookups against a slow oracle: names are lists of labels in lower case in plain maps, and each
/// field of a match is computed from its definition by trying every ancestor.
final class FlatZoneLookupTest {
  private static final List<String> APEX = List.of("example", "org");
  private static final int TXT = 16;
  private static final int MX = 15;

  /// Type to RDATA octets, for each owner.
  private final Map<List<String>, Map<Integer, List<byte[]>>> owners = new HashMap<>();

  private final Map<List<String>, Integer> slots = new HashMap<>();
  private final Set<List<String>> names = new HashSet<>();

  @Seeded(150)
  void everyLookupIsThatOfTheOracle(Random random) {
    FlatZone zone = build(random);
    NameView view = new NameView();
    NameMatch match = new NameMatch();
    for (int i = 0; i < 300; i++) {
      List<String> name = i % 3 == 0 ? pick(random) : randomName(random);
      byte[] wire = wire(name, random);
      int offset = random.nextInt(4);
      byte[] bytes = new byte[offset + wire.length + 2];
      System.arraycopy(wire, 0, bytes, offset, wire.length);
      assertThat(view.set(bytes, offset, bytes.length)).isEqualTo(offset + wire.length);
      zone.match(view, match);
      compare(zone, match, name);
    }
    assertThat(zone.nodeCount()).isEqualTo(names.size());
  }

  private List<String> pick(Random random) {
    List<List<String>> all = new ArrayList<>(names);
    all.sort((a, b) -> a.toString().compareTo(b.toString()));
    return all.get(random.nextInt(all.size()));
  }

  private void compare(FlatZone zone, NameMatch match, List<String> name) {
    assertThat(labels(zone, match.node)).isEqualTo(names.contains(name) ? name : null);
    List<String> encloser = name;
    while (!names.contains(encloser)) {
      encloser = encloser.subList(1, encloser.size());
    }
    assertThat(labels(zone, match.closestEncloser)).isEqualTo(encloser);
    List<String> cut = null;
    List<String> dname = null;
    // From the apex down.
    for (int depth = APEX.size(); depth <= name.size(); depth++) {
      List<String> at = name.subList(name.size() - depth, name.size());
      Set<Integer> types = owners.getOrDefault(at, Map.of()).keySet();
      if (cut == null && depth > APEX.size() && types.contains(FlatZone.TYPE_NS)) {
        cut = at;
      }
      if (dname == null
          && cut == null
          && depth < name.size()
          && types.contains(FlatZone.TYPE_DNAME)) {
        dname = at;
      }
    }
    assertThat(labels(zone, match.cut)).as("cut of " + name).isEqualTo(cut);
    assertThat(labels(zone, match.dname)).as("dname of " + name).isEqualTo(dname);
    List<String> wildcard = new ArrayList<>(encloser);
    wildcard.addFirst("*");
    boolean isWild = !names.contains(name) && names.contains(wildcard);
    assertThat(labels(zone, match.wildcard)).isEqualTo(isWild ? wildcard : null);
    if (match.node >= 0) {
      compareNode(zone, match.node, name);
    }
  }

  private void compareNode(FlatZone zone, int node, List<String> name) {
    Map<Integer, List<byte[]>> expected = owners.getOrDefault(name, Map.of());
    assertThat(zone.rrsetCount(node)).isEqualTo(expected.size());
    int[] types = {1, 2, 5, 6, MX, TXT, 28, 39, 43, 65_280};
    for (int type : types) {
      int rrset = zone.rrset(node, type);
      assertThat(rrset >= 0).isEqualTo(expected.containsKey(type));
      if (rrset >= 0) {
        assertThat(rrset)
            .isBetween(zone.firstRrset(node), zone.firstRrset(node) + zone.rrsetCount(node) - 1);
        assertThat(zone.type(rrset)).isEqualTo(type);
        assertThat(zone.ttl(rrset)).isEqualTo(1000 + type);
        List<byte[]> records = expected.getOrDefault(type, List.of());
        assertThat(zone.recordCount(rrset)).isEqualTo(records.size());
        for (int i = 0; i < records.size(); i++) {
          int from = zone.rdataOffset(rrset, i);
          assertThat(
                  Arrays.copyOfRange(
                      zone.rdataPage(rrset), from, from + zone.rdataLength(rrset, i)))
              .isEqualTo(records.get(i));
        }
      }
    }
    assertThat(zone.dynamicSlot(node)).isEqualTo(slots.getOrDefault(name, -1));
  }

  private FlatZone build(Random random) {
    owners.clear();
    slots.clear();
    names.clear();
    FlatZoneBuilder builder =
        new FlatZoneBuilder(DnsName.ofWire(wire(APEX, random), 0), random.nextLong());
    add(builder, APEX, FlatZone.TYPE_SOA, random);
    add(builder, APEX, FlatZone.TYPE_NS, random);
    int[] types = {1, 1, TXT, MX, 28, 5, 2, 39, 43, 65_280};
    int count = random.nextInt(60);
    for (int i = 0; i < count; i++) {
      List<String> name = randomName(random);
      if (random.nextInt(8) == 0) {
        if (slots.putIfAbsent(name, i) == null) {
          builder.slot(DnsName.ofWire(wire(name, random), 0), i);
          exists(name);
        }
      } else {
        add(builder, name, types[random.nextInt(types.length)], random);
      }
    }
    return builder.build();
  }

  private void add(FlatZoneBuilder builder, List<String> name, int type, Random random) {
    Map<Integer, List<byte[]>> types = owners.computeIfAbsent(name, n -> new TreeMap<>());
    if (types.containsKey(type)) {
      return;
    }
    List<byte[]> records = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      // Long ones fill pages.
      byte[] rdata = new byte[random.nextInt(20) == 0 ? 20_000 : 22 + random.nextInt(20)];
      random.nextBytes(rdata);
      records.add(rdata);
    }
    types.put(type, records);
    builder.add(DnsName.ofWire(wire(name, random), 0), type, 1000 + type, records);
    exists(name);
  }

  private void exists(List<String> name) {
    for (int from = 0; name.size() - from >= APEX.size(); from++) {
      names.add(name.subList(from, name.size()));
    }
  }

  private static List<String> randomName(Random random) {
    String[] some = {
      "a", "b", "*", "aa", "ab", "\0", ".", "\u00e4", "x".repeat(63), "**", "\\", "["
    };
    List<String> name = new ArrayList<>();
    int depth = random.nextInt(5);
    for (int i = 0; i < depth; i++) {
      int bound = random.nextInt(4) == 0 ? some.length : 5;
      name.add(some[random.nextInt(bound)]);
    }
    while (name.size() > 2 && name.stream().mapToInt(l -> l.length() + 1).sum() > 200) {
      name.removeFirst();
    }
    name.addAll(APEX);
    return List.copyOf(name);
  }

  /// Wire form in random case.
  private static byte[] wire(List<String> labels, Random random) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    for (String label : labels) {
      wire.write(label.length());
      for (byte octet : label.getBytes(StandardCharsets.ISO_8859_1)) {
        boolean isLetter = octet >= 'a' && octet <= 'z';
        wire.write(isLetter && random.nextBoolean() ? octet - 32 : octet);
      }
    }
    wire.write(0);
    return wire.toByteArray();
  }

  private static @Nullable List<String> labels(FlatZone zone, int node) {
    if (node < 0) {
      return null;
    }
    byte[] wire = zone.name(node).toWire();
    List<String> labels = new ArrayList<>();
    for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
      labels.add(
          new String(wire, at + 1, wire[at], StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
    }
    return labels;
  }
}
