package gslb.bench;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.dns.DnsSnapshot;
import gslb.redirect.RedirectSnapshot;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.Families;
import gslb.steering.FlipDeadlines;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Readmission;
import gslb.steering.Selection;
import gslb.steering.Service;
import gslb.steering.Site;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.CountryTable;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.PlaceTable;
import gslb.zones.ZoneSet;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// What a verdict flip costs until the next generation is published: 10,000 services, each with a
/// policy of its own over 200 shared pools of 4 endpoints, and one `nearest` of 12. One pool, which
/// every policy uses, goes down and comes back ten times a second. Stage B, the encoding and the
/// redirect side are built as a node's publisher builds them, from the generation before.
///
///     java @gslb.jvmopts -cp ... gslb.bench.FlipCost [--json] [<services> [<flips>]]
///
/// Run it in the root folder. The exit code is 0 if the median is at most 50 ms and the 99th
/// percentile at most 150 ms, 1 if not, 64 for wrong arguments.
public final class FlipCost {
  private static final int SERVICES_MAX = 100_000;
  private static final int FLIPS_MAX = 100_000;
  private static final int POOLS = 200;
  private static final int POOL_SIZE = 4;
  private static final int NEAREST = 12;
  private static final int WARM_UP = 50;
  private static final Duration GAP = Duration.ofMillis(100);
  private static final double MEDIAN_MAX_MILLIS = 50;
  private static final double P99_MAX_MILLIS = 150;
  private static final List<String> CONTINENTS = List.of("AF", "AS", "EU", "NA", "OC", "SA");

  /// What is published.
  private record Published(SteeringPlan plan, DnsSnapshot dns, RedirectSnapshot redirect) {}

  private final Random random = new Random(1);
  private volatile Published current;

  private FlipCost(Published first) {
    current = first;
  }

  public static void main(String[] arguments) throws Exception {
    List<String> numbers = new ArrayList<>(List.of(arguments));
    boolean json = numbers.remove("--json");
    if (numbers.size() > 2 || !numbers.stream().allMatch(n -> n.matches("\\d{1,8}"))) {
      System.err.println("usage: FlipCost [--json] [<services> [<flips>]]");
      System.exit(64);
    }
    int services = ZoneLoad.number(numbers, 0, 10_000, SERVICES_MAX);
    int flips = ZoneLoad.number(numbers, 1, 300, FLIPS_MAX);
    System.exit(run(services, flips, json) ? 0 : 1);
  }

  private static boolean run(int services, int flips, boolean json) throws Exception {
    Catalog catalog = catalog(services);
    GeoDatabase database =
        GeoDatabase.read(
            "country.mmdb", Files.readAllBytes(Path.of("deploy/geo/geo-whois-asn-country.mmdb")));
    long began = System.nanoTime();
    PlaceTable places =
        PlaceTable.compile(List.of(database), Map.of(), CountryTable.standard(), catalog.detail());
    SteeringTables tables = SteeringTables.compile(catalog, places);
    double compileMillis = (System.nanoTime() - began) / 1e6;
    int endpoints = catalog.endpoints().size();
    SteeringPlan plan =
        tables.plan(VerdictTable.all(endpoints, Verdict.UP), SteeringPlan.drawKey("bench"));
    DnsSnapshot dns =
        DnsSnapshot.compile(1, plan, ZoneSet.of(List.of()), new FlipDeadlines(endpoints));
    FlipCost cost = new FlipCost(new Published(plan, dns, RedirectSnapshot.compile(1, plan)));
    System.err.printf(
        Locale.ROOT,
        "%d services, %d programs, compiled in %.0f ms%n",
        services,
        tables.programCount(),
        compileMillis);
    double[] millis = new double[flips];
    double[] cpu = new double[flips];
    for (int flip = -WARM_UP; flip < flips; flip++) {
      long from = System.nanoTime();
      long cpuFrom = cpuNanos();
      cost.flip(flip);
      if (flip >= 0) {
        millis[flip] = (System.nanoTime() - from) / 1e6;
        cpu[flip] = (cpuNanos() - cpuFrom) / 1e6;
      }
      // The pace is part of what is measured: a collector that rests between flips.
      Thread.sleep(Duration.ofNanos(Math.max(0, GAP.toNanos() - (System.nanoTime() - from))));
    }
    Arrays.sort(millis);
    Arrays.sort(cpu);
    double median = millis[flips / 2];
    double p99 = millis[flips * 99 / 100];
    double heap = heapMegabytes();
    System.out.printf(
        Locale.ROOT,
        json
            ? "{\"services\":%d,\"programs\":%d,\"compileMillis\":%.0f,\"medianMillis\":%.1f,"
                  + "\"p99Millis\":%.1f,\"maxMillis\":%.1f,\"medianCpuMillis\":%.1f,\"heapMiB\":%.0f}%n"
            : """
            services                     %d
            programs                     %d
            compiled in                  %.0f ms
            publish, median              %.1f ms
            publish, 99th percentile     %.1f ms
            publish, longest             %.1f ms
            processor time, median       %.1f ms
            heap after a collection      %.0f MiB
            """,
        services,
        tables.programCount(),
        compileMillis,
        median,
        p99,
        millis[flips - 1],
        cpu[flips / 2],
        heap);
    if (cost.current.plan().catalog().services().size() != services) {
      throw new AssertionError("the plan is of another catalog");
    }
    return median <= MEDIAN_MAX_MILLIS && p99 <= P99_MAX_MILLIS;
  }

