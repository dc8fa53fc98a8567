package gslb.steering;

import java.util.List;

/// How many steps the programs of a residual take at most.
final class StepCount {
  private StepCount() {}

  static int of(Residual residual) {
    return of(residual, false);
  }

  /// @param isDrawn whether it is a share of a draw, which a draw becomes part of
  private static int of(Residual residual, boolean isDrawn) {
    return switch (residual) {
      case Residual.Nothing _, Residual.OfPool _, Residual.All _ -> 0;
      case Residual.Failover(int _, List<Residual> children) ->
          children.stream().mapToInt(child -> of(child, isDrawn)).max().orElse(0);
      case Residual.Weighted(int _, List<Residual.Weighted.Share> shares) ->
          (isDrawn ? 0 : 1) + most(shares, true);
      case Residual.Sticky(int _, int _, List<Residual.Weighted.Share> shares) ->
          1 + most(shares, false);
    };
  }

  private static int most(List<Residual.Weighted.Share> shares, boolean areDrawn) {
    return shares.stream().mapToInt(share -> of(share.child(), areDrawn)).max().orElse(0);
  }
}
