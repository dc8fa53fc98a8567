package gslb.steering.places;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A {@link GeoDatabase} as a file of its own: what took seconds to find in the database is read
/// back in the time that it takes to copy. It depends on the database alone and on none of what
/// tables are compiled with, so nothing but another database can make it wrong.
///
/// ```
///   "gslbgeo" version │ about │ places │ IPv4 runs │ IPv6 runs │ CRC-32C of all before
/// ```
///
/// All numbers are little-endian; texts are a length and ASCII, arrays a length and the elements.
/// What is read is checked as if a stranger had written it: no length is believed, and look-ups in
/// what passes find places.
public final class GeoDatabaseFile {
  /// Longest file written and read.
  public static final int LENGTH_MAX = 256 << 20;

  /// Of this layout and of what {@link GeoDatabase} makes of a record: raise it when either
  /// changes.
  static final int VERSION = 2;

  private static final byte[] MAGIC = "gslbgeo".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKSUM_BYTES = 4;

  /// Where a database's coordinates can come from; the index is what is written.
  private static final List<CoordinateSource> SOURCES =
      List.of(CoordinateSource.NONE, CoordinateSource.DATABASE, CoordinateSource.DATABASE_COUNTRY);

  /// Octets of a text.
  private static final int TEXT_LENGTH_MAX = 255;

  private static final long SIGN = Long.MIN_VALUE;

  /// Says that a file is not what it should be; no more is known of it.
  private static final class Doubtful extends Exception {
    private static final long serialVersionUID = 1;

    private Doubtful() {
      super("", null, false, false);
    }
  }

  private final ByteBuffer bytes;

  private GeoDatabaseFile(ByteBuffer bytes) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The file, or empty if it would be too long.
  public static Optional<byte[]> encode(GeoDatabase database) {
    long length = lengthMax(database);
    if (length > LENGTH_MAX) {
      return Optional.empty();
    }
    byte[] room = new byte[(int) length];
    GeoDatabaseFile file = new GeoDatabaseFile(ByteBuffer.wrap(room));
    file.bytes.put(MAGIC).put((byte) VERSION);
    file.put(database.about());
    file.put(database.records());
    file.put(database.runs().v4());
    file.put(database.runs().v6());
    file.bytes.putInt(checksum(room, file.bytes.position()));
    return Optional.of(Arrays.copyOf(room, file.bytes.position()));
  }

  /// Reads what {@link #encode} wrote.
  ///
  /// @param name of the database
  /// @param digest of the database that it must be of
  /// @return empty if it is anything else
  public static Optional<GeoDatabase> decode(String name, String digest, byte[] file) {
    int end = file.length - CHECKSUM_BYTES;
    if (end < MAGIC.length + 1 || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return Optional.empty();
    }
    GeoDatabaseFile reader = new GeoDatabaseFile(ByteBuffer.wrap(file, 0, end));
    int checksum = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    if (file[MAGIC.length] != VERSION || checksum != checksum(file, end)) {
      return Optional.empty();
    }
    reader.bytes.position(MAGIC.length + 1);
    try {
      GeoDatabase.About about = reader.about();
      check(about.digest().equals(digest));
      PlaceList records = reader.places();
      V4Runs v4 = reader.v4(records.size());
      V6Runs v6 = reader.v6(records.size(), v4.size() > 1);
      check(!reader.bytes.hasRemaining());
      return Optional.of(new GeoDatabase(name, about, records, new RunTable(v4, v6)));
    } catch (Doubtful _) {
      return Optional.empty();
    }
  }

  private static int checksum(byte[] file, int length) {
    CRC32C crc = new CRC32C();
    crc.update(file, 0, length);
    return (int) crc.getValue();
  }

  private static void check(boolean holds) throws Doubtful {
    if (!holds) {
      throw new Doubtful();
    }
  }

  private static long lengthMax(GeoDatabase database) {
    PlaceList records = database.records();
    long texts = TEXT_LENGTH_MAX + 1L;
    for (Place region : records.regions()) {
      texts += 16 + region.subdivisions().stream().mapToInt(text -> text.length() + 1).sum();
    }
    // The rest is numbers of known length; 256 is more than all the lengths before arrays.
    return 256
        + texts
        + records.region().retainedBytes()
        + Integer.BYTES * ((long) records.narrow().length + records.cities().length)
        + Integer.BYTES * (long) records.asns().length
        + Long.BYTES * (long) records.wide().length
        + database.runs().retainedBytes();
  }

