package gslb.steering.places;

import com.maxmind.db.Metadata;
import com.maxmind.db.Reader;
import gslb.base.Address;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a MaxMind DB file says of every address: its networks as runs of records. The file's bytes
/// are not kept. Immutable.
///
/// Two schemas are read: the flat one (`country_code`, `continent_code`, `latitude`, `longitude`)
/// and GeoIP2's (`country.iso_code`, or else `registered_country.iso_code`, `continent.code`,
/// `location.latitude`, `location.longitude`). Whatever else a record holds is passed over.
///
/// The search tree is walked here, once, because the reader's own iteration decodes a record for
/// every network; each record is decoded once by the reader. What the database keeps below `::/96`,
/// which is IPv4, and in the blocks of {@link gslb.base.EmbeddedV4} says nothing of IPv6 addresses.
public final class GeoDatabase {
  /// A larger file is refused before it is parsed.
  public static final int FILE_BYTES_MAX = 512 << 20;

  /// More distinct records than this are refused; the largest city databases have about a tenth.
  public static final int RECORDS_MAX = 4_000_000;

  /// What is shown of a text from the file.
  private static final int SHOWN_LENGTH_MAX = 200;

  /// Newest build date that is believed, in seconds since 1970: the year 2255.
  private static final long BUILD_SECONDS_LAST = 9_000_000_000L;

  private final String name;
  private final Metadata metadata;
  private final List<Place> records;
  private final Runs v4;
  private final Runs v6;
  private final int v4NetworkCount;
  private final int v6NetworkCount;

  private GeoDatabase(String name, Metadata metadata, List<Place> records, SearchTree tree) {
    this.name = name;
    this.metadata = metadata;
    this.records = List.copyOf(records);
    // Not the tree itself, which holds the file.
    v4 = tree.v4();
    v6 = tree.v6();
    v4NetworkCount = tree.v4NetworkCount();
    v6NetworkCount = tree.v6NetworkCount();
  }

  /// Reads the whole database. Nothing that can be in the bytes makes it fail otherwise, take more
  /// than a few steps per node of the tree, or recurse without bound.
  ///
  /// @param name of the file, for messages
  /// @throws GeoDatabaseRefused if they are not a database with places
  public static GeoDatabase read(String name, byte[] file) throws GeoDatabaseRefused {
    if (file.length > FILE_BYTES_MAX) {
      throw new GeoDatabaseRefused(
          name, "file of " + file.length + " bytes is over the limit of " + FILE_BYTES_MAX);
    }
    SearchTree.metadata(name, file).check(0);
    try (Reader reader = new Reader(new ByteArrayInputStream(file))) {
      Metadata metadata = reader.getMetadata();
      checkMetadata(name, metadata);
      SearchTree tree = new SearchTree(name, file, metadata);
      Records records = new Records(name, reader, tree.data());
      tree.walk(records::number);
      if (records.places.size() == 1) {
        throw new GeoDatabaseRefused(
            name,
            "no record of this '"
                + printable(metadata.databaseType())
                + "' has 'country_code', 'country.iso_code', 'continent' or coordinates");
      }
      return new GeoDatabase(name, metadata, records.places, tree);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // The reader's own checks end in any of these, depending on what is broken.
      throw new GeoDatabaseRefused(
          name, "not a readable MaxMind DB file (" + printable(e.toString()) + ")", e);
    }
  }

  private static void checkMetadata(String name, Metadata metadata) throws GeoDatabaseRefused {
    if (metadata.binaryFormatMajorVersion() != 2) {
      throw new GeoDatabaseRefused(
          name, "format version " + metadata.binaryFormatMajorVersion() + " is not 2");
    }
    if (metadata.ipVersion() != 4 && metadata.ipVersion() != 6) {
      throw new GeoDatabaseRefused(name, "ip_version " + metadata.ipVersion() + " is not 4 or 6");
    }
  }

  /// Name of the file, as given.
  public String name() {
    return name;
  }

  /// The database type that the file gives itself, such as `GeoLite2-Country`.
  public String type() {
    return printable(metadata.databaseType());
  }

