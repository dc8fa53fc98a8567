package gslb.dns.delegation;

import gslb.base.Address;
import gslb.base.DnsName;
import java.net.InetSocketAddress;

/// Names and addresses as messages show them.
public final class Names {
  static final int DNS_PORT = 53;

  private Names() {}

  /// Without the final dot, but for the root.
  public static String shown(DnsName name) {
    return name.withoutDot();
  }

  /// The port is left out when it is the usual one.
  public static String shown(InetSocketAddress server) {
    return server.getPort() == DNS_PORT
        ? Address.of(server.getAddress()).toString()
        : Address.withPort(server);
  }
}
