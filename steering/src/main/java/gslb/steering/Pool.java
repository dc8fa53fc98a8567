package gslb.steering;

import gslb.base.DnsName;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The endpoints of one site that serve a service.
///
/// @param id dense over the catalog
/// @param site where it stands; without one the pool has no place in a `nearest`
/// @param redirectTo scheme, authority and optional path prefix without a final slash, as in
///     `https://eu.example.com`; without one the pool is never a redirect's target
/// @param cname the name that is answered, as a CNAME, in place of the endpoints; these then only
///     say whether the pool is up
/// @param hosts the names whose addresses are among the endpoints, as far as they are known
/// @param ramp how long it takes to get its clients back after a failure, see {@link Readmission};
///     zero for at once
/// @param capacity how much of its clients' demand it can serve, in whatever unit the services'
///     demand is stated in, such as requests per second at peak; 0 if it is not stated
public record Pool(
    int id,
    String name,
    @Nullable Site site,
    MinHealthy minHealthy,
    @Nullable String redirectTo,
    @Nullable DnsName cname,
    List<Endpoint> endpoints,
    List<DnsName> hosts,
    Duration ramp,
    long capacity) {
  /// The longest ramp.
  public static final Duration RAMP_MAX = Duration.ofHours(24);

  /// The shortest, but for none.
  public static final Duration RAMP_MIN = Duration.ofSeconds(1);

  /// The greatest capacity, in units of demand.
  public static final int CAPACITY_MAX = 1_000_000_000;

  public Pool {
    endpoints = List.copyOf(endpoints);
    hosts = List.copyOf(hosts);
  }

  /// A plain pool: its endpoints are answered, at the addresses configured; no ramp, no capacity.
  public Pool(
      int id,
      String name,
      @Nullable Site site,
      MinHealthy minHealthy,
      @Nullable String redirectTo,
      List<Endpoint> endpoints) {
    this(id, name, site, minHealthy, redirectTo, null, endpoints, List.of(), Duration.ZERO, 0);
  }

  /// Whether there is nothing that a verdict or an override could take down.
  public boolean isAlwaysUp() {
    return cname != null && endpoints.isEmpty() && hosts.isEmpty();
  }
}
