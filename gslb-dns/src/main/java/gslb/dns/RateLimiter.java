package gslb.dns;

import gslb.base.Address;
import gslb.base.Prefix;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/// Counts the UDP responses that clients get and says which are too many. One for all threads of a
/// server; a reload changes its {@link Rates} and keeps what it counted.
///
/// The idea is Knot's: an exponentially decaying counter for the client's address and for each of a
/// few prefixes around it. A response that fits into all of them is charged to all of them; one
/// that does not fit into one is limited and charged to none.
///
/// Counters live in one array, sixteen to a bucket, a bucket to a pair of cache lines. A keyed hash
/// of the prefix gives the bucket and a tag:
///
///     63                            31            15            0
///     |             load            | tick of load |     tag     |
///
/// Invariants:
/// - an entry is only ever changed by one compare-and-set from the value that was judged, so no
///   response of another thread is forgotten, and nobody waits for a lock
/// - a prefix without an entry takes over one of its bucket with little load, and that load with it
/// (the space-saving scheme of Metwally and others, 2005): a flood from many
///   addresses cannot make the counter of a heavy client start anew
/// - two prefixes share an entry only if they share bucket and tag: a prefix meets a stranger's
/// load
///   with probability 16 / 65,536 at most, and nobody without the key can choose whose
/// - the sweep of {@link #housekeep} touches every entry before its tick can be read as a later one
///
/// It is keyed by the address alone, not by the question as in BIND or NSD: an attacker who varies
/// the question would get past that, and a client behind one address that asks for more names than
/// the limit allows is told to use TCP or cookies, which exempt it.
public final class RateLimiter {
  /// At most one line of log in this time.
  public static final Duration REPORT_PERIOD = Duration.ofSeconds(30);

  /// What {@link #charge} returns for a response that was charged.
  static final int WITHIN = -1;

  // What becomes of a response.
  static final int PASS = 0;
  static final int DROP = 1;
  static final int TRUNCATE = 2;
  static final int BADCOOKIE = 3;

  private static final Duration SWEEP_PERIOD = Duration.ofMinutes(1);

  private static final System.Logger LOG = System.getLogger(RateLimiter.class.getName());
  private static final VarHandle ENTRIES = MethodHandles.arrayElementVarHandle(long[].class);

  // States of the note that one limited client leaves for the log.
  private static final int CLOSED = 0;
  private static final int WANTED = 1;
  private static final int BEING_WRITTEN = 2;
  private static final int WRITTEN = 3;

  private static final int BUCKET_BITS = 4;
  private static final int BUCKET = 1 << BUCKET_BITS;

  /// Entries left free in front, so that with the header of an array, 16 bytes, a bucket of a large
  /// array begins a pair of cache lines.
  private static final int FRONT = 14;

  private static final long TAG_MASK = 0xffff;

  private final long key0;
  private final long key1;
  private volatile Table table = new Table(0, Long.MIN_VALUE);
  private final AtomicBoolean resizing = new AtomicBoolean();

  private final AtomicInteger note = new AtomicInteger(WANTED);
  private boolean notedV4;
  private long notedHigh;
  private long notedLow;
  private int notedLength;

  // Of the housekeeping thread.
  private long reportedNanos;
  private boolean hasSwept;
  private long sweptNanos;

  /// @param random makes the key; what it gives must be a secret
  public RateLimiter(RandomGenerator random) {
    key0 = random.nextLong();
    key1 = random.nextLong();
  }

  /// What one thread notes about the query that it judges.
  static final class Scratch {
    private final long[] hashes = new long[Rates.PREFIXES_MAX];
    private final int[] places = new int[Rates.PREFIXES_MAX];
    private long limited;
  }

  private static final class Table {
    final long[] entries;
    final int bucketMask;
    final long generation;

    Table(int size, long generation) {
      entries = new long[size == 0 ? 0 : size + FRONT];
      bucketMask = Math.max(0, (size >> BUCKET_BITS) - 1);
      this.generation = generation;
    }

    int size() {
      return entries.length == 0 ? 0 : entries.length - FRONT;
    }

    int bucket(long hash) {
      return FRONT + (((int) (hash >>> 16) & bucketMask) << BUCKET_BITS);
    }
  }

