package gslb.zones;

import gslb.base.DnsName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lays RRsets and dynamic slots out as a {@link FlatZone}. Checks no rule of DNS but that SOA and
/// NS stand at the apex: {@link ZoneFile} has done that. Confined to one thread.
public final class FlatZoneBuilder {
  /// Bytes of an RDATA page; one RRset lies in one page.
  static final int PAGE_LENGTH_MAX = 1 << 18;

  private final DnsName apex;
  private final int apexLabelCount;
  private final long seed;
  private final Map<String, Draft> drafts = new HashMap<>();

  /// @param seed of the hash table of names; any number that those who add names cannot know
  public FlatZoneBuilder(DnsName apex, long seed) {
    this.apex = apex;
    this.apexLabelCount = apex.labelCount();
    this.seed = seed;
    draft(apex);
  }

  /// Adds one whole RRset.
  ///
  /// @param ttl seconds
  /// @param rdata uncompressed wire form, at most 65,535 octets each
  /// @throws IllegalArgumentException if the owner is outside the zone or has that type already
  public FlatZoneBuilder add(DnsName owner, int type, int ttl, Collection<byte[]> rdata) {
    Draft draft = draft(owner);
    for (DraftRrset other : draft.rrsets) {
      if (other.type == type) {
        throw new IllegalArgumentException(owner + " has two RRsets of type " + type);
      }
    }
    draft.rrsets.add(new DraftRrset(type, ttl, List.copyOf(rdata)));
    return this;
  }

  /// Makes the name exist, and its A and AAAA be decided at query time.
  ///
  /// @throws IllegalArgumentException if the name is outside the zone or has a slot already
  public FlatZoneBuilder slot(DnsName name, int id) {
    Draft draft = draft(name);
    if (draft.slot >= 0) {
      throw new IllegalArgumentException(name + " has two dynamic slots");
    }
    draft.slot = id;
    return this;
  }