  /// Turns the shared pool over and publishes.
  private void flip(int flip) {
    Published before = current;
    VerdictTable verdicts = before.plan().verdicts();
    Verdict verdict = (flip & 1) == 0 ? Verdict.DOWN : Verdict.UP;
    for (Endpoint endpoint : before.plan().catalog().pools().getFirst().endpoints()) {
      verdicts = verdicts.with(endpoint.id(), verdict);
    }
    SteeringPlan plan = before.plan().withVerdicts(verdicts, Readmission.NONE);
    long number = before.dns().generation() + 1;
    current =
        new Published(plan, before.dns().with(number, plan), before.redirect().with(number, plan));
    checkOne(plan, verdict);
  }

  /// The shared pool is chosen if and only if it is up; or nothing was measured.
  private void checkOne(SteeringPlan plan, Verdict verdict) {
    Selection selection = new Selection();
    int service = random.nextInt(plan.catalog().services().size() - 1);
    plan.steer(service, true, 0, random.nextInt() & 0xffffffffL, 0, selection);
    if (plan.pool(selection) == 0 != (verdict == Verdict.UP)) {
      throw new AssertionError(
          "service " + service + " gets pool " + plan.pool(selection) + " while 0 is " + verdict);
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double heapMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
  }

  private static Catalog catalog(int services) {
    Random random = new Random(2);
    List<Endpoint> endpoints = new ArrayList<>();
    List<Pool> pools = new ArrayList<>();
    List<Site> sites = new ArrayList<>();
    for (int id = 0; id < POOLS; id++) {
      Site site =
          new Site(
              "site" + id,
              CONTINENTS.get(id % CONTINENTS.size()),
              "",
              random.nextDouble(-60, 70),
              random.nextDouble(-180, 180));
      sites.add(site);
      List<Endpoint> own = new ArrayList<>();
      for (int i = 0; i < POOL_SIZE; i++) {
        own.add(
            new Endpoint(
                endpoints.size() + i,
                Address.of(i % 2 == 0 ? "192.0.2." + (id + 1) : "2001:db8::" + (id + 1) + ":" + i),
                1));
      }
      endpoints.addAll(own);
      pools.add(
          new Pool(
              id,
              "pool" + id,
              site,
              MinHealthy.ONE_ENDPOINT,
              "https://pool" + id + ".example.org",
              own));
    }
    List<Service> all = new ArrayList<>();
    Set<Policy> distinct = new HashSet<>();
    while (all.size() < services - 1) {
      Policy policy = policy(pools, random);
      if (distinct.add(policy)) {
        all.add(service(all.size(), policy));
      }
    }
    all.add(
        service(
            all.size(),
            new Policy.Nearest(pools.subList(0, NEAREST), Policy.Nearest.LIMIT_DEFAULT)));
    return new Catalog(sites, Map.of(), endpoints, pools, all);
  }

  /// A branch for each of some continents and one for the others; each begins with the shared pool.
  private static Policy policy(List<Pool> pools, Random random) {
    Map<String, Policy> byContinent = new HashMap<>();
    for (String continent : List.of("EU", "NA", "AS")) {
      byContinent.put(continent, list(pools, random));
    }
    return new Policy.Geo(Map.of(), Map.of(), byContinent, list(pools, random));
  }

  private static Policy list(List<Pool> pools, Random random) {
    List<Policy> children = new ArrayList<>();
    children.add(new Policy.Use(pools.getFirst()));
    Pool second = pools.get(1 + random.nextInt(POOLS - 1));
    Pool third = pools.get(1 + random.nextInt(POOLS - 1));
    children.add(
        switch (random.nextInt(3)) {
          case 0 -> new Policy.Use(second);
          case 1 ->
              new Policy.Weighted(
                  List.of(
                      new Policy.Weighted.Branch(new Policy.Use(second), 1 + random.nextInt(90)),
                      new Policy.Weighted.Branch(new Policy.Use(third), 10)));
          default ->
              new Policy.Sticky(
                  List.of(
                      new Policy.Weighted.Branch(new Policy.Use(second), 1),
                      new Policy.Weighted.Branch(new Policy.Use(third), 1)));
        });
    return new Policy.Failover(children);
  }

  private static Service service(int id, Policy policy) {
    return new Service(
        id,
        "s" + id,
        List.of(DnsName.parse("s" + id + ".gslb.example.").orElseThrow()),
        new Service.Ttl(5, 30),
        Families.ANY,
        Service.Answers.BY_POLICY,
        new AllDown.Answer(),
        policy,
        new Service.Redirect(List.of("s" + id + ".gslb.example"), "s" + id));
  }
}
