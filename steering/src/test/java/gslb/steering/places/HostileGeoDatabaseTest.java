package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import gslb.testkit.Seeded;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are broken or made to break readers are refused, and nothing else happens. The bound
/// is generous: it only tells a hang from work.
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileGeoDatabaseTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GeoIP2-City-Test-Broken-Double-Format.mmdb",
        "GeoIP2-City-Test-Invalid-Node-Count.mmdb",
        "MaxMind-DB-test-broken-pointers-24.mmdb",
        "MaxMind-DB-test-broken-search-tree-24.mmdb",
        "bad-unicode-in-map-key.mmdb",
        "cyclic-data-structure.mmdb",
        "invalid-bytes-length.mmdb",
        "invalid-data-record-offset.mmdb",
        "invalid-map-key-length.mmdb",
        "invalid-string-length.mmdb",
        "libmaxminddb-corrupt-search-tree.mmdb",
        "libmaxminddb-deep-array-nesting.mmdb",
        "libmaxminddb-deep-nesting.mmdb",
        "libmaxminddb-empty-array-last-in-metadata.mmdb",
        "libmaxminddb-empty-map-last-in-metadata.mmdb",
        "libmaxminddb-metadata-marker-only.mmdb",
        "libmaxminddb-offset-integer-overflow.mmdb",
        "libmaxminddb-oversized-array.mmdb",
        "libmaxminddb-oversized-map.mmdb",
        "libmaxminddb-separator-record-max-left.mmdb",
        "libmaxminddb-separator-record-min-left.mmdb",
        "libmaxminddb-separator-record-min-right.mmdb",
        "libmaxminddb-uint64-max-epoch.mmdb",
        "metadata-is-an-uint128.mmdb",
        "unexpected-bytes.mmdb"
      })
  void knownBadFilesAreRefused(String name) {
    refused(Databases.resource("bad/" + name), "");
  }

  private static void refused(byte[] file, String because) {
    assertThatThrownBy(() -> GeoDatabase.read("bad.mmdb", file))
        .isInstanceOf(GeoDatabaseRefused.class)
        .hasMessageStartingWith("bad.mmdb: ")
        .hasMessageContaining(because);
  }

  @Test
  void anEmptyFileIsRefused() {
    refused(new byte[0], "no metadata marker");
  }

  private static final byte[] SWEDEN = MmdbWriter.encoded(Map.of("country_code", "SE"));

  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void aTreeThatPointsToItselfIsRefused(int ipVersion) {
    refused(MmdbWriter.file(ipVersion, 24, new long[][] {{0, 0}}, SWEDEN), "the search tree");
  }

  /// 128 levels, each with both sides on the next: 2^128 paths through 128 nodes.
  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void aTreeFoldedOntoItselfIsRefused(int ipVersion) {
    refused(chain(ipVersion, ipVersion == 4 ? 32 : 128), "comes back to its own nodes");
  }

  /// Writers that let equal branches share nodes make trees of a few steps for each node.
  @Test
  void aTreeMayHaveFourStepsForEachOfItsNodes() throws Exception {
    // Through a chain of n nodes with both sides on the next lead 2^n - 1 steps.
    byte[] fewer = chain(4, 4); // 15 steps, at most 16
    assertThat(GeoDatabase.read("few.mmdb", fewer).v4NetworkCount()).isEqualTo(16);
    refused(chain(4, 5), "comes back to its own nodes"); // 31 steps, at most 20
  }

  private static byte[] chain(int ipVersion, int levels) {
    long[][] nodes = new long[levels][];
    for (int i = 0; i < levels; i++) {
      long next = i + 1 < levels ? i + 1 : levels + 16;
      nodes[i] = new long[] {next, next};
    }
    return MmdbWriter.file(ipVersion, 24, nodes, SWEDEN);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 15, 16, 17, 1000, 0xffffff})
  void aPointerOutsideTheDataIsRefused(long record) {
    byte[] file = MmdbWriter.file(4, 24, new long[][] {{record, 1}}, new byte[0]);
    refused(file, "");
  }

  /// 2^20 networks in 2^20 nodes: what is read of them takes several times the file.
  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void aDatabaseThatTakesMoreMemoryThanThereIsIsRefused(int ipVersion) throws Exception {
    byte[] norway = MmdbWriter.encoded(Map.of("country_code", "NO"));
    int count = (1 << 20) - 1;
    long[][] nodes = new long[count][2];
    for (int node = 0; node < count; node++) {
      for (int side = 0; side < 2; side++) {
        int next = 2 * node + 1 + side;
        nodes[node][side] = next < count ? next : count + 16 + (long) side * SWEDEN.length;
      }
    }
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(SWEDEN);
    data.writeBytes(norway);
    byte[] file = MmdbWriter.file(ipVersion, 32, nodes, data.toByteArray());
    assertThatThrownBy(() -> GeoDatabase.read("big.mmdb", file, 5L * file.length))
        .isInstanceOf(GeoDatabaseRefused.class)
        .hasMessageStartingWith("big.mmdb: to read the geo database takes more than ");
    assertThatThrownBy(() -> GeoDatabase.read("big.mmdb", file, 4L * file.length))
        .isInstanceOf(GeoDatabaseRefused.class)
        .hasMessageContaining("takes more than 32 MiB of memory");
    assertThat(GeoDatabase.read("big.mmdb", file, 2L * file.length + (100L << 20)).nodeCount())
        .isEqualTo(count);
  }

  @Test
  void aDatabaseOfMoreRecordsThanThereIsMemoryForIsRefused() throws Exception {
    Map<Prefix, Object> records = new HashMap<>();
    for (int i = 0; i < 1000; i++) {
      records.put(Prefix.around(Address.v4(i << 20), 24), Map.of("asn", 1 + i));
    }
    byte[] file = MmdbWriter.write(4, 24, records);
    assertThatThrownBy(() -> GeoDatabase.read("big.mmdb", file, 5L * file.length))
        .hasMessageContaining("memory");
    assertThat(GeoDatabase.read("big.mmdb", file, 2L * file.length + 1000 * 1000).v4NetworkCount())
        .isEqualTo(1000);
  }

  /// Control bytes that promise 16 million entries each make a reader reserve their space.
  @ParameterizedTest
  @ValueSource(ints = {7, 11})
  void aRecordThatPromisesMillionsOfEntriesIsRefused(int type) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (int level = 0; level < 60; level++) {
      MmdbWriter.control(type, 16_000_000, data);
    }
    data.writeBytes(new byte[200]);
    refused(MmdbWriter.file(4, 24, new long[][] {{17, 1}}, data.toByteArray()), "values");
  }

  /// Thirty lists of ten pointers to the next: 10^30 values in a few hundred bytes.
  @Test
  void pointersThatUnfoldWithoutEndAreRefused() {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int size = 2 + 10 * 2;
    for (int level = 1; level <= 30; level++) {
      MmdbWriter.control(11, 10, data);
      for (int i = 0; i < 10; i++) {
        int target = level * size;
        data.write(1 << 5 | target >>> 8);
        data.write(target);
      }
    }
    data.writeBytes(SWEDEN);
    refused(MmdbWriter.file(4, 24, new long[][] {{17, 1}}, data.toByteArray()), "values");
  }

  /// A hundred records of a few bytes, each of which unfolds to 4,096 values: few enough for one.
  @Test
  void recordsThatUnfoldToMoreThanTheFileHoldsAreRefused() {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int size = 2 + 2 * 2;
    for (int level = 1; level <= 11; level++) { // 2^12 - 1 values
      list(2, level * size, data);
    }
    data.writeBytes(new byte[] {1 << 6 | 1, 'x'});
    refused(tree(data, 100, () -> list(1, 0, data)), "unfold to too much");
  }

  /// A list of pointers to one offset.
  private static void list(int count, int target, ByteArrayOutputStream data) {
    MmdbWriter.control(11, count, data);
    for (int i = 0; i < count; i++) {
      data.write(1 << 5 | target >>> 8);
      data.write(target);
    }
  }

  /// A tree whose networks have records of their own, appended one by one.
  private static byte[] tree(ByteArrayOutputStream data, int records, Runnable append) {
    long[][] nodes = new long[records][2];
    for (int node = 0; node < records; node++) {
      for (int side = 0; side < 2; side++) {
        int next = 2 * node + 1 + side;
        nodes[node][side] = next < records ? next : records + 16 + data.size();
        if (next >= records) {
          append.run();
        }
      }
    }
    return MmdbWriter.file(4, 24, nodes, data.toByteArray());
  }

  /// Ten thousand records of one byte, empty maps, beside one that knows something.
  @Test
  void recordsThatKnowNothingTakeMemoryToo() throws Exception {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    byte[] file =
        tree(data, 10_000, () -> data.writeBytes(data.size() == 0 ? SWEDEN : new byte[] {-32}));
    assertThatThrownBy(() -> GeoDatabase.read("big.mmdb", file, 5L * file.length))
        .hasMessageContaining("memory");
    assertThat(GeoDatabase.read("big.mmdb", file).records()).hasSize(2);
  }

  @Test
  void aPointerToItselfIsRefused() {
    byte[] data = {1 << 5, 0};
    refused(MmdbWriter.file(4, 24, new long[][] {{17, 1}}, data), "nested deeper than 64");
  }

  /// One text of 60 kB, a thousand times in one record.
  @Test
  void aRecordOfTooMuchTextIsRefused() {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(MmdbWriter.encoded("x".repeat(60_000)));
    int at = data.size();
    MmdbWriter.control(11, 1000, data);
    for (int i = 0; i < 1000; i++) {
      data.write(1 << 5);
      data.write(0);
    }
    refused(
        MmdbWriter.file(4, 24, new long[][] {{1 + 16 + at, 1}}, data.toByteArray()),
        "bytes of text");
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] file = small();
    for (int length = 0; length < file.length; length++) {
      refused(Arrays.copyOf(file, length), "");
    }
  }

  /// 20 seeds of 100: whatever a changed file says, it is read or refused, and if it is read every
  /// look-up ends.
  @Seeded(20)
  void changedFilesAreReadOrRefused(Random random) {
    List<byte[]> originals = new ArrayList<>(List.of(small()));
    originals.add(Databases.resource("GeoIP2-City-Test.mmdb"));
    int refused = 0;
    for (int i = 0; i < 100; i++) {
      byte[] file = originals.get(random.nextInt(originals.size())).clone();
      int changes = 1 + random.nextInt(4);
      for (int change = 0; change < changes; change++) {
        // Half of them in the metadata, which are the last few hundred bytes.
        int at =
            random.nextBoolean()
                ? random.nextInt(file.length)
                : file.length - 1 - random.nextInt(300);
        file[at] =
            (byte) (random.nextBoolean() ? random.nextInt() : file[at] ^ 1 << random.nextInt(8));
      }
      try {
        PlaceTable table =
            PlaceTable.compile(
                List.of(GeoDatabase.read("changed.mmdb", file)), Map.of(), CountryTable.standard());
        for (int k = 0; k < 20; k++) {
          assertThat(table.placeOf(Address.v4(random.nextInt()))).isLessThan(table.places().size());
          assertThat(table.placeOf(Address.v6(random.nextLong(), random.nextLong())))
              .isLessThan(table.places().size());
        }
      } catch (GeoDatabaseRefused e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static byte[] small() {
    return MmdbWriter.write(
        6,
        28,
        Map.of(
            Prefix.of("192.0.2.0/24"), Map.of("country_code", "DE"),
            Prefix.of("198.51.100.0/25"),
                Map.of(
                    "country", Map.of("iso_code", "BR"),
                    "location", Map.of("latitude", -23.5, "longitude", -46.6)),
            Prefix.of("2001:db8::/33"), Map.of("country_code", "JP")));
  }
}
