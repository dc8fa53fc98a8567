package gslb.zones;

import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules that a zone keeps as a whole. Each breach is reported at the record that makes it.
/// Confined to one thread.
final class ZoneCheck {
  /// Seconds; above it RFC 2308 §5 found negative caching to be problematic.
  private static final long NEGATIVE_TTL_LONG = 86_400;

  private static final String ALONE =
      "a CNAME must be alone at its name (RFC 1034 §3.6.2, RFC 2181 §10.1)";

  private final String file;
  private final DnsName apex;
  private final ZoneData data;
  private final Diagnostics diagnostics;
  private final ZoneShape shape;
  private final boolean takesShortCuts;

  /// @param takesShortCuts whether nodes are passed over in which {@link PlainNodes} sees nothing
  ZoneCheck(
      String file, DnsName apex, ZoneData data, boolean takesShortCuts, Diagnostics diagnostics) {
    this.file = file;
    this.apex = apex;
    this.data = data;
    this.diagnostics = diagnostics;
    this.shape = new ZoneShape(apex, data);
    this.takesShortCuts = takesShortCuts;
  }

  void run(List<DynamicSlot> dynamicSlots) {
    collectSlots(dynamicSlots);
    shape.complete();
    checkApex();
    int[] suspects =
        takesShortCuts ? new PlainNodes(apex, data.columns, shape).others() : data.columns.owners();
    for (ZoneData.Node node : data.nodes(suspects)) {
      checkNode(node);
    }
    shape.slots().forEach(this::checkSlot);
    new ZoneLint(file, apex, data, shape, diagnostics).run(suspects);
  }

  private void collectSlots(List<DynamicSlot> dynamicSlots) {
    for (DynamicSlot slot : dynamicSlots) {
      if (slot.id() < 0) {
        throw new IllegalArgumentException("slot ids are not negative: " + slot);
      }
      if (!slot.name().isAtOrBelow(apex)) {
        diagnostics.error(
            slot.where(),
            "steered name " + slot.name() + " is outside the zone " + apex,
            "a zone holds names at or below its apex (RFC 1034 §4.2)",
            "add the zone of that name, or correct it");
        continue;
      }
      DynamicSlot other = shape.add(slot);
      if (other != null) {
        diagnostics.error(
            slot.where(),
            "name " + slot.name() + " is steered twice",
            "one service answers a name; the other is at " + other.where(),
            "remove one");
      }
    }
  }

  private void checkApex() {
    ZoneData.Node node = data.node(apex);
    ZoneData.RrSet soa = node == null ? null : node.rrset(FlatZone.TYPE_SOA);
    if (soa == null) {
      diagnostics.error(
          SourceSpan.file(file),
          "no SOA record at the apex " + apex,
          "a zone begins with one SOA (RFC 1035 §5.2)",
          "add it");
    } else {
      checkSingle(soa, "a zone has one SOA (RFC 1035 §5.2)");
      checkNegativeTtl(soa);
    }
    if (node == null || !node.has(FlatZone.TYPE_NS)) {
      diagnostics.error(
          SourceSpan.file(file),
          "no NS record at the apex " + apex,
          "a zone names its servers at its apex (RFC 1034 §4.2.1)",
          "add an NS record for each node's name");
    }
  }

  private void checkNegativeTtl(ZoneData.RrSet soa) {
    byte[] rdata = soa.first().rdata();
    long minimum = 0;
    for (int i = Math.max(0, rdata.length - 4); i < rdata.length; i++) {
      minimum = minimum << 8 | rdata[i] & 0xff;
    }
    long negativeTtl = Math.min(minimum, soa.ttl());
    if (negativeTtl > NEGATIVE_TTL_LONG) {
      warn(
          soa.first(),
          "names that do not exist are cached for " + negativeTtl + " s",
          "that is the lower of the SOA's TTL and MINIMUM; above "
              + NEGATIVE_TTL_LONG
              + " is problematic (RFC 2308 §5)",
          "lower MINIMUM, to some minutes in a steered zone");
    }
  }

