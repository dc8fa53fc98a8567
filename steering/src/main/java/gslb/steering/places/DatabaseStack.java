package gslb.steering.places;

import gslb.base.Address;
import gslb.base.Prefix;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Geo databases by priority, and how what they say of one address becomes one place.
///
/// Continent, country, subdivisions, city and coordinates come together from the first database
/// that knows a country or coordinates of the address, or else from the first that knows anything
/// of the kind; what it leaves out, continent or coordinates, comes from the table of countries.
/// The autonomous system comes from the first that knows one. Immutable.
final class DatabaseStack {
  /// How much a record says of where an address is.
  enum Certainty {
    NOTHING(0),
    /// Less than a country: a continent, or a code that stands for a region.
    VAGUE(1),
    LOCATED(2);

    private final int rank;

    Certainty(int rank) {
      this.rank = rank;
    }

    /// From 0; more is surer.
    int rank() {
      return rank;
    }
  }

  private final List<GeoDatabase> byPriority;
  private final CountryTable countries;

  DatabaseStack(List<GeoDatabase> byPriority, CountryTable countries) {
    this.byPriority = List.copyOf(byPriority);
    this.countries = countries;
  }

  List<GeoDatabase> byPriority() {
    return byPriority;
  }

  Place complete(Place record) {
    return countries.complete(record);
  }

  /// @param record as the database has it
  static Certainty certainty(Place record, Place completed) {
    if (record.hasCoordinates() || !completed.country().isEmpty()) {
      return Certainty.LOCATED;
    }
    return completed.withAsn(0).equals(Place.UNKNOWN) ? Certainty.NOTHING : Certainty.VAGUE;
  }

  /// All that the databases know of an address.
  Place place(Address address) {
    Place location = Place.UNKNOWN;
    Certainty certainty = Certainty.NOTHING;
    long asn = 0;
    for (GeoDatabase database : byPriority) {
      Place record = database.record(address);
      Place completed = complete(record);
      Certainty here = certainty(record, completed);
      if (here.rank() > certainty.rank()) {
        location = completed;
        certainty = here;
      }
      asn = asn == 0 ? record.asn() : asn;
    }
    return location.withAsn(asn);
  }

  /// Which of the databases said what of {@link #place}, by priority.
  List<PlaceOrigin> origins(Address address) {
    GeoDatabase locates = null;
    Certainty certainty = Certainty.NOTHING;
    GeoDatabase routes = null;
    for (GeoDatabase database : byPriority) {
      Place record = database.record(address);
      Certainty here = certainty(record, complete(record));
      if (here.rank() > certainty.rank()) {
        locates = database;
        certainty = here;
      }
      routes = routes == null && record.asn() != 0 ? database : routes;
    }
    List<PlaceOrigin> origins = new ArrayList<>();
    for (GeoDatabase database : byPriority) {
      Place record = database.record(address);
      Prefix prefix = Prefix.around(address, database.lengthAround(address));
      Place completed = database == locates ? complete(record) : Place.UNKNOWN;
      Set<PlaceField> own = fieldsAlike(completed, record);
      Set<PlaceField> completing = EnumSet.complementOf(EnumSet.copyOf(own));
      completing.removeAll(fieldsAlike(completed, Place.UNKNOWN));
      own.removeAll(fieldsAlike(completed, Place.UNKNOWN));
      own.remove(PlaceField.ASN);
      completing.remove(PlaceField.ASN);
      if (database == routes) {
        own.add(PlaceField.ASN);
      }
      if (!own.isEmpty()) {
        origins.add(
            new PlaceOrigin(
                new PlaceOrigin.Database(
                    database.name(), database.type(), database.buildEpochSeconds()),
                prefix,
                List.copyOf(own)));
      }
      if (!completing.isEmpty()) {
        origins.add(new PlaceOrigin(new PlaceOrigin.Countries(), prefix, List.copyOf(completing)));
      }
    }
    return origins;
  }

  private static Set<PlaceField> fieldsAlike(Place one, Place other) {
    Set<PlaceField> alike = EnumSet.noneOf(PlaceField.class);
    for (PlaceField field : PlaceField.values()) {
      if (one.only(EnumSet.of(field)).equals(other.only(EnumSet.of(field)))) {
        alike.add(field);
      }
    }
    return alike;
  }

  /// The length of the maximal aligned prefix around an address, within its family, of which each
  /// database says one thing.
  int lengthAround(Address address) {
    int length = 0;
    for (GeoDatabase database : byPriority) {
      length = Math.max(length, database.lengthAround(address));
    }
    return length;
  }
}
