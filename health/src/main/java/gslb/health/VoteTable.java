package gslb.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The votes of all nodes, as far as this node has heard. Owned by one thread.
///
/// For each origin it holds the newest digest and the transitions newer than that, newest by
/// target. That is a least upper bound of the messages merged, whatever their order and however
/// often each came. Freshness is measured from the arrival by the receiver's clock; no clock of
/// another node is trusted.
public final class VoteTable {
  /// How often a node sends all its votes.
  public static final Duration DIGEST_INTERVAL = Duration.ofSeconds(5);

  /// How old a vote may be and count: three digests.
  public static final Duration FRESH_MAX = DIGEST_INTERVAL.multipliedBy(3);

  /// An origin that is silent for this long is forgotten, with its epoch, so that a node whose
  /// clock and memory were lost is heard again.
  public static final Duration SILENCE_MAX = Duration.ofMinutes(10);

  private final Map<String, Origin> origins = new HashMap<>();

  /// A vote and when it came.
  public record Heard(String origin, Vote vote, long heardNanos) {
    public boolean isFresh(long nowNanos) {
      return nowNanos - heardNanos < FRESH_MAX.toNanos();
    }
  }

  private static final class Origin {
    long digestEpoch = Long.MIN_VALUE;
    long digestSequence;
    long epoch = Long.MIN_VALUE;
    long sequence;
    long heardNanos;
    final Map<TargetKey, Entry> entries = new HashMap<>();
  }

  private record Entry(long epoch, long sequence, Heard heard) {}

  /// @param origins the nodes whose votes are kept, without the own
  public VoteTable(Collection<String> origins) {
    for (String origin : origins) {
      this.origins.put(origin, new Origin());
    }
  }

  private static boolean isOlder(long epoch, long sequence, long thanEpoch, long thanSequence) {
    return epoch != thanEpoch ? epoch < thanEpoch : sequence <= thanSequence;
  }

  /// Takes in a message.
  ///
  /// @return the targets whose votes may have changed, or null if the message was ignored: unknown
  ///     origin, seen before, or older than what is known
  public @Nullable Set<TargetKey> merge(VoteMessage message, long nowNanos) {
    Origin origin = origins.get(message.origin());
    if (origin == null
        || isOlder(
            message.epoch(), message.sequence(), origin.digestEpoch, origin.digestSequence)) {
      return null;
    }
    Set<TargetKey> touched =
        switch (message) {
          case VoteMessage.Transition transition -> mergeTransition(origin, transition, nowNanos);
          case VoteMessage.Digest digest -> mergeDigest(origin, digest, nowNanos);
        };
    if (touched != null) {
      if (!isOlder(message.epoch(), message.sequence(), origin.epoch, origin.sequence)) {
        origin.epoch = message.epoch();
        origin.sequence = message.sequence();
      }
      origin.heardNanos = nowNanos;
    }
    return touched;
  }

  private static @Nullable Set<TargetKey> mergeTransition(
      Origin origin, VoteMessage.Transition message, long nowNanos) {
    TargetKey target = message.vote().target();
    Entry known = origin.entries.get(target);
    if (known != null
        && isOlder(message.epoch(), message.sequence(), known.epoch, known.sequence)) {
      return null;
    }
    if (known == null && origin.entries.size() >= VoteMessage.Digest.VOTES_MAX) {
      return null;
    }
    Heard heard = new Heard(message.origin(), message.vote(), nowNanos);
    origin.entries.put(target, new Entry(message.epoch(), message.sequence(), heard));
    return Set.of(target);
  }

  private static @Nullable Set<TargetKey> mergeDigest(
      Origin origin, VoteMessage.Digest message, long nowNanos) {
    if (message.votes().size() > VoteMessage.Digest.VOTES_MAX) {
      return null;
    }
    Set<TargetKey> touched = new HashSet<>();
    origin
        .entries
        .entrySet()
        .removeIf(
            entry -> {
              Entry known = entry.getValue();
              touched.add(entry.getKey());
              return isOlder(known.epoch, known.sequence, message.epoch(), message.sequence());
            });
    for (Vote vote : message.votes()) {
      Heard heard = new Heard(message.origin(), vote, nowNanos);
      origin.entries.putIfAbsent(
          vote.target(), new Entry(message.epoch(), message.sequence(), heard));
      touched.add(vote.target());
    }
    origin.digestEpoch = message.epoch();
    origin.digestSequence = message.sequence();
    return touched;
  }

  /// Forgets origins that have been silent for {@link #SILENCE_MAX}. Their votes stopped to count
  /// long before.
  public void forgetSilent(long nowNanos) {
    for (Map.Entry<String, Origin> entry : origins.entrySet()) {
      Origin origin = entry.getValue();
      if (origin.epoch != Long.MIN_VALUE && nowNanos - origin.heardNanos > SILENCE_MAX.toNanos()) {
        entry.setValue(new Origin());
      }
    }
  }

  /// All votes for a target, fresh or not.
  public List<Heard> votes(TargetKey target) {
    List<Heard> votes = new ArrayList<>(origins.size());
    for (Origin origin : origins.values()) {
      Entry entry = origin.entries.get(target);
      if (entry != null) {
        votes.add(entry.heard);
      }
    }
    return votes;
  }

  /// Nanoseconds since the origin was last heard, or -1 if it never was.
  public long silenceNanos(String name, long nowNanos) {
    Origin origin = origins.get(name);
    return origin == null || origin.epoch == Long.MIN_VALUE ? -1 : nowNanos - origin.heardNanos;
  }

  /// The newest (epoch, sequence) heard of an origin, for display; null if none was.
  public long @Nullable [] newest(String name) {
    Origin origin = origins.get(name);
    return origin == null || origin.epoch == Long.MIN_VALUE
        ? null
        : new long[] {origin.epoch, origin.sequence};
  }
}
