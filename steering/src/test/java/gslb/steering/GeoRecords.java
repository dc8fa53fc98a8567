package gslb.steering;

import gslb.steering.places.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Places as GeoIP2 writes them.
final class GeoRecords {
  private GeoRecords() {}

  /// As GeoIP2 City has it.
  static Map<String, Object> location(Place place) {
    Map<String, Object> record = new LinkedHashMap<>();
    if (!place.continent().isEmpty()) {
      record.put("continent", Map.of("code", place.continent()));
    }
    if (!place.country().isEmpty()) {
      record.put("country", Map.of("iso_code", place.country()));
    }
    List<Map<String, String>> subdivisions =
        place.subdivisions().stream().map(s -> Map.of("iso_code", s.substring(3))).toList();
    if (!subdivisions.isEmpty()) {
      record.put("subdivisions", subdivisions);
    }
    if (place.city() != 0) {
      record.put("city", Map.of("geoname_id", (int) place.city()));
    }
    if (place.hasCoordinates()) {
      record.put("location", Map.of("latitude", place.latitude(), "longitude", place.longitude()));
    }
    return record;
  }

  /// As GeoIP2 ASN has it.
  static Map<String, Object> asn(Place place) {
    return place.asn() == 0
        ? Map.of("autonomous_system_organization", "none")
        : Map.of("autonomous_system_number", (int) place.asn());
  }
}
