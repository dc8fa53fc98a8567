package gslb.steering.places;

import java.util.List;
import java.util.Set;

/// What of places is told apart beside continent, country and own network: what some policy looks
/// at. Places that differ in anything else are one, so that a city database costs no more than a
/// country database where nobody asks for cities.
///
/// @param isWhole everything is told apart, named or not
/// @param hasCoordinates whether coordinates are told apart
/// @param subdivisions ISO 3166-2, such as `DE-BY`
/// @param cities geoname ids
/// @param asns numbers of autonomous systems
public record Detail(
    boolean isWhole,
    boolean hasCoordinates,
    Set<String> subdivisions,
    Set<Long> cities,
    Set<Long> asns) {
  /// All that is known.
  public static final Detail WHOLE = new Detail(true, true, Set.of(), Set.of(), Set.of());

  public Detail {
    subdivisions = Set.copyOf(subdivisions);
    cities = Set.copyOf(cities);
    asns = Set.copyOf(asns);
  }

  /// Only what is named.
  public static Detail named(
      boolean hasCoordinates, Set<String> subdivisions, Set<Long> cities, Set<Long> asns) {
    return new Detail(false, hasCoordinates, subdivisions, cities, asns);
  }

  /// Whether all that the other tells apart is told apart here.
  public boolean covers(Detail other) {
    return isWhole
        || (!other.isWhole
            && (hasCoordinates || !other.hasCoordinates)
            && subdivisions.containsAll(other.subdivisions)
            && cities.containsAll(other.cities)
            && asns.containsAll(other.asns));
  }

  /// The place without its autonomous system and what nobody looks at.
  Place location(Place place) {
    List<String> kept = place.subdivisions();
    if (!isWhole && !kept.isEmpty()) {
      kept = kept.stream().filter(subdivisions::contains).toList();
    }
    return new Place(
        place.continent(),
        place.country(),
        kept,
        isWhole || cities.contains(place.city()) ? place.city() : 0,
        hasCoordinates ? place.latitude() : Double.NaN,
        hasCoordinates ? place.longitude() : Double.NaN,
        0,
        place.network(),
        isWhole
            ? place.source()
            : hasCoordinates && place.hasCoordinates()
                ? CoordinateSource.DATABASE
                : CoordinateSource.NONE);
  }

  /// The number, or 0 if nobody looks at it.
  long asn(long number) {
    return isWhole || asns.contains(number) ? number : 0;
  }
}
