package gslb.dns;

import gslb.base.Prefix;
import java.util.HashMap;
import java.util.Map;

/// A {@link RateLimit} compiled: what one response costs each prefix of its client, and how fast
/// costs are forgotten. Immutable.
///
/// Costs are fractions of {@link #FULL_LOAD}, so that counters keep their meaning when the numbers
/// of the limit change. With a limit of `perSecond` and `burst`, a counter holds `burst` responses
/// and loses the fraction `perSecond / burst` of its load a second, continuously: as much as
/// `perSecond` responses cost when it is full.
final class Rates {
  /// The load of a full counter.
  static final long FULL_LOAD = 0xffff_ffffL;

  /// A tick is this power of two of nanoseconds: 16.8 ms.
  static final int TICK_BITS = 24;

  /// Ticks that a counter tells apart: 18 minutes.
  static final int TICKS = 1 << 16;

  /// Elapsed ticks from here on are a clock that another thread read a little later than we did.
  static final int ELAPSED_LIMIT = TICKS - 1024;

  /// Prefixes whose responses are counted, the client itself first.
  private static final int[] V4_LENGTHS = {32, 24, 20, 18};

  private static final int[] V4_MULTIPLES = {1, 32, 256, 768};
  private static final int[] V6_LENGTHS = {128, 64, 56, 48, 32};
  private static final int[] V6_MULTIPLES = {1, 2, 3, 4, 64};

  /// Prefixes counted for one client at most.
  static final int PREFIXES_MAX = 5;

  private static final int FINE_BITS = 8;
  private static final double TWO_TO_64 = 0x1p64;

  static final Rates OFF = new Rates(RateLimit.OFF);

  private final RateLimit limit;
  private final PrefixTable exempt;
  private final long[] v4Costs;
  private final long[] v6Costs;
  private final long costMin;

  /// Half-lives of a load in a tick, in units of 2^-32.
  private final long halvingsPerTick;

  /// What is left after 1..255 ticks, in units of 2^-64.
  private final long[] fine = new long[1 << FINE_BITS];

  /// What is left after 1..255 times 256 ticks.
  private final long[] coarse = new long[TICKS >> FINE_BITS];

  private Rates(RateLimit limit) {
    this.limit = limit;
    Map<Prefix, Byte> exemptions = new HashMap<>();
    limit.exempt().forEach(prefix -> exemptions.put(prefix, (byte) 1));
    exempt = PrefixTable.of(exemptions);
    v4Costs = costs(limit.burst(), V4_MULTIPLES);
    v6Costs = costs(limit.burst(), V6_MULTIPLES);
    costMin = v4Costs[v4Costs.length - 1];
    double lostPerTick =
        (double) limit.perSecond() / Math.max(1, limit.burst()) * (1L << TICK_BITS) / 1e9;
    halvingsPerTick = (long) (lostPerTick / Math.log(2) * 0x1p32);
    for (int i = 1; i < fine.length; i++) {
      fine[i] = left(lostPerTick * i);
      coarse[i] = left(lostPerTick * (i << FINE_BITS));
    }
  }

  static Rates of(RateLimit limit) {
    return limit.perSecond() == 0 ? OFF : new Rates(limit);
  }

  /// Rounded down, so that a whole burst fits.
  private static long[] costs(int burst, int[] multiples) {
    long[] costs = new long[multiples.length];
    for (int i = 0; i < costs.length; i++) {
      costs[i] = FULL_LOAD / ((long) Math.max(1, burst) * multiples[i]);
    }
    return costs;
  }

  /// e^-x in units of 2^-64, rounded to the precision of a double next to 1.
  private static long left(double x) {
    double lost = -Math.expm1(-x) * TWO_TO_64;
    if (lost < 0x1p63) {
      return -(long) lost; // 2^64 - lost
    }
    return (long) (Math.exp(-x) * TWO_TO_64);
  }

  boolean isOn() {
    return limit.perSecond() > 0;
  }

  boolean isDryRun() {
    return limit.isDryRun();
  }

  int slip() {
    return limit.slip();
  }

  int tableSize() {
    return limit.tableSize();
  }

  RateLimit limit() {
    return limit;
  }

  boolean isExempt(boolean isV4, long high, long low) {
    return exempt.valueOf(isV4, high, low) != PrefixTable.NONE;
  }

  int prefixCount(boolean isV4) {
    return isV4 ? V4_LENGTHS.length : V6_LENGTHS.length;
  }

  int prefixLength(boolean isV4, int index) {
    return isV4 ? V4_LENGTHS[index] : V6_LENGTHS[index];
  }

  /// How many times the rate of one address a prefix of that length may have.
  static int multiple(boolean isV4, int length) {
    int[] lengths = isV4 ? V4_LENGTHS : V6_LENGTHS;
    int index = 0;
    while (lengths[index] != length) {
      index++;
    }
    return isV4 ? V4_MULTIPLES[index] : V6_MULTIPLES[index];
  }

  /// What a response costs a prefix.
  long cost(boolean isV4, int index) {
    return isV4 ? v4Costs[index] : v6Costs[index];
  }

  /// What a response costs the prefix that pays least: a counter with less counts nothing.
  long costMin() {
    return costMin;
  }

  /// What is left of a load, up to twice as much: enough to compare loads by.
  long decayedRoughly(long load, int ticks) {
    return ticks >= ELAPSED_LIMIT ? load : load >>> Math.min(63, ticks * halvingsPerTick >>> 32);
  }

  /// What is left of a load, rounded down.
  ///
  /// @param ticks 0..65535
  long decayed(long load, int ticks) {
    if (ticks >= ELAPSED_LIMIT) {
      return load;
    }
    long left = load;
    int fineTicks = ticks & (1 << FINE_BITS) - 1;
    if (fineTicks > 0) {
      left = Math.unsignedMultiplyHigh(left << 32, fine[fineTicks]) >>> 32;
    }
    int coarseTicks = ticks >>> FINE_BITS;
    if (coarseTicks > 0) {
      left = Math.unsignedMultiplyHigh(left << 32, coarse[coarseTicks]) >>> 32;
    }
    return left;
  }
}
