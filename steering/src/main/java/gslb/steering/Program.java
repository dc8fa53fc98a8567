package gslb.steering;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a residual comes to for one table of verdicts: an answer set, a draw, a hash, or a ramp
/// before these. Compared by content.
///
/// Draws inside draws are multiplied out into one, so a decision takes one step for every change
/// between drawing and hashing, whatever the policy, and one for each ramp.
sealed interface Program {
  /// Nothing to answer.
  Program NODATA = new Leaf(Selection.NOTHING);

  /// Steps that a decision takes: draws and hashes inside each other, and ramps before them.
  int STEPS_MAX = 4;

  /// Ramps among these steps; the pools longest in theirs are admitted fully.
  int RAMPS_MAX = 2;

  /// @param answerSet or {@link Selection#NOTHING}
  record Leaf(int answerSet) implements Program {}

  /// One of the shares, by a number that changes with time.
  ///
  /// The shares are exact as long as their least common denominator is at most {@link
  /// #DENOMINATOR_MAX}. Beyond, each is rounded to a multiple of 1/2^62, once for every level of
  /// `weighted`.
  ///
  /// @param shares at least two, of positive weight, no draws
  record Draw(List<Share> shares) implements Program {
    static final long DENOMINATOR_MAX = 1L << 62;

    public Draw {
      shares = List.copyOf(shares);
    }

    long total() {
      return shares.stream().mapToLong(Share::weight).sum();
    }
  }

  /// A share of a draw.
  record Share(Program program, long weight) {}

  /// One of the candidates, by the client's block: the one of the least -ln(u) / weight, where u is
  /// drawn from its key and the block.
  ///
  /// @param candidates at least two
  record Hash(List<Candidate> candidates) implements Program {
    public Hash {
      candidates = List.copyOf(candidates);
    }
  }

  /// A candidate of a hash.
  ///
  /// @param key of the branch, the same whatever else is configured, and another than those of
  ///     hashes around it and inside it
  record Candidate(Program program, int weight, long key) {}

  /// Whether a pool that gets its clients back has got the client's block.
  ///
  /// @param pool id
  /// @param key of the pool, the same whatever else is configured
  /// @param threshold 0..{@link Readmission#STEPS}: the steps that are done
  /// @param with what the admitted blocks run
  /// @param without what the others run: the residual without the pool
  record Ramp(int pool, long key, int threshold, Program with, Program without)
      implements Program {}

  /// Whether it gives an answer set, whatever is drawn.
  static boolean alwaysAnswers(Program program) {
    return switch (program) {
      case Leaf(int answerSet) -> answerSet != Selection.NOTHING;
      case Draw(List<Share> shares) -> shares.stream().allMatch(s -> alwaysAnswers(s.program()));
      case Hash(List<Candidate> candidates) ->
          candidates.stream().allMatch(c -> alwaysAnswers(c.program()));
      case Ramp ramp -> alwaysAnswers(ramp.with()) && alwaysAnswers(ramp.without());
    };
  }

  /// One of the parts, in proportion to the weights.
  ///
  /// @param weights positive, one for each part
  static Program draw(List<Program> parts, List<Integer> weights) {
    BigInteger denominator = BigInteger.ONE;
    for (Program part : parts) {
      BigInteger total = BigInteger.valueOf(total(part));
      denominator = denominator.divide(denominator.gcd(total)).multiply(total);
    }
    Map<Program, BigInteger> weightOf = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      BigInteger scale =
          denominator
              .divide(BigInteger.valueOf(total(parts.get(i))))
              .multiply(BigInteger.valueOf(weights.get(i)));
      for (Share share : shares(parts.get(i))) {
        weightOf.merge(
            share.program(), BigInteger.valueOf(share.weight()).multiply(scale), BigInteger::add);
      }
    }
    return reduced(weightOf);
  }

  private static long total(Program part) {
    return part instanceof Draw draw ? draw.total() : 1;
  }

  private static List<Share> shares(Program part) {
    return part instanceof Draw draw ? draw.shares() : List.of(new Share(part, 1));
  }

  private static Program reduced(Map<Program, BigInteger> weightOf) {
    BigInteger common = BigInteger.ZERO;
    BigInteger total = BigInteger.ZERO;
    for (BigInteger weight : weightOf.values()) {
      common = common.gcd(weight);
      total = total.add(weight);
    }
    total = total.divide(common);
    BigInteger max = BigInteger.valueOf(Draw.DENOMINATOR_MAX);
    boolean fits = total.compareTo(max) <= 0;
    List<Share> shares = new ArrayList<>(weightOf.size());
    long before = 0;
    BigInteger sum = BigInteger.ZERO;
    for (Map.Entry<Program, BigInteger> entry : weightOf.entrySet()) {
      sum = sum.add(entry.getValue().divide(common));
      long upTo = (fits ? sum : sum.multiply(max).divide(total)).longValueExact();
      if (upTo > before) {
        shares.add(new Share(entry.getKey(), upTo - before));
        before = upTo;
      }
    }
    return shares.size() == 1 ? shares.getFirst().program() : new Draw(shares);
  }

  /// One of the candidates for each block of clients.
  static Program hash(List<Candidate> candidates) {
    Program first = candidates.getFirst().program();
    boolean allAlike = candidates.stream().allMatch(c -> c.program().equals(first));
    return allAlike ? first : new Hash(candidates);
  }
}
