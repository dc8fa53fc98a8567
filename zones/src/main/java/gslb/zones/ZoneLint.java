package gslb.zones;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is allowed in a zone but hardly meant: warnings, of each kind no more than a few. Confined
/// to one thread.
final class ZoneLint {
  /// Warnings of one kind; the others are counted.
  static final int REPORTS_MAX = 10;

  /// Aliases that are followed to find out whether they lead in a circle.
  static final int CHAIN_LENGTH_MAX = 64;

  private static final int PTR = 12;
  private static final int TLSA = 52;
  private static final int SMIMEA = 53;
  private static final int SPF = 99;
  private static final int SVCB = 64;

  private static final byte[] SPF_VERSION = "v=spf1".getBytes(StandardCharsets.US_ASCII);

  /// What a warning is about, as it is said of those that are only counted.
  private enum Kind {
    HOST_NAME("names that are no host names"),
    ADDRESS_AS_NAME("names that look like addresses"),
    TARGET("records that point to a name without what they need"),
    LOOP("CNAME records that lead in a circle"),
    ASTERISK("names with an asterisk below the first label"),
    APEX_ONLY("records that belong to the apex"),
    MAIL("records about mail"),
    DIGEST("digests of the wrong length"),
    SERVICE("mixed SVCB or HTTPS records"),
    TIMERS("timers of the SOA");

    private final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  private final String file;
  private final DnsName apex;
  private final ZoneData data;
  private final ZoneShape shape;
  private final Diagnostics diagnostics;
  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);

  ZoneLint(String file, DnsName apex, ZoneData data, ZoneShape shape, Diagnostics diagnostics) {
    this.file = file;
    this.apex = apex;
    this.data = data;
    this.shape = shape;
    this.diagnostics = diagnostics;
  }

  /// @param suspects nodes that are looked at
  void run(int[] suspects) {
    for (ZoneData.Node node : data.nodes(suspects)) {
      checkOwner(node);
      checkMail(node);
      checkCircle(node);
      for (ZoneData.RrSet rrset : node.rrsets) {
        checkPlace(node, rrset);
        for (ZoneRecord record : rrset.records) {
          checkRecord(record);
        }
      }
    }
    counts.forEach(
        (kind, count) -> {
          if (count > REPORTS_MAX) {
            diagnostics.warning(
                SourceSpan.file(file),
                count - REPORTS_MAX + " more " + kind.title,
                "of each kind " + REPORTS_MAX + " are shown",
                "");
          }
        });
  }

  private void checkOwner(ZoneData.Node node) {
    DnsName name = node.name;
    byte[] wire = name.toWire();
    for (int at = wire[0] + 1; at < wire.length - apex.wireLength(); at += wire[at] + 1) {
      if (wire[at] == 1 && wire[at + 1] == '*') {
        warn(
            Kind.ASTERISK,
            node.first(),
            "the asterisk in " + name + " is not its first label",
            "it matches nothing but itself (RFC 4592 §2.1.1)",
            "write the names one by one");
        return;
      }
    }
    if ((node.hasAddress() || node.has(RecordTypes.MX)) && !isHostName(name, true)) {
      warn(
          Kind.HOST_NAME,
          node.first(),
          "owner " + name + " is no host name",
          "the names of hosts are letters, digits and hyphens (RFC 952, RFC 1123 §2.1)",
          "rename it; some clients do not look it up");
    }
  }

