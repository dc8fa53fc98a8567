package gslb.zones;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The records of a zone by owner and type while they are checked. They lie in columns; objects are
/// made only of what somebody looks at. Confined to one thread.
final class ZoneData {
  /// Octets of an RRset beside its question in the longest message there is, header included, no
  /// EDNS; owners are pointers.
  private static final int MESSAGE_LENGTH_MAX = 65_535;

  private static final int HEADER_LENGTH = 12;
  private static final int QUESTION_FIELDS_LENGTH = 4;

  /// Pointer, type, class, TTL, RDLENGTH.
  private static final int RECORD_FIELDS_LENGTH = 12;

  /// Records of an RRset that are compared one by one.
  private static final int FEW_RECORDS = 16;

  private static final byte TTL_REPORTED = 1;
  private static final byte TOO_LONG = 2;

  final ZoneColumns columns;

  private final Diagnostics diagnostics;
  private final List<String> files = new ArrayList<>();
  private int lastFile = -1;

  // Of each RRset.
  private int[] messageLengths = {};
  private byte[] states = {};

  // Of each record.
  private int[] recordTtls = {};
  private int[] lines = {};
  private int[] lineColumns = {};
  private char[] fileOfRecord = {};

  /// Owners that are written in another case than their node.
  private final Map<Integer, DnsName> asWritten = new HashMap<>();

  /// RDATA of the RRsets with many records.
  private final Map<Integer, Set<Octets>> seen = new HashMap<>();

  /// @param key of the hash table of names
  ZoneData(DnsName apex, long key, Diagnostics diagnostics) {
    this.columns = new ZoneColumns(apex, key);
    this.diagnostics = diagnostics;
  }

  /// One owner name.
  final class Node {
    final DnsName name;
    final List<RrSet> rrsets = new ArrayList<>(2);

    private Node(int node) {
      for (int rrset = columns.firstRrset(node);
          rrset != ZoneColumns.NONE;
          rrset = columns.nextRrset(rrset)) {
        rrsets.add(new RrSet(node, rrset));
      }
      name = rrsets.isEmpty() ? columns.names.name(node) : first().owner();
    }

    @Nullable RrSet rrset(int type) {
      for (RrSet rrset : rrsets) {
        if (rrset.type == type) {
          return rrset;
        }
      }
      return null;
    }

    boolean has(int type) {
      return rrset(type) != null;
    }

    boolean hasAddress() {
      return has(FlatZone.TYPE_A) || has(FlatZone.TYPE_AAAA);
    }

    ZoneRecord first() {
      return rrsets.getFirst().first();
    }
  }

  /// Records of one owner and type; no two are equal.
  final class RrSet {
    final int type;
    final List<ZoneRecord> records;
    private final int ttl;

    private RrSet(int node, int rrset) {
      type = columns.type(rrset);
      ttl = columns.ttl(rrset);
      records = new ArrayList<>(columns.recordCount(rrset));
      for (int record = columns.firstRecord(rrset);
          record != ZoneColumns.NONE;
          record = columns.nextRecord(record)) {
        records.add(record(node, type, record));
      }
    }

    ZoneRecord first() {
      return records.getFirst();
    }

    /// Seconds, the lowest of its records.
    int ttl() {
      return ttl;
    }
  }

