package gslb.node;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.steering.Endpoint;
import gslb.steering.Pool;
import gslb.steering.SteeringPlan;
import gslb.steering.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// The hosts of what a node serves.
record ServedHosts(Supplier<Generation> current, Application application)
    implements HostLoop.Serving {
  /// Serves the addresses that are known now.
  @FunctionalInterface
  interface Application {
    void apply() throws Refused;
  }

  @Override
  public Map<DnsName, Set<Address>> up() {
    SteeringPlan plan = current.get().plan();
    Map<DnsName, Set<Address>> up = new HashMap<>();
    for (Pool pool : plan.catalog().pools()) {
      if (pool.hosts().isEmpty()) {
        continue;
      }
      Set<Address> ofPool = new HashSet<>();
      for (Endpoint endpoint : pool.endpoints()) {
        if (plan.verdicts().verdict(endpoint.id()) == Verdict.UP) {
          ofPool.add(endpoint.address());
        }
      }
      for (DnsName host : pool.hosts()) {
        Set<Address> before = up.putIfAbsent(host, new HashSet<>(ofPool));
        if (before != null) {
          before.retainAll(ofPool);
        }
      }
    }
    return up;
  }

  @Override
  public void apply() throws Refused {
    application.apply();
  }
}
