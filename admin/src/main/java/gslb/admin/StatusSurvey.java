package gslb.admin;

import gslb.admin.NodeStatus.ClusterStatus;
import gslb.admin.NodeStatus.EndpointStatus;
import gslb.admin.NodeStatus.MemberStatus;
import gslb.admin.NodeStatus.PoolStatus;
import gslb.admin.NodeStatus.ProbeStatus;
import gslb.admin.NodeStatus.RampStatus;
import gslb.admin.NodeStatus.ServiceStatus;
import gslb.admin.NodeStatus.VoteStatus;
import gslb.base.DnsName;
import gslb.health.HealthStatus;
import gslb.health.Observation;
import gslb.steering.AllDown;
import gslb.steering.CapacityGuard;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.PoolState;
import gslb.steering.Readmission;
import gslb.steering.Service;
import gslb.steering.Site;
import gslb.steering.SteeringPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Puts together what steering and health know into the parts of a {@link NodeStatus}.
public final class StatusSurvey {
  private StatusSurvey() {}

  /// Every service with the pools that its policy can choose, in configured order.
  public static List<ServiceStatus> services(Catalog catalog) {
    List<ServiceStatus> services = new ArrayList<>();
    for (Service service : catalog.services()) {
      Set<String> pools = new LinkedHashSet<>();
      collect(service.policy(), pools);
      if (service.allDown() instanceof AllDown.Sorry(Pool sorry)) {
        pools.add(sorry.name());
      }
      Service.Redirect redirect = service.redirect();
      services.add(
          new ServiceStatus(
              service.name(),
              service.names().stream().map(DnsName::toString).toList(),
              redirect == null ? List.of() : redirect.hosts(),
              List.copyOf(pools)));
    }
    return services;
  }

  private static void collect(Policy policy, Set<String> pools) {
    switch (policy) {
      case Policy.Use(Pool pool) -> pools.add(pool.name());
      case Policy.Failover(List<Policy> children) -> children.forEach(c -> collect(c, pools));
      case Policy.Weighted(List<Policy.Weighted.Branch> branches) ->
          branches.forEach(b -> collect(b.child(), pools));
      case Policy.Sticky(List<Policy.Weighted.Branch> branches) ->
          branches.forEach(b -> collect(b.child(), pools));
      case Policy.All(List<Pool> all) -> all.forEach(p -> pools.add(p.name()));
      case Policy.Nearest nearest -> nearest.pools().forEach(p -> pools.add(p.name()));
      case Policy.Geo geo -> geo.branches().forEach(b -> collect(b, pools));
    }
  }

  /// The endpoints of some pools, by id.
  ///
  /// @param guard what the plan holds against the verdicts
  public static Map<Integer, EndpointStatus> endpoints(
      SteeringPlan plan, CapacityGuard guard, HealthStatus health, Collection<Pool> pools) {
    Set<CapacityGuard.Member> held = guard.held();
    Map<Integer, List<ProbeStatus>> probes = probes(health);
    Map<Integer, EndpointStatus> endpoints = new HashMap<>();
    for (Pool pool : pools) {
      for (Endpoint endpoint : pool.endpoints()) {
        endpoints.put(
            endpoint.id(),
            endpoint(
                plan,
                endpoint,
                held.contains(new CapacityGuard.Member(pool.name(), endpoint.address())),
                probes.getOrDefault(endpoint.id(), List.of())));
      }
    }
    return endpoints;
  }

  private static Map<Integer, List<ProbeStatus>> probes(HealthStatus health) {
    Map<Integer, List<ProbeStatus>> probes = new HashMap<>();
    for (HealthStatus.TargetStatus target : health.targets()) {
      for (int endpoint : target.endpoints()) {
        probes.computeIfAbsent(endpoint, e -> new ArrayList<>()).add(probe(target));
      }
    }
    return probes;
  }

  private static EndpointStatus endpoint(
      SteeringPlan plan, Endpoint endpoint, boolean isHeld, List<ProbeStatus> probes) {
    DnsName host = endpoint.host();
    return new EndpointStatus(
        endpoint.address().toString(),
        host == null ? "" : host.withoutDot(),
        endpoint.weight(),
        plan.verdicts().verdict(endpoint.id()).name(),
        plan.verdicts().override(endpoint.id()).name(),
        isHeld,
        probes);
  }

  /// Every pool with its endpoints, their verdicts as the plan has them, and their probes.
  ///
  /// @param guard what the plan holds against the verdicts
  public static List<PoolStatus> pools(
      SteeringPlan plan, CapacityGuard guard, HealthStatus health) {
    Set<CapacityGuard.Member> held = guard.held();
    Map<Integer, List<ProbeStatus>> probes = probes(health);
    List<PoolStatus> pools = new ArrayList<>();
    for (Pool pool : plan.catalog().pools()) {
      List<EndpointStatus> endpoints = new ArrayList<>();
      for (Endpoint endpoint : pool.endpoints()) {
        boolean isHeld = held.contains(new CapacityGuard.Member(pool.name(), endpoint.address()));
        endpoints.add(
            endpoint(plan, endpoint, isHeld, probes.getOrDefault(endpoint.id(), List.of())));
      }
      Site site = pool.site();
      String redirectTo = pool.redirectTo();
      DnsName cname = pool.cname();
      pools.add(
          new PoolStatus(
              pool.name(),
              site == null ? "" : site.name(),
              redirectTo == null ? "" : redirectTo,
              cname == null ? "" : cname.toString(),
              plan.state(pool.id()).isAvailable(),
              ramp(plan.state(pool.id())),
              endpoints));
    }
    return pools;
  }

  private static @Nullable RampStatus ramp(PoolState state) {
    return state.isRamping() ? new RampStatus(state.rampStep(), Readmission.STEPS) : null;
  }

  private static ProbeStatus probe(HealthStatus.TargetStatus target) {
    Observation last = target.last();
    return new ProbeStatus(
        target.monitor(),
        target.port(),
        target.verdict().name(),
        target.reason().name(),
        target.opinion().name(),
        target.remaining(),
        last == null ? "" : last.describe(),
        last == null ? -1 : Math.round((last.endedNanos() - last.startedNanos()) / 1e3) / 1e3,
        target.lastMillis(),
        target.stale(),
        target.flips(),
        target.votes().stream()
            .map(v -> new VoteStatus(v.node(), v.site(), v.up(), v.ageMillis(), v.fresh()))
            .toList());
  }

  /// @param name of the cluster, empty without one
  public static ClusterStatus cluster(String name, HealthStatus health) {
    List<MemberStatus> members =
        health.nodes().stream()
            .map(
                n ->
                    new MemberStatus(
                        n.name(),
                        n.site(),
                        n.name().equals(health.self()),
                        n.heardMillis(),
                        n.fresh(),
                        n.connected()))
            .toList();
    return new ClusterStatus(name, health.uplink().name(), name.isEmpty() ? List.of() : members);
  }
}
