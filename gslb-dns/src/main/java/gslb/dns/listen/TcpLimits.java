package gslb.dns.listen;

import java.time.Duration;

/// What bounds the TCP connections of one server, over all its addresses.
///
/// Memory: a connection between queries holds 4 KiB of buffers; one that sends or is sent the
/// longest messages at most {@link TcpConnection#BUFFERS_BYTES_MAX}. With the defaults that is 4
/// MiB
/// and 144 MiB for all of them together. The arrays for answering are shared, one pair for each
/// processor.
///
/// @param connectionsMax open connections. When they are all taken, a new one takes the place of
/// the
///     one that has gone longest without completing a query, whatever it is doing, provided that is
///     {@link #EVICTABLE_AFTER} ago; else the new one is refused
/// @param perClientMax open connections of one IPv4 address or one IPv6 /64; more are refused
/// @param idle from the end of one query to the first byte of the next (RFC 7766 §6.2.3)
/// @param query from the first byte of a query to its last, not extended by what comes between
/// @param reply for the client to take a reply, or several replies up to 80 KiB
public record TcpLimits(
    int connectionsMax, int perClientMax, Duration idle, Duration query, Duration reply) {
  public static final int CONNECTIONS_MAX = 1024;
  public static final int CONNECTIONS_PER_CLIENT_MAX = 64;
  public static final Duration IDLE_MAX = Duration.ofSeconds(10);
  public static final Duration QUERY_MAX = Duration.ofSeconds(10);
  public static final Duration REPLY_MAX = Duration.ofSeconds(10);

  /// A connection that completed a query, or began, later than this is not evicted.
  public static final Duration EVICTABLE_AFTER = Duration.ofMillis(500);

  public static final TcpLimits DEFAULTS =
      new TcpLimits(CONNECTIONS_MAX, CONNECTIONS_PER_CLIENT_MAX, IDLE_MAX, QUERY_MAX, REPLY_MAX);

  public TcpLimits {
    if (connectionsMax < 1 || perClientMax < 1) {
      throw new IllegalArgumentException("a limit on connections is at least 1");
    }
  }
}