  private void put(GeoDatabase.About about) {
    put(about.digest());
    put(about.type());
    bytes.putLong(about.buildEpochSeconds());
    bytes.putInt(about.ipVersion()).putInt(about.recordSize()).putLong(about.nodeCount());
    bytes.putInt(about.v4NetworkCount()).putInt(about.v6NetworkCount());
  }

  private GeoDatabase.About about() throws Doubtful {
    String digest = text();
    String type = text();
    check(bytes.remaining() >= 32);
    long built = bytes.getLong();
    int ipVersion = bytes.getInt();
    int recordSize = bytes.getInt();
    long nodes = bytes.getLong();
    int v4Networks = bytes.getInt();
    int v6Networks = bytes.getInt();
    check(built >= 0 && built <= GeoDatabase.BUILD_SECONDS_LAST);
    check(recordSize == 24 || recordSize == 28 || recordSize == 32);
    check(ipVersion == 4 || ipVersion == 6);
    check(nodes >= 1 && v4Networks >= 0 && v6Networks >= 0);
    return new GeoDatabase.About(
        digest, type, built, ipVersion, recordSize, nodes, v4Networks, v6Networks);
  }

  private void put(PlaceList places) {
    bytes.putInt(places.regions().size());
    for (Place region : places.regions()) {
      put(region.continent());
      put(region.country());
      bytes.put((byte) SOURCES.indexOf(region.source()));
      bytes.put((byte) region.subdivisions().size());
      region.subdivisions().forEach(this::put);
    }
    put(places.region());
    bytes.putInt(places.narrow().length);
    bytes.asFloatBuffer().put(places.narrow());
    skip(Float.BYTES * places.narrow().length);
    bytes.putInt(places.wide().length);
    bytes.asDoubleBuffer().put(places.wide());
    skip(Double.BYTES * places.wide().length);
    put(places.cities());
    put(places.asns());
  }

  private PlaceList places() throws Doubtful {
    int regionCount = length(4); // two texts, a source and a list, all empty
    List<Place> regions = new ArrayList<>();
    for (int i = 0; i < regionCount; i++) {
      String continent = text();
      String country = text();
      check(bytes.remaining() >= 2);
      int source = bytes.get();
      check(source >= 0 && source < SOURCES.size());
      int subdivisions = bytes.get();
      check(subdivisions >= 0 && subdivisions <= GeoDatabase.SUBDIVISIONS_MAX);
      List<String> codes = new ArrayList<>();
      for (int s = 0; s < subdivisions; s++) {
        codes.add(text());
      }
      regions.add(
          new Place(
              continent, country, codes, 0, Double.NaN, Double.NaN, 0, "", SOURCES.get(source)));
    }
    Numbers region = numbers();
    check(region.areBelow(regionCount));
    float[] narrow = new float[length(Float.BYTES)];
    bytes.asFloatBuffer().get(narrow);
    skip(Float.BYTES * narrow.length);
    double[] wide = new double[length(Double.BYTES)];
    bytes.asDoubleBuffer().get(wide);
    skip(Double.BYTES * wide.length);
    int[] cities = ints();
    int[] asns = ints();
    int size = region.size();
    check(narrow.length == 0 || wide.length == 0);
    check(narrow.length + wide.length == 0 || narrow.length + wide.length == 2 * size);
    check(cities.length == 0 || cities.length == size);
    check(asns.length == 0 || asns.length == size);
    PlaceList places = new PlaceList(region, regions, narrow, wide, cities, asns);
    check(size > 0 && isUnknown(places.getFirst()));
    return places;
  }

  private static boolean isUnknown(Place place) {
    return place.continent().isEmpty()
        && place.country().isEmpty()
        && place.subdivisions().isEmpty()
        && !place.hasCoordinates()
        && place.source() == CoordinateSource.NONE
        && place.city() == 0
        && place.asn() == 0;
  }

  private void put(V4Runs runs) {
    put(runs.starts());
    put(runs.values());
  }

  private V4Runs v4(int places) throws Doubtful {
    int[] starts = ints();
    Numbers values = numbers();
    check(starts.length > 0 && values.size() == starts.length && starts[0] == Integer.MIN_VALUE);
    check(values.areBelow(places));
    boolean isAscending = true;
    for (int i = 1; i < starts.length; i++) {
      isAscending &= starts[i - 1] < starts[i];
    }
    check(isAscending);
    return V4Runs.stored(starts, values);
  }

  private void put(V6Runs runs) {
    put(runs.starts());
    put(runs.values());
    bytes.putInt(runs.special());
    put(runs.deep().from());
    put(runs.deep().starts());
    put(runs.deep().values());
  }

