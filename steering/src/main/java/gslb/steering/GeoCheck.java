package gslb.steering;

import gslb.base.Diagnostic;
import gslb.base.SourceSpan;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.PlaceField;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whether the geo databases of a catalog can serve what its policies look at.
public final class GeoCheck {
  /// Services that one message names.
  private static final int NAMED_MAX = 3;

  private GeoCheck() {}

  /// A warning for each kind of place that policies ask for and no database knows; nothing without
  /// databases, which the configuration warns of.
  ///
  /// @param where the configuration
  public static List<Diagnostic> diagnostics(
      Catalog catalog, List<GeoDatabase> databases, SourceSpan where) {
    if (databases.isEmpty()) {
      return List.of();
    }
    Set<PlaceField> known = EnumSet.of(PlaceField.NETWORK);
    databases.forEach(database -> known.addAll(database.fields()));
    if (known.contains(PlaceField.COUNTRY)) {
      // The table of countries has both.
      known.add(PlaceField.CONTINENT);
      known.add(PlaceField.COORDINATES);
    }
    Map<PlaceField, List<String>> askers = new EnumMap<>(PlaceField.class);
    for (Service service : catalog.services()) {
      for (PlaceField field : PolicySight.fields(List.of(service.policy()))) {
        if (!known.contains(field)) {
          askers.computeIfAbsent(field, _ -> new ArrayList<>()).add(service.name());
        }
      }
    }
    List<Diagnostic> warnings = new ArrayList<>();
    askers.forEach((field, services) -> warnings.add(warning(field, services, where)));
    return warnings;
  }

  private static Diagnostic warning(PlaceField field, List<String> services, SourceSpan where) {
    return Diagnostic.warning(
        where,
        names(services) + (services.size() == 1 ? " asks" : " ask") + " for " + asked(field),
        "no geo database of this configuration has any, so "
            + (field == PlaceField.COORDINATES
                ? "pools are tried in the order written"
                : "such branches are never taken"),
        "add a database that has them" + example(field));
  }

  private static String names(List<String> services) {
    StringBuilder names = new StringBuilder(services.size() == 1 ? "service" : "services");
    String separator = " ";
    for (String service : services.subList(0, Math.min(services.size(), NAMED_MAX))) {
      names.append(separator).append('\'').append(service).append('\'');
      separator = ", ";
    }
    int more = services.size() - NAMED_MAX;
    return names + (more > 0 ? " and " + more + " more" : "");
  }

  private static String asked(PlaceField field) {
    return switch (field) {
      case NETWORK -> "own networks";
      case ASN -> "autonomous systems ('asn/…')";
      case CITY -> "cities by geoname id ('city/…')";
      case SUBDIVISION -> "subdivisions by ISO 3166-2 code (such as 'EU/DE/BY')";
      case COUNTRY -> "countries";
      case CONTINENT -> "continents";
      case COORDINATES -> "coordinates ('nearest')";
    };
  }

  private static String example(PlaceField field) {
    return switch (field) {
      case ASN -> ", such as GeoLite2-ASN";
      case CITY, SUBDIVISION -> ", such as GeoLite2-City";
      case NETWORK, COUNTRY, CONTINENT, COORDINATES -> ", such as GeoLite2-Country";
    };
  }
}
