package gslb.steering;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// In how many classes of a service an answer can hold for less than the place's prefix, because
/// clients are told apart by their block: what the scopes of its partition do not show.
///
/// @param hashed classes in which a hash decides while everything is up: scopes are at least {@link
///     #HASH_V4_LENGTH} or {@link #HASH_V6_LENGTH}
/// @param hashedMost classes in which one decides under some verdicts
/// @param ramped classes in which a pool in its ramp is kept from some blocks: scopes are then at
///     least {@link #RAMP_V4_LENGTH} or {@link #RAMP_V6_LENGTH}
public record BlockClasses(int hashed, int hashedMost, int ramped) {
  /// Length of the IPv4 prefix that a hash sends one way, in bits.
  public static final int HASH_V4_LENGTH = Draws.V4_BLOCK_BITS;

  public static final int HASH_V6_LENGTH = Draws.V6_BLOCK_BITS;

  /// Length of the widest IPv4 prefix that a ramp admits together, in bits.
  public static final int RAMP_V4_LENGTH = Draws.V4_RAMP_BITS;

  public static final int RAMP_V6_LENGTH = Draws.V6_RAMP_BITS;

  /// By id of the service.
  public static List<BlockClasses> of(SteeringTables tables) {
    IdentityHashMap<SteeringTables.Split, BlockClasses> known = new IdentityHashMap<>();
    Finder finder = new Finder();
    List<BlockClasses> all = new ArrayList<>();
    for (Service service : tables.catalog().services()) {
      all.add(
          known.computeIfAbsent(tables.split(service.id()), split -> finder.of(split.residuals())));
    }
    return List.copyOf(all);
  }

  /// Looks at each residual once: the same one can stand in many places.
  private static final class Finder {
    private final IdentityHashMap<Residual, Residual> settled = new IdentityHashMap<>();
    private final IdentityHashMap<Residual, Boolean> hashed = new IdentityHashMap<>();
    private final IdentityHashMap<Residual, Boolean> hashedMost = new IdentityHashMap<>();
    private final IdentityHashMap<Residual, Boolean> ramped = new IdentityHashMap<>();

    BlockClasses of(List<Residual> classes) {
      return new BlockClasses(
          count(classes, this::isHashed),
          count(classes, this::canBeHashed),
          count(classes, r -> canBeRamped(r) && StepCount.of(r) < Program.STEPS_MAX));
    }

    private static int count(List<Residual> classes, Predicate<Residual> is) {
      return (int) classes.stream().filter(is).count();
    }

    private boolean isHashed(Residual residual) {
      Boolean found = hashed.get(residual);
      if (found == null) {
        List<Residual> chosen = whileUp(residual);
        found =
            residual instanceof Residual.Sticky && settled(residual).id() == residual.id()
                || chosen.stream().anyMatch(this::isHashed);
        hashed.put(residual, found);
      }
      return found;
    }

    /// What chooses, past everything whose choice makes no difference while everything is up.
    private Residual settled(Residual residual) {
      Residual found = settled.get(residual);
      if (found == null) {
        List<Residual> chosen = whileUp(residual).stream().map(this::settled).toList();
        found = chosen.isEmpty() || isChoice(chosen) ? residual : chosen.getFirst();
        settled.put(residual, found);
      }
      return found;
    }

    /// The children that can be chosen while everything is up.
    private static List<Residual> whileUp(Residual residual) {
      return switch (residual) {
        case Residual.Nothing _, Residual.OfPool _, Residual.All _ -> List.of();
        case Residual.Failover list -> list.children().subList(0, 1);
        case Residual.Weighted weighted -> whileUp(weighted.shares());
        case Residual.Sticky sticky -> whileUp(sticky.shares());
      };
    }

    private static List<Residual> whileUp(List<Residual.Weighted.Share> shares) {
      List<Residual> chosen = children(shares, false);
      return chosen.isEmpty() ? children(shares, true) : chosen;
    }

