package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// `nearest`, with bias, ring and limit, at 10,000 places, against a search through all pools with
/// a haversine of its own. What is judged is the compiled plan's choice.
final class NearestTest {
  private static final int PLACES = 10_000;
  private static final int POOLS = 12;
  private static final double RADIUS_METRES = 6_371_008.8;
  private static final long FAR = Long.MAX_VALUE;

  private final Random random = new Random(20);
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<Pool> pools = new ArrayList<>();
  private final List<Place> places = new ArrayList<>();
  private final long[][] metres = new long[PLACES][POOLS];

  private double latitude() {
    return Math.toDegrees(Math.asin(random.nextDouble(-1, 1)));
  }

  /// Ten pools anywhere on earth, one where another is, one nowhere.
  private void addPools() {
    Site last = new Site("site", "EU", "DE", 0, 0);
    for (int i = 0; i < POOLS; i++) {
      Site site =
          i == 7 ? last : new Site("site", "EU", "DE", latitude(), random.nextDouble(-180, 180));
      Endpoint endpoint = new Endpoint(i, Address.v4(0xc6336400 + i), 1);
      endpoints.add(endpoint);
      pools.add(
          new Pool(
              i, "p" + i, i == 11 ? null : site, MinHealthy.ONE_ENDPOINT, null, List.of(endpoint)));
      last = site;
    }
  }

  private static Address client(int place) {
    return Address.v4(0x0a000000 + (place << 8) + 1);
  }

  /// Some at a site, some at a pole or the date line, some whose place is not known.
  private PlaceTable addPlaces() {
    Map<Prefix, Place> table = new LinkedHashMap<>();
    for (int i = 0; i < PLACES; i++) {
      Site at = pools.get(random.nextInt(11)).site();
      Place place =
          switch (random.nextInt(20)) {
            case 0 -> new Place("EU", "", at == null ? 0 : at.latitude(), 13, "");
            case 1 -> new Place("EU", "", 90, random.nextInt(-180, 181), "");
            case 2 -> new Place("EU", "", latitude(), random.nextBoolean() ? 180 : -180, "");
            case 3 -> new Place("EU", "", Double.NaN, Double.NaN, "");
            default -> new Place("EU", "", latitude(), random.nextDouble(-180, 180), "");
          };
      places.add(place);
      for (Pool pool : pools) {
        metres[i][pool.id()] = metres(pool.site(), place);
      }
      table.put(Prefix.around(client(i), 24), place);
    }
    return PlaceTable.of(table);
  }

  /// A permutation of the pools, biases, a ring and a limit.
  private Policy.Nearest randomPolicy() {
    List<Pool> of = new ArrayList<>(pools);
    Collections.shuffle(of, random);
    List<Integer> biases = new ArrayList<>();
    of.forEach(_ -> biases.add(random.nextInt(3) == 0 ? random.nextInt(-99, 100) : 0));
    int within = random.nextBoolean() ? 100 : random.nextInt(101, 400);
    return new Policy.Nearest(of, biases, 1 + random.nextInt(POOLS), within);
  }

  private static Service service(int id, Policy policy) {
    return new Service(
        id,
        "s" + id,
        List.of(),
        new Service.Ttl(5, 30),
        Families.ANY,
        Service.Answers.ONE,
        new AllDown.NoData(),
        policy,
        null);
  }

  @Test
  void theChoiceIsThatOfASearchThroughAllPoolsAtTenThousandPlaces() throws Exception {
    addPools();
    PlaceTable table = addPlaces();
    List<Service> services = new ArrayList<>();
    services.add(service(0, new Policy.Nearest(pools, POOLS)));
    services.add(service(1, new Policy.Nearest(pools, Policy.Nearest.LIMIT_DEFAULT)));
    for (int i = 2; i < 6; i++) {
      services.add(service(i, randomPolicy()));
    }
    SteeringTables tables =
        SteeringTables.compile(new Catalog(List.of(), Map.of(), endpoints, pools, services), table);
    int drawnBehindTheNearest = 0;
    for (int down = 0; down < POOLS; down += 4) {
      VerdictTable verdicts = VerdictTable.all(POOLS, Verdict.UP);
      for (int i = 0; i < down; i++) {
        verdicts = verdicts.with(random.nextInt(POOLS), Verdict.DOWN);
      }
      SteeringPlan plan = tables.plan(verdicts, down);
      for (Service service : services) {
        drawnBehindTheNearest += agree(plan, verdicts, service);
      }
    }
    assertThat(drawnBehindTheNearest).as("rings are drawn from").isGreaterThan(5_000);
  }

