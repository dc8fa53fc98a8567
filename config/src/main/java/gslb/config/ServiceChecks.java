package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.config.Section.Fields;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What services and the redirect tier may not do to each other.
record ServiceChecks(Fields root, Catalog catalog, Diagnostics diagnostics) {
  void check(Fields listen) {
    Map<String, Service> services = new HashMap<>();
    catalog.services().forEach(service -> services.put(service.name(), service));
    Map<String, Fields> pools = new HashMap<>();
    for (Named.Entry<Fields> pool : root.get(Schema.POOLS)) {
      if (pool.value() != null) {
        pools.put(pool.name().value(), pool.value());
      }
    }
    Map<String, Located<String>> hosts = new HashMap<>();
    boolean hasRedirect = false;
    for (Named.Entry<Fields> entry : root.get(Schema.SERVICES)) {
      Fields fields = entry.value();
      if (fields == null) {
        continue;
      }
      checkHasNames(fields);
      Fields redirect = fields.find(Schema.REDIRECTED);
      if (redirect == null) {
        continue;
      }
      addHosts(redirect, hosts);
      checkTargets(entry.name().value(), redirect, services, pools);
      if (!hasRedirect && listen.get(Schema.LISTEN_HTTP).isEmpty()) {
        diagnostics.warning(
            redirect.place().named(),
            redirect.place().words() + " has no effect",
            "nothing listens for HTTP",
            "add 'http' to 'listen'");
      }
      hasRedirect = true;
    }
    checkLoops(pools, hosts, listen);
  }

  private void checkHasNames(Fields service) {
    boolean hasNames =
        service.isWritten(Schema.NAMES)
            && (service.located(Schema.NAMES) == null || !service.get(Schema.NAMES).isEmpty());
    if (!hasNames && !service.isWritten(Schema.REDIRECTED)) {
      diagnostics.error(
          service.place().named(),
          service.place().words() + " has neither names nor a redirect",
          "nobody could ask for it",
          "add 'names' or 'redirect'");
    } else if (!hasNames && service.get(HttpsSchema.HTTPS_RECORD).wanted() != null) {
      diagnostics.warning(
          service.where(HttpsSchema.HTTPS_RECORD),
          "'https-record' of " + service.place().words() + " has no effect",
          "the record stands at the names of the service, and it has none",
          "add 'names', or remove the key");
    }
  }

  private void addHosts(Fields redirect, Map<String, Located<String>> hosts) {
    List<Located<String>> written = redirect.find(Schema.HOSTS);
    for (Located<String> host : written == null ? List.<Located<String>>of() : written) {
      Located<String> first = hosts.putIfAbsent(host.value(), host);
      if (first != null) {
        diagnostics.error(
            host.where(),
            "host '" + host.value() + "' is redirected twice",
            "it stands first at " + first.where(),
            "keep it in one service");
      }
    }
  }

  /// Every pool that the redirect's policy may choose needs a target.
  private void checkTargets(
      String name, Fields redirect, Map<String, Service> services, Map<String, Fields> pools) {
    String as = redirect.find(Schema.AS);
    if (as == null && redirect.isWritten(Schema.AS)) {
      return;
    }
    Service target = services.get(as == null ? name : as);
    if (target == null) {
      return;
    }
    for (Pool pool : poolsOf(target)) {
      Fields fields = pools.get(pool.name());
      if (fields != null && !fields.isWritten(Schema.REDIRECT_TO)) {
        diagnostics.error(
            redirect.place().named(),
            redirect.place().words()
                + " may choose pool '"
                + pool.name()
                + "', which has no 'redirect-to'",
            "every pool that the policy of service '" + target.name() + "' names needs one",
            "add it to the pool at " + fields.place().named());
      }
    }
  }

  /// Every pool that a service may choose.
  static Set<Pool> poolsOf(Service service) {
    Set<Pool> pools = new LinkedHashSet<>();
    Set<Policy> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Policy> open = new ArrayDeque<>();
    open.add(service.policy());
    while (!open.isEmpty()) {
      Policy policy = open.removeFirst();
      if (!seen.add(policy)) {
        continue;
      }
      switch (policy) {
        case Policy.Use use -> pools.add(use.pool());
        case Policy.Failover failover -> open.addAll(failover.children());
        case Policy.Weighted weighted -> weighted.branches().forEach(b -> open.add(b.child()));
        case Policy.Sticky sticky -> sticky.branches().forEach(b -> open.add(b.child()));
        case Policy.All all -> pools.addAll(all.pools());
        case Policy.Nearest nearest -> pools.addAll(nearest.pools());
        case Policy.Geo geo -> open.addAll(geo.branches());
      }
    }
    if (service.allDown() instanceof AllDown.Sorry sorry) {
      pools.add(sorry.pool());
    }
    return pools;
  }

  /// A target whose host is redirected here sends clients in a circle, unless it names a port that
  /// the redirect tier does not have.
  private void checkLoops(
      Map<String, Fields> pools, Map<String, Located<String>> hosts, Fields listen) {
    Set<Integer> ports = new LinkedHashSet<>();
    for (Located<InetSocketAddress> listener : listen.get(Schema.LISTEN_HTTP)) {
      ports.add(listener.value().getPort());
    }
    for (Fields pool : pools.values()) {
      Located<String> target = pool.located(Schema.REDIRECT_TO);
      if (target == null) {
        continue;
      }
      Located<String> host = hosts.get(RedirectTarget.host(target.value()));
      boolean isOurs = RedirectTarget.port(target.value()).map(ports::contains).orElse(true);
      if (host != null && isOurs) {
        SourceSpan first = host.where();
        diagnostics.error(
            target.where(),
            "'redirect-to' of " + pool.place().words() + " leads back to this redirect tier",
            "its host '" + host.value() + "' is redirected by the service at " + first,
            "name the pool's own host");
      }
    }
  }
}
