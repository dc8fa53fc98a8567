package gslb.steering;

import org.jspecify.annotations.Nullable;

/// The arrays that a plan steers by. Filled by {@link PlanCompiler}, then never changed; copies
/// share the inner arrays.
final class PlanArrays {
  /// By program without steps: the answer set, or {@link Selection#NOTHING}.
  final int[] code;

  /// By program, and what they were made of.
  final @Nullable Steps[] steps;

  final Program[] programs;

  /// By program: how far it had to go.
  final Stage[] stages;

  /// By {@link #index}: endpoint ids and the sums of their weights.
  final int[][] members;

  final long[][] memberWeights;

  /// By answer set of several available pools: the pillars of each.
  final int[] @Nullable [] pillars;

  /// By index of the count in {@link SteeringTables#counts} and {@link #index}: what is drawn from
  /// the members.
  final Sample[][] samples;

  /// By pool id.
  final PoolState[] states;

  PlanArrays(int poolCount, int programCount, int answerSetCount, int countCount) {
    code = new int[programCount];
    steps = new @Nullable Steps[programCount];
    programs = new Program[programCount];
    stages = new Stage[programCount];
    members = new int[answerSetCount * 2][];
    memberWeights = new long[members.length][];
    pillars = new int[answerSetCount][];
    samples = new Sample[countCount][members.length];
    states = new PoolState[poolCount];
  }

  PlanArrays(PlanArrays other) {
    code = other.code.clone();
    steps = other.steps.clone();
    programs = other.programs.clone();
    stages = other.stages.clone();
    members = other.members.clone();
    memberWeights = other.memberWeights.clone();
    pillars = other.pillars.clone();
    samples = new Sample[other.samples.length][];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = other.samples[i].clone();
    }
    states = other.states.clone();
  }

  static int index(int answerSet, boolean v4) {
    return v4 ? answerSet << 1 : answerSet << 1 | 1;
  }
}
