package gslb.steering;

import gslb.base.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// The answer sets of one catalog: what a decision can come to. Their ids are dense and the same
/// for all verdicts. Immutable.
///
/// First come those of single pools, {@link AnswerKind#COUNT} each, by the pool's id; then those of
/// several pools together, {@link #STAGES} for each residual of that kind and {@link Reach},
/// because which pools are among them depends on the stage; and {@link #HELD} more of the first
/// stage, without the one, the other or both of the two that are shortest in their ramp.
final class AnswerSets {
  /// Stages in which pools are joined.
  private static final List<Stage> STAGES =
      List.of(
          Stage.AVAILABLE, Stage.MIN_HEALTHY_IGNORED, Stage.VERDICTS_IGNORED, Stage.DRAINS_IGNORED);

  private static final List<Reach> REACHES = List.of(Reach.values());

  /// Ways to leave out ramping pools.
  private static final int HELD = (1 << Program.RAMPS_MAX) - 1;

  private static final int SETS = (STAGES.size() + HELD) * REACHES.size();

  private final List<Pool> pools;
  private final List<Residual.All> alls;

  AnswerSets(List<Pool> pools, List<Residual.All> alls) {
    this.pools = pools;
    this.alls = alls;
  }

  int count() {
    return firstJoined() + alls.size() * SETS;
  }

  private int firstJoined() {
    return pools.size() * AnswerKind.COUNT;
  }

  /// Several pools joined.
  List<Residual.All> alls() {
    return alls;
  }

  int of(Residual.All all, Stage stage, Reach reach) {
    return of(all, STAGES.indexOf(stage), reach);
  }

  /// Of the first stage, without some pools.
  ///
  /// @param held a bit for each of {@link #ramping}
  int without(Residual.All all, int held, Reach reach) {
    return held == 0 ? of(all, Stage.AVAILABLE, reach) : of(all, STAGES.size() + held - 1, reach);
  }

  private int of(Residual.All all, int row, Reach reach) {
    return firstJoined() + all.index() * SETS + row * REACHES.size() + REACHES.indexOf(reach);
  }

  /// The pools that some answer sets leave out: those shortest in their ramp, which are the ones
  /// that a program of the residual, or of one around it, can leave out.
  static List<Pool> ramping(Residual.All all, PoolState[] states, Reach reach) {
    return all.pools().stream()
        .map(pool -> states[pool.id()])
        .filter(state -> state.isRamping(reach))
        .sorted(PoolState.SHORTEST_IN_RAMP_FIRST)
        .limit(Program.RAMPS_MAX)
        .map(PoolState::pool)
        .toList();
  }

  /// Whether it has the endpoints of whichever pools can be chosen, not of one.
  boolean isJoined(int answerSet) {
    return answerSet >= firstJoined();
  }

  /// The pools that it may have endpoints of.
  List<Pool> pools(int answerSet) {
    return isJoined(answerSet)
        ? alls.get((answerSet - firstJoined()) / SETS).pools()
        : List.of(pools.get(answerSet / AnswerKind.COUNT));
  }

  /// Which of the pools' endpoints these are.
  AnswerKind kind(int answerSet) {
    return isJoined(answerSet) ? stage(answerSet).answerKind() : AnswerKind.ofAnswerSet(answerSet);
  }

  private Stage stage(int answerSet) {
    int row = (answerSet - firstJoined()) % SETS / REACHES.size();
    return row < STAGES.size() ? STAGES.get(row) : Stage.AVAILABLE;
  }

  /// Fills in the endpoints of several pools joined.
  ///
  /// @param filled hears the index of each array
  void join(Residual.All all, PlanArrays arrays, IntConsumer filled) {
    for (Reach reach : REACHES) {
      for (Stage stage : STAGES) {
        List<PoolState> usable = usable(all, stage, reach, arrays);
        join(of(all, stage, reach), usable, arrays, filled);
        if (stage == Stage.AVAILABLE) {
          arrays.pillars[of(all, stage, reach)] = pillars(usable, reach);
        }
      }
      List<Pool> ramping = ramping(all, arrays.states, reach);
      for (int held = 1; held <= HELD; held++) {
        List<PoolState> left =
            held >> ramping.size() == 0
                ? new ArrayList<>(usable(all, Stage.AVAILABLE, reach, arrays))
                : new ArrayList<>();
        for (int i = 0; i < ramping.size(); i++) {
          if ((held >> i & 1) == 1) {
            left.remove(arrays.states[ramping.get(i).id()]);
          }
        }
        join(without(all, held, reach), left, arrays, filled);
        arrays.pillars[without(all, held, reach)] = pillars(left, reach);
      }
    }
  }

  private static int[] pillars(List<PoolState> pools, Reach reach) {
    return pools.stream().flatMapToInt(state -> IntStream.of(state.pillars(reach))).toArray();
  }

  private static List<PoolState> usable(
      Residual.All all, Stage stage, Reach reach, PlanArrays arrays) {
    return all.pools().stream()
        .map(pool -> arrays.states[pool.id()])
        .filter(state -> state.isUsable(stage, reach))
        .toList();
  }

  private void join(int answerSet, List<PoolState> pools, PlanArrays arrays, IntConsumer filled) {
    for (Family family : Family.values()) {
      int index = PlanArrays.index(answerSet, family == Family.V4);
      join(index, kind(answerSet), family, pools, arrays);
      filled.accept(index);
    }
  }

  private static void join(
      int index, AnswerKind kind, Family family, List<PoolState> pools, PlanArrays arrays) {
    int size = pools.stream().mapToInt(state -> state.members(kind, family).length).sum();
    int[] members = new int[size];
    long[] cumulative = new long[size];
    int at = 0;
    long before = 0;
    for (PoolState state : pools) {
      int[] of = state.members(kind, family);
      long[] weights = state.cumulativeWeights(kind, family);
      System.arraycopy(of, 0, members, at, of.length);
      for (int i = 0; i < of.length; i++) {
        cumulative[at + i] = before + weights[i];
      }
      at += of.length;
      before = at == 0 ? 0 : cumulative[at - 1];
    }
    arrays.members[index] = members;
    arrays.memberWeights[index] = cumulative;
  }
}
