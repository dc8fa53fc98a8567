package gslb.dns;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.CatalogRefused;
import gslb.steering.Endpoint;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A small world: continents by prefix, pools, and services whose choice needs no draw.
final class TestSteering {
  /// The service that answers with one endpoint, of Europe's pool or else America's.
  static final int ONE = 0;

  /// The service that answers with every endpoint, of Europe's pool or else the large one.
  static final int ALL = 1;

  /// The service that never answers.
  static final int NOTHING = 2;

  /// The service that answers Europe alone.
  static final int FENCED = 3;

  /// The service that answers Europe's addresses, and a CNAME elsewhere.
  static final int ALIAS = 4;

  /// The service that answers a CNAME while the endpoints behind it are up, else Europe's
  /// addresses.
  static final int WATCHED = 5;

  /// The service that draws a pool, and of it an endpoint.
  static final int DRAWN = 6;

  /// The service that answers two endpoints of the large pool.
  static final int SOME = 7;

  /// The service that hashes clients to Europe or America.
  static final int STICKY = 8;

  /// The service that answers Europe and America together.
  static final int JOINED = 9;

  /// Where the CNAMEs lead.
  static final String ALIAS_TARGET = "www.a.example.org.";

  static final String WATCHED_TARGET = "lb.gslb.example.";

  /// The services that have HTTPS records.
  static final Map<Integer, Service.HttpsRecord> HTTPS =
      Map.of(
          ALL, new Service.HttpsRecord(List.of("h2", "h3"), 8443),
          ALIAS, Service.HttpsRecord.PLAIN,
          WATCHED, Service.HttpsRecord.PLAIN,
          DRAWN, Service.HttpsRecord.PLAIN);

  static final int TTL_MIN = 5;
  static final int TTL_MAX = 30;

  /// Endpoint ids: Europe has 0 and 1, America, without IPv6, has 2, the large pool the rest.
  static final List<List<String>> POOLS =
      List.of(
          List.of("192.0.2.10", "2001:db8:e::10"),
          List.of("198.51.100.20"),
          List.of("203.0.113.1", "203.0.113.2", "2001:db8:a::1", "203.0.113.3", "2001:db8:a::2"));

  static final int EUROPE = 0;
  static final int AMERICA = 1;
  static final int LARGE = 2;

  /// A CNAME without endpoints.
  static final int ALIASED = 3;

  /// A CNAME whose endpoints are 8 and 9.
  private static final int WATCHED_POOL = 4;

  /// The longest prefix around an address gives its continent.
  static final Map<Prefix, String> CONTINENTS = continents();

  private static final List<Endpoint> ENDPOINTS = new ArrayList<>();
  private static final List<Pool> CATALOG_POOLS = pools();

  private TestSteering() {}

  private static Map<Prefix, String> continents() {
    Map<Prefix, String> continents = new LinkedHashMap<>();
    continents.put(Prefix.of("192.0.2.0/24"), "EU");
    continents.put(Prefix.of("198.51.100.0/24"), "NA");
    continents.put(Prefix.of("198.51.100.128/25"), "EU");
    continents.put(Prefix.of("198.51.100.192/28"), "NA");
    continents.put(Prefix.of("203.0.113.0/24"), "AS");
    continents.put(Prefix.of("2001:db8::/32"), "EU");
    continents.put(Prefix.of("2001:db8:8000::/33"), "NA");
    return continents;
  }

  private static List<Pool> pools() {
    List<Pool> pools = new ArrayList<>();
    for (List<String> addresses : POOLS) {
      List<Endpoint> members = new ArrayList<>();
      for (String address : addresses) {
        members.add(new Endpoint(ENDPOINTS.size(), Address.of(address), 1));
        ENDPOINTS.add(members.getLast());
      }
      int id = pools.size();
      pools.add(new Pool(id, "pool" + id, null, MinHealthy.ONE_ENDPOINT, null, members));
    }
    pools.add(pool(ALIASED, ALIAS_TARGET, List.of()));
    List<Endpoint> behind = new ArrayList<>();
    for (String address : List.of("192.0.2.200", "2001:db8:e::200")) {
      behind.add(new Endpoint(ENDPOINTS.size(), Address.of(address), 1));
      ENDPOINTS.add(behind.getLast());
    }
    pools.add(pool(WATCHED_POOL, WATCHED_TARGET, behind));
    return pools;
  }

