package gslb.steering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Stage B: residual × pool states → program. Confined to the thread that compiles; good for one
/// table of verdicts and ramps.
final class ProgramCompiler {
  /// What stands for the number of hashes inside it of what is none.
  private static final int DRAWS = -1;

  /// A program and how it was found.
  record Compiled(Program program, Stage stage) {}

  private final AnswerSets answerSets;
  private final PoolState[] states;
  private final Trace trace;
  private final Set<Integer> heard;
  private final boolean isAnyRamping;

  /// What a program is made for.
  ///
  /// @param held ids of pools that are left out
  private record Circumstances(Reach reach, Stage stage, Set<Integer> held) {}

  /// By residual id; null for a residual that cannot be chosen.
  private final Map<Circumstances, Map<Integer, @Nullable Program>> done = new HashMap<>();

  private Reach reach = Reach.ANY;
  private Set<Integer> held = Set.of();

  ProgramCompiler(AnswerSets answerSets, PoolState[] states) {
    this(answerSets, states, Trace.NONE, Set.of());
  }

  /// @param trace hears how that is made which the client runs
  /// @param heard ids of the pools whose ramps have not got to the client
  ProgramCompiler(AnswerSets answerSets, PoolState[] states, Trace trace, Set<Integer> heard) {
    this.answerSets = answerSets;
    this.states = states;
    this.trace = trace;
    this.heard = heard;
    this.isAnyRamping = Arrays.stream(states).anyMatch(PoolState::isRamping);
  }

  /// Goes down the stages until one has something to choose.
  ///
  /// @param of which families are asked for
  Compiled compile(Residual residual, AllDown allDown, Reach of) {
    reach = of;
    Program available = program(residual, Stage.AVAILABLE);
    if (available != null) {
      return new Compiled(isAnyRamping ? ramped(residual, available) : available, Stage.AVAILABLE);
    }
    Program anyUp = program(residual, Stage.MIN_HEALTHY_IGNORED);
    if (anyUp != null) {
      return new Compiled(anyUp, Stage.MIN_HEALTHY_IGNORED);
    }
    return switch (allDown) {
      case AllDown.Answer() -> asIfWell(residual);
      case AllDown.NoData() -> new Compiled(Program.NODATA, Stage.NODATA);
      case AllDown.Sorry(Pool pool) -> sorry(states[pool.id()]);
    };
  }

  private Compiled asIfWell(Residual residual) {
    Program unverified = program(residual, Stage.VERDICTS_IGNORED);
    if (unverified != null) {
      return new Compiled(unverified, Stage.VERDICTS_IGNORED);
    }
    Program drained = program(residual, Stage.DRAINS_IGNORED);
    return drained != null
        ? new Compiled(drained, Stage.DRAINS_IGNORED)
        : new Compiled(Program.NODATA, Stage.NODATA);
  }

  private Compiled sorry(PoolState state) {
    trace.pool(state, Stage.SORRY, state.isUsable(Stage.SORRY, reach));
    for (AnswerKind kind : List.of(AnswerKind.LIVE, AnswerKind.IGNORING_DRAINS)) {
      if (state.hasAny(kind, reach)) {
        return new Compiled(new Program.Leaf(kind.answerSet(state.pool())), Stage.SORRY);
      }
    }
    return new Compiled(Program.NODATA, Stage.NODATA);
  }

  /// Puts the ramps of a residual's pools before its program.
  ///
  /// A ramp takes nobody's answer away: as many of the pools, those longest in their ramp first,
  /// are admitted fully as it takes for the others to be left out all at once and still be answered
  /// for, and to take no more steps than there are.
  private Program ramped(Residual residual, Program available) {
    List<PoolState> ramping =
        PoolsOfResidual.of(residual).stream()
            .map(pool -> states[pool.id()])
            .filter(state -> state.isRamping(reach))
            .toList();
    if (ramping.isEmpty()) {
      return available;
    }
    int most = Math.min(Program.RAMPS_MAX, Program.STEPS_MAX - StepCount.of(residual));
    List<PoolState> leftOut = new ArrayList<>(ramping);
    leftOut.sort(PoolState.SHORTEST_IN_RAMP_FIRST);
    while (leftOut.size() > most
        || !leftOut.isEmpty() && without(residual, ids(leftOut)).isEmpty()) {
      leftOut.removeLast();
    }
    List<PoolState> considered = ramping.stream().filter(leftOut::contains).toList();
    return ramps(residual, considered, Set.of()).orElse(available);
  }

  private static Set<Integer> ids(List<PoolState> states) {
    return states.stream().map(state -> state.pool().id()).collect(Collectors.toSet());
  }

  /// The program without some pools, if there is one and it always answers.
  private Optional<Program> without(Residual residual, Set<Integer> pools) {
    held = Set.copyOf(pools);
    Program program = program(residual, Stage.AVAILABLE);
    held = Set.of();
    return Optional.ofNullable(program).filter(Program::alwaysAnswers);
  }

