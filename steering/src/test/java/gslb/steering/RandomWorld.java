package gslb.steering;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.steering.places.CountryTable;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.GeoDatabaseRefused;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import gslb.testkit.MmdbWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Random catalogs, places and verdicts.
final class RandomWorld {
  private static final String[] CONTINENTS = {"EU", "NA", "AS", ""};
  private static final String[] COUNTRIES = {"DE", "FR", "US", "JP", ""};
  private static final String[] NETWORKS = {"office", "lab", ""};
  private static final int[] ANSWERS = {0, 1, 2, 3, Integer.MAX_VALUE};
  private static final String[] SUBDIVISIONS = {"BY", "BE", "X1"};
  private static final long[] CITIES = {2_950_159, 2_867_714, 0xffff_ffffL, 0};
  private static final long[] ASNS = {64_500, 64_501, 4_200_000_000L, 0};
  private static final List<Verdict> VERDICTS = List.of(Verdict.values());
  private static final List<EndpointOverride> OVERRIDES = List.of(EndpointOverride.values());

  private static final Duration RAMPS_FOR = Duration.ofHours(1);

  private final Random random;
  private final boolean authorsNothing;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<Pool> pools = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private final Map<Prefix, Place> placeOf = new LinkedHashMap<>();

  /// @param authorsNothing whether policies may hold empty lists, weights without branches, `geo`
  ///     without a default, and pools without endpoints
  RandomWorld(Random random, boolean authorsNothing) {
    this.random = random;
    this.authorsNothing = authorsNothing;
    int poolCount = 1 + random.nextInt(5);
    for (int i = 0; i < poolCount; i++) {
      addPool();
    }
    slowDown();
    int serviceCount = 1 + random.nextInt(4);
    for (int i = 0; i < serviceCount; i++) {
      addService();
    }
    for (int i = 0; i < 12; i++) {
      placeOf.put(Prefix.of("10." + i + ".0.0/16"), randomPlace());
      placeOf.put(Prefix.of("2001:db8:" + i + "::/48"), randomPlace());
    }
  }

