package gslb.steering;

import gslb.steering.places.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Distances over the surface of a spherical earth. In strict arithmetic and compared in whole
/// metres, so that every node ranks alike on every machine.
final class GreatCircle {
  /// Mean radius, IUGG.
  private static final double EARTH_RADIUS_METRES = 6_371_008.8;

  /// The distance of a pool without a site, and of every pool from a client without coordinates.
  static final long UNKNOWN = Long.MAX_VALUE;

  private GreatCircle() {}

  /// A pool and how far it is.
  ///
  /// @param index in the order written
  /// @param metres with the bias taken off, or {@link #UNKNOWN}
  record Ranked(Pool pool, int index, long metres) {}

  /// The haversine formula, which loses nothing for near points; coordinates in degrees.
  static long metres(double fromLatitude, double fromLongitude, double latitude, double longitude) {
    double phi1 = StrictMath.toRadians(fromLatitude);
    double phi2 = StrictMath.toRadians(latitude);
    double sinLatitude = StrictMath.sin((phi2 - phi1) / 2);
    double sinLongitude = StrictMath.sin(StrictMath.toRadians(longitude - fromLongitude) / 2);
    double h =
        sinLatitude * sinLatitude
            + StrictMath.cos(phi1) * StrictMath.cos(phi2) * sinLongitude * sinLongitude;
    return StrictMath.round(
        2 * EARTH_RADIUS_METRES * StrictMath.asin(StrictMath.sqrt(Math.min(1, h))));
  }

  /// Nearest first; equal distances in the order written, pools without a site last. From a place
  /// without coordinates, the order written.
  static List<Ranked> rank(Policy.Nearest nearest, Place from) {
    List<Ranked> ranking = new ArrayList<>(nearest.pools().size());
    for (Pool pool : nearest.pools()) {
      int index = ranking.size();
      Site site = pool.site();
      long metres =
          site == null || !from.hasCoordinates()
              ? UNKNOWN
              : biased(
                  metres(from.latitude(), from.longitude(), site.latitude(), site.longitude()),
                  nearest.biases().get(index));
      ranking.add(new Ranked(pool, index, metres));
    }
    ranking.sort(Comparator.comparingLong(Ranked::metres)); // stable
    return ranking;
  }

  /// In whole metres, as everything that is compared.
  static long biased(long metres, int bias) {
    return bias >= 0 ? metres * (100 - bias) / 100 : metres * 100 / (100 + bias);
  }

  /// How many of a ranking count as near as its first.
  ///
  /// @param withinPercent of the first one's distance; {@link Policy.Nearest#WITHIN_PERCENT_NONE}
  ///     for the first alone
  static int ring(List<Ranked> ranking, int withinPercent) {
    if (withinPercent <= Policy.Nearest.WITHIN_PERCENT_NONE
        || ranking.isEmpty()
        || ranking.getFirst().metres() == UNKNOWN) {
      return Math.min(1, ranking.size());
    }
    long within = ranking.getFirst().metres() * withinPercent;
    int ring = 1;
    while (ring < ranking.size()
        && ranking.get(ring).metres() != UNKNOWN
        && ranking.get(ring).metres() * 100 <= within) {
      ring++;
    }
    return ring;
  }
}
