package gslb.node;

import gslb.admin.NodeStatus.HostStatus;
import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.CounterBlock;
import gslb.base.Counters;
import gslb.base.DnsName;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Resolves the hosts of endpoints again and again, and says when their addresses changed. Each
/// resolution has a virtual thread; one more decides what is due.
final class HostLoop implements AutoCloseable {
  /// Between two applications of changes, and between two looks whether new addresses are up.
  static final Duration APPLY_INTERVAL_MIN = Duration.ofSeconds(1);

  /// For which a start, or a reload with new hosts, waits for first answers.
  static final Duration WAIT_MAX = Duration.ofSeconds(2);

  /// Resolutions under way.
  static final int RESOLUTIONS_MAX = 32;

  private static final int RESOLUTIONS = 0;
  private static final int FAILURES = 1;
  private static final int CHANGES = 2;

  private static final Logger LOGGER = System.getLogger(HostLoop.class.getName());

  /// Where changed addresses go.
  interface Serving {
    /// Addresses by host that are up in every pool of the host.
    Map<DnsName, Set<Address>> up();

    /// Serves the addresses that are known now.
    void apply() throws Refused;
  }

  private final Clock clock;
  private final HostResolver resolver;
  private final HostMemory memory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Counters counters =
      new Counters(
          List.of(
              "gslb_node_host_resolutions_total",
              "gslb_node_host_failures_total",
              "gslb_node_host_changes_total"));
  private final CounterBlock counts = counters.newBlock();

  // Guarded by the lock.
  private final Map<DnsName, HostState> hosts = new LinkedHashMap<>();
  private @Nullable Thread thread;
  private int underWay;
  private boolean isDirty;
  private boolean closing;

  /// Confined to the loop's thread.
  private boolean isRefused;

  HostLoop(Clock clock, HostResolver resolver, HostMemory memory) {
    this.clock = clock;
    this.resolver = resolver;
    this.memory = memory;
  }

  /// From here on changes are applied.
  void start(Serving serving) {
    lock.lock();
    try {
      thread = Thread.ofVirtual().name("hosts").start(() -> run(serving));
    } finally {
      lock.unlock();
    }
  }

