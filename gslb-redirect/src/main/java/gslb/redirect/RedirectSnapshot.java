package gslb.redirect;

import gslb.base.Address;
import gslb.steering.Catalog;
import gslb.steering.Pool;
import gslb.steering.Selection;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
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

  /// What a GET gets, for explaining: the same tables and rules as a request's, neither counted nor
  /// sent.
  ///
  /// @param host as in `Host`, without a port
  /// @param target path and query
  public Rehearsal rehearse(String host, Address client, String target, long timeMillis) {
    if (target.isEmpty() || target.charAt(0) != '/' || !RequestTarget.isTargetText(target, 0)) {
      return new Rehearsal(Rejection.BAD_TARGET);
    }
    String name = withoutFinalDot(host);
    int service = service(name, 0, name.length());
    if (service == HostTable.UNKNOWN) {
      return new Rehearsal(Rejection.UNKNOWN_HOST);
    }
    int pool =
        choose(service, client.isV4(), client.high(), client.low(), timeMillis, new Selection());
    String base = pool == NO_POOL ? null : target(pool);
    if (base == null) {
      return new Rehearsal(Rejection.NO_TARGET);
    }
    return base.length() + target.length() > Redirector.LOCATION_LENGTH_MAX
        ? new Rehearsal(Rejection.TOO_LONG)
        : new Rehearsal(302, base + target, "");
  }

  /// What a request gets.
  ///
  /// @param location empty unless it is redirected
  /// @param problem the response's line of text, empty if it is redirected
  public record Rehearsal(int status, String location, String problem) {
    private Rehearsal(Rejection rejection) {
      this(rejection.status(), "", rejection.text());
    }
  }

  /// The service whose policy decides for a host, if one does.
  public OptionalInt serviceOf(String host) {
    String name = withoutFinalDot(host);
    int service = service(name, 0, name.length());
    return service == HostTable.UNKNOWN ? OptionalInt.empty() : OptionalInt.of(service);
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