  /// @param isOwner whether the first label may be an asterisk
  private static boolean isHostName(DnsName name, boolean isOwner) {
    byte[] wire = name.toWire();
    int at = isOwner && name.isWildcard() ? 2 : 0;
    for (; wire[at] != 0; at += wire[at] + 1) {
      int last = at + wire[at];
      for (int i = at + 1; i <= last; i++) {
        int c = DnsName.lower(wire[i] & 0xff);
        boolean isInner = i > at + 1 && i < last;
        if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' && isInner)) {
          return false;
        }
      }
    }
    return true;
  }

  private void checkMail(ZoneData.Node node) {
    ZoneData.RrSet mx = node.rrset(RecordTypes.MX);
    if (mx != null && mx.records.size() > 1) {
      for (ZoneRecord record : mx.records) {
        if (record.target(2).isRoot()) {
          warn(
              Kind.MAIL,
              record,
              node.name + " has a null MX beside another",
              "a name that takes no mail has that MX alone (RFC 7505 §3)",
              "remove one");
        }
      }
    }
    ZoneRecord first = null;
    ZoneData.RrSet txt = node.rrset(RecordTypes.TXT);
    for (ZoneRecord record : txt == null ? List.<ZoneRecord>of() : txt.records) {
      if (isSpf(record)) {
        if (first != null) {
          warn(
              Kind.MAIL,
              record,
              "another SPF policy of "
                  + node.name
                  + "; the first is in "
                  + first.placeBeside(record),
              "a name has one, else receivers take neither (RFC 7208 §4.5)",
              "join them");
        }
        first = record;
      }
    }
    ZoneData.RrSet spf = node.rrset(SPF);
    if (spf != null && first == null) {
      warn(
          Kind.MAIL,
          spf.first(),
          "SPF of " + node.name + " without the same as TXT",
          "receivers ask for TXT alone (RFC 7208 §3.1)",
          "write it as TXT");
    }
  }

  private static boolean isSpf(ZoneRecord record) {
    byte[] rdata = record.rdata();
    for (int i = 0; i < SPF_VERSION.length; i++) {
      if (rdata.length <= i + 1 || DnsName.lower(rdata[i + 1]) != SPF_VERSION[i]) {
        return false;
      }
    }
    int end = SPF_VERSION.length + 1;
    return rdata.length == end || rdata[0] == SPF_VERSION.length || rdata[end] == ' ';
  }

  /// Follows CNAMEs of this zone; a circle is reported once, at the first of its names.
  private void checkCircle(ZoneData.Node node) {
    DnsName target = alias(node);
    if (target == null) {
      return;
    }
    Set<DnsName> seen = new HashSet<>();
    DnsName least = node.name;
    for (DnsName at = target; seen.add(at) && !at.equals(node.name); ) {
      if (seen.size() > CHAIN_LENGTH_MAX) {
        return;
      }
      ZoneData.Node next = data.node(at);
      DnsName further = next == null ? null : alias(next);
      if (further == null) {
        return;
      }
      least = at.compareTo(least) < 0 ? at : least;
      at = further;
    }
    if (seen.contains(node.name) && least.equals(node.name)) {
      ZoneData.RrSet cname = node.rrset(FlatZone.TYPE_CNAME);
      warn(
          Kind.LOOP,
          cname == null ? node.first() : cname.first(),
          "CNAME of " + node.name + " leads back to it by " + seen.size() + " records",
          "a chain of aliases ends at a name with records (RFC 1034 §3.6.2)",
          "point one of them elsewhere");
    }
  }

  private static @Nullable DnsName alias(ZoneData.Node node) {
    ZoneData.RrSet cname = node.rrset(FlatZone.TYPE_CNAME);
    return cname == null ? null : cname.first().target(0);
  }

  /// Types that mean something at the apex alone.
  private void checkPlace(ZoneData.Node node, ZoneData.RrSet rrset) {
    String rule =
        switch (rrset.type) {
          case 48 -> "validators look for it at the apex (RFC 4034 §2)";
          case 51 -> "servers look for it at the apex (RFC 5155 §4)";
          case 59, 60 -> "parents look for it at the apex (RFC 7344 §4.1)";
          case 62 -> "parents look for it at the apex (RFC 7477 §2)";
          case 63 -> "verifiers look for it at the apex (RFC 8976 §2)";
          default -> "";
        };
    if (!rule.isEmpty() && !node.name.equals(apex)) {
      warn(
          Kind.APEX_ONLY,
          rrset.first(),
          RecordTypes.name(rrset.type) + " of " + node.name + " is not at the apex " + apex,
          rule,
          "move it to the apex");
    }
    if (rrset.type == SVCB || rrset.type == FlatZone.TYPE_HTTPS) {
      checkAliasMode(node, rrset);
    }
  }

  private void checkAliasMode(ZoneData.Node node, ZoneData.RrSet rrset) {
    List<ZoneRecord> aliases = rrset.records.stream().filter(ZoneLint::isAliasMode).toList();
    String records = RecordTypes.name(rrset.type) + " of " + node.name;
    if (!aliases.isEmpty() && aliases.size() < rrset.records.size()) {
      warn(
          Kind.SERVICE,
          rrset.first(),
          records + " mixes priority 0 with others",
          "clients that see an alias ignore the others (RFC 9460 §2.4.1)",
          "keep one kind");
    } else if (aliases.size() > 1) {
      warn(
          Kind.SERVICE,
          rrset.first(),
          records + " has " + aliases.size() + " records of priority 0",
          "clients take one of them at random (RFC 9460 §2.4.2)",
          "keep one");
    }
    for (ZoneRecord alias : aliases) {
      if (DnsName.ofWire(alias.rdata(), 2).equals(node.name)) {
        warn(
            Kind.SERVICE,
            alias,
            records + " is an alias of itself",
            "that leads nowhere (RFC 9460 §2.4.2)",
            "name another target, or write priority 1");
      }
    }
  }

  private static boolean isAliasMode(ZoneRecord record) {
    return record.rdata()[0] == 0 && record.rdata()[1] == 0;
  }

  private void checkRecord(ZoneRecord record) {
    switch (record.type()) {
      case FlatZone.TYPE_SOA -> {
        checkHostName(record, record.target(0));
        checkTimers(record);
      }
      case FlatZone.TYPE_NS -> {
        checkHostName(record, record.target(0));
        checkNotBelowDname(record, record.target(0));
      }
      case FlatZone.TYPE_CNAME -> checkExists(record, record.target(0));
      case PTR -> checkNoAddress(record, record.target(0));
      case RecordTypes.MX -> checkHost(record, record.target(2));
      case RecordTypes.SRV -> checkHost(record, record.target(6));
      case SVCB, FlatZone.TYPE_HTTPS -> {
        if (!record.target(2).isRoot() && !isAliasMode(record)) {
          checkHost(record, record.target(2));
        }
      }
      case TLSA, SMIMEA -> checkDigest(record);
      default -> {}
    }
  }

  /// A target that must have addresses.
  private void checkHost(ZoneRecord record, DnsName target) {
    if (target.isRoot() || !checkHostName(record, target)) {
      return;
    }
    checkNotBelowDname(record, target);
    ZoneData.Node node = data.node(target);
    boolean isAlias = node != null && node.has(FlatZone.TYPE_CNAME);
    if (!isAlias
        && !lacksFinalDot(target)
        && shape.isAuthoritative(target)
        && !shape.hasAddress(target)
        && !isAliased(target)) {
      warn(
          Kind.TARGET,
          record,
          named(record) + " points to " + target + ", which has no address in the zone",
          "clients cannot reach it",
          "add an A or AAAA record of it, or correct the name");
    }
  }

  /// Whether the apex stands twice at the end, which was reported where the name is written.
  private boolean lacksFinalDot(DnsName target) {
    int doubled = 2 * apex.labelCount();
    DnsName at = target;
    while (at.labelCount() > doubled) {
      at = at.parent();
    }
    byte[] once = apex.toWire();
    byte[] wire = at.toWire();
    byte[] upper = Arrays.copyOf(wire, once.length);
    upper[once.length - 1] = 0;
    return !apex.isRoot()
        && wire.length == 2 * once.length - 1
        && at.isAtOrBelow(apex)
        && DnsName.ofWire(upper, 0).equals(apex);
  }

  /// Whether a wildcard makes an alias of the name.
  private boolean isAliased(DnsName name) {
    DnsName source = shape.source(name);
    ZoneData.Node node = source == null ? null : data.node(source);
    return node != null && node.has(FlatZone.TYPE_CNAME);
  }

  private void checkExists(ZoneRecord record, DnsName target) {
    if (checkNoAddress(record, target)
        && !lacksFinalDot(target)
        && shape.isAuthoritative(target)
        && shape.source(target) == null) {
      warn(
          Kind.TARGET,
          record,
          named(record) + " points to " + target + ", which does not exist in the zone",
          "an alias leads to a name with records (RFC 1034 §3.6.2)",
          "add records of it, or correct the name");
    }
  }

  private void checkNotBelowDname(ZoneRecord record, DnsName target) {
    DnsName dname = target.isAtOrBelow(apex) ? shape.dnameAbove(target) : null;
    if (dname != null) {
      warn(
          Kind.TARGET,
          record,
          named(record) + " points to " + target + ", below the DNAME of " + dname,
          "it must name a host with addresses, not an alias (RFC 2181 §10.3)",
          "point to where the DNAME leads");
    }
  }

  private boolean checkHostName(ZoneRecord record, DnsName target) {
    if (!checkNoAddress(record, target)) {
      return false;
    }
    if (!isHostName(target, false)) {
      warn(
          Kind.HOST_NAME,
          record,
          named(record) + " points to " + target + ", which is no host name",
          "the names of hosts are letters, digits and hyphens (RFC 952, RFC 1123 §2.1)",
          "correct the name");
      return false;
    }
    return true;
  }

  /// `MX 10 192.0.2.1` means 192.0.2.1.example.org, which nobody wants.
  private boolean checkNoAddress(ZoneRecord record, DnsName target) {
    boolean isOfZone = target.isAtOrBelow(apex) && !apex.isRoot();
    int labels = target.labelCount() - (isOfZone ? apex.labelCount() : 0);
    byte[] wire = target.toWire();
    boolean isAddress = labels == 4 || labels == 1 && indexOf(wire, ':') > 0;
    int at = 0;
    for (int label = 0; isAddress && labels == 4 && label < 4; label++) {
      isAddress = wire[at] <= 3;
      for (int i = at + 1; i <= at + wire[at]; i++) {
        isAddress &= wire[i] >= '0' && wire[i] <= '9';
      }
      at += wire[at] + 1;
    }
    if (isAddress) {
      warn(
          Kind.ADDRESS_AS_NAME,
          record,
          named(record) + " points to the name " + target + ", which looks like an address",
          "the record holds a name (RFC 1035 §3.3)",
          "name a host, and give that the address");
    }
    return !isAddress;
  }

  private static int indexOf(byte[] wire, char c) {
    for (int i = 1; i <= wire[0]; i++) {
      if (wire[i] == c) {
        return i;
      }
    }
    return -1;
  }

  private void checkTimers(ZoneRecord soa) {
    byte[] rdata = soa.rdata();
    long refresh = number(rdata, rdata.length - 16);
    long retry = number(rdata, rdata.length - 12);
    long expire = number(rdata, rdata.length - 8);
    if (retry > refresh) {
      warn(
          Kind.TIMERS,
          soa,
          "RETRY " + retry + " of the SOA is longer than REFRESH " + refresh,
          "a secondary tries again sooner than it asks anew (RFC 1912 §2.2)",
          "lower RETRY");
    }
    if (expire < refresh + retry) {
      warn(
          Kind.TIMERS,
          soa,
          "EXPIRE "
              + expire
              + " of the SOA is shorter than REFRESH and RETRY, "
              + (refresh + retry),
          "a secondary would drop the zone before its second try (RFC 1912 §2.2)",
          "raise EXPIRE, to some weeks");
    }
  }

  private static long number(byte[] rdata, int at) {
    return (rdata[at] & 0xffL) << 24
        | (rdata[at + 1] & 0xff) << 16
        | (rdata[at + 2] & 0xff) << 8
        | (rdata[at + 3] & 0xff);
  }

  /// RFC 6698 §2.1.3
  private void checkDigest(ZoneRecord record) {
    byte[] rdata = record.rdata();
    int expected = rdata.length < 3 ? 0 : rdata[2] == 1 ? 32 : rdata[2] == 2 ? 64 : 0;
    if (expected > 0 && rdata.length - 3 != expected) {
      warn(
          Kind.DIGEST,
          record,
          named(record) + " has a digest of " + (rdata.length - 3) + " octets",
          "one of matching type " + rdata[2] + " has " + expected + " (RFC 6698 §2.1.3)",
          "compute it again");
    }
  }

  private static String named(ZoneRecord record) {
    return RecordTypes.name(record.type()) + " of " + record.owner();
  }

  private void warn(Kind kind, ZoneRecord record, String problem, String rule, String remedy) {
    if (counts.merge(kind, 1, Integer::sum) <= REPORTS_MAX) {
      diagnostics.warning(record.where(), problem, rule, remedy);
    }
  }
}