  /// Resolves these hosts too, and waits until each was tried, at most {@link #WAIT_MAX}.
  void await(Collection<DnsName> names) {
    lock.lock();
    try {
      long now = clock.nanoTime();
      for (DnsName name : names) {
        hosts.computeIfAbsent(
            name, n -> new HostState(n, memory.addresses().getOrDefault(n, List.of()), now));
      }
      startDue(now);
      long left = WAIT_MAX.toNanos();
      while (!closing && left > 0 && !areTried(names)) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private boolean areTried(Collection<DnsName> names) {
    return names.stream().map(hosts::get).allMatch(host -> host == null || host.isTried());
  }

  /// Forgets all other hosts.
  void retain(Collection<DnsName> names) {
    lock.lock();
    try {
      hosts.keySet().retainAll(Set.copyOf(names));
    } finally {
      lock.unlock();
    }
  }

  /// Addresses that are endpoints now; none of a host that is not known.
  List<Address> addresses(DnsName name) {
    lock.lock();
    try {
      HostState host = hosts.get(name);
      return host == null ? List.of() : host.addresses();
    } finally {
      lock.unlock();
    }
  }

  Counters counters() {
    return counters;
  }

  /// Of the hosts that ever had addresses.
  HostMemory memory() {
    Map<DnsName, List<Address>> all = new LinkedHashMap<>();
    lock.lock();
    try {
      hosts.forEach(
          (name, host) -> {
            if (!host.current().isEmpty()) {
              all.put(name, host.current());
            }
          });
    } finally {
      lock.unlock();
    }
    return new HostMemory(all);
  }

  List<HostStatus> status() {
    List<HostStatus> all = new ArrayList<>();
    lock.lock();
    try {
      long now = clock.nanoTime();
      for (HostState host : hosts.values()) {
        long age = host.age(now);
        all.add(
            new HostStatus(
                host.name().withoutDot(),
                host.phase().name(),
                host.current().stream().map(Address::toString).toList(),
                host.leaving().stream().map(Address::toString).toList(),
                age < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(age),
                host.failures(),
                host.problem()));
      }
    } finally {
      lock.unlock();
    }
    return all;
  }

  private void run(Serving serving) {
    long appliedAt = clock.nanoTime() - APPLY_INTERVAL_MIN.toNanos();
    try {
      while (true) {
        boolean isDue;
        lock.lockInterruptibly();
        try {
          long now = clock.nanoTime();
          long wait = isDirty || hasLeaving() ? untilApply(appliedAt, now) : Long.MAX_VALUE;
          wait = Math.min(wait, startDue(now));
          isDue = isDirty || hasLeaving();
          if (closing) {
            return;
          }
          if (wait > 0) {
            changed.awaitNanos(wait);
            continue;
          }
        } finally {
          lock.unlock();
        }
        if (isDue) {
          settleAndApply(serving);
          appliedAt = clock.nanoTime();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long untilApply(long appliedAt, long now) {
    return Math.max(0, APPLY_INTERVAL_MIN.toNanos() - (now - appliedAt));
  }

  private boolean hasLeaving() {
    return hosts.values().stream().anyMatch(HostState::hasLeaving);
  }

  /// Begins what is due, under the lock.
  ///
  /// @return nanoseconds until something else is; more than 0
  private long startDue(long now) {
    long wait = Long.MAX_VALUE;
    for (HostState host : hosts.values()) {
      long until = host.untilDue(now);
      if (until > 0) {
        wait = Math.min(wait, until);
      } else if (underWay < RESOLUTIONS_MAX && !closing) {
        host.asked();
        underWay++;
        Thread.ofVirtual().name("host " + host.name()).start(() -> resolve(host));
      }
    }
    return wait;
  }

  private void resolve(HostState host) {
    HostResolver.Resolved answer = null;
    String why = "";
    try {
      answer = resolver.resolve(host.name());
    } catch (IOException e) {
      why = String.valueOf(e.getMessage());
    } catch (RuntimeException | Error e) { // whatever it is, its place is another's again
      why = e.toString();
    }
    lock.lock();
    try {
      long now = clock.nanoTime();
      HostState.Phase before = host.phase();
      if (answer == null) {
        host.failed(why, now);
      } else if (host.answered(answer, now)) {
        isDirty = true;
        counts.increment(CHANGES);
      }
      counts.increment(RESOLUTIONS);
      if (host.failures() > 0) {
        counts.increment(FAILURES);
      }
      underWay--;
      startDue(now);
      changed.signalAll();
      report(host, before);
    } finally {
      lock.unlock();
    }
  }

  private static void report(HostState host, HostState.Phase before) {
    if (host.phase() == before) {
      return;
    }
    switch (host.phase()) {
      case FRESH ->
          LOGGER.log(Level.INFO, "host ''{0}'' is {1}", host.name().withoutDot(), host.current());
      case STALE ->
          LOGGER.log(
              Level.WARNING,
              "host ''{0}'' cannot be resolved: {1}; its last addresses stay in service: {2}",
              host.name().withoutDot(),
              host.problem(),
              host.current());
      case UNRESOLVED ->
          LOGGER.log(
              Level.WARNING,
              "host ''{0}'' cannot be resolved: {1}; it has no endpoints until it can",
              host.name().withoutDot(),
              host.problem());
      case UNASKED -> {}
    }
  }

  private void settleAndApply(Serving serving) {
    try {
      if (settle(serving.up())) {
        serving.apply();
        isRefused = false;
      }
    } catch (Refused | RuntimeException | Error e) { // whatever it is, this thread has to go on
      lock.lock();
      try {
        isDirty = !closing;
        if (!isRefused && !closing) {
          LOGGER.log(Level.WARNING, "changed addresses of hosts cannot be applied", e);
        }
      } finally {
        lock.unlock();
      }
      isRefused = true;
    }
  }

  /// Lets old addresses go.
  ///
  /// @return whether there is something to apply
  private boolean settle(Map<DnsName, Set<Address>> up) {
    lock.lock();
    try {
      long now = clock.nanoTime();
      boolean isToApply = isDirty;
      for (HostState host : hosts.values()) {
        isToApply |= host.settle(up.getOrDefault(host.name(), Set.of()), now);
      }
      isDirty = false;
      return isToApply;
    } finally {
      lock.unlock();
    }
  }

  /// Applies nothing more; a resolution under way is not waited for.
  @Override
  public void close() {
    Thread running;
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
      running = thread;
    } finally {
      lock.unlock();
    }
    try {
      if (running != null) {
        running.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
