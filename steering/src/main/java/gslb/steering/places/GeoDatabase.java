package gslb.steering.places;

import com.maxmind.db.Metadata;
import com.maxmind.db.Reader;
import gslb.base.Address;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a MaxMind DB file says of every address: its networks as runs of records. The file's bytes
/// are not kept. Immutable.
///
/// Two schemas are read: the flat one (`country_code`, `continent_code`, `latitude`, `longitude`)
/// and GeoIP2's (`country.iso_code`, or else `registered_country.iso_code`, `continent.code`,
/// `subdivisions[].iso_code`, `city.geoname_id`, `location.latitude`, `location.longitude`). The
/// autonomous system is `autonomous_system_number` in both, `traits.autonomous_system_number` or
/// `asn`. Whatever else a record holds is passed over, names of cities and regions among it: they
/// are spelled in many ways and change. But where a record has none of them, nor a postal code, its
/// coordinates are those of the country ({@link CountryPoints}).
///
/// The search tree is walked here, once, because the reader's own iteration decodes a record for
/// every network; each record is decoded once by the reader. What the database keeps below `::/96`,
/// which is IPv4, and in the blocks of {@link gslb.base.EmbeddedV4} says nothing of IPv6 addresses.
public final class GeoDatabase {
  /// A larger file is refused before it is parsed.
  public static final int FILE_BYTES_MAX = 512 << 20;

  /// More distinct records than this are refused; the largest city databases have about a tenth.
  public static final int RECORDS_MAX = 4_000_000;

  /// Subdivisions within each other of one record; further ones are passed over. GeoIP2 has up to
  /// two.
  static final int SUBDIVISIONS_MAX = 4;

  /// Greatest geoname id and number of an autonomous system.
  private static final long NUMBER_LAST = 0xffff_ffffL;

  /// What is shown of a text from the file.
  private static final int SHOWN_LENGTH_MAX = 200;

  /// Newest build date that is believed, in seconds since 1970: the year 2255.
  static final long BUILD_SECONDS_LAST = 9_000_000_000L;

  private final String name;
  private final About about;
  private final PlaceList records;
  private final Set<PlaceField> fields;
  private final RunTable runs;

  /// What the file says of itself.
  ///
  /// @param digest {@link GeoFileDigest} of the file
  /// @param type such as `GeoLite2-Country`, printable
  /// @param buildEpochSeconds seconds since 1970 UTC, 0..9,000,000,000
  /// @param ipVersion 4 or 6
  /// @param recordSize bits of a record of the search tree: 24, 28 or 32
  record About(
      String digest,
      String type,
      long buildEpochSeconds,
      int ipVersion,
      int recordSize,
      long nodeCount,
      int v4NetworkCount,
      int v6NetworkCount) {
    private static About of(String digest, Metadata metadata, SearchTree tree) {
      BigInteger epoch = metadata.buildEpoch();
      return new About(
          digest,
          printable(metadata.databaseType()),
          epoch.max(BigInteger.ZERO).min(BigInteger.valueOf(BUILD_SECONDS_LAST)).longValue(),
          metadata.ipVersion(),
          metadata.recordSize(),
          metadata.nodeCount(),
          tree.v4NetworkCount(),
          tree.v6NetworkCount());
    }
  }

