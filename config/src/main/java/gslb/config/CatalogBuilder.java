package gslb.config;

import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.config.Section.Fields;
import gslb.steering.AllDown;
import gslb.steering.CapacityGuard;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.Site;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Turns sites, pools, policies and services into the catalog, with dense ids in the order written.
/// Builds what it can where something is wrong, so that further problems are found.
final class CatalogBuilder {
  private final Fields root;
  private final Map<String, List<Prefix>> networks;
  private final Diagnostics diagnostics;
  private final Function<DnsName, List<Address>> addresses;
  private final Set<DnsName> hosts = new LinkedHashSet<>();
  private final Map<String, Site> sites = new LinkedHashMap<>();
  private final Map<String, Pool> pools = new LinkedHashMap<>();
  private final List<Pool> monitored = new ArrayList<>();
  private final Set<String> withoutSite = new HashSet<>();
  private final List<Endpoint> endpoints = new ArrayList<>();

  /// Of no host an address is known.
  CatalogBuilder(Fields root, Map<String, List<Prefix>> networks, Diagnostics diagnostics) {
    this(root, networks, _ -> List.of(), diagnostics);
  }

  /// @param addresses of a host name, as far as they are known
  CatalogBuilder(
      Fields root,
      Map<String, List<Prefix>> networks,
      Function<DnsName, List<Address>> addresses,
      Diagnostics diagnostics) {
    this.root = root;
    this.networks = networks;
    this.addresses = addresses;
    this.diagnostics = diagnostics;
  }

  /// The host names of the catalog's endpoints, in the order written.
  List<DnsName> hosts() {
    return List.copyOf(hosts);
  }

  Catalog catalog() {
    root.get(Schema.SITES).forEach(this::addSite);
    root.get(Schema.POOLS).forEach(this::addPool);
    PolicyResolver policies =
        new PolicyResolver(root.get(Schema.POLICIES), pools, withoutSite, diagnostics);
    policies.resolveShared();
    List<Service> services = new ArrayList<>();
    for (Named.Entry<Fields> entry : root.get(Schema.SERVICES)) {
      if (entry.value() != null) {
        services.add(service(services.size(), entry.name().value(), entry.value(), policies));
      }
    }
    CapacityGuard.Limit guard =
        GuardSchema.limit(
            root.find(GuardSchema.GUARD_SECTION), pools.values(), monitored, diagnostics);
    return new Catalog(
        List.copyOf(sites.values()),
        networks,
        endpoints,
        List.copyOf(pools.values()),
        services,
        guard);
  }

  private void addSite(Named.Entry<Fields> entry) {
    Fields fields = entry.value();
    if (fields == null) {
      return;
    }
    String continent = fields.find(Schema.CONTINENT);
    String country = fields.find(Schema.COUNTRY);
    List<Double> at = fields.find(Schema.AT);
    if (continent != null && country != null && at != null) {
      String name = entry.name().value();
      Scalars.continentOf(country)
          .filter(known -> !known.equals(continent))
          .ifPresent(
              known ->
                  diagnostics.warning(
                      fields.where(Schema.CONTINENT),
                      entry.place().words() + " puts " + country + " into " + continent,
                      "it is in " + known,
                      "correct one of them"));
      sites.put(name, new Site(name, continent, country, at.getFirst(), at.getLast()));
    }
  }

