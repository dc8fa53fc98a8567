package gslb.steering;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/// Which pools' endpoints clients use who are answered from endpoints of several pools: where one
/// or
/// a few are drawn the one that stands first, where all are answered each as often as any other.
final class PoolShares {
  /// In place of a pool's id: none.
  static final int NO_POOL = -1;

  private PoolShares() {}

  /// Shares that sum up to 1, by pool id.
  ///
  /// @param count what the service says of how many an answer holds, 0 if nothing
  /// @param v4 the family that is asked for; if the answer set has only the other, that counts
  static Map<Integer, Double> of(SteeringPlan plan, int count, int answerSet, boolean v4) {
    if (answerSet < 0) {
      return Map.of(NO_POOL, 1.0);
    }
    if (!plan.isJoined(answerSet)) {
      return Map.of(answerSet / AnswerKind.COUNT, 1.0);
    }
    int asked = PlanArrays.index(answerSet, v4);
    int at = plan.arrays().members[asked].length > 0 ? asked : PlanArrays.index(answerSet, !v4);
    return of(
        plan.arrays().members[at],
        plan.arrays().memberWeights[at],
        joinedCount(count),
        plan.tables()::poolOfEndpoint);
  }

  /// How many an answer from several pools holds.
  static int joinedCount(int count) {
    return count > 0 ? count : Integer.MAX_VALUE;
  }

  /// @param cumulative sums of the weights up to and with each endpoint
  /// @param count how many an answer holds
  static Map<Integer, Double> of(
      int[] endpoints, long[] cumulative, int count, IntUnaryOperator poolOf) {
    Map<Integer, Double> shares = new HashMap<>();
    if (endpoints.length == 0) {
      shares.put(NO_POOL, 1.0);
    } else {
      Sample.of(endpoints, cumulative, count)
          .firstChances()
          .forEach(
              (endpoint, chance) -> shares.merge(poolOf.applyAsInt(endpoint), chance, Double::sum));
    }
    return shares;
  }
}
