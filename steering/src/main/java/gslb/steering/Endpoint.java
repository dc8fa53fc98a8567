package gslb.steering;

import gslb.base.Address;
import gslb.base.DnsName;
import java.util.Optional;
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

  /// Why no endpoint can have an address, such as `a multicast address`; empty if one can.
  public static Optional<String> refusal(Address address) {
    boolean isV4 = address.isV4();
    if (address.isUnspecified()) {
      return Optional.of("the unspecified address");
    } else if (address.isMulticast()) {
      return Optional.of("a multicast address");
    } else if (isV4 && address.low() == 0xffffffffL) {
      return Optional.of("the broadcast address");
    } else if (isV4 ? address.low() >>> 16 == 0xa9fe : address.high() >>> 54 == 0x3fa) {
      // RFC 3927 §2.7, RFC 4291 §2.5.6
      return Optional.of("a link-local address");
    }
    return isMapped(address) ? Optional.of("an IPv4-mapped address") : Optional.empty();
  }

  /// Whether an IPv6 address is one of `::ffff:0:0/96`, for which the IPv4 address is written.
  public static boolean isMapped(Address address) {
    return !address.isV4() && address.high() == 0 && address.low() >>> 32 == 0xffff;
  }

  /// `203.0.113.7`, or `203.0.113.7 of lb.example.net`.
  public String describe() {
    if (host == null) {
      return address.toString();
    }
    return address + " of " + host.withoutDot();
  }
}
