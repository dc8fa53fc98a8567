package gslb.steering;

/// The arrays that a plan steers by. Filled by {@link PlanCompiler}, then never changed; copies
/// share
/// the inner arrays.
final class PlanArrays {
  /// A code that says that the program is a draw; any other is the answer set itself.
  static final int DRAW = -2;

  /// By program: the answer set, {@link Selection#NOTHING}, or {@link #DRAW}.
  final int[] code;

  /// By program: the answer sets to draw from and the sums of their weights.
  final int[][] drawn;

  final long[][] drawWeights;

  /// By program: how far it had to go.
  final Stage[] stages;

  /// By {@link #index}: endpoint ids and the sums of their weights.
  final int[][] members;

  final long[][] memberWeights;

  /// By pool id.
  final PoolState[] states;

  PlanArrays(int poolCount, int programCount) {
    code = new int[programCount];
    drawn = new int[programCount][];
    drawWeights = new long[programCount][];
    stages = new Stage[programCount];
    members = new int[poolCount * AnswerKind.COUNT * 2][];
    memberWeights = new long[members.length][];
    states = new PoolState[poolCount];
  }

  PlanArrays(PlanArrays other) {
    code = other.code.clone();
    drawn = other.drawn.clone();
    drawWeights = other.drawWeights.clone();
    stages = other.stages.clone();
    members = other.members.clone();
    memberWeights = other.memberWeights.clone();
    states = other.states.clone();
  }

  static int index(int answerSet, boolean v4) {
    return v4 ? answerSet << 1 : answerSet << 1 | 1;
  }
}
