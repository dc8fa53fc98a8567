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

  /// For each pool, the indexes of the programs that depend on it.
  static int[][] invert(int poolCount, List<ProgramSource> programs) {
    List<List<Integer>> inverted = new ArrayList<>();
    for (int pool = 0; pool < poolCount; pool++) {
      inverted.add(new ArrayList<>());
    }
    Map<Integer, List<Pool>> poolsOf = new HashMap<>();
    for (int program = 0; program < programs.size(); program++) {
      ProgramSource source = programs.get(program);
      List<Pool> pools =
          poolsOf.computeIfAbsent(source.residual().id(), _ -> of(source.residual()));
      for (Pool pool : pools) {
        inverted.get(pool.id()).add(program);
      }
      if (source.allDown() instanceof AllDown.Sorry(Pool sorry) && !pools.contains(sorry)) {
        inverted.get(sorry.id()).add(program);
      }
    }
    return inverted.stream()
        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }
}
