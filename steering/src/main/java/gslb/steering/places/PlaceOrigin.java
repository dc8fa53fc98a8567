package gslb.steering.places;

import gslb.base.Prefix;
import java.util.List;

/// Where some of what is known of a place comes from.
///
/// @param prefix the part of the address space for which the source says this, around the address
/// @param fields what it says, in the order of {@link PlaceField}; never empty
public record PlaceOrigin(Source source, Prefix prefix, List<PlaceField> fields) {
  public PlaceOrigin {
    fields = List.copyOf(fields);
  }

  /// What can say something of an address.
  public sealed interface Source {}

  /// A geo database.
  ///
  /// @param name of the file
  /// @param type the database's own word for what it is
  /// @param buildEpochSeconds when it was made
  public record Database(String name, String type, long buildEpochSeconds) implements Source {}

  /// The table of countries, which completes what a database leaves out.
  public record Countries() implements Source {}
}
