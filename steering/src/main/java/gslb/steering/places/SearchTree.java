package gslb.steering.places;

import com.maxmind.db.Metadata;
import gslb.base.Address;
import gslb.base.EmbeddedV4;
import java.util.Arrays;

/// The binary search tree of a MaxMind DB file (format 2.0), walked once from left to right into
/// runs. The file is not trusted: every read is inside the tree, every pointer inside the data, no
/// path is longer than an address, and the number of steps is bounded by the number of nodes, so
/// that neither a cycle nor a tree folded onto itself can hold the walk.
///
/// ```
///   ┌ search tree ────────┬ 16 zeros ┬ data ─────────┬ marker ┬ metadata ┐
///   │ node = left, right  │          │               │        │          │
///   └─────────────────────┴──────────┴───────────────┴────────┴──────────┘
///   record < nodes: the next node    = nodes: no data    ≥ nodes + 16: data at record - nodes - 16
/// ```
final class SearchTree {
  /// Each node belongs to one path, but for the aliases of IPv4 that some writers add.
  private static final int STEPS_PER_NODE_MAX = 4;

  // What is taken in memory at most, measured: the arrays of a run, of an offset and of a record
  // while they grow and while tables are made of them.
  private static final long V4_RUN_BYTES = 40;
  private static final long V6_RUN_BYTES = 90;
  private static final long OFFSET_BYTES = 32;
  private static final long RECORD_BYTES = 300;

  private static final int SEPARATOR_BYTES = 16;
  private static final int NO_RECORD = -1;
  private static final byte[] METADATA_MARKER = {
    (byte) 0xab, (byte) 0xcd, (byte) 0xef, 'M', 'a', 'x', 'M', 'i', 'n', 'd', '.', 'c', 'o', 'm'
  };

  /// Gives a record its number: from its offset in the data, or from an address that has it.
  interface RecordNumber {
    int of(int offset, Address inside) throws GeoDatabaseRefused;
  }

  private final String name;
  private final byte[] file;
  private final long nodes;
  private final int recordSize;
  private final boolean hasV6;
  private final int dataStart;
  private final int dataEnd;
  private final long memoryMax;
  private final OffsetMap numberOfOffset = new OffsetMap();
  private final Runs v4 = new Runs();
  private Runs v6 = new Runs();
  private int v4Networks;
  private int v6Networks;
  private int recordLast;
  private long steps;
  private boolean inV4;

  /// @param memoryMax bytes that reading and compiling may take, the file among them
  SearchTree(String name, byte[] file, Metadata metadata, long memoryMax)
      throws GeoDatabaseRefused {
    this.name = name;
    this.memoryMax = memoryMax;
    this.file = file;
    this.nodes = metadata.nodeCount();
    this.recordSize = metadata.recordSize();
    this.hasV6 = metadata.ipVersion() == 6;
    if (recordSize != 24 && recordSize != 28 && recordSize != 32) {
      throw new GeoDatabaseRefused(name, "record_size " + recordSize + " is not 24, 28 or 32");
    }
    long treeBytes = nodes * (recordSize / 4);
    int metadataAt = metadataAt(file);
    if (nodes < 1 || nodes > file.length || treeBytes + SEPARATOR_BYTES > metadataAt) {
      throw new GeoDatabaseRefused(
          name, "a search tree of " + nodes + " nodes does not fit into " + file.length + " bytes");
    }
    this.dataStart = (int) treeBytes + SEPARATOR_BYTES;
    this.dataEnd = metadataAt;
  }

  DataSection data() {
    return new DataSection(name, file, dataStart, dataEnd);
  }

  /// What follows the last marker.
  static DataSection metadata(String name, byte[] file) throws GeoDatabaseRefused {
    int at = metadataAt(file);
    if (at < 0) {
      throw new GeoDatabaseRefused(name, "not a MaxMind DB file: it has no metadata marker");
    }
    return new DataSection(name, file, at + METADATA_MARKER.length, file.length);
  }

  /// Where the last marker begins, or -1.
  private static int metadataAt(byte[] file) {
    for (int at = file.length - METADATA_MARKER.length; at >= 0; at--) {
      if (Arrays.equals(
          file, at, at + METADATA_MARKER.length, METADATA_MARKER, 0, METADATA_MARKER.length)) {
        return at;
      }
    }
    return -1;
  }

  void walk(RecordNumber recordNumber) throws GeoDatabaseRefused {
    long root = 0;
    if (hasV6) {
      walk(0, 0, 0, 0, recordNumber);
      v6 =
          Runs.combine(
              EmbeddingBlocks.runsNotOfIpv6Data(), v6, (block, record) -> block == 0 ? record : 0);
      for (int depth = 0; depth < 96 && root < nodes; depth++) {
        root = record(root, 0);
      }
    } else {
      v6.append(0, 0, 0);
    }
    steps = 0;
    inV4 = true;
    walk(root, 0, 0, 0, recordNumber);
  }

