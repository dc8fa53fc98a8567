package gslb.steering;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Builds small catalogs by name, and the policies in them.
final class TestCatalog {
  static final Site FRANKFURT = new Site("frankfurt", "EU", "DE", 50.11, 8.68);
  static final Site VIRGINIA = new Site("virginia", "NA", "US", 38.95, -77.45);
  static final Site TOKYO = new Site("tokyo", "AS", "JP", 35.68, 139.69);

  /// Prefixes whose place the default table knows.
  static final Address GERMAN = Address.of("192.0.2.1");

  static final Address AMERICAN = Address.of("198.51.100.1");
  static final Address JAPANESE = Address.of("203.0.113.1");
  static final Address OFFICE = Address.of("192.0.2.200");
  static final Address NOWHERE = Address.of("100.64.0.1");

  private final List<Endpoint> endpoints = new ArrayList<>();
  private final Map<String, Pool> pools = new LinkedHashMap<>();
  private final List<Service> services = new ArrayList<>();

  static PlaceTable places() {
    Map<Prefix, Place> places = new LinkedHashMap<>();
    places.put(Prefix.of("192.0.2.0/24"), new Place("EU", "DE", 51, 10, ""));
    places.put(Prefix.of("192.0.2.192/26"), new Place("EU", "DE", 51, 10, "office"));
    places.put(Prefix.of("198.51.100.0/24"), new Place("NA", "US", 38, -97, ""));
    places.put(Prefix.of("203.0.113.0/24"), new Place("AS", "JP", 36, 138, ""));
    places.put(Prefix.of("2001:db8::/32"), new Place("EU", "FR", 46, 2, ""));
    return PlaceTable.of(places);
  }

  /// Adds a pool; each endpoint is `address` or `address*weight`.
  TestCatalog pool(String name, @Nullable Site site, MinHealthy minHealthy, String... members) {
    return pool(name, site, minHealthy, null, members);
  }

  /// A pool that answers a CNAME.
  TestCatalog alias(String name, String cname, String... members) {
    return pool(name, null, MinHealthy.ONE_ENDPOINT, DnsName.of(cname), members);
  }

  private TestCatalog pool(
      String name,
      @Nullable Site site,
      MinHealthy minHealthy,
      @Nullable DnsName cname,
      String... members) {
    List<Endpoint> of = new ArrayList<>();
    for (String member : members) {
      int star = member.indexOf('*');
      Address address = Address.of(star < 0 ? member : member.substring(0, star));
      int weight = star < 0 ? 1 : Integer.parseInt(member.substring(star + 1));
      of.add(new Endpoint(endpoints.size(), address, weight));
      endpoints.add(of.getLast());
    }
    pools.put(
        name,
        new Pool(
            pools.size(), name, site, minHealthy, null, cname, of, List.of(), Duration.ZERO, 0));
    return this;
  }

  TestCatalog pool(String name, String... members) {
    return pool(name, null, MinHealthy.ONE_ENDPOINT, members);
  }

  /// Gives a pool a ramp, before anything uses it.
  TestCatalog ramp(String name, Duration ramp) {
    return with(name, ramp, pool(name).capacity());
  }

  /// States a pool's capacity, before anything uses it.
  TestCatalog capacity(String name, long capacity) {
    return with(name, pool(name).ramp(), capacity);
  }

  private TestCatalog with(String name, Duration ramp, long capacity) {
    Pool of = pool(name);
    pools.put(
        name,
        new Pool(
            of.id(),
            name,
            of.site(),
            of.minHealthy(),
            null,
            of.cname(),
            of.endpoints(),
            List.of(),
            ramp,
            capacity));
    return this;
  }

  TestCatalog service(AllDown allDown, Policy policy) {
    return service(Service.Answers.ONE, allDown, policy);
  }

  TestCatalog service(Service.Answers answers, AllDown allDown, Policy policy) {
    return service(Families.ANY, answers, allDown, policy);
  }

  TestCatalog service(Families families, Service.Answers answers, AllDown allDown, Policy policy) {
    int id = services.size();
    services.add(
        new Service(
            id,
            "s" + id,
            List.of(DnsName.of("s" + id + ".gslb.example")),
            new Service.Ttl(5, 30),
            families,
            answers,
            allDown,
            policy,
            null));
    return this;
  }

