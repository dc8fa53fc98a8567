package gslb.dns.delegation;

import gslb.base.DnsName;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// A server to ask.
///
/// @param name null if only the address was given
public record ServerAddress(@Nullable DnsName name, InetSocketAddress address) {
  /// `name at address`, or the address.
  @Override
  public String toString() {
    return name == null ? Names.shown(address) : Names.shown(name) + " at " + Names.shown(address);
  }
}
