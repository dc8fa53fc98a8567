package gslb.steering.places;

/// Where the coordinates of a place come from, and what they are the coordinates of.
public enum CoordinateSource {
  /// There are none.
  NONE,
  /// The geo database, of this place.
  DATABASE,
  /// The geo database, of the country: it knows no more of the address.
  DATABASE_COUNTRY,
  /// The table of countries: where the people of the country live in the mean.
  COUNTRY_TABLE,
  /// The configuration, which says where a country is.
  CONFIGURATION
}
