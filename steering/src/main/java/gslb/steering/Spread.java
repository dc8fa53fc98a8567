package gslb.steering;

import gslb.base.Family;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the clients of a plan's classes spread over pools, also with some pools left out that shed
/// or
/// drain clients: these get what the policy gives without them. Confined to one thread.
public final class Spread {
  /// What clients of a class run who ask for one family's addresses; classes and services that run
  /// alike have equal ones.
  ///
  /// @param count what the service says of how many addresses an answer holds, 0 if nothing
  public record Run(int program, int count, boolean asksV4) {}

  private record Key(Run run, Set<Integer> without) {}

  private final SteeringPlan plan;
  private final Map<Key, Map<Integer, Double>> done = new HashMap<>();

  public Spread(SteeringPlan plan) {
    this.plan = plan;
  }

  public SteeringPlan plan() {
    return plan;
  }

  public Run run(int service, int clientClass, boolean asksV4) {
    return new Run(
        plan.program(service, asksV4, clientClass),
        plan.catalog().services().get(service).answers().count(),
        asksV4);
  }

  /// How far the decision has to go.
  public Stage stage(Run run) {
    return plan.arrays().stages[run.program()];
  }

  /// Shares of the clients by pool id, {@link Crossing#NO_POOL} for nothing.
  ///
  /// @param without ids of pools that are left out; with any, ramps do not count
  /// @return sums up to 1; empty if there is nothing to choose without these pools
  public Map<Integer, Double> of(Run run, Set<Integer> without) {
    Key key = new Key(run, without);
    Map<Integer, Double> known = done.get(key);
    if (known == null) {
      known = without.isEmpty() ? all(run) : new Part(run, without).of();
      done.put(key, known);
    }
    return known;
  }

  private Map<Integer, Double> all(Run run) {
    Map<Integer, Double> shares = new HashMap<>();
    ProgramOverlap.chances(plan.arrays().programs[run.program()])
        .forEach(
            (answerSet, chance) ->
                PoolShares.of(plan, run.count(), answerSet, run.asksV4())
                    .forEach((pool, part) -> shares.merge(pool, chance * part, Double::sum)));
    return shares;
  }

  /// The residual with some pools left out.
  private final class Part {
    private final Run run;
    private final Set<Integer> without;
    private final Residual residual;
    private final Reach reach;
    private final Stage stage;
    private final Map<Integer, Map<Integer, Double>> known = new HashMap<>();

    Part(Run run, Set<Integer> without) {
      this.run = run;
      this.without = without;
      SteeringTables.ProgramSource source = plan.tables().source(run.program());
      residual = source.residual();
      reach = source.reach();
      stage = stage(run);
    }

    Map<Integer, Double> of() {
      return switch (stage) {
        case AVAILABLE, MIN_HEALTHY_IGNORED, VERDICTS_IGNORED, DRAINS_IGNORED -> of(residual);
        case SORRY, NODATA -> Map.of();
      };
    }

    private Map<Integer, Double> of(Residual part) {
      Map<Integer, Double> shares = known.get(part.id());
      if (shares == null) {
        shares = compute(part);
        known.put(part.id(), shares);
      }
      return shares;
    }

    private Map<Integer, Double> compute(Residual part) {
      return switch (part) {
        case Residual.Nothing _ -> Map.of(Crossing.NO_POOL, 1.0);
        case Residual.OfPool leaf ->
            isUsable(leaf.pool()) ? Map.of(leaf.pool().id(), 1.0) : Map.of();
        case Residual.Failover(int _, List<Residual> children) -> {
          for (Residual child : children) {
            Map<Integer, Double> first = of(child);
            if (!first.isEmpty()) {
              yield first;
            }
          }
          yield Map.of();
        }
        case Residual.Weighted(int _, List<Residual.Weighted.Share> shares) -> byWeight(shares);
        case Residual.Sticky(int _, int _, List<Residual.Weighted.Share> shares) ->
            byWeight(shares);
        case Residual.All all -> joined(all);
      };
    }

    private boolean isUsable(Pool pool) {
      return !without.contains(pool.id()) && plan.state(pool.id()).isUsable(stage, reach);
    }

    private Map<Integer, Double> byWeight(List<Residual.Weighted.Share> shares) {
      Map<Integer, Double> chosen = among(shares, false);
      return chosen.isEmpty() ? among(shares, true) : chosen;
    }

    private Map<Integer, Double> among(List<Residual.Weighted.Share> shares, boolean standbys) {
      Map<Integer, Double> sum = new HashMap<>();
      double total = 0;
      for (Residual.Weighted.Share share : shares) {
        Map<Integer, Double> child = share.weight() == 0 == standbys ? of(share.child()) : Map.of();
        if (!child.isEmpty()) {
          double weight = standbys ? 1 : share.weight();
          total += weight;
          child.forEach((pool, part) -> sum.merge(pool, weight * part, Double::sum));
        }
      }
      double all = total;
      sum.replaceAll((_, part) -> part / all);
      return sum;
    }

    private Map<Integer, Double> joined(Residual.All all) {
      List<PoolState> states = new ArrayList<>();
      for (Pool pool : all.pools()) {
        if (isUsable(pool)) {
          states.add(plan.state(pool.id()));
        }
      }
      if (states.isEmpty()) {
        return Map.of();
      }
      Family asked = run.asksV4() ? Family.V4 : Family.V6;
      Family other = run.asksV4() ? Family.V6 : Family.V4;
      Map<Integer, Double> shares = joined(states, asked);
      return shares.isEmpty() ? joined(states, other) : shares;
    }

    private Map<Integer, Double> joined(List<PoolState> states, Family family) {
      List<Integer> endpoints = new ArrayList<>();
      List<Long> cumulative = new ArrayList<>();
      long before = 0;
      for (PoolState state : states) {
        int[] members = state.members(stage.answerKind(), family);
        long[] weights = state.cumulativeWeights(stage.answerKind(), family);
        for (int i = 0; i < members.length; i++) {
          endpoints.add(members[i]);
          cumulative.add(before + weights[i]);
        }
        before += members.length == 0 ? 0 : weights[members.length - 1];
      }
      return endpoints.isEmpty()
          ? Map.of()
          : PoolShares.of(
              endpoints.stream().mapToInt(Integer::intValue).toArray(),
              cumulative.stream().mapToLong(Long::longValue).toArray(),
              PoolShares.joinedCount(run.count()),
              plan.tables()::poolOfEndpoint);
    }
  }
}
