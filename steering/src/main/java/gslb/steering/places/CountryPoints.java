package gslb.steering.places;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which records of a city database have the coordinates of their country, because nothing smaller
/// is known of the address: the middle of its area, be it a lake or a desert.
///
/// These are the records with a country that name neither city nor subdivision nor postal code,
/// though other records of the database do; and those that name subdivisions and no city, but have
/// the same coordinates as one of these. A database that names none of these anywhere is believed:
/// its
/// coordinates are whatever its maker put there.
final class CountryPoints {
  private CountryPoints() {}

  /// Whether a record of either schema names something smaller than a country.
  static boolean isNamed(Map<?, ?> record) {
    return hasText(record, "city")
        || hasText(record, "state1")
        || hasText(record, "state2")
        || hasText(record, "postcode")
        || isFilled(record.get("city"))
        || isFilled(record.get("postal"))
        || (record.get("subdivisions") instanceof List<?> list && !list.isEmpty());
  }

  private static boolean hasText(Map<?, ?> record, String key) {
    return record.get(key) instanceof String text && !text.isBlank();
  }

  private static boolean isFilled(@Nullable Object value) {
    return value instanceof Map<?, ?> map && !map.isEmpty();
  }

  /// The same records in the same order, the source of their coordinates told.
  ///
  /// @param records of source {@link CoordinateSource#DATABASE_COUNTRY} where one names nothing
  /// @param hasNames whether some record names something
  static List<Place> told(List<Place> records, boolean hasNames) {
    Map<String, Set<Coordinates>> points = new HashMap<>();
    if (hasNames) {
      for (Place record : records) {
        if (record.source() == CoordinateSource.DATABASE_COUNTRY) {
          points.computeIfAbsent(record.country(), _ -> new HashSet<>()).add(at(record));
        }
      }
    }
    List<Place> told = new ArrayList<>(records.size());
    for (Place record : records) {
      boolean isOfCountry =
          record.source() == CoordinateSource.DATABASE_COUNTRY
              || (record.source() == CoordinateSource.DATABASE
                  && record.city() == 0
                  && !record.subdivisions().isEmpty());
      Set<Coordinates> ofCountry = points.getOrDefault(record.country(), Set.of());
      told.add(
          !isOfCountry
              ? record
              : record.withCoordinates(
                  at(record),
                  ofCountry.contains(at(record))
                      ? CoordinateSource.DATABASE_COUNTRY
                      : CoordinateSource.DATABASE));
    }
    return told;
  }

  private static Coordinates at(Place record) {
    return new Coordinates(record.latitude(), record.longitude());
  }
}
