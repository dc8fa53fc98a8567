package gslb.steering;

import gslb.base.Address;
import gslb.base.Family;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Keeps health from removing more than a share of all capacity within a window: endpoints that go
/// down beyond that are held, answered as before, until the window has moved on, others come back
/// or an operator forces them down. Immutable: every publish makes the next one from it.
///
/// A pool's capacity counts as far as its endpoints of the better family are up by weight, and not
/// at all below its `min-healthy`; if no pool states a capacity, all count alike. Pools at one
/// site may be lost whole, whatever the limit, as long as nothing else is lost: the loss of a site
/// is what there are other sites for. What was down when it was first seen, after a start or in a
/// new configuration, has not been removed. An endpoint with an override is not held, and its loss
/// does not count. Endpoints are known by pool and address, so the window goes on over a change of
/// the configuration.
public final class CapacityGuard {
  /// What {@link #untilNextNanos} is while nothing is held.
  public static final long NEVER = Long.MAX_VALUE;

  /// Nothing has been seen.
  public static final CapacityGuard NONE = new CapacityGuard(Map.of(), NEVER);

  /// How much health may remove.
  ///
  /// @param lossPercent 1..100, of the capacity of all pools
  /// @param within for which removals are added up
  public record Limit(int lossPercent, Duration within) {
    /// The shortest window.
    public static final Duration WITHIN_MIN = Duration.ofSeconds(1);

    /// The longest window.
    public static final Duration WITHIN_MAX = Duration.ofHours(24);
  }

  /// One endpoint of one pool.
  public record Member(String pool, Address address) implements Comparable<Member> {
    private static final Comparator<Member> ORDER =
        Comparator.comparing(Member::pool).thenComparing(Member::address);

    @Override
    public String toString() {
      return address + " of pool '" + pool + "'";
    }

    @Override
    public int compareTo(Member other) {
      return ORDER.compare(this, other);
    }
  }

  private enum Standing {
    /// Not down, or down without having been up.
    KNOWN,
    /// Down after it was up, and let go.
    REMOVED,
    /// Down, and answered as if it were not.
    HELD
  }

  /// @param sinceNanos when it was let go, or first held, on the monotonic clock
  /// @param wasUp whether it counted as up when it was last neither
  private record Seen(Standing standing, long sinceNanos, boolean wasUp) {}

  private final Map<Member, Seen> seen;
  private final long untilNextNanos;

  private CapacityGuard(Map<Member, Seen> seen, long untilNextNanos) {
    this.seen = Map.copyOf(seen);
    this.untilNextNanos = untilNextNanos;
  }

  /// What follows from the verdicts of a moment.
  ///
  /// @param nowNanos on the monotonic clock, not before the moment of this one
  public CapacityGuard next(Catalog catalog, VerdictTable verdicts, long nowNanos) {
    Limit limit = catalog.guard();
    return limit == null ? NONE : new Weighing(catalog, limit, verdicts, nowNanos).weigh(this);
  }

  /// What is answered by: the verdicts, with what is held as it was before.
  public VerdictTable guarded(Catalog catalog, VerdictTable verdicts) {
    if (seen.values().stream().noneMatch(known -> known.standing == Standing.HELD)) {
      return verdicts;
    }
    Verdict[] guarded = verdicts.verdicts();
    for (Pool pool : catalog.pools()) {
      for (Endpoint endpoint : pool.endpoints()) {
        Seen known = seen.get(new Member(pool.name(), endpoint.address()));
        if (known != null && known.standing == Standing.HELD) {
          guarded[endpoint.id()] = Verdict.UP;
        }
      }
    }
    return verdicts.over(guarded);
  }

  /// The endpoints that are down and answered all the same.
  public Set<Member> held() {
    Set<Member> held = new TreeSet<>();
    seen.forEach(
        (member, known) -> {
          if (known.standing == Standing.HELD) {
            held.add(member);
          }
        });
    return held;
  }

  /// Nanoseconds from the moment of the last publish until something that is held may be let go, or
  /// {@link #NEVER}.
  public long untilNextNanos() {
    return untilNextNanos;
  }

  /// The share of all capacity that the largest pool has, in percent rounded up; a smaller limit
  /// would forbid the loss of one pool.
  public static int largestSharePercent(List<Pool> pools) {
    long[] capacities = capacities(pools);
    long total = LongStream.of(capacities).sum();
    return total == 0
        ? 0
        : (int) Math.ceilDiv(100 * LongStream.of(capacities).max().orElseThrow(), total);
  }

  /// In the order of the pools: what they state, or 1 for each if none does.
  private static long[] capacities(List<Pool> pools) {
    boolean isStated = pools.stream().anyMatch(pool -> pool.capacity() > 0);
    return pools.stream().mapToLong(pool -> isStated ? pool.capacity() : 1).toArray();
  }

  /// One moment. Used once.
  private static final class Weighing {
    private final Catalog catalog;
    private final Limit limit;
    private final VerdictTable verdicts;
    private final long nowNanos;
    private final Map<Member, Seen> after = new HashMap<>();

    /// What is answered by, so far.
    private final Verdict[] present;

    /// The same as if nothing had been removed in the window.
    private final Verdict[] past;

    private final VerdictTable presentTable;
    private final VerdictTable pastTable;
    private final long[] capacities;
    private final long total;

