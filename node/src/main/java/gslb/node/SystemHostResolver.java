package gslb.node;

import gslb.base.Clock;
import gslb.base.DnsName;
import gslb.dns.delegation.AddressLookup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/// Asks the resolvers of this machine. Their list is read each time, since it changes with the
/// network. Names are taken as absolute: search domains and hosts files have no part.
record SystemHostResolver(Clock clock, SecureRandom random, Path resolvConf)
    implements HostResolver {
  @Override
  public Resolved resolve(DnsName host) throws IOException {
    List<InetSocketAddress> listed = SystemResolvers.read(resolvConf);
    // What resolv.conf(5) says of a file without servers.
    List<InetSocketAddress> resolvers =
        listed.isEmpty()
            ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53))
            : listed;
    AddressLookup.Found found = AddressLookup.overNetwork(clock, random, resolvers).find(host);
    return new Resolved(found.addresses(), found.ttlSeconds());
  }
}
