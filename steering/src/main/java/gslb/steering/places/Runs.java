package gslb.steering.places;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/// One family's address space cut into runs of constant value, in ascending order from the lowest
/// address: what tables are compiled from. IPv4 addresses stand left-aligned, in the upper 32 bits
/// of `high`. Owned by one thread while it grows.
final class Runs {
  private long[] highs = new long[16];

  /// Empty as long as every run begins at a whole /64, and always for IPv4.
  private long[] lows = {};

  private int[] values = new int[16];
  private int size;

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
    return highs[run];
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
    if (size > 0 && highs[size - 1] == high && low(size - 1) == low) {
      size--;
    }
    if (size > 0 && values[size - 1] == value) {
      return;
    }
    if (size == highs.length) {
      int capacity = size + (size >> 1);
      highs = Arrays.copyOf(highs, capacity);
      lows = lows.length == 0 ? lows : Arrays.copyOf(lows, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    if (low != 0 && lows.length == 0) {
      lows = new long[highs.length];
    }
    highs[size] = high;
    if (lows.length > 0) {
      lows[size] = low;
    }
    values[size++] = value;
  }

  /// The run that holds an address.
  int find(long high, long low) {
    int first = 0;
    int last = size - 1;
    while (first < last) {
      int middle = first + last + 1 >>> 1;
      if (compare(highs[middle], low(middle), high, low) <= 0) {
        first = middle;
      } else {
        last = middle - 1;
      }
    }
    return first;
  }

  /// The length of the maximal aligned prefix around an address that is inside its run.
  int lengthAround(long high, long low) {
    int run = find(high, low);
    int length = 0;
    if (run > 0) {
      long lowBefore = low(run) - 1;
      long highBefore = low(run) == 0 ? highs[run] - 1 : highs[run];
      length = commonBits(high, low, highBefore, lowBefore) + 1;
    }
    if (run + 1 < size) {
      length = Math.max(length, commonBits(high, low, highs[run + 1], low(run + 1)) + 1);
    }
    return length;
  }

  private static int commonBits(long high, long low, long otherHigh, long otherLow) {
    return high != otherHigh
        ? Long.numberOfLeadingZeros(high ^ otherHigh)
        : 64 + Long.numberOfLeadingZeros(low ^ otherLow);
  }

  /// The same runs with each value replaced.
  Runs map(IntUnaryOperator operator) {
    Runs mapped = new Runs();
    for (int run = 0; run < size; run++) {
      mapped.append(highs[run], low(run), operator.applyAsInt(values[run]));
    }
    return mapped;
  }

  /// The runs of both, with the value that the operator makes of the two.
  static Runs combine(Runs first, Runs second, IntBinaryOperator operator) {
    Runs combined = new Runs();
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
                      first.highs[f + 1], first.low(f + 1), second.highs[s + 1], second.low(s + 1));
      if (order <= 0) {
        f++;
        high = first.highs[f];
        low = first.low(f);
      }
      if (order >= 0) {
        s++;
        high = second.highs[s];
        low = second.low(s);
      }
    }
  }

  static int compare(long high, long low, long otherHigh, long otherLow) {
    int byHigh = Long.compareUnsigned(high, otherHigh);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
  }
}
