package gslb.steering.shift;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.steering.Crossing;
import gslb.steering.Crossings;
import gslb.steering.Stage;
import gslb.steering.SteeringPlan;
import gslb.steering.places.Partition;
import gslb.steering.shift.PlanShift.Emptied;
import gslb.steering.shift.PlanShift.Move;
import gslb.steering.shift.PlanShift.PoolShift;
import gslb.steering.shift.PlanShift.Unavailable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Sums up what becomes of the clients of one service, slice by slice. Used once.
final class ServiceComparison {
  /// Shares below this are rounding.
  static final double NOISE = 1e-9;

  private record Ends(String from, String to) {}

  /// Clients that lose the addresses of a family.
  private static final class Loss {
    private Shares share = Shares.NONE;
    private final TreeSet<String> continents = new TreeSet<>();
    private double greatest = -1;
    private Address example = Address.v4(0);

    /// @param isLikely whether such clients ask for this family first of all
    void add(Slice slice, double part, boolean isLikely) {
      double lost = slice.share() * part;
      share = share.plus(slice.weighting(), lost);
      continents.add(slice.continent());
      double weight = isLikely ? 1 + lost : lost;
      if (weight > greatest) {
        greatest = weight;
        example = slice.example();
      }
    }
  }

  private final SteeringPlan before;
  private final SteeringPlan after;
  private final Map<Ends, SortedMap<String, Shares>> moves = new TreeMap<>(BY_NAME);
  private final Map<String, Shares> poolsBefore = new TreeMap<>();
  private final Map<String, Shares> poolsAfter = new TreeMap<>();
  private final Map<Stage, Shares> stages = new EnumMap<>(Stage.class);
  private final Loss v4 = new Loss();
  private final Loss v6 = new Loss();
  private Shares moved = Shares.NONE;
  private Shares readdressed = Shares.NONE;

  private static final Comparator<Ends> BY_NAME =
      Comparator.comparing(Ends::from).thenComparing(Ends::to);

  ServiceComparison(SteeringPlan before, SteeringPlan after) {
    this.before = before;
    this.after = after;
  }

  /// @param serviceBefore id, or {@link Crossings#NO_SERVICE}
  /// @param serviceAfter id, or {@link Crossings#NO_SERVICE}
  void add(List<Slice> slices, Crossings crossings, int serviceBefore, int serviceAfter) {
    for (Slice slice : slices) {
      Crossing ofV4 =
          crossings.of(serviceBefore, slice.classBefore(), serviceAfter, slice.classAfter(), true);
      Crossing ofV6 =
          crossings.of(serviceBefore, slice.classBefore(), serviceAfter, slice.classAfter(), false);
      add(slice, slice.isV4() ? ofV4 : ofV6);
      lose(slice, ofV4, v4, slice.isV4());
      lose(slice, ofV6, v6, !slice.isV4());
    }
  }

  private static void lose(Slice slice, Crossing crossing, Loss loss, boolean isLikely) {
    if (crossing.emptied() > NOISE) {
      loss.add(slice, crossing.emptied(), isLikely);
    }
  }

  private void add(Slice slice, Crossing crossing) {
    for (Crossing.Cell cell : crossing.cells()) {
      if (cell.share() < NOISE) {
        continue;
      }
      String from = pool(before, cell.from());
      String to = pool(after, cell.to());
      Shares share = Shares.NONE.plus(slice.weighting(), slice.share() * cell.share());
      poolsBefore.merge(from, share, Shares::plus);
      poolsAfter.merge(to, share, Shares::plus);
      if (!from.equals(to)) {
        moved = moved.plus(share);
        moves
            .computeIfAbsent(new Ends(from, to), _ -> new TreeMap<>())
            .merge(slice.continent(), share, Shares::plus);
      }
    }
    readdressed = readdressed.plus(slice.weighting(), slice.share() * crossing.readdressed());
    if (crossing.after() != Stage.AVAILABLE) {
      stages.merge(
          crossing.after(), Shares.NONE.plus(slice.weighting(), slice.share()), Shares::plus);
    }
  }

  private static String pool(SteeringPlan plan, int pool) {
    return pool < 0 ? "" : plan.catalog().pools().get(pool).name();
  }

  Shares moved() {
    return rounded(moved);
  }

  Shares readdressed() {
    return rounded(readdressed);
  }

  private static Shares rounded(Shares shares) {
    return shares.most() < NOISE ? Shares.NONE : shares;
  }

  /// Greatest first.
  List<Move> moves() {
    List<Move> all = new ArrayList<>();
    moves.forEach(
        (ends, continents) -> {
          Shares sum = continents.values().stream().reduce(Shares.NONE, Shares::plus);
          all.add(new Move(ends.from(), ends.to(), sum, continents));
        });
    all.sort(Comparator.comparingDouble((Move move) -> -move.share().most()));
    return all;
  }

  List<PoolShift> pools() {
    TreeSet<String> names = new TreeSet<>(poolsBefore.keySet());
    names.addAll(poolsAfter.keySet());
    return names.stream()
        .map(
            name ->
                new PoolShift(
                    name,
                    poolsBefore.getOrDefault(name, Shares.NONE),
                    poolsAfter.getOrDefault(name, Shares.NONE)))
        .toList();
  }

  List<Emptied> emptied(Partition partitionBefore, Partition partitionAfter) {
    List<Emptied> emptied = new ArrayList<>();
    for (boolean isV4 : new boolean[] {true, false}) {
      Loss loss = isV4 ? v4 : v6;
      if (loss.greatest >= 0) {
        Prefix example = Slicer.around(loss.example, partitionBefore, partitionAfter);
        emptied.add(new Emptied(isV4, loss.share, List.copyOf(loss.continents), example));
      }
    }
    return emptied;
  }

  /// Of services that end up with something to answer by another stage than the first.
  List<Unavailable> unavailable() {
    return stages.entrySet().stream()
        .map(entry -> new Unavailable(entry.getKey().toString(), entry.getValue()))
        .toList();
  }
}
