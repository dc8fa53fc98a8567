package gslb.steering.places;

import gslb.base.EmbeddedV4;
import java.util.Arrays;

/// The whole address space of both families cut into runs of constant value, made for look-ups: one
/// takes an index read, a short binary search and two subtractions, and allocates nothing.
///
/// ```
///   IPv4    starts:  0 ........ s1 ..... s2 ...........      int keys, index by the leading bits
///   IPv6    starts:  ::/64 .... s1 ..... s2 ...........      long keys: the upper 64 bits only
///                                  └─ run of one /64 that is cut inside → its own small row of
///                                     starts over the lower 64 bits ("deep")
/// ```
///
/// Geo data and most own networks are cut at /64 or above, so 64-bit keys serve nearly every
/// look-up. Splitting off the rest is exact: an aligned prefix shorter than 64 holds whole /64s, so
/// it can never take in a /64 of two values, and inside such a /64 every scope is longer than 64.
///
/// Addresses that embed an IPv4 address ({@link EmbeddedV4}) have the value of that address. If
/// IPv4 has more than one value the blocks are cut out of the IPv6 runs, which end at their edges;
/// if it has one, the blocks are ordinary runs of it.
///
/// Keys are stored with the sign bit flipped, so that signed comparison orders them.
final class RunTable {
  /// In the IPv6 runs: an embedding block, answered from the IPv4 runs before they are searched.
  private static final int EMBEDDED = -1;

  /// Deep row d stands in the IPv6 values as `DEEP_FIRST - d`.
  private static final int DEEP_FIRST = -2;

  private static final int INDEX_BITS = 16;

  /// Below this many runs an index saves nothing.
  private static final int INDEX_FROM_RUNS = 16;

  /// The upper halves of 2000::/3.
  private static final long UNICAST_FIRST = 0x2000_0000_0000_0000L;

  private static final long UNICAST_LAST = 0x3fff_ffff_ffff_ffffL;

  private static final long SIGN = Long.MIN_VALUE;

  private final int[] v4Starts;
  private final int[] v4Values;
  private final int[] v4Index;
  private final int v4Shift;

  private final long[] v6Starts;
  private final int[] v6Values;
  private final int[] v6Index;
  private final int v6Shift;

  /// Deep row d has the runs `deepFrom[d]` to `deepFrom[d + 1] - 1`.
  private final int[] deepFrom;

  private final long[] deepStarts;
  private final int[] deepValues;

  private final boolean embeds;

  /// @param v6 without regard to embedded IPv4 addresses
  RunTable(Runs v4, Runs v6) {
    embeds = v4.size() > 1;
    v4Starts = new int[v4.size()];
    v4Values = new int[v4.size()];
    for (int i = 0; i < v4.size(); i++) {
      v4Starts[i] = (int) (v4.high(i) >>> 32) ^ Integer.MIN_VALUE;
      v4Values[i] = v4.value(i);
    }
    int only = embeds ? EMBEDDED : v4.value(0);
    Runs cut =
        Runs.combine(EmbeddingBlocks.runs(), v6, (block, value) -> block == 0 ? value : only);
    Split split = new Split(cut);
    v6Starts = split.starts();
    v6Values = split.values();
    deepFrom = split.deepFrom();
    deepStarts = split.deepStarts();
    deepValues = split.deepValues();

    boolean v4Indexed = v4Starts.length >= INDEX_FROM_RUNS;
    v4Shift = v4Indexed ? 32 - INDEX_BITS : 32;
    v4Index = v4Indexed ? v4Index() : new int[0];
    boolean v6Indexed = v6Starts.length >= INDEX_FROM_RUNS;
    v6Shift = v6Indexed ? 64 - INDEX_BITS : 64;
    v6Index = v6Indexed ? v6Index() : new int[0];
  }

  /// For each value of the leading bits, the run that holds the first such address; one more entry
  /// closes the last bucket.
  private int[] v4Index() {
    int[] index = new int[(1 << INDEX_BITS) + 1];
    int run = 0;
    for (int i = 0; i < index.length - 1; i++) {
      int first = i << 32 - INDEX_BITS ^ Integer.MIN_VALUE;
      while (run + 1 < v4Starts.length && v4Starts[run + 1] <= first) {
        run++;
      }
      index[i] = run;
    }
    index[index.length - 1] = v4Starts.length - 1;
    return index;
  }

  private int[] v6Index() {
    int[] index = new int[(1 << INDEX_BITS) + 1];
    int run = 0;
    for (int i = 0; i < index.length - 1; i++) {
      long first = (long) i << 64 - INDEX_BITS ^ SIGN;
      while (run + 1 < v6Starts.length && v6Starts[run + 1] <= first) {
        run++;
      }
      index[i] = run;
    }
    index[index.length - 1] = v6Starts.length - 1;
    return index;
  }

