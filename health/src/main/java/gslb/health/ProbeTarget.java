package gslb.health;

import gslb.base.Address;

/// One address and the monitor to check it with. Endpoints of several pools that agree in both
/// share it, and it is probed once.
///
/// @param site where the endpoint stands, empty if nowhere; of the first endpoint configured
public record ProbeTarget(TargetKey key, Address address, Monitor monitor, String site) {
  public static ProbeTarget of(Address address, Monitor monitor, String site) {
    return new ProbeTarget(TargetKey.of(address, monitor), address, monitor, site);
  }

  /// `monitor 'web' at 192.0.2.10 port 443`.
  public String describe() {
    return "monitor '" + monitor.name() + "' at " + address + " port " + monitor.port();
  }
}
