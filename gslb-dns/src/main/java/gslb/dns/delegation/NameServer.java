package gslb.dns.delegation;

import gslb.base.Address;
import gslb.base.DnsName;
import java.util.List;

/// A server that a delegation names.
///
/// @param addresses those that are known, in order; empty if the name lies outside our zones
/// @param needsGlue whether the name is at or below the delegated zone, so that nobody can find it
///     without the parent's help (RFC 9471 §2.1)
public record NameServer(DnsName name, List<Address> addresses, boolean needsGlue) {
  public NameServer {
    addresses = addresses.stream().sorted().distinct().toList();
  }
}