  /// @return value and scope packed, as in {@link Partition#classOf} and {@link Partition#scopeOf}
  long lookupV4(int bits) {
    int key = bits ^ Integer.MIN_VALUE;
    int low = 0;
    int high = v4Starts.length - 1;
    if (v4Shift < 32) {
      int bucket = bits >>> v4Shift;
      low = v4Index[bucket];
      high = v4Index[bucket + 1];
    }
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (v4Starts[middle] <= key) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    int scope = 0;
    if (low > 0) {
      scope = Integer.numberOfLeadingZeros(key ^ v4Starts[low] - 1) + 1;
    }
    if (low + 1 < v4Starts.length) {
      scope = Math.max(scope, Integer.numberOfLeadingZeros(key ^ v4Starts[low + 1]) + 1);
    }
    return pack(v4Values[low], scope);
  }

  long lookupV6(long high, long low) {
    if (embeds) {
      int offset = EmbeddedV4.offset(high, low);
      if (offset >= 0) {
        return lookupV4(EmbeddedV4.extract(high, low)) + offset;
      }
    }
    long key = high ^ SIGN;
    int first = 0;
    int last = v6Starts.length - 1;
    if (v6Shift < 64) {
      int bucket = (int) (high >>> v6Shift);
      first = v6Index[bucket];
      last = v6Index[bucket + 1];
    }
    int run = search(v6Starts, first, last, key);
    int value = v6Values[run];
    if (value <= DEEP_FIRST) {
      return lookupDeep(DEEP_FIRST - value, low);
    }
    return pack(value, scope(v6Starts, 0, v6Starts.length - 1, run, key));
  }

