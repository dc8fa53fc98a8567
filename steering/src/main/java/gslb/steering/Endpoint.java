package gslb.steering;

import gslb.base.Address;

/// One address of a pool.
///
/// @param id dense over the catalog; stable as long as the catalog is
/// @param weight 1..1,000,000; its share of the pool's clients
public record Endpoint(int id, Address address, int weight) {
  public static final int WEIGHT_MAX = 1_000_000;
}