  private void addPool(Named.Entry<Fields> entry) {
    Fields fields = entry.value();
    if (fields == null) {
      return;
    }
    String name = entry.name().value();
    Set<DnsName> hostsOfPool = new LinkedHashSet<>();
    List<Endpoint> ofPool = endpoints(fields, hostsOfPool);
    String siteName = fields.find(Schema.POOL_SITE);
    Site site = siteName == null ? null : sites.get(siteName);
    if (!fields.isWritten(Schema.POOL_SITE)) {
      withoutSite.add(name);
    }
    MinHealthy minHealthy = fields.get(Schema.MIN_HEALTHY);
    DnsName cname = fields.find(Schema.POOL_CNAME);
    String redirectTo = fields.find(Schema.REDIRECT_TO);
    Integer capacity = fields.find(Schema.CAPACITY);
    pools.put(
        name,
        new Pool(
            pools.size(),
            name,
            site,
            minHealthy,
            redirectTo,
            cname,
            ofPool,
            List.copyOf(hostsOfPool),
            fields.get(Schema.RAMP),
            capacity == null ? 0 : capacity));
    if (fields.isWritten(Schema.POOL_MONITORS)) {
      monitored.add(pools.get(name));
    }
    if (hostsOfPool.isEmpty()) { // how many addresses a host has may change
      checkMinHealthy(minHealthy, ofPool, fields);
    }
    if (!fields.isWritten(Schema.ENDPOINTS)) {
      checkWithoutEndpoints(fields);
    }
  }

  private void checkWithoutEndpoints(Fields pool) {
    if (!pool.isWritten(Schema.POOL_CNAME)) {
      diagnostics.error(
          pool.place().named(),
          pool.place().words() + " has neither 'endpoints' nor 'cname'",
          "a pool is something to answer",
          "add 'endpoints': " + Schema.ENDPOINTS.type().words());
      return;
    }
    for (Key<?> key : List.of(Schema.POOL_MONITORS, Schema.MIN_HEALTHY, Schema.RAMP)) {
      if (pool.isWritten(key)) {
        diagnostics.warning(
            pool.where(key),
            "'" + key.name() + "' of " + pool.place().words() + " has no effect",
            "the pool has no endpoints, so it is always up",
            "add the endpoints behind its 'cname', or remove the key");
      }
    }
  }

  private List<Endpoint> endpoints(Fields pool, Set<DnsName> hostsOfPool) {
    List<Located<Fields>> written = pool.find(Schema.ENDPOINTS);
    List<Endpoint> ofPool = new ArrayList<>();
    Map<Object, SourceSpan> seen = new HashMap<>();
    Set<Address> present = new HashSet<>();
    for (Located<Fields> item : written == null ? List.<Located<Fields>>of() : written) {
      Fields fields = item.value();
      if (!hasOneTarget(fields)) {
        continue;
      }
      Address address = fields.find(Schema.ENDPOINT_ADDRESS);
      DnsName host = fields.find(Schema.ENDPOINT_HOST);
      int weight = fields.get(Schema.ENDPOINT_WEIGHT);
      if (address != null) {
        if (isFirst(address, fields.where(Schema.ENDPOINT_ADDRESS), pool, seen)
            && present.add(address)) {
          ofPool.add(endpoint(address, weight, null));
        }
      } else if (host != null) {
        SourceSpan where = fields.where(Schema.ENDPOINT_HOST);
        if (isFirst(host, where, pool, seen) && hasRoom(host, where)) {
          hostsOfPool.add(host);
          for (Address one : addresses.apply(host)) {
            if (present.add(one)) {
              ofPool.add(endpoint(one, weight, host));
            }
          }
        }
      }
    }
    return ofPool;
  }

  private Endpoint endpoint(Address address, int weight, @Nullable DnsName host) {
    Endpoint endpoint = new Endpoint(endpoints.size(), address, weight, host);
    endpoints.add(endpoint);
    return endpoint;
  }

  private boolean hasOneTarget(Fields endpoint) {
    boolean hasAddress = endpoint.isWritten(Schema.ENDPOINT_ADDRESS);
    boolean hasHost = endpoint.isWritten(Schema.ENDPOINT_HOST);
    if (hasAddress != hasHost) {
      return true;
    }
    String words = endpoint.place().words();
    if (hasAddress) {
      diagnostics.error(
          endpoint.where(Schema.ENDPOINT_HOST),
          words + " has both 'address' and 'host'",
          "an endpoint is given by one of them",
          "remove one, or write two endpoints");
    } else {
      diagnostics.error(
          endpoint.place().named(),
          words + " has neither 'address' nor 'host'",
          "an endpoint is given by one of them",
          "add 'address': " + Schema.ENDPOINT_ADDRESS.type().words());
    }
    return false;
  }

