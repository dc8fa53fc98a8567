package gslb.steering.shift;

import gslb.base.Family;
import gslb.steering.CapacityGuard;
import gslb.steering.ClientSample;
import gslb.steering.Crossing;
import gslb.steering.Endpoint;
import gslb.steering.EndpointOverride;
import gslb.steering.Pool;
import gslb.steering.PoolState;
import gslb.steering.Readmission;
import gslb.steering.Service;
import gslb.steering.Spread;
import gslb.steering.Stage;
import gslb.steering.SteeringPlan;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.Partition;
import gslb.steering.shift.Simulation.PoolLoad;
import gslb.steering.shift.Simulation.ServiceLoad;
import gslb.steering.shift.Simulation.Stages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;

/// Plays a scenario on a plan. Used once.
///
/// The second order is a fixpoint: of what comes to a pool as much is served as it has capacity
/// for, the rest goes on, and so more comes to others, until nothing changes. From one round to the
/// next less of what comes is served, never more, so it settles.
public final class Simulator {
  /// Rounds until the second order is taken as it is.
  static final int ROUNDS_MAX = 200;

  /// What the share that a pool serves may still change by from one round to the next.
  private static final double SETTLED = 1e-9;

  private final Scenario scenario;
  private final SteeringPlan before;
  private final SteeringPlan after;
  private final Spread spreadBefore;
  private final Spread spreadAfter;
  private final double[] undrained;
  private final double[] capacityAfter;
  private final Map<String, List<ClientSample.Client>> seen = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final Slicer slicer;

  private final Map<Spread.Run, Onward.Result> first = new HashMap<>();
  private Map<Spread.Run, Onward.Result> second = new HashMap<>();
  private int rounds;
  private boolean isSettled = true;

  private Simulator(SteeringPlan plan, Scenario scenario, ClientSample sample)
      throws ScenarioRefused {
    this.scenario = scenario;
    before = plan;
    after = plan.withVerdicts(failed(plan, scenario.down()), Readmission.asIn(plan));
    spreadBefore = new Spread(before);
    spreadAfter = new Spread(after);
    slicer = new Slicer(plan.tables().places());
    undrained = new double[plan.catalog().pools().size()];
    Arrays.fill(undrained, 1);
    for (Map.Entry<String, Double> drain : scenario.drained().entrySet()) {
      Pool pool =
          pool(plan, drain.getKey())
              .orElseThrow(() -> new ScenarioRefused("there is no pool '" + drain.getKey() + "'"));
      undrained[pool.id()] = 1 - drain.getValue();
    }
    for (String name : scenario.demand().keySet()) {
      if (plan.catalog().services().stream().noneMatch(s -> s.name().equals(name))) {
        throw new ScenarioRefused("there is no service '" + name + "'");
      }
    }
    capacityAfter =
        plan.catalog().pools().stream().mapToDouble(p -> capacity(after.state(p.id()))).toArray();
    sample.clients().forEach(c -> seen.computeIfAbsent(c.service(), _ -> new ArrayList<>()).add(c));
  }

  /// @param sample clients that were seen, perhaps none
  /// @throws ScenarioRefused if the scenario names what the plan has not
  public static Simulation run(SteeringPlan plan, Scenario scenario, ClientSample sample)
      throws ScenarioRefused {
    return new Simulator(plan, scenario, sample).simulate();
  }

  private static Optional<Pool> pool(SteeringPlan plan, String name) {
    return plan.catalog().pools().stream().filter(p -> p.name().equals(name)).findFirst();
  }

