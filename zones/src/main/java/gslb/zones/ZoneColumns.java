package gslb.zones;

import gslb.base.DnsName;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Names, RRsets and records of a zone in primitive columns that grow, in the order in which they
/// came. The RRsets of a node and the records of an RRset are linked lists. Confined to one thread.
final class ZoneColumns {
  static final int NONE = -1;

  // What a node owns.
  static final int ADDRESS = 1;
  static final int CNAME = 2;
  static final int NS = 4;
  static final int DNAME = 8;

  /// An RDATA page has this many bits of offset.
  private static final int PAGE_BITS = 18;

  private static final int PAGE_LENGTH = 1 << PAGE_BITS;
  private static final int FIRST_PAGE_LENGTH = 512;

  final NameTrie names;

  // Of each node.
  private int[] firstRrsets = {};
  private int[] lastRrsets = {};
  private byte[] kinds = {};
  private int @Nullable [] slots;

  /// Nodes that own an RRset, in the order of their first one.
  private int[] owners = {};

  private int ownerCount;

  // Of each RRset.
  private int rrsetCount;
  private int[] nextRrsets = {};
  private int[] firstRecords = {};
  private int[] lastRecords = {};
  private char[] types = {};
  private int[] ttls = {};
  private char[] recordCounts = {};

  // Of each record.
  private int recordCount;
  private int[] nextRecords = {};
  private int[] rdataAts = {};
  private char[] rdataLengths = {};

  private byte[][] pages = {new byte[FIRST_PAGE_LENGTH]};
  private int pageCount = 1;
  private int pageLength;

  ZoneColumns(DnsName apex, long key) {
    names = new NameTrie(apex, key);
    growNodes();
  }

  /// The node of a name, which is added if it does not exist, or -1 outside the zone.
  int intern(byte[] wire, int offset) {
    int node = names.intern(wire, offset);
    growNodes();
    return node;
  }

  private void growNodes() {
    int from = firstRrsets.length;
    if (names.count() > from) {
      int size = NameTrie.grown(names.count());
      firstRrsets = Arrays.copyOf(firstRrsets, size);
      lastRrsets = Arrays.copyOf(lastRrsets, size);
      kinds = Arrays.copyOf(kinds, size);
      Arrays.fill(firstRrsets, from, size, NONE);
      Arrays.fill(lastRrsets, from, size, NONE);
    }
  }

  int addRrset(int node, int type, int ttl) {
    if (rrsetCount == types.length) {
      int size = NameTrie.grown(rrsetCount);
      nextRrsets = Arrays.copyOf(nextRrsets, size);
      firstRecords = Arrays.copyOf(firstRecords, size);
      lastRecords = Arrays.copyOf(lastRecords, size);
      types = Arrays.copyOf(types, size);
      ttls = Arrays.copyOf(ttls, size);
      recordCounts = Arrays.copyOf(recordCounts, size);
    }
    int rrset = rrsetCount++;
    nextRrsets[rrset] = NONE;
    firstRecords[rrset] = NONE;
    lastRecords[rrset] = NONE;
    types[rrset] = (char) type;
    ttls[rrset] = ttl;
    if (lastRrsets[node] == NONE) {
      firstRrsets[node] = rrset;
      if (ownerCount == owners.length) {
        owners = Arrays.copyOf(owners, NameTrie.grown(ownerCount));
      }
      owners[ownerCount++] = node;
    } else {
      nextRrsets[lastRrsets[node]] = rrset;
    }
    lastRrsets[node] = rrset;
    kinds[node] |= (byte) kind(type);
    return rrset;
  }

  private static int kind(int type) {
    return switch (type) {
      case FlatZone.TYPE_A, FlatZone.TYPE_AAAA -> ADDRESS;
      case FlatZone.TYPE_CNAME -> CNAME;
      case FlatZone.TYPE_NS -> NS;
      case FlatZone.TYPE_DNAME -> DNAME;
      default -> 0;
    };
  }

