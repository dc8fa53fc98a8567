package gslb.dns.listen;

import gslb.base.Address;
import gslb.base.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The sources whose connections and datagrams begin with a PROXY header: disjoint ranges in order,
/// searched without allocating. Immutable.
final class ProxySources {
  /// Four numbers for each range: its first and its last address, upper and lower half.
  private final long[] v4;

  private final long[] v6;

  ProxySources(Collection<Prefix> prefixes) {
    this.v4 = ranges(prefixes, true);
    this.v6 = ranges(prefixes, false);
  }

  private static long[] ranges(Collection<Prefix> prefixes, boolean isV4) {
    List<Prefix> outermost = new ArrayList<>();
    // A prefix sorts before those that it contains.
    for (Prefix prefix : prefixes.stream().sorted().toList()) {
      boolean ofFamily = prefix.address().isV4() == isV4;
      if (ofFamily && (outermost.isEmpty() || !outermost.getLast().contains(prefix.address()))) {
        outermost.add(prefix);
      }
    }
    long[] ranges = new long[4 * outermost.size()];
    int at = 0;
    for (Prefix prefix : outermost) {
      for (Address end : new Address[] {prefix.address(), prefix.last()}) {
        ranges[at++] = end.high();
        ranges[at++] = end.low();
      }
    }
    return ranges;
  }

  boolean isEmpty() {
    return v4.length == 0 && v6.length == 0;
  }

  boolean contains(Address address) {
    return contains(address.isV4(), address.high(), address.low());
  }

  boolean contains(boolean isV4, long high, long low) {
    long[] ranges = isV4 ? v4 : v6;
    int from = 0;
    int to = ranges.length >> 2;
    while (from < to) {
      int middle = (from + to) >>> 1;
      int at = middle << 2;
      if (compare(high, low, ranges[at], ranges[at + 1]) < 0) {
        to = middle;
      } else if (compare(high, low, ranges[at + 2], ranges[at + 3]) > 0) {
        from = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  private static int compare(long high, long low, long otherHigh, long otherLow) {
    return high != otherHigh
        ? Long.compareUnsigned(high, otherHigh)
        : Long.compareUnsigned(low, otherLow);
  }
}