  private VerdictTable failed(SteeringPlan plan, List<String> down) throws ScenarioRefused {
    VerdictTable verdicts = plan.verdicts();
    for (String name : down) {
      List<Endpoint> endpoints = endpoints(plan, name);
      for (Endpoint endpoint : endpoints) {
        if (verdicts.override(endpoint.id()) == EndpointOverride.UP) {
          notes.add(endpoint.describe() + " is forced up, so its failure changes no answer");
        }
        verdicts = verdicts.with(endpoint.id(), Verdict.DOWN);
      }
    }
    int held =
        CapacityGuard.NONE
            .next(plan.catalog(), plan.verdicts(), 0)
            .next(plan.catalog(), verdicts, 1)
            .held()
            .size();
    if (held > 0) {
      notes.add(
          "the guard would hold "
              + held
              + (held == 1 ? " endpoint" : " endpoints")
              + " that would be down, and answer with them for a while; this is what comes after");
    }
    return verdicts;
  }

  private static List<Endpoint> endpoints(SteeringPlan plan, String name) throws ScenarioRefused {
    List<Endpoint> endpoints =
        plan.catalog()
            .endpoints(name)
            .orElseThrow(
                () ->
                    new ScenarioRefused(
                        "there is no pool '" + name + "', and no endpoint with that address"));
    if (endpoints.isEmpty()) {
      throw new ScenarioRefused("pool '" + name + "' has no endpoints that could fail");
    }
    return endpoints;
  }

  /// What of a pool's capacity is up, by the weight of its better family; infinite if none is
  /// stated and anything is up.
  private static double capacity(PoolState state) {
    if (state.pool().isAlwaysUp()) {
      return state.pool().capacity() == 0 ? Double.POSITIVE_INFINITY : state.pool().capacity();
    }
    double share = 0;
    for (Family family : Family.values()) {
      PoolState.FamilyHealth health = state.health(family);
      if (health.weightConfigured() > 0) {
        share = Math.max(share, (double) health.weightUp() / health.weightConfigured());
      }
    }
    return share == 0
        ? 0
        : state.pool().capacity() == 0 ? Double.POSITIVE_INFINITY : state.pool().capacity() * share;
  }

  private long demand(Service service) {
    Long overriding = scenario.demand().get(service.name());
    return overriding != null ? overriding : service.demand();
  }

  private List<Slice> slices(Service service) {
    Partition partition = before.tables().partition(service.id());
    if (scenario.weighting() == Weighting.TRAFFIC) {
      return slicer.ofTraffic(seen.getOrDefault(service.name(), List.of()), partition, partition);
    }
    return slicer.ofSpace(partition, partition).stream()
        .filter(slice -> slice.weighting() == scenario.weighting() && slice.share() > 0)
        .toList();
  }

  private Simulation simulate() {
    List<Service> services = before.catalog().services();
    Map<Spread.Run, Double> demandOfRun = new LinkedHashMap<>();
    Map<Spread.Run, Double> demandBefore = new LinkedHashMap<>();
    double demand = 0;
    int unstated = 0;
    int unseen = 0;
    for (Service service : services) {
      double of = demand(service);
      List<Slice> slices = slices(service);
      unstated += of == 0 ? 1 : 0;
      if (of > 0 && slices.isEmpty()) {
        unseen++;
        continue;
      }
      demand += of;
      for (Slice slice : slices) {
        demandOfRun.merge(run(spreadAfter, service, slice), of * slice.share(), Double::sum);
        demandBefore.merge(run(spreadBefore, service, slice), of * slice.share(), Double::sum);
      }
    }
    double[] all = new double[undrained.length];
    Arrays.fill(all, 1);
    for (Spread.Run run : demandOfRun.keySet()) {
      first.put(run, Onward.of(spreadAfter, run, undrained, all, demandOfRun.size()));
    }
    second = demand > 0 ? settle(demandOfRun) : first;
    if (unstated > 0 && demand > 0) {
      notes.add(
          unstated
              + (unstated == 1 ? " service states" : " services state")
              + " no demand and put no load on any pool");
    }
    if (second.values().stream().anyMatch(Onward.Result::isCut)) {
      notes.add(
          "so many pools are too small at once that who was sent on several times is taken as not"
              + " served");
    }
    if (unseen > 0) {
      notes.add(
          "no clients of "
              + unseen
              + (unseen == 1 ? " service" : " services")
              + " were seen, so what demand is stated is left out");
    }
    List<ServiceLoad> loads = new ArrayList<>();
    double unserved = 0;
    for (Service service : services) {
      ServiceLoad load = load(service);
      loads.add(load);
      unserved += load.unserved() * load.demand();
    }
    return new Simulation(
        words(),
        scenario.weighting(),
        pools(demandOfRun, demandBefore),
        loads,
        overflows(demandOfRun),
        notes,
        demand,
        unserved,
        rounds,
        isSettled);
  }

