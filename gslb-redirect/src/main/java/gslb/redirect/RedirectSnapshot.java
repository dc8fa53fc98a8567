package gslb.redirect;

import gslb.steering.Catalog;
import gslb.steering.Pool;
import gslb.steering.Selection;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything one request may read: hosts, the plan that chooses a pool, and the pools' base URLs.
/// Immutable.
public final class RedirectSnapshot {
  /// What {@link #choose} answers when the policy gives the client nothing.
  static final int NO_POOL = -1;

  private final long generation;
  private final HostTable routes;
  private final @Nullable String[] targets;
  private final Steering steering;

  RedirectSnapshot(
      long generation, HostTable routes, @Nullable String[] targets, Steering steering) {
    this.generation = generation;
    this.routes = routes;
    this.targets = targets;
    this.steering = steering;
  }

  /// What decides for a client.
  interface Steering {
    /// The id of the pool, or {@link #NO_POOL}. Parameters as in {@link SteeringPlan#steer}.
    int choose(int service, boolean v4, long high, long low, long timeMillis, Selection selection);

    /// As in {@link SteeringPlan#sketchKey}.
    default int sketchKey(int service) {
      return service;
    }
  }

  /// Lays out the redirect side of a plan.
  ///
  /// @throws IllegalArgumentException if two services have the same host, or one redirects as a
  ///     service that does not exist; a checked catalog has neither
  public static RedirectSnapshot compile(long generation, SteeringPlan plan) {
    Catalog catalog = plan.catalog();
    return new RedirectSnapshot(
        generation, routes(catalog.services()), targets(catalog.pools()), new ByPlan(plan));
  }

  /// The same hosts and base URLs under other verdicts.
  ///
  /// @param next of the same catalog
  public RedirectSnapshot with(long nextGeneration, SteeringPlan next) {
    return new RedirectSnapshot(nextGeneration, routes, targets, new ByPlan(next));
  }

  static HostTable routes(List<Service> services) {
    Map<String, Integer> byName = new HashMap<>();
    for (Service service : services) {
      byName.put(service.name(), service.id());
    }
    Map<String, Integer> byHost = new HashMap<>();
    for (Service service : services) {
      Service.Redirect redirect = service.redirect();
      if (redirect == null) {
        continue;
      }
      Integer decides = byName.get(redirect.as());
      if (decides == null) {
        throw new IllegalArgumentException(
            "service '" + service.name() + "' redirects as '" + redirect.as() + "', which is none");
      }
      for (String host : redirect.hosts()) {
        if (byHost.put(withoutFinalDot(host.toLowerCase(Locale.ROOT)), decides) != null) {
          throw new IllegalArgumentException("host '" + host + "' belongs to two services");
        }
      }
    }
    return HostTable.of(byHost);
  }

  private static String withoutFinalDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  static @Nullable String[] targets(List<Pool> pools) {
    @Nullable String[] targets = new String[pools.size()];
    for (Pool pool : pools) {
      targets[pool.id()] = pool.redirectTo();
    }
    return targets;
  }

  public long generation() {
    return generation;
  }

  /// The service that decides for a host, or {@link HostTable#UNKNOWN}.
  int service(String text, int start, int end) {
    return routes.service(text, start, end);
  }

  int choose(int service, boolean v4, long high, long low, long timeMillis, Selection selection) {
    return steering.choose(service, v4, high, low, timeMillis, selection);
  }

  int sketchKey(int service) {
    return steering.sketchKey(service);
  }

  /// Scheme, authority and path prefix of a pool, or null if it is never a redirect's target.
  @Nullable String target(int pool) {
    return targets[pool];
  }

  private record ByPlan(SteeringPlan plan) implements Steering {
    @Override
    public int choose(
        int service, boolean v4, long high, long low, long timeMillis, Selection selection) {
      plan.steer(service, v4, high, low, timeMillis, selection);
      return plan.pool(selection);
    }

    @Override
    public int sketchKey(int service) {
      return plan.sketchKey(service);
    }
  }
}
