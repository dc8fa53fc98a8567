package gslb.zones;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.util.Arrays;

/// Compares a zone with the one that it replaces: what has changed must have a greater serial
/// (RFC 1034 §4.3.5, RFC 1982 §3), else secondaries and operators do not see that it has.
public final class SerialCheck {
  private static final int SERIAL_FROM_END = 20;

  private SerialCheck() {}

  /// Adds a warning if the serial fell, or if it did not rise although a record changed. Steered
  /// names are no records.
  ///
  /// @param running of the same apex as `next`
  /// @param where the file of `next`
  /// @return whether all is as it should be
  public static boolean compare(
      FlatZone running, FlatZone next, SourceSpan where, Diagnostics diagnostics) {
    long before = serial(running);
    long after = serial(next);
    if (before == after) {
      if (hasSameRecords(running, next)) {
        return true;
      }
      diagnostics.warning(
          where,
          "zone " + next.apex() + " has changed, its serial is " + after + " as before",
          "a change raises the serial (RFC 1034 §4.3.5)",
          "raise it");
      return false;
    }
    if (isGreater(after, before)) {
      return true;
    }
    diagnostics.warning(
        where,
        "the serial of zone " + next.apex() + " went from " + before + " to " + after,
        "that is no rise, serials are compared modulo 2^32 (RFC 1982 §3.2)",
        "use one from " + (before + 1 & 0xffff_ffffL) + " on");
    return false;
  }

  /// Whether serial `a` is greater than `b`; two that are 2^31 apart are neither (RFC 1982 §3.2).
  static boolean isGreater(long a, long b) {
    return (int) (a - b) > 0;
  }

  /// The SOA's serial, from 0 to 4,294,967,295.
  public static long serial(FlatZone zone) {
    int soa = zone.rrset(zone.apexNode(), FlatZone.TYPE_SOA);
    byte[] page = zone.rdataPage(soa);
    int at = zone.rdataOffset(soa, 0) + zone.rdataLength(soa, 0) - SERIAL_FROM_END;
    return (page[at] & 0xffL) << 24
        | (page[at + 1] & 0xff) << 16
        | (page[at + 2] & 0xff) << 8
        | (page[at + 3] & 0xff);
  }

  /// Walks both zones side by side in canonical order and stops at the first difference.
  private static boolean hasSameRecords(FlatZone a, FlatZone b) {
    int nodeA = nextOwner(a, 0);
    int nodeB = nextOwner(b, 0);
    while (nodeA < a.nodeCount() && nodeB < b.nodeCount()) {
      if (a.rrsetCount(nodeA) != b.rrsetCount(nodeB) || !a.name(nodeA).equals(b.name(nodeB))) {
        return false;
      }
      for (int i = 0; i < a.rrsetCount(nodeA); i++) {
        if (!isSameRrset(a, a.firstRrset(nodeA) + i, b, b.firstRrset(nodeB) + i)) {
          return false;
        }
      }
      nodeA = nextOwner(a, nodeA + 1);
      nodeB = nextOwner(b, nodeB + 1);
    }
    return nodeA == a.nodeCount() && nodeB == b.nodeCount();
  }

  /// The first node from there on that owns a record.
  private static int nextOwner(FlatZone zone, int from) {
    int node = from;
    while (node < zone.nodeCount() && zone.rrsetCount(node) == 0) {
      node++;
    }
    return node;
  }

  private static boolean isSameRrset(FlatZone a, int rrsetA, FlatZone b, int rrsetB) {
    int count = a.recordCount(rrsetA);
    if (a.type(rrsetA) != b.type(rrsetB)
        || a.ttl(rrsetA) != b.ttl(rrsetB)
        || count != b.recordCount(rrsetB)) {
      return false;
    }
    int inOrder = 0;
    while (inOrder < count && isSameRecord(a, rrsetA, inOrder, b, rrsetB, inOrder)) {
      inOrder++;
    }
    return inOrder == count || Arrays.deepEquals(sorted(a, rrsetA), sorted(b, rrsetB));
  }

  private static boolean isSameRecord(
      FlatZone a, int rrsetA, int recordA, FlatZone b, int rrsetB, int recordB) {
    int fromA = a.rdataOffset(rrsetA, recordA);
    int fromB = b.rdataOffset(rrsetB, recordB);
    return Arrays.equals(
        a.rdataPage(rrsetA),
        fromA,
        fromA + a.rdataLength(rrsetA, recordA),
        b.rdataPage(rrsetB),
        fromB,
        fromB + b.rdataLength(rrsetB, recordB));
  }

  private static byte[][] sorted(FlatZone zone, int rrset) {
    byte[][] records = new byte[zone.recordCount(rrset)][];
    for (int i = 0; i < records.length; i++) {
      int from = zone.rdataOffset(rrset, i);
      records[i] =
          Arrays.copyOfRange(zone.rdataPage(rrset), from, from + zone.rdataLength(rrset, i));
    }
    Arrays.sort(records, Arrays::compareUnsigned);
    return records;
  }
}
