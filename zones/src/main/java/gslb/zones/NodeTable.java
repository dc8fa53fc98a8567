package gslb.zones;

import gslb.base.DnsName;
import java.util.Arrays;

/// Finds the child of a node by its label: a hash table with open addressing over all nodes of one
/// zone. Immutable; reading allocates nothing.
///
/// The index is the public hash of the whole name, mixed with a seed. Since the parent is known, an
/// exact comparison is that of the parent and of one label. Someone who may add names to a zone can
/// choose names that share the public hash, which no seed separates; a table in which probes grow
/// longer than {@link #PROBE_LENGTH_MAX} is built again with a hash of its own, keyed by the seed.
final class NodeTable {
  /// Entries that one lookup may pass before the table is built another way.
  static final int PROBE_LENGTH_MAX = 128;

  private static final int SEED_TRIES = 2;
  private static final int KEYED_TRIES = 4;
  private static final int NO_NODE = -1;

  private final int[] parents;
  private final int[] labelOffsets;
  private final byte[] labels;
  private final long seed;
  private final boolean isKeyed;

  /// Of each node; the public hash, or {@link #keyedHash}.
  private final int[] hashes;

  private final int[] table;

  private NodeTable(
      int[] parents, int[] labelOffsets, byte[] labels, long seed, boolean isKeyed, int[] hashes) {
    this.parents = parents;
    this.labelOffsets = labelOffsets;
    this.labels = labels;
    this.seed = seed;
    this.isKeyed = isKeyed;
    this.hashes = hashes;
    table = new int[Math.max(4, Integer.highestOneBit(parents.length) * 4)];
    Arrays.fill(table, NO_NODE);
  }

  /// @param parents of each node; a parent comes before its children, node 0 is the apex
  /// @param labelOffsets into `labels`, of each node's length octet; that of node 0 is not read
  /// @param apexHash the public hash of the apex
  static NodeTable of(int[] parents, int[] labelOffsets, byte[] labels, int apexHash, long seed) {
    int tries = SEED_TRIES + KEYED_TRIES;
    for (int i = 0; ; i++) {
      long mixed = (seed + i) * 0x9E3779B97F4A7C15L;
      boolean isKeyed = i >= SEED_TRIES;
      int[] hashes = new int[parents.length];
      NodeTable nodes =
          new NodeTable(parents, labelOffsets, labels, mixed ^ mixed >>> 32, isKeyed, hashes);
      if (nodes.fill(apexHash) <= PROBE_LENGTH_MAX || i == tries - 1) {
        return nodes;
      }
    }
  }

  /// Enters all nodes but the apex and returns the length of the longest probe.
  private int fill(int apexHash) {
    int longest = 0;
    hashes[0] = apexHash;
    for (int node = 1; node < parents.length; node++) {
      int parent = parents[node];
      hashes[node] =
          isKeyed
              ? keyedHash(parent, labels, labelOffsets[node])
              : DnsName.hashLabel(hashes[parent], labels, labelOffsets[node]);
      int at = slot(hashes[node]);
      int length = 1;
      while (table[at] != NO_NODE) {
        at = at + 1 & table.length - 1;
        length++;
      }
      table[at] = node;
      longest = Math.max(longest, length);
      if (longest > PROBE_LENGTH_MAX && !isKeyed) {
        return longest;
      }
    }
    return longest;
  }

  /// The child of `parent` whose label begins at `offset`, or -1.
  ///
  /// @param publicHash {@link DnsName} hash of the child's whole name
  int child(int parent, int publicHash, byte[] bytes, int offset) {
    int hash = isKeyed ? keyedHash(parent, bytes, offset) : publicHash;
    int at = slot(hash);
    for (int node = table[at]; node != NO_NODE; node = table[at]) {
      if (hashes[node] == hash
          && parents[node] == parent
          && isSameLabel(labelOffsets[node], bytes, offset)) {
        return node;
      }
      at = at + 1 & table.length - 1;
    }
    return NO_NODE;
  }

  private boolean isSameLabel(int labelOffset, byte[] bytes, int offset) {
    int length = labels[labelOffset];
    if (bytes[offset] != length) {
      return false;
    }
    for (int i = 1; i <= length; i++) {
      if (DnsName.lower(labels[labelOffset + i] & 0xff)
          != DnsName.lower(bytes[offset + i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  private int slot(int hash) {
    int mixed = (hash ^ (int) seed) * 0x9E3779B1;
    return (mixed ^ mixed >>> 15) & table.length - 1;
  }

  private int keyedHash(int parent, byte[] bytes, int offset) {
    long hash = (seed ^ parent) * 0xBF58476D1CE4E5B9L;
    int end = offset + 1 + bytes[offset];
    for (int i = offset; i < end; i++) {
      hash = (hash ^ DnsName.lower(bytes[i] & 0xff)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return (int) (hash ^ hash >>> 32);
  }

  /// Whether the public hash had too many collisions in this zone.
  boolean isKeyed() {
    return isKeyed;
  }

  int parent(int node) {
    return parents[node];
  }

  /// Copies the node's label with its length octet and returns the offset behind it.
  int copyLabel(int node, byte[] target, int offset) {
    int length = labels[labelOffsets[node]] + 1;
    System.arraycopy(labels, labelOffsets[node], target, offset, length);
    return offset + length;
  }
}
