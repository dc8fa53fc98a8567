package gslb.steering;

/// Where a pool or a node stands.
///
/// @param continent two letters: AF, AN, AS, EU, NA, OC or SA
/// @param country ISO 3166-1 alpha-2
/// @param latitude degrees north, -90..90
/// @param longitude degrees east, -180..180
public record Site(
    String name, String continent, String country, double latitude, double longitude) {}
