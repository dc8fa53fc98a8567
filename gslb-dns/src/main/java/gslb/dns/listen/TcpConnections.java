package gslb.dns.listen;

import gslb.base.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The open TCP connections of a server: admits within the limits, closes what is past its
/// deadline. Any thread may use it.
final class TcpConnections {
  private final TcpLimits limits;
  private final ListenCounters.Shared counters;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allEnded = lock.newCondition();

  // These three are guarded by the lock.
  private final Set<TcpConnection> open = new LinkedHashSet<>();
  private final Map<ClientKey, Integer> openByClient = new HashMap<>();

  /// Threads that have not ended, evicted ones included.
  private int running;

  private volatile boolean closing;

  TcpConnections(TcpLimits limits, ListenCounters.Shared counters) {
    this.limits = limits;
    this.counters = counters;
  }

  /// Who shares one allowance: an IPv4 address, or an IPv6 /64, which is one subscriber.
  private record ClientKey(boolean isV4, long bits) {
    static ClientKey of(Address client) {
      return new ClientKey(client.isV4(), client.isV4() ? client.low() : client.high());
    }
  }

  TcpLimits limits() {
    return limits;
  }

  boolean isClosing() {
    return closing;
  }

  void count(int counter) {
    counters.increment(counter);
  }

  int size() {
    lock.lock();
    try {
      return open.size();
    } finally {
      lock.unlock();
    }
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
      ClientKey client = ClientKey.of(connection.client());
      if (openByClient.getOrDefault(client, 0) >= limits.perClientMax()) {
        count(ListenCounters.TCP_REFUSED_CLIENT);
        return false;
      }
      if (open.size() >= limits.connectionsMax()) {
        evicted = forgetLongestWithoutQuery(nowNanos);
        if (evicted == null) {
          count(ListenCounters.TCP_REFUSED_FULL);
          return false;
        }
      }
      open.add(connection);
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
    TcpConnection longest = null;
    long longestNanos = TcpLimits.EVICTABLE_AFTER.toNanos();
    for (TcpConnection connection : open) {
      long nanos = nowNanos - connection.lastQueryNanos();
      if (nanos >= longestNanos) {
        longest = connection;
        longestNanos = nanos + 1; // of equals the first, which is the oldest connection
      }
    }
    if (longest != null) {
      forget(longest);
    }
    return longest;
  }

  private void forget(TcpConnection connection) {
    if (open.remove(connection)) {
      openByClient.computeIfPresent(
          ClientKey.of(connection.client()), (_, count) -> count == 1 ? null : count - 1);
    }
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
      for (TcpConnection connection : open) {
        if (connection.isPastDeadline(nowNanos)) {
          expired.add(connection);
        }
      }
      expired.forEach(this::forget);
    } finally {
      lock.unlock();
    }
    for (TcpConnection connection : expired) {
      count(connection.phase().counter);
      connection.close();
    }
  }

  /// Admits nothing more, closes what waits for a query, lets replies on their way be taken for so
  /// long, and then closes the rest.
  void close(Duration drain) throws InterruptedException {
    closing = true;
    closeAll(false);
    awaitEnd(drain);
    closeAll(true);
    awaitEnd(drain);
  }

  /// Admits nothing more and closes everything.
  void closeNow() {
    closing = true;
    closeAll(true);
  }

  private void closeAll(boolean withReplies) {
    List<TcpConnection> closed = new ArrayList<>();
    lock.lock();
    try {
      for (TcpConnection connection : open) {
        if (withReplies || connection.phase() != TcpConnection.Phase.REPLY) {
          closed.add(connection);
        }
      }
    } finally {
      lock.unlock();
    }
    closed.forEach(TcpConnection::close);
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
