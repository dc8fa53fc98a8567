package gslb.steering.places;

import gslb.base.Address;
import java.util.List;

/// The whole address space of both families, cut into runs of constant place. Immutable; shared by
/// all services.
public final class PlaceTable {
  private PlaceTable() {}

  /// A table in which every address is {@link Place#UNKNOWN}.
  public static PlaceTable empty() {
    throw new AssertionError("contract");
  }

  /// Distinct places by id; id 0 is {@link Place#UNKNOWN}.
  public List<Place> places() {
    throw new AssertionError("contract");
  }

  /// The place id of an address; an embedded IPv4 address ({@link gslb.base.EmbeddedV4}) decides.
  public int placeOf(Address address) {
    throw new AssertionError("contract");
  }

  /// Joins places that a policy does not tell apart.
  ///
  /// @param classOfPlace class by place id, 0..65535
  public Partition partition(int[] classOfPlace) {
    throw new AssertionError("contract");
  }
}