  private void checkNode(ZoneData.Node node) {
    boolean isApex = node.name.equals(apex);
    ZoneData.RrSet soa = node.rrset(FlatZone.TYPE_SOA);
    if (soa != null && !isApex) {
      error(
          soa.first(),
          "SOA of " + node.name + " is not at the apex " + apex,
          "a zone has one SOA, at its apex (RFC 1035 §5.2)",
          "remove it, or make it a zone of its own");
    }
    checkCname(node);
    checkDname(node, isApex);
    DnsName dname = shape.dnameAbove(node.name);
    DnsName cut = shape.cutOf(node.name);
    if (dname != null) {
      error(
          node.first(),
          node.name
              + " is below the DNAME of "
              + dname
              + placeOf(dname, FlatZone.TYPE_DNAME, node.first()),
          "nothing may exist below a DNAME (RFC 6672 §2.4)",
          "remove it or the DNAME");
    } else if (cut != null) {
      checkAtCut(node, cut);
    }
    checkDs(node, isApex);
    for (ZoneData.RrSet rrset : node.rrsets) {
      for (ZoneRecord record : rrset.records) {
        checkTarget(record, isApex, cut);
        checkAddress(record);
      }
    }
  }

  private void checkCname(ZoneData.Node node) {
    ZoneData.RrSet cname = node.rrset(FlatZone.TYPE_CNAME);
    if (cname == null) {
      return;
    }
    checkSingle(cname, ALONE);
    for (ZoneData.RrSet other : node.rrsets) {
      if (other != cname && !RecordTypes.isBesideCname(other.type)) {
        error(
            cname.first(),
            node.name
                + " CNAME stands beside "
                + RecordTypes.name(other.type)
                + " ("
                + other.first().placeBeside(cname.first())
                + ")",
            ALONE,
            "remove one of them");
        return;
      }
    }
  }

  private void checkDname(ZoneData.Node node, boolean isApex) {
    ZoneData.RrSet dname = node.rrset(FlatZone.TYPE_DNAME);
    if (dname == null) {
      return;
    }
    checkSingle(dname, "a name has one DNAME (RFC 6672 §2.3)");
    if (node.has(FlatZone.TYPE_NS) && !isApex) {
      error(
          dname.first(),
          node.name + " has DNAME and NS" + placeOf(node.name, FlatZone.TYPE_NS, dname.first()),
          "at a delegation the DNAME belongs into the child zone (RFC 6672 §2.3)",
          "remove one of them");
    }
    if (node.name.isWildcard()) {
      error(
          dname.first(),
          "DNAME of the wildcard " + node.name,
          "its meaning is not defined (RFC 4592 §4.4)",
          "write a DNAME for each name");
    }
  }

  private void checkSingle(ZoneData.RrSet rrset, String rule) {
    for (ZoneRecord record : rrset.records.subList(1, rrset.records.size())) {
      error(
          record,
          "another "
              + RecordTypes.name(rrset.type)
              + " of "
              + record.owner()
              + "; the first is in "
              + rrset.first().placeBeside(record),
          rule,
          "remove one");
    }
  }

  /// A node at a cut or below one: only what refers a resolver on is ever sent (RFC 1034 §4.2.1).
  private void checkAtCut(ZoneData.Node node, DnsName cut) {
    boolean isCut = node.name.equals(cut);
    if (isCut && node.name.isWildcard()) {
      error(
          node.first(),
          "NS of the wildcard " + node.name,
          "its meaning is not defined (RFC 4592 §4.2)",
          "write a delegation for each name");
    }
    for (ZoneData.RrSet rrset : node.rrsets) {
      boolean isAddress = rrset.type == FlatZone.TYPE_A || rrset.type == FlatZone.TYPE_AAAA;
      boolean isAllowed =
          isAddress
              ? shape.isNameserver(node.name)
              : isCut
                  && (rrset.type == FlatZone.TYPE_NS
                      || rrset.type == FlatZone.TYPE_DS
                      || rrset.type == FlatZone.TYPE_DNAME
                      || rrset.type == FlatZone.TYPE_CNAME
                      || RecordTypes.isBesideCname(rrset.type));
      if (!isAllowed) {
        warn(
            rrset.first(),
            RecordTypes.name(rrset.type)
                + " of "
                + node.name
                + " is never answered, it is "
                + (isCut ? "at" : "below")
                + " the delegation "
                + cut
                + placeOf(cut, FlatZone.TYPE_NS, rrset.first()),
            isAddress
                ? "no NS record names it, so it is no glue (RFC 1034 §4.2.1)"
                : "the child zone answers there (RFC 1034 §4.2.1)",
            "move it to the child zone");
      }
    }
  }

