package gslb.steering;

import gslb.steering.SteeringTables.ProgramSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The pools that a residual names.
final class PoolsOfResidual {
  private PoolsOfResidual() {}

  /// Each once, in written order.
  static List<Pool> of(Residual residual) {
    Map<Integer, Pool> found = new LinkedHashMap<>();
    collect(residual, Collections.newSetFromMap(new IdentityHashMap<>()), found);
    return List.copyOf(found.values());
  }

  private static void collect(Residual residual, Set<Residual> seen, Map<Integer, Pool> found) {
    if (!seen.add(residual)) {
      return;
    }
    switch (residual) {
      case Residual.Nothing _ -> {}
      case Residual.OfPool leaf -> found.putIfAbsent(leaf.pool().id(), leaf.pool());
      case Residual.Failover list -> list.children().forEach(c -> collect(c, seen, found));
      case Residual.Weighted weighted ->
          weighted.shares().forEach(s -> collect(s.child(), seen, found));
      case Residual.Sticky sticky -> sticky.shares().forEach(s -> collect(s.child(), seen, found));
      case Residual.All all -> all.pools().forEach(p -> found.putIfAbsent(p.id(), p));
    }
  }

  /// The ids of the pools that each program's residual names, in written order.
  static int[][] ofPrograms(List<ProgramSource> programs) {
    Map<Integer, int[]> poolsOf = new HashMap<>();
    int[][] pools = new int[programs.size()][];
    for (int program = 0; program < pools.length; program++) {
      Residual residual = programs.get(program).residual();
      pools[program] =
          poolsOf.computeIfAbsent(
              residual.id(), _ -> of(residual).stream().mapToInt(Pool::id).toArray());
    }
    return pools;
  }

  /// For each pool, the indexes of the programs that depend on it.
  ///
  /// @param poolsOf from {@link #ofPrograms}
  static int[][] invert(int poolCount, List<ProgramSource> programs, int[][] poolsOf) {
    List<List<Integer>> inverted = new ArrayList<>();
    for (int pool = 0; pool < poolCount; pool++) {
      inverted.add(new ArrayList<>());
    }
    for (int program = 0; program < programs.size(); program++) {
      boolean namesSorry = false;
      int sorry =
          programs.get(program).allDown() instanceof AllDown.Sorry(Pool pool) ? pool.id() : -1;
      for (int pool : poolsOf[program]) {
        inverted.get(pool).add(program);
        namesSorry |= pool == sorry;
      }
      if (sorry >= 0 && !namesSorry) {
        inverted.get(sorry).add(program);
      }
    }
    return inverted.stream()
        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }
}
