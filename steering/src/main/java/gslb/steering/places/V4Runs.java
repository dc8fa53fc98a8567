package gslb.steering.places;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// IPv4 cut into runs of constant value, for look-ups. Immutable.
///
/// Starts are stored with the sign bit flipped, so that signed comparison orders them.
final class V4Runs {
  static final int INDEX_BITS = 16;

  /// Below this many runs an index saves nothing.
  static final int INDEX_FROM_RUNS = 16;

  private static final int INDEX_SHIFT = Integer.SIZE - INDEX_BITS;

  private final int[] starts;
  private final Numbers values;

  /// For each value of the leading bits, the run that holds the first such address; one more entry
  /// closes the last bucket. Empty without an index.
  private final int[] index;

  private V4Runs(int[] starts, Numbers values, int[] index) {
    this.starts = starts;
    this.values = values;
    this.index = index;
  }

  /// @param like shares what is equal
  static V4Runs of(Runs runs, @Nullable V4Runs like) {
    int[] starts = new int[runs.size()];
    int[] values = new int[starts.length];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = (int) (runs.high(i) >>> 32) ^ Integer.MIN_VALUE;
      values[i] = runs.value(i);
    }
    Numbers packed = Numbers.of(values, values.length);
    if (like == null || !Arrays.equals(starts, like.starts)) {
      return new V4Runs(starts, packed, new int[0]);
    }
    return packed.isEqualTo(like.values) ? like : new V4Runs(like.starts, packed, like.index);
  }

  /// Runs as they were stored.
  ///
  /// @param starts flipped, the first of them 0 before that, ascending
  /// @param values as many
  static V4Runs stored(int[] starts, Numbers values) {
    return new V4Runs(starts, values, new int[0]);
  }

  /// The same with an index, for tables that serve queries.
  V4Runs indexed() {
    if (index.length > 0 || starts.length < INDEX_FROM_RUNS) {
      return this;
    }
    int[] made = new int[(1 << INDEX_BITS) + 1];
    int run = 0;
    for (int i = 0; i < made.length - 1; i++) {
      int first = i << INDEX_SHIFT ^ Integer.MIN_VALUE;
      while (run + 1 < starts.length && starts[run + 1] <= first) {
        run++;
      }
      made[i] = run;
    }
    made[made.length - 1] = starts.length - 1;
    return new V4Runs(starts, values, made);
  }

  /// @return value and scope packed, as in {@link Partition#classOf} and {@link Partition#scopeOf}
  long lookup(int bits) {
    int key = bits ^ Integer.MIN_VALUE;
    int low = 0;
    int high = starts.length - 1;
    if (index.length > 0) {
      int bucket = bits >>> INDEX_SHIFT;
      low = index[bucket];
      high = index[bucket + 1];
    }
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (starts[middle] <= key) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    int scope = 0;
    if (low > 0) {
      scope = Integer.numberOfLeadingZeros(key ^ starts[low] - 1) + 1;
    }
    if (low + 1 < starts.length) {
      scope = Math.max(scope, Integer.numberOfLeadingZeros(key ^ starts[low + 1]) + 1);
    }
    return RunTable.pack(values.get(low), scope);
  }

  int size() {
    return starts.length;
  }

  int value(int run) {
    return values.get(run);
  }

  /// The first address of a run, 0..2^32 - 1.
  long first(int run) {
    return Integer.toUnsignedLong(starts[run] ^ Integer.MIN_VALUE);
  }

  long last(int run) {
    return run + 1 < starts.length ? first(run + 1) - 1 : 0xffffffffL;
  }

  /// The same runs with each value replaced; those that become equal are joined.
  Runs map(int[] replacement) {
    Runs mapped = new Runs();
    for (int run = 0; run < starts.length; run++) {
      mapped.append(first(run) << 32, 0, replacement[values.get(run)]);
    }
    return mapped;
  }

  /// Flipped; do not modify.
  int[] starts() {
    return starts;
  }

  Numbers values() {
    return values;
  }

  long retainedBytes() {
    return (long) Integer.BYTES * (starts.length + index.length) + values.retainedBytes();
  }
}
