package gslb.steering.places;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of a client prefix. Interned: equal places have one id in a {@link PlaceTable}.
///
/// @param continent two letters, or empty if unknown
/// @param country ISO 3166-1 alpha-2, or empty if unknown
/// @param subdivisions ISO 3166-2, such as `GB-ENG` and in it `GB-WBK`, from the largest to the
///     smallest
/// @param city geoname id, or 0 if unknown
/// @param latitude degrees north, NaN if unknown
/// @param longitude degrees east, NaN if unknown
/// @param asn number of the autonomous system, up to 2^32 - 1; 0 if unknown
/// @param network the operator's own network of longest prefix, or empty
/// @param source of the coordinates
public record Place(
    String continent,
    String country,
    List<String> subdivisions,
    long city,
    double latitude,
    double longitude,
    long asn,
    String network,
    CoordinateSource source) {
  public static final Place UNKNOWN = new Place("", "", Double.NaN, Double.NaN, "");

  public Place {
    subdivisions = List.copyOf(subdivisions);
  }

  /// A place whose coordinates, if it has any, are its own.
  public Place(
      String continent,
      String country,
      List<String> subdivisions,
      long city,
      double latitude,
      double longitude,
      long asn,
      String network) {
    this(
        continent,
        country,
        subdivisions,
        city,
        latitude,
        longitude,
        asn,
        network,
        Double.isNaN(latitude) || Double.isNaN(longitude)
            ? CoordinateSource.NONE
            : CoordinateSource.DATABASE);
  }

  /// A place of which no more than the country, coordinates and own network are known.
  public Place(
      String continent, String country, double latitude, double longitude, String network) {
    this(continent, country, List.of(), 0, latitude, longitude, 0, network);
  }

  public boolean hasCoordinates() {
    return !Double.isNaN(latitude) && !Double.isNaN(longitude);
  }

  /// Whether something of the kind is known.
  boolean has(PlaceField field) {
    return switch (field) {
      case NETWORK -> !network.isEmpty();
      case ASN -> asn != 0;
      case CITY -> city != 0;
      case SUBDIVISION -> !subdivisions.isEmpty();
      case COUNTRY -> !country.isEmpty();
      case CONTINENT -> !continent.isEmpty();
      case COORDINATES -> hasCoordinates();
    };
  }

  /// What is to say of where the coordinates come from: empty, or words in parentheses after a
  /// space.
  public String coordinateWords() {
    return switch (source) {
      case NONE, DATABASE -> "";
      case DATABASE_COUNTRY, COUNTRY_TABLE -> " (of the country)";
      case CONFIGURATION -> " (as configured for " + country + ")";
    };
  }

  Place withAsn(long number) {
    return new Place(
        continent, country, subdivisions, city, latitude, longitude, number, network, source);
  }

  Place withNetwork(String name) {
    return new Place(
        continent, country, subdivisions, city, latitude, longitude, asn, name, source);
  }

  /// The same with coordinates of that source.
  Place withCoordinates(Coordinates at, CoordinateSource from) {
    return new Place(
        continent, country, subdivisions, city, at.latitude(), at.longitude(), asn, network, from);
  }

  /// The same with everything else unknown; where coordinates come from is not told apart.
  public Place only(Set<PlaceField> fields) {
    boolean located = fields.contains(PlaceField.COORDINATES);
    return new Place(
        fields.contains(PlaceField.CONTINENT) ? continent : "",
        fields.contains(PlaceField.COUNTRY) ? country : "",
        fields.contains(PlaceField.SUBDIVISION) ? subdivisions : List.of(),
        fields.contains(PlaceField.CITY) ? city : 0,
        located ? latitude : Double.NaN,
        located ? longitude : Double.NaN,
        fields.contains(PlaceField.ASN) ? asn : 0,
        fields.contains(PlaceField.NETWORK) ? network : "");
  }

  // As of any record, but written out: making them at first use takes about a tenth of the time
  // that a process which has just begun needs for a database that was kept.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Place that
        && continent.equals(that.continent)
        && country.equals(that.country)
        && subdivisions.equals(that.subdivisions)
        && city == that.city
        && Double.compare(latitude, that.latitude) == 0
        && Double.compare(longitude, that.longitude) == 0
        && asn == that.asn
        && network.equals(that.network)
        && source == that.source;
  }

  @Override
  public int hashCode() {
    int hash = continent.hashCode();
    hash = 31 * hash + country.hashCode();
    hash = 31 * hash + subdivisions.hashCode();
    hash = 31 * hash + Long.hashCode(city);
    hash = 31 * hash + Double.hashCode(latitude);
    hash = 31 * hash + Double.hashCode(longitude);
    hash = 31 * hash + Long.hashCode(asn);
    hash = 31 * hash + network.hashCode();
    return hash;
  }
}