  /// The draft of that name; with it all names between it and the apex exist (RFC 4592 §2.2.2).
  private Draft draft(DnsName name) {
    if (!name.isAtOrBelow(apex)) {
      throw new IllegalArgumentException(name + " is outside the zone " + apex);
    }
    byte[] wire = name.toWire();
    int[] offsets = new int[name.labelCount() - apexLabelCount];
    int at = 0;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = at;
      at += wire[at] + 1;
    }
    StringBuilder key = new StringBuilder(wire.length);
    Draft draft = drafts.computeIfAbsent("", k -> new Draft(k, null, new byte[] {0}));
    for (int i = offsets.length - 1; i >= 0; i--) {
      int end = offsets[i] + 1 + wire[offsets[i]];
      appendLabel(key, wire, offsets[i] + 1, end);
      String path = key.toString();
      Draft child = drafts.get(path);
      if (child == null) {
        child = new Draft(path, draft, Arrays.copyOfRange(wire, offsets[i], end));
        drafts.put(path, child);
      }
      draft = child;
    }
    return draft;
  }

  /// Appends a label so that the order of such strings is the canonical order of names: an octet
  /// is one greater than its value, 0 ends a label.
  private static void appendLabel(StringBuilder key, byte[] wire, int from, int end) {
    for (int i = from; i < end; i++) {
      key.append((char) (DnsName.lower(wire[i] & 0xff) + 1));
    }
    key.append('\0');
  }

  /// @throws IllegalArgumentException if SOA or NS is missing at the apex
  public FlatZone build() {
    Draft[] sorted = drafts.values().toArray(Draft[]::new);
    Arrays.sort(sorted, (a, b) -> a.path.compareTo(b.path));
    int count = sorted.length;
    int[] parents = new int[count];
    int[] labelOffsets = new int[count];
    int[] wildcards = new int[count];
    byte[] flags = new byte[count];
    int[] slots = new int[count];
    int[] firstRrsets = new int[count + 1];
    int labelBytes = 0;
    int rrsetCount = 0;
    for (int node = 0; node < count; node++) {
      Draft draft = sorted[node];
      draft.node = node;
      parents[node] = draft.parent == null ? -1 : draft.parent.node;
      labelOffsets[node] = labelBytes;
      labelBytes += draft.label.length;
      slots[node] = draft.slot;
      flags[node] = draft.flags();
      wildcards[node] = -1;
      if (draft.isWildcard()) {
        wildcards[parents[node]] = node;
      }
      draft.rrsets.sort((a, b) -> Integer.compare(a.type, b.type));
      firstRrsets[node] = rrsetCount;
      rrsetCount += draft.rrsets.size();
    }
    firstRrsets[count] = rrsetCount;
    byte[] labels = new byte[labelBytes];
    for (int node = 0; node < count; node++) {
      byte[] label = sorted[node].label;
      System.arraycopy(label, 0, labels, labelOffsets[node], label.length);
    }
    return new FlatZone(
        apex,
        NodeTable.of(parents, labelOffsets, labels, apex.hashCode(), seed),
        new FlatZone.NodeColumns(flags, wildcards, slots, firstRrsets),
        records(sorted, rrsetCount));
  }

  private static FlatZone.RecordColumns records(Draft[] sorted, int rrsetCount) {
    char[] types = new char[rrsetCount];
    int[] ttls = new int[rrsetCount];
    int[] firstRecords = new int[rrsetCount + 1];
    char[] pageOfRrset = new char[rrsetCount];
    int recordCount = 0;
    for (Draft draft : sorted) {
      for (DraftRrset rrset : draft.rrsets) {
        recordCount += rrset.rdata.size();
      }
    }
    Pages pages = new Pages(recordCount);
    int index = 0;
    for (Draft draft : sorted) {
      for (DraftRrset rrset : draft.rrsets) {
        types[index] = (char) rrset.type;
        ttls[index] = rrset.ttl;
        firstRecords[index] = pages.recordCount;
        pageOfRrset[index] = (char) pages.write(rrset.rdata);
        index++;
      }
    }
    firstRecords[rrsetCount] = pages.recordCount;
    return new FlatZone.RecordColumns(
        types,
        ttls,
        firstRecords,
        pages.toArray(),
        pageOfRrset,
        pages.rdataOffsets,
        pages.rdataLengths);
  }

  private static final class Draft {
    final String path;
    final @Nullable Draft parent;

    /// As first written, with its length octet.
    final byte[] label;

    final List<DraftRrset> rrsets = new ArrayList<>(2);
    int slot = -1;
    int node;

    Draft(String path, @Nullable Draft parent, byte[] label) {
      this.path = path;
      this.parent = parent;
      this.label = label;
    }

    boolean isWildcard() {
      return parent != null && label.length == 2 && label[1] == '*';
    }

    byte flags() {
      int flags = 0;
      for (DraftRrset rrset : rrsets) {
        if (rrset.type == FlatZone.TYPE_NS && parent != null) {
          flags |= FlatZone.FLAG_CUT;
        } else if (rrset.type == FlatZone.TYPE_DNAME) {
          flags |= FlatZone.FLAG_DNAME;
        }
      }
      return (byte) flags;
    }
  }

  private record DraftRrset(int type, int ttl, List<byte[]> rdata) {}

  /// RDATA pages while they are written.
  private static final class Pages {
    private final List<byte[]> full = new ArrayList<>();
    private final int[] rdataOffsets;
    private final char[] rdataLengths;
    private byte[] page = new byte[256];
    private int length;
    private int recordCount;

    Pages(int recordCount) {
      rdataOffsets = new int[recordCount];
      rdataLengths = new char[recordCount];
    }

    /// Writes one RRset and returns the number of its page.
    int write(List<byte[]> rdata) {
      long needed = 0;
      for (byte[] record : rdata) {
        needed += record.length;
      }
      // An RRset longer than a page gets one of its own; one that fits a message never is.
      if (length > 0 && length + needed > PAGE_LENGTH_MAX) {
        seal();
      }
      if (length + needed > page.length) {
        long grown = Math.max(length + needed, Math.min(PAGE_LENGTH_MAX, page.length * 2L));
        page = Arrays.copyOf(page, Math.toIntExact(grown));
      }
      for (byte[] record : rdata) {
        System.arraycopy(record, 0, page, length, record.length);
        rdataOffsets[recordCount] = length;
        rdataLengths[recordCount] = (char) record.length;
        length += record.length;
        recordCount++;
      }
      return full.size();
    }

    private void seal() {
      full.add(Arrays.copyOf(page, length));
      page = new byte[PAGE_LENGTH_MAX];
      length = 0;
    }

    byte[][] toArray() {
      seal();
      return full.toArray(byte[][]::new);
    }
  }
}