    /// By pool id: how much of its capacity it had.
    private final double[] served;

    /// By pool id: what it has lost.
    private final double[] lost;

    private double lostInAll;

    /// How many pools of each site have lost anything, for those of which some have.
    private final Map<String, Integer> lossyPools = new HashMap<>();

    Weighing(Catalog catalog, Limit limit, VerdictTable verdicts, long nowNanos) {
      this.catalog = catalog;
      this.limit = limit;
      this.verdicts = verdicts;
      this.nowNanos = nowNanos;
      present = verdicts.verdicts();
      past = verdicts.verdicts();
      presentTable = verdicts.over(present);
      pastTable = verdicts.over(past);
      capacities = capacities(catalog.pools());
      total = LongStream.of(capacities).sum();
      served = new double[capacities.length];
      lost = new double[capacities.length];
    }

    /// A loss that is to be weighed.
    private record Candidate(Pool pool, Endpoint endpoint, Member member, Seen before) {}

    CapacityGuard weigh(CapacityGuard guard) {
      List<Candidate> candidates = new ArrayList<>();
      for (Pool pool : catalog.pools()) {
        boolean nothingIsKnown =
            pool.endpoints().stream().allMatch(e -> verdicts.verdict(e.id()) == Verdict.UNKNOWN);
        for (Endpoint endpoint : pool.endpoints()) {
          Member member = new Member(pool.name(), endpoint.address());
          Seen now = seen(endpoint, guard.seen.get(member), nothingIsKnown);
          after.put(member, now);
          if (now.standing == Standing.HELD) {
            candidates.add(new Candidate(pool, endpoint, member, now));
            present[endpoint.id()] = Verdict.UP;
          }
          if (now.standing == Standing.HELD
              || now.standing == Standing.REMOVED && isInWindow(now)) {
            past[endpoint.id()] = Verdict.UP;
          }
        }
      }
      if (candidates.isEmpty()) {
        return new CapacityGuard(after, NEVER);
      }
      for (Pool pool : catalog.pools()) {
        served[pool.id()] = serves(pool, pastTable);
        reckon(pool);
      }
      candidates.sort(
          Comparator.comparingLong((Candidate candidate) -> candidate.before.sinceNanos - nowNanos)
              .thenComparing(Candidate::member));
      boolean holds = false;
      for (Candidate candidate : candidates) {
        holds |= !letGo(candidate);
      }
      return new CapacityGuard(after, holds ? untilTheWindowMoves() : NEVER);
    }

    /// What an endpoint is before anything is weighed: every loss is held first.
    private Seen seen(Endpoint endpoint, @Nullable Seen before, boolean countsUnknownAsUp) {
      Verdict verdict = verdicts.verdict(endpoint.id());
      boolean isJudged = verdicts.override(endpoint.id()) == EndpointOverride.NONE;
      if (verdict != Verdict.DOWN || !isJudged || before == null) {
        boolean isUp = verdict == Verdict.UP || verdict == Verdict.UNKNOWN && countsUnknownAsUp;
        return new Seen(Standing.KNOWN, nowNanos, isUp && isJudged);
      }
      boolean goesDown = before.standing == Standing.KNOWN && before.wasUp;
      return goesDown ? new Seen(Standing.HELD, nowNanos, true) : before;
    }

    private boolean isInWindow(Seen removed) {
      return nowNanos - removed.sinceNanos < limit.within().toNanos();
    }

    private void reckon(Pool pool) {
      double before = lost[pool.id()];
      double now = Math.max(0, served[pool.id()] - serves(pool, presentTable));
      lost[pool.id()] = now;
      lostInAll += now - before;
      if (now > 0 != before > 0) {
        // A pool without a site stands alone.
        Site site = pool.site();
        String where = site == null ? "pool " + pool.name() : "site " + site.name();
        lossyPools.merge(
            where, now > 0 ? 1 : -1, (one, other) -> one + other == 0 ? null : one + other);
      }
    }

    /// How much of its capacity a pool has.
    private double serves(Pool pool, VerdictTable verdicts) {
      PoolState state = new PoolState(pool, verdicts);
      if (pool.isAlwaysUp()) {
        return capacities[pool.id()];
      }
      double share = 0;
      for (Family family : Family.values()) {
        PoolState.FamilyHealth health = state.health(family);
        if (health.isMet() && health.weightConfigured() > 0) {
          share = Math.max(share, (double) health.weightUp() / health.weightConfigured());
        }
      }
      return share * capacities[pool.id()];
    }

    private boolean letGo(Candidate candidate) {
      present[candidate.endpoint.id()] = Verdict.DOWN;
      reckon(candidate.pool);
      if (isTooMuch() && lossyPools.size() > 1) {
        present[candidate.endpoint.id()] = Verdict.UP;
        reckon(candidate.pool);
        return false;
      }
      after.put(candidate.member, new Seen(Standing.REMOVED, nowNanos, true));
      return true;
    }

    private boolean isTooMuch() {
      return lostInAll * 100 > (double) total * limit.lossPercent() * (1 + 1e-9);
    }

    private long untilTheWindowMoves() {
      long until = NEVER;
      for (Seen now : after.values()) {
        if (now.standing == Standing.REMOVED && isInWindow(now)) {
          until = Math.min(until, now.sinceNanos + limit.within().toNanos() - nowNanos);
        }
      }
      return until;
    }
  }
}