  /// @param runs of indexes into the records
  GeoDatabase(String name, About about, PlaceList records, RunTable runs) {
    this.name = name;
    this.about = about;
    this.records = records;
    this.fields = fields(records);
    this.runs = runs;
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
                + "' has 'country_code', 'country.iso_code', 'continent', coordinates or"
                + " 'autonomous_system_number'");
      }
      return used(
          name,
          About.of(GeoFileDigest.of(file), metadata, tree),
          CountryPoints.told(records.places, records.hasNames),
          new RunTable(tree.v4(), tree.v6()));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // The reader's own checks end in any of these, depending on what is broken.
      throw new GeoDatabaseRefused(
          name, "not a readable MaxMind DB file (" + printable(e.toString()) + ")", e);
    }
  }

  /// Without the records that stand in an embedding block alone, where nobody looks.
  private static GeoDatabase used(String name, About about, List<Place> records, RunTable runs) {
    boolean[] isUsed = runs.valuesUsed(records.size());
    int[] numbers = new int[isUsed.length];
    List<Place> used = new ArrayList<>(List.of(Place.UNKNOWN));
    for (int record = 1; record < numbers.length; record++) {
      if (isUsed[record]) {
        numbers[record] = used.size();
        used.add(records.get(record));
      }
    }
    boolean areAll = used.size() == records.size();
    return new GeoDatabase(name, about, PlaceList.of(used), areAll ? runs : runs.map(numbers));
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

  private static Set<PlaceField> fields(PlaceList records) {
    Set<PlaceField> fields = EnumSet.noneOf(PlaceField.class);
    for (Place region : records.regions()) {
      for (PlaceField field : PlaceField.values()) {
        if (region.has(field)) {
          fields.add(field);
        }
      }
    }
    if (records.narrow().length + records.wide().length > 0) {
      fields.add(PlaceField.COORDINATES);
    }
    if (records.cities().length > 0) {
      fields.add(PlaceField.CITY);
    }
    if (records.asns().length > 0) {
      fields.add(PlaceField.ASN);
    }
    return Collections.unmodifiableSet(fields);
  }

  /// Name of the file, as given.
  public String name() {
    return name;
  }

  /// {@link GeoFileDigest} of the file.
  public String digest() {
    return about.digest();
  }

  /// The database type that the file gives itself, such as `GeoLite2-Country`.
  public String type() {
    return about.type();
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
    return about.buildEpochSeconds();
  }

  /// 4 if the file has IPv4 networks only, else 6.
  public int ipVersion() {
    return about.ipVersion();
  }

  public long nodeCount() {
    return about.nodeCount();
  }

  /// Bits of a record of the search tree: 24, 28 or 32.
  public int recordSize() {
    return about.recordSize();
  }

  /// Networks that have a record, as the file cuts them.
  public int v4NetworkCount() {
    return about.v4NetworkCount();
  }

  /// Networks that have a record, as the file cuts them, without those that stand for IPv4.
  public int v6NetworkCount() {
    return about.v6NetworkCount();
  }

  /// What at least one record says.
  public Set<PlaceField> fields() {
    return fields;
  }

  About about() {
    return about;
  }

  /// What the file has of an address, before the table of countries completes it; of one that
  /// embeds an IPv4 address, what it has of that.
  Place record(Address address) {
    return records.get(Partition.classOf(lookup(address)));
  }

  /// The length of the maximal aligned prefix around an address that has one record.
  int lengthAround(Address address) {
    return Partition.scopeOf(lookup(address));
  }

  private long lookup(Address address) {
    return address.isV4()
        ? runs.lookupV4((int) address.low())
        : runs.lookupV6(address.high(), address.low());
  }

  /// Distinct records as the file has them, before the table of countries completes them; 0 is
  /// {@link Place#UNKNOWN}.
  PlaceList records() {
    return records;
  }

  /// Runs of indexes into {@link #records}.
  RunTable runs() {
    return runs;
  }

  /// Decodes each record once and gives equal ones one number.
  private static final class Records {
    /// The part of ISO 3166-2 after the dash.
    private static final Pattern SUBDIVISION = Pattern.compile("[A-Za-z0-9]{1,3}");

    private static final Pattern ASN = Pattern.compile("AS[0-9]{1,10}");

    private final String name;
    private final Reader reader;
    private final DataSection data;
    private final List<Place> places = new ArrayList<>(List.of(Place.UNKNOWN));
    /// One instance of each code for all records.
    private final Map<String, String> codes = new HashMap<>();

    /// One instance of each list for all records.
    private final Map<List<String>, List<String>> lists = new HashMap<>();

    private final Map<Place, Integer> numbers = new HashMap<>(Map.of(Place.UNKNOWN, 0));

    /// Whether some record names a city, a subdivision or a postal code.
    private boolean hasNames;

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
      boolean isNamed = CountryPoints.isNamed(map);
      hasNames |= isNamed;
      return new Place(
          CountryTable.isContinent(continent) ? continent : "",
          country,
          subdivisions(country, map.get("subdivisions")),
          identifier(inner(map, "city", "geoname_id")),
          located ? latitude : Double.NaN,
          located ? longitude : Double.NaN,
          asn(map),
          "",
          !located
              ? CoordinateSource.NONE
              : isNamed || country.isEmpty()
                  ? CoordinateSource.DATABASE
                  : CoordinateSource.DATABASE_COUNTRY);
    }

    private List<String> subdivisions(String country, @Nullable Object value) {
      if (country.isEmpty() || !(value instanceof List<?> written)) {
        return List.of();
      }
      List<String> read = new ArrayList<>();
      for (Object one : written) {
        Object code = one instanceof Map<?, ?> map ? map.get("iso_code") : null;
        if (code instanceof String text
            && SUBDIVISION.matcher(text).matches()
            && read.size() < SUBDIVISIONS_MAX) {
          String whole = country + "-" + text.toUpperCase(Locale.ROOT);
          read.add(codes.computeIfAbsent(whole, _ -> whole));
        }
      }
      return lists.computeIfAbsent(List.copyOf(read), list -> list);
    }

    private static long asn(Map<?, ?> record) {
      long number = identifier(record.get("autonomous_system_number"));
      if (number == 0) {
        number = identifier(inner(record, "traits", "autonomous_system_number"));
      }
      if (number != 0) {
        return number;
      }
      return record.get("asn") instanceof String text && ASN.matcher(text).matches()
          ? identifier(Long.parseLong(text.substring(2)))
          : identifier(record.get("asn"));
    }

    /// A whole number from 1 to 2^32 - 1, or 0.
    private static long identifier(@Nullable Object value) {
      long number =
          switch (value) {
            case Integer small -> small;
            case Long large -> large;
            case BigInteger huge -> huge.bitLength() > 32 ? 0 : huge.longValue();
            case null, default -> 0;
          };
      return number >= 1 && number <= NUMBER_LAST ? number : 0;
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
