package gslb.dns.listen;

import gslb.base.Address;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// A listener that could not be opened. The message is for operators: `dns <transport> <address>:
/// what is wrong; the rule; what to do`.
public final class ListenException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Addresses that a message names.
  private static final int HOLDERS_SHOWN_MAX = 4;

  /// Where systemd-resolved listens unless it is told not to (systemd-resolved.service(8)).
  private static final Set<Address> RESOLVED_STUBS =
      Set.of(Address.of("127.0.0.53"), Address.of("127.0.0.54"));

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
    this(transport, address, reason, detail, Path.of("/proc"));
  }

  /// @param proc where Linux says who holds a port
  ListenException(
      String transport, InetSocketAddress address, Reason reason, String detail, Path proc) {
    super(
        "dns "
            + transport
            + " "
            + Address.withPort(address)
            + ": "
            + explanation(transport, address, reason, detail, proc),
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

  /// `udp`, `tcp` or `tls`.
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

  private static String explanation(
      String transport, InetSocketAddress address, Reason reason, String detail, Path proc) {
    return switch (reason) {
      case ADDRESS_IN_USE -> "address already in use; " + inUse(transport, address, proc);
      case PERMISSION_DENIED ->
          "permission denied; ports below "
              + PortHolders.unprivilegedPortStart(proc)
              + " need CAP_NET_BIND_SERVICE; grant it to the process"
              + " ('AmbientCapabilities=CAP_NET_BIND_SERVICE' in a systemd unit), lower"
              + " 'net.ipv4.ip_unprivileged_port_start', or listen on a higher port";
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

  private static String inUse(String transport, InetSocketAddress address, Path proc) {
    int port = address.getPort();
    InetAddress ip = address.getAddress();
    List<Address> holders =
        ip == null ? List.of() : PortHolders.conflicting(proc, transport, Address.of(ip), port);
    String named =
        holders.stream()
            .limit(HOLDERS_SHOWN_MAX)
            .map(holder -> Address.withPort(new InetSocketAddress(holder.toInetAddress(), port)))
            .collect(Collectors.joining(" and "));
    if (port == 53 && holders.stream().anyMatch(RESOLVED_STUBS::contains)) {
      return named
          + " belongs to the stub of systemd-resolved; write 'DNSStubListener=no' into"
          + " /etc/systemd/resolved.conf and restart it, or listen on particular addresses of this"
          + " machine instead of "
          + Address.withPort(address);
    }
    return (named.isEmpty() ? "another process owns the port" : "another process owns " + named)
        + "; find it with 'ss -lnptu sport = :"
        + port
        + "' and stop it, or listen on the addresses of this machine that it leaves free";
  }
}
