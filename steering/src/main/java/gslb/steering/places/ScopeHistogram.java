package gslb.steering.places;

import gslb.base.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How many disjoint prefixes a partition cuts one family into, by their length: the answers that a
/// resolver with a subnet cache can come to hold for one name. Embedded IPv4 addresses are not
/// counted again under IPv6.
///
/// @param rows by ascending scope; only those that occur
public record ScopeHistogram(Family family, List<Row> rows) {
  public ScopeHistogram {
    rows = List.copyOf(rows);
  }

  /// @param share of the family's whole address space, 0..1
  public record Row(int scope, long prefixes, double share) {}

  static ScopeHistogram of(Family family, long[] prefixesOfLength) {
    List<Row> rows = new ArrayList<>();
    for (int length = 0; length < prefixesOfLength.length; length++) {
      long prefixes = prefixesOfLength[length];
      if (prefixes > 0) {
        rows.add(new Row(length, prefixes, prefixes * Math.pow(2, -length)));
      }
    }
    return new ScopeHistogram(family, rows);
  }

  /// Adds the aligned prefixes that make up the addresses from `first` to `last`, both `bits` wide
  /// (32 or 64) and unsigned; a prefix of n bits counts at `offset + n`.
  static void count(long first, long last, int bits, int offset, long[] prefixesOfLength) {
    long at = first;
    while (true) {
      long left = last - at; // one less than how many are left
      int aligned = at == 0 ? bits : Math.min(bits, Long.numberOfTrailingZeros(at));
      int fitting = left == -1L ? 64 : 63 - Long.numberOfLeadingZeros(left + 1);
      int hostBits = Math.min(aligned, fitting);
      prefixesOfLength[offset + bits - hostBits]++;
      if (hostBits == 64 || left == (1L << hostBits) - 1) {
        return;
      }
      at += 1L << hostBits;
    }
  }

  public long prefixes() {
    return rows.stream().mapToLong(Row::prefixes).sum();
  }

  /// One line per scope.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(family == Family.V4 ? "IPv4" : "IPv6")
        .append(": ")
        .append(prefixes())
        .append(prefixes() == 1 ? " prefix\n" : " prefixes\n");
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT, "  /%-3d %9d  %8.4f %%%n", row.scope, row.prefixes, 100 * row.share));
    }
    return text.toString();
  }
}
