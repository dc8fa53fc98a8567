package gslb.node;

import gslb.base.Address;
import gslb.base.DnsName;
import java.io.IOException;
import java.util.List;

/// Finds the addresses of a host name. Called by several threads at a time; may wait for seconds.
@FunctionalInterface
public interface HostResolver {
  /// @throws IOException with the reason as the end of a sentence, if there is no answer
  Resolved resolve(DnsName host) throws IOException;

  /// @param addresses of both families
  /// @param ttlSeconds how long they hold
  record Resolved(List<Address> addresses, long ttlSeconds) {
    public Resolved {
      addresses = List.copyOf(addresses);
    }
  }
}
