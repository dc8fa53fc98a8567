package gslb.steering;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tree that turns a client into a pool, as written. A reference to a shared policy
/// (`policy: NAME`) is resolved before it comes here; the same instance may stand in many trees.
public sealed interface Policy {
  /// One pool.
  record Use(Pool pool) implements Policy {}

  /// The first available child. An empty list is terminal: the answer is NODATA, and a parent list
  /// may not pass it.
  record Failover(List<Policy> children) implements Policy {
    public Failover {
      children = List.copyOf(children);
    }
  }

  /// One of the available children, in proportion to the weights. A child of weight 0 is a standby:
  /// chosen only when all others are unavailable.
  record Weighted(List<Branch> branches) implements Policy {
    public Weighted {
      branches = List.copyOf(branches);
    }

    /// @param weight 0..1,000,000
    public record Branch(Policy child, int weight) {}
  }

  /// One of the available children, in proportion to the weights, and always the same for a block
  /// of clients (/24 of IPv4, /48 of IPv6) for as long as it is available: a weighted rendezvous
  /// hash. A child that comes or goes moves none but the clients that it gets or had. Children of
  /// weight 0 as in {@link Weighted}.
  record Sticky(List<Weighted.Branch> branches) implements Policy {
    /// Children that one hash is made over; it is made for every query.
    public static final int BRANCHES_MAX = 64;

    public Sticky {
      branches = List.copyOf(branches);
    }
  }

  /// The endpoints of every available pool, together.
  record All(List<Pool> pools) implements Policy {
    public All {
      pools = List.copyOf(pools);
    }
  }

  /// The available pool nearest to the client by great-circle distance; the next nearest when it is
  /// not available, and so on for `limit` pools. A client without coordinates gets them in the
  /// order written.
  ///
  /// Pools hardly farther than the nearest count as near as it: clients are drawn among them.
  ///
  /// @param biases by index of the pool, -99..99: a positive one takes as many per cent off its
  ///     distance, a negative one divides it by as many per cent less than 1, so that -50 doubles
  /// it
  /// @param withinPercent 100..1,000: how far a pool may be, in per cent of the distance of the
  ///     nearest, to count as near as it; 100 for equal distances alone in the order written
  record Nearest(List<Pool> pools, List<Integer> biases, int limit, int withinPercent)
      implements Policy {
    public static final int LIMIT_DEFAULT = 3;

    /// Greatest bias, and, negative, the least.
    public static final int BIAS_MAX = 99;

    public static final int WITHIN_PERCENT_NONE = 100;

    /// Per cent of the nearest distance that still count as near.
    public static final int WITHIN_PERCENT_MAX = 1_000;

    public Nearest {
      pools = List.copyOf(pools);
      biases = List.copyOf(biases);
      if (pools.size() != biases.size()) {
        throw new IllegalArgumentException(
            biases.size() + " biases for " + pools.size() + " pools");
      }
    }

    /// Without bias and ring.
    public Nearest(List<Pool> pools, int limit) {
      this(pools, Collections.nCopies(pools.size(), 0), limit, WITHIN_PERCENT_NONE);
    }
  }

  /// Exactly one branch, chosen by where the client is: own network, then autonomous system, city,
  /// subdivision (the smallest that has a branch), country, continent, then the default. Never
  /// backs out to a less specific branch.
  ///
  /// @param networks by name of the own network
  /// @param asns by number of the autonomous system
  /// @param cities by geoname id
  /// @param subdivisions by ISO 3166-2, such as `DE-BY`
  /// @param countries by ISO 3166-1 alpha-2, upper case
  /// @param continents by two letters, upper case
  /// @param otherwise the default branch; without one, NODATA
  record Geo(
      Map<String, Policy> networks,
      Map<Long, Policy> asns,
      Map<Long, Policy> cities,
      Map<String, Policy> subdivisions,
      Map<String, Policy> countries,
      Map<String, Policy> continents,
      @Nullable Policy otherwise)
      implements Policy {
    public Geo {
      networks = Map.copyOf(networks);
      asns = Map.copyOf(asns);
      cities = Map.copyOf(cities);
      subdivisions = Map.copyOf(subdivisions);
      countries = Map.copyOf(countries);
      continents = Map.copyOf(continents);
    }

    /// One that looks at nothing smaller than a country, but for own networks.
    public Geo(
        Map<String, Policy> networks,
        Map<String, Policy> countries,
        Map<String, Policy> continents,
        @Nullable Policy otherwise) {
      this(networks, Map.of(), Map.of(), Map.of(), countries, continents, otherwise);
    }

    /// All branches, the default among them.
    public List<Policy> branches() {
      List<Policy> branches = new ArrayList<>(networks.values());
      branches.addAll(asns.values());
      branches.addAll(cities.values());
      branches.addAll(subdivisions.values());
      branches.addAll(countries.values());
      branches.addAll(continents.values());
      if (otherwise != null) {
        branches.add(otherwise);
      }
      return branches;
    }
  }
}