  private Place randomPlace() {
    boolean located = random.nextInt(4) > 0;
    String country = pick(COUNTRIES);
    List<String> subdivisions = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0 && !country.isEmpty(); i--) {
      subdivisions.add(country + "-" + pick(SUBDIVISIONS));
    }
    return new Place(
        pick(CONTINENTS),
        country,
        subdivisions,
        CITIES[random.nextInt(CITIES.length)],
        located ? random.nextInt(-90, 91) : Double.NaN,
        located ? random.nextInt(-180, 181) : Double.NaN,
        ASNS[random.nextInt(ASNS.length)],
        pick(NETWORKS));
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }

  private void addPool() {
    List<Endpoint> members = new ArrayList<>();
    int count = authorsNothing ? random.nextInt(5) : 1 + random.nextInt(4);
    // Neither in a ramp nor with families that are decided apart: a configuration cannot say it.
    boolean isAlias = authorsNothing && pools.size() >= 2 && random.nextInt(4) == 0;
    for (int i = 0; i < count; i++) {
      int id = endpoints.size();
      Address address =
          random.nextBoolean() ? Address.v4(0xcb007100 + id) : Address.v6(0x20010db8L << 32, id);
      members.add(new Endpoint(id, address, 1 + random.nextInt(5)));
      endpoints.add(members.getLast());
    }
    MinHealthy minHealthy =
        random.nextBoolean()
            ? new MinHealthy.Endpoints(1 + random.nextInt(3))
            : new MinHealthy.Percent(1 + random.nextInt(100));
    pools.add(
        new Pool(
            pools.size(),
            "p" + pools.size(),
            randomSite(),
            minHealthy,
            null,
            isAlias ? DnsName.of("lb.example.net") : null,
            members,
            List.of(),
            Duration.ZERO,
            0));
  }

  /// Gives some pools ramps, such that their steps differ.
  private void slowDown() {
    List<Integer> steps = new ArrayList<>(IntStream.rangeClosed(2, 64).boxed().toList());
    Collections.shuffle(steps, random);
    int count = random.nextInt(pools.size() + 1);
    for (int id = 0; id < count; id++) {
      Pool of = pools.get(id);
      if (of.cname() != null) {
        continue;
      }
      Duration ramp = RAMPS_FOR.multipliedBy(63).dividedBy(steps.get(id) - 1);
      pools.set(
          id,
          new Pool(
              id,
              of.name(),
              of.site(),
              of.minHealthy(),
              null,
              null,
              of.endpoints(),
              List.of(),
              ramp,
              0));
    }
  }

  /// When every pool that these verdicts make available recovered an hour ago.
  Readmission readmission(VerdictTable verdicts) {
    long now = random.nextLong();
    VerdictTable down = VerdictTable.all(endpoints.size(), Verdict.DOWN);
    return Readmission.NONE
        .next(catalog(), down, now)
        .next(catalog(), verdicts, now)
        .next(catalog(), verdicts, now + RAMPS_FOR.toNanos());
  }

  private @Nullable Site randomSite() {
    return random.nextInt(5) == 0
        ? null
        : new Site("site", "EU", "DE", random.nextInt(-90, 91), random.nextInt(-180, 181));
  }

  private void addService() {
    int id = services.size();
    AllDown allDown =
        switch (authorsNothing ? random.nextInt(4) : 0) {
          case 0, 1 -> new AllDown.Answer();
          case 2 -> new AllDown.NoData();
          default -> new AllDown.Sorry(randomPool());
        };
    services.add(
        new Service(
            id,
            "s" + id,
            List.of(DnsName.of("s" + id + ".gslb.example")),
            new Service.Ttl(5, 30),
            List.of(Families.values())
                .get(random.nextInt(pools.stream().anyMatch(p -> p.cname() != null) ? 2 : 3)),
            new Service.Answers(ANSWERS[random.nextInt(ANSWERS.length)]),
            allDown,
            policy(3),
            null));
  }

  private Pool randomPool() {
    return pools.get(random.nextInt(pools.size()));
  }

  private Policy policy(int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(8)) {
      case 0, 1 -> new Policy.Use(randomPool());
      case 2 -> {
        List<Policy> children = new ArrayList<>();
        int count = least() + random.nextInt(4);
        for (int i = 0; i < count; i++) {
          children.add(policy(depth - 1));
        }
        yield new Policy.Failover(children);
      }
      case 3 -> new Policy.Weighted(shares(depth));
      case 4 -> new Policy.Sticky(shares(depth));
      case 5 -> {
        List<Pool> of = somePools();
        List<Integer> biases = new ArrayList<>();
        of.forEach(_ -> biases.add(random.nextInt(3) == 0 ? random.nextInt(-99, 100) : 0));
        yield new Policy.Nearest(
            of,
            biases,
            1 + random.nextInt(4),
            random.nextBoolean() ? 100 : random.nextInt(100, 400));
      }
      case 6 ->
          new Policy.All(
              authorsNothing && random.nextInt(8) == 0
                  ? List.of()
                  : somePools().stream().filter(pool -> pool.cname() == null).toList());
      default ->
          new Policy.Geo(
              branches(NETWORKS, depth),
              branches(ASNS, depth),
              branches(CITIES, depth),
              subdivisions(depth),
              branches(COUNTRIES, depth),
              branches(CONTINENTS, depth),
              authorsNothing && random.nextInt(3) == 0 ? null : policy(depth - 1));
    };
  }

  private List<Policy.Weighted.Branch> shares(int depth) {
    List<Policy.Weighted.Branch> branches = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      int weight = random.nextInt(4) == 0 ? 0 : random.nextInt(20);
      branches.add(new Policy.Weighted.Branch(policy(depth - 1), weight));
    }
    return branches;
  }

  private List<Pool> somePools() {
    List<Pool> of = new ArrayList<>(pools);
    Collections.shuffle(of, random);
    return of.subList(0, 1 + random.nextInt(of.size()));
  }

  private int least() {
    return authorsNothing ? 0 : 1;
  }

  private Map<String, Policy> branches(String[] keys, int depth) {
    Map<String, Policy> branches = new HashMap<>();
    for (String key : keys) {
      if (!key.isEmpty() && random.nextInt(3) == 0) {
        branches.put(key, policy(depth - 1));
      }
    }
    return branches;
  }

  private Map<Long, Policy> branches(long[] keys, int depth) {
    Map<Long, Policy> branches = new HashMap<>();
    for (long key : keys) {
      if (key != 0 && random.nextInt(4) == 0) {
        branches.put(key, policy(depth - 1));
      }
    }
    return branches;
  }

  private Map<String, Policy> subdivisions(int depth) {
    Map<String, Policy> branches = new HashMap<>();
    for (String country : COUNTRIES) {
      for (String subdivision : SUBDIVISIONS) {
        if (!country.isEmpty() && random.nextInt(8) == 0) {
          branches.put(country + "-" + subdivision, policy(depth - 1));
        }
      }
    }
    return branches;
  }

  Catalog catalog() {
    return new Catalog(List.of(), Map.of(), endpoints, pools, services);
  }

  /// Written by hand with all there is, or compiled from two databases with what policies look at.
  PlaceTable places() {
    if (random.nextInt(6) > 0) {
      return PlaceTable.of(placeOf);
    }
    Map<Prefix, Map<String, Object>> locations = new LinkedHashMap<>();
    Map<Prefix, Map<String, Object>> asns = new LinkedHashMap<>();
    Map<String, List<Prefix>> networks = new HashMap<>();
    placeOf.forEach(
        (prefix, place) -> {
          locations.put(prefix, GeoRecords.location(place));
          asns.put(prefix, GeoRecords.asn(place));
          if (!place.network().isEmpty()) {
            networks.computeIfAbsent(place.network(), _ -> new ArrayList<>()).add(prefix);
          }
        });
    try {
      return PlaceTable.compile(
          List.of(
              GeoDatabase.read("city.mmdb", MmdbWriter.write(6, 24, locations)),
              GeoDatabase.read("asn.mmdb", MmdbWriter.write(6, 28, asns))),
          networks,
          CountryTable.standard(),
          catalog().detail());
    } catch (GeoDatabaseRefused e) {
      throw new AssertionError(e);
    }
  }

  SteeringTables tables() {
    try {
      return SteeringTables.compile(catalog(), places());
    } catch (CatalogRefused e) {
      throw new AssertionError(e);
    }
  }

  private Verdict anyVerdict() {
    return VERDICTS.get(random.nextInt(VERDICTS.size()));
  }

  private EndpointOverride anyOverride() {
    return OVERRIDES.get(random.nextInt(OVERRIDES.size()));
  }

  /// Mostly up, mostly down, or anything.
  VerdictTable verdicts() {
    VerdictTable table = VerdictTable.all(endpoints.size(), anyVerdict());
    int mood = random.nextInt(3);
    for (int i = 0; i < endpoints.size(); i++) {
      if (random.nextInt(3) <= mood) {
        table = table.with(i, anyVerdict());
      }
      if (random.nextInt(4) < mood) {
        table = table.with(i, anyOverride());
      }
    }
    return table;
  }

  /// Changes one or two endpoints.
  VerdictTable flipped(VerdictTable table) {
    VerdictTable next = table;
    for (int i = 0; i < 1 + random.nextInt(2) && !endpoints.isEmpty(); i++) {
      int endpoint = random.nextInt(endpoints.size());
      next =
          random.nextInt(3) == 0
              ? next.with(endpoint, anyOverride())
              : next.with(endpoint, anyVerdict());
    }
    return next;
  }

  /// An address of one of the known prefixes, or of none; sometimes an IPv4 address in IPv6.
  Address client() {
    Address v4 = Address.v4(10 << 24 | random.nextInt(14) << 16 | random.nextInt(1 << 16));
    return switch (random.nextInt(5)) {
      case 0, 1 -> v4;
      case 2 -> Address.v6(0, 0xffffL << 32 | v4.low());
      case 3 -> Address.v6(0x2002L << 48 | v4.low() << 16 | random.nextInt(1 << 16), 1);
      default -> Address.v6(0x20010db8L << 32 | (long) random.nextInt(14) << 16, random.nextLong());
    };
  }
}
