package gslb.steering;

import gslb.base.SourceSpan;
import gslb.steering.places.PlaceField;

/// A kind of place, or one place, that a policy asks the geo databases for.
///
/// @param key number of the autonomous system, geoname id, ISO 3166-2 of the subdivision, country
///     or continent; empty for coordinates
/// @param where the first branch that names it stands in the configuration
public record GeoAsk(PlaceField field, String key, SourceSpan where) {}
