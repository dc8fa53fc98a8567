package gslb.dns.listen;

import gslb.base.Address;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

/// A listener that could not be opened. The message is for operators: `dns <transport> <address>:
/// what is wrong; the rule; what to do`.
public final class ListenException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Why.
  public enum Reason {
    ADDRESS_IN_USE,
    PERMISSION_DENIED,
    ADDRESS_NOT_AVAILABLE,
    FAMILY_NOT_SUPPORTED,
    TOO_MANY_OPEN_FILES,
    LISTED_TWICE,
    OTHER
  }

  private final String transport;
  private final InetSocketAddress address;
  private final Reason reason;

  ListenException(String transport, InetSocketAddress address, Reason reason, String detail) {
    super(
        "dns " + transport + " " + text(address) + ": " + explanation(reason, address, detail),
        null);
    this.transport = transport;
    this.address = address;
    this.reason = reason;
  }

  static ListenException of(String transport, InetSocketAddress address, IOException cause) {
    String text = String.valueOf(cause.getMessage());
    ListenException failure = new ListenException(transport, address, reason(text), text);
    failure.addSuppressed(cause);
    return failure;
  }

  /// `udp` or `tcp`.
  public String transport() {
    return transport;
  }

  public InetSocketAddress address() {
    return address;
  }

  public Reason reason() {
    return reason;
  }

  /// The JDK tells the cases apart by the text of strerror(3) alone.
  private static Reason reason(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("in use")) {
      return Reason.ADDRESS_IN_USE;
    }
    if (lower.contains("permission") || lower.contains("not permitted")) {
      return Reason.PERMISSION_DENIED;
    }
    if (lower.contains("assign requested address")) {
      return Reason.ADDRESS_NOT_AVAILABLE;
    }
    if (lower.contains("address family") || lower.contains("protocol family")) {
      return Reason.FAMILY_NOT_SUPPORTED;
    }
    return lower.contains("too many open files") ? Reason.TOO_MANY_OPEN_FILES : Reason.OTHER;
  }

  private static String explanation(Reason reason, InetSocketAddress address, String detail) {
    int port = address.getPort();
    return switch (reason) {
      case ADDRESS_IN_USE ->
          "address already in use; another process owns the port"
              + (port == 53 ? " (often systemd-resolved on 127.0.0.53, dnsmasq or BIND)" : "")
              + "; find it with 'ss -lnptu sport = :"
              + port
              + "' and stop it, or listen on the addresses of this machine that it leaves free";
      case PERMISSION_DENIED ->
          "permission denied; ports below 1024 need CAP_NET_BIND_SERVICE; grant it to the process"
              + " ('AmbientCapabilities=CAP_NET_BIND_SERVICE' in a systemd unit), or listen on a"
              + " higher port";
      case ADDRESS_NOT_AVAILABLE ->
          "address not available; only an address of this machine can be listened on; correct it,"
              + " or add it to an interface before the start";
      case FAMILY_NOT_SUPPORTED ->
          "address family not supported; this machine has "
              + (address.getAddress() instanceof Inet6Address ? "IPv6" : "IPv4")
              + " switched off; remove the address, or switch the family on";
      case TOO_MANY_OPEN_FILES ->
          "too many open files; every socket and connection needs a descriptor; raise the limit"
              + " ('LimitNOFILE=' in a systemd unit)";
      case LISTED_TWICE ->
          "listed twice; a listener needs an address and port of its own; remove one of them";
      case OTHER -> detail;
    };
  }

  /// `192.0.2.53:53` or `[2001:db8::53]:53`.
  static String text(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      return address.getHostString() + ":" + address.getPort();
    }
    String text = Address.of(ip).toString();
    if (ip instanceof Inet6Address v6) {
      String zone = v6.getScopeId() == 0 ? "" : "%" + v6.getScopeId();
      text = "[" + text + zone + "]";
    }
    return text + ":" + address.getPort();
  }
}
