package gslb.steering;

import gslb.steering.places.Place;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Ranks the pools of one `nearest` by the straight line through the earth, for hundreds of
/// thousands of places: a few multiplications for a pool instead of five calls of strict
/// trigonometry. Where two pools are so nearly equally far that whole metres could say otherwise,
/// it leaves the place to {@link GreatCircle}, so that the ranking is always that one's. Confined
/// to the thread that compiles.
final class NearestChords {
  private static final double EARTH_RADIUS_METRES = 6_371_008.8;

  /// A chord longer by this share of the radius is an arc longer by 10 m at least: more than
  /// rounding to whole metres, and the half metre that a haversine loses near the antipode.
  private static final double CHORD_TELLING = 10 / EARTH_RADIUS_METRES;

  /// A bias divides by 1/100 at least, and a hundredfold error is still below this.
  private static final double BIASED_METRES_TELLING = 200;

  /// Pools of an order that is found again by one `long`.
  private static final int REMEMBERED_LIMIT_MAX = 8;

  /// Bits of each of their indexes in it.
  private static final int REMEMBERED_BITS = 8;

  private static final int[] UNTOLD = {};

  private final Policy.Nearest nearest;
  private final int limit;

  /// By pool: the unit vector of its site; not a number without one.
  private final double[] x;

  private final double[] y;
  private final double[] z;

  /// By pool: the first pool at the same coordinates with the same bias, which is as far from
  /// everywhere.
  private final int[] twin;

  private final boolean isBiased;
  private final double telling;
  private final int[] order;
  private final double[] distances;
  private final Map<Long, Residual> known = new HashMap<>();

  NearestChords(Policy.Nearest nearest) {
    this.nearest = nearest;
    List<Pool> pools = nearest.pools();
    limit = Math.min(nearest.limit(), pools.size());
    isBiased = nearest.biases().stream().anyMatch(bias -> bias != 0);
    telling = isBiased ? BIASED_METRES_TELLING : CHORD_TELLING;
    x = new double[pools.size()];
    y = new double[pools.size()];
    z = new double[pools.size()];
    twin = new int[pools.size()];
    for (int i = 0; i < pools.size(); i++) {
      Site site = pools.get(i).site();
      double latitude = site == null ? Double.NaN : Math.toRadians(site.latitude());
      double longitude = site == null ? Double.NaN : Math.toRadians(site.longitude());
      x[i] = Math.cos(latitude) * Math.cos(longitude);
      y[i] = Math.cos(latitude) * Math.sin(longitude);
      z[i] = Math.sin(latitude);
      while (!areTwins(pools, twin[i], i)) {
        twin[i]++;
      }
    }
    order = new int[pools.size()];
    distances = new double[order.length];
  }

  private boolean areTwins(List<Pool> pools, int one, int other) {
    Site a = pools.get(one).site();
    Site b = pools.get(other).site();
    boolean areBeside =
        a == null || b == null
            ? a == null && b == null
            : a.latitude() == b.latitude() && a.longitude() == b.longitude();
    return areBeside && nearest.biases().get(one).equals(nearest.biases().get(other));
  }

  /// Whether a ranking found here is all that the policy needs: a ring needs distances.
  static boolean serves(Policy.Nearest nearest) {
    return nearest.withinPercent() <= Policy.Nearest.WITHIN_PERCENT_NONE;
  }

  /// Finds the pools to keep, nearest first.
  ///
  /// @return indexes of all pools, of which the first are right as far as pools are kept; or empty
  ///     if they cannot be told apart here. Valid until the next call
  int[] rank(Place from) {
    double latitude = Math.toRadians(from.latitude());
    double longitude = Math.toRadians(from.longitude());
    double fromX = Math.cos(latitude) * Math.cos(longitude);
    double fromY = Math.cos(latitude) * Math.sin(longitude);
    double fromZ = Math.sin(latitude);
    for (int pool = 0; pool < x.length; pool++) {
      double dx = x[pool] - fromX;
      double dy = y[pool] - fromY;
      double dz = z[pool] - fromZ;
      double chord = Math.sqrt(dx * dx + dy * dy + dz * dz);
      double distance = isBiased ? biased(chord, nearest.biases().get(pool)) : chord;
      if (Double.isNaN(distance)) {
        distance = Double.POSITIVE_INFINITY; // no site
      }
      insert(pool, distance);
    }
    return areKeptTold() ? order : UNTOLD;
  }

  /// Whether each pool kept is farther than the one before it, whatever is rounded, and the first
  /// left out than the last kept. Twins stand beside each other unless another is as near, and then
  /// one of them is not told from it.
  private boolean areKeptTold() {
    for (int i = 1; i < order.length; i++) {
      boolean areTwins = twin[order[i]] == twin[order[i - 1]];
      boolean isTold =
          areTwins
              || distances[i] - distances[i - 1] > telling
              || distances[i - 1] == Double.POSITIVE_INFINITY;
      if (!isTold) {
        return false;
      }
      if (i >= limit && !areTwins) {
        return true;
      }
    }
    return true;
  }

  private static double biased(double chord, int bias) {
    double metres = 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, chord / 2));
    return bias >= 0 ? metres * (100 - bias) / 100 : metres * 100 / (100 + bias);
  }

  /// Puts the next pool in its place among those before it, behind those as far.
  private void insert(int pool, double distance) {
    int at = pool;
    while (at > 0 && distance < distances[at - 1]) {
      order[at] = order[at - 1];
      distances[at] = distances[at - 1];
      at--;
    }
    order[at] = pool;
    distances[at] = distance;
  }

  /// The residual of a place with coordinates, or null if this cannot tell.
  @Nullable Residual residual(Place from, Residuals residuals) {
    int[] ranked = rank(from);
    if (ranked.length == 0 || limit == 0) {
      return null;
    }
    boolean isRemembered = limit <= REMEMBERED_LIMIT_MAX && x.length <= 1 << REMEMBERED_BITS;
    long key = 0;
    for (int i = 0; i < limit; i++) {
      key = key << REMEMBERED_BITS | ranked[i];
    }
    Residual found = isRemembered ? known.get(key) : null;
    if (found == null) {
      found =
          residuals.failover(
              Arrays.stream(ranked, 0, limit)
                  .mapToObj(index -> residuals.pool(nearest.pools().get(index)))
                  .toList());
      if (isRemembered) {
        known.put(key, found);
      }
    }
    return found;
  }
}
