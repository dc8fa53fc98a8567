package gslb.dns.listen;

import gslb.base.Prefix;
import java.net.InetSocketAddress;
import java.util.List;

/// What the listeners of an authoritative server are told; fixed while they run.
///
/// @param listen addresses served over UDP and TCP; no port 0 in production
/// @param listenTls addresses served over TLS (RFC 7858); empty for none
/// @param threadsPerAddress UDP sockets, each with its own thread, per address, 1..256
/// @param tcp limits of TCP and TLS connections, over all addresses
/// @param proxies sources whose connections and datagrams begin with a PROXY header, and must; it
///     says who the client is. A header from any other source is not looked for
public record DnsSettings(
    List<InetSocketAddress> listen,
    List<InetSocketAddress> listenTls,
    int threadsPerAddress,
    TcpLimits tcp,
    List<Prefix> proxies) {
  public DnsSettings {
    listen = List.copyOf(listen);
    listenTls = List.copyOf(listenTls);
    proxies = List.copyOf(proxies);
  }

  /// UDP and TCP with the default limits, and nothing else.
  public DnsSettings(List<InetSocketAddress> listen, int threadsPerAddress) {
    this(listen, List.of(), threadsPerAddress, TcpLimits.DEFAULTS, List.of());
  }
}
