package gslb.steering;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.steering.places.Partition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Computes what becomes of the clients of one plan in another: exactly, and once for each pair of
/// programs. What moves is what differs at one moment: a draw that goes on being drawn anew with
/// the same weights moves nobody. Confined to one thread.
public final class Crossings {
  /// In place of a service's id: the plan has none, so nobody gets anything.
  public static final int NO_SERVICE = -1;

  private static final int GONE = -2;
  private static final int[] NO_ROW = {};

  /// What a comparison of two services depends on: how they cut the world, the arrays of their
  /// programs, which services that run alike share, and how many addresses they answer.
  @SuppressWarnings("ArrayRecordComponent") // compared as objects
  public record Alike(
      @Nullable Partition partitionBefore,
      @Nullable Partition partitionAfter,
      int[] v4Before,
      int[] v6Before,
      int[] v4After,
      int[] v6After,
      int countBefore,
      int countAfter,
      boolean sharesNumbers) {}

  private record Key(
      int programBefore,
      int programAfter,
      int countBefore,
      int countAfter,
      boolean sharesNumbers,
      boolean asksV4) {}

  /// Endpoints that an answer set is answered from.
  ///
  /// @param ids of one family
  /// @param weights shares of the weight
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Members(int[] ids, double[] weights) {}

  /// Pools from and to.
  private record Ends(int from, int to) {}

  private final SteeringPlan before;
  private final SteeringPlan after;
  private final Map<Key, Crossing> done = new HashMap<>();
  private final ProgramOverlap sharing = new ProgramOverlap(true, true);
  private final ProgramOverlap apart;

  /// By id of a pool of the first plan, {@link #poolAfter}.
  private final int[] sameName;

  public Crossings(SteeringPlan before, SteeringPlan after) {
    this.before = before;
    this.after = after;
    apart = new ProgramOverlap(false, before.drawKey() == after.drawKey());
    Map<String, Integer> names = new HashMap<>();
    after.catalog().pools().forEach(pool -> names.put(pool.name(), pool.id()));
    sameName =
        before.catalog().pools().stream()
            .mapToInt(pool -> names.getOrDefault(pool.name(), GONE))
            .toArray();
  }

  /// Equal for pairs of services whose classes run the same pairs of programs.
  public Alike alike(int serviceBefore, int serviceAfter) {
    return new Alike(
        serviceBefore < 0 ? null : before.tables().partition(serviceBefore),
        serviceAfter < 0 ? null : after.tables().partition(serviceAfter),
        row(before, serviceBefore, true),
        row(before, serviceBefore, false),
        row(after, serviceAfter, true),
        row(after, serviceAfter, false),
        count(before, serviceBefore),
        count(after, serviceAfter),
        sharesNumbers(serviceBefore, serviceAfter));
  }

  private static int[] row(SteeringPlan plan, int service, boolean asksV4) {
    SteeringTables.Rows rows = plan.tables().rows();
    return service < 0 ? NO_ROW : (asksV4 ? rows.v4() : rows.v6())[service];
  }

  /// What becomes of clients who ask for one family's addresses.
  ///
  /// @param serviceBefore id, or {@link #NO_SERVICE}
  /// @param serviceAfter id, or {@link #NO_SERVICE}
  public Crossing of(
      int serviceBefore, int classBefore, int serviceAfter, int classAfter, boolean asksV4) {
    Key key =
        new Key(
            serviceBefore < 0 ? -1 : before.program(serviceBefore, asksV4, classBefore),
            serviceAfter < 0 ? -1 : after.program(serviceAfter, asksV4, classAfter),
            count(before, serviceBefore),
            count(after, serviceAfter),
            sharesNumbers(serviceBefore, serviceAfter),
            asksV4);
    Crossing known = done.get(key);
    if (known == null) {
      known = compute(key, serviceBefore, serviceAfter);
      done.put(key, known);
    }
    return known;
  }

  private static int count(SteeringPlan plan, int service) {
    return service < 0 ? 0 : plan.catalog().services().get(service).answers().count();
  }

