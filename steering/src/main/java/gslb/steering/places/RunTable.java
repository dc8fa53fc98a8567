package gslb.steering.places;

import gslb.base.EmbeddedV4;
import org.jspecify.annotations.Nullable;

/// The whole address space of both families cut into runs of constant value, made for look-ups: one
/// takes an index read, a short binary search and two subtractions, and allocates nothing.
///
/// ```
///   IPv4    starts:  0 ........ s1 ..... s2 ...........      int keys, index by the leading bits
///   IPv6    starts:  ::/64 .... s1 ..... s2 ...........      long keys: the upper 64 bits only
/// ```
///
/// Addresses that embed an IPv4 address ({@link EmbeddedV4}) have the value of that address. If
/// IPv4 has more than one value the blocks are cut out of the IPv6 runs, which end at their edges;
/// if it has one, the blocks are ordinary runs of it.
///
/// Tables made like another one share the arrays that would be equal.
final class RunTable {
  private final V4Runs v4;
  private final V6Runs v6;
  private final boolean embeds;

  /// @param v6 without regard to embedded IPv4 addresses
  RunTable(Runs v4, Runs v6) {
    this(v4, v6, null);
  }

  /// @param v6 without regard to embedded IPv4 addresses
  RunTable(Runs v4, Runs v6, @Nullable RunTable like) {
    this(
        V4Runs.of(v4, like == null ? null : like.v4),
        V6Runs.of(cut(v4, v6), like == null ? null : like.v6));
  }

  private static Runs cut(Runs v4, Runs v6) {
    int only = v4.size() > 1 ? V6Runs.EMBEDDED : v4.value(0);
    return Runs.combine(EmbeddingBlocks.runs(), v6, (block, value) -> block == 0 ? value : only);
  }

  /// @param v6 with the embedding blocks cut out if IPv4 has more than one run
  RunTable(V4Runs v4, V6Runs v6) {
    this.v4 = v4;
    this.v6 = v6;
    embeds = v4.size() > 1;
  }

  /// @return value and scope packed, as in {@link Partition#classOf} and {@link Partition#scopeOf}
  long lookupV4(int bits) {
    return v4.lookup(bits);
  }

  long lookupV6(long high, long low) {
    if (embeds) {
      int offset = EmbeddedV4.offset(high, low);
      if (offset >= 0) {
        return v4.lookup(EmbeddedV4.extract(high, low)) + offset;
      }
    }
    return v6.lookup(high, low);
  }

  static long pack(int value, int scope) {
    return (long) value << 8 | scope;
  }

  V4Runs v4() {
    return v4;
  }

  V6Runs v6() {
    return v6;
  }

  /// The IPv4 runs with each value replaced; those that become equal are joined.
  Runs mapV4(int[] replacement) {
    return v4.map(replacement);
  }

  /// The IPv6 runs with each value replaced, and with one value for the embedding blocks.
  Runs mapV6(int[] replacement, int embedded) {
    return v6.map(replacement, embedded);
  }

  /// The table with each value replaced; runs that become equal are joined.
  RunTable map(int[] replacement) {
    return new RunTable(v4.map(replacement), v6.map(replacement, 0), this);
  }

  /// The same with an index, for tables that serve queries.
  RunTable indexed() {
    return new RunTable(v4.indexed(), v6.indexed());
  }

  /// By value, whether an address has it.
  ///
  /// @param count values are below
  boolean[] valuesUsed(int count) {
    boolean[] used = new boolean[count];
    for (int run = 0; run < v4.size(); run++) {
      used[v4.value(run)] = true;
    }
    v6.markUsed(used);
    return used;
  }

  /// Takes a run's value and its share of the family's addresses.
  interface RunVisitor {
    void run(boolean isV4, int value, double share);
  }

  /// Shows every run of IPv4, and of global unicast IPv6 (2000::/3) those outside the embedding
  /// blocks. A /64 that is cut inside counts as what it begins with.
  void addresses(RunVisitor visitor) {
    for (int i = 0; i < v4.size(); i++) {
      visitor.run(true, v4.value(i), (v4.last(i) - v4.first(i) + 1) * 0x1p-32);
    }
    v6.addresses(visitor);
  }

  /// The maximal aligned prefixes of constant value, by length.
  long[] prefixesOfLengthV4() {
    long[] counts = new long[33];
    for (int i = 0; i < v4.size(); i++) {
      ScopeHistogram.count(v4.first(i), v4.last(i), 32, 0, counts);
    }
    return counts;
  }

  /// The maximal aligned prefixes of constant value, by length, without the embedding blocks if
  /// IPv4 decides there.
  long[] prefixesOfLengthV6() {
    return v6.prefixesOfLength();
  }

  int v4RunCount() {
    return v4.size();
  }

  int v6RunCount() {
    return v6.size();
  }

  /// Bytes of the arrays.
  long retainedBytes() {
    return v4.retainedBytes() + v6.retainedBytes();
  }
}
