package gslb.health;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When each target is probed. Owned by one thread at a time; knows no clock.
///
/// A target is due at the moments `phase + n × interval` of the monotonic clock, where the phase is
/// a hash of vantage and target: periods are exact, and neither the targets of one node nor the
/// nodes of one target probe in step. A new target gets `fall` quick probes first. A target that is
/// being probed is not due; moments that pass meanwhile are left out. When too many probes run, the
/// longest due go first.
public final class ProbeSchedule {
  /// Probes of one node that run at once; more are late.
  public static final int PROBES_CONCURRENT_MAX = 1024;

  /// The quick probes of a new target take this long together, or one interval if that is less.
  public static final Duration QUICK_ROUND = Duration.ofSeconds(1);

  private final long vantageHash;
  private final int concurrentMax;
  private final Map<TargetKey, Slot> slots = new HashMap<>();
  private final PriorityQueue<Slot> due = new PriorityQueue<>();
  private final Map<TargetKey, Slot> running = new HashMap<>();
  private long started;
  private long late;

  private static final class Slot implements Comparable<Slot> {
    ProbeTarget target;
    long dueNanos;
    long startedNanos;
    int quickLeft;

    Slot(ProbeTarget target) {
      this.target = target;
      this.quickLeft = target.monitor().fall();
    }

    @Override
    public int compareTo(Slot other) {
      long difference = dueNanos - other.dueNanos;
      return difference != 0 ? Long.signum(difference) : target.key().compareTo(other.target.key());
    }
  }

  /// @param vantage name of the probing node
  public ProbeSchedule(String vantage, int concurrentMax) {
    this.vantageHash = vantageHash(vantage);
    this.concurrentMax = concurrentMax;
  }

  static long vantageHash(String vantage) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < vantage.length(); i++) {
      hash = (hash ^ vantage.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  private static long mix(long vantageHash, TargetKey key) {
    long hash = vantageHash ^ key.high() * 0x9e3779b97f4a7c15L ^ key.low();
    hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
    return hash ^ hash >>> 31;
  }

  /// The first moment after `afterNanos` at which this vantage regularly probes the target.
  static long nextRegular(long vantageHash, ProbeTarget target, long afterNanos) {
    long interval = target.monitor().interval().toNanos();
    long phase = Math.floorMod(mix(vantageHash, target.key()), interval);
    return afterNanos - Math.floorMod(afterNanos - phase, interval) + interval;
  }

  private static long quickSpacing(Monitor monitor) {
    long round = Math.min(monitor.interval().toNanos(), QUICK_ROUND.toNanos());
    return Math.max(1, round / monitor.fall());
  }

  /// Replaces the targets. Those that stay keep their moments, new ones begin with quick probes.
  public void retarget(Collection<ProbeTarget> targets, long nowNanos) {
    Set<TargetKey> wanted = new HashSet<>();
    for (ProbeTarget target : targets) {
      wanted.add(target.key());
      Slot known = slots.get(target.key());
      if (known != null) {
        known.target = target;
        continue;
      }
      Slot slot = new Slot(target);
      slots.put(target.key(), slot);
      if (!running.containsKey(target.key())) {
        slot.dueNanos =
            nowNanos
                + Math.floorMod(mix(vantageHash, target.key()), quickSpacing(target.monitor()));
        due.add(slot);
      }
    }
    slots.keySet().retainAll(wanted);
    due.removeIf(slot -> slots.get(slot.target.key()) != slot);
  }

  /// The target to probe now, which is then running until {@link #finished}; null if none is due or
  /// too many run.
  public @Nullable ProbeTarget startNext(long nowNanos) {
    Slot slot = due.peek();
    if (slot == null || slot.dueNanos - nowNanos > 0 || running.size() >= concurrentMax) {
      return null;
    }
    due.remove();
    slot.startedNanos = nowNanos;
    running.put(slot.target.key(), slot);
    started++;
    if (nowNanos - slot.dueNanos > slot.target.monitor().interval().toNanos()) {
      late++;
    }
    return slot.target;
  }

  /// Ends the probe of a target, removed or not.
  public void finished(TargetKey key, long nowNanos) {
    Slot ran = running.remove(key);
    Slot slot = slots.get(key);
    if (ran == null || slot == null) {
      return;
    }
    if (slot != ran) {
      // Removed and added again while its probe ran.
      slot.dueNanos = nowNanos;
    } else if (slot.quickLeft > 1) {
      slot.quickLeft--;
      long quick = slot.startedNanos + quickSpacing(slot.target.monitor());
      slot.dueNanos = quick - nowNanos > 0 ? quick : nowNanos;
    } else {
      slot.quickLeft = 0;
      slot.dueNanos = nextRegular(vantageHash, slot.target, slot.startedNanos);
      if (slot.dueNanos - nowNanos < 0) {
        slot.dueNanos = nextRegular(vantageHash, slot.target, nowNanos);
      }
    }
    due.add(slot);
  }

  /// Nanoseconds until something may be started, 0 if it may now, {@link Long#MAX_VALUE} if only
  /// the end of a probe or other targets can change that.
  public long waitNanos(long nowNanos) {
    Slot slot = due.peek();
    if (slot == null || running.size() >= concurrentMax) {
      return Long.MAX_VALUE;
    }
    return Math.max(0, slot.dueNanos - nowNanos);
  }

  public int runningCount() {
    return running.size();
  }

  /// Probes started.
  public long startedCount() {
    return started;
  }

  /// Probes that started more than an interval late, because too many ran.
  public long lateCount() {
    return late;
  }

  /// The targets, in no order.
  List<ProbeTarget> targets() {
    return slots.values().stream().map(slot -> slot.target).toList();
  }
}
