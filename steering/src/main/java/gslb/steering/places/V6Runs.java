package gslb.steering.places;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// IPv6 cut into runs of constant value, for look-ups. Immutable.
///
/// ```
///   starts:  ::/64 .... s1 ..... s2 ......    the upper 64 bits only
///                       └─ run of one /64 that is cut inside → its own small row of
///                          starts over the lower 64 bits ("deep")
///   values:  0 ... the greatest ordinary one │ special: the embedding blocks │ + 1 + d: deep row d
/// ```
///
/// Starts are stored with the sign bit flipped, so that signed comparison orders them.
final class V6Runs {
  /// In {@link Runs}, which a table is made of: an embedding block.
  static final int EMBEDDED = -1;

  private static final long SIGN = Long.MIN_VALUE;

  /// The bits of an address in 2000::/3 that stand in the index follow its first three.
  private static final int INDEX_SHIFT = Long.SIZE - 3 - V4Runs.INDEX_BITS;

  /// What is below 2000::/3, what is in it by the leading bits, and what is above.
  private static final int BUCKETS = 1 + (1 << V4Runs.INDEX_BITS) + 1;

  /// The upper halves of 2000::/3.
  private static final long UNICAST_FIRST = 0x2000_0000_0000_0000L;

  private static final long UNICAST_LAST = 0x3fff_ffff_ffff_ffffL;

  private final long[] starts;
  private final Numbers values;

  /// The value of embedding blocks; ordinary ones are below.
  private final int special;

  /// By bucket, the run that holds its first address; one more entry closes the last. Empty without
  /// an index.
  private final int[] index;

  private final Deep deep;

  /// The rows of the /64s that are cut inside.
  ///
  /// @param from row d has the runs `from[d]` to `from[d + 1] - 1`
  /// @param starts over the lower 64 bits, flipped, the first of each row 0 before that
  /// @param values as many; the special one for the part of an embedding block
  @SuppressWarnings("ArrayRecordComponent") // never compared by equals, never changed
  record Deep(int[] from, long[] starts, Numbers values) {
    private boolean isEqualTo(Deep other) {
      return Arrays.equals(from, other.from)
          && Arrays.equals(starts, other.starts)
          && values.isEqualTo(other.values);
    }
  }

  private V6Runs(long[] starts, Numbers values, int special, int[] index, Deep deep) {
    this.starts = starts;
    this.values = values;
    this.special = special;
    this.index = index;
    this.deep = deep;
  }

  /// @param runs values from 0, or {@link #EMBEDDED}
  /// @param like shares what is equal
  static V6Runs of(Runs runs, @Nullable V6Runs like) {
    V6Runs made = new DeepSplit(runs).runs();
    if (like == null || !Arrays.equals(made.starts, like.starts)) {
      return made;
    }
    boolean isSame =
        made.special == like.special
            && made.values.isEqualTo(like.values)
            && made.deep.isEqualTo(like.deep);
    return isSame
        ? like
        : new V6Runs(like.starts, made.values, made.special, like.index, made.deep);
  }

  /// Runs as they were split or stored.
  ///
  /// @param starts flipped, the first of them 0 before that, ascending
  /// @param special greater than every ordinary value
  static V6Runs stored(long[] starts, Numbers values, int special, Deep deep) {
    return new V6Runs(starts, values, special, new int[0], deep);
  }