  private boolean sharesNumbers(int serviceBefore, int serviceAfter) {
    return serviceBefore >= 0
        && serviceAfter >= 0
        && before.drawKey() == after.drawKey()
        && before
            .catalog()
            .services()
            .get(serviceBefore)
            .name()
            .equals(after.catalog().services().get(serviceAfter).name());
  }

  private Crossing compute(Key key, int serviceBefore, int serviceAfter) {
    Map<ProgramOverlap.Outcome, Double> outcomes =
        (key.sharesNumbers() ? sharing : apart)
            .of(program(before, key.programBefore()), program(after, key.programAfter()));
    Map<Ends, Double> shares = new HashMap<>();
    double readdressed = 0;
    double emptied = 0;
    for (Map.Entry<ProgramOverlap.Outcome, Double> entry : outcomes.entrySet()) {
      Leaves leaves =
          new Leaves(
              serviceBefore,
              entry.getKey().before(),
              serviceAfter,
              entry.getKey().after(),
              key.sharesNumbers(),
              key.asksV4());
      double chance = entry.getValue();
      leaves.ends().forEach((pools, part) -> shares.merge(pools, chance * part, Double::sum));
      readdressed += chance * leaves.readdressed();
      emptied += leaves.isEmptied() ? chance : 0;
    }
    return new Crossing(
        cells(shares),
        readdressed,
        emptied,
        stage(before, key.programBefore()),
        stage(after, key.programAfter()));
  }

  private static List<Crossing.Cell> cells(Map<Ends, Double> shares) {
    List<Crossing.Cell> cells = new ArrayList<>();
    shares.forEach((ends, share) -> cells.add(new Crossing.Cell(ends.from(), ends.to(), share)));
    cells.sort(Comparator.comparingInt(Crossing.Cell::from).thenComparingInt(Crossing.Cell::to));
    return cells;
  }

  private static Program program(SteeringPlan plan, int program) {
    return program < 0 ? Program.NODATA : plan.arrays().programs[program];
  }

  private static Stage stage(SteeringPlan plan, int program) {
    return program < 0 ? Stage.NODATA : plan.arrays().stages[program];
  }

  /// One answer set of each plan.
  private final class Leaves {
    private final int serviceBefore;
    private final int setBefore;
    private final int serviceAfter;
    private final int setAfter;
    private final boolean sharesNumbers;
    private final boolean asksV4;

    Leaves(
        int serviceBefore,
        int setBefore,
        int serviceAfter,
        int setAfter,
        boolean sharesNumbers,
        boolean asksV4) {
      this.serviceBefore = serviceBefore;
      this.setBefore = setBefore;
      this.serviceAfter = serviceAfter;
      this.setAfter = setAfter;
      this.sharesNumbers = sharesNumbers;
      this.asksV4 = asksV4;
    }

    /// Whether both answer one address, drawn with the same number.
    private boolean drawsAlike() {
      return sharesNumbers
          && setBefore >= 0
          && setAfter >= 0
          && before.answerCount(serviceBefore, setBefore) == 1
          && after.answerCount(serviceAfter, setAfter) == 1
          && before.endpoints(setBefore, asksV4).length > 0
          && after.endpoints(setAfter, asksV4).length > 0;
    }

    Map<Ends, Double> ends() {
      Map<Ends, Double> ends = new HashMap<>();
      boolean isJoined =
          (setBefore >= 0 && before.isJoined(setBefore))
              || (setAfter >= 0 && after.isJoined(setAfter));
      if (isJoined && drawsAlike()) {
        Members from = members(before, setBefore);
        Members to = members(after, setAfter);
        Intervals.overlap(
            from.weights(),
            to.weights(),
            (i, j, length) ->
                ends.merge(
                    new Ends(
                        before.tables().poolOfEndpoint(from.ids()[i]),
                        after.tables().poolOfEndpoint(to.ids()[j])),
                    length,
                    Double::sum));
        return ends;
      }
      return fewestMoves(
          PoolShares.of(before, count(before, serviceBefore), setBefore, asksV4),
          PoolShares.of(after, count(after, serviceAfter), setAfter, asksV4));
    }

