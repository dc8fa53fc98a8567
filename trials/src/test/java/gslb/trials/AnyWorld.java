package gslb.trials;

import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.dns.DnsSnapshot;
import gslb.redirect.RedirectSnapshot;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.CatalogRefused;
import gslb.steering.Endpoint;
import gslb.steering.EndpointOverride;
import gslb.steering.Families;
import gslb.steering.FlipDeadlines;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Readmission;
import gslb.steering.Service;
import gslb.steering.Site;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import gslb.zones.DynamicSlot;
import gslb.zones.FlatZone;
import gslb.zones.ZoneFile;
import gslb.zones.ZoneSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A random configuration, random health and what both servers serve of it. An address tells whose
/// it is: endpoint e of pool p has 198.18.p.e and 2001:db8:p::e.
final class AnyWorld {
  private static final List<String> CONTINENTS = List.of("EU", "NA", "AS");
  private static final List<String> COUNTRIES = List.of("DE", "FR", "US", "JP");
  private static final int[] ANSWERS = {0, 1, 1, 2, 3, Integer.MAX_VALUE};
  private static final int V4 = 0xc612_0000;
  private static final long V6 = 0x2001_0db8L << 32;

  private final Random random;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<Pool> pools = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private final SteeringPlan plan;
  private final VerdictTable verdicts;
  private final DnsSnapshot dns;
  private final RedirectSnapshot redirect;

  AnyWorld(Random random) {
    this.random = random;
    int poolCount = 2 + random.nextInt(4);
    for (int i = 0; i < poolCount; i++) {
      pools.add(pool(i));
    }
    for (int i = 0; i < 2; i++) {
      services.add(service(i));
    }
    Catalog catalog = new Catalog(List.of(), Map.of(), endpoints, pools, services);
    verdicts = verdicts();
    try {
      VerdictTable down = VerdictTable.all(endpoints.size(), Verdict.DOWN);
      Readmission readmission =
          Readmission.NONE
              .next(catalog, down, 0)
              .next(catalog, verdicts, 0)
              .next(catalog, verdicts, Duration.ofMinutes(30).toNanos());
      plan =
          SteeringTables.compile(catalog, places())
              .plan(verdicts, random.nextLong())
              .withVerdicts(verdicts, readmission);
    } catch (CatalogRefused e) {
      throw new AssertionError(e);
    }
    dns =
        DnsSnapshot.compile(
            1, plan, ZoneSet.of(List.of(zone(services))), new FlipDeadlines(endpoints.size()));
    redirect = RedirectSnapshot.compile(1, plan);
  }

  static String host(int service) {
    return "s" + service + ".gslb.example";
  }

  /// Every service with HTTPS records beside its addresses.
  static FlatZone zone(List<Service> services) {
    List<DynamicSlot> slots = new ArrayList<>();
    for (Service service : services) {
      DynamicSlot.Claim claim =
          service.httpsRecord() == null
              ? DynamicSlot.Claim.ADDRESSES
              : DynamicSlot.Claim.ADDRESSES_AND_HTTPS;
      service
          .names()
          .forEach(
              name ->
                  slots.add(new DynamicSlot(service.id(), name, claim, SourceSpan.file("test"))));
    }
    String text = "@ 60 SOA ns1 host 1 3600 600 604800 60\n@ 60 NS ns1\nns1 60 A 192.0.2.9\n";
    return ZoneFile.read("zone", text, DnsName.of("gslb.example"), slots, new Diagnostics())
        .orElseThrow();
  }

  private Pool pool(int id) {
    List<Endpoint> members = new ArrayList<>();
    int families = 1 + random.nextInt(3);
    for (int i = 0; i < 2 + random.nextInt(3); i++) {
      boolean isV4 = families == 1 || families == 3 && random.nextBoolean();
      Address address = isV4 ? Address.v4(V4 | id << 8 | i) : Address.v6(V6 | (long) id << 16, i);
      members.add(new Endpoint(endpoints.size(), address, 1 + random.nextInt(5)));
      endpoints.add(members.getLast());
    }
    Site site = new Site("site", "EU", "DE", random.nextInt(-90, 91), random.nextInt(-180, 181));
    return new Pool(
        id,
        "p" + id,
        site,
        random.nextBoolean() ? MinHealthy.ONE_ENDPOINT : new MinHealthy.Percent(50),
        "https://p" + id + ".example.net",
        null,
        members,
        List.of(),
        random.nextInt(3) == 0 ? Duration.ofHours(1) : Duration.ZERO,
        0);
  }

  private Service service(int id) {
    AllDown allDown =
        switch (random.nextInt(4)) {
          case 0 -> new AllDown.NoData();
          case 1 -> new AllDown.Sorry(anyPool());
          default -> new AllDown.Answer();
        };
    return new Service(
        id,
        "s" + id,
        List.of(DnsName.of(host(id))),
        new Service.Ttl(5, 30),
        List.of(Families.values()).get(random.nextInt(3)),
        new Service.Answers(ANSWERS[random.nextInt(ANSWERS.length)]),
        allDown,
        policy(2),
        new Service.Redirect(List.of(host(id)), "s" + id),
        Service.HttpsRecord.PLAIN,
        0);
  }

  private Pool anyPool() {
    return pools.get(random.nextInt(pools.size()));
  }