  private void checkDs(ZoneData.Node node, boolean isApex) {
    ZoneData.RrSet ds = node.rrset(FlatZone.TYPE_DS);
    if (ds != null && isApex) {
      error(
          ds.first(),
          "DS at the apex " + apex,
          "a DS stands in the parent zone (RFC 4035 §2.4)",
          "move it to the parent zone");
    } else if (ds != null && !node.has(FlatZone.TYPE_NS)) {
      warn(
          ds.first(),
          "DS of " + node.name + " without NS",
          "a DS stands at a delegation (RFC 4035 §2.4)",
          "add the NS records or remove it");
    }
  }

  private void checkTarget(ZoneRecord record, boolean isApex, @Nullable DnsName cut) {
    switch (record.type()) {
      case FlatZone.TYPE_NS -> {
        DnsName target = record.target(0);
        if (!checkNoAlias(record, target, "RFC 2181 §10.3") && target.isAtOrBelow(apex)) {
          checkGlue(record, target, isApex, cut);
        }
      }
      case RecordTypes.MX -> checkNoAlias(record, record.target(2), "RFC 2181 §10.3");
      case RecordTypes.SRV -> checkNoAlias(record, record.target(6), "RFC 2782");
      default -> {}
    }
  }

  /// Whether the target is an alias.
  private boolean checkNoAlias(ZoneRecord record, DnsName target, String rfc) {
    ZoneData.Node node = data.node(target);
    boolean isAlias = node != null && node.has(FlatZone.TYPE_CNAME);
    if (!isAlias && !shape.mayBeAlias(target)) {
      return false;
    }
    warn(
        record,
        RecordTypes.name(record.type())
            + " of "
            + record.owner()
            + " points to "
            + target
            + (isAlias
                ? ", which is a CNAME" + placeOf(target, FlatZone.TYPE_CNAME, record)
                : ", which is steered and may be a CNAME"),
        "it must name a host with addresses (" + rfc + ")",
        "point to the CNAME's target");
    return true;
  }

  private void checkGlue(ZoneRecord record, DnsName target, boolean isApex, @Nullable DnsName cut) {
    if (shape.hasAddress(target) || cut != null && !record.owner().equals(cut)) {
      return;
    }
    if (isApex || target.isAtOrBelow(record.owner())) {
      error(
          record,
          "name server " + target + " of " + record.owner() + " has no address in the zone",
          isApex
              ? "a server named inside the zone needs A or AAAA (RFC 1034 §4.2.1)"
              : "a server below its own delegation needs glue (RFC 1034 §4.2.1, RFC 9471 §2.1)",
          "add an A or AAAA record of " + target);
    } else {
      warn(
          record,
          "name server " + target + " of " + record.owner() + " has no address in the zone",
          "resolvers will not reach the child zone by it (RFC 1034 §4.2.1)",
          "add an A or AAAA record of " + target + ", or correct the name");
    }
  }

  private void checkAddress(ZoneRecord record) {
    boolean isV4 = record.type() == FlatZone.TYPE_A;
    if (!isV4 && record.type() != FlatZone.TYPE_AAAA || record.rdata().length != (isV4 ? 4 : 16)) {
      return;
    }
    Address address = Address.of(record.rdata());
    String kind =
        address.isUnspecified()
            ? "the unspecified address"
            : address.isLoopback()
                ? "a loopback address"
                : address.isMulticast() ? "a multicast address" : oddKind(address);
    if (!kind.isEmpty()) {
      warn(
          record,
          RecordTypes.name(record.type())
              + " of "
              + record.owner()
              + " is "
              + address
              + ", "
              + kind,
          "clients elsewhere cannot reach it (RFC 6890 §2.2)",
          "publish an address of the service");
    }
  }

