package gslb.dns.listen;

import java.time.Duration;

/// What bounds the TCP and TLS connections of one server, over all its addresses.
///
/// Memory: a connection between queries holds 4 KiB of buffers, 6 KiB and the session below TLS.
/// Whatever long messages need beyond that is taken from {@link #BUFFERS_BYTES_MAX}, which all
/// connections share; a connection that finds nothing left there is closed. The arrays for
/// answering are shared, one pair for each processor.
///
/// @param connectionsMax open connections. When they are all taken, a new one takes the place of
///     the one that has gone longest without completing a query, whatever it is doing, provided
///     that is {@link #EVICTABLE_AFTER} ago; else the new one is refused
/// @param perClientMax open connections of one IPv4 address or one IPv6 /64; more are refused.
///     Behind a trusted proxy the client counts, not the proxy
/// @param idle from the end of one query to the first byte of the next (RFC 7766 §6.2.3)
/// @param query from the first byte of a query to its last, not extended by what comes between; and
///     from the beginning of a connection to the end of its PROXY header and TLS handshake
/// @param reply for the client to take a reply, or several replies up to 80 KiB
/// @param life from the beginning of a connection to its end, which then comes behind the replies
///     to what has been asked
public record TcpLimits(
    int connectionsMax,
    int perClientMax,
    Duration idle,
    Duration query,
    Duration reply,
    Duration life) {
  public static final int CONNECTIONS_MAX = 4096;
  public static final int CONNECTIONS_PER_CLIENT_MAX = 64;
  public static final Duration IDLE_MAX = Duration.ofSeconds(10);
  public static final Duration QUERY_MAX = Duration.ofSeconds(10);
  public static final Duration REPLY_MAX = Duration.ofSeconds(10);
  public static final Duration LIFE_MAX = Duration.ofHours(1);

  /// Bytes of buffers that all connections together hold beyond what each has while idle.
  public static final int BUFFERS_BYTES_MAX = 64 << 20;

  /// A connection that completed a query, or began, later than this is not evicted.
  public static final Duration EVICTABLE_AFTER = Duration.ofMillis(500);

  public static final TcpLimits DEFAULTS =
      new TcpLimits(CONNECTIONS_MAX, CONNECTIONS_PER_CLIENT_MAX, IDLE_MAX, QUERY_MAX, REPLY_MAX);

  public TcpLimits {
    if (connectionsMax < 1 || perClientMax < 1) {
      throw new IllegalArgumentException("a limit on connections is at least 1");
    }
    for (Duration limit : new Duration[] {idle, query, reply, life}) {
      if (!limit.isPositive()) {
        throw new IllegalArgumentException("a connection needs more time than " + limit);
      }
    }
  }

  /// With the default {@link #LIFE_MAX}.
  public TcpLimits(
      int connectionsMax, int perClientMax, Duration idle, Duration query, Duration reply) {
    this(connectionsMax, perClientMax, idle, query, reply, LIFE_MAX);
  }
}
