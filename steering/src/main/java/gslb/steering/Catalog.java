package gslb.steering;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.steering.CapacityGuard.Limit;
import gslb.steering.places.Detail;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Everything that is steered, as configured and checked: ids are dense and every reference holds.
///
/// @param networks the operator's own prefixes by network name; they win over the geo database
/// @param endpoints by id
/// @param pools by id
/// @param services by id
/// @param guard how much health may remove at once; null for any amount
public record Catalog(
    List<Site> sites,
    Map<String, List<Prefix>> networks,
    List<Endpoint> endpoints,
    List<Pool> pools,
    List<Service> services,
    @Nullable Limit guard) {
  public Catalog {
    sites = List.copyOf(sites);
    networks = Map.copyOf(networks);
    endpoints = List.copyOf(endpoints);
    pools = List.copyOf(pools);
    services = List.copyOf(services);
  }

  /// A catalog without a guard.
  public Catalog(
      List<Site> sites,
      Map<String, List<Prefix>> networks,
      List<Endpoint> endpoints,
      List<Pool> pools,
      List<Service> services) {
    this(sites, networks, endpoints, pools, services, null);
  }

  public static final Catalog EMPTY =
      new Catalog(List.of(), Map.of(), List.of(), List.of(), List.of());

  /// The same with other own networks.
  public Catalog withNetworks(Map<String, List<Prefix>> others) {
    return new Catalog(sites, others, endpoints, pools, services, guard);
  }

  /// The endpoints that are meant by the name of a pool, or by an address in any of its forms.
  ///
  /// @return none of a pool without any; empty if there is no such pool and no such endpoint
  public Optional<List<Endpoint>> endpoints(String poolOrAddress) {
    for (Pool pool : pools) {
      if (pool.name().equals(poolOrAddress)) {
        return Optional.of(pool.endpoints());
      }
    }
    return Address.parse(poolOrAddress)
        .map(address -> endpoints.stream().filter(e -> e.address().equals(address)).toList())
        .filter(found -> !found.isEmpty());
  }

  /// What the policies of all services look at of clients' places.
  public Detail detail() {
    return PolicySight.detail(services.stream().map(Service::policy).toList());
  }
}
