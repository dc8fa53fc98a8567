package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Random tables against {@link SlowPartition}, which tries every length.
final class PartitionPropertyTest {
  /// Around, inside and across the blocks that embed IPv4, and the ends of the space.
  private static final List<Prefix> NOTABLE =
      List.of(
              "::/8",
              "::/64",
              "::/128",
              "::1/128",
              "::/96",
              "::fffe:0:0/95",
              "::fffe:0:0/96",
              "::1:0:0:0/80",
              "::fffe:ffff:ffff/128",
              "::1:0:0:0/128",
              "0:0:0:1::/64",
              "64:ff9b::/48",
              "64:ff9b::/64",
              "64:ff9b::1:0:0/96",
              "64:ff9b:0:0:1::/80",
              "64:ff9b:0:1::/64",
              "64:ff9a:ffff:ffff::/64",
              "64:ff9a::/31",
              "2000::/3",
              "2000::/4",
              "2000::/15",
              "2001::/16",
              "2001::/23",
              "2001:1::/32",
              "2000:ffff::/32",
              "2001:ffff:ffff:ffff::/64",
              "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
              "2001:db8::/32",
              "2001:db8:0:1::/64",
              "2001:db8:0:1:8000::/65",
              "2001:db8:0:1::1/128",
              "2003::/16",
              "2003::/128",
              "2002::/15",
              "8000::/1",
              "7fff:ffff:ffff:ffff::/64",
              "8000::/64",
              "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
              "ffff:ffff:ffff:ffff::/64",
              "::/0")
          .stream()
          .map(Prefix::of)
          .toList();

  @Seeded(150)
  void classAndScopeAreThoseOfTheMaximalUniformPrefix(Random random) {
    Map<Prefix, Place> placeOf = new HashMap<>();
    int places = 1 + random.nextInt(5);
    int v4Count = random.nextInt(4) == 0 ? 0 : random.nextInt(20);
    for (int i = 0; i < v4Count; i++) {
      placeOf.put(randomV4(random), place(random.nextInt(places)));
    }
    int v6Count = random.nextInt(24);
    for (int i = 0; i < v6Count; i++) {
      Prefix prefix =
          random.nextBoolean() ? NOTABLE.get(random.nextInt(NOTABLE.size())) : randomV6(random);
      if (!PlaceTable.isEmbedding(prefix)) {
        placeOf.put(prefix, place(random.nextInt(places)));
      }
    }
    PlaceTable table = PlaceTable.of(placeOf);
    int[] classOfPlace = random.ints(table.places().size(), 0, 1 + random.nextInt(3)).toArray();
    Map<Prefix, Integer> classOf = new HashMap<>();
    placeOf.forEach(
        (prefix, place) -> classOf.put(prefix, classOfPlace[table.places().indexOf(place)]));
    agrees(table.partition(classOfPlace), new SlowPartition(classOf, classOfPlace[0]), random);
  }

  private static void agrees(Partition partition, SlowPartition slow, Random random) {
    for (Address address : asked(slow, random)) {
      long packed =
          address.isV4()
              ? partition.lookupV4((int) address.low())
              : partition.lookupV6(address.high(), address.low());
      assertThat(Partition.classOf(packed))
          .as("class of %s", address)
          .isEqualTo(slow.classOf(address));
      assertThat(Partition.scopeOf(packed))
          .as("scope of %s", address)
          .isEqualTo(slow.scopeOf(address));
    }
  }

  private static List<Address> asked(SlowPartition slow, Random random) {
    List<Address> edges = new ArrayList<>(slow.edges(Family.V4));
    List<Address> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Address v4 =
          random.nextBoolean()
              ? Address.v4(random.nextInt())
              : edges.get(random.nextInt(edges.size()));
      all.add(v4);
      all.addAll(embedded(v4, random));
    }
    List<Address> v6Edges = slow.edges(Family.V6);
    for (int i = 0; i < 24; i++) {
      all.add(v6Edges.get(random.nextInt(v6Edges.size())));
      all.add(Address.v6(random.nextLong(), random.nextLong()));
      Prefix notable = NOTABLE.get(random.nextInt(NOTABLE.size()));
      all.add(random.nextBoolean() ? notable.address() : notable.last());
    }
    return all;
  }

  /// RFC 4291 §2.5.5.2, RFC 6052 §2.1, RFC 3056 §2, RFC 4380 §4.
  private static List<Address> embedded(Address v4, Random random) {
    long bits = v4.low();
    return List.of(
        Address.v6(0, 0xffffL << 32 | bits),
        Address.v6(0x0064_ff9b_0000_0000L, bits),
        Address.v6(0x2002L << 48 | bits << 16 | random.nextInt(1 << 16), random.nextLong()),
        Address.v6(
            0x2001_0000L << 32 | random.nextInt() & 0xffffffffL,
            (long) random.nextInt() << 32 | bits ^ 0xffffffffL));
  }

  private static Prefix randomV4(Random random) {
    // A narrow range makes prefixes nest and touch.
    int bits = random.nextBoolean() ? random.nextInt() : 0xc0000200 | random.nextInt(256);
    return Prefix.around(Address.v4(bits), random.nextInt(33));
  }

  private static Prefix randomV6(Random random) {
    long high = random.nextBoolean() ? random.nextLong() : 0x20010db8_00000000L | random.nextInt(8);
    long low = random.nextBoolean() ? random.nextLong() : random.nextInt(8);
    int length = random.nextInt(3) == 0 ? 64 + random.nextInt(65) : random.nextInt(65);
    return Prefix.around(Address.v6(high, low), length);
  }

  private static Place place(int number) {
    return new Place("EU", "", Double.NaN, Double.NaN, "n" + number);
  }
}
