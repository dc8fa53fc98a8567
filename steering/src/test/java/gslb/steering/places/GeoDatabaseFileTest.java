package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.EmbeddedV4;
import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import gslb.testkit.Seeded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// A database that was kept is the database that was read, or it is not read back.
final class GeoDatabaseFileTest {
  private static final CountryTable COUNTRIES = CountryTable.standard();

  private static Map<String, Object> record(Random random) {
    Map<String, Object> record = new HashMap<>(Map.of("note", "none"));
    if (random.nextInt(4) > 0) {
      record.put("country_code", List.of("DE", "GB", "US", "XX").get(random.nextInt(4)));
    }
    if (random.nextInt(3) == 0) {
      record.put("latitude", random.nextBoolean() ? 12.5 : random.nextInt(900) / 10.0);
      record.put("longitude", random.nextBoolean() ? -3.25 : random.nextInt(900) / 10.0);
    }
    if (random.nextInt(4) == 0) {
      record.put("city", Map.of("geoname_id", 1 + random.nextInt(3)));
      record.put("subdivisions", List.of(Map.of("iso_code", "AA")));
    }
    if (random.nextInt(4) == 0) {
      record.put("autonomous_system_number", 1 + random.nextInt(300));
    }
    return record;
  }

  private static Address address(Random random) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> Address.v4(0xc0000200 | random.nextInt(1024));
      case 3 -> Address.v6(0, 0xffff_c000_0200L | random.nextInt(1024));
      case 4 -> Address.v6(0x2002_c000_0200_0000L | random.nextInt(1 << 20), random.nextLong());
      default -> Address.v6(0x20010db8_00000000L | random.nextInt(64), random.nextInt(64));
    };
  }

  private static Map<Prefix, Object> prefixes(Random random) {
    Map<Prefix, Object> records = new HashMap<>();
    for (int i = random.nextInt(30); i > 0; i--) {
      Address address = address(random);
      if (EmbeddedV4.offset(address.high(), address.low()) < 0 || address.isV4()) {
        int length = (address.isV4() ? 8 : 20) + random.nextInt(address.isV4() ? 25 : 109);
        records.put(Prefix.around(address, length), record(random));
      }
    }
    records.put(Prefix.of("203.0.113.0/24"), Map.of("country_code", "DE", "asn", 7));
    return records;
  }

  private static GeoDatabase database(Random random) {
    return Databases.read(MmdbWriter.write(6, 24 + 4 * random.nextInt(3), prefixes(random)));
  }

  private static byte[] encoded(GeoDatabase database) {
    return GeoDatabaseFile.encode(database).orElseThrow();
  }

  private static Optional<GeoDatabase> decoded(GeoDatabase of, byte[] file) {
    return GeoDatabaseFile.decode(of.name(), of.digest(), file);
  }

  @Seeded(60)
  void tablesOfWhatWasKeptAreTheTablesOfWhatWasRead(Random random) {
    List<GeoDatabase> read = new ArrayList<>();
    List<GeoDatabase> kept = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      GeoDatabase database = database(random);
      read.add(database);
      kept.add(decoded(database, encoded(database)).orElseThrow());
      assertThat(encoded(kept.getLast())).isEqualTo(encoded(database));
      assertThat(kept.getLast().about()).isEqualTo(database.about());
      assertThat(kept.getLast().fields()).isEqualTo(database.fields());
    }
    Map<String, List<Prefix>> networks =
        random.nextBoolean()
            ? Map.of()
            : Map.of("n", List.of(Prefix.around(address4(random), 20 + random.nextInt(13))));
    Detail detail =
        random.nextBoolean()
            ? Detail.WHOLE
            : Detail.named(random.nextBoolean(), Set.of("DE-AA"), Set.of(1L), Set.of(7L, 20L));
    PlaceTable one = PlaceTable.compile(read, networks, COUNTRIES, detail);
    PlaceTable other = PlaceTable.compile(kept, networks, COUNTRIES, detail);
    assertThat(other.places()).isEqualTo(one.places());
    int[] classes = random.ints(one.places().size(), 0, 3).toArray();
    for (Address address : addresses(one, random)) {
      assertThat(other.placeOf(address)).isEqualTo(one.placeOf(address));
      assertThat(other.prefixOf(address)).isEqualTo(one.prefixOf(address));
      assertThat(other.wholePlaceOf(address)).isEqualTo(one.wholePlaceOf(address));
      assertThat(other.wholePrefixOf(address)).isEqualTo(one.wholePrefixOf(address));
      assertThat(lookup(other.partition(classes), address))
          .isEqualTo(lookup(one.partition(classes), address));
    }
  }

  private static Address address4(Random random) {
    return Address.v4(0xc0000200 | random.nextInt(1024));
  }

  private static long lookup(Partition partition, Address address) {
    return address.isV4()
        ? partition.lookupV4((int) address.low())
        : partition.lookupV6(address.high(), address.low());
  }

  /// Random ones, and the ends of what is around them.
  private static List<Address> addresses(PlaceTable table, Random random) {
    List<Address> addresses = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Address address = address(random);
      Prefix around = table.prefixOf(address);
      addresses.addAll(List.of(address, around.address(), around.last()));
    }
    return addresses;
  }

  @Seeded(30)
  void aDamagedFileIsNotReadBack(Random random) {
    GeoDatabase database = database(random);
    byte[] file = encoded(database);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = damaged(file, random);
      decoded(database, damaged)
          .ifPresent(read -> assertThat(encoded(read)).isEqualTo(file).isEqualTo(damaged));
    }
  }

  private static byte[] damaged(byte[] file, Random random) {
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(file, random.nextInt(file.length + 20));
    }
    byte[] damaged = file.clone();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(3)) {
        case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> damaged[at] = (byte) random.nextInt();
        default -> {
          if (at + 4 <= damaged.length) {
            int[] numbers = {-1, 0, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x1fff_ffff};
            ByteBuffer.wrap(damaged).putInt(at, numbers[random.nextInt(numbers.length)]);
          }
        }
      }
    }
    return damaged;
  }

  /// As if the damage had been done before the checksum was made.
  private static byte[] withChecksum(byte[] file) {
    if (file.length < 4) {
      return file;
    }
    CRC32C crc = new CRC32C();
    crc.update(file, 0, file.length - 4);
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(file.length - 4, (int) crc.getValue());
    return file;
  }

  @Seeded(50)
  void whateverPassesTheChecksumIsRefusedOrLooksUpPlaces(Random random) {
    GeoDatabase database = database(random);
    byte[] file = encoded(database);
    for (int i = 0; i < 200; i++) {
      decoded(database, withChecksum(damaged(file, random))).ifPresent(read -> look(read, random));
    }
  }

  private static void look(GeoDatabase read, Random random) {
    PlaceTable table =
        PlaceTable.compile(
            List.of(read), Map.of(), COUNTRIES, Detail.named(true, Set.of(), Set.of(), Set.of()));
    for (Address address : addresses(table, random)) {
      assertThat(table.placeOf(address)).isBetween(0, table.places().size() - 1);
      assertThat(table.prefixOf(address).contains(address)).isTrue();
      assertThat(table.wholePlaceOf(address)).isNotNull();
    }
  }

  @Test
  void aFileOfAnotherDatabaseOrVersionIsNotReadBack() {
    GeoDatabase database = database(new Random(1));
    byte[] file = encoded(database);
    assertThat(decoded(database, file)).isPresent();
    assertThat(decoded(database(new Random(2)), file)).isEmpty();
    byte[] newer = file.clone();
    newer["gslbgeo".length()]++;
    assertThat(decoded(database, withChecksum(newer))).isEmpty();
    assertThat(decoded(database, new byte[0])).isEmpty();
    assertThat(decoded(database, withChecksum(Arrays.copyOf(file, file.length + 1)))).isEmpty();
  }

  /// What is kept was made by the code of another day. Whoever changes what is made of a record, or
  /// the layout, raises {@link GeoDatabaseFile#VERSION}, and then these.
  @Test
  void whatIsKeptOfAFileChangesWithTheVersionAlone() {
    assertThat(GeoDatabaseFile.VERSION).isEqualTo(2);
    assertThat(checksums("GeoIP2-City-Test.mmdb", "GeoLite2-ASN-Test.mmdb"))
        .containsExactly("0558b3e0", "b4e45403");
  }

  private static List<String> checksums(String... names) {
    return Arrays.stream(names)
        .map(
            name -> {
              byte[] file = encoded(Databases.read(Databases.resource(name)));
              return HexFormat.of().formatHex(file, file.length - 4, file.length);
            })
        .toList();
  }

  @Test
  void theCountryDatabaseIsKeptInLessThanItsOwnLength() {
    byte[] file = Databases.country();
    GeoDatabase database = Databases.read(file);
    byte[] kept = encoded(database);
    assertThat(kept.length).isLessThan(file.length);
    GeoDatabase read = decoded(database, kept).orElseThrow();
    assertThat(read.records()).isEqualTo(database.records());
    assertThat(encoded(read)).isEqualTo(kept);
  }
}
