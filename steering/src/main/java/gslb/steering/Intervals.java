package gslb.steering;

/// Two ways to cut the line from 0 to 1 into intervals, laid over each other.
final class Intervals {
  /// Takes what two intervals have in common.
  interface Visitor {
    void overlap(int one, int other, double length);
  }

  private Intervals() {}

  /// Shows every overlap of positive length, in ascending order.
  ///
  /// @param one lengths that sum up to 1, but for rounding
  /// @param other lengths that sum up to 1, but for rounding
  static void overlap(double[] one, double[] other, Visitor visitor) {
    double[] endsOfOne = ends(one);
    double[] endsOfOther = ends(other);
    int i = 0;
    int j = 0;
    double at = 0;
    while (i < one.length && j < other.length) {
      double end = Math.min(endsOfOne[i], endsOfOther[j]);
      if (end > at) {
        visitor.overlap(i, j, end - at);
        at = end;
      }
      boolean endsOne = endsOfOne[i] <= end;
      boolean endsOther = endsOfOther[j] <= end;
      i += endsOne ? 1 : 0;
      j += endsOther ? 1 : 0;
    }
  }

  private static double[] ends(double[] lengths) {
    double[] ends = new double[lengths.length];
    double sum = 0;
    for (int i = 0; i < ends.length; i++) {
      sum += lengths[i];
      ends[i] = Math.min(sum, 1);
    }
    ends[ends.length - 1] = 1;
    return ends;
  }
}
