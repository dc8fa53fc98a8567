package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Tables made of several databases, own networks and any detail, against a reading of the plain
/// records: the longest prefix of each database, then who is heard about what.
final class MergedPlacesPropertyTest {
  private static final CountryTable COUNTRIES = CountryTable.standard();
  private static final List<String> CODES = List.of("DE", "GB", "US", "ZZ", "AP", "EU", "");
  private static final List<String> CONTINENTS = List.of("EU", "NA", "", "");
  private static final List<String> SUBDIVISIONS = List.of("AA", "BB", "CC");

  /// What a file says of a prefix, before anybody reads it.
  ///
  /// @param at NaN for none
  private record Written(
      String continent, String country, List<String> subdivisions, int city, double at, int asn) {
    static final Written NOTHING = new Written("", "", List.of(), 0, Double.NaN, 0);

    static Written random(Random random) {
      int kind = random.nextInt(4);
      boolean hasLocation = kind != 0;
      boolean hasCity = kind >= 2;
      return new Written(
          hasLocation ? pick(CONTINENTS, random) : "",
          hasLocation ? pick(CODES, random) : "",
          hasCity ? SUBDIVISIONS.subList(0, random.nextInt(3)) : List.of(),
          hasCity ? random.nextInt(4) : 0,
          hasCity && random.nextBoolean() ? 1 + random.nextInt(3) : Double.NaN,
          kind % 2 == 0 ? random.nextInt(4) : 0);
    }

    Map<String, Object> record() {
      Map<String, Object> record = new HashMap<>(Map.of("note", "none"));
      if (!continent.isEmpty()) {
        record.put("continent", Map.of("code", continent));
      }
      if (!country.isEmpty()) {
        record.put("country", Map.of("iso_code", country));
      }
      if (!subdivisions.isEmpty()) {
        record.put("subdivisions", subdivisions.stream().map(s -> Map.of("iso_code", s)).toList());
      }
      if (city != 0) {
        record.put("city", Map.of("geoname_id", city));
      }
      if (!Double.isNaN(at)) {
        record.put("location", Map.of("latitude", at, "longitude", -at));
      }
      if (asn != 0) {
        record.put("autonomous_system_number", asn);
      }
      return record;
    }

    boolean knowsACountryOrCoordinates() {
      return Set.of("DE", "GB", "US").contains(country) || !Double.isNaN(at);
    }

    boolean knowsAnything() {
      return !continent.isEmpty()
          || Set.of("AP", "EU").contains(country)
          || city != 0
          || knowsACountryOrCoordinates();
    }

    boolean isNamed() {
      return city != 0 || !subdivisions.isEmpty();
    }

    /// Whether the coordinates are those of the country: nothing in it is named, though the file
    /// names something elsewhere; or no city is, and such a record has the same coordinates.
    boolean isAtItsCountry(Collection<Written> file) {
      return Set.of("DE", "GB", "US").contains(country)
          && !Double.isNaN(at)
          && city == 0
          && file.stream().anyMatch(Written::isNamed)
          && file.stream().anyMatch(w -> w.country.equals(country) && w.at == at && !w.isNamed());
    }

    /// With what the table of countries adds.
    Place location(Collection<Written> file) {
      boolean isOwn = !Double.isNaN(at) && !isAtItsCountry(file);
      boolean isCountry = Set.of("DE", "GB", "US").contains(country);
      double[] centre =
          isCountry
              ? new double[] {
                COUNTRIES.country(country).orElseThrow().latitude(),
                COUNTRIES.country(country).orElseThrow().longitude()
              }
              : country.equals("EU")
                  ? new double[] {50, 10}
                  : new double[] {Double.NaN, Double.NaN};
      String known =
          switch (country) {
            case "DE", "GB", "EU" -> "EU";
            case "US" -> "NA";
            case "AP" -> "AS";
            default -> "";
          };
      return new Place(
          continent.isEmpty() ? known : continent,
          isCountry ? country : "",
          isCountry ? subdivisions.stream().map(s -> country + "-" + s).toList() : List.of(),
          city,
          isOwn ? at : centre[0],
          isOwn ? -at : centre[1],
          0,
          "",
          isOwn
              ? CoordinateSource.DATABASE
              : Double.isNaN(centre[0]) ? CoordinateSource.NONE : CoordinateSource.COUNTRY_TABLE);
    }
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  @Seeded(150)
  void eachPartOfAPlaceComesFromWhoIsHeardAboutIt(Random random) {
    List<Map<Prefix, Written>> files = new ArrayList<>();
    List<GeoDatabase> databases = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      Map<Prefix, Written> file = prefixes(random, Written::random);
      file.put(Prefix.of("203.0.113.0/24"), new Written("", "DE", List.of(), 0, Double.NaN, 7));
      Map<Prefix, Object> records = new HashMap<>();
      file.forEach((prefix, written) -> records.put(prefix, written.record()));
      databases.add(Databases.read(MmdbWriter.write(6, 24 + 4 * random.nextInt(3), records)));
      files.add(file);
    }
    Map<Prefix, String> own = prefixes(random, r -> "n" + r.nextInt(2));
    Map<String, List<Prefix>> networks = new HashMap<>();
    own.forEach(
        (prefix, name) -> networks.computeIfAbsent(name, _ -> new ArrayList<>()).add(prefix));
    Detail detail = detail(random);
    PlaceTable table = PlaceTable.compile(databases, networks, COUNTRIES, detail);
    for (int i = 0; i < 200; i++) {
      Address address = address(random);
      Place whole = place(files, own, address);
      assertThat(table.wholePlaceOf(address)).as("whole place of %s", address).isEqualTo(whole);
      assertThat(table.places().get(table.placeOf(address)))
          .as("%s with %s", address, detail)
          .isEqualTo(seen(whole, detail));
      Prefix around = table.wholePrefixOf(address);
      for (Address other : List.of(around.address(), around.last())) {
        assertThat(place(files, own, other)).as("%s in %s", other, around).isEqualTo(whole);
      }
    }
    assertThat(table.places()).doesNotHaveDuplicates();
  }

