package gslb.health;

import gslb.base.Address;
import java.util.List;

/// @param monitored each endpoint with the monitors that must all be up for it to be; an endpoint
///     that is not listed is always up
/// @param vantageCheck neutral targets that tell whether this node's own uplink works
public record HealthSettings(List<Monitored> monitored, List<Address> vantageCheck) {
  public HealthSettings {
    monitored = List.copyOf(monitored);
    vantageCheck = List.copyOf(vantageCheck);
  }

  /// @param endpoint its id in the catalog
  /// @param site where the endpoint stands, empty if nowhere
  public record Monitored(int endpoint, Address address, String site, List<Monitor> monitors) {
    public Monitored {
      monitors = List.copyOf(monitors);
    }
  }
}