  private void walk(long record, int depth, long high, long low, RecordNumber recordNumber)
      throws GeoDatabaseRefused {
    if (!inV4 && isNotOfIpv6(depth, high, low)) {
      v6.append(high, low, 0);
      return;
    }
    if (record >= nodes) {
      leaf(record, high, low, recordNumber);
      return;
    }
    if (depth == (inV4 ? 32 : 128)) {
      throw new GeoDatabaseRefused(
          name, "node " + record + " of the search tree is deeper than an address is long");
    }
    if (++steps > STEPS_PER_NODE_MAX * nodes) {
      throw new GeoDatabaseRefused(name, "the search tree comes back to its own nodes");
    }
    walk(record(record, 0), depth + 1, high, low, recordNumber);
    long highBit = depth < 64 ? 1L << 63 - depth : 0;
    long lowBit = depth < 64 ? 0 : 1L << 127 - depth;
    walk(record(record, 1), depth + 1, high | highBit, low | lowBit, recordNumber);
  }

  /// Whether the prefix is one that stands for IPv4 addresses in some form.
  private static boolean isNotOfIpv6(int depth, long high, long low) {
    if (depth == 96) {
      return high == 0 && low == 0 || EmbeddedV4.offset(high, low) == 96;
    }
    return depth == 32 && high >>> 32 == 0x2001_0000L || depth == 16 && high >>> 48 == 0x2002;
  }

  private void leaf(long record, long high, long low, RecordNumber recordNumber)
      throws GeoDatabaseRefused {
    int number = 0;
    if (record > nodes) {
      long offset = record - nodes - SEPARATOR_BYTES;
      if (offset < 0 || offset >= dataEnd - dataStart) {
        throw new GeoDatabaseRefused(
            name,
            "the search tree points to offset "
                + offset
                + " of "
                + (dataEnd - dataStart)
                + " bytes of data");
      }
      number = numberOfOffset.get((int) offset);
      if (number == NO_RECORD) {
        number =
            recordNumber.of(
                (int) offset, inV4 ? Address.v4((int) (high >>> 32)) : Address.v6(high, low));
        numberOfOffset.put((int) offset, number);
        recordLast = Math.max(recordLast, number);
      }
      if (inV4) {
        v4Networks++;
      } else {
        v6Networks++;
      }
    }
    (inV4 ? v4 : v6).append(high, low, number);
    if (memory() > memoryMax) {
      throw GeoDatabaseRefused.tooLarge(name, memoryMax);
    }
  }

  /// Bytes that reading so far and compiling what was read take at most.
  private long memory() {
    return 2L * file.length
        + V4_RUN_BYTES * v4.size()
        + V6_RUN_BYTES * v6.size()
        + OFFSET_BYTES * numberOfOffset.size
        + RECORD_BYTES * recordLast;
  }

  /// The left (0) or right (1) record of a node that is inside the tree.
  private long record(long node, int side) {
    int at = (int) (node * (recordSize / 4));
    return switch (recordSize) {
      case 24 -> bytes(at + 3 * side, 3);
      case 28 -> {
        // The byte between them holds the upper four bits of both.
        long upper = side == 0 ? file[at + 3] >>> 4 & 0xf : file[at + 3] & 0xf;
        yield upper << 24 | bytes(at + 4 * side, 3);
      }
      default -> bytes(at + 4 * side, 4);
    };
  }

  private long bytes(int at, int count) {
    long value = 0;
    for (int i = at; i < at + count; i++) {
      value = value << 8 | file[i] & 0xff;
    }
    return value;
  }

  Runs v4() {
    return v4;
  }

  Runs v6() {
    return v6;
  }

  int v4NetworkCount() {
    return v4Networks;
  }

  int v6NetworkCount() {
    return v6Networks;
  }

  /// Offsets of the data section → record numbers, by open addressing.
  private static final class OffsetMap {
    private int[] offsets = emptied(1 << 10);
    private int[] numbers = new int[offsets.length];
    private int size;

    private static int[] emptied(int length) {
      int[] empty = new int[length];
      Arrays.fill(empty, NO_RECORD);
      return empty;
    }

    int get(int offset) {
      int slot = slot(offset);
      return offsets[slot] == offset ? numbers[slot] : NO_RECORD;
    }

    void put(int offset, int number) {
      if (2 * ++size > offsets.length) {
        grow();
      }
      int slot = slot(offset);
      offsets[slot] = offset;
      numbers[slot] = number;
    }

    private void grow() {
      int[] oldOffsets = offsets;
      int[] oldNumbers = numbers;
      offsets = emptied(2 * oldOffsets.length);
      numbers = new int[offsets.length];
      for (int i = 0; i < oldOffsets.length; i++) {
        if (oldOffsets[i] != NO_RECORD) {
          int slot = slot(oldOffsets[i]);
          offsets[slot] = oldOffsets[i];
          numbers[slot] = oldNumbers[i];
        }
      }
    }

    private int slot(int offset) {
      int slot = offset * 0x9e3779b9 >>> Integer.numberOfLeadingZeros(offsets.length) + 1;
      while (offsets[slot] != offset && offsets[slot] != NO_RECORD) {
        slot = slot + 1 & offsets.length - 1;
      }
      return slot;
    }
  }
}