  private static Detail detail(Random random) {
    if (random.nextInt(4) == 0) {
      return Detail.WHOLE;
    }
    return Detail.named(
        random.nextBoolean(),
        random.nextBoolean() ? Set.of("DE-AA", "GB-BB") : Set.of(),
        random.nextBoolean() ? Set.of(1L, 3L) : Set.of(),
        random.nextBoolean() ? Set.of(2L, 7L) : Set.of());
  }

  private static Place place(
      List<Map<Prefix, Written>> files, Map<Prefix, String> own, Address address) {
    Written location = null;
    Collection<Written> heard = List.of();
    int asn = 0;
    for (Map<Prefix, Written> file : files) {
      Written written = longest(file, address);
      if (location == null && written != null && written.knowsACountryOrCoordinates()) {
        location = written;
        heard = file.values();
      }
      if (asn == 0 && written != null) {
        asn = written.asn;
      }
    }
    for (Map<Prefix, Written> file : files) {
      Written written = longest(file, address);
      if (location == null && written != null && written.knowsAnything()) {
        location = written;
        heard = file.values();
      }
    }
    Place at = (location == null ? Written.NOTHING : location).location(heard);
    String network = longest(own, address);
    return new Place(
        at.continent(),
        at.country(),
        at.subdivisions(),
        at.city(),
        at.latitude(),
        at.longitude(),
        asn,
        network == null ? "" : network,
        at.source());
  }

  private static Place seen(Place whole, Detail detail) {
    boolean all = detail.isWhole();
    boolean located = all || detail.hasCoordinates();
    return new Place(
        whole.continent(),
        whole.country(),
        whole.subdivisions().stream()
            .filter(s -> all || detail.subdivisions().contains(s))
            .toList(),
        all || detail.cities().contains(whole.city()) ? whole.city() : 0,
        located ? whole.latitude() : Double.NaN,
        located ? whole.longitude() : Double.NaN,
        all || detail.asns().contains(whole.asn()) ? whole.asn() : 0,
        whole.network(),
        all
            ? whole.source()
            : located && whole.hasCoordinates()
                ? CoordinateSource.DATABASE
                : CoordinateSource.NONE);
  }

  private static <T> @Nullable T longest(Map<Prefix, T> values, Address address) {
    int length = -1;
    T longest = null;
    for (Map.Entry<Prefix, T> entry : values.entrySet()) {
      if (entry.getKey().contains(address) && entry.getKey().length() > length) {
        length = entry.getKey().length();
        longest = entry.getValue();
      }
    }
    return longest;
  }

  private static <T> Map<Prefix, T> prefixes(Random random, Function<Random, T> value) {
    Map<Prefix, T> values = new HashMap<>();
    int count = random.nextInt(24);
    for (int i = 0; i < count; i++) {
      Address address = address(random);
      int length = (address.isV4() ? 20 : 40) + random.nextInt(address.isV4() ? 13 : 89);
      values.put(Prefix.around(address, length), value.apply(random));
    }
    return values;
  }

  private static Address address(Random random) {
    return random.nextBoolean()
        ? Address.v4(0xc0000200 | random.nextInt(1024))
        : Address.v6(0x20010db8_00000000L | random.nextInt(64), random.nextInt(64));
  }
}