  /// What a file says is shown to operators: it must not move their cursor.
  private static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && i < SHOWN_LENGTH_MAX; i++) {
      char c = text.charAt(i);
      shown.append(c >= ' ' && c <= '~' ? c : '?');
    }
    return shown.toString();
  }

  /// When the file was made, in seconds since 1970 UTC; clamped to 0..9,000,000,000.
  public long buildEpochSeconds() {
    BigInteger epoch = metadata.buildEpoch();
    return epoch.max(BigInteger.ZERO).min(BigInteger.valueOf(BUILD_SECONDS_LAST)).longValue();
  }

  /// 4 if the file has IPv4 networks only, else 6.
  public int ipVersion() {
    return metadata.ipVersion();
  }

  public long nodeCount() {
    return metadata.nodeCount();
  }

  /// Bits of a record of the search tree: 24, 28 or 32.
  public int recordSize() {
    return metadata.recordSize();
  }

  /// Networks that have a record, as the file cuts them.
  public int v4NetworkCount() {
    return v4NetworkCount;
  }

  /// Networks that have a record, as the file cuts them, without those that stand for IPv4.
  public int v6NetworkCount() {
    return v6NetworkCount;
  }

  /// Distinct records as the file has them, before the table of countries completes them; 0 is
  /// {@link Place#UNKNOWN}.
  List<Place> records() {
    return records;
  }

  /// Runs of indexes into {@link #records}.
  Runs v4() {
    return v4;
  }

  Runs v6() {
    return v6;
  }

  /// Decodes each record once and gives equal ones one number.
  private static final class Records {
    private final String name;
    private final Reader reader;
    private final DataSection data;
    private final List<Place> places = new ArrayList<>(List.of(Place.UNKNOWN));
    /// One instance of each code for all records.
    private final Map<String, String> codes = new HashMap<>();

    private final Map<Place, Integer> numbers = new HashMap<>(Map.of(Place.UNKNOWN, 0));

    Records(String name, Reader reader, DataSection data) {
      this.name = name;
      this.reader = reader;
      this.data = data;
    }

    int number(int offset, Address inside) throws GeoDatabaseRefused {
      data.check(offset);
      Place place;
      try {
        place = place(reader.get(inside.toInetAddress(), Object.class));
      } catch (IOException | RuntimeException | StackOverflowError e) {
        throw new GeoDatabaseRefused(
            name, "the record of " + inside + " is corrupt (" + printable(e.toString()) + ")", e);
      }
      Integer known = numbers.putIfAbsent(place, places.size());
      if (known != null) {
        return known;
      }
      if (places.size() > RECORDS_MAX) {
        throw new GeoDatabaseRefused(name, "more than " + RECORDS_MAX + " distinct records");
      }
      places.add(place);
      return places.size() - 1;
    }

    private Place place(@Nullable Object record) {
      if (!(record instanceof Map<?, ?> map)) {
        return Place.UNKNOWN;
      }
      String country = letters(map.get("country_code"));
      if (country.isEmpty()) {
        country = letters(inner(map, "country", "iso_code"));
      }
      if (country.isEmpty()) {
        country = letters(inner(map, "registered_country", "iso_code"));
      }
      String continent = letters(map.get("continent_code"));
      if (continent.isEmpty()) {
        continent = letters(inner(map, "continent", "code"));
      }
      double latitude = number(map.get("latitude"));
      double longitude = number(map.get("longitude"));
      if (Double.isNaN(latitude) || Double.isNaN(longitude)) {
        latitude = number(inner(map, "location", "latitude"));
        longitude = number(inner(map, "location", "longitude"));
      }
      // Nobody lives at 0, 0: packagers write it for "unknown".
      boolean located =
          Math.abs(latitude) <= 90
              && Math.abs(longitude) <= 180
              && !(latitude == 0 && longitude == 0);
      return new Place(
          CountryTable.isContinent(continent) ? continent : "",
          country,
          located ? latitude : Double.NaN,
          located ? longitude : Double.NaN,
          "");
    }

    private static @Nullable Object inner(Map<?, ?> record, String outer, String key) {
      return record.get(outer) instanceof Map<?, ?> map ? map.get(key) : null;
    }

    /// A code of two letters in upper case, or empty.
    private String letters(@Nullable Object value) {
      if (!(value instanceof String text) || text.length() != 2) {
        return "";
      }
      String upper = text.toUpperCase(Locale.ROOT);
      return isLetter(upper.charAt(0)) && isLetter(upper.charAt(1)) && upper.length() == 2
          ? codes.computeIfAbsent(upper, code -> code)
          : "";
    }

    private static boolean isLetter(char c) {
      return c >= 'A' && c <= 'Z';
    }

    private static double number(@Nullable Object value) {
      return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }
  }
}