  private List<Pool> somePools() {
    List<Pool> some = new ArrayList<>(pools);
    Collections.shuffle(some, random);
    return some.subList(0, 1 + random.nextInt(some.size()));
  }

  private Policy policy(int depth) {
    return switch (depth == 0 ? 0 : 1 + random.nextInt(6)) {
      case 0 -> new Policy.Use(anyPool());
      case 1 -> {
        List<Policy> children = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
          children.add(policy(depth - 1));
        }
        yield new Policy.Failover(children);
      }
      case 2 -> new Policy.Weighted(shares(depth));
      case 3 -> new Policy.Sticky(shares(depth));
      case 4 ->
          new Policy.Nearest(
              pools,
              pools.stream()
                  .map(_ -> random.nextInt(4) == 0 ? random.nextInt(-50, 51) : 0)
                  .toList(),
              1 + random.nextInt(3),
              random.nextBoolean() ? 100 : 150);
      case 5 -> new Policy.All(somePools());
      default -> {
        Map<String, Policy> countries = new HashMap<>();
        COUNTRIES.stream()
            .filter(_ -> random.nextBoolean())
            .forEach(c -> countries.put(c, policy(depth - 1)));
        Map<String, Policy> continents = new HashMap<>();
        CONTINENTS.stream()
            .filter(_ -> random.nextBoolean())
            .forEach(c -> continents.put(c, policy(depth - 1)));
        yield new Policy.Geo(
            Map.of("office", policy(depth - 1)),
            countries,
            continents,
            random.nextInt(5) == 0 ? null : policy(depth - 1));
      }
    };
  }

  private List<Policy.Weighted.Branch> shares(int depth) {
    List<Policy.Weighted.Branch> shares = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i >= 0; i--) {
      shares.add(new Policy.Weighted.Branch(policy(depth - 1), random.nextInt(10)));
    }
    return shares;
  }

  private VerdictTable verdicts() {
    VerdictTable table = VerdictTable.all(endpoints.size(), Verdict.UP);
    int mood = random.nextInt(4);
    for (int i = 0; i < endpoints.size(); i++) {
      if (random.nextInt(4) < mood) {
        table = table.with(i, random.nextInt(8) == 0 ? Verdict.UNKNOWN : Verdict.DOWN);
      }
      if (random.nextInt(8) < mood) {
        table =
            table.with(
                i,
                List.of(EndpointOverride.values())
                    .get(random.nextInt(EndpointOverride.values().length)));
      }
    }
    return table;
  }

  private PlaceTable places() {
    Map<Prefix, Place> places = new LinkedHashMap<>();
    for (int i = 0; i < 12; i++) {
      places.put(Prefix.of("10." + i + ".0.0/16"), place());
      places.put(Prefix.of("2001:db9:" + i + "::/48"), place());
    }
    return PlaceTable.of(places);
  }

  private Place place() {
    boolean isLocated = random.nextInt(4) > 0;
    return new Place(
        CONTINENTS.get(random.nextInt(3)),
        COUNTRIES.get(random.nextInt(4)),
        isLocated ? random.nextInt(-90, 91) : Double.NaN,
        isLocated ? random.nextInt(-180, 181) : Double.NaN,
        random.nextInt(6) == 0 ? "office" : "");
  }

  /// An address of one of the known prefixes, or of none.
  Address client() {
    return random.nextBoolean()
        ? Address.v4(10 << 24 | random.nextInt(14) << 16 | random.nextInt(1 << 16))
        : Address.v6(0x2001_0db9L << 32 | (long) random.nextInt(14) << 16, random.nextLong());
  }

  DnsSnapshot dns() {
    return dns;
  }

  RedirectSnapshot redirect() {
    return redirect;
  }

  Service service(String host) {
    return services.stream()
        .filter(s -> s.redirect().hosts().contains(host))
        .findFirst()
        .orElseThrow();
  }

  List<Service> services() {
    return services;
  }

  /// The number of the pool that an answered address belongs to.
  static int pool(Address address) {
    return address.isV4()
        ? (int) (address.low() >>> 8 & 0xff)
        : (int) (address.high() >>> 16 & 0xff);
  }

  /// Whether an endpoint of the pool and family is up for certain.
  boolean isAnyUp(int pool, boolean v4) {
    return pools.get(pool).endpoints().stream()
        .filter(e -> e.address().isV4() == v4)
        .anyMatch(
            e ->
                verdicts.override(e.id()) == EndpointOverride.UP
                    || verdicts.override(e.id()) == EndpointOverride.NONE
                        && verdicts.verdict(e.id()) == Verdict.UP);
  }

  /// Whether a policy may answer with several pools at once.
  static boolean hasAll(Policy policy) {
    return switch (policy) {
      case Policy.Use _, Policy.Nearest _ -> false;
      case Policy.All _ -> true;
      case Policy.Failover(List<Policy> children) -> children.stream().anyMatch(AnyWorld::hasAll);
      case Policy.Weighted(List<Policy.Weighted.Branch> branches) ->
          branches.stream().anyMatch(b -> hasAll(b.child()));
      case Policy.Sticky(List<Policy.Weighted.Branch> branches) ->
          branches.stream().anyMatch(b -> hasAll(b.child()));
      case Policy.Geo geo -> geo.branches().stream().anyMatch(AnyWorld::hasAll);
    };
  }
}
