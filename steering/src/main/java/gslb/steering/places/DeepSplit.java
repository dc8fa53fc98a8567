package gslb.steering.places;

import java.util.Arrays;

/// Parts IPv6 runs into those over the upper 64 bits and the rows of /64s that are cut inside.
///
/// Geo data and most own networks are cut at /64 or above, so 64-bit keys serve nearly every
/// look-up. Splitting off the rest is exact: an aligned prefix shorter than 64 holds whole /64s, so
/// it can never take in a /64 of two values, and inside such a /64 every scope is longer than 64.
/// Used once.
final class DeepSplit {
  private static final long SIGN = Long.MIN_VALUE;

  private final Runs runs;
  private final int special;
  private final long[] starts;
  private final int[] values;
  private int count;
  private int[] deepFrom = new int[4];
  private int rows;
  private long[] deepStarts = new long[16];
  private int[] deepValues = new int[16];
  private int deepCount;

  DeepSplit(Runs runs) {
    this.runs = runs;
    int greatest = 0;
    for (int run = 0; run < runs.size(); run++) {
      greatest = Math.max(greatest, runs.value(run));
    }
    special = greatest + 1;
    starts = new long[runs.size() + insideCount()];
    values = new int[starts.length];
    int run = 0;
    while (run < runs.size()) {
      long high = runs.high(run);
      int next = nextHigh(run);
      // The runs that begin in this /64; with one that begins inside it, the /64 has a row.
      if (next - run > 1 || runs.low(run) != 0) {
        row(high, run, next);
      } else {
        add(high, value(run));
      }
      run = next;
    }
  }

  /// Runs that begin inside a /64: at most one for each goes on after its row.
  private int insideCount() {
    int count = 0;
    for (int run = 0; run < runs.size(); run++) {
      count += runs.low(run) != 0 ? 1 : 0;
    }
    return count;
  }

  /// The first run that begins after the /64 in which a run does.
  private int nextHigh(int run) {
    int next = run + 1;
    while (next < runs.size() && runs.high(next) == runs.high(run)) {
      next++;
    }
    return next;
  }

  private int value(int run) {
    int value = runs.value(run);
    return value == V6Runs.EMBEDDED ? special : value;
  }

  private void row(long high, int from, int to) {
    deepFrom = grown(deepFrom, rows + 2);
    deepFrom[rows] = deepCount;
    add(high, special + 1 + rows);
    rows++;
    if (runs.low(from) != 0) {
      addDeep(0, value(from - 1));
    }
    for (int run = from; run < to; run++) {
      addDeep(runs.low(run), value(run));
    }
    deepFrom[rows] = deepCount;
    boolean nextIsApart = to < runs.size() && runs.high(to) == high + 1;
    if (high != -1L && !nextIsApart) {
      add(high + 1, value(to - 1));
    }
  }

  /// A run that follows a row may go on in the next /64 only to be a row itself.
  private void add(long high, int value) {
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

  V6Runs runs() {
    V6Runs.Deep deep =
        new V6Runs.Deep(
            Arrays.copyOf(deepFrom, rows + 1),
            Arrays.copyOf(deepStarts, deepCount),
            Numbers.of(deepValues, deepCount));
    return V6Runs.stored(Arrays.copyOf(starts, count), Numbers.of(values, count), special, deep);
  }
}