  /// The same with an index, for tables that serve queries.
  V6Runs indexed() {
    if (index.length > 0 || starts.length < V4Runs.INDEX_FROM_RUNS) {
      return this;
    }
    int[] made = new int[BUCKETS + 1];
    int run = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      long first = bucketFirst(bucket) ^ SIGN;
      while (run + 1 < starts.length && starts[run + 1] <= first) {
        run++;
      }
      made[bucket] = run;
    }
    made[made.length - 1] = starts.length - 1;
    return new V6Runs(starts, values, special, made, deep);
  }

  /// An address outside the embedding blocks.
  ///
  /// @return value and scope packed, as in {@link Partition#classOf} and {@link Partition#scopeOf}
  long lookup(long high, long low) {
    long key = high ^ SIGN;
    int first = 0;
    int last = starts.length - 1;
    if (index.length > 0) {
      int bucket = bucket(high);
      first = index[bucket];
      last = index[bucket + 1];
    }
    int run = search(starts, first, last, key);
    int value = values.get(run);
    if (value > special) {
      return lookupDeep(value - special - 1, low);
    }
    return RunTable.pack(value, scope(starts, 0, starts.length - 1, run, key));
  }

  private static int bucket(long high) {
    int block = (int) (high >>> 61);
    if (block == 1) {
      return 1 + (int) (high - UNICAST_FIRST >>> INDEX_SHIFT);
    }
    return block == 0 ? 0 : BUCKETS - 1;
  }

  private static long bucketFirst(int bucket) {
    return bucket == 0 ? 0 : UNICAST_FIRST + (bucket - 1L << INDEX_SHIFT);
  }

  private long lookupDeep(int row, long low) {
    int first = deep.from[row];
    int last = deep.from[row + 1] - 1;
    long key = low ^ SIGN;
    int run = search(deep.starts, first, last, key);
    return RunTable.pack(deep.values.get(run), 64 + scope(deep.starts, first, last, run, key));
  }

  /// The last of the starts between two that is not above the key.
  private static int search(long[] starts, int first, int last, long key) {
    int low = first;
    int high = last;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (starts[middle] <= key) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /// The length of the longest aligned prefix that holds the key and neither the address before its
  /// run nor the one after.
  private static int scope(long[] starts, int first, int last, int run, long key) {
    int scope = 0;
    if (run > first) {
      scope = Long.numberOfLeadingZeros(key ^ starts[run] - 1) + 1;
    }
    if (run < last) {
      scope = Math.max(scope, Long.numberOfLeadingZeros(key ^ starts[run + 1]) + 1);
    }
    return scope;
  }

  /// Takes a run with its first address.
  private interface RunTaker {
    void run(long high, long low, int value);
  }

  /// Shows every run, those inside a /64 too; embedding blocks as {@link #EMBEDDED}.
  private void runs(RunTaker taker) {
    for (int i = 0; i < starts.length; i++) {
      long high = starts[i] ^ SIGN;
      int value = values.get(i);
      if (value <= special) {
        taker.run(high, 0, value == special ? EMBEDDED : value);
      } else {
        int row = value - special - 1;
        for (int run = deep.from[row]; run < deep.from[row + 1]; run++) {
          int inside = deep.values.get(run);
          taker.run(high, deep.starts[run] ^ SIGN, inside == special ? EMBEDDED : inside);
        }
      }
    }
  }

  /// The same runs with each value replaced; those that become equal are joined.
  ///
  /// @param embedded the value of the embedding blocks
  Runs map(int[] replacement, int embedded) {
    Runs mapped = new Runs();
    runs(
        (high, low, value) ->
            mapped.append(high, low, value == EMBEDDED ? embedded : replacement[value]));
    return mapped;
  }

  /// Where embedding blocks are: runs of 1 inside and 0 outside.
  Runs embedded() {
    Runs runs = Runs.constant(0);
    int ordinaryFrom = 0;
    for (int i = values.nextFrom(0, special);
        i < starts.length;
        i = values.nextFrom(i + 1, special)) {
      if (ordinaryFrom < i) {
        runs.append(starts[ordinaryFrom] ^ SIGN, 0, 0);
      }
      ordinaryFrom = i + 1;
      int row = values.get(i) - special - 1;
      if (row < 0) {
        runs.append(starts[i] ^ SIGN, 0, 1);
        continue;
      }
      for (int run = deep.from[row]; run < deep.from[row + 1]; run++) {
        int inside = deep.values.get(run) == special ? 1 : 0;
        runs.append(starts[i] ^ SIGN, deep.starts[run] ^ SIGN, inside);
      }
    }
    if (ordinaryFrom < starts.length) {
      runs.append(starts[ordinaryFrom] ^ SIGN, 0, 0);
    }
    return runs;
  }

  /// Sets what of an array is the value of some address outside the embedding blocks.
  void markUsed(boolean[] used) {
    for (int run = 0; run < starts.length; run++) {
      if (values.get(run) < special) {
        used[values.get(run)] = true;
      }
    }
    for (int run = 0; run < deep.starts.length; run++) {
      if (deep.values.get(run) < special) {
        used[deep.values.get(run)] = true;
      }
    }
  }

  /// Shows the runs of global unicast (2000::/3) outside the embedding blocks. A /64 that is cut
  /// inside counts as what it begins with.
  void addresses(RunTable.RunVisitor visitor) {
    for (int i = 0; i < starts.length; i++) {
      // Flipped keys are in order as signed numbers.
      long first = Math.max(starts[i], UNICAST_FIRST ^ SIGN);
      long last = Math.min(last(i) ^ SIGN, UNICAST_LAST ^ SIGN);
      int value = value(i);
      if (first <= last && value != EMBEDDED) {
        visitor.run(false, value, (last - first + 1) * 0x1p-61);
      }
    }
  }

  /// The maximal aligned prefixes of constant value, by length, without the embedding blocks if
  /// IPv4 decides there.
  long[] prefixesOfLength() {
    long[] counts = new long[129];
    for (int i = 0; i < starts.length; i++) {
      if (values.get(i) < special) {
        ScopeHistogram.count(starts[i] ^ SIGN, last(i), 64, 0, counts);
      }
    }
    for (int row = 0; row + 1 < deep.from.length; row++) {
      for (int run = deep.from[row]; run < deep.from[row + 1]; run++) {
        if (deep.values.get(run) != special) {
          long last = run + 1 < deep.from[row + 1] ? (deep.starts[run + 1] ^ SIGN) - 1 : -1L;
          ScopeHistogram.count(deep.starts[run] ^ SIGN, last, 64, 64, counts);
        }
      }
    }
    return counts;
  }

  /// The value of a run over whole /64s, or of the first in its /64 if that is cut inside; {@link
  /// #EMBEDDED} in a block where IPv4 decides.
  int value(int run) {
    int value = values.get(run);
    if (value > special) {
      value = deep.values.get(deep.from[value - special - 1]);
    }
    return value == special ? EMBEDDED : value;
  }

  /// Upper half of the last address of a run over whole /64s.
  long last(int run) {
    return run + 1 < starts.length ? (starts[run + 1] ^ SIGN) - 1 : -1L;
  }

  /// Runs, those inside a /64 counted too.
  int size() {
    return starts.length + deep.starts.length;
  }

  /// Flipped; do not modify.
  long[] starts() {
    return starts;
  }

  Numbers values() {
    return values;
  }

  int special() {
    return special;
  }

  Deep deep() {
    return deep;
  }

  long retainedBytes() {
    return (long) Long.BYTES * (starts.length + deep.starts.length)
        + (long) Integer.BYTES * (index.length + deep.from.length)
        + values.retainedBytes()
        + deep.values.retainedBytes();
  }
}
