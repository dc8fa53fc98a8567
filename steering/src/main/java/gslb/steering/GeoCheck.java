package gslb.steering;

import gslb.base.Diagnostic;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceField;
import gslb.steering.places.PlaceTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whether the geo databases of a catalog can serve what its policies look at.
public final class GeoCheck {
  private GeoCheck() {}

  /// A warning for each kind of place that policies ask for and no database knows, where the first
  /// branch asks; and one for each place of a known kind that no address is at. Nothing without
  /// databases, which the configuration warns of.
  ///
  /// @param places compiled from the databases with the detail of the policies
  /// @param asks each once, in the order written
  public static List<Diagnostic> diagnostics(
      List<GeoDatabase> databases, PlaceTable places, List<GeoAsk> asks) {
    if (databases.isEmpty() || asks.isEmpty()) {
      return List.of();
    }
    Set<PlaceField> known = known(databases);
    Found found = Found.in(places);
    Map<PlaceField, List<GeoAsk>> hopeless = new EnumMap<>(PlaceField.class);
    List<Diagnostic> warnings = new ArrayList<>();
    for (GeoAsk ask : asks) {
      if (!known.contains(ask.field())) {
        hopeless.computeIfAbsent(ask.field(), _ -> new ArrayList<>()).add(ask);
      } else if (!found.has(ask)) {
        warnings.add(nowhere(ask));
      }
    }
    hopeless.forEach((field, asking) -> warnings.add(unknownKind(field, asking)));
    return warnings;
  }

  /// What some database tells, or the table of countries does for it.
  public static Set<PlaceField> known(List<GeoDatabase> databases) {
    Set<PlaceField> known = EnumSet.of(PlaceField.NETWORK);
    databases.forEach(database -> known.addAll(database.fields()));
    if (known.contains(PlaceField.COUNTRY)) {
      known.add(PlaceField.CONTINENT);
      known.add(PlaceField.COORDINATES);
    }
    return known;
  }

  /// The places at which there is an address, as far as a table tells them apart.
  private record Found(
      Set<String> continents,
      Set<String> countries,
      Set<String> subdivisions,
      Set<String> cities,
      Set<String> asns) {
    static Found in(PlaceTable places) {
      Found found =
          new Found(
              new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
      for (Place place : places.places()) {
        found.continents.add(place.continent());
        found.countries.add(place.country());
        found.subdivisions.addAll(place.subdivisions());
        if (place.city() != 0) {
          found.cities.add(Long.toString(place.city()));
        }
        if (place.asn() != 0) {
          found.asns.add(Long.toString(place.asn()));
        }
      }
      return found;
    }

    boolean has(GeoAsk ask) {
      return switch (ask.field()) {
        case CONTINENT -> continents.contains(ask.key());
        case COUNTRY -> countries.contains(ask.key());
        case SUBDIVISION -> subdivisions.contains(ask.key());
        case CITY -> cities.contains(ask.key());
        case ASN -> asns.contains(ask.key());
        case NETWORK, COORDINATES -> true;
      };
    }
  }

  private static Diagnostic unknownKind(PlaceField field, List<GeoAsk> asking) {
    GeoAsk first = asking.getFirst();
    int more = asking.size() - 1;
    return Diagnostic.warning(
        first.where(),
        shown(first)
            + (more == 0 ? "" : " and " + more + " more " + (more == 1 ? "branch" : "branches"))
            + (more == 0 ? " needs " : " need ")
            + needed(field),
        "no geo database of this configuration has any, so "
            + (field == PlaceField.COORDINATES
                ? "pools are tried in the order written"
                : "such branches are never taken"),
        "add a database that has them" + example(field));
  }

  private static Diagnostic nowhere(GeoAsk ask) {
    return Diagnostic.warning(
        ask.where(),
        "no address is in " + shown(ask),
        "the geo databases of this configuration do not have it, so the branch is never taken",
        switch (ask.field()) {
          case CITY -> "look its geoname id up at geonames.org";
          case SUBDIVISION -> "look its code up in ISO 3166-2, or add a database that has it";
          case ASN -> "correct the number, or fetch a newer database";
          case COUNTRY, CONTINENT -> "add a database that has it, or remove the branch";
          case NETWORK, COORDINATES -> "";
        });
  }

  private static String shown(GeoAsk ask) {
    return switch (ask.field()) {
      case ASN -> "'asn/" + ask.key() + "'";
      case CITY -> "'city/" + ask.key() + "'";
      case SUBDIVISION -> "subdivision '" + ask.key() + "'";
      case COUNTRY -> "country '" + ask.key() + "'";
      case CONTINENT -> "continent '" + ask.key() + "'";
      case COORDINATES -> "'nearest'";
      case NETWORK -> "network '" + ask.key() + "'";
    };
  }

  private static String needed(PlaceField field) {
    return switch (field) {
      case NETWORK -> "own networks";
      case ASN -> "autonomous systems";
      case CITY -> "geoname ids of cities";
      case SUBDIVISION -> "ISO 3166-2 codes of subdivisions";
      case COUNTRY -> "countries";
      case CONTINENT -> "continents";
      case COORDINATES -> "coordinates";
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
