package gslb.zones;

import gslb.base.DnsName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Lays the columns of a zone out as a {@link FlatZone}: nodes in canonical order (RFC 4034 §6.1),
/// RRsets in order of type. Confined to one thread.
final class FlatZoneLayout {
  /// Children that are sorted by insertion.
  private static final int FEW = 8;

  private static final int KEY_OCTETS = 8;

  private final NameTrie names;
  private final int count;

  /// The children of a node are `children[starts[node]]` up to `children[starts[node + 1]]`.
  private final int[] starts;

  private final int[] children;
  private final int[] merged;

  /// The first octets of each node's label in lower case, which decide most comparisons.
  private final long[] keys;

  private FlatZoneLayout(ZoneColumns columns) {
    this.names = columns.names;
    this.count = names.count();
    starts = new int[count + 1];
    children = new int[count];
    merged = new int[count];
    keys = new long[count];
  }

  /// @throws IllegalArgumentException if SOA or NS is missing at the apex
  static FlatZone of(DnsName apex, ZoneColumns columns, long seed) {
    int[] order = new FlatZoneLayout(columns).order();
    NameTrie names = columns.names;
    int count = order.length;
    int[] flat = new int[count];
    int labelBytes = 0;
    for (int node = 0; node < count; node++) {
      flat[order[node]] = node;
      labelBytes += names.labels()[names.labelOffset(node)] + 1;
    }
    int[] parents = new int[count];
    int[] labelOffsets = new int[count];
    int[] wildcards = new int[count];
    byte[] labels = new byte[labelBytes];
    byte[] flags = new byte[count];
    int[] slots = new int[count];
    int[] firstRrsets = new int[count + 1];
    Records records = new Records(columns);
    int labelAt = 0;
    for (int node = 0; node < count; node++) {
      int source = order[node];
      int from = names.labelOffset(source);
      int length = names.labels()[from] + 1;
      labelOffsets[node] = labelAt;
      System.arraycopy(names.labels(), from, labels, labelAt, length);
      labelAt += length;
      wildcards[node] = -1;
      if (node == FlatZone.APEX_NODE) {
        parents[node] = -1;
      } else {
        parents[node] = flat[names.parent(source)];
        if (length == 2 && labels[labelAt - 1] == '*') {
          wildcards[parents[node]] = node;
        }
        flags[node] = columns.has(source, ZoneColumns.NS) ? FlatZone.FLAG_CUT : 0;
      }
      flags[node] |= columns.has(source, ZoneColumns.DNAME) ? FlatZone.FLAG_DNAME : 0;
      slots[node] = columns.slot(source);
      firstRrsets[node] = records.rrsets;
      records.add(source);
    }
    firstRrsets[count] = records.rrsets;
    return new FlatZone(
        apex,
        NodeTable.of(parents, labelOffsets, labels, apex.hashCode(), seed),
        new FlatZone.NodeColumns(flags, wildcards, slots, firstRrsets),
        records.toColumns());
  }

  /// Nodes of the trie in canonical order.
  private int[] order() {
    for (int node = 1; node < count; node++) {
      starts[names.parent(node)]++;
      keys[node] = key(node);
    }
    int sum = 0;
    for (int node = 0; node <= count; node++) {
      sum += starts[node];
      starts[node] = sum;
    }
    for (int node = count - 1; node > 0; node--) {
      children[--starts[names.parent(node)]] = node;
    }
    for (int node = 0; node < count; node++) {
      sort(starts[node], starts[node + 1]);
    }
    int[] order = new int[count];
    int[] stack = merged;
    int depth = 1;
    stack[0] = NameTrie.APEX;
    for (int at = 0; at < count; at++) {
      int node = stack[--depth];
      order[at] = node;
      for (int i = starts[node + 1] - 1; i >= starts[node]; i--) {
        stack[depth++] = children[i];
      }
    }
    return order;
  }

  private long key(int node) {
    int at = names.labelOffset(node);
    int length = Math.min(KEY_OCTETS, names.labels()[at]);
    long key = 0;
    for (int i = 1; i <= length; i++) {
      key |= (long) DnsName.lower(names.labels()[at + i] & 0xff) << 8 * (KEY_OCTETS - i);
    }
    return key;
  }

