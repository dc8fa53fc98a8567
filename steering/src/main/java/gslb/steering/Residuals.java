package gslb.steering;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes residuals, one object for each distinct one, in a normal form in which policies that
/// always choose alike are mostly the same. Confined to the thread that compiles.
final class Residuals {
  private enum Kind {
    NOTHING,
    POOL,
    FAILOVER,
    WEIGHTED,
    STICKY,
    ALL
  }

  /// @param parts ids of children, and weights
  private record Key(Kind kind, List<Integer> parts) {}

  private final List<Residual> byId = new ArrayList<>();
  private final List<Integer> stickiesById = new ArrayList<>();
  private final Map<Key, Residual> known = new HashMap<>();
  private final List<Residual.All> alls = new ArrayList<>();

  Residual nothing() {
    Key key = new Key(Kind.NOTHING, List.of());
    Residual found = known.get(key);
    return found != null ? found : add(key, new Residual.Nothing(byId.size()));
  }

  Residual pool(Pool pool) {
    Key key = new Key(Kind.POOL, List.of(pool.id()));
    Residual found = known.get(key);
    return found != null ? found : add(key, new Residual.OfPool(byId.size(), pool));
  }

  /// Lists in the list are spliced in, what stands behind an authored nothing or a second time is
  /// dropped: none of it can ever be chosen.
  Residual failover(List<Residual> children) {
    if (children.isEmpty()) {
      return nothing();
    }
    Set<Residual> flat = new LinkedHashSet<>();
    for (Residual child : children) {
      if (child instanceof Residual.Failover list) {
        flat.addAll(list.children());
      } else {
        flat.add(child);
      }
      if (flat.contains(nothing())) {
        break;
      }
    }
    List<Residual> kept = List.copyOf(flat);
    if (kept.size() == 1) {
      return kept.getFirst();
    }
    Key key = new Key(Kind.FAILOVER, kept.stream().map(Residual::id).toList());
    Residual found = known.get(key);
    return found != null ? found : add(key, new Residual.Failover(byId.size(), kept));
  }

  /// Without shares, nothing.
  Residual weighted(List<Residual.Weighted.Share> shares) {
    if (shares.isEmpty()) {
      return nothing();
    }
    if (shares.size() == 1) {
      return shares.getFirst().child();
    }
    Key key = new Key(Kind.WEIGHTED, parts(shares));
    Residual found = known.get(key);
    return found != null
        ? found
        : add(key, new Residual.Weighted(byId.size(), List.copyOf(shares)));
  }

  /// Without shares, nothing.
  Residual sticky(List<Residual.Weighted.Share> shares) {
    if (shares.isEmpty()) {
      return nothing();
    }
    if (shares.size() == 1) {
      return shares.getFirst().child();
    }
    Key key = new Key(Kind.STICKY, parts(shares));
    Residual found = known.get(key);
    return found != null
        ? found
        : add(
            key,
            new Residual.Sticky(
                byId.size(),
                shares.stream().mapToInt(share -> stickies(share.child())).max().orElse(0),
                List.copyOf(shares)));
  }

  private static List<Integer> parts(List<Residual.Weighted.Share> shares) {
    List<Integer> parts = new ArrayList<>();
    for (Residual.Weighted.Share share : shares) {
      parts.add(share.child().id());
      parts.add(share.weight());
    }
    return List.copyOf(parts);
  }

  /// Without pools, nothing. One pool is not the same as that pool by itself: all of its endpoints
  /// are answered, unless the service says how many.
  Residual all(List<Pool> pools) {
    if (pools.isEmpty()) {
      return nothing();
    }
    Key key = new Key(Kind.ALL, pools.stream().map(Pool::id).toList());
    Residual found = known.get(key);
    if (found != null) {
      return found;
    }
    Residual.All made = new Residual.All(byId.size(), alls.size(), List.copyOf(pools));
    alls.add(made);
    return add(key, made);
  }

  /// By index.
  List<Residual.All> alls() {
    return List.copyOf(alls);
  }

  private int stickies(Residual of) {
    return stickiesById.get(of.id());
  }

  /// How many hashes are inside each other in a residual whose children are known.
  private int stickiesIn(Residual residual) {
    return switch (residual) {
      case Residual.Nothing _, Residual.OfPool _, Residual.All _ -> 0;
      case Residual.Failover list ->
          list.children().stream().mapToInt(this::stickies).max().orElse(0);
      case Residual.Weighted weighted ->
          weighted.shares().stream().mapToInt(s -> stickies(s.child())).max().orElse(0);
      case Residual.Sticky sticky -> sticky.inside() + 1;
    };
  }

  private Residual add(Key key, Residual residual) {
    known.put(key, residual);
    byId.add(residual);
    stickiesById.add(stickiesIn(residual));
    return residual;
  }

  int size() {
    return byId.size();
  }
}