  private static Spread.Run run(Spread spread, Service service, Slice slice) {
    return spread.run(service.id(), slice.classBefore(), slice.isV4());
  }

  private Map<Spread.Run, Onward.Result> settle(Map<Spread.Run, Double> demandOfRun) {
    double[] fitting = new double[undrained.length];
    for (int pool = 0; pool < fitting.length; pool++) {
      fitting[pool] = capacityAfter[pool] == 0 ? 0 : 1;
    }
    isSettled = false;
    Map<Spread.Run, Onward.Result> results = new HashMap<>();
    while (!isSettled && rounds < ROUNDS_MAX) {
      rounds++;
      for (Spread.Run run : demandOfRun.keySet()) {
        results.put(run, Onward.of(spreadAfter, run, undrained, fitting, demandOfRun.size()));
      }
      Map<Integer, Double> offered = sum(demandOfRun, results, Onward.Result::offered);
      isSettled = true;
      for (Map.Entry<Integer, Double> entry : offered.entrySet()) {
        int pool = entry.getKey();
        double fits = Math.min(1, capacityAfter[pool] / entry.getValue());
        if (entry.getValue() > 0 && fits < fitting[pool] - SETTLED) {
          fitting[pool] = fits;
          isSettled = false;
        }
      }
    }
    return results;
  }

  private static Map<Integer, Double> sum(
      Map<Spread.Run, Double> demandOfRun,
      Map<Spread.Run, Onward.Result> results,
      Function<Onward.Result, Map<Integer, Double>> part) {
    Map<Integer, Double> sums = new HashMap<>();
    demandOfRun.forEach(
        (run, demand) ->
            part.apply(result(results, run))
                .forEach((pool, share) -> sums.merge(pool, demand * share, Double::sum)));
    return sums;
  }

  private static Onward.Result result(Map<Spread.Run, Onward.Result> results, Spread.Run run) {
    Onward.Result result = results.get(run);
    if (result == null) {
      throw new IllegalStateException("a run without a result");
    }
    return result;
  }

  private List<PoolLoad> pools(
      Map<Spread.Run, Double> demandOfRun, Map<Spread.Run, Double> demandBefore) {
    Map<Integer, Double> old = new HashMap<>();
    demandBefore.forEach(
        (run, demand) ->
            spreadBefore
                .of(run, Set.of())
                .forEach((pool, share) -> old.merge(pool, demand * share, Double::sum)));
    Map<Integer, Double> one = sum(demandOfRun, first, Onward.Result::offered);
    Map<Integer, Double> two = sum(demandOfRun, second, Onward.Result::offered);
    List<PoolLoad> loads = new ArrayList<>();
    for (Pool pool : before.catalog().pools()) {
      boolean isNamed =
          scenario.down().contains(pool.name()) || scenario.drained().containsKey(pool.name());
      if (isNamed || old.containsKey(pool.id()) || two.containsKey(pool.id())) {
        loads.add(
            new PoolLoad(
                pool.name(),
                pool.capacity(),
                pool.capacity() == 0 ? 0 : capacityAfter[pool.id()],
                new Stages(
                    old.getOrDefault(pool.id(), 0.0),
                    one.getOrDefault(pool.id(), 0.0),
                    two.getOrDefault(pool.id(), 0.0))));
      }
    }
    return loads;
  }

