package gslb.zones;

import gslb.base.DnsName;
import java.util.Arrays;

/// The names of one zone while it is put together: a hash table with open addressing that grows. A
/// node is a number; a parent has a lower one than its children, the apex is 0. With a name all
/// names between it and the apex exist (RFC 4592 §2.2.2). Confined to one thread.
final class NameTrie {
  static final int APEX = 0;
  static final int NONE = -1;

  private final byte[] apexWire;
  private final long key;

  /// Offsets of the labels of the name that is walked, first label first.
  private final int[] walked = new int[NameView.LABEL_COUNT_MAX + 1];

  private int count = 1;
  private int[] parents = {NONE, NONE, NONE, NONE};
  private int[] hashes = new int[4];

  /// Of each node's length octet; the apex has an empty label.
  private int[] labelOffsets = new int[4];

  private byte[] labels = new byte[32];
  private int labelsLength = 1;
  private int[] table = new int[8];
  private boolean isExact;
  private boolean isOtherCase;

  /// @param key of the hash; a number that those who add names cannot choose
  NameTrie(DnsName apex, long key) {
    this.apexWire = apex.toWire();
    this.key = key * 0x9E3779B97F4A7C15L;
    Arrays.fill(table, NONE);
  }

  int count() {
    return count;
  }

  int parent(int node) {
    return parents[node];
  }

  /// The octets that {@link #labelOffset} points into.
  byte[] labels() {
    return labels;
  }

  int labelOffset(int node) {
    return labelOffsets[node];
  }

  /// The node of the longest existing name at or above this one, or -1 outside the zone.
  int closest(byte[] bytes, int offset) {
    return walk(bytes, offset, false);
  }

  /// Whether the last name that was looked for exists.
  boolean isExact() {
    return isExact;
  }

  /// The node of that name, or -1.
  int find(byte[] bytes, int offset) {
    int node = walk(bytes, offset, false);
    return isExact ? node : NONE;
  }

  int find(DnsName name) {
    return find(name.toWire(), 0);
  }

  /// The node of that name, which is added if it does not exist, or -1 outside the zone.
  int intern(byte[] bytes, int offset) {
    return walk(bytes, offset, true);
  }

  /// Whether the last name was written with other letters' case than its node.
  boolean isOtherCase() {
    return isOtherCase;
  }

  private int walk(byte[] bytes, int offset, boolean adds) {
    int labelCount = 0;
    int at = offset;
    while (bytes[at] != 0) {
      walked[labelCount++] = at;
      at += bytes[at] + 1;
    }
    isExact = false;
    isOtherCase = false;
    int apexAt = at + 1 - apexWire.length;
    int below = labelCount;
    walked[labelCount] = at;
    while (below > 0 && walked[below] > apexAt) {
      below--;
    }
    if (apexAt < offset || walked[below] != apexAt || !isApex(bytes, apexAt)) {
      return NONE;
    }
    int node = APEX;
    for (int label = below - 1; label >= 0; label--) {
      int hash = hash(node, bytes, walked[label]);
      int child = child(node, hash, bytes, walked[label]);
      if (child == NONE) {
        if (!adds) {
          return node;
        }
        child = add(node, hash, bytes, walked[label]);
      }
      node = child;
    }
    isExact = true;
    return node;
  }

  private boolean isApex(byte[] bytes, int offset) {
    for (int i = 0; i < apexWire.length; i++) {
      if (bytes[offset + i] != apexWire[i]) {
        if (DnsName.lower(bytes[offset + i] & 0xff) != DnsName.lower(apexWire[i] & 0xff)) {
          return false;
        }
        isOtherCase = true;
      }
    }
    return true;
  }

  private int child(int parent, int hash, byte[] bytes, int offset) {
    int at = hash & table.length - 1;
    for (int node = table[at]; node != NONE; node = table[at]) {
      if (hashes[node] == hash && parents[node] == parent && isSame(node, bytes, offset)) {
        return node;
      }
      at = at + 1 & table.length - 1;
    }
    return NONE;
  }

  private boolean isSame(int node, byte[] bytes, int offset) {
    int mine = labelOffsets[node];
    int length = labels[mine] + 1;
    if (Arrays.equals(labels, mine, mine + length, bytes, offset, offset + length)) {
      return true;
    }
    for (int i = 0; i < length; i++) {
      if (DnsName.lower(labels[mine + i] & 0xff) != DnsName.lower(bytes[offset + i] & 0xff)) {
        return false;
      }
    }
    isOtherCase = true;
    return true;
  }

  private int add(int parent, int hash, byte[] bytes, int offset) {
    if (count == parents.length) {
      int size = grown(count);
      parents = Arrays.copyOf(parents, size);
      hashes = Arrays.copyOf(hashes, size);
      labelOffsets = Arrays.copyOf(labelOffsets, size);
    }
    int length = bytes[offset] + 1;
    if (labelsLength + length > labels.length) {
      labels = Arrays.copyOf(labels, grown(labels.length + length));
    }
    int node = count++;
    parents[node] = parent;
    hashes[node] = hash;
    labelOffsets[node] = labelsLength;
    System.arraycopy(bytes, offset, labels, labelsLength, length);
    labelsLength += length;
    if (count * 2L > table.length) {
      table = new int[table.length * 2];
      Arrays.fill(table, NONE);
      for (int i = 1; i < count; i++) {
        enter(i);
      }
    } else {
      enter(node);
    }
    return node;
  }

  private void enter(int node) {
    int at = hashes[node] & table.length - 1;
    while (table[at] != NONE) {
      at = at + 1 & table.length - 1;
    }
    table[at] = node;
  }

  /// Half as long again.
  static int grown(int length) {
    return Math.addExact(length, (length >> 1) + 8);
  }

  private int hash(int parent, byte[] bytes, int offset) {
    long hash = (key ^ parent) * 0xBF58476D1CE4E5B9L;
    int end = offset + 1 + bytes[offset];
    for (int i = offset; i < end; i++) {
      hash = (hash ^ DnsName.lower(bytes[i] & 0xff)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return (int) (hash ^ hash >>> 32);
  }

  /// The name as it was written first.
  DnsName name(int node) {
    byte[] wire = new byte[DnsName.WIRE_LENGTH_MAX];
    int at = 0;
    for (int i = node; i != APEX; i = parents[i]) {
      int length = labels[labelOffsets[i]] + 1;
      System.arraycopy(labels, labelOffsets[i], wire, at, length);
      at += length;
    }
    System.arraycopy(apexWire, 0, wire, at, apexWire.length);
    return DnsName.ofWire(wire, 0);
  }

  /// Labels between the node and the apex.
  int depth(int node) {
    int depth = 0;
    for (int i = node; i != APEX; i = parents[i]) {
      depth++;
    }
    return depth;
  }
}
