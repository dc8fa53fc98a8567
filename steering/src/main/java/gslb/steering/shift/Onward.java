package gslb.steering.shift;

import gslb.steering.Crossing;
import gslb.steering.Spread;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Where the clients of one run go that pools send on: to what the policy gives without the pools
/// that sent them.
///
/// A pool sends on a share of who comes because it is drained, and a share of who is left because
/// it is full; each by chance, whoever the client is. Where no other pool can be chosen, a drained
/// pool keeps its clients, and a full one leaves them unserved; so does one of which nothing is up.
final class Onward {
  /// Pools that send one client on, one after the other; the next serves it or nobody does.
  static final int HOPS_MAX = 8;

  /// Sets of pools that have sent clients of one run on, for all runs of a scenario.
  static final int SETS_MAX = 5_000;

  /// The same for one run, however many there are: enough for a list of as many pools.
  static final int SETS_OF_RUN_MIN = 16;

  /// Shares of the run's clients.
  ///
  /// @param offered by pool: who comes and is not sent on because of a drain
  /// @param served by pool, and by {@link Crossing#NO_POOL} who is answered nothing
  /// @param overflow by pool that is full, by pool that its clients come to next, and by {@link
  ///     Crossing#NO_POOL} who can go nowhere
  /// @param isCut whether some were taken as unserved because too many sets of pools sent clients
  // on
  record Result(
      Map<Integer, Double> offered,
      Map<Integer, Double> served,
      Map<Integer, Map<Integer, Double>> overflow,
      double unserved,
      boolean isCut) {}

  private final Spread spread;
  private final double[] undrained;
  private final double[] fitting;

  private final Map<Integer, Double> offered = new HashMap<>();
  private final Map<Integer, Double> served = new HashMap<>();
  private final Map<Integer, Map<Integer, Double>> overflow = new HashMap<>();
  private double unserved;
  private boolean isCut;

  private Onward(Spread spread, double[] undrained, double[] fitting) {
    this.spread = spread;
    this.undrained = undrained;
    this.fitting = fitting;
  }

  /// @param undrained by pool id: the share that a drain leaves
  /// @param fitting by pool id: the share of who is offered that is served
  /// @param runs of the scenario
  static Result of(Spread spread, Spread.Run run, double[] undrained, double[] fitting, int runs) {
    Onward onward = new Onward(spread, undrained, fitting);
    onward.flow(run, Math.max(SETS_OF_RUN_MIN, SETS_MAX / runs));
    return new Result(
        onward.offered, onward.served, onward.overflow, onward.unserved, onward.isCut);
  }

  private void flow(Spread.Run run, int setsMax) {
    Map<Set<Integer>, Double> waiting = Map.of(Set.of(), 1.0);
    int sets = 0;
    for (int hop = 0; !waiting.isEmpty(); hop++) {
      Map<Set<Integer>, Double> next = new LinkedHashMap<>();
      for (Map.Entry<Set<Integer>, Double> entry : waiting.entrySet()) {
        sets++;
        boolean isTooMany = sets + next.size() >= setsMax;
        boolean isLast = hop == HOPS_MAX || isTooMany;
        isCut |= isTooMany;
        arrive(run, entry.getKey(), entry.getValue(), isLast, next);
      }
      waiting = next;
    }
  }

  private void arrive(
      Spread.Run run,
      Set<Integer> without,
      double clients,
      boolean isLast,
      Map<Set<Integer>, Double> next) {
    Map<Integer, Double> shares = spread.of(run, without);
    double open = without.isEmpty() ? 1 : open(shares);
    for (Map.Entry<Integer, Double> entry : shares.entrySet()) {
      int pool = entry.getKey();
      double coming = clients * entry.getValue() / open;
      if (pool != Crossing.NO_POOL) {
        arrive(run, without, pool, coming, isLast, next);
      } else if (without.isEmpty()) {
        served.merge(pool, coming, Double::sum);
      }
    }
  }

  /// The share for whom there is a pool.
  private static double open(Map<Integer, Double> shares) {
    return shares.isEmpty() ? 0 : 1 - shares.getOrDefault(Crossing.NO_POOL, 0.0);
  }

  private void arrive(
      Spread.Run run,
      Set<Integer> without,
      int pool,
      double coming,
      boolean isLast,
      Map<Set<Integer>, Double> next) {
    if (undrained[pool] == 1 && fitting[pool] == 1) {
      offered.merge(pool, coming, Double::sum);
      served.merge(pool, coming, Double::sum);
      return;
    }
    Set<Integer> further = new HashSet<>(without);
    further.add(pool);
    Map<Integer, Double> others = isLast ? Map.of() : spread.of(run, further);
    double open = open(others);
    double drained = coming * (1 - undrained[pool]) * open;
    double staying = coming - drained;
    double tooMuch = staying * (1 - fitting[pool]);
    // A pool of which nothing is up cannot send anybody on.
    double finding = fitting[pool] == 0 ? 0 : open;
    offered.merge(pool, staying, Double::sum);
    served.merge(pool, staying - tooMuch, Double::sum);
    unserved += tooMuch * (1 - finding);
    if (tooMuch > 0) {
      Map<Integer, Double> to = overflow.computeIfAbsent(pool, _ -> new HashMap<>());
      to.merge(Crossing.NO_POOL, tooMuch * (1 - finding), Double::sum);
      others.forEach(
          (other, share) -> {
            if (other != Crossing.NO_POOL && finding > 0) {
              to.merge(other, tooMuch * share, Double::sum);
            }
          });
    }
    double goingOn = drained + tooMuch * finding;
    if (goingOn > 0) {
      next.merge(Set.copyOf(further), goingOn, Double::sum);
    }
  }
}