  private void sort(int from, int to) {
    if (to - from <= FEW) {
      for (int i = from + 1; i < to; i++) {
        int node = children[i];
        int at = i;
        while (at > from && compare(children[at - 1], node) > 0) {
          children[at] = children[at - 1];
          at--;
        }
        children[at] = node;
      }
      return;
    }
    int middle = from + to >>> 1;
    sort(from, middle);
    sort(middle, to);
    if (compare(children[middle - 1], children[middle]) < 0) {
      return; // files are often in order
    }
    System.arraycopy(children, from, merged, from, to - from);
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takesLeft = right == to || left < middle && compare(merged[left], merged[right]) < 0;
      children[i] = takesLeft ? merged[left++] : merged[right++];
    }
  }

  private int compare(int a, int b) {
    return keys[a] == keys[b] ? compareLabels(a, b) : Long.compareUnsigned(keys[a], keys[b]);
  }

  private int compareLabels(int a, int b) {
    byte[] labels = names.labels();
    int atA = names.labelOffset(a);
    int atB = names.labelOffset(b);
    int common = Math.min(labels[atA], labels[atB]);
    for (int i = 1; i <= common; i++) {
      int order = DnsName.lower(labels[atA + i] & 0xff) - DnsName.lower(labels[atB + i] & 0xff);
      if (order != 0) {
        return order;
      }
    }
    return labels[atA] - labels[atB];
  }

  /// RRsets, records and RDATA pages while they are written.
  private static final class Records {
    private final ZoneColumns columns;
    private final char[] types;
    private final int[] ttls;
    private final int[] firstRecords;
    private final char[] pageOfRrset;
    private final int[] rdataOffsets;
    private final char[] rdataLengths;
    private final List<byte[]> full = new ArrayList<>();
    private int[] ofNode = new int[8];
    private byte[] page = new byte[256];
    private int length;
    private int rrsets;
    private int recordCount;

    Records(ZoneColumns columns) {
      this.columns = columns;
      types = new char[columns.rrsetCount()];
      ttls = new int[columns.rrsetCount()];
      firstRecords = new int[columns.rrsetCount() + 1];
      pageOfRrset = new char[columns.rrsetCount()];
      rdataOffsets = new int[columns.recordCount()];
      rdataLengths = new char[columns.recordCount()];
    }

    /// Writes the RRsets of a node, in order of type.
    void add(int node) {
      int found = 0;
      for (int rrset = columns.firstRrset(node);
          rrset != ZoneColumns.NONE;
          rrset = columns.nextRrset(rrset)) {
        if (found == ofNode.length) {
          ofNode = Arrays.copyOf(ofNode, 2 * found);
        }
        int at = found++;
        while (at > 0 && columns.type(ofNode[at - 1]) > columns.type(rrset)) {
          ofNode[at] = ofNode[at - 1];
          at--;
        }
        ofNode[at] = rrset;
      }
      for (int i = 0; i < found; i++) {
        write(ofNode[i]);
      }
    }

    private void write(int rrset) {
      long needed = 0;
      int first = columns.firstRecord(rrset);
      for (int record = first; record != ZoneColumns.NONE; record = columns.nextRecord(record)) {
        needed += columns.rdataLength(record);
      }
      // An RRset longer than a page gets one of its own; one that fits a message never is.
      if (length > 0 && length + needed > FlatZoneBuilder.PAGE_LENGTH_MAX) {
        seal();
      }
      if (length + needed > page.length) {
        long grown =
            Math.max(length + needed, Math.min(FlatZoneBuilder.PAGE_LENGTH_MAX, page.length * 2L));
        page = Arrays.copyOf(page, Math.toIntExact(grown));
      }
      types[rrsets] = (char) columns.type(rrset);
      ttls[rrsets] = columns.ttl(rrset);
      firstRecords[rrsets] = recordCount;
      pageOfRrset[rrsets] = (char) full.size();
      rrsets++;
      for (int record = first; record != ZoneColumns.NONE; record = columns.nextRecord(record)) {
        int octets = columns.rdataLength(record);
        System.arraycopy(columns.page(record), columns.rdataAt(record), page, length, octets);
        rdataOffsets[recordCount] = length;
        rdataLengths[recordCount] = (char) octets;
        length += octets;
        recordCount++;
      }
    }

    private void seal() {
      full.add(length == page.length ? page : Arrays.copyOf(page, length));
      page = new byte[FlatZoneBuilder.PAGE_LENGTH_MAX];
      length = 0;
    }

    FlatZone.RecordColumns toColumns() {
      full.add(Arrays.copyOf(page, length));
      firstRecords[rrsets] = recordCount;
      return new FlatZone.RecordColumns(
          types,
          ttls,
          firstRecords,
          full.toArray(byte[][]::new),
          pageOfRrset,
          rdataOffsets,
          rdataLengths);
    }
  }
}
