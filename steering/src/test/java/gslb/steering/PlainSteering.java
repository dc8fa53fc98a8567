package gslb.steering;

import gslb.base.Family;
import gslb.steering.places.Place;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The policy language read off the page: walks the tree as written for one place and stage,
/// without compiling anything. The oracle of the compiler.
final class PlainSteering {
  /// The pools that stand for an authored nothing.
  static final Set<Integer> NOTHING = Set.of();

  record Fraction(BigInteger numerator, BigInteger denominator) {
    static final Fraction ONE = new Fraction(BigInteger.ONE, BigInteger.ONE);

    static Fraction of(long numerator, long denominator) {
      return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator)).reduced();
    }

    Fraction times(Fraction other) {
      return new Fraction(
              numerator.multiply(other.numerator), denominator.multiply(other.denominator))
          .reduced();
    }

    Fraction plus(Fraction other) {
      return new Fraction(
              numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
              denominator.multiply(other.denominator))
          .reduced();
    }

    private Fraction reduced() {
      BigInteger common = numerator.gcd(denominator);
      return new Fraction(numerator.divide(common), denominator.divide(common));
    }
  }

  /// What a service gives a place.
  ///
  /// @param shareOf chance by the ids of the pools that are answered together, or of {@link
  ///     #NOTHING}
  /// @param members which endpoints of a pool may be answered
  record Outcome(Map<Set<Integer>, Fraction> shareOf, AnswerKind members) {}

  private final VerdictTable verdicts;
  private Set<Family> asked = Set.of(Family.V4, Family.V6);
  private boolean needsEvery;

  /// Pools that are left out as long as everything else is available.
  private Set<Integer> held = Set.of();

  PlainSteering(VerdictTable verdicts) {
    this.verdicts = verdicts;
  }

  /// What a service gives a client while pools are in their ramp: of those, the ones that have not
  /// got the client are left out, but for as many of them, longest in the ramp first, as it takes
  /// for something to be answered and no more than two to be left.
  ///
  /// @param steps by id of each pool in its ramp, how far it is; no two alike
  /// @param blockSteps by id of the pool, at which step it gets the client
  Outcome decide(
      Service service,
      Place place,
      Family family,
      Map<Integer, Integer> steps,
      Map<Integer, Integer> blockSteps) {
    ask(service, family);
    Set<Integer> ramping = new HashSet<>();
    for (Pool pool : poolsAt(service.policy(), place)) {
      if (steps.containsKey(pool.id()) && isAvailable(pool)) {
        ramping.add(pool.id());
      }
    }
    while (ramping.size() > 2
        || (!ramping.isEmpty() && !answersWithout(service, place, family, ramping))) {
      ramping.remove(Collections.max(ramping, Comparator.comparing(steps::get)));
    }
    held = new HashSet<>(ramping);
    held.removeIf(pool -> blockSteps.getOrDefault(pool, 0) <= steps.getOrDefault(pool, 0));
    Outcome outcome = decide(service, place, family);
    held = Set.of();
    return outcome;
  }

  private boolean answersWithout(Service service, Place place, Family family, Set<Integer> pools) {
    held = pools;
    ask(service, family);
    Optional<Map<Set<Integer>, Fraction>> found = choose(service.policy(), place, 0);
    held = Set.of();
    return found.isPresent() && !found.get().containsKey(NOTHING);
  }

  private void ask(Service service, Family family) {
    asked = service.families() == Families.INDEPENDENT ? Set.of(family) : Set.of(Family.values());
    needsEvery = service.families() == Families.EVERY;
  }

  /// @param family that is asked for, which matters to a service that decides them independently
  Outcome decide(Service service, Place place, Family family) {
    ask(service, family);
    for (int stage = 0; stage < 4; stage++) {
      if (stage == 2 && !(service.allDown() instanceof AllDown.Answer)) {
        return replaced(service.allDown());
      }
      Optional<Map<Set<Integer>, Fraction>> found = choose(service.policy(), place, stage);
      if (found.isPresent()) {
        AnswerKind members =
            stage < 2
                ? AnswerKind.LIVE
                : stage == 2 ? AnswerKind.IGNORING_VERDICTS : AnswerKind.IGNORING_DRAINS;
        return new Outcome(found.get(), members);
      }
    }
    return new Outcome(Map.of(NOTHING, Fraction.ONE), AnswerKind.LIVE);
  }

  private Outcome replaced(AllDown allDown) {
    if (allDown instanceof AllDown.Sorry(Pool pool)) {
      if (canServe(pool, 3) && pool.endpoints().isEmpty()) {
        return new Outcome(Map.of(Set.of(pool.id()), Fraction.ONE), AnswerKind.LIVE);
      }
      if (asked(pool).anyMatch(e -> isUp(pool, e))) {
        return new Outcome(Map.of(Set.of(pool.id()), Fraction.ONE), AnswerKind.LIVE);
      }
      if (asked(pool).anyMatch(e -> !isForcedDown(e))) {
        return new Outcome(Map.of(Set.of(pool.id()), Fraction.ONE), AnswerKind.IGNORING_DRAINS);
      }
    }
    return new Outcome(Map.of(NOTHING, Fraction.ONE), AnswerKind.LIVE);
  }

  private Optional<Map<Set<Integer>, Fraction>> choose(Policy policy, Place place, int stage) {
    return switch (policy) {
      case Policy.Use(Pool pool) ->
          canServe(pool, stage)
              ? Optional.of(Map.of(Set.of(pool.id()), Fraction.ONE))
              : Optional.empty();
      case Policy.Failover(List<Policy> children) -> {
        if (children.isEmpty()) {
          yield Optional.of(Map.of(NOTHING, Fraction.ONE));
        }
        for (Policy child : children) {
          Optional<Map<Set<Integer>, Fraction>> found = choose(child, place, stage);
          if (found.isPresent()) {
            yield found;
          }
        }
        yield Optional.empty();
      }
      case Policy.Weighted weighted -> weighted(weighted.branches(), place, stage);
      // How often each is chosen over all blocks; which block gets which is for other tests.
      case Policy.Sticky sticky -> weighted(sticky.branches(), place, stage);
      case Policy.All(List<Pool> pools) -> {
        Set<Integer> able = new HashSet<>();
        pools.stream().filter(p -> canServe(p, stage)).forEach(p -> able.add(p.id()));
        yield able.isEmpty() && !pools.isEmpty()
            ? Optional.empty()
            : Optional.of(Map.of(able, Fraction.ONE));
      }
      case Policy.Nearest nearest -> nearest(nearest, place, stage);
      case Policy.Geo geo -> {
        Policy branch = branch(geo, place);
        yield branch == null
            ? Optional.of(Map.of(NOTHING, Fraction.ONE))
            : choose(branch, place, stage);
      }
    };
  }

  private Optional<Map<Set<Integer>, Fraction>> nearest(
      Policy.Nearest nearest, Place place, int stage) {
    List<Pool> ordered = nearestFirst(nearest, place);
    double first = ordered.isEmpty() ? 0 : distance(nearest, ordered.getFirst(), place);
    List<Pool> near =
        ordered.stream()
            .filter(p -> first < FAR && nearest.withinPercent() > 100)
            .filter(p -> distance(nearest, p, place) <= first * nearest.withinPercent() / 100)
            .toList();
    List<Policy.Weighted.Branch> ring =
        near.stream().map(p -> new Policy.Weighted.Branch(new Policy.Use(p), 1)).toList();
    Optional<Map<Set<Integer>, Fraction>> amongThem = weighted(ring, place, stage);
    if (amongThem.isPresent()) {
      return amongThem;
    }
    return ordered.stream()
        .filter(p -> canServe(p, stage))
        .findFirst()
        .map(p -> Map.of(Set.of(p.id()), Fraction.ONE));
  }

  private Optional<Map<Set<Integer>, Fraction>> weighted(
      List<Policy.Weighted.Branch> branches, Place place, int stage) {
    for (boolean standbys : new boolean[] {false, true}) {
      List<Map<Set<Integer>, Fraction>> parts = new ArrayList<>();
      List<Integer> weights = new ArrayList<>();
      long total = 0;
      for (Policy.Weighted.Branch branch : branches) {
        if (branch.weight() == 0 == standbys) {
          Optional<Map<Set<Integer>, Fraction>> part = choose(branch.child(), place, stage);
          if (part.isPresent()) {
            parts.add(part.get());
            weights.add(standbys ? 1 : branch.weight());
            total += weights.getLast();
          }
        }
      }
      if (!parts.isEmpty()) {
        Map<Set<Integer>, Fraction> sum = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
          Fraction share = Fraction.of(weights.get(i), total);
          parts.get(i).forEach((pool, of) -> sum.merge(pool, of.times(share), Fraction::plus));
        }
        return Optional.of(sum);
      }
    }
    return Optional.empty();
  }

  static @Nullable Policy branch(Policy.Geo geo, Place place) {
    Policy ofNetwork = geo.networks().get(place.network());
    if (ofNetwork != null) {
      return ofNetwork;
    }
    Policy ofAsn = geo.asns().get(place.asn());
    if (ofAsn != null) {
      return ofAsn;
    }
    Policy ofCity = geo.cities().get(place.city());
    if (ofCity != null) {
      return ofCity;
    }
    for (int i = place.subdivisions().size() - 1; i >= 0; i--) {
      Policy ofSubdivision = geo.subdivisions().get(place.subdivisions().get(i));
      if (ofSubdivision != null) {
        return ofSubdivision;
      }
    }
    Policy ofCountry = geo.countries().get(place.country());
    if (ofCountry != null) {
      return ofCountry;
    }
    Policy ofContinent = geo.continents().get(place.continent());
    return ofContinent != null ? ofContinent : geo.otherwise();
  }

  /// By selection, with chords through the earth instead of angles on it.
  static List<Pool> nearestFirst(Policy.Nearest nearest, Place place) {
    List<Pool> left = new ArrayList<>(nearest.pools());
    List<Pool> ordered = new ArrayList<>();
    while (!left.isEmpty() && ordered.size() < nearest.limit()) {
      Pool best = left.getFirst();
      for (Pool pool : left) {
        if (distance(nearest, pool, place) < distance(nearest, best, place)) {
          best = pool;
        }
      }
      ordered.add(best);
      left.remove(best);
    }
    return ordered;
  }

  /// More than any distance on earth, ever so biased.
  private static final double FAR = 1e12;

  /// Metres from a chord, with the bias taken off; {@link #FAR} for no distance.
  static double distance(Policy.Nearest nearest, Pool pool, Place place) {
    Site site = pool.site();
    if (site == null || !place.hasCoordinates()) {
      return FAR;
    }
    double[] a = onSphere(place.latitude(), place.longitude());
    double[] b = onSphere(site.latitude(), site.longitude());
    double chord = Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
    double metres = Math.rint(2 * 6_371_008.8 * Math.asin(Math.min(1, chord / 2)));
    int bias = nearest.biases().get(nearest.pools().indexOf(pool));
    return bias >= 0 ? metres * (1 - bias / 100.0) : metres / (1 + bias / 100.0);
  }

  private static double[] onSphere(double latitude, double longitude) {
    double phi = Math.toRadians(latitude);
    double lambda = Math.toRadians(longitude);
    return new double[] {
      Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)
    };
  }

  private Stream<Endpoint> asked(Pool pool) {
    return pool.endpoints().stream().filter(e -> asked.contains(e.address().family()));
  }

  private boolean canServe(Pool pool, int stage) {
    if (pool.cname() != null && pool.endpoints().isEmpty()) {
      return stage > 0 || !held.contains(pool.id());
    }
    return switch (stage) {
      case 0 -> isAvailable(pool) && !held.contains(pool.id());
      case 1 -> asked(pool).anyMatch(e -> isUp(pool, e));
      case 2 -> asked(pool).anyMatch(e -> !isForcedDown(e) && !isDrained(e));
      default -> asked(pool).anyMatch(e -> !isForcedDown(e));
    };
  }

  private boolean isAvailable(Pool pool) {
    List<Family> present =
        asked.stream()
            .filter(f -> asked(pool).anyMatch(e -> e.address().family() == f && !isAbsent(pool, e)))
            .toList();
    return !present.isEmpty()
        && (needsEvery
            ? present.stream().allMatch(f -> isAvailable(pool, f))
            : present.stream().anyMatch(f -> isAvailable(pool, f)));
  }

  private boolean isAvailable(Pool pool, Family family) {
    double all = 0;
    double up = 0;
    int upCount = 0;
    for (Endpoint endpoint : pool.endpoints()) {
      if (endpoint.address().family() == family && !isAbsent(pool, endpoint)) {
        all += endpoint.weight();
        if (isUp(pool, endpoint)) {
          up += endpoint.weight();
          upCount++;
        }
      }
    }
    if (upCount == 0) {
      return false;
    }
    return switch (pool.minHealthy()) {
      case MinHealthy.Endpoints(int count) -> upCount >= count;
      case MinHealthy.Percent(int percent) -> up / all * 100 >= percent - 1e-9;
    };
  }

  boolean isUp(Pool pool, Endpoint endpoint) {
    if (verdicts.override(endpoint.id()) != EndpointOverride.NONE) {
      return verdicts.override(endpoint.id()) == EndpointOverride.UP;
    }
    return verdicts.verdict(endpoint.id()) == Verdict.UP
        || (verdicts.verdict(endpoint.id()) == Verdict.UNKNOWN && nothingIsKnown(pool));
  }

  private boolean isAbsent(Pool pool, Endpoint endpoint) {
    return verdicts.override(endpoint.id()) == EndpointOverride.NONE
        && verdicts.verdict(endpoint.id()) == Verdict.UNKNOWN
        && !nothingIsKnown(pool);
  }

  private boolean nothingIsKnown(Pool pool) {
    Set<Verdict> seen = new HashSet<>();
    pool.endpoints().forEach(e -> seen.add(verdicts.verdict(e.id())));
    return seen.equals(Set.of(Verdict.UNKNOWN));
  }

  boolean isForcedDown(Endpoint endpoint) {
    return verdicts.override(endpoint.id()) == EndpointOverride.DOWN;
  }

  boolean isDrained(Endpoint endpoint) {
    return verdicts.override(endpoint.id()) == EndpointOverride.DRAIN;
  }

  /// The pools that a place can ever be given by a policy.
  static Set<Pool> poolsAt(Policy policy, Place place) {
    Set<Pool> pools = new HashSet<>();
    switch (policy) {
      case Policy.Use(Pool pool) -> pools.add(pool);
      case Policy.Failover(List<Policy> children) ->
          children.forEach(c -> pools.addAll(poolsAt(c, place)));
      case Policy.Weighted weighted ->
          weighted.branches().forEach(b -> pools.addAll(poolsAt(b.child(), place)));
      case Policy.Sticky sticky ->
          sticky.branches().forEach(b -> pools.addAll(poolsAt(b.child(), place)));
      case Policy.All(List<Pool> all) -> pools.addAll(all);
      case Policy.Nearest nearest -> pools.addAll(nearestFirst(nearest, place));
      case Policy.Geo geo -> {
        Policy branch = branch(geo, place);
        if (branch != null) {
          pools.addAll(poolsAt(branch, place));
        }
      }
    }
    return pools;
  }
}