    private static List<Residual> children(
        List<Residual.Weighted.Share> shares, boolean areStandbys) {
      return shares.stream()
          .filter(share -> share.weight() == 0 == areStandbys)
          .map(Residual.Weighted.Share::child)
          .toList();
    }

    private boolean canBeHashed(Residual residual) {
      Boolean found = hashedMost.get(residual);
      if (found == null) {
        found =
            residual instanceof Residual.Sticky sticky
                    && (isChoice(children(sticky.shares(), false))
                        || isChoice(children(sticky.shares(), true)))
                || children(residual).stream().anyMatch(this::canBeHashed);
        hashedMost.put(residual, found);
      }
      return found;
    }

    private static boolean isChoice(List<Residual> candidates) {
      return candidates.stream().mapToInt(Residual::id).distinct().count() > 1;
    }

    private static List<Residual> children(Residual residual) {
      return switch (residual) {
        case Residual.Nothing _, Residual.OfPool _, Residual.All _ -> List.of();
        case Residual.Failover list -> list.children();
        case Residual.Weighted weighted -> children(weighted.shares());
        case Residual.Sticky sticky -> children(sticky.shares());
      };
    }

    private static List<Residual> children(List<Residual.Weighted.Share> shares) {
      return shares.stream().map(Residual.Weighted.Share::child).toList();
    }

    private boolean canBeRamped(Residual residual) {
      Boolean found = ramped.get(residual);
      if (found == null) {
        found = hasStandIn(residual) || children(residual).stream().anyMatch(this::canBeRamped);
        ramped.put(residual, found);
      }
      return found;
    }

    /// Whether another child has a pool that gets the clients which one with a ramp does not get
    /// yet.
    private static boolean hasStandIn(Residual residual) {
      return switch (residual) {
        case Residual.Nothing _, Residual.OfPool _ -> false;
        case Residual.All all ->
            all.pools().size() > 1 && all.pools().stream().anyMatch(BlockClasses::ramps);
        case Residual.Failover list -> hasStandIn(list.children());
        case Residual.Weighted weighted -> sharesHaveStandIn(weighted.shares());
        case Residual.Sticky sticky -> sharesHaveStandIn(sticky.shares());
      };
    }

    /// What stands before a pool is down when it is chosen.
    private static boolean hasStandIn(List<Residual> list) {
      Set<Integer> behind = new HashSet<>();
      for (Residual child : list.reversed()) {
        if (canReplace(behind, ramping(child))) {
          return true;
        }
        PoolsOfResidual.of(child).forEach(pool -> behind.add(pool.id()));
      }
      return false;
    }

    /// A standby is chosen when all that is not one is down.
    private static boolean sharesHaveStandIn(List<Residual.Weighted.Share> shares) {
      for (int i = 0; i < shares.size(); i++) {
        List<Pool> ramping = ramping(shares.get(i).child());
        Set<Integer> others = new HashSet<>();
        for (int j = 0; j < shares.size() && !ramping.isEmpty(); j++) {
          if (j != i && (shares.get(i).weight() > 0 || shares.get(j).weight() == 0)) {
            PoolsOfResidual.of(shares.get(j).child()).forEach(pool -> others.add(pool.id()));
          }
        }
        if (canReplace(others, ramping)) {
          return true;
        }
      }
      return false;
    }

    private static List<Pool> ramping(Residual residual) {
      return PoolsOfResidual.of(residual).stream().filter(BlockClasses::ramps).toList();
    }

    private static boolean canReplace(Set<Integer> others, List<Pool> ramping) {
      return ramping.stream()
          .anyMatch(pool -> others.size() > 1 || others.size() == 1 && !others.contains(pool.id()));
    }
  }

  private static boolean ramps(Pool pool) {
    return !pool.ramp().isZero() && !pool.isAlwaysUp();
  }
}