  /// Judges the response to the query of the context, counts it, and says what becomes of it.
  ///
  /// @param generation of the snapshot that has these rates
  int judge(Rates rates, long generation, QueryContext context) {
    if (!rates.isOn() || context.overTcp || context.edns.cookie.state() == Cookie.State.VALID) {
      return PASS;
    }
    if (context.isRehearsed) {
      return PASS;
    }
    boolean isV4 = context.clientIsV4;
    if (rates.isExempt(isV4, context.clientHigh, context.clientLow)) {
      return PASS;
    }
    int length = charge(rates, generation, context);
    if (length == WITHIN) {
      return PASS;
    }
    leaveNote(isV4, context.clientHigh, context.clientLow, length);
    context.count(DnsCounter.RRL_LIMITED);
    if (rates.isDryRun()) {
      context.count(DnsCounter.RRL_DRY_RUN);
      return PASS;
    }
    if (!slips(rates.slip(), context.rateScratch)) {
      context.count(DnsCounter.RRL_DROPPED);
      return DROP;
    }
    // RFC 7873 §5.2.3: who shows a client cookie can come back with ours, without TCP.
    if (context.edns.cookie.isPresent()) {
      context.count(DnsCounter.RRL_BADCOOKIE);
      return BADCOOKIE;
    }
    context.count(DnsCounter.RRL_SLIPPED);
    return TRUNCATE;
  }

  /// One in `slip` at random, so that no client can be timed to be among those never told.
  private boolean slips(int slip, Scratch scratch) {
    if (slip <= 1) {
      return slip == 1;
    }
    scratch.limited++;
    return Long.remainderUnsigned(hash(1, scratch.limited, 0, 0), slip) == 0;
  }

  /// Charges a response to the client and its prefixes.
  ///
  /// @return {@link #WITHIN}, or the length of the prefix that has no room for it; nothing is
  ///     charged then
  int charge(Rates rates, long generation, QueryContext context) {
    Table current = table;
    if (current.size() != rates.tableSize() && generation > current.generation) {
      current = resize(current, rates.tableSize(), generation);
    }
    if (current.entries.length == 0) {
      return WITHIN; // another thread makes the first table just now
    }
    boolean isV4 = context.clientIsV4;
    Scratch scratch = context.rateScratch;
    int now = (int) (context.nowNanos >>> Rates.TICK_BITS) & Rates.TICKS - 1;
    int count = rates.prefixCount(isV4);
    for (int i = count - 1; i >= 0; i--) {
      int length = rates.prefixLength(isV4, i);
      long hash = hash(isV4, context.clientHigh, context.clientLow, length);
      int place = find(current, hash);
      scratch.hashes[i] = hash;
      scratch.places[i] = place;
      if (place >= 0) {
        long entry = (long) ENTRIES.getOpaque(current.entries, place);
        if (rates.decayed(entry >>> 32, elapsed(entry, now))
            > Rates.FULL_LOAD - rates.cost(isV4, i)) {
          return length;
        }
      }
    }
    for (int i = 0; i < count; i++) {
      if (!add(current, rates, scratch.hashes[i], scratch.places[i], rates.cost(isV4, i), now)) {
        return rates.prefixLength(isV4, i); // another thread took the last room meanwhile
      }
    }
    return WITHIN;
  }

  private static int elapsed(long entry, int now) {
    return now - (int) (entry >>> 16) & Rates.TICKS - 1;
  }

  /// Where the prefix with that hash is counted, or -1.
  private static int find(Table table, long hash) {
    long tag = hash & TAG_MASK;
    long[] entries = table.entries;
    int bucket = table.bucket(hash);
    for (int at = bucket; at < bucket + BUCKET; at++) {
      if (((long) ENTRIES.getOpaque(entries, at) & TAG_MASK) == tag) {
        return at;
      }
    }
    return -1;
  }

  /// Adds a cost to the entry, or to one of the bucket with little load if there is none.
  ///
  /// @return false if it has no room
  private static boolean add(Table table, Rates rates, long hash, int place, long cost, int now) {
    long[] entries = table.entries;
    int at = place >= 0 ? place : least(table, rates, hash, now);
    while (true) {
      long entry = (long) ENTRIES.getOpaque(entries, at);
      int elapsed = elapsed(entry, now);
      long load = rates.decayed(entry >>> 32, elapsed);
      if (load > Rates.FULL_LOAD - cost) {
        return false;
      }
      boolean isAhead = load > 0 && elapsed >= Rates.ELAPSED_LIMIT;
      long tick = isAhead ? entry >>> 16 & Rates.TICKS - 1 : now;
      long next = load + cost << 32 | tick << 16 | hash & TAG_MASK;
      if (ENTRIES.compareAndSet(entries, at, entry, next)) {
        return true;
      }
    }
  }

