package gslb.zones;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The records of a zone by owner and type while they are checked. Confined to one thread.
final class ZoneData {
  /// Octets of an RRset beside its question in the longest message there is, header included, no
  /// EDNS; owners are pointers.
  private static final int MESSAGE_LENGTH_MAX = 65_535;

  private static final int HEADER_LENGTH = 12;
  private static final int QUESTION_FIELDS_LENGTH = 4;

  /// Pointer, type, class, TTL, RDLENGTH.
  private static final int RECORD_FIELDS_LENGTH = 12;

  private final Diagnostics diagnostics;
  private final Map<DnsName, Node> nodes = new LinkedHashMap<>();

  ZoneData(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /// One owner name.
  static final class Node {
    final DnsName name;
    final List<RrSet> rrsets = new ArrayList<>(2);

    Node(DnsName name) {
      this.name = name;
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
  static final class RrSet {
    final int type;
    final List<ZoneRecord> records = new ArrayList<>(1);

    /// RDATA of its records, once there are two.
    private @Nullable Set<Octets> seen;

    private int ttl;
    private boolean isTtlReported;
    private boolean isTooLong;
    private int messageLength;

    RrSet(int type, ZoneRecord first) {
      this.type = type;
      this.ttl = first.ttl();
      this.messageLength = HEADER_LENGTH + first.owner().wireLength() + QUESTION_FIELDS_LENGTH;
    }

    ZoneRecord first() {
      return records.getFirst();
    }

    /// Whether an equal record is there already; to be asked once for each record, before it is
    /// added.
    private boolean isRepeated(ZoneRecord record) {
      if (records.isEmpty()) {
        return false;
      }
      if (seen == null) {
        seen = new HashSet<>();
        seen.add(Octets.of(first()));
      }
      return !seen.add(Octets.of(record));
    }

    /// Seconds, the lowest of its records.
    int ttl() {
      return ttl;
    }

    List<byte[]> rdata() {
      return records.stream().map(ZoneRecord::rdata).toList();
    }
  }

  /// RDATA as a key: equal records have equal keys.
  @SuppressWarnings("ArrayRecordComponent")
  private record Octets(byte[] octets, int hash) {
    static Octets of(ZoneRecord record) {
      byte[] octets = comparable(record);
      return new Octets(octets, Arrays.hashCode(octets));
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

  Collection<Node> nodes() {
    return nodes.values();
  }

  @Nullable Node node(DnsName name) {
    return nodes.get(name);
  }

  SourceSpan where(ZoneRecord record) {
    return record.where();
  }

  void add(ZoneRecord record) {
    Node node = nodes.computeIfAbsent(record.owner(), Node::new);
    RrSet rrset = node.rrset(record.type());
    if (rrset == null) {
      rrset = new RrSet(record.type(), record);
      node.rrsets.add(rrset);
    }
    if (rrset.isTooLong) {
      return;
    }
    if (rrset.isRepeated(record)) {
      diagnostics.warning(
          where(record),
          "the same " + RecordTypes.name(record.type()) + " record of " + record.owner() + " again",
          "an RRset holds no record twice (RFC 2181 §5)",
          "remove one");
      return;
    }
    checkTtl(rrset, record);
    rrset.records.add(record);
    rrset.messageLength += RECORD_FIELDS_LENGTH + record.rdata().length;
    if (rrset.messageLength > MESSAGE_LENGTH_MAX) {
      rrset.isTooLong = true;
      diagnostics.error(
          where(record),
          "the "
              + RecordTypes.name(record.type())
              + " RRset of "
              + record.owner()
              + " fits no message from this record on",
          "a message has at most " + MESSAGE_LENGTH_MAX + " octets (RFC 1035 §4.2.2)",
          "use fewer or shorter records");
    }
  }

  private void checkTtl(RrSet rrset, ZoneRecord record) {
    // Signatures have the TTL of what they cover (RFC 4034 §3).
    if (record.ttl() == rrset.ttl || record.type() == RecordTypes.RRSIG) {
      return;
    }
    if (!rrset.isTtlReported) {
      rrset.isTtlReported = true;
      diagnostics.warning(
          where(record),
          "TTL "
              + record.ttl()
              + " of "
              + record.owner()
              + " "
              + RecordTypes.name(record.type())
              + " differs from "
              + rrset.ttl
              + " in "
              + rrset.first().placeBeside(record),
          "the records of an RRset have one TTL (RFC 2181 §5.2), the lowest is used",
          "give them the same");
    }
    rrset.ttl = Math.min(rrset.ttl, record.ttl());
  }

  /// RDATA such that equal records are equal: the case of a name does not count where the whole
  /// RDATA is one name behind numbers (RFC 4034 §6.2).
  private static byte[] comparable(ZoneRecord record) {
    int nameAt =
        switch (record.type()) {
          case FlatZone.TYPE_NS, FlatZone.TYPE_CNAME, FlatZone.TYPE_DNAME, 12 -> 0;
          case RecordTypes.MX -> 2;
          case RecordTypes.SRV -> 6;
          default -> record.rdata().length;
        };
    byte[] octets = record.rdata();
    if (nameAt >= octets.length) {
      return octets;
    }
    byte[] lower = octets.clone();
    for (int i = nameAt; i < lower.length; i++) {
      lower[i] = (byte) DnsName.lower(lower[i] & 0xff);
    }
    return lower;
  }
}
