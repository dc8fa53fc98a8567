package gslb.steering.shift;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Where clients go, and which pools are filled beyond what they can serve, if something happens.
///
/// Of the first order is what the policies do by themselves. Of the second is what follows if a
/// pool
/// that gets more than it can serve sends the rest on to what the policies give without it: an
/// estimate of who is not served where, for no pool sheds by itself.
///
/// @param scenario what happens, in words
/// @param pools that somebody gets, or that the scenario names, in configured order
/// @param services by id
/// @param overflows of pools that are filled beyond what they can serve, the fullest first
/// @param notes what an operator should know of the scenario
/// @param demand of all services together; 0 if none is stated
/// @param unserved demand that nothing can serve in the second order
/// @param rounds until the second order settled
/// @param isSettled whether it did
public record Simulation(
    String scenario,
    Weighting weighting,
    List<PoolLoad> pools,
    List<ServiceLoad> services,
    List<Overflow> overflows,
    List<String> notes,
    double demand,
    double unserved,
    int rounds,
    boolean isSettled) {
  public Simulation {
    pools = List.copyOf(pools);
    services = List.copyOf(services);
    overflows = List.copyOf(overflows);
    notes = List.copyOf(notes);
  }

  /// Something before, in the first order, and in the second.
  public record Stages(double before, double first, double second) {
    static final Stages NONE = new Stages(0, 0, 0);

    Stages plus(Stages other) {
      return new Stages(before + other.before, first + other.first, second + other.second);
    }
  }

  /// A pool over all services.
  ///
  /// @param capacity stated for all of it; 0 if it is not
  /// @param capacityAfter of what is up in the scenario
  /// @param offered demand that comes to it; in the second order, of what others send on too
  public record PoolLoad(String pool, double capacity, double capacityAfter, Stages offered) {
    /// How full it is in the second order: above 1 if more comes than it can serve.
    public double fill() {
      return fill(offered.second());
    }

    /// How full a demand makes what is up; 0 if no capacity is stated.
    public double fill(double of) {
      return capacity == 0 ? 0 : capacityAfter == 0 ? Double.POSITIVE_INFINITY : of / capacityAfter;
    }
  }

  /// A pool's share of one service's clients.
  ///
  /// @param pool name, or empty for none: nothing is answered
  /// @param share of the service's clients, 0..1; in the second order, of those that it serves
  /// @param continents the same by continent, empty text for unknown; still of all its clients
  /// @param fullAt demand of this service alone at which the pool is full in the first order; 0 if
  ///     its capacity is not stated or it gets nothing
  public record PoolShare(
      String pool, Stages share, SortedMap<String, Stages> continents, double fullAt) {
    public PoolShare {
      continents = Collections.unmodifiableSortedMap(new TreeMap<>(continents));
    }
  }

  /// One service.
  ///
  /// @param demand 0 if it is not stated
  /// @param pools greatest share first
  /// @param unserved share of its clients that nothing can serve in the second order
  /// @param unavailable share of its clients for whom nothing is available in the first order, and
  ///     who are answered all the same
  public record ServiceLoad(
      String name, double demand, List<PoolShare> pools, double unserved, double unavailable) {
    public ServiceLoad {
      pools = List.copyOf(pools);
    }

    /// Whether anything differs from before.
    public boolean changes() {
      return unserved > ServiceComparison.NOISE
          || pools.stream()
              .map(PoolShare::share)
              .anyMatch(
                  s ->
                      Math.abs(s.first() - s.before()) > ServiceComparison.NOISE
                          || Math.abs(s.second() - s.before()) > ServiceComparison.NOISE);
    }
  }

  /// What a full pool sends on.
  ///
  /// @param offered demand that comes to it
  /// @param capacity that it has
  /// @param to demand by the name of the pool that it comes to next
  /// @param nowhere demand that no other pool of its policies is there for
  public record Overflow(
      String pool, double offered, double capacity, SortedMap<String, Double> to, double nowhere) {
    public Overflow {
      to = Collections.unmodifiableSortedMap(new TreeMap<>(to));
    }
  }
}
