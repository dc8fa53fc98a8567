package gslb.node;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.Family;
import gslb.config.Configuration;
import gslb.health.MonitoredEndpoints;
import gslb.steering.AllDown;
import gslb.steering.BlockClasses;
import gslb.steering.Catalog;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.SteeringTables;
import gslb.steering.places.GeoSummary;
import gslb.steering.places.Partition;
import gslb.steering.places.ScopeHistogram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a configuration without errors comes to: its size, how it cuts the address space, and what
/// its TTLs do.
///
/// @param hosts how many host names of endpoints are not resolved by the check
/// @param geo null without databases
/// @param partitions by number
/// @param services by id
record CheckReport(
    int zones,
    int pools,
    int endpoints,
    int hosts,
    @Nullable GeoSummary geo,
    List<PartitionReport> partitions,
    List<ServiceReport> services) {
  /// Resolvers whose questions are counted: each busy enough to ask again whenever a TTL ends.
  static final int RESOLVERS = 1_000;

  CheckReport {
    partitions = List.copyOf(partitions);
    services = List.copyOf(services);
  }

  /// One way to cut the address space into classes, and who uses it.
  ///
  /// @param services names
  /// @param classes of clients
  /// @param bytes that its tables occupy
  /// @param v4Scopes into which prefixes it cuts IPv4; blocks of clients are smaller, see {@link
  ///     ServiceReport#blocks}
  record PartitionReport(
      int number,
      List<String> services,
      int classes,
      int v4Runs,
      int v6Runs,
      long bytes,
      ScopeHistogram v4Scopes,
      ScopeHistogram v6Scopes) {
    PartitionReport {
      services = List.copyOf(services);
    }
  }

  /// One service.
  ///
  /// @param names how many steered names it has
  /// @param classes of clients that its policy tells apart
  /// @param partition number
  /// @param blocks in how many of the classes blocks of clients narrow the scopes
  /// @param ttl bounds, as configured
  /// @param effectiveMin least TTL of an answer while everything is up, in seconds
  /// @param effectiveMax greatest
  record ServiceReport(
      String name,
      int names,
      int classes,
      int partition,
      BlockClasses blocks,
      Service.Ttl ttl,
      int effectiveMin,
      int effectiveMax) {
    /// Questions a second for one name and type that {@link #RESOLVERS} cause whose questions end
    /// up in one cached answer each.
    double queriesPerSecondMin() {
      return (double) RESOLVERS / effectiveMax;
    }

    double queriesPerSecondMax() {
      return (double) RESOLVERS / effectiveMin;
    }

    /// The same while a verdict is about to flip.
    double queriesPerSecondWorst() {
      return (double) RESOLVERS / ttl.minSeconds();
    }
  }

  static CheckReport of(ServedWorld world, Clock clock) {
    Configuration configuration = world.configuration();
    Catalog catalog = configuration.catalog();
    Effective effective = Effective.of(configuration);
    List<ServiceReport> services = new ArrayList<>();
    List<BlockClasses> blocks = BlockClasses.of(world.tables());
    Map<Integer, List<Service>> users = new HashMap<>();
    for (Service service : catalog.services()) {
      int partition = world.tables().partitionNumber(service.id());
      users.computeIfAbsent(partition, _ -> new ArrayList<>()).add(service);
      services.add(effective.report(service, partition, blocks.get(service.id()), world.tables()));
    }
    List<PartitionReport> partitions = new ArrayList<>();
    for (int number = 0; number < world.tables().partitionCount(); number++) {
      partitions.add(partition(number, users.getOrDefault(number, List.of()), world.tables()));
    }
    return new CheckReport(
        configuration.zones().size(),
        catalog.pools().size(),
        catalog.endpoints().size(),
        configuration.hosts().names().size(),
        world.geo().databases().isEmpty()
            ? null
            : GeoSummary.of(
                world.geo().databases(), world.places(), clock, configuration.geo().maxAge()),
        partitions,
        services);
  }

  /// Services that cut the world alike may yet make different choices of it; its classes are those
  /// of any of them.
  private static PartitionReport partition(
      int number, List<Service> services, SteeringTables tables) {
    int any = services.getFirst().id();
    Partition partition = tables.partition(any);
    return new PartitionReport(
        number,
        services.stream().map(Service::name).toList(),
        tables.classCount(any),
        partition.v4RunCount(),
        partition.v6RunCount(),
        partition.retainedBytes(),
        partition.scopes(Family.V4),
        partition.scopes(Family.V6));
  }

  /// How long pools stay up at the least, while all is up.
  ///
  /// @param soonestNanos by name, until an endpoint falls that is about to be probed; a pool that
  ///     nothing monitors is not in it
  /// @param latestNanos until one falls that has just been probed
  private record Effective(Map<String, Long> soonestNanos, Map<String, Long> latestNanos) {
    /// Stands for the addresses of a host, so that a pool of hosts is reckoned with.
    private static final List<Address> SOME_ADDRESS = List.of(Address.v4(0xc0000201));

    static Effective of(Configuration read) {
      Configuration configuration = read.resolved(_ -> SOME_ADDRESS);
      MonitoredEndpoints monitored = MonitoredEndpoints.of(configuration.health());
      Map<Integer, String> poolOf = new HashMap<>();
      for (Pool pool : configuration.catalog().pools()) {
        pool.endpoints().forEach(endpoint -> poolOf.put(endpoint.id(), pool.name()));
      }
      Map<String, Long> soonest = new HashMap<>();
      Map<String, Long> latest = new HashMap<>();
      for (MonitoredEndpoints.Watched watched : monitored.endpoints()) {
        String pool = poolOf.getOrDefault(watched.endpoint(), "");
        soonest.merge(pool, monitored.untilFallNanos(watched, false), Math::min);
        latest.merge(pool, monitored.untilFallNanos(watched, true), Math::min);
      }
      return new Effective(soonest, latest);
    }

    ServiceReport report(
        Service service, int partition, BlockClasses blocks, SteeringTables tables) {
      int least = Integer.MAX_VALUE;
      int most = 0;
      for (Pool pool : pools(service, tables)) {
        Long soonest = soonestNanos.get(pool.name());
        Long latest = latestNanos.get(pool.name());
        least = Math.min(least, clamp(soonest, service.ttl()));
        most = Math.max(most, clamp(latest, service.ttl()));
      }
      return new ServiceReport(
          service.name(),
          service.names().size(),
          tables.classCount(service.id()),
          partition,
          blocks,
          service.ttl(),
          most == 0 ? service.ttl().maxSeconds() : least,
          most == 0 ? service.ttl().maxSeconds() : most);
    }

    private static int clamp(@Nullable Long nanos, Service.Ttl ttl) {
      return nanos == null
          ? ttl.maxSeconds()
          : Math.clamp(nanos / 1_000_000_000, ttl.minSeconds(), ttl.maxSeconds());
    }

    private static Set<Pool> pools(Service service, SteeringTables tables) {
      List<Pool> all = tables.catalog().pools();
      Set<Pool> pools = new HashSet<>();
      for (int clientClass = 0; clientClass < tables.classCount(service.id()); clientClass++) {
        for (int pool : tables.pools(service.id(), clientClass)) {
          pools.add(all.get(pool));
        }
      }
      if (service.allDown() instanceof AllDown.Sorry(Pool sorry)) {
        pools.add(sorry);
      }
      return pools;
    }
  }
}
