package gslb.steering;

/// Chances that something comes out by luck alone, for tests of what is drawn. In closed form, so
/// that no table or library is trusted.
final class Luck {
  /// What is less likely than this is no luck.
  static final double ALPHA = 1e-6;

  private Luck() {}

  /// The chance of a chi-square at least as large as that of these counts, if the shares hold.
  ///
  /// @param shares of each count, which sum up to 1; an odd number, so that the degrees of freedom
  ///     are even and the tail is a finite sum
  static double ofCounts(long[] seen, double... shares) {
    long total = 0;
    for (long count : seen) {
      total += count;
    }
    double chiSquare = 0;
    for (int i = 0; i < seen.length; i++) {
      double expected = shares[i] * total;
      chiSquare += (seen[i] - expected) * (seen[i] - expected) / expected;
    }
    return ofChiSquare(chiSquare, seen.length - 1);
  }

  /// The chance of a chi-square at least this large.
  static double ofChiSquare(double chiSquare, int degrees) {
    if (degrees % 2 != 0) {
      throw new IllegalArgumentException(degrees + " degrees of freedom are not even");
    }
    double term = 1;
    double sum = 1;
    for (int i = 1; i < degrees / 2; i++) {
      term *= chiSquare / 2 / i;
      sum += term;
    }
    return Math.exp(-chiSquare / 2) * sum;
  }

  /// The chance, on both sides, of a count at least as far out as this one: twice the lesser tail
  /// of the binomial distribution.
  static double ofCount(long seen, long trials, double share) {
    double least = 0;
    double most = 0;
    for (long count = 0; count <= trials; count++) {
      double chance = Math.exp(logBinomial(trials, count, share));
      least += count <= seen ? chance : 0;
      most += count >= seen ? chance : 0;
    }
    return Math.min(1, 2 * Math.min(least, most));
  }

  private static double logBinomial(long trials, long count, double share) {
    return logFactorial(trials)
        - logFactorial(count)
        - logFactorial(trials - count)
        + count * Math.log(share)
        + (trials - count) * Math.log1p(-share);
  }

  /// By Stirling's series, which is good to 12 digits from 10 on.
  private static double logFactorial(long n) {
    double below = 0;
    double x = n + 1.0;
    while (x < 12) {
      below += Math.log(x);
      x++;
    }
    double square = x * x;
    double series = (1 / 12.0 - (1 / 360.0 - 1 / (1260.0 * square)) / square) / x;
    return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - below;
  }

  /// The shares of a table whose rows and columns have nothing to do with each other, row by row.
  static double[] independent(double[] rows, double[] columns) {
    double[] product = new double[rows.length * columns.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = rows[i / columns.length] * columns[i % columns.length];
    }
    return product;
  }
}
