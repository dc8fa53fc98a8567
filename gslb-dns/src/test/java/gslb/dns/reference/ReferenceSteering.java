package gslb.dns.reference;

import gslb.base.Address;
import gslb.steering.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// What a service answers one client, by whatever means.
public interface ReferenceSteering {
  Decision decide(int service, Address client);

  /// @param addresses of both families, in order
  /// @param cname what the name is an alias of, or null
  /// @param ownsName whether another client may get a CNAME
  /// @param https what the name's HTTPS record says besides the addresses; null if it has none
  /// @param scope length of the widest prefix around the client in which all get the same
  /// @param ttl seconds
  record Decision(
      List<Address> addresses,
      @Nullable Name cname,
      boolean ownsName,
      Service.@Nullable HttpsRecord https,
      int scope,
      long ttl) {}
}