    /// Who can stay with a pool does; the others go where there is more room, in proportion.
    private Map<Ends, Double> fewestMoves(Map<Integer, Double> from, Map<Integer, Double> to) {
      Map<Ends, Double> ends = new HashMap<>();
      Map<Integer, Double> leaving = new HashMap<>(from);
      Map<Integer, Double> room = new HashMap<>(to);
      from.forEach(
          (pool, share) -> {
            int same = poolAfter(pool);
            double staying = Math.min(share, to.getOrDefault(same, 0.0));
            if (staying > 0) {
              ends.put(new Ends(pool, same), staying);
              leaving.merge(pool, -staying, Double::sum);
              room.merge(same, -staying, Double::sum);
            }
          });
      double moving = leaving.values().stream().mapToDouble(Double::doubleValue).sum();
      leaving.forEach(
          (pool, share) ->
              room.forEach(
                  (next, free) -> {
                    if (share > 0 && free > 0) {
                      ends.merge(new Ends(pool, next), share * free / moving, Double::sum);
                    }
                  }));
      return ends;
    }

    /// Share of the clients that stay with their pool and get another of its addresses.
    double readdressed() {
      if (setBefore < 0 || setAfter < 0) {
        return 0;
      }
      DnsName aliasBefore = alias(before, setBefore);
      DnsName aliasAfter = alias(after, setAfter);
      if (aliasBefore != null || aliasAfter != null) {
        return Objects.equals(aliasBefore, aliasAfter) ? 0 : staying();
      }
      if (drawsAlike()) {
        return drawnAnother();
      }
      Set<Address> old = addresses(before, setBefore);
      Set<Address> now = addresses(after, setAfter);
      Set<Address> common = new HashSet<>(old);
      common.retainAll(now);
      int most = Math.max(old.size(), now.size());
      return most == 0 ? 0 : staying() * (most - common.size()) / most;
    }

    private double staying() {
      double staying = 0;
      for (Map.Entry<Ends, Double> entry : ends().entrySet()) {
        staying += poolAfter(entry.getKey().from()) == entry.getKey().to() ? entry.getValue() : 0;
      }
      return staying;
    }

    private double drawnAnother() {
      Members from = members(before, setBefore);
      Members to = members(after, setAfter);
      double[] sum = new double[1];
      Intervals.overlap(
          from.weights(),
          to.weights(),
          (i, j, length) -> {
            int pool = poolAfter(before.tables().poolOfEndpoint(from.ids()[i]));
            boolean stays = pool == after.tables().poolOfEndpoint(to.ids()[j]);
            boolean isSame = before.address(from.ids()[i]).equals(after.address(to.ids()[j]));
            sum[0] += stays && !isSame ? length : 0;
          });
      return sum[0];
    }

    private Members members(SteeringPlan plan, int answerSet) {
      int at = PlanArrays.index(answerSet, asksV4);
      long[] cumulative = plan.arrays().memberWeights[at];
      double total = cumulative[cumulative.length - 1];
      double[] weights = new double[cumulative.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (cumulative[i] - (i == 0 ? 0 : cumulative[i - 1])) / total;
      }
      return new Members(plan.arrays().members[at], weights);
    }

    private Set<Address> addresses(SteeringPlan plan, int answerSet) {
      Set<Address> addresses = new HashSet<>();
      for (int endpoint : plan.endpoints(answerSet, asksV4)) {
        addresses.add(plan.address(endpoint));
      }
      return addresses;
    }

    boolean isEmptied() {
      return answers(before, setBefore) && !answers(after, setAfter);
    }

    private boolean answers(SteeringPlan plan, int answerSet) {
      return answerSet >= 0
          && (alias(plan, answerSet) != null || plan.endpoints(answerSet, asksV4).length > 0);
    }

    private static @Nullable DnsName alias(SteeringPlan plan, int answerSet) {
      return plan.isJoined(answerSet) ? null : plan.pools(answerSet).getFirst().cname();
    }
  }

  /// The pool of the second plan that has the name of one of the first.
  ///
  /// @return its id, {@link Crossing#NO_POOL} for no pool, or less if there is none
  private int poolAfter(int poolBefore) {
    return poolBefore < 0 ? poolBefore : sameName[poolBefore];
  }
}
