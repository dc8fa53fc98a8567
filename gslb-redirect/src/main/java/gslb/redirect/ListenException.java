package gslb.redirect;

import gslb.base.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/// A listener that could not be opened. The message is for operators: `http <address>: what is
/// wrong; the rule; what to do`.
public final class ListenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final InetSocketAddress address;

  ListenException(InetSocketAddress address, IOException cause) {
    super("http " + Address.withPort(address) + ": " + explanation(address, cause), cause);
    this.address = address;
  }

  public InetSocketAddress address() {
    return address;
  }

  /// The JDK tells the cases apart by the text of strerror(3) alone.
  private static String explanation(InetSocketAddress address, IOException cause) {
    String detail = String.valueOf(cause.getMessage());
    String lower = detail.toLowerCase(Locale.ROOT);
    if (lower.contains("in use")) {
      return "address already in use; another process owns the port; find it with 'ss -lntp sport ="
          + " :"
          + address.getPort()
          + "' and stop it, or listen on another address or port";
    }
    if (lower.contains("permission") || lower.contains("not permitted")) {
      return "permission denied; ports below 1024 need CAP_NET_BIND_SERVICE; grant it to the"
          + " process ('AmbientCapabilities=CAP_NET_BIND_SERVICE' in a systemd unit), or"
          + " listen on a higher port";
    }
    if (lower.contains("assign requested address")) {
      return "address not available; only an address of this machine can be listened on; correct"
          + " it, or add it to an interface before the start";
    }
    if (lower.contains("address family") || lower.contains("protocol family")) {
      return "address family not supported; this machine has it switched off; remove the address,"
          + " or switch the family on";
    }
    return detail;
  }
}
