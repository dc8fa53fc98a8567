package gslb.redirect;

import gslb.base.Address;
import gslb.steering.Selection;
import org.jspecify.annotations.Nullable;

/// Where the redirect tier sends a GET, from the snapshot that its server reads and without the
/// server. Owned by one thread.
public final class DirectRedirect {
  private final Selection selection = new Selection();

  /// The base URL of the pool that a client of a host gets, or null if it gets none.
  ///
  /// @throws IllegalArgumentException for a host that no service redirects
  public @Nullable String base(
      RedirectSnapshot snapshot, String host, Address from, long timeMillis) {
    int service = snapshot.service(host, 0, host.length());
    if (service == HostTable.UNKNOWN) {
      throw new IllegalArgumentException("no service redirects host " + host);
    }
    int pool =
        snapshot.choose(service, from.isV4(), from.high(), from.low(), timeMillis, selection);
    return pool == RedirectSnapshot.NO_POOL ? null : snapshot.target(pool);
  }

  /// Status and Location.
  public String answer(
      RedirectSnapshot snapshot, String host, String path, Address from, long timeMillis) {
    if (snapshot.service(host, 0, host.length()) == HostTable.UNKNOWN) {
      return "404";
    }
    String base = base(snapshot, host, from, timeMillis);
    return base == null ? "503" : "302 " + base + path;
  }
}
