package gslb.steering;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A {@link Program} that draws or hashes, laid out to be run: without allocation, by any number of
/// threads. Immutable.
final class Steps {
  /// What each outcome comes to: an answer set, or the steps that follow.
  private final int[] answerSets;

  private final @Nullable Steps[] next;

  /// Of a draw: sums of the weights up to and with each share. Empty for a hash.
  private final long[] cumulative;

  /// Of a hash: key and weight of each candidate.
  private final long[] keys;

  private final double[] weights;

  /// Whether all weights are the same, so that they need not be looked at.
  private final boolean isEven;

  private final boolean hashes;

  private Steps(List<Program> outcomes, long[] cumulative, long[] keys, double[] weights) {
    answerSets = new int[outcomes.size()];
    next = new @Nullable Steps[outcomes.size()];
    boolean hashesBelow = false;
    for (int i = 0; i < outcomes.size(); i++) {
      Steps below = of(outcomes.get(i));
      next[i] = below;
      hashesBelow |= below != null && below.hashes;
      answerSets[i] =
          outcomes.get(i) instanceof Program.Leaf(int answerSet) ? answerSet : Selection.NOTHING;
    }
    this.cumulative = cumulative;
    this.keys = keys;
    this.weights = weights;
    boolean even = true;
    for (double weight : weights) {
      even &= weight == weights[0];
    }
    isEven = even;
    hashes = hashesBelow || keys.length > 0;
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
            new double[0]);
      }
      case Program.Hash hash ->
          new Steps(
              hash.candidates().stream().map(Program.Candidate::program).toList(),
              new long[0],
              hash.candidates().stream().mapToLong(Program.Candidate::key).toArray(),
              hash.candidates().stream().mapToDouble(Program.Candidate::weight).toArray());
    };
  }

  /// Whether the outcome depends on the client's block, and so holds for no wider a scope.
  boolean hashes() {
    return hashes;
  }

  /// Runs to the answer set.
  ///
  /// @param draw state of the draws, from {@link Draws#state}
  /// @param block state of the hashes, from {@link Draws#blockState}
  int run(long draw, long block) {
    Steps at = this;
    int depth = 0;
    while (true) {
      int outcome = at.choose(draw, block, depth++);
      Steps below = at.next[outcome];
      if (below == null) {
        return at.answerSets[outcome];
      }
      at = below;
    }
  }

  /// The index of the outcome at this depth, from 0.
  int choose(long draw, long block, int depth) {
    return keys.length == 0
        ? Draws.pick(Draws.number(draw, Draws.pool(depth)), cumulative)
        : nearest(block, depth);
  }

  private int nearest(long block, int depth) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < keys.length; i++) {
      double distance = isEven ? -fraction(block, i, depth) : distance(block, i, depth);
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  /// What is least for the chosen candidate of a hash.
  double distance(long block, int candidate, int depth) {
    return -StrictMath.log(fraction(block, candidate, depth)) / weights[candidate];
  }

  /// Above 0, below 1.
  private double fraction(long block, int candidate, int depth) {
    long number = Draws.number(block, keys[candidate] + Draws.pool(depth));
    return ((number >>> 11) + 0.5) * 0x1p-53;
  }

  /// The steps after an outcome, if any.
  @Nullable Steps next(int outcome) {
    return next[outcome];
  }
}
