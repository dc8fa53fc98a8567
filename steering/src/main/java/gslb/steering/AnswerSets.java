package gslb.steering;

import gslb.base.Family;
import java.util.List;
import java.util.function.IntConsumer;

/// The answer sets of one catalog: what a decision can come to. Their ids are dense and the same
/// for
/// all verdicts. Immutable.
///
/// First come those of single pools, {@link AnswerKind#COUNT} each, by the pool's id; then those of
/// several pools together, {@link #STAGES} for each residual of that kind and {@link Reach},
/// because
/// which pools are among them depends on the stage.
final class AnswerSets {
  /// Stages in which pools are joined.
  private static final List<Stage> STAGES =
      List.of(
          Stage.AVAILABLE, Stage.MIN_HEALTHY_IGNORED, Stage.VERDICTS_IGNORED, Stage.DRAINS_IGNORED);

  private static final List<Reach> REACHES = List.of(Reach.values());

  private static final int SETS = STAGES.size() * REACHES.size();

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
    return firstJoined()
        + all.index() * SETS
        + STAGES.indexOf(stage) * REACHES.size()
        + REACHES.indexOf(reach);
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
    return STAGES.get((answerSet - firstJoined()) % SETS / REACHES.size());
  }

  /// Fills in the endpoints of several pools joined.
  ///
  /// @param filled hears the index of each array
  void join(Residual.All all, PlanArrays arrays, IntConsumer filled) {
    for (Stage stage : STAGES) {
      for (Reach reach : REACHES) {
        for (Family family : Family.values()) {
          filled.accept(join(all, stage, reach, family, arrays));
        }
      }
    }
  }

  private int join(Residual.All all, Stage stage, Reach reach, Family family, PlanArrays arrays) {
    AnswerKind kind = stage.answerKind();
    List<PoolState> usable =
        all.pools().stream()
            .map(pool -> arrays.states[pool.id()])
            .filter(state -> state.isUsable(stage, reach))
            .toList();
    int size = usable.stream().mapToInt(state -> state.members(kind, family).length).sum();
    int[] members = new int[size];
    long[] cumulative = new long[size];
    int at = 0;
    long before = 0;
    for (PoolState state : usable) {
      int[] of = state.members(kind, family);
      long[] weights = state.cumulativeWeights(kind, family);
      System.arraycopy(of, 0, members, at, of.length);
      for (int i = 0; i < of.length; i++) {
        cumulative[at + i] = before + weights[i];
      }
      at += of.length;
      before = at == 0 ? 0 : cumulative[at - 1];
    }
    int index = PlanArrays.index(of(all, stage, reach), family == Family.V4);
    arrays.members[index] = members;
    arrays.memberWeights[index] = cumulative;
    return index;
  }
}
