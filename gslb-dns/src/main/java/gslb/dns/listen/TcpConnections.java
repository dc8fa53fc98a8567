package gslb.dns.listen;

import gslb.base.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The open TCP connections of a server: admits within the limits, closes what is past its
/// deadline. Any thread may use it.
final class TcpConnections {
  /// How much longer a connection is kept idle than clients are told (RFC 7828 §3.3), so that the
  /// client closes first; half the limit if that is less.
  private static final Duration KEEPALIVE_GRACE = Duration.ofSeconds(1);

  private final TcpLimits limits;
  private final ListenCounters.Shared counters;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allEnded = lock.newCondition();

  private final BufferBudget budget = new BufferBudget(TcpLimits.BUFFERS_BYTES_MAX);

  // These three are guarded by the lock.
  /// Whose allowance each open connection takes, in the order of their last queries.
  private final LinkedHashMap<TcpConnection, ClientKey> open = new LinkedHashMap<>();

  private final Map<ClientKey, Integer> openByClient = new HashMap<>();

  /// Threads that have not ended, evicted ones included.
  private int running;

  /// Size of the table, for those who need no lock for it.
  private volatile int openCount;

  private volatile boolean closing;

  TcpConnections(TcpLimits limits, ListenCounters.Shared counters) {
    this.limits = limits;
    this.counters = counters;
  }

  /// Who shares one allowance: an IPv4 address, or an IPv6 /64, which is one subscriber.
  private record ClientKey(boolean isV4, long bits) {
    /// A proxy that has not yet said for whom it speaks.
    static final ClientKey NOBODY = new ClientKey(true, -1);

    static ClientKey of(Address client) {
      return new ClientKey(client.isV4(), client.isV4() ? client.low() : client.high());
    }
  }

  TcpLimits limits() {
    return limits;
  }

  /// What long messages are kept in.
  BufferBudget budget() {
    return budget;
  }

  boolean isClosing() {
    return closing;
  }

  void count(int counter) {
    counters.increment(counter);
  }

  int size() {
    return openCount;
  }

  /// How long clients are told that they may stay idle, in units of 100 ms (RFC 7828 §3.1). All of
  /// it while half of the places are free, then less, and 0 when the last eighth is reached, or
  /// when the server closes.
  int idleTenths() {
    int half = limits.connectionsMax() / 2;
    int nearlyFull = limits.connectionsMax() - limits.connectionsMax() / 8;
    int count = openCount;
    if (closing || count >= nearlyFull) {
      return 0;
    }
    long idle = limits.idle().toMillis();
    long told = (idle - Math.min(KEEPALIVE_GRACE.toMillis(), idle / 2)) / 100;
    int free = nearlyFull - Math.max(half, count);
    return (int) Math.min(0xffff, told * free / (nearlyFull - half));
  }

  /// Takes the connection in, if need be in place of another.
  ///
  /// @return whether it is to be served; if so {@link #ended} must follow
  boolean admit(TcpConnection connection, long nowNanos) {
    TcpConnection evicted = null;
    lock.lock();
    try {
      if (closing) {
        return false;
      }
      ClientKey client =
          connection.isProxied() ? ClientKey.NOBODY : ClientKey.of(connection.client());
      if (hasItsShare(client)) {
        return false;
      }
      if (open.size() >= limits.connectionsMax()) {
        evicted = forgetLongestWithoutQuery(nowNanos);
        if (evicted == null) {
          count(ListenCounters.TCP_REFUSED_FULL);
          return false;
        }
      }
      open.put(connection, client);
      openCount = open.size();
      openByClient.merge(client, 1, Integer::sum);
      running++;
    } finally {
      lock.unlock();
    }
    count(ListenCounters.TCP_CONNECTIONS);
    if (evicted != null) {
      count(ListenCounters.TCP_CLOSED_EVICTED);
      evicted.close();
    }
    return true;
  }

  private boolean hasItsShare(ClientKey client) {
    boolean refused =
        !client.equals(ClientKey.NOBODY)
            && openByClient.getOrDefault(client, 0) >= limits.perClientMax();
    if (refused) {
      count(ListenCounters.TCP_REFUSED_CLIENT);
    }
    return refused;
  }

