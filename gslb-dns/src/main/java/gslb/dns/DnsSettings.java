package gslb.dns;

import java.net.InetSocketAddress;
import java.util.List;

/// @param listen addresses served over UDP and TCP; no port 0 in production
/// @param threadsPerAddress UDP sockets, each with its own thread, per address, 1..256
public record DnsSettings(List<InetSocketAddress> listen, int threadsPerAddress) {
  public DnsSettings {
    listen = List.copyOf(listen);
  }
}