  private V6Runs v6(int places, boolean embeds) throws Doubtful {
    long[] starts = longs();
    Numbers values = numbers();
    check(bytes.remaining() >= Integer.BYTES);
    int special = bytes.getInt();
    V6Runs.Deep deep = new V6Runs.Deep(ints(), longs(), numbers());
    check(starts.length > 0 && values.size() == starts.length);
    checkAscending(starts, 0, starts.length);
    check(special > 0 && special <= places);
    checkDeep(deep, special);
    check(values.areBelow(special + deep.from().length));
    V6Runs runs = V6Runs.stored(starts, values, special, deep);
    check(isSame(runs.embedded(), embeds ? EmbeddingBlocks.runs() : Runs.constant(0)));
    return runs;
  }

  private static void checkDeep(V6Runs.Deep deep, int special) throws Doubtful {
    int[] from = deep.from();
    check(from.length > 0 && from[0] == 0 && from[from.length - 1] == deep.starts().length);
    check(deep.values().size() == deep.starts().length);
    for (int row = 1; row < from.length; row++) {
      check(from[row - 1] < from[row] && from[row] <= deep.starts().length);
      checkAscending(deep.starts(), from[row - 1], from[row]);
    }
    check(deep.values().areBelow(special + 1));
  }

  private static boolean isSame(Runs one, Runs other) {
    boolean isSame = one.size() == other.size();
    for (int run = 0; isSame && run < one.size(); run++) {
      isSame =
          one.high(run) == other.high(run)
              && one.low(run) == other.low(run)
              && one.value(run) == other.value(run);
    }
    return isSame;
  }

  /// Flipped starts, of which the first is 0 before that.
  private static void checkAscending(long[] starts, int from, int to) throws Doubtful {
    boolean isAscending = starts[from] == SIGN;
    for (int i = from + 1; i < to; i++) {
      isAscending &= starts[i - 1] < starts[i];
    }
    check(isAscending);
  }

  private void put(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    bytes.put((byte) ascii.length).put(ascii);
  }

  private String text() throws Doubtful {
    check(bytes.hasRemaining());
    byte[] ascii = new byte[bytes.get() & 0xff];
    check(bytes.remaining() >= ascii.length);
    bytes.get(ascii);
    for (byte octet : ascii) {
      check(octet >= ' ' && octet <= '~');
    }
    return new String(ascii, StandardCharsets.US_ASCII);
  }

  private void put(Numbers numbers) {
    int width = numbers.narrow().length > 0 ? 1 : numbers.middle().length > 0 ? 2 : Integer.BYTES;
    bytes.put((byte) width).putInt(numbers.size());
    bytes.put(numbers.narrow());
    bytes.asCharBuffer().put(numbers.middle());
    skip(Character.BYTES * numbers.middle().length);
    bytes.asIntBuffer().put(numbers.wide());
    skip(Integer.BYTES * numbers.wide().length);
  }

  private Numbers numbers() throws Doubtful {
    check(bytes.hasRemaining());
    return switch (bytes.get()) {
      case 1 -> {
        byte[] narrow = new byte[length(1)];
        bytes.get(narrow);
        yield Numbers.ofBytes(narrow);
      }
      case Character.BYTES -> {
        char[] middle = new char[length(Character.BYTES)];
        bytes.asCharBuffer().get(middle);
        skip(Character.BYTES * middle.length);
        yield Numbers.ofChars(middle);
      }
      case Integer.BYTES -> Numbers.ofInts(ints());
      default -> throw new Doubtful();
    };
  }

  private void put(int[] numbers) {
    bytes.putInt(numbers.length);
    bytes.asIntBuffer().put(numbers);
    skip(Integer.BYTES * numbers.length);
  }

  private int[] ints() throws Doubtful {
    int[] numbers = new int[length(Integer.BYTES)];
    bytes.asIntBuffer().get(numbers);
    skip(Integer.BYTES * numbers.length);
    return numbers;
  }

  private void put(long[] numbers) {
    bytes.putInt(numbers.length);
    bytes.asLongBuffer().put(numbers);
    skip(Long.BYTES * numbers.length);
  }

  private long[] longs() throws Doubtful {
    long[] numbers = new long[length(Long.BYTES)];
    bytes.asLongBuffer().get(numbers);
    skip(Long.BYTES * numbers.length);
    return numbers;
  }

  /// A length, of which as many elements of so many bytes follow at least.
  private int length(int elementBytes) throws Doubtful {
    check(bytes.remaining() >= Integer.BYTES);
    int length = bytes.getInt();
    check(length >= 0 && length <= bytes.remaining() / elementBytes);
    return length;
  }

  private void skip(int count) {
    bytes.position(bytes.position() + count);
  }
}
