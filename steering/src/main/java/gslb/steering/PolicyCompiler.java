package gslb.steering;

import gslb.steering.Explanation.GeoLevel;
import gslb.steering.places.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;

/// Stage A for one place: policy × place → residual. Confined to the thread that compiles.
final class PolicyCompiler {
  private final Residuals residuals;
  private final Trace trace;

  // A shared policy may be reached on many paths, but is one object.
  private final IdentityHashMap<Policy, Residual> done = new IdentityHashMap<>();
  private final IdentityHashMap<Policy.Nearest, NearestChords> chords = new IdentityHashMap<>();
  private Place place = Place.UNKNOWN;

  PolicyCompiler(Residuals residuals, Trace trace) {
    this.residuals = residuals;
    this.trace = trace;
  }

  Residual residual(Policy policy, Place of) {
    done.clear();
    place = of;
    return residual(policy);
  }

  private Residual residual(Policy policy) {
    Residual known = done.get(policy);
    if (known != null) {
      return known;
    }
    Residual residual =
        switch (policy) {
          case Policy.Use use -> residuals.pool(use.pool());
          case Policy.Failover list -> failover(list);
          case Policy.Weighted weighted -> residuals.weighted(shares(weighted.branches()));
          case Policy.Sticky sticky -> residuals.sticky(shares(sticky.branches()));
          case Policy.All all -> residuals.all(all.pools());
          case Policy.Nearest nearest -> nearest(nearest);
          case Policy.Geo geo -> geo(geo);
        };
    done.put(policy, residual);
    return residual;
  }

  private Residual failover(Policy.Failover list) {
    List<Residual> children = new ArrayList<>(list.children().size());
    for (Policy child : list.children()) {
      children.add(residual(child));
    }
    return residuals.failover(children);
  }

  private List<Residual.Weighted.Share> shares(List<Policy.Weighted.Branch> branches) {
    List<Residual.Weighted.Share> shares = new ArrayList<>(branches.size());
    for (Policy.Weighted.Branch branch : branches) {
      shares.add(new Residual.Weighted.Share(residual(branch.child()), branch.weight()));
    }
    return shares;
  }

  private Residual nearest(Policy.Nearest nearest) {
    if (!trace.isListening() && place.hasCoordinates() && NearestChords.serves(nearest)) {
      Residual quick =
          chords.computeIfAbsent(nearest, NearestChords::new).residual(place, residuals);
      if (quick != null) {
        return quick;
      }
    }
    List<GreatCircle.Ranked> ranking = GreatCircle.rank(nearest, place);
    int limit = Math.min(nearest.limit(), ranking.size());
    int ring = GreatCircle.ring(ranking.subList(0, limit), nearest.withinPercent());
    trace.nearest(ranking, ring, limit);
    List<Residual> kept = new ArrayList<>(limit);
    if (ring > 1) {
      kept.add(ring(ranking.subList(0, ring)));
    }
    for (GreatCircle.Ranked ranked : ranking.subList(ring > 1 ? ring : 0, limit)) {
      kept.add(residuals.pool(ranked.pool()));
    }
    return residuals.failover(kept);
  }

  /// In the order written, so that all who are near the same pools are one class.
  private Residual ring(List<GreatCircle.Ranked> near) {
    return residuals.weighted(
        near.stream()
            .sorted(Comparator.comparingInt(GreatCircle.Ranked::index))
            .map(ranked -> new Residual.Weighted.Share(residuals.pool(ranked.pool()), 1))
            .toList());
  }

  private Residual geo(Policy.Geo geo) {
    Policy child = geo.networks().get(place.network());
    if (child != null) {
      return branch(child, GeoLevel.NETWORK, place.network());
    }
    child = geo.asns().get(place.asn());
    if (child != null) {
      return branch(child, GeoLevel.ASN, Long.toString(place.asn()));
    }
    child = geo.cities().get(place.city());
    if (child != null) {
      return branch(child, GeoLevel.CITY, Long.toString(place.city()));
    }
    for (String subdivision : place.subdivisions().reversed()) {
      child = geo.subdivisions().get(subdivision);
      if (child != null) {
        return branch(child, GeoLevel.SUBDIVISION, subdivision);
      }
    }
    child = geo.countries().get(place.country());
    if (child != null) {
      return branch(child, GeoLevel.COUNTRY, place.country());
    }
    child = geo.continents().get(place.continent());
    if (child != null) {
      return branch(child, GeoLevel.CONTINENT, place.continent());
    }
    child = geo.otherwise();
    if (child != null) {
      return branch(child, GeoLevel.DEFAULT, "");
    }
    trace.geo(GeoLevel.NONE, "");
    return residuals.nothing();
  }

  private Residual branch(Policy child, GeoLevel level, String key) {
    trace.geo(level, key);
    return residual(child);
  }
}