  private ServiceLoad load(Service service) {
    Map<Integer, Map<String, Stages>> shares = new LinkedHashMap<>();
    double unserved = 0;
    double unavailable = 0;
    for (Slice slice : slices(service)) {
      double part = slice.share();
      Spread.Run run = run(spreadAfter, service, slice);
      spreadBefore
          .of(run(spreadBefore, service, slice), Set.of())
          .forEach((pool, s) -> add(shares, pool, slice, new Stages(part * s, 0, 0)));
      result(first, run)
          .served()
          .forEach((pool, s) -> add(shares, pool, slice, new Stages(0, part * s, 0)));
      result(second, run)
          .served()
          .forEach((pool, s) -> add(shares, pool, slice, new Stages(0, 0, part * s)));
      unserved += part * result(second, run).unserved();
      unavailable += spreadAfter.stage(run) == Stage.AVAILABLE ? 0 : part;
    }
    List<Simulation.PoolShare> pools = new ArrayList<>();
    shares.forEach(
        (pool, continents) -> {
          Stages sum = continents.values().stream().reduce(Stages.NONE, Stages::plus);
          double capacity = pool < 0 ? 0 : before.catalog().pools().get(pool).capacity();
          double fullAt =
              capacity == 0 || sum.first() < ServiceComparison.NOISE
                  ? 0
                  : capacityAfter[pool] / sum.first();
          pools.add(
              new Simulation.PoolShare(
                  pool < 0 ? "" : before.catalog().pools().get(pool).name(),
                  sum,
                  new TreeMap<>(continents),
                  fullAt));
        });
    pools.sort(
        Comparator.comparingDouble(
            (Simulation.PoolShare p) -> -Math.max(p.share().before(), p.share().first())));
    return new ServiceLoad(service.name(), demand(service), pools, unserved, unavailable);
  }

  private static void add(
      Map<Integer, Map<String, Stages>> shares, int pool, Slice slice, Stages more) {
    shares.computeIfAbsent(pool, _ -> new HashMap<>()).merge(slice.continent(), more, Stages::plus);
  }

  private List<Simulation.Overflow> overflows(Map<Spread.Run, Double> demandOfRun) {
    Map<Integer, Map<Integer, Double>> sums = new HashMap<>();
    demandOfRun.forEach(
        (run, demand) ->
            result(second, run)
                .overflow()
                .forEach(
                    (from, to) ->
                        to.forEach(
                            (pool, share) ->
                                sums.computeIfAbsent(from, _ -> new HashMap<>())
                                    .merge(pool, demand * share, Double::sum))));
    Map<Integer, Double> offered = sum(demandOfRun, second, Onward.Result::offered);
    List<Simulation.Overflow> overflows = new ArrayList<>();
    sums.forEach(
        (from, to) -> {
          Map<String, Double> named = new HashMap<>();
          to.forEach(
              (pool, demand) -> {
                if (pool >= 0 && demand > SETTLED) {
                  named.put(before.catalog().pools().get(pool).name(), demand);
                }
              });
          overflows.add(
              new Simulation.Overflow(
                  before.catalog().pools().get(from).name(),
                  offered.getOrDefault(from, 0.0),
                  capacityAfter[from],
                  new TreeMap<>(named),
                  to.getOrDefault(Crossing.NO_POOL, 0.0)));
        });
    overflows.sort(Comparator.comparingDouble(o -> -o.offered() / Math.max(o.capacity(), SETTLED)));
    return overflows;
  }

  private String words() {
    StringJoiner words = new StringJoiner(", ");
    scenario.down().forEach(name -> words.add(name + " down"));
    scenario
        .drained()
        .forEach((pool, share) -> words.add(pool + " drained by " + Percent.of(share)));
    return words.length() == 0 ? "nothing happens" : words.toString();
  }
}
