package gslb.steering.shift;

import java.util.Locale;

/// Shares as an operator reads them.
final class Percent {
  private Percent() {}

  /// `12.4 %`; `100 %` and `0 %` only if it is exactly that, but for rounding.
  static String of(double share) {
    if (Double.isInfinite(share)) {
      return "∞";
    }
    if (share < ServiceComparison.NOISE) {
      return "0 %";
    } else if (Math.abs(share - 1) < ServiceComparison.NOISE) {
      return "100 %";
    }
    double percent = 100 * share;
    if (percent < 0.005) {
      return "<0.01 %";
    } else if (share < 1 && percent > 99.99) {
      return ">99.99 %";
    }
    boolean isNearAll = share < 1 && percent >= 99.95;
    return String.format(
        Locale.ROOT, percent < 9.995 || isNearAll ? "%.2f %%" : "%.1f %%", percent);
  }
}
