package gslb.steering.places;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The continent of each country and the point that stands for all of it, and what the codes mean
/// that stand for no country (EU, AP, ZZ). The point is the centre of population, unless the
/// operator configured another. Immutable.
public final class CountryTable {
  /// Two letters each, as in a policy.
  public static final Set<String> CONTINENTS = Set.of("AF", "AN", "AS", "EU", "NA", "OC", "SA");

  private static final String RESOURCE = "countries.txt";

  private final Map<String, Entry> entries;
  private final Map<String, Coordinates> configured;

  private CountryTable(Map<String, Entry> entries, Map<String, Coordinates> configured) {
    this.entries = entries;
    this.configured = Map.copyOf(configured);
  }

  /// A country.
  ///
  /// @param code ISO 3166-1 alpha-2, or `XK` or `AN`
  /// @param continent one of {@link #CONTINENTS}
  /// @param latitude degrees north of where its people live in the mean
  /// @param longitude degrees east
  public record Country(String code, String continent, double latitude, double longitude) {}

  /// @param isCountry whether the code names one country
  private record Entry(boolean isCountry, String continent, double latitude, double longitude) {}

  /// The table that comes with the program.
  public static CountryTable standard() {
    Map<String, Entry> entries = new TreeMap<>();
    try (InputStream in = CountryTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new AssertionError(RESOURCE + " is part of the program");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && line.charAt(0) != '#') {
          StringTokenizer fields = new StringTokenizer(line, " ");
          boolean isCountry = fields.nextToken().equals("country");
          String code = fields.nextToken();
          String continent = fields.nextToken();
          entries.put(
              code,
              new Entry(
                  isCountry,
                  continent.equals("-") ? "" : continent,
                  degrees(fields.nextToken()),
                  degrees(fields.nextToken())));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CountryTable(entries, Map.of());
  }

  /// The same, but that clients of whom no more than such a country is known are at that point.
  ///
  /// @param at by country, in place of what was configured before
  public CountryTable withConfigured(Map<String, Coordinates> at) {
    return new CountryTable(entries, at);
  }

  /// What {@link #withConfigured} was given.
  public Map<String, Coordinates> configured() {
    return configured;
  }

  private static double degrees(String field) {
    return field.equals("-") ? Double.NaN : Double.parseDouble(field);
  }

  public static boolean isContinent(String code) {
    return CONTINENTS.contains(code);
  }

  /// The country of a code in upper case; empty for one that names no country.
  public Optional<Country> country(String code) {
    Entry entry = entries.get(code);
    return entry == null || !entry.isCountry
        ? Optional.empty()
        : Optional.of(new Country(code, entry.continent, entry.latitude, entry.longitude));
  }

  /// The codes of all countries, in order.
  public Set<String> codes() {
    Set<String> codes = new java.util.TreeSet<>();
    entries.forEach(
        (code, entry) -> {
          if (entry.isCountry) {
            codes.add(code);
          }
        });
    return codes;
  }

  /// What a database says, with continent and coordinates from here where it leaves them out, and
  /// without a code that names no country. A code that is not in the table stays.
  ///
  /// Coordinates of {@link CoordinateSource#DATABASE_COUNTRY} are replaced by those configured, or
  /// else by the country's own here: the middle of a country's area is often where nobody lives.
  Place complete(Place place) {
    Entry entry = entries.get(place.country());
    if (entry == null) {
      return configured.containsKey(place.country()) ? located(place, null) : place;
    }
    return located(
        new Place(
            place.continent().isEmpty() ? entry.continent : place.continent(),
            entry.isCountry ? place.country() : "",
            entry.isCountry ? place.subdivisions() : List.of(),
            place.city(),
            place.latitude(),
            place.longitude(),
            place.asn(),
            place.network(),
            place.hasCoordinates() && !entry.isCountry
                ? CoordinateSource.DATABASE
                : place.source()),
        entry);
  }

  private Place located(Place place, @Nullable Entry entry) {
    if (place.source() == CoordinateSource.DATABASE) {
      return place;
    }
    Coordinates operators = configured.get(place.country());
    if (operators != null) {
      return place.withCoordinates(operators, CoordinateSource.CONFIGURATION);
    }
    return entry == null || Double.isNaN(entry.latitude)
        ? place
        : place.withCoordinates(
            new Coordinates(entry.latitude, entry.longitude), CoordinateSource.COUNTRY_TABLE);
  }
}
