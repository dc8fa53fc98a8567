package gslb.steering;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a residual comes to for one table of verdicts: one answer set, or a draw among several.
/// Nested
/// weights are multiplied out into one draw, so a decision takes one step whatever the policy.
///
/// The shares are exact as long as their least common denominator is at most {@link
/// #DENOMINATOR_MAX}. Beyond, each is rounded to a multiple of 1/2^62, once for every level of
/// `weighted`.
final class Program {
  static final long DENOMINATOR_MAX = 1L << 62;

  /// Nothing to answer.
  static final Program NODATA = of(Selection.NOTHING);

  /// A share of a draw.
  ///
  /// @param answerSet or {@link Selection#NOTHING}
  record Share(int answerSet, long weight) {}

  private final int[] answerSets;
  private final long[] cumulative;

  private Program(int[] answerSets, long[] cumulative) {
    this.answerSets = answerSets;
    this.cumulative = cumulative;
  }

  static Program of(int answerSet) {
    return new Program(new int[] {answerSet}, new long[] {1});
  }

  /// One of the parts, in proportion to the weights.
  ///
  /// @param weights positive, one for each part
  static Program draw(List<Program> parts, List<Integer> weights) {
    BigInteger denominator = BigInteger.ONE;
    for (Program part : parts) {
      BigInteger total = BigInteger.valueOf(part.total());
      denominator = denominator.divide(denominator.gcd(total)).multiply(total);
    }
    Map<Integer, BigInteger> weightOf = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      BigInteger scale =
          denominator
              .divide(BigInteger.valueOf(parts.get(i).total()))
              .multiply(BigInteger.valueOf(weights.get(i)));
      for (Share share : parts.get(i).shares()) {
        weightOf.merge(
            share.answerSet(), BigInteger.valueOf(share.weight()).multiply(scale), BigInteger::add);
      }
    }
    return reduced(weightOf);
  }

  private static Program reduced(Map<Integer, BigInteger> weightOf) {
    BigInteger common = BigInteger.ZERO;
    BigInteger total = BigInteger.ZERO;
    for (BigInteger weight : weightOf.values()) {
      common = common.gcd(weight);
      total = total.add(weight);
    }
    total = total.divide(common);
    BigInteger max = BigInteger.valueOf(DENOMINATOR_MAX);
    boolean fits = total.compareTo(max) <= 0;
    int[] answerSets = new int[weightOf.size()];
    long[] cumulative = new long[weightOf.size()];
    int count = 0;
    BigInteger sum = BigInteger.ZERO;
    for (Map.Entry<Integer, BigInteger> entry : weightOf.entrySet()) {
      sum = sum.add(entry.getValue().divide(common));
      long upTo = (fits ? sum : sum.multiply(max).divide(total)).longValueExact();
      if (upTo > (count == 0 ? 0 : cumulative[count - 1])) {
        answerSets[count] = entry.getKey();
        cumulative[count++] = upTo;
      }
    }
    if (count == 1) {
      return of(answerSets[0]);
    }
    return new Program(Arrays.copyOf(answerSets, count), Arrays.copyOf(cumulative, count));
  }

  boolean isDraw() {
    return answerSets.length > 1;
  }

  /// The answer set of a program that is no draw.
  int answerSet() {
    return answerSets[0];
  }

  /// Do not modify.
  int[] answerSets() {
    return answerSets;
  }

  /// Sums of the weights up to and with each answer set; do not modify.
  long[] cumulative() {
    return cumulative;
  }

  long total() {
    return cumulative[cumulative.length - 1];
  }

  List<Share> shares() {
    List<Share> shares = new ArrayList<>(answerSets.length);
    for (int i = 0; i < answerSets.length; i++) {
      shares.add(new Share(answerSets[i], cumulative[i] - (i == 0 ? 0 : cumulative[i - 1])));
    }
    return shares;
  }
}
