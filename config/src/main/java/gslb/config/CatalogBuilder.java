package gslb.config;

import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.config.Section.Fields;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns sites, pools, policies and services into the catalog, with dense ids in the order written.
/// Builds what it can where something is wrong, so that further problems are found.
final class CatalogBuilder {
  private final Fields root;
  private final Map<String, List<Prefix>> networks;
  private final Diagnostics diagnostics;
  private final Map<String, Site> sites = new LinkedHashMap<>();
  private final Map<String, Pool> pools = new LinkedHashMap<>();
  private final Set<String> withoutSite = new HashSet<>();
  private final List<Endpoint> endpoints = new ArrayList<>();

  CatalogBuilder(Fields root, Map<String, List<Prefix>> networks, Diagnostics diagnostics) {
    this.root = root;
    this.networks = networks;
    this.diagnostics = diagnostics;
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
    return new Catalog(
        List.copyOf(sites.values()), networks, endpoints, List.copyOf(pools.values()), services);
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
    List<Endpoint> ofPool = endpoints(fields);
    String siteName = fields.find(Schema.POOL_SITE);
    Site site = siteName == null ? null : sites.get(siteName);
    if (!fields.isWritten(Schema.POOL_SITE)) {
      withoutSite.add(name);
    }
    MinHealthy minHealthy = fields.get(Schema.MIN_HEALTHY);
    DnsName cname = fields.find(Schema.POOL_CNAME);
    String redirectTo = fields.find(Schema.REDIRECT_TO);
    Duration ramp = fields.get(Schema.RAMP);
    pools.put(
        name, new Pool(pools.size(), name, site, minHealthy, redirectTo, cname, ofPool, ramp));
    checkMinHealthy(minHealthy, ofPool, fields);
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

  private List<Endpoint> endpoints(Fields pool) {
    List<Located<Fields>> written = pool.find(Schema.ENDPOINTS);
    List<Endpoint> ofPool = new ArrayList<>();
    Map<Address, SourceSpan> seen = new HashMap<>();
    for (Located<Fields> item : written == null ? List.<Located<Fields>>of() : written) {
      Address address = item.value().find(Schema.ENDPOINT_ADDRESS);
      if (address == null) {
        continue;
      }
      SourceSpan where = item.value().where(Schema.ENDPOINT_ADDRESS);
      SourceSpan first = seen.putIfAbsent(address, where);
      if (first != null) {
        diagnostics.error(
            where,
            "endpoint " + address + " stands twice in " + pool.place().words(),
            "it stands first at " + first,
            "remove one, or give the first more weight");
        continue;
      }
      int weight = item.value().get(Schema.ENDPOINT_WEIGHT);
      Endpoint endpoint = new Endpoint(endpoints.size(), address, weight);
      endpoints.add(endpoint);
      ofPool.add(endpoint);
    }
    return ofPool;
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
        fields.get(Schema.HTTPS_RECORD).wanted());
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
