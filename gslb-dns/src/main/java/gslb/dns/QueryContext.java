package gslb.dns;

/// Everything about one query that is not in its bytes, and the scratch space of the thread that
/// answers it. Owned by one listener thread and reused for every query; never shared.
public final class QueryContext {
  /// The transport the query came over, as far as the answer depends on it.
  public boolean overTcp;

  /// The socket peer: `high` is 0 and `low` has 32 bits for IPv4.
  public boolean clientIsV4;

  public long clientHigh;
  public long clientLow;

  /// Set by the listener at least once per batch of queries.
  public long nowNanos;

  public long nowMillis;
}
