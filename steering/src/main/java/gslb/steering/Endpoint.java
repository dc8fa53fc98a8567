package gslb.steering;

import gslb.base.Address;
import gslb.base.DnsName;
import org.jspecify.annotations.Nullable;

/// One address of a pool.
///
/// @param id dense over the catalog; stable as long as the catalog is
/// @param weight 1..1,000,000; its share of the pool's clients
/// @param host the name whose address it is; null if the address was configured
public record Endpoint(int id, Address address, int weight, @Nullable DnsName host) {
  public static final int WEIGHT_MAX = 1_000_000;

  /// An endpoint whose address was configured.
  public Endpoint(int id, Address address, int weight) {
    this(id, address, weight, null);
  }

  /// `203.0.113.7`, or `203.0.113.7 of lb.example.net`.
  public String describe() {
    if (host == null) {
      return address.toString();
    }
    String name = host.toString();
    return address + " of " + name.substring(0, name.length() - 1);
  }
}
