package gslb.steering;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A {@link Program} that draws, hashes or ramps, laid out to be run: without allocation, by any
/// number of threads. Immutable.
final class Steps {
  private static final int WITH = 0;
  private static final int WITHOUT = 1;

  /// What is in {@link #threshold} if this is no ramp.
  private static final int NO_RAMP = -1;

  /// What each outcome comes to: an answer set, or the steps that follow.
  private final int[] answerSets;

  private final @Nullable Steps[] next;

  /// Of a draw: sums of the weights up to and with each share. Empty for others.
  private final long[] cumulative;

  /// Of a hash: key and weight of each candidate. Of a ramp: the pool's key, and no weight.
  private final long[] keys;

  private final double[] weights;

  /// Of a ramp: the steps that are done.
  private final int threshold;

  /// Whether all weights are the same, so that they need not be looked at.
  private final boolean isEven;

  private final boolean hashes;
  private final boolean ramps;

  private Steps(
      List<Program> outcomes, long[] cumulative, long[] keys, double[] weights, int threshold) {
    answerSets = new int[outcomes.size()];
    next = new @Nullable Steps[outcomes.size()];
    boolean hashesBelow = false;
    boolean rampsBelow = false;
    for (int i = 0; i < outcomes.size(); i++) {
      Steps below = of(outcomes.get(i));
      next[i] = below;
      hashesBelow |= below != null && below.hashes;
      rampsBelow |= below != null && below.ramps;
      answerSets[i] =
          outcomes.get(i) instanceof Program.Leaf(int answerSet) ? answerSet : Selection.NOTHING;
    }
    this.cumulative = cumulative;
    this.keys = keys;
    this.weights = weights;
    this.threshold = threshold;
    boolean even = true;
    for (double weight : weights) {
      even &= weight == weights[0];
    }
    isEven = even;
    hashes = hashesBelow || weights.length > 0;
    ramps = rampsBelow || threshold != NO_RAMP;
  }

  /// None for a program without any.
  static @Nullable Steps of(Program program) {
    return switch (program) {
      case Program.Leaf _ -> null;
      case Program.Draw draw -> {
        long[] cumulative = new long[draw.shares().size()];
        long sum = 0;
        for (int i = 0; i < cumulative.length; i++) {
          sum += draw.shares().get(i).weight();
          cumulative[i] = sum;
        }
        yield new Steps(
            draw.shares().stream().map(Program.Share::program).toList(),
            cumulative,
            new long[0],
            new double[0],
            NO_RAMP);
      }
      case Program.Hash hash ->
          new Steps(
              hash.candidates().stream().map(Program.Candidate::program).toList(),
              new long[0],
              hash.candidates().stream().mapToLong(Program.Candidate::key).toArray(),
              hash.candidates().stream().mapToDouble(Program.Candidate::weight).toArray(),
              NO_RAMP);
      case Program.Ramp(int _, long key, int threshold, Program with, Program without) ->
          new Steps(
              List.of(with, without), new long[0], new long[] {key}, new double[0], threshold);
    };
  }

  /// Whether the outcome depends on the client's block, and so holds for no wider a scope.
  boolean hashes() {
    return hashes;
  }

  /// Whether the outcome depends on the block that ramps admit together.
  boolean ramps() {
    return ramps;
  }

  /// Runs to the answer set.
  ///
  /// @param draw state of the draws, from {@link Draws#state}
  /// @param block state of the hashes, from {@link Draws#blockState}
  /// @param ramp state of the ramps, from {@link Draws#rampState}; anything if there is none
  int run(long draw, long block, long ramp) {
    Steps at = this;
    int depth = 0;
    while (true) {
      int outcome = at.isRamp() ? at.admit(ramp) : at.choose(draw, block, depth++);
      Steps below = at.next[outcome];
      if (below == null) {
        return at.answerSets[outcome];
      }
      at = below;
    }
  }

  /// Whether this step is a ramp. It is not counted as depth: draws and hashes come out alike
  /// before, during and after it.
  boolean isRamp() {
    return threshold != NO_RAMP;
  }

  /// The index of the outcome of a ramp. Who is admitted stays so at every higher threshold.
  int admit(long ramp) {
    return Draws.rampStep(ramp, keys[0]) <= threshold ? WITH : WITHOUT;
  }

  /// The index of the outcome of a draw or hash. A draw at another depth, from 0, is another draw;
  /// a
  /// hash is the same at any, so that clients stay where they are when what is around it fails.
  int choose(long draw, long block, int depth) {
    return keys.length == 0
        ? Draws.pick(Draws.number(draw, Draws.pool(depth)), cumulative)
        : nearest(block);
  }

  private int nearest(long block) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < keys.length; i++) {
      double distance = isEven ? -fraction(block, i) : distance(block, i);
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  /// What is least for the chosen candidate of a hash.
  double distance(long block, int candidate) {
    return -StrictMath.log(fraction(block, candidate)) / weights[candidate];
  }

  /// Above 0, below 1.
  private double fraction(long block, int candidate) {
    long number = Draws.number(block, keys[candidate]);
    return ((number >>> 11) + 0.5) * 0x1p-53;
  }

  /// The steps after an outcome, if any.
  @Nullable Steps next(int outcome) {
    return next[outcome];
  }
}