  private long lookupDeep(int row, long low) {
    int first = deepFrom[row];
    int last = deepFrom[row + 1] - 1;
    long key = low ^ SIGN;
    int run = search(deepStarts, first, last, key);
    return pack(deepValues[run], 64 + scope(deepStarts, first, last, run, key));
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

  private static long pack(int value, int scope) {
    return (long) value << 8 | scope;
  }

  /// The table with each value replaced; runs that become equal are joined.
  RunTable map(int[] replacement) {
    Runs v4 = new Runs();
    for (int i = 0; i < v4Starts.length; i++) {
      v4.append(
          Integer.toUnsignedLong(v4Starts[i] ^ Integer.MIN_VALUE) << 32,
          0,
          replacement[v4Values[i]]);
    }
    Runs v6 = new Runs();
    for (int i = 0; i < v6Starts.length; i++) {
      long high = v6Starts[i] ^ SIGN;
      int value = v6Values[i];
      if (value >= 0) {
        v6.append(high, 0, replacement[value]);
      } else if (value == EMBEDDED) {
        v6.append(high, 0, EMBEDDED);
      } else {
        int row = DEEP_FIRST - value;
        for (int run = deepFrom[row]; run < deepFrom[row + 1]; run++) {
          int inside = deepValues[run];
          v6.append(
              high, deepStarts[run] ^ SIGN, inside == EMBEDDED ? EMBEDDED : replacement[inside]);
        }
      }
    }
    return new RunTable(v4, v6);
  }

  /// Takes a run's value and its share of the family's addresses.
  interface RunVisitor {
    void run(boolean isV4, int value, double share);
  }

  /// Shows every run of IPv4, and of global unicast IPv6 (2000::/3) those outside the embedding
  /// blocks. A /64 that is cut inside counts as what it begins with.
  void addresses(RunVisitor visitor) {
    for (int i = 0; i < v4Starts.length; i++) {
      visitor.run(true, v4Values[i], (lastV4(i) - firstV4(i) + 1) * 0x1p-32);
    }
    for (int i = 0; i < v6Starts.length; i++) {
      // Flipped keys are in order as signed numbers.
      long first = Math.max(v6Starts[i], UNICAST_FIRST ^ SIGN);
      long last = Math.min(lastV6(i) ^ SIGN, UNICAST_LAST ^ SIGN);
      boolean isUnicast = first <= last;
      int value = valueV6(i);
      if (isUnicast && value != EMBEDDED) {
        visitor.run(false, value, (last - first + 1) * 0x1p-61);
      }
    }
  }

  /// The maximal aligned prefixes of constant value, by length.
  long[] prefixesOfLengthV4() {
    long[] counts = new long[33];
    for (int i = 0; i < v4Starts.length; i++) {
      ScopeHistogram.count(firstV4(i), lastV4(i), 32, 0, counts);
    }
    return counts;
  }

  /// The maximal aligned prefixes of constant value, by length, without the embedding blocks if
  /// IPv4 decides there.
  long[] prefixesOfLengthV6() {
    long[] counts = new long[129];
    for (int i = 0; i < v6Starts.length; i++) {
      if (v6Values[i] >= 0) {
        ScopeHistogram.count(v6Starts[i] ^ SIGN, lastV6(i), 64, 0, counts);
      }
    }
    for (int row = 0; row + 1 < deepFrom.length; row++) {
      for (int run = deepFrom[row]; run < deepFrom[row + 1]; run++) {
        if (deepValues[run] >= 0) {
          long last = run + 1 < deepFrom[row + 1] ? (deepStarts[run + 1] ^ SIGN) - 1 : -1L;
          ScopeHistogram.count(deepStarts[run] ^ SIGN, last, 64, 64, counts);
        }
      }
    }
    return counts;
  }

  private long firstV4(int run) {
    return Integer.toUnsignedLong(v4Starts[run] ^ Integer.MIN_VALUE);
  }

  long lastV4(int run) {
    return run + 1 < v4Starts.length ? firstV4(run + 1) - 1 : 0xffffffffL;
  }

  /// Upper half of the last address of a run.
  long lastV6(int run) {
    return run + 1 < v6Starts.length ? (v6Starts[run + 1] ^ SIGN) - 1 : -1L;
  }

  int valueV4(int run) {
    return v4Values[run];
  }

  /// The value of a run, or of the first in its /64 if that is cut inside; negative in a block
  /// where IPv4 decides.
  int valueV6(int run) {
    int value = v6Values[run];
    return value <= DEEP_FIRST ? deepValues[deepFrom[DEEP_FIRST - value]] : value;
  }

  int v4RunCount() {
    return v4Starts.length;
  }

  int v6RunCount() {
    return v6Starts.length + deepStarts.length;
  }

  /// Bytes of the arrays.
  long retainedBytes() {
    long ints =
        (long) v4Starts.length
            + v4Values.length
            + v4Index.length
            + v6Values.length
            + v6Index.length
            + deepFrom.length
            + deepValues.length;
    return 4 * ints + 8L * (v6Starts.length + deepStarts.length);
  }

  /// IPv6 runs parted into those over the upper 64 bits and the rows of /64s that are cut inside.
  private static final class Split {
    private final Runs runs;
    private long[] starts;
    private int[] values;
    private int count;
    private int[] deepFrom = new int[4];
    private int rows;
    private long[] deepStarts = new long[16];
    private int[] deepValues = new int[16];
    private int deepCount;

    Split(Runs runs) {
      this.runs = runs;
      starts = new long[runs.size() + 4];
      values = new int[starts.length];
      int run = 0;
      while (run < runs.size()) {
        int next = run + 1;
        long high = runs.high(run);
        while (next < runs.size() && runs.high(next) == high) {
          next++;
        }
        // The runs that begin in this /64; with one that begins inside it, the /64 has a row.
        if (next - run > 1 || runs.low(run) != 0) {
          row(high, run, next);
        } else {
          add(high, runs.value(run));
        }
        run = next;
      }
    }

    private void row(long high, int from, int to) {
      deepFrom = grown(deepFrom, rows + 2);
      deepFrom[rows] = deepCount;
      add(high, DEEP_FIRST - rows);
      rows++;
      if (runs.low(from) != 0) {
        addDeep(0, runs.value(from - 1));
      }
      for (int run = from; run < to; run++) {
        addDeep(runs.low(run), runs.value(run));
      }
      deepFrom[rows] = deepCount;
      boolean nextIsApart = to < runs.size() && runs.high(to) == high + 1;
      if (high != -1L && !nextIsApart) {
        add(high + 1, runs.value(to - 1));
      }
    }

    /// A run that follows a row may go on in the next /64 only to be a row itself.
    private void add(long high, int value) {
      starts = count == starts.length ? Arrays.copyOf(starts, 2 * count) : starts;
      values = grown(values, count + 1);
      starts[count] = high ^ SIGN;
      values[count++] = value;
    }

    private void addDeep(long low, int value) {
      deepStarts =
          deepCount == deepStarts.length ? Arrays.copyOf(deepStarts, 2 * deepCount) : deepStarts;
      deepValues = grown(deepValues, deepCount + 1);
      deepStarts[deepCount] = low ^ SIGN;
      deepValues[deepCount++] = value;
    }

    private static int[] grown(int[] array, int length) {
      return length <= array.length
          ? array
          : Arrays.copyOf(array, Math.max(length, 2 * array.length));
    }

    long[] starts() {
      return Arrays.copyOf(starts, count);
    }

    int[] values() {
      return Arrays.copyOf(values, count);
    }

    int[] deepFrom() {
      return Arrays.copyOf(deepFrom, rows + 1);
    }

    long[] deepStarts() {
      return Arrays.copyOf(deepStarts, deepCount);
    }

    int[] deepValues() {
      return Arrays.copyOf(deepValues, deepCount);
    }
  }
}