  /// The entry of the bucket with the least load, or the first that counts nothing any more.
  private static int least(Table table, Rates rates, long hash, int now) {
    int bucket = table.bucket(hash);
    int least = bucket;
    long leastLoad = Long.MAX_VALUE;
    for (int at = bucket; at < bucket + BUCKET; at++) {
      long entry = (long) ENTRIES.getOpaque(table.entries, at);
      long load = rates.decayedRoughly(entry >>> 32, elapsed(entry, now));
      if (load < rates.costMin()) {
        return at;
      }
      if (load < leastLoad) {
        least = at;
        leastLoad = load;
      }
    }
    return least;
  }

  /// SipHash-1-3 of the prefix.
  private long hash(boolean isV4, long high, long low, int length) {
    if (isV4) {
      return hash(1, 4L << 56 | (long) length << 32 | low & -1L << 32 - length, 0, 0);
    }
    return hash(
        3,
        6L << 56 | length,
        length >= 64 ? high : high & -1L << 64 - length,
        length == 128 ? low : 0);
  }

  private long hash(int words, long word0, long word1, long word2) {
    long v0 = key0 ^ 0x736f_6d65_7073_6575L;
    long v1 = key1 ^ 0x646f_7261_6e64_6f6dL;
    long v2 = key0 ^ 0x6c79_6765_6e65_7261L;
    long v3 = key1 ^ 0x7465_6462_7974_6573L;
    for (int round = 0; round < words + 3; round++) {
      long word = round == 0 ? word0 : round == 1 ? word1 : word2;
      boolean absorbs = round < words;
      if (absorbs) {
        v3 ^= word;
      } else if (round == words) {
        v2 ^= 0xff;
      }
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
      if (absorbs) {
        v0 ^= word;
      }
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /// Once per reload that changes the size; what was counted is lost then. One thread makes the
  /// table, the others go on with the old one.
  private Table resize(Table current, int size, long generation) {
    if (!resizing.compareAndSet(false, true)) {
      return current;
    }
    try {
      if (generation > table.generation) {
        table = new Table(size, generation);
      }
      return table;
    } finally {
      resizing.set(false);
    }
  }

  private void leaveNote(boolean isV4, long high, long low, int length) {
    if (note.getOpaque() == WANTED && note.compareAndSet(WANTED, BEING_WRITTEN)) {
      notedV4 = isV4;
      notedHigh = high;
      notedLow = low;
      notedLength = length;
      note.setRelease(WRITTEN);
    }
  }

  /// Keeps the table in order and logs which prefix was limited, one line in {@link #REPORT_PERIOD}
  /// at most. To be called every few seconds, and at least every ten minutes, by one thread.
  ///
  /// @return the prefix that was logged
  Optional<Prefix> housekeep(Rates rates, long generation, long nowNanos) {
    if (!rates.isOn()) {
      if (table.entries.length > 0) {
        table = new Table(0, generation);
      }
      return Optional.empty();
    }
    if (!hasSwept || nowNanos - sweptNanos >= SWEEP_PERIOD.toNanos()) {
      hasSwept = true;
      sweptNanos = nowNanos;
      sweep(rates, (int) (nowNanos >>> Rates.TICK_BITS) & Rates.TICKS - 1);
    }
    int state = note.getAcquire();
    if (state == CLOSED && nowNanos - reportedNanos >= REPORT_PERIOD.toNanos()) {
      note.setRelease(WANTED);
    }
    if (state != WRITTEN) {
      return Optional.empty();
    }
    Prefix limited =
        Prefix.around(
            notedV4 ? Address.v4((int) notedLow) : Address.v6(notedHigh, notedLow), notedLength);
    reportedNanos = nowNanos;
    note.setRelease(CLOSED);
    LOG.log(
        Level.INFO,
        () ->
            "dns udp: responses to %s %s above %d a second"
                .formatted(
                    limited,
                    rates.isDryRun() ? "would be limited (dry run)" : "are limited",
                    (long) rates.limit().perSecond()
                        * Rates.multiple(limited.address().isV4(), limited.length())));
    return Optional.of(limited);
  }

  private void sweep(Rates rates, int now) {
    long[] entries = table.entries;
    for (int at = FRONT; at < entries.length; at++) {
      long entry = (long) ENTRIES.getOpaque(entries, at);
      int elapsed = elapsed(entry, now);
      if (entry >>> 32 == 0 || elapsed >= Rates.ELAPSED_LIMIT) {
        continue;
      }
      long load = rates.decayed(entry >>> 32, elapsed);
      // Whoever changes the entry meanwhile leaves it as fresh as this would.
      ENTRIES.compareAndSet(entries, at, entry, load << 32 | (long) now << 16 | entry & TAG_MASK);
    }
  }

  /// Bytes that the counters occupy.
  long retainedBytes() {
    return 8L * table.entries.length;
  }
}
