package gslb.steering.places;

/// A point on the globe.
///
/// @param latitude degrees north, -90..90
/// @param longitude degrees east, -180..180
public record Coordinates(double latitude, double longitude) {}