  int addRecord(int rrset, byte[] rdata, int length) {
    if (recordCount == rdataAts.length) {
      int size = NameTrie.grown(recordCount);
      nextRecords = Arrays.copyOf(nextRecords, size);
      rdataAts = Arrays.copyOf(rdataAts, size);
      rdataLengths = Arrays.copyOf(rdataLengths, size);
    }
    int record = recordCount++;
    nextRecords[record] = NONE;
    if (lastRecords[rrset] == NONE) {
      firstRecords[rrset] = record;
    } else {
      nextRecords[lastRecords[rrset]] = record;
    }
    lastRecords[rrset] = record;
    recordCounts[rrset]++;
    rdataAts[record] = write(rdata, length);
    rdataLengths[record] = (char) length;
    return record;
  }

  private int write(byte[] rdata, int length) {
    byte[] page = pages[pageCount - 1];
    if (pageLength + length > page.length) {
      if (pageLength + length > PAGE_LENGTH) {
        if (pageCount == pages.length) {
          pages = Arrays.copyOf(pages, NameTrie.grown(pageCount));
        }
        page = new byte[PAGE_LENGTH];
        pages[pageCount++] = page;
        pageLength = 0;
      } else {
        page = Arrays.copyOf(page, Math.min(PAGE_LENGTH, 2 * (pageLength + length)));
        pages[pageCount - 1] = page;
      }
    }
    System.arraycopy(rdata, 0, page, pageLength, length);
    int at = pageCount - 1 << PAGE_BITS | pageLength;
    pageLength += length;
    return at;
  }

  int ownerCount() {
    return ownerCount;
  }

  int owner(int index) {
    return owners[index];
  }

  /// Nodes that own an RRset, in the order of their first one.
  int[] owners() {
    return Arrays.copyOf(owners, ownerCount);
  }

  boolean has(int node, int kindMask) {
    return (kinds[node] & kindMask) != 0;
  }

  /// The RRset of that type at the node, or -1.
  int rrset(int node, int type) {
    int rrset = firstRrsets[node];
    while (rrset != NONE && types[rrset] != type) {
      rrset = nextRrsets[rrset];
    }
    return rrset;
  }

  int firstRrset(int node) {
    return firstRrsets[node];
  }

  int nextRrset(int rrset) {
    return nextRrsets[rrset];
  }

  int type(int rrset) {
    return types[rrset];
  }

  int ttl(int rrset) {
    return ttls[rrset];
  }

  void setTtl(int rrset, int ttl) {
    ttls[rrset] = ttl;
  }

  int recordCount(int rrset) {
    return recordCounts[rrset];
  }

  int firstRecord(int rrset) {
    return firstRecords[rrset];
  }

  int nextRecord(int record) {
    return nextRecords[record];
  }

  byte[] page(int record) {
    return pages[rdataAts[record] >>> PAGE_BITS];
  }

  int rdataAt(int record) {
    return rdataAts[record] & PAGE_LENGTH - 1;
  }

  int rdataLength(int record) {
    return rdataLengths[record];
  }

  byte[] rdata(int record) {
    int at = rdataAt(record);
    return Arrays.copyOfRange(page(record), at, at + rdataLength(record));
  }

  int rrsetCount() {
    return rrsetCount;
  }

  int recordCount() {
    return recordCount;
  }

  /// The dynamic slot of a node, or -1.
  int slot(int node) {
    return slots == null || node >= slots.length ? NONE : slots[node];
  }

  void setSlot(int node, int id) {
    int from = slots == null ? 0 : slots.length;
    int[] column = slots == null ? new int[0] : slots;
    if (node >= from) {
      column = Arrays.copyOf(column, Math.max(names.count(), NameTrie.grown(from)));
      Arrays.fill(column, from, column.length, NONE);
    }
    column[node] = id;
    slots = column;
  }
}