  /// Takes notice that a proxy has said for whom it speaks.
  ///
  /// @return whether that client's connection is to be served
  boolean identify(TcpConnection connection) {
    lock.lock();
    try {
      ClientKey client = ClientKey.of(connection.client());
      if (!open.containsKey(connection) || hasItsShare(client)) {
        return false;
      }
      forgetClient(ClientKey.NOBODY);
      open.put(connection, client);
      openByClient.merge(client, 1, Integer::sum);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Takes notice that a connection completed a query, which makes it the last to be evicted.
  void completedQuery(TcpConnection connection) {
    lock.lock();
    try {
      ClientKey client = open.get(connection);
      if (client != null) {
        open.putLast(connection, client);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Makes room when the process has run out of descriptors.
  void evictOne(long nowNanos) {
    TcpConnection evicted;
    lock.lock();
    try {
      evicted = forgetLongestWithoutQuery(nowNanos);
    } finally {
      lock.unlock();
    }
    if (evicted != null) {
      count(ListenCounters.TCP_CLOSED_EVICTED);
      evicted.close();
    }
  }

  private @Nullable TcpConnection forgetLongestWithoutQuery(long nowNanos) {
    Map.Entry<TcpConnection, ClientKey> first = open.firstEntry();
    if (first == null) {
      return null;
    }
    TcpConnection longest = first.getKey();
    if (nowNanos - longest.lastQueryNanos() < TcpLimits.EVICTABLE_AFTER.toNanos()) {
      return null;
    }
    forget(longest);
    return longest;
  }

  private void forget(TcpConnection connection) {
    ClientKey client = open.remove(connection);
    if (client != null) {
      openCount = open.size();
      forgetClient(client);
    }
  }

  private void forgetClient(ClientKey client) {
    openByClient.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
  }

  /// The last thing that a connection's thread does.
  void ended(TcpConnection connection) {
    lock.lock();
    try {
      forget(connection);
      running--;
      if (running == 0) {
        allEnded.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Closes every connection whose deadline has passed.
  void closeExpired(long nowNanos) {
    List<TcpConnection> expired = new ArrayList<>();
    lock.lock();
    try {
      for (TcpConnection connection : open.keySet()) {
        if (connection.isPastDeadline(nowNanos)) {
          expired.add(connection);
        }
      }
    } finally {
      lock.unlock();
    }
    for (TcpConnection connection : expired) {
      if (!connection.isAskedToEnd()) {
        count(connection.expiryCounter());
      }
      if (!connection.endByItself(nowNanos)) {
        drop(connection);
      }
    }
  }

  /// Closes the connection, which at once no longer counts.
  private void drop(TcpConnection connection) {
    lock.lock();
    try {
      forget(connection);
    } finally {
      lock.unlock();
    }
    connection.close();
  }

  /// Admits nothing more, closes what waits for a query, lets replies on their way be taken for so
  /// long, and then closes the rest.
  void close(Duration drain, long nowNanos) throws InterruptedException {
    closing = true;
    closeAll(false, nowNanos);
    awaitEnd(drain);
    closeAll(true, nowNanos);
    awaitEnd(drain);
  }

  /// Admits nothing more and closes everything.
  void closeNow(long nowNanos) {
    closing = true;
    closeAll(true, nowNanos);
  }

  private void closeAll(boolean withReplies, long nowNanos) {
    List<TcpConnection> closed = new ArrayList<>();
    lock.lock();
    try {
      for (TcpConnection connection : open.keySet()) {
        if (withReplies || connection.phase() != TcpConnection.Phase.REPLY) {
          closed.add(connection);
        }
      }
    } finally {
      lock.unlock();
    }
    for (TcpConnection connection : closed) {
      if (withReplies || !connection.endByItself(nowNanos)) {
        connection.close();
      }
    }
  }

  private void awaitEnd(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long nanos = limit.toNanos();
      while (running > 0 && nanos > 0) {
        nanos = allEnded.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }
}
