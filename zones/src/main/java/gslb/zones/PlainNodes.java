package gslb.zones;

import gslb.base.DnsName;
import java.util.Arrays;

/// Tells the nodes of a zone in which {@link ZoneCheck} and {@link ZoneLint} can find nothing, by
/// numbers alone. It errs on one side: a node that is not plain is looked at by those two, which
/// report what there is. Confined to one thread.
final class PlainNodes {
  private static final int PTR = 12;

  /// The label is an asterisk.
  private static final byte ASTERISK = 1;

  /// A label above the node is an asterisk.
  private static final byte BELOW_ASTERISK = 2;

  /// The label is not that of a host.
  private static final byte ODD_LABEL = 4;

  /// A label above the node is not that of a host.
  private static final byte BELOW_ODD = 8;

  private final ZoneColumns columns;
  private final NameTrie names;
  private final ZoneShape shape;
  private final byte[] marks;

  PlainNodes(DnsName apex, ZoneColumns columns, ZoneShape shape) {
    this.columns = columns;
    this.names = columns.names;
    this.shape = shape;
    marks = new byte[names.count()];
    byte[] wire = apex.toWire();
    for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
      if (!isHostLabel(wire, at)) {
        marks[NameTrie.APEX] |= ODD_LABEL;
      }
    }
    for (int node = 1; node < marks.length; node++) {
      int above = marks[names.parent(node)];
      int mark = above & (BELOW_ASTERISK | BELOW_ODD);
      mark |= (above & ASTERISK) != 0 ? BELOW_ASTERISK : 0;
      mark |= (above & ODD_LABEL) != 0 ? BELOW_ODD : 0;
      int at = names.labelOffset(node);
      if (names.labels()[at] == 1 && names.labels()[at + 1] == '*') {
        mark |= ASTERISK | ODD_LABEL;
      } else if (!isHostLabel(names.labels(), at)) {
        mark |= ODD_LABEL;
      }
      marks[node] = (byte) mark;
    }
  }

  /// Owners that are not plain, in the order of their first record.
  int[] others() {
    int[] others = new int[16];
    int count = 0;
    for (int i = 0; i < columns.ownerCount(); i++) {
      int node = columns.owner(i);
      if (!isPlain(node)) {
        if (count == others.length) {
          others = Arrays.copyOf(others, NameTrie.grown(count));
        }
        others[count++] = node;
      }
    }
    return Arrays.copyOf(others, count);
  }

  private boolean isPlain(int node) {
    if (shape.dnameAbove(node) != NameTrie.NONE
        || columns.has(node, ZoneColumns.DNAME)
        || (marks[node] & BELOW_ASTERISK) != 0) {
      return false;
    }
    int cut = shape.cut(node);
    if (cut == node && (marks[node] & ASTERISK) != 0) {
      return false;
    }
    for (int rrset = columns.firstRrset(node);
        rrset != ZoneColumns.NONE;
        rrset = columns.nextRrset(rrset)) {
      if (!isPlainRrset(node, rrset, cut)) {
        return false;
      }
    }
    return true;
  }

  private boolean isPlainRrset(int node, int rrset, int cut) {
    int type = columns.type(rrset);
    boolean isSingle = columns.recordCount(rrset) == 1;
    if (cut != NameTrie.NONE && !isPlainAtCut(node, type, cut)) {
      return false;
    }
    return switch (type) {
      case FlatZone.TYPE_A, FlatZone.TYPE_AAAA -> isHostOwner(node) && isPlainRecords(node, rrset);
      case RecordTypes.MX -> isHostOwner(node) && isPlainRecords(node, rrset);
      case FlatZone.TYPE_CNAME ->
          isSingle
              && columns.firstRrset(node) == rrset
              && columns.nextRrset(rrset) == ZoneColumns.NONE
              && isPlainRecords(node, rrset)
              && hasEnd(rrset);
      case RecordTypes.TXT -> isSingle;
      case FlatZone.TYPE_NS, PTR, RecordTypes.SRV -> isPlainRecords(node, rrset);
      case FlatZone.TYPE_DS -> node != NameTrie.APEX && columns.has(node, ZoneColumns.NS);
      // CAA, RRSIG, NSEC, NAPTR: nothing is asked of them.
      case 257, RecordTypes.RRSIG, RecordTypes.NSEC, 35 -> true;
      default -> false;
    };
  }

  private boolean isPlainAtCut(int node, int type, int cut) {
    return type == FlatZone.TYPE_A || type == FlatZone.TYPE_AAAA
        ? shape.isNameserver(node)
        : node == cut
            && (type == FlatZone.TYPE_NS
                || type == FlatZone.TYPE_DS
                || type == FlatZone.TYPE_CNAME
                || RecordTypes.isBesideCname(type));
  }

  private boolean isHostOwner(int node) {
    int asked = (marks[node] & ASTERISK) != 0 ? BELOW_ODD : BELOW_ODD | ODD_LABEL;
    return (marks[node] & asked) == 0;
  }

  private boolean isPlainRecords(int node, int rrset) {
    int type = columns.type(rrset);
    for (int record = columns.firstRecord(rrset);
        record != ZoneColumns.NONE;
        record = columns.nextRecord(record)) {
      byte[] page = columns.page(record);
      int at = columns.rdataAt(record);
      boolean isPlain =
          switch (type) {
            case FlatZone.TYPE_A -> columns.rdataLength(record) == 4 && isPlainV4(page, at);
            case FlatZone.TYPE_AAAA -> columns.rdataLength(record) == 16 && isPlainV6(page, at);
            case FlatZone.TYPE_NS -> isPlainServer(node, page, at);
            case FlatZone.TYPE_CNAME -> isPlainAlias(page, at);
            case PTR -> !mayBeAddress(page, at);
            case RecordTypes.MX -> isPlainHost(page, at + 2);
            default -> isPlainHost(page, at + 6);
          };
      if (!isPlain) {
        return false;
      }
    }
    return true;
  }

  /// Neither of this network, loopback, link-local, multicast nor reserved.
  private static boolean isPlainV4(byte[] page, int at) {
    int first = page[at] & 0xff;
    return first != 0
        && first != 127
        && first < 224
        && !(first == 169 && (page[at + 1] & 0xff) == 254);
  }

  /// Neither multicast, link-local, nor one whose first half is 0.
  private static boolean isPlainV6(byte[] page, int at) {
    int first = page[at] & 0xff;
    if (first == 0xff || first == 0xfe) {
      return false;
    }
    int half = 0;
    for (int i = 0; i < 8; i++) {
      half |= page[at + i];
    }
    return half != 0;
  }

  private boolean isPlainServer(int node, byte[] page, int at) {
    if (mayBeAddress(page, at) || !isHostName(page, at)) {
      return false;
    }
    int server = names.closest(page, at);
    if (server == NameTrie.NONE) {
      return true;
    }
    return isPlainTarget(server, names.isExact())
        && (shape.hasAddress(server)
            || shape.cut(node) != NameTrie.NONE && shape.cut(node) != node);
  }

  private boolean isPlainAlias(byte[] page, int at) {
    return !mayBeAddress(page, at) && (names.closest(page, at) == NameTrie.NONE || names.isExact());
  }

  private boolean isPlainHost(byte[] page, int at) {
    // A root as target may stand alone only.
    if (page[at] == 0 || mayBeAddress(page, at) || !isHostName(page, at)) {
      return false;
    }
    int host = names.closest(page, at);
    return host == NameTrie.NONE || isPlainTarget(host, names.isExact()) && shape.hasAddress(host);
  }

  /// Whether a target in the zone exists, is no alias and not below a DNAME.
  private boolean isPlainTarget(int node, boolean isExact) {
    return isExact
        && !columns.has(node, ZoneColumns.CNAME)
        && !shape.mayBeAlias(node)
        && shape.dnameAbove(node) == NameTrie.NONE;
  }

  /// Whether a chain of aliases ends, or leaves the zone.
  private boolean hasEnd(int rrset) {
    int cname = rrset;
    for (int i = 0; i < ZoneLint.CHAIN_LENGTH_MAX; i++) {
      int record = columns.firstRecord(cname);
      int next = names.find(columns.page(record), columns.rdataAt(record));
      if (next == NameTrie.NONE || !columns.has(next, ZoneColumns.CNAME)) {
        return true;
      }
      cname = columns.rrset(next, FlatZone.TYPE_CNAME);
    }
    return false;
  }

  /// Whether the first label is a number or holds a colon.
  private static boolean mayBeAddress(byte[] page, int at) {
    boolean isNumber = page[at] > 0;
    for (int i = at + 1; i <= at + page[at]; i++) {
      if (page[i] == ':') {
        return true;
      }
      isNumber &= page[i] >= '0' && page[i] <= '9';
    }
    return isNumber;
  }

  private static boolean isHostName(byte[] page, int from) {
    for (int at = from; page[at] != 0; at += page[at] + 1) {
      if (!isHostLabel(page, at)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHostLabel(byte[] bytes, int at) {
    int last = at + bytes[at];
    for (int i = at + 1; i <= last; i++) {
      int c = bytes[i] | 0x20;
      boolean isHyphen = bytes[i] == '-' && i > at + 1 && i < last;
      boolean isDigit = bytes[i] >= '0' && bytes[i] <= '9';
      if (!(c >= 'a' && c <= 'z' || isDigit || isHyphen)) {
        return false;
      }
    }
    return true;
  }
}
