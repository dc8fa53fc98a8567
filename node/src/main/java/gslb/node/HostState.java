package gslb.node;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.steering.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is known of one host, and which of its addresses are endpoints: those of the latest good
/// answer, and those that left it until a new one is up. Once there are any, there always are.
/// Confined to one thread at a time.
final class HostState {
  /// Addresses of one answer; more are no answer.
  static final int ADDRESSES_MAX = 32;

  /// Addresses that left the answer and still serve; the one that left first goes first.
  static final int LEAVING_MAX = 32;

  /// For which an address that left the answer serves while no new one is up.
  static final Duration LEAVING_AGE_MAX = Duration.ofMinutes(10);

  /// Between two resolutions of one host, however short the TTL.
  static final Duration INTERVAL_MIN = Duration.ofSeconds(10);

  /// Between two resolutions, however long the TTL. Up to a tenth is added to any interval, so that
  /// hosts do not go together.
  static final Duration INTERVAL_MAX = Duration.ofMinutes(5);

  /// Between two resolutions that fail; the first is tried again after {@link #INTERVAL_MIN}.
  static final Duration RETRY_MAX = Duration.ofMinutes(1);

  /// What is known of a host.
  enum Phase {
    /// Nothing was heard yet; what is remembered of the last run serves.
    UNASKED,
    /// The latest answer was good.
    FRESH,
    /// The latest answer was none; the addresses of the last good one serve.
    STALE,
    /// There never was an answer.
    UNRESOLVED
  }

  private final DnsName name;
  private final Map<Address, Long> current = new TreeMap<>(); // to when it came
  private final Map<Address, Long> leaving = new LinkedHashMap<>(); // to when it left
  private Phase phase = Phase.UNASKED;
  private long nextNanos;
  private long answeredNanos;
  private boolean hasAnswered;
  private boolean isAsked;
  private int failures;
  private int rounds;
  private String problem = "";

  /// @param remembered addresses of the last run, perhaps none
  HostState(DnsName name, Collection<Address> remembered, long nowNanos) {
    this.name = name;
    this.nextNanos = nowNanos;
    remembered.stream().limit(ADDRESSES_MAX).forEach(a -> current.put(a, nowNanos));
  }

  DnsName name() {
    return name;
  }

  Phase phase() {
    return phase;
  }

  /// Nanoseconds until it is to be resolved, 0 or less if it is now; never while it is.
  long untilDue(long nowNanos) {
    return isAsked ? Long.MAX_VALUE : nextNanos - nowNanos;
  }

  void asked() {
    isAsked = true;
  }

  /// Whether an answer or a failure came.
  boolean isTried() {
    return rounds > 0;
  }

  /// Takes an answer. What no endpoint can have is left out.
  ///
  /// @return whether the endpoints changed
  boolean answered(HostResolver.Resolved answer, long nowNanos) {
    Set<Address> found = new TreeSet<>(answer.addresses());
    if (found.isEmpty()) {
      failed("it has no addresses", nowNanos);
      return false;
    }
    Address first = found.iterator().next();
    found.removeIf(address -> Endpoint.refusal(address).isPresent());
    if (found.isEmpty()) {
      failed("its address " + first + " is " + Endpoint.refusal(first).orElseThrow(), nowNanos);
      return false;
    }
    if (found.size() > ADDRESSES_MAX) {
      failed("it has " + found.size() + " addresses; a host may have " + ADDRESSES_MAX, nowNanos);
      return false;
    }
    List<Address> before = addresses();
    current.keySet().stream()
        .filter(address -> !found.contains(address))
        .forEach(address -> leaving.put(address, nowNanos));
    current.keySet().retainAll(found);
    for (Address address : found) {
      leaving.remove(address);
      current.putIfAbsent(address, nowNanos);
    }
    while (leaving.size() > LEAVING_MAX) {
      leaving.remove(leaving.keySet().iterator().next());
    }
    phase = Phase.FRESH;
    problem = "";
    failures = 0;
    hasAnswered = true;
    answeredNanos = nowNanos;
    long ttl = Duration.ofSeconds(Math.clamp(answer.ttlSeconds(), 0, 86_400)).toNanos();
    next(Math.clamp(ttl, INTERVAL_MIN.toNanos(), INTERVAL_MAX.toNanos()), nowNanos);
    return !before.equals(addresses());
  }

  /// Takes a failure: nothing changes but the time of the next try.
  void failed(String why, long nowNanos) {
    phase = current.isEmpty() ? Phase.UNRESOLVED : Phase.STALE;
    problem = why;
    long interval = INTERVAL_MIN.toNanos() << Math.min(failures, 10);
    failures++;
    next(Math.min(interval, RETRY_MAX.toNanos()), nowNanos);
  }

  private void next(long interval, long nowNanos) {
    isAsked = false;
    rounds++;
    long mixed = (name.hashCode() * 31L + rounds) * 0x9e3779b97f4a7c15L;
    nextNanos = nowNanos + interval + (interval / 10 * (mixed >>> 48) >> 16);
  }

  /// Lets go of addresses that left the answer, where a new one is up or they served long enough.
  ///
  /// @param up addresses that are up in every pool that has this host
  /// @return whether the endpoints changed
  boolean settle(Set<Address> up, long nowNanos) {
    return leaving
        .entrySet()
        .removeIf(
            left ->
                nowNanos - left.getValue() >= LEAVING_AGE_MAX.toNanos()
                    || successors(left.getKey(), left.getValue()).stream().anyMatch(up::contains));
  }

  /// What takes the place of an address that left: what came when it left or later, else what was
  /// there; of its family, unless the host has no more addresses of that.
  private List<Address> successors(Address address, long leftNanos) {
    boolean hasFamily =
        current.keySet().stream().anyMatch(each -> each.family() == address.family());
    List<Address> old = new ArrayList<>();
    List<Address> young = new ArrayList<>();
    current.forEach(
        (each, since) -> {
          if (!hasFamily || each.family() == address.family()) {
            (since - leftNanos >= 0 ? young : old).add(each);
          }
        });
    return young.isEmpty() ? old : young;
  }

  boolean hasLeaving() {
    return !leaving.isEmpty();
  }

  /// Endpoints: the answer's in order, then those that left it.
  List<Address> addresses() {
    List<Address> all = new ArrayList<>(current.keySet());
    all.addAll(leaving.keySet());
    return all;
  }

  /// Of the latest good answer.
  List<Address> current() {
    return List.copyOf(current.keySet());
  }

  List<Address> leaving() {
    return List.copyOf(leaving.keySet());
  }

  /// Nanoseconds since the latest good answer, -1 if there was none.
  long age(long nowNanos) {
    return hasAnswered ? nowNanos - answeredNanos : -1;
  }

  /// Failures since the latest good answer.
  int failures() {
    return failures;
  }

  /// Of the latest failure, empty if the latest answer was good.
  String problem() {
    return problem;
  }
}
