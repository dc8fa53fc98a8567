package gslb.steering.places;

import gslb.base.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the geo databases and the table made of them hold, for an operator.
///
/// @param databases by priority
/// @param places distinct places of the table, the unknown one included
/// @param countries distinct countries
/// @param continents shares of the address space by continent; empty text is "unknown"
/// @param countryOnly share of the IPv4 address space by country whose coordinates are those of the
///     country, in a table that has others too and tells them apart
/// @param v4Runs runs of constant place
/// @param v6Runs runs of constant place
/// @param retainedBytes that the table occupies in memory
public record GeoSummary(
    List<Database> databases,
    int places,
    int countries,
    SortedMap<String, Share> continents,
    SortedMap<String, Double> countryOnly,
    int v4Runs,
    int v6Runs,
    long retainedBytes) {
  /// Countries that a line names.
  private static final int COUNTRIES_SHOWN = 8;

  public GeoSummary {
    databases = List.copyOf(databases);
  }

  /// One file.
  ///
  /// @param age of the data by the wall clock; zero for a file from the future
  /// @param maxAge from which it is old, null for never
  /// @param coverage of the address space
  /// @param fields what some record of it says
  public record Database(
      String name,
      String type,
      Instant built,
      Duration age,
      @Nullable Duration maxAge,
      int ipVersion,
      int recordSize,
      long nodes,
      int v4Networks,
      int v6Networks,
      GeoCoverage coverage,
      Set<PlaceField> fields) {
    public Database {
      fields = Set.copyOf(fields);
    }

    static Database of(GeoDatabase database, Clock clock, @Nullable Duration maxAge) {
      Instant built = Instant.ofEpochSecond(database.buildEpochSeconds());
      return new Database(
          database.name(),
          database.type(),
          built,
          ageOf(database, clock),
          maxAge,
          database.ipVersion(),
          database.recordSize(),
          database.nodeCount(),
          database.v4NetworkCount(),
          database.v6NetworkCount(),
          GeoCoverage.of(database),
          database.fields());
    }

    /// Which branches of a policy it can serve, and where coordinates come from.
    private String served() {
      StringJoiner served = new StringJoiner(", ");
      boolean hasCountries = fields.contains(PlaceField.COUNTRY);
      for (PlaceField field :
          List.of(PlaceField.CONTINENT, PlaceField.COUNTRY, PlaceField.SUBDIVISION)) {
        if (fields.contains(field) || (field == PlaceField.CONTINENT && hasCountries)) {
          served.add(field.name().toLowerCase(Locale.ROOT));
        }
      }
      if (fields.contains(PlaceField.CITY)) {
        served.add("city");
      }
      if (fields.contains(PlaceField.COORDINATES)) {
        served.add("coordinates");
      } else if (hasCountries) {
        served.add("coordinates of countries");
      }
      if (fields.contains(PlaceField.ASN)) {
        served.add("asn");
      }
      return served.toString();
    }

    public boolean isOld() {
      return GeoSummary.isOld(age, maxAge);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s: %s, built %s, %d days old%s%n  %s, %,d nodes of %d-bit records, networks: %,d IPv4,"
              + " %,d IPv6%n  serves: %s%n",
          name,
          type.isEmpty() ? "no type" : type,
          LocalDate.ofInstant(built, ZoneOffset.UTC),
          age.toDays(),
          maxAge != null && isOld() ? " (over " + maxAge.toDays() + ": fetch a newer file)" : "",
          ipVersion == 4 ? "IPv4 only" : "IPv4 and IPv6",
          nodes,
          recordSize,
          v4Networks,
          v6Networks,
          served());
    }
  }

  /// @param v4 share of all IPv4 addresses, 0..1
  /// @param v6 share of those IPv6 addresses in 2000::/3 whose continent is known, 6to4 and Teredo
  ///     left out, 0..1; hardly a thousandth of the space is in use
  public record Share(double v4, double v6) {}

  /// How old a database's data is by the wall clock; zero for a file from the future.
  public static Duration ageOf(GeoDatabase database, Clock clock) {
    Duration age =
        Duration.between(
            Instant.ofEpochSecond(database.buildEpochSeconds()),
            Instant.ofEpochMilli(clock.currentTimeMillis()));
    return age.isNegative() ? Duration.ZERO : age;
  }

  /// @param maxAge null for never
  public static boolean isOld(Duration age, @Nullable Duration maxAge) {
    return maxAge != null && age.compareTo(maxAge) > 0;
  }

  /// @param databases by priority, as the table was compiled from
  /// @param maxAge from which a database is old, null for never
  public static GeoSummary of(
      List<GeoDatabase> databases, PlaceTable table, Clock clock, @Nullable Duration maxAge) {
    List<String> continentOf = table.places().stream().map(Place::continent).toList();
    Map<String, double[]> sums = new TreeMap<>();
    double[] known = new double[1];
    table
        .runs()
        .addresses(
            (isV4, place, share) -> {
              int family = isV4 ? 0 : 1;
              known[0] += isV4 || continentOf.get(place).isEmpty() ? 0 : share;
              sums.computeIfAbsent(continentOf.get(place), _ -> new double[2])[family] += share;
            });
    SortedMap<String, Share> shares = new TreeMap<>();
    sums.forEach(
        (continent, sum) ->
            shares.put(
                continent,
                new Share(sum[0], continent.isEmpty() || known[0] == 0 ? 0 : sum[1] / known[0])));
    return new GeoSummary(
        databases.stream().map(database -> Database.of(database, clock, maxAge)).toList(),
        table.places().size(),
        (int)
            table.places().stream()
                .map(Place::country)
                .filter(c -> !c.isEmpty())
                .distinct()
                .count(),
        shares,
        countryOnly(table),
        table.runs().v4RunCount(),
        table.runs().v6RunCount(),
        table.retainedBytes());
  }

  private static SortedMap<String, Double> countryOnly(PlaceTable table) {
    SortedMap<String, Double> shares = new TreeMap<>();
    boolean hasOthers =
        table.detail().isWhole()
            && table.places().stream().anyMatch(p -> p.source() == CoordinateSource.DATABASE);
    if (hasOthers) {
      table
          .runs()
          .addresses(
              (isV4, place, share) -> {
                Place at = table.places().get(place);
                if (isV4 && at.hasCoordinates() && at.source() != CoordinateSource.DATABASE) {
                  shares.merge(at.country(), share, Double::sum);
                }
              });
    }
    return shares;
  }

  /// `coordinates of the country only: 3.10 % of IPv4 (US 2.00 %, DE 1.10 %)`.
  private String countriesOnly() {
    StringJoiner largest = new StringJoiner(", ", " (", ")");
    countryOnly.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .limit(COUNTRIES_SHOWN)
        .forEach(
            entry ->
                largest.add(
                    String.format(
                        Locale.ROOT, "%s %.2f %%", entry.getKey(), 100 * entry.getValue())));
    return String.format(
        Locale.ROOT,
        "coordinates of the country only: %.2f %% of IPv4%s%n",
        100 * countryOnly.values().stream().mapToDouble(Double::doubleValue).sum(),
        largest);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    databases.forEach(text::append);
    text.append(
        String.format(
            Locale.ROOT,
            "table: %,d places in %,d countries, runs: %,d IPv4, %,d IPv6, %.1f MB%n",
            places,
            countries,
            v4Runs,
            v6Runs,
            retainedBytes / 1e6));
    if (!countryOnly.isEmpty()) {
      text.append(countriesOnly());
    }
    text.append("share of addresses    IPv4   IPv6 (known)\n");
    continents.forEach(
        (continent, share) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "  %-15s %8.2f %%  %8.2f %%%n",
                    continent.isEmpty() ? "unknown" : continent,
                    100 * share.v4,
                    100 * share.v6)));
    return text.toString();
  }
}