  /// RDATA as a key: equal records have equal keys.
  @SuppressWarnings("ArrayRecordComponent")
  private record Octets(byte[] octets, int hash) {
    static Octets of(int type, byte[] rdata) {
      for (int i = comparedFrom(type, rdata.length); i < rdata.length; i++) {
        rdata[i] = (byte) DnsName.lower(rdata[i] & 0xff);
      }
      return new Octets(rdata, Arrays.hashCode(rdata));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Octets key && Arrays.equals(key.octets, octets);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private ZoneRecord record(int node, int type, int record) {
    DnsName written = asWritten.get(record);
    return new ZoneRecord(
        written == null ? columns.names.name(node) : written,
        type,
        recordTtls[record],
        columns.rdata(record),
        files.get(fileOfRecord[record]),
        lines[record],
        lineColumns[record]);
  }

  /// The nodes of that numbers; each is made when it is reached.
  Iterable<Node> nodes(int[] numbers) {
    return () -> Arrays.stream(numbers).mapToObj(this::node).iterator();
  }

  Node node(int node) {
    return new Node(node);
  }

  /// The owner of that name, or null if it has no record.
  @Nullable Node node(DnsName name) {
    int node = columns.names.find(name);
    return node == NameTrie.NONE || columns.firstRrset(node) == ZoneColumns.NONE
        ? null
        : new Node(node);
  }

  SourceSpan where(ZoneRecord record) {
    return record.where();
  }

  void add(ZoneRecord record) {
    add(
        record.owner().toWire(),
        record.type(),
        record.ttl(),
        record.rdata(),
        record.rdata().length,
        new SourceSpan(record.file(), record.line(), record.column()));
  }

  /// Adds a record; what is given to it is copied.
  ///
  /// @param owner wire form of a name in the zone
  void add(byte[] owner, int type, int ttl, byte[] rdata, int length, SourceSpan where) {
    add(owner, type, ttl, rdata, length, where.file(), where.line(), where.column());
  }

  @SuppressWarnings("TooManyParameters")
  void add(
      byte[] owner,
      int type,
      int ttl,
      byte[] rdata,
      int length,
      String file,
      int line,
      int column) {
    int node = columns.intern(owner, 0);
    boolean isOtherCase = columns.names.isOtherCase();
    int rrset = columns.rrset(node, type);
    if (rrset == ZoneColumns.NONE) {
      rrset = columns.addRrset(node, type, ttl);
      growRrsets();
      messageLengths[rrset] = HEADER_LENGTH + wireLength(owner) + QUESTION_FIELDS_LENGTH;
    } else if ((states[rrset] & TOO_LONG) != 0) {
      return;
    } else if (isRepeated(rrset, type, rdata, length)) {
      diagnostics.warning(
          new SourceSpan(file, line, column),
          "the same "
              + RecordTypes.name(type)
              + " record of "
              + DnsName.ofWire(owner, 0)
              + " again",
          "an RRset holds no record twice (RFC 2181 §5)",
          "remove one");
      return;
    }
    int record = columns.addRecord(rrset, rdata, length);
    growRecords();
    recordTtls[record] = ttl;
    lines[record] = line;
    lineColumns[record] = column;
    fileOfRecord[record] = (char) fileNumber(file);
    if (isOtherCase) {
      asWritten.put(record, DnsName.ofWire(owner, 0));
    }
    if (ttl != columns.ttl(rrset)) {
      checkTtl(node, rrset, record(node, type, record));
    }
    messageLengths[rrset] += RECORD_FIELDS_LENGTH + length;
    if (messageLengths[rrset] > MESSAGE_LENGTH_MAX) {
      states[rrset] |= TOO_LONG;
      diagnostics.error(
          new SourceSpan(file, line, column),
          "the "
              + RecordTypes.name(type)
              + " RRset of "
              + DnsName.ofWire(owner, 0)
              + " fits no message from this record on",
          "a message has at most " + MESSAGE_LENGTH_MAX + " octets (RFC 1035 §4.2.2)",
          "use fewer or shorter records");
    }
  }

  private static int wireLength(byte[] name) {
    int at = 0;
    while (name[at] != 0) {
      at += name[at] + 1;
    }
    return at + 1;
  }

  private void growRrsets() {
    if (columns.rrsetCount() > states.length) {
      int size = NameTrie.grown(states.length);
      messageLengths = Arrays.copyOf(messageLengths, size);
      states = Arrays.copyOf(states, size);
    }
  }

  private void growRecords() {
    if (columns.recordCount() > lines.length) {
      int size = NameTrie.grown(lines.length);
      recordTtls = Arrays.copyOf(recordTtls, size);
      lines = Arrays.copyOf(lines, size);
      lineColumns = Arrays.copyOf(lineColumns, size);
      fileOfRecord = Arrays.copyOf(fileOfRecord, size);
    }
  }

  private int fileNumber(String file) {
    if (lastFile < 0 || !files.get(lastFile).equals(file)) {
      lastFile = files.indexOf(file);
      if (lastFile < 0) {
        lastFile = files.size();
        files.add(file);
      }
    }
    return lastFile;
  }

  /// Whether an equal record is there already; to be asked once for each record, before it is
  /// added.
  private boolean isRepeated(int rrset, int type, byte[] rdata, int length) {
    if (columns.recordCount(rrset) >= FEW_RECORDS) {
      Set<Octets> known = seen.computeIfAbsent(rrset, key -> new HashSet<>());
      if (known.isEmpty()) {
        for (int record = columns.firstRecord(rrset);
            record != ZoneColumns.NONE;
            record = columns.nextRecord(record)) {
          known.add(Octets.of(type, columns.rdata(record)));
        }
      }
      return !known.add(Octets.of(type, Arrays.copyOf(rdata, length)));
    }
    int from = comparedFrom(type, length);
    for (int record = columns.firstRecord(rrset);
        record != ZoneColumns.NONE;
        record = columns.nextRecord(record)) {
      if (columns.rdataLength(record) == length
          && isSame(columns.page(record), columns.rdataAt(record), rdata, length, from)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSame(byte[] page, int at, byte[] rdata, int length, int nameAt) {
    for (int i = 0; i < length; i++) {
      if (page[at + i] != rdata[i]
          && (i < nameAt || DnsName.lower(page[at + i] & 0xff) != DnsName.lower(rdata[i] & 0xff))) {
        return false;
      }
    }
    return true;
  }

  /// Where the octets begin whose case does not count: where the whole RDATA is one name behind
  /// numbers (RFC 4034 §6.2).
  private static int comparedFrom(int type, int length) {
    return switch (type) {
      case FlatZone.TYPE_NS, FlatZone.TYPE_CNAME, FlatZone.TYPE_DNAME, 12 -> 0;
      case RecordTypes.MX -> 2;
      case RecordTypes.SRV -> 6;
      default -> length;
    };
  }

  private void checkTtl(int node, int rrset, ZoneRecord record) {
    // Signatures have the TTL of what they cover (RFC 4034 §3).
    if (record.type() == RecordTypes.RRSIG) {
      return;
    }
    if ((states[rrset] & TTL_REPORTED) == 0) {
      states[rrset] |= TTL_REPORTED;
      diagnostics.warning(
          where(record),
          "TTL "
              + record.ttl()
              + " of "
              + record.owner()
              + " "
              + RecordTypes.name(record.type())
              + " differs from "
              + columns.ttl(rrset)
              + " in "
              + record(node, record.type(), columns.firstRecord(rrset)).placeBeside(record),
          "the records of an RRset have one TTL (RFC 2181 §5.2), the lowest is used",
          "give them the same");
    }
    columns.setTtl(rrset, Math.min(columns.ttl(rrset), record.ttl()));
  }
}