  /// @return at how many places another pool of the ring was drawn than the nearest
  private int agree(SteeringPlan plan, VerdictTable verdicts, Service service) {
    Policy.Nearest policy = (Policy.Nearest) service.policy();
    Selection selection = new Selection();
    int drawnBehindTheNearest = 0;
    for (int i = 0; i < PLACES; i++) {
      plan.steer(service.id(), true, 0, client(i).low(), i * 37L, selection);
      Set<Integer> expected = search(policy, metres[i], verdicts);
      int pool = plan.pool(selection);
      if (expected.isEmpty() ? pool != -1 : !expected.contains(pool)) {
        throw new AssertionError(
            "pool %d of %s at %s by %s".formatted(pool, expected, places.get(i), policy));
      }
      drawnBehindTheNearest += expected.size() > 1 && pool != expected.iterator().next() ? 1 : 0;
    }
    return drawnBehindTheNearest;
  }

  /// The pools that a client there may get, by no more than comparing them two by two.
  ///
  /// @param unbiased metres by id of the pool
  private static Set<Integer> search(
      Policy.Nearest policy, long[] unbiased, VerdictTable verdicts) {
    List<Integer> ranked = new ArrayList<>();
    long[] metres = new long[policy.pools().size()];
    for (int i = 0; i < metres.length; i++) {
      metres[i] = biased(unbiased[policy.pools().get(i).id()], policy.biases().get(i));
      int before = 0;
      while (before < ranked.size() && metres[ranked.get(before)] <= metres[i]) {
        before++;
      }
      ranked.add(before, i);
    }
    List<Integer> kept = ranked.subList(0, Math.min(policy.limit(), ranked.size()));
    long nearest = metres[kept.getFirst()];
    Set<Integer> ring = new LinkedHashSet<>();
    for (int i : kept) {
      boolean isNear =
          i == kept.getFirst()
              || nearest != FAR
                  && policy.withinPercent() > 100
                  && metres[i] != FAR
                  && metres[i] * 100 <= nearest * policy.withinPercent();
      if (isNear && isUp(policy, i, verdicts)) {
        ring.add(policy.pools().get(i).id());
      }
    }
    if (!ring.isEmpty()) {
      return ring;
    }
    for (int i : kept) {
      if (isUp(policy, i, verdicts)) {
        return Set.of(policy.pools().get(i).id());
      }
    }
    return Set.of();
  }

  private static boolean isUp(Policy.Nearest policy, int index, VerdictTable verdicts) {
    return verdicts.verdict(policy.pools().get(index).id()) == Verdict.UP;
  }

  /// In whole metres, down.
  private static long biased(long metres, int bias) {
    if (metres == FAR) {
      return FAR;
    }
    return bias >= 0 ? metres * (100 - bias) / 100 : metres * 100 / (100 + bias);
  }

  /// In whole metres, to the nearest.
  private static long metres(@Nullable Site site, Place from) {
    if (site == null || Double.isNaN(from.latitude())) {
      return FAR;
    }
    double north = haversine(from.latitude() - site.latitude());
    double east = haversine(from.longitude() - site.longitude());
    double h =
        north
            + Math.cos(Math.toRadians(from.latitude()))
                * Math.cos(Math.toRadians(site.latitude()))
                * east;
    double angle = 2 * Math.atan2(Math.sqrt(h), Math.sqrt(Math.max(0, 1 - h)));
    return Math.round(RADIUS_METRES * angle);
  }

  private static double haversine(double degrees) {
    return (1 - Math.cos(Math.toRadians(degrees))) / 2;
  }
}
