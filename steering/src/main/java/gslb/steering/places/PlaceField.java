package gslb.steering.places;

/// What can be known of a place.
public enum PlaceField {
  /// The operator's own network.
  NETWORK,
  /// The autonomous system.
  ASN,
  CITY,
  SUBDIVISION,
  COUNTRY,
  CONTINENT,
  COORDINATES
}
