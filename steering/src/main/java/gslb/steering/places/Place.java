package gslb.steering.places;

/// What is known of a client prefix. Interned: equal places have one id in a {@link PlaceTable}.
///
/// @param continent two letters, or empty if unknown
/// @param country ISO 3166-1 alpha-2, or empty if unknown
/// @param latitude degrees north, NaN if unknown
/// @param longitude degrees east, NaN if unknown
/// @param network the operator's own network of longest prefix, or empty
public record Place(
    String continent, String country, double latitude, double longitude, String network) {
  public static final Place UNKNOWN = new Place("", "", Double.NaN, Double.NaN, "");

  public boolean hasCoordinates() {
    return !Double.isNaN(latitude) && !Double.isNaN(longitude);
  }
}
