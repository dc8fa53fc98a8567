package gslb.steering;

import java.util.List;

/// What becomes of clients who are in one class of a service in one plan, and in one class of a
/// service in another.
///
/// @param cells how many of them go from which pool to which; the shares sum up to 1
/// @param readdressed share of them that stay with their pool and get another address of it
/// @param emptied share of them that were answered with addresses of the family they ask for and
/// are
///     answered with none
/// @param before how far the first plan has to go to decide
/// @param after how far the second has to
public record Crossing(
    List<Cell> cells, double readdressed, double emptied, Stage before, Stage after) {
  /// In place of a pool's id: the policy gives nothing.
  public static final int NO_POOL = PoolShares.NO_POOL;

  public Crossing {
    cells = List.copyOf(cells);
  }

  /// @param from id of a pool of the first plan, or {@link #NO_POOL}
  /// @param to id of a pool of the second plan, or {@link #NO_POOL}
  public record Cell(int from, int to, double share) {}
}