  private static Pool pool(int id, String cname, List<Endpoint> endpoints) {
    DnsName target = DnsName.of(cname);
    return new Pool(
        id,
        "pool" + id,
        null,
        MinHealthy.ONE_ENDPOINT,
        null,
        target,
        endpoints,
        List.of(),
        Duration.ZERO,
        0);
  }

  static Catalog catalog() {
    Policy europe = new Policy.Use(CATALOG_POOLS.get(EUROPE));
    Policy america = new Policy.Use(CATALOG_POOLS.get(AMERICA));
    Policy large = new Policy.Use(CATALOG_POOLS.get(LARGE));
    return new Catalog(
        List.of(),
        Map.of(),
        ENDPOINTS,
        CATALOG_POOLS,
        List.of(
            service(ONE, Service.Answers.ONE, geo(europe, america)),
            service(ALL, Service.Answers.ALL, geo(europe, large)),
            service(NOTHING, Service.Answers.ONE, new Policy.Failover(List.of())),
            service(FENCED, Service.Answers.ONE, geo(europe, null)),
            service(ALIAS, Service.Answers.ALL, geo(europe, new Policy.Use(pool(ALIASED)))),
            service(
                WATCHED,
                Service.Answers.ONE,
                new Policy.Failover(List.of(new Policy.Use(pool(WATCHED_POOL)), europe))),
            service(DRAWN, Service.Answers.ONE, drawn(europe, america, large)),
            service(SOME, new Service.Answers(2), large),
            service(STICKY, Service.Answers.BY_POLICY, new Policy.Sticky(shares(europe, america))),
            service(
                JOINED,
                Service.Answers.BY_POLICY,
                new Policy.All(List.of(pool(EUROPE), pool(AMERICA))))));
  }

  private static Pool pool(int id) {
    return CATALOG_POOLS.get(id);
  }

  private static Policy drawn(Policy... policies) {
    return new Policy.Weighted(shares(policies));
  }

  private static List<Policy.Weighted.Branch> shares(Policy... policies) {
    List<Policy.Weighted.Branch> branches = new ArrayList<>();
    for (Policy policy : policies) {
      branches.add(new Policy.Weighted.Branch(policy, 1));
    }
    return branches;
  }

  private static Policy geo(Policy europe, @Nullable Policy otherwise) {
    return new Policy.Geo(Map.of(), Map.of(), Map.of("EU", europe), otherwise);
  }

  private static Service service(int id, Service.Answers answers, Policy policy) {
    return new Service(
        id,
        "s" + id,
        List.of(DnsName.of("s" + id + ".gslb.example")),
        new Service.Ttl(TTL_MIN, TTL_MAX),
        gslb.steering.Families.ANY,
        answers,
        new AllDown.Answer(),
        policy,
        null,
        HTTPS.get(id),
        0);
  }

  static VerdictTable allUp() {
    return VerdictTable.all(ENDPOINTS.size(), Verdict.UP);
  }

  static SteeringPlan plan() {
    return plan(catalog());
  }

  static SteeringPlan planWithoutServices() {
    return plan(new Catalog(List.of(), Map.of(), ENDPOINTS, CATALOG_POOLS, List.of()));
  }

  /// Every endpoint is up.
  static SteeringPlan plan(Catalog catalog) {
    Map<Prefix, Place> places = new LinkedHashMap<>();
    CONTINENTS.forEach((p, c) -> places.put(p, new Place(c, "", Double.NaN, Double.NaN, "")));
    try {
      return SteeringTables.compile(catalog, PlaceTable.of(places))
          .plan(
              VerdictTable.all(catalog.endpoints().size(), Verdict.UP),
              SteeringPlan.drawKey("test"));
    } catch (CatalogRefused e) {
      throw new AssertionError(e);
    }
  }
}
