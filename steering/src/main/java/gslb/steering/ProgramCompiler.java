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

  private final PoolState[] states;
  private final Trace trace;

  /// By stage and residual id; null for a residual that cannot be chosen.
  private final Map<Stage, Map<Integer, @Nullable Program>> done = new EnumMap<>(Stage.class);

  ProgramCompiler(PoolState[] states, Trace trace) {
    this.states = states;
    this.trace = trace;
  }

  /// Goes down the stages until one has something to choose.
  Compiled compile(Residual residual, AllDown allDown) {
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
    trace.pool(state, Stage.SORRY, state.isUsable(Stage.SORRY));
    for (AnswerKind kind : List.of(AnswerKind.LIVE, AnswerKind.IGNORING_DRAINS)) {
      if (state.hasAny(kind)) {
        return new Compiled(Program.of(kind.answerSet(state.pool())), Stage.SORRY);
      }
    }
    return new Compiled(Program.NODATA, Stage.NODATA);
  }

  private @Nullable Program program(Residual residual, Stage stage) {
    Map<Integer, @Nullable Program> atStage = done.computeIfAbsent(stage, s -> new HashMap<>());
    if (atStage.containsKey(residual.id())) {
      return atStage.get(residual.id());
    }
    Program program =
        switch (residual) {
          case Residual.Nothing _ -> Program.NODATA;
          case Residual.OfPool leaf -> ofPool(states[leaf.pool().id()], stage);
          case Residual.Failover list -> failover(list, stage);
          case Residual.Weighted weighted -> weighted(weighted, stage);
        };
    atStage.put(residual.id(), program);
    return program;
  }

  private @Nullable Program ofPool(PoolState state, Stage stage) {
    boolean usable = state.isUsable(stage);
    trace.pool(state, stage, usable);
    return usable ? Program.of(stage.answerKind().answerSet(state.pool())) : null;
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

  private @Nullable Program weighted(Residual.Weighted weighted, Stage stage) {
    Program drawn = draw(weighted, stage, false);
    if (drawn == null) {
      return draw(weighted, stage, true);
    }
    for (Residual.Weighted.Share share : weighted.shares()) {
      if (share.weight() == 0) {
        trace.standby(share.child(), stage);
      }
    }
    return drawn;
  }

  /// Standbys share alike.
  private @Nullable Program draw(Residual.Weighted weighted, Stage stage, boolean standbys) {
    List<Program> parts = new ArrayList<>();
    List<Integer> weights = new ArrayList<>();
    for (Residual.Weighted.Share share : weighted.shares()) {
      if (share.weight() == 0 != standbys) {
        continue;
      }
      Program part = program(share.child(), stage);
      if (part != null) {
        parts.add(part);
        weights.add(standbys ? 1 : share.weight());
      }
    }
    return parts.isEmpty() ? null : Program.draw(parts, weights);
  }
}
