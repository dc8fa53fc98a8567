package gslb.steering.places;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/// One family's address space cut into runs of constant value, in ascending order from the lowest
/// address: what tables are compiled from. IPv4 addresses stand left-aligned, in the upper 32 bits
/// of `high`. Owned by one thread while it grows.
final class Runs {
  private static final int CAPACITY_FIRST = 16;

  /// The upper halves of `high` as long as every lower half is 0, as always for IPv4; then empty.
  private int[] tops;

  /// Empty while there are tops.
  private long[] highs = {};

  /// Empty as long as every run begins at a whole /64, and always for IPv4.
  private long[] lows = {};

  private int[] values;
  private int size;

  Runs() {
    this(CAPACITY_FIRST);
  }

  /// @param capacity runs that there is room for before arrays grow
  private Runs(int capacity) {
    tops = new int[capacity];
    values = new int[capacity];
  }

  /// The whole space in one run.
  static Runs constant(int value) {
    Runs runs = new Runs();
    runs.append(0, 0, value);
    return runs;
  }

  int size() {
    return size;
  }

  long high(int run) {
    return highs.length == 0 ? (long) tops[run] << 32 : highs[run];
  }

  long low(int run) {
    return lows.length == 0 ? 0 : lows[run];
  }

  int value(int run) {
    return values[run];
  }

  /// Begins a run at an address not below the last one begun; a run that would be empty or equal to
  /// its neighbour is not kept. The first must begin at zero.
  void append(long high, long low, int value) {
    if (size > 0 && high(size - 1) == high && low(size - 1) == low) {
      size--;
    }
    if (size > 0 && values[size - 1] == value) {
      return;
    }
    if (size == values.length) {
      grow();
    }
    if (highs.length == 0 && (int) high != 0) {
      highs = new long[values.length];
      for (int run = 0; run < size; run++) {
        highs[run] = (long) tops[run] << 32;
      }
      tops = new int[0];
    }
    if (lows.length == 0 && low != 0) {
      lows = new long[values.length];
    }
    if (highs.length == 0) {
      tops[size] = (int) (high >>> 32);
    } else {
      highs[size] = high;
    }
    if (lows.length > 0) {
      lows[size] = low;
    }
    values[size++] = value;
  }

  private void grow() {
    int capacity = size + (size >> 1);
    tops = tops.length == 0 ? tops : Arrays.copyOf(tops, capacity);
    highs = highs.length == 0 ? highs : Arrays.copyOf(highs, capacity);
    lows = lows.length == 0 ? lows : Arrays.copyOf(lows, capacity);
    values = Arrays.copyOf(values, capacity);
  }

  /// The same runs with each value replaced.
  Runs map(IntUnaryOperator operator) {
    Runs mapped = new Runs(size);
    for (int run = 0; run < size; run++) {
      mapped.append(high(run), low(run), operator.applyAsInt(values[run]));
    }
    return mapped;
  }

  /// Replaces each value.
  ///
  /// @param numbers by value, a different one for each
  void renumber(int[] numbers) {
    for (int run = 0; run < size; run++) {
      values[run] = numbers[values[run]];
    }
  }

  /// The runs of both, with the value that the operator makes of the two.
  static Runs combine(Runs first, Runs second, IntBinaryOperator operator) {
    Runs combined = new Runs(first.size + second.size); // as many at most
    int f = 0;
    int s = 0;
    long high = 0;
    long low = 0;
    while (true) {
      combined.append(high, low, operator.applyAsInt(first.values[f], second.values[s]));
      boolean firstEnds = f + 1 == first.size;
      boolean secondEnds = s + 1 == second.size;
      if (firstEnds && secondEnds) {
        return combined;
      }
      int order =
          firstEnds
              ? 1
              : secondEnds
                  ? -1
                  : compare(
                      first.high(f + 1), first.low(f + 1), second.high(s + 1), second.low(s + 1));
      if (order <= 0) {
        f++;
        high = first.high(f);
        low = first.low(f);
      }
      if (order >= 0) {
        s++;
        high = second.high(s);
        low = second.low(s);
      }
    }
  }

  static int compare(long high, long low, long otherHigh, long otherLow) {
    int byHigh = Long.compareUnsigned(high, otherHigh);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
  }
}