  private boolean isFirst(
      Object target, SourceSpan where, Fields pool, Map<Object, SourceSpan> seen) {
    SourceSpan first = seen.putIfAbsent(target, where);
    if (first != null) {
      String shown = target instanceof DnsName host ? host.withoutDot() : target.toString();
      diagnostics.error(
          where,
          "endpoint " + shown + " stands twice in " + pool.place().words(),
          "it stands first at " + first,
          "remove one, or give the first more weight");
    }
    return first == null;
  }

  private boolean hasRoom(DnsName host, SourceSpan where) {
    if (hosts.size() < Schema.HOSTS_MAX || hosts.contains(host)) {
      hosts.add(host);
      return true;
    }
    diagnostics.error(
        where,
        "host " + Shown.quoted(host.withoutDot()) + " is one too many",
        "all endpoints together name at most " + Schema.HOSTS_MAX + " hosts",
        "write addresses in place of some of them");
    return false;
  }

  private void checkMinHealthy(MinHealthy minHealthy, List<Endpoint> endpoints, Fields pool) {
    if (!(minHealthy instanceof MinHealthy.Endpoints needed) || endpoints.isEmpty()) {
      return;
    }
    long v4 = endpoints.stream().filter(e -> e.address().family() == Family.V4).count();
    long v6 = endpoints.size() - v4;
    String problem = "'min-healthy' of " + pool.place().words() + " is " + needed.count();
    if (needed.count() > Math.max(v4, v6)) {
      diagnostics.error(
          pool.where(Schema.MIN_HEALTHY),
          problem + ", and it has " + v4 + " IPv4 and " + v6 + " IPv6 endpoints",
          "it is counted per address family, so the pool could never be available",
          "write " + Math.max(v4, v6) + " or less, or a share such as 50%");
    } else if (v4 > 0 && v6 > 0 && needed.count() > Math.min(v4, v6)) {
      diagnostics.warning(
          pool.where(Schema.MIN_HEALTHY),
          problem + ", and it has only " + (v4 < v6 ? v4 + " IPv4" : v6 + " IPv6") + " endpoints",
          "it is counted per address family, so that family never suffices",
          "write a share such as 50%");
    }
  }

  private Service service(int id, String name, Fields fields, PolicyResolver policies) {
    PolicyTerm term = fields.find(Schema.POLICY);
    Policy policy = term == null ? PolicyResolver.NOTHING : policies.resolve(term, fields.place());
    Service.Answers answers = fields.find(Schema.ANSWERS);
    Integer demand = fields.find(Schema.DEMAND);
    return new Service(
        id,
        name,
        fields.get(Schema.NAMES).stream().<DnsName>map(Located::value).toList(),
        fields.get(Schema.TTL),
        fields.get(Schema.FAMILIES),
        answers == null ? Service.Answers.BY_POLICY : answers,
        allDown(fields.get(Schema.ALL_DOWN)),
        policy,
        redirect(name, fields.find(Schema.REDIRECTED)),
        fields.get(HttpsSchema.HTTPS_RECORD).wanted(),
        demand == null ? 0 : demand);
  }

  private AllDown allDown(Schema.AllDownTerm term) {
    return switch (term) {
      case Schema.AllDownTerm.Answer _ -> new AllDown.Answer();
      case Schema.AllDownTerm.NoData _ -> new AllDown.NoData();
      case Schema.AllDownTerm.Sorry sorry -> {
        Pool pool = pools.get(sorry.pool());
        yield pool == null ? new AllDown.NoData() : new AllDown.Sorry(pool);
      }
    };
  }

  private static Service.@Nullable Redirect redirect(String name, @Nullable Fields fields) {
    List<Located<String>> hosts = fields == null ? null : fields.find(Schema.HOSTS);
    if (fields == null || hosts == null) {
      return null;
    }
    String as = fields.find(Schema.AS);
    return new Service.Redirect(
        hosts.stream().map(Located::value).toList(), as == null ? name : as);
  }
}
