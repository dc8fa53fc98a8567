package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;

import com.maxmind.db.Reader;
import com.sun.management.ThreadMXBean;
import gslb.base.Address;
import gslb.base.EmbeddedV4;
import gslb.base.Prefix;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The country database that comes with the program, against MaxMind's own reader.
final class CountryDatabaseTest {
  private static final byte[] FILE = Databases.country();
  private static final GeoDatabase DATABASE = Databases.read(FILE);
  private static final PlaceTable TABLE =
      PlaceTable.compile(List.of(DATABASE), Map.of(), CountryTable.standard());

  /// Networks tried, of each family.
  private static final int TRIED = 20_000;

  @Test
  void randomNetworksAndTheirNeighboursHaveTheirCountry() throws Exception {
    try (Reader reader = new Reader(new ByteArrayInputStream(FILE))) {
      List<Prefix> v4 = new ArrayList<>();
      List<Prefix> v6 = new ArrayList<>();
      var networks = reader.networks(Map.class);
      while (networks.hasNext()) {
        var network = networks.next().network();
        Address first = Address.of(network.networkAddress());
        if (first.isV4()) {
          v4.add(new Prefix(first, network.prefixLength()));
        } else {
          v6.add(new Prefix(first, network.prefixLength()));
        }
      }
      assertThat(DATABASE.v4NetworkCount()).isEqualTo(v4.size());
      Random random = new Random(1);
      for (List<Prefix> family : List.of(v4, v6)) {
        for (int i = 0; i < TRIED; i++) {
          Prefix network = family.get(random.nextInt(family.size()));
          agrees(reader, network.address());
          agrees(reader, network.last());
          agrees(reader, step(network.address(), -1));
          agrees(reader, step(network.last(), 1));
        }
      }
    }
  }

  @Test
  void embeddedAddressesHaveTheCountryOfTheirIpv4Address() throws Exception {
    try (Reader reader = new Reader(new ByteArrayInputStream(FILE))) {
      Random random = new Random(2);
      for (int i = 0; i < 400; i++) {
        long bits = random.nextInt() & 0xffffffffL;
        String expected = country(reader, Address.v4((int) bits));
        List<Address> forms =
            List.of(
                Address.v6(0, 0xffffL << 32 | bits),
                Address.v6(0x0064_ff9b_0000_0000L, bits),
                Address.v6(0x2002L << 48 | bits << 16 | random.nextInt(65536), random.nextLong()),
                Address.v6(
                    0x2001_0000L << 32 | random.nextInt() & 0xffffffffL, bits ^ 0xffffffffL));
        for (Address form : forms) {
          assertThat(TABLE.places().get(TABLE.placeOf(form)).country())
              .as(form.toString())
              .isEqualTo(expected);
        }
      }
    }
  }

  private static void agrees(Reader reader, Address address) throws Exception {
    Address asked = address;
    if (!address.isV4() && EmbeddedV4.offset(address.high(), address.low()) >= 0) {
      asked = Address.v4(EmbeddedV4.extract(address.high(), address.low()));
    }
    assertThat(TABLE.places().get(TABLE.placeOf(address)).country())
        .as(address.toString())
        .isEqualTo(country(reader, asked));
  }

  private static String country(Reader reader, Address address) throws Exception {
    if (!address.isV4() && address.high() == 0 && address.low() >>> 32 == 0) {
      return ""; // where the file keeps IPv4
    }
    Map<?, ?> record = reader.get(address.toInetAddress(), Map.class);
    String code = record == null ? "" : String.valueOf(record.get("country_code"));
    return Set.of("EU", "AP", "ZZ").contains(code) ? "" : code;
  }

  private static Address step(Address address, int by) {
    if (address.isV4()) {
      return Address.v4((int) address.low() + by);
    }
    long low = address.low() + by;
    int carry = by > 0 && low == 0 ? 1 : by < 0 && low == -1L ? -1 : 0;
    return Address.v6(address.high() + carry, low);
  }

  @Test
  void everyCountryOfTheDatabaseHasAContinent() {
    assertThat(TABLE.places().subList(1, TABLE.places().size()))
        .allSatisfy(place -> assertThat(place.continent()).as(place.toString()).hasSize(2));
  }

  @Test
  void itFitsIntoSixteenMegabytes() {
    Partition partition = continents();
    System.out.printf(
        "country table: %,d bytes, %d + %d runs; by continent: %,d bytes, %d + %d runs%n",
        TABLE.retainedBytes(),
        TABLE.runs().v4RunCount(),
        TABLE.runs().v6RunCount(),
        partition.retainedBytes(),
        partition.v4RunCount(),
        partition.v6RunCount());
    assertThat(TABLE.retainedBytes()).isLessThan(16_000_000);
  }

  private static Partition continents() {
    List<String> continents = TABLE.places().stream().map(Place::continent).distinct().toList();
    return TABLE.partition(
        TABLE.places().stream().mapToInt(p -> continents.indexOf(p.continent())).toArray());
  }

  @Test
  void lookUpsAllocateNothing() {
    Partition partition = continents();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = lookUps(partition, 20_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    sum += lookUps(partition, 20_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(sum).isNotZero();
    assertThat(allocated).isZero();
  }

  private static long lookUps(Partition partition, int count) {
    long sum = 0;
    long state = 1;
    for (int i = 0; i < count; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      sum += partition.lookupV4((int) (state >>> 32));
      sum += partition.lookupV6(0x2400L << 48 | state >>> 16, state);
      sum += partition.lookupV6(0x2002L << 48 | state >>> 16, state);
    }
    return sum;
  }
}
