package gslb.dns.reference;

import gslb.base.Address;
import java.util.List;

/// What a service answers one client, by whatever means.
public interface ReferenceSteering {
  Decision decide(int service, Address client);

  /// @param addresses of both families, in order
  /// @param scope length of the widest prefix around the client in which all get the same
  /// @param ttl seconds
  record Decision(List<Address> addresses, int scope, long ttl) {}
}