  private Optional<Program> ramps(
      Residual residual, List<PoolState> ramping, Set<Integer> without) {
    if (ramping.isEmpty()) {
      return without(residual, without);
    }
    PoolState first = ramping.getFirst();
    List<PoolState> others = ramping.subList(1, ramping.size());
    Set<Integer> withoutFirst = new HashSet<>(without);
    withoutFirst.add(first.pool().id());
    Optional<Program> with = ramps(residual, others, without);
    Optional<Program> rest = ramps(residual, others, withoutFirst);
    if (with.isEmpty() || rest.isEmpty() || with.equals(rest)) {
      return with;
    }
    Pool pool = first.pool();
    return Optional.of(
        new Program.Ramp(
            pool.id(), Draws.key(pool.name()), first.rampStep(), with.get(), rest.get()));
  }

  private boolean isUsable(PoolState state, Stage stage) {
    return state.isUsable(stage, reach) && !held.contains(state.pool().id());
  }

  private void hear(PoolState state, Stage stage) {
    if (!held.equals(heard)) {
      return;
    }
    if (held.contains(state.pool().id()) && state.isUsable(stage, reach)) {
      trace.held(state);
    } else {
      trace.pool(state, stage, state.isUsable(stage, reach));
    }
  }

  private @Nullable Program program(Residual residual, Stage stage) {
    Map<Integer, @Nullable Program> atStage =
        done.computeIfAbsent(new Circumstances(reach, stage, held), _ -> new HashMap<>());
    if (atStage.containsKey(residual.id())) {
      return atStage.get(residual.id());
    }
    Program program =
        switch (residual) {
          case Residual.Nothing _ -> Program.NODATA;
          case Residual.OfPool leaf -> ofPool(states[leaf.pool().id()], stage);
          case Residual.Failover list -> failover(list, stage);
          case Residual.Weighted(int _, List<Residual.Weighted.Share> shares) ->
              byWeight(shares, stage, DRAWS);
          case Residual.Sticky(int _, int inside, List<Residual.Weighted.Share> shares) ->
              byWeight(shares, stage, inside);
          case Residual.All all -> all(all, stage);
        };
    atStage.put(residual.id(), program);
    return program;
  }

  private @Nullable Program ofPool(PoolState state, Stage stage) {
    hear(state, stage);
    return isUsable(state, stage)
        ? new Program.Leaf(stage.answerKind().answerSet(state.pool()))
        : null;
  }

  private @Nullable Program all(Residual.All all, Stage stage) {
    boolean any = false;
    for (Pool pool : all.pools()) {
      hear(states[pool.id()], stage);
      any |= isUsable(states[pool.id()], stage);
    }
    if (!any) {
      return null;
    }
    int leftOut = 0;
    if (!held.isEmpty()) {
      List<Pool> ramping = AnswerSets.ramping(all, states, reach);
      for (int i = 0; i < ramping.size(); i++) {
        leftOut |= held.contains(ramping.get(i).id()) ? 1 << i : 0;
      }
    }
    return new Program.Leaf(
        leftOut == 0 ? answerSets.of(all, stage, reach) : answerSets.without(all, leftOut, reach));
  }

  private @Nullable Program failover(Residual.Failover list, Stage stage) {
    Program first = null;
    for (Residual child : list.children()) {
      if (first != null) {
        if (held.equals(heard)) {
          trace.notReached(child, stage);
        }
      } else {
        first = program(child, stage);
      }
    }
    return first;
  }

  /// @param inside of a sticky, how many are inside it; {@link #DRAWS} for weights
  private @Nullable Program byWeight(
      List<Residual.Weighted.Share> shares, Stage stage, int inside) {
    Program chosen = among(shares, stage, inside, false);
    if (chosen == null) {
      return among(shares, stage, inside, true);
    }
    for (Residual.Weighted.Share share : shares) {
      if (share.weight() == 0 && held.equals(heard)) {
        trace.standby(share.child(), stage);
      }
    }
    return chosen;
  }

  /// Standbys share alike.
  private @Nullable Program among(
      List<Residual.Weighted.Share> shares, Stage stage, int inside, boolean standbys) {
    boolean hashes = inside != DRAWS;
    List<Program> parts = new ArrayList<>();
    List<Integer> weights = new ArrayList<>();
    List<Long> keys = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Residual.Weighted.Share share : shares) {
      long key = hashes ? key(share.child(), seen) + Draws.pool(inside) : 0;
      if (share.weight() == 0 != standbys) {
        continue;
      }
      Program part = program(share.child(), stage);
      if (part != null) {
        parts.add(part);
        weights.add(standbys ? 1 : share.weight());
        keys.add(key);
      }
    }
    if (parts.isEmpty()) {
      return null;
    }
    if (!hashes) {
      return Program.draw(parts, weights);
    }
    List<Program.Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      candidates.add(new Program.Candidate(parts.get(i), weights.get(i), keys.get(i)));
    }
    return Program.hash(candidates);
  }

  /// A branch is known by the first pool that it names, so that its clients stay with it whatever
  /// else changes; of several that begin alike, by its rank among them.
  ///
  /// @param seen how many branches before it begin with a pool
  private static long key(Residual child, Map<String, Integer> seen) {
    List<Pool> pools = PoolsOfResidual.of(child);
    String name = pools.isEmpty() ? "" : pools.getFirst().name();
    int rank = seen.merge(name, 1, Integer::sum);
    return Draws.key(rank == 1 ? name : name + ' ' + rank);
  }
}
