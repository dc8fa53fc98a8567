package gslb.steering.shift;

import gslb.base.Address;

/// Clients that two plans treat alike: of one class in each, of one family and of one continent.
///
/// @param weighting what the share is a share of
/// @param isV4 their family
/// @param continent two letters, or empty if unknown
/// @param share 0..1; 0 for IPv6 addresses of which nothing is known
/// @param example one of them
record Slice(
    Weighting weighting,
    int classBefore,
    int classAfter,
    boolean isV4,
    String continent,
    double share,
    Address example) {}
