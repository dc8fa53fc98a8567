package gslb.dns.reference;

import gslb.base.Address;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// What a service answers one client, by whatever means.
public interface ReferenceSteering {
  Decision decide(int service, Address client);

  /// @param addresses of both families, in order
  /// @param cname what the name is an alias of, or null
  /// @param ownsName whether another client may get a CNAME
  /// @param scope length of the widest prefix around the client in which all get the same
  /// @param ttl seconds
  record Decision(
      List<Address> addresses, @Nullable Name cname, boolean ownsName, int scope, long ttl) {}
}
