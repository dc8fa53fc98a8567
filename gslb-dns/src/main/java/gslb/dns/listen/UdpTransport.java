package gslb.dns.listen;

import java.net.InetSocketAddress;
import java.util.Locale;

/// How UDP sockets are reached.
public enum UdpTransport {
  /// The C library through `java.lang.foreign`: batches, no allocation per query, and a socket
  /// bound to the wildcard answers from the address that was asked. Linux on x86_64 and aarch64.
  NATIVE,

  /// `DatagramChannel`: everywhere. A socket bound to the wildcard answers from the address that
  /// the routing table prefers, so listen on particular addresses.
  CHANNEL;

  /// The better one that works here.
  public static UdpTransport preferred() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "");
    boolean known = machine.equals("amd64") || machine.equals("aarch64");
    return system.equals("linux") && known ? NATIVE : CHANNEL;
  }

  /// @param shared whether several sockets are to share the address and port
  UdpSocket open(InetSocketAddress address, boolean shared) throws ListenException {
    return switch (this) {
      case NATIVE -> LinuxUdpSocket.open(address, shared);
      case CHANNEL -> ChannelUdpSocket.open(address, shared);
    };
  }
}
