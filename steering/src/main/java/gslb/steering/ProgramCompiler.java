package gslb.steering;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Stage B: residual × pool states → program. Confined to the thread that compiles; good for one
/// table
/// of verdicts.
final class ProgramCompiler {
  /// A program and how it was found.
  record Compiled(Program program, Stage stage) {}

  private final AnswerSets answerSets;
  private final PoolState[] states;
  private final Trace trace;

  /// By reach, stage and residual id; null for a residual that cannot be chosen.
  private final Map<Reach, Map<Stage, Map<Integer, @Nullable Program>>> done =
      new EnumMap<>(Reach.class);

  private Reach reach = Reach.ANY;

  ProgramCompiler(AnswerSets answerSets, PoolState[] states, Trace trace) {
    this.answerSets = answerSets;
    this.states = states;
    this.trace = trace;
  }

  /// Goes down the stages until one has something to choose.
  ///
  /// @param of which families are asked for
  Compiled compile(Residual residual, AllDown allDown, Reach of) {
    reach = of;
    Program available = program(residual, Stage.AVAILABLE);
    if (available != null) {
      return new Compiled(available, Stage.AVAILABLE);
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

  private @Nullable Program program(Residual residual, Stage stage) {
    Map<Integer, @Nullable Program> atStage =
        done.computeIfAbsent(reach, _ -> new EnumMap<>(Stage.class))
            .computeIfAbsent(stage, _ -> new HashMap<>());
    if (atStage.containsKey(residual.id())) {
      return atStage.get(residual.id());
    }
    Program program =
        switch (residual) {
          case Residual.Nothing _ -> Program.NODATA;
          case Residual.OfPool leaf -> ofPool(states[leaf.pool().id()], stage);
          case Residual.Failover list -> failover(list, stage);
          case Residual.Weighted(int _, List<Residual.Weighted.Share> shares) ->
              byWeight(shares, stage, false);
          case Residual.Sticky(int _, List<Residual.Weighted.Share> shares) ->
              byWeight(shares, stage, true);
          case Residual.All all -> all(all, stage);
        };
    atStage.put(residual.id(), program);
    return program;
  }

  private @Nullable Program ofPool(PoolState state, Stage stage) {
    boolean usable = state.isUsable(stage, reach);
    trace.pool(state, stage, usable);
    return usable ? new Program.Leaf(stage.answerKind().answerSet(state.pool())) : null;
  }

  private @Nullable Program all(Residual.All all, Stage stage) {
    boolean any = false;
    for (Pool pool : all.pools()) {
      boolean usable = states[pool.id()].isUsable(stage, reach);
      trace.pool(states[pool.id()], stage, usable);
      any |= usable;
    }
    return any ? new Program.Leaf(answerSets.of(all, stage, reach)) : null;
  }

  private @Nullable Program failover(Residual.Failover list, Stage stage) {
    Program first = null;
    for (Residual child : list.children()) {
      if (first != null) {
        trace.notReached(child, stage);
      } else {
        first = program(child, stage);
      }
    }
    return first;
  }

  private @Nullable Program byWeight(
      List<Residual.Weighted.Share> shares, Stage stage, boolean hashes) {
    Program chosen = among(shares, stage, hashes, false);
    if (chosen == null) {
      return among(shares, stage, hashes, true);
    }
    for (Residual.Weighted.Share share : shares) {
      if (share.weight() == 0) {
        trace.standby(share.child(), stage);
      }
    }
    return chosen;
  }

  /// Standbys share alike.
  private @Nullable Program among(
      List<Residual.Weighted.Share> shares, Stage stage, boolean hashes, boolean standbys) {
    List<Program> parts = new ArrayList<>();
    List<Integer> weights = new ArrayList<>();
    List<Long> keys = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Residual.Weighted.Share share : shares) {
      long key = hashes ? key(share.child(), seen) : 0;
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