  private static String oddKind(Address address) {
    if (address.isV4()) {
      int high = (int) (address.low() >>> 16) & 0xffff;
      return high >>> 8 == 0
          ? "an address of this network"
          : high == 0xa9fe
              ? "a link-local address"
              : high >>> 12 == 0xf ? "a reserved address" : "";
    }
    return address.high() >>> 54 == 0xfe80L >>> 6
        ? "a link-local address"
        : address.high() == 0 && address.low() >>> 32 == 0xffff ? "an IPv4-mapped address" : "";
  }

  private void checkSlot(DynamicSlot slot) {
    if (slot.claim() == DynamicSlot.Claim.NAME && slot.name().equals(apex)) {
      diagnostics.error(
          slot.where(),
          "steered name " + slot.name() + " is the apex, and its service may answer a CNAME",
          "SOA and NS stand at the apex, and " + ALONE,
          "steer another name, or to pools of addresses alone");
    } else {
      checkBeside(slot);
    }
    DnsName cut = shape.cutOf(slot.name());
    DnsName dname = shape.dnameAbove(slot.name());
    if (cut != null) {
      diagnostics.error(
          slot.where(),
          "steered name "
              + slot.name()
              + " is "
              + (cut.equals(slot.name()) ? "at" : "below")
              + " the delegation "
              + cut
              + placeOf(cut, FlatZone.TYPE_NS),
          "the child zone answers there (RFC 1034 §4.2.1)",
          "remove the delegation, or steer another name");
    } else if (dname != null) {
      diagnostics.error(
          slot.where(),
          "steered name "
              + slot.name()
              + " is below the DNAME of "
              + dname
              + placeOf(dname, FlatZone.TYPE_DNAME),
          "nothing may exist below a DNAME (RFC 6672 §2.4)",
          "remove the DNAME, or steer another name");
    }
  }

  /// What the zone has at a steered name.
  private void checkBeside(DynamicSlot slot) {
    ZoneData.Node node = data.node(slot.name());
    for (ZoneData.RrSet rrset : node == null ? List.<ZoneData.RrSet>of() : node.rrsets) {
      if (!slot.claim().takes(rrset.type)) {
        continue;
      }
      String records = slot.name() + " has " + RecordTypes.name(rrset.type) + " records and is ";
      if (slot.claim() == DynamicSlot.Claim.NAME) {
        error(
            rrset.first(),
            records + "steered to a CNAME by the service at " + slot.where(),
            ALONE,
            "remove the records, or steer to pools of addresses alone");
      } else {
        boolean isHttps = slot.claim() == DynamicSlot.Claim.ADDRESSES_AND_HTTPS;
        error(
            rrset.first(),
            records + "steered",
            "the service at "
                + slot.where()
                + " decides its "
                + (isHttps ? "A, AAAA and HTTPS" : "A and AAAA"),
            "remove the records or the name from the service");
      }
    }
  }

  /// ` (line N)` of an RRset, as seen from a record.
  private String placeOf(DnsName owner, int type, ZoneRecord from) {
    ZoneRecord record = first(owner, type);
    return record == null ? "" : " (" + record.placeBeside(from) + ")";
  }

  /// ` (file:line)` of an RRset, as seen from the configuration.
  private String placeOf(DnsName owner, int type) {
    ZoneRecord record = first(owner, type);
    return record == null ? "" : " (" + record.file() + ":" + record.line() + ")";
  }

  private @Nullable ZoneRecord first(DnsName owner, int type) {
    ZoneData.Node node = data.node(owner);
    ZoneData.RrSet rrset = node == null ? null : node.rrset(type);
    return rrset == null ? null : rrset.first();
  }

  private void error(ZoneRecord record, String problem, String rule, String remedy) {
    diagnostics.error(data.where(record), problem, rule, remedy);
  }

  private void warn(ZoneRecord record, String problem, String rule, String remedy) {
    diagnostics.warning(data.where(record), problem, rule, remedy);
  }
}
