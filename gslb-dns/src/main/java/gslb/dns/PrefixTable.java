package gslb.dns;

import gslb.base.Address;
import gslb.base.Prefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A small number for every address, by longest prefix. Immutable; a look-up allocates nothing.
///
/// Each family is cut into runs of one value, sorted by first address, so that a look-up is a
/// binary search: 15 steps for 10,000 prefixes. An IPv6 address that embeds an IPv4 address is an
/// IPv6 address here: who is to be refused as an IPv4 client comes over IPv4.
final class PrefixTable {
  /// The value of an address in no prefix.
  static final int NONE = 0;

  private final Runs v4;
  private final Runs v6;

  private PrefixTable(Runs v4, Runs v6) {
    this.v4 = v4;
    this.v6 = v6;
  }

  /// @param valueOf 1..127 by prefix, or 0 to take out of a wider prefix
  static PrefixTable of(Map<Prefix, Byte> valueOf) {
    RunsBuilder v4 = new RunsBuilder();
    RunsBuilder v6 = new RunsBuilder();
    // In this order a prefix comes before those inside it.
    new TreeMap<>(valueOf).forEach((p, v) -> (p.address().isV4() ? v4 : v6).add(p, v));
    return new PrefixTable(v4.build(), v6.build());
  }

  int valueOf(boolean isV4, long high, long low) {
    return (isV4 ? v4 : v6).find(high, low);
  }

  /// The address space of one family.
  private static final class Runs {
    /// The first address of each run, unsigned and ascending.
    private final long[] firstHigh;

    private final long[] firstLow;
    private final byte[] values;

    Runs(long[] firstHigh, long[] firstLow, byte[] values) {
      this.firstHigh = firstHigh;
      this.firstLow = firstLow;
      this.values = values;
    }

    int find(long high, long low) {
      int from = 0;
      int to = values.length;
      while (to - from > 1) {
        int middle = from + to >>> 1;
        int byHigh = Long.compareUnsigned(firstHigh[middle], high);
        boolean isPast =
            byHigh > 0 || byHigh == 0 && Long.compareUnsigned(firstLow[middle], low) > 0;
        if (isPast) {
          to = middle;
        } else {
          from = middle;
        }
      }
      return values[from];
    }
  }

  /// Lays prefixes over each other, the wider below.
  private static final class RunsBuilder {
    private record Open(Address last, byte value) {}

    private final List<Long> highs = new ArrayList<>(List.of(0L));
    private final List<Long> lows = new ArrayList<>(List.of(0L));
    private final List<Byte> values = new ArrayList<>(List.of((byte) NONE));
    private final Deque<Open> open = new ArrayDeque<>();

    void add(Prefix prefix, byte value) {
      closeBefore(prefix.address());
      begin(prefix.address().high(), prefix.address().low(), value);
      open.push(new Open(prefix.last(), value));
    }

    private void closeBefore(Address first) {
      while (!open.isEmpty() && open.peek().last().compareTo(first) < 0) {
        close();
      }
    }

    private void close() {
      Address last = open.pop().last();
      long low = last.low() + 1;
      long high = last.high() + (low == 0 ? 1 : 0);
      // Behind the last address of IPv6 is nothing; behind that of IPv4 nobody looks.
      if (low != 0 || high != 0) {
        begin(high, low, open.isEmpty() ? NONE : open.peek().value());
      }
    }

    private void begin(long high, long low, byte value) {
      int end = values.size() - 1;
      if (highs.get(end) == high && lows.get(end) == low) {
        values.set(end, value);
        return;
      }
      highs.add(high);
      lows.add(low);
      values.add(value);
    }

    Runs build() {
      while (!open.isEmpty()) {
        close();
      }
      byte[] bytes = new byte[values.size()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = values.get(i);
      }
      return new Runs(
          highs.stream().mapToLong(Long::longValue).toArray(),
          lows.stream().mapToLong(Long::longValue).toArray(),
          bytes);
    }
  }
}