  /// A service with names of its own, each a label of gslb.example.
  TestCatalog service(String name, List<String> labels, Policy policy) {
    return service(name, labels, policy, null);
  }

  /// A service of the redirect tier alone.
  TestCatalog redirect(String name, List<String> hosts, Policy policy) {
    return service(name, List.of(), policy, new Service.Redirect(hosts, name));
  }

  private TestCatalog service(
      String name, List<String> labels, Policy policy, Service.@Nullable Redirect redirect) {
    services.add(
        new Service(
            services.size(),
            name,
            labels.stream().map(label -> DnsName.of(label + ".gslb.example")).toList(),
            new Service.Ttl(5, 30),
            Families.ANY,
            Service.Answers.ONE,
            new AllDown.Answer(),
            policy,
            redirect));
    return this;
  }

  Pool pool(String name) {
    Pool pool = pools.get(name);
    if (pool == null) {
      throw new IllegalArgumentException("no pool '" + name + "'");
    }
    return pool;
  }

  Policy use(String pool) {
    return new Policy.Use(pool(pool));
  }

  /// The first available of some pools.
  Policy list(String... names) {
    List<Policy> children = new ArrayList<>();
    for (String name : names) {
      children.add(use(name));
    }
    return new Policy.Failover(children);
  }

  static Policy list(Policy... children) {
    return new Policy.Failover(List.of(children));
  }

  static Policy nothing() {
    return new Policy.Failover(List.of());
  }

  Policy nearest(int limit, String... names) {
    List<Pool> of = new ArrayList<>();
    for (String name : names) {
      of.add(pool(name));
    }
    return new Policy.Nearest(of, limit);
  }

  static Policy.Weighted.Branch share(Policy child, int weight) {
    return new Policy.Weighted.Branch(child, weight);
  }

  static Policy sticky(Policy.Weighted.Branch... branches) {
    return new Policy.Sticky(List.of(branches));
  }

  Policy all(String... names) {
    return new Policy.All(Stream.of(names).map(this::pool).toList());
  }

  static Policy weighted(Policy.Weighted.Branch... branches) {
    return new Policy.Weighted(List.of(branches));
  }

  Catalog catalog() {
    return new Catalog(
        List.of(FRANKFURT, VIRGINIA, TOKYO),
        Map.of(),
        endpoints,
        List.copyOf(pools.values()),
        services);
  }

  SteeringTables tables() {
    return tables(catalog());
  }

  static SteeringTables tables(Catalog catalog) {
    try {
      return SteeringTables.compile(catalog, places());
    } catch (CatalogRefused e) {
      throw new AssertionError(e);
    }
  }

  VerdictTable allUp() {
    return VerdictTable.all(endpoints.size(), Verdict.UP);
  }

  /// The endpoint of an address.
  int endpoint(String address) {
    Address wanted = Address.of(address);
    for (Endpoint endpoint : endpoints) {
      if (endpoint.address().equals(wanted)) {
        return endpoint.id();
      }
    }
    throw new IllegalArgumentException("no endpoint " + address);
  }

  SteeringPlan plan(VerdictTable verdicts) {
    return tables().plan(verdicts, 42);
  }

  /// What the first service gives a client: the pool's name, `(pool)` if verdicts or drains are
  /// ignored, or `nothing`.
  static String answer(SteeringPlan plan, Address client) {
    return answer(plan, 0, client, 0);
  }

  static String answer(SteeringPlan plan, int service, Address client, long timeMillis) {
    Selection selection = steer(plan, service, client, timeMillis);
    if (selection.answerSet == Selection.NOTHING) {
      return "nothing";
    }
    String name =
        plan.pools(selection.answerSet).stream().map(Pool::name).collect(Collectors.joining("+"));
    return plan.kind(selection.answerSet) == AnswerKind.LIVE ? name : "(" + name + ")";
  }

  static Selection steer(SteeringPlan plan, int service, Address client, long timeMillis) {
    Selection selection = new Selection();
    plan.steer(service, client.isV4(), client.high(), client.low(), timeMillis, selection);
    return selection;
  }
}
