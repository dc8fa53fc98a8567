package gslb.dns;

import gslb.base.Counters;
import gslb.steering.FlipDeadlines;
import gslb.steering.Selection;
import gslb.zones.FlatZone;
import gslb.zones.NameMatch;
import gslb.zones.NameView;
import java.util.function.Supplier;

/// Answers one query. The same code for UDP, TCP and scripted tests; touches no socket and no
/// clock.
/// Any number of threads may use one responder, each with its own buffers and context.
///
/// After {@link QueryReader} it is the algorithm of RFC 1034 §4.3.2 in methods that bear its steps:
/// `solve` follows names through the zones (step 2 and 3), `solveNode` answers at a node (3.a,
/// 3.c),
/// `refer` at a cut (3.b), `deny` says what does not exist.
public final class Responder {
  /// Room that `out` must have: the longest message there is over TCP.
  public static final int MESSAGE_LENGTH_MAX = 65_535;

  /// Octets of the longest reply over UDP, and the size this server announces: what passes every
  /// network unfragmented (RFC 9715 §3).
  public static final int UDP_RESPONSE_LENGTH_MAX = 1_232;

  /// CNAME and DNAME records that one answer follows; the rest is the resolver's to ask.
  public static final int CHAIN_LENGTH_MAX = 16;

  private static final int RCODE_NXDOMAIN = 3;
  private static final int RCODE_REFUSED = 5;
  private static final int RCODE_YXDOMAIN = 6;

  private static final int TYPE_OPT = 41;
  private static final int TYPE_TKEY = 249;
  private static final int TYPE_TSIG = 250;
  private static final int TYPE_IXFR = 251;
  private static final int TYPE_AXFR = 252;
  private static final int TYPE_MAILB = 253;
  private static final int TYPE_MAILA = 254;
  private static final int TYPE_ANY = 255;
  private static final int CLASS_IN = 1;

  /// RFC 8482 §4.2: a CPU of `RFC8482` and an empty OS.
  private static final byte[] ANY_RDATA = {7, 'R', 'F', 'C', '8', '4', '8', '2', 0};

  private static final int ANY_TTL = 3_600;

  /// Flags in the second 16 bits of the header.
  private static final int FLAG_AA = 0x0400;

  private static final int FLAG_TC = 0x0200;

  /// What a step of `solve` leaves in {@link QueryContext}: go on with `owner`, or done.
  private static final int FOLLOW = -1;

  private final Supplier<DnsSnapshot> snapshots;
  private final Counters counters = DnsCounter.newCounters();

  /// @param snapshots read once for each query
  public Responder(Supplier<DnsSnapshot> snapshots) {
    this.snapshots = snapshots;
  }

  /// Scratch space for one more thread, whose queries are counted.
  public QueryContext newContext() {
    return new QueryContext(counters.newBlock());
  }

  public Counters counters() {
    return counters;
  }

  /// Reads the query in place and writes the reply.
  ///
  /// @param in the query; the first `length` bytes count
  /// @param out at least {@link #MESSAGE_LENGTH_MAX} bytes
  /// @return length of the reply, or 0 for silence
  public int answer(byte[] in, int length, byte[] out, QueryContext context) {
    int rcode = QueryReader.read(in, length, context);
    if (rcode == QueryReader.SILENCE) {
      return 0;
    }
    context.count(DnsCounter.QUERIES);
    if (rcode == QueryReader.RCODE_FORMERR || rcode == QueryReader.RCODE_NOTIMP) {
      return refuse(in, out, rcode, context);
    }
    Edns edns = context.edns;
    if (edns.present) {
      context.count(DnsCounter.EDNS);
    }
    boolean withSubnet = edns.hasSubnet && rcode == QueryReader.RCODE_NOERROR;
    if (withSubnet) {
      context.count(DnsCounter.ECS);
    }
    int limit =
        context.overTcp
            ? MESSAGE_LENGTH_MAX
            : Math.min(edns.present ? edns.payloadSize : 512, UDP_RESPONSE_LENGTH_MAX);
    System.arraycopy(in, 0, out, 0, context.questionEnd);
    context.scope = 0;
    ReplyWriter writer = context.writer;
    writer.begin(out, context.questionEnd, limit - edns.replyLength(withSubnet), context.question);
    int flags = 0;
    if (rcode == QueryReader.RCODE_NOERROR) {
      int outcome = solve(context);
      rcode = outcome & 0xff;
      flags = outcome & (FLAG_AA << 8 | FLAG_TC << 8);
      flags >>>= 8;
    }
    if ((flags & FLAG_TC) != 0) {
      context.count(DnsCounter.TRUNCATED);
    }
    countRcode(rcode, context);
    // RFC 1035 §4.1.1, RFC 4035 §3.2.2: RD and CD are copied, RA, Z and AD are clear.
    int header = 0x8000 | flags | (in[2] & 1) << 8 | in[3] & 0x10 | rcode & 0xf;
    out[2] = (byte) (header >> 8);
    out[3] = (byte) header;
    if (edns.present) {
      writer.opt(edns, rcode >> 4, in, withSubnet, context.scope);
    }
    writer.writeCounts();
    return writer.position();
  }

  /// A reply without sections: the header, and the question if it could be read.
  private static int refuse(byte[] in, byte[] out, int rcode, QueryContext context) {
    countRcode(rcode, context);
    int end = Math.max(QueryReader.HEADER_LENGTH, context.questionEnd);
    System.arraycopy(in, 0, out, 0, end);
    out[2] = (byte) (0x80 | in[2] & 0x79);
    out[3] = (byte) (in[3] & 0x10 | rcode);
    out[4] = 0;
    out[5] = (byte) (context.questionEnd > 0 ? 1 : 0);
    for (int i = 6; i < QueryReader.HEADER_LENGTH; i++) {
      out[i] = 0;
    }
    return end;
  }

  /// Steps 2 and 3: finds the zone of the name, and follows it from name to name.
  ///
  /// @return RCODE in the low octet, header flags shifted left by 8
  private int solve(QueryContext context) {
    int meta = metaRcode(context);
    if (meta >= 0) {
      return meta;
    }
    DnsSnapshot snapshot = snapshots.get();
    FlatZone zone = snapshot.zones.find(context.question);
    if (zone == null) {
      return RCODE_REFUSED;
    }
    NameView owner = context.question;
    int outcome = solveName(snapshot, zone, owner, context);
    for (int links = 1; outcome == FOLLOW && links < CHAIN_LENGTH_MAX; links++) {
      owner = context.owner;
      zone = snapshot.zones.find(owner);
      if (zone == null) {
        break; // somebody else's name: the resolver asks there
      }
      outcome = solveName(snapshot, zone, owner, context);
      if ((outcome & 0xff) == 0 && outcome != FOLLOW) {
        outcome |= FLAG_AA << 8; // the first owner was ours
      }
    }
    return outcome == FOLLOW ? FLAG_AA << 8 : outcome;
  }

  /// What has an answer whatever the zones hold, or -1.
  private static int metaRcode(QueryContext context) {
    if (context.qclass != CLASS_IN) {
      return RCODE_REFUSED;
    }
    return switch (context.qtype) {
      case TYPE_AXFR, TYPE_IXFR -> RCODE_REFUSED;
      case TYPE_MAILA, TYPE_MAILB -> QueryReader.RCODE_NOTIMP;
      case TYPE_OPT, TYPE_TKEY, TYPE_TSIG -> QueryReader.RCODE_FORMERR;
      default -> -1;
    };
  }

  private int solveName(DnsSnapshot snapshot, FlatZone zone, NameView owner, QueryContext context) {
    NameMatch match = context.match;
    zone.match(owner, match);
    // RFC 4035 §3.1.4.1: the parent answers for the DS at its cut.
    boolean dsAtCut = context.qtype == FlatZone.TYPE_DS && match.cut == match.node;
    if (match.cut >= 0 && !dsAtCut) {
      return refer(zone, match.cut, owner, context);
    }
    if (match.dname >= 0) {
      return substitute(zone, match.dname, owner, context);
    }
    if (match.node >= 0) {
      return solveNode(snapshot, zone, match.node, owner, context);
    }
    if (match.wildcard >= 0) {
      return solveNode(snapshot, zone, match.wildcard, owner, context);
    }
    return deny(zone, RCODE_NXDOMAIN, Integer.MAX_VALUE, context);
  }

  /// Step 3.a, and 3.c with the wildcard's node: the owner is always the name that was asked.
  private int solveNode(
      DnsSnapshot snapshot, FlatZone zone, int node, NameView owner, QueryContext context) {
    int qtype = context.qtype;
    ReplyWriter writer = context.writer;
    if (qtype == TYPE_ANY && (zone.rrsetCount(node) > 0 || zone.dynamicSlot(node) >= 0)) {
      return writer.hinfo(owner, ANY_RDATA, ANY_TTL) ? FLAG_AA << 8 : truncated(context);
    }
    int slot = zone.dynamicSlot(node);
    if (slot >= 0 && (qtype == FlatZone.TYPE_A || qtype == FlatZone.TYPE_AAAA)) {
      return steer(snapshot, zone, slot, owner, context);
    }
    int rrset = zone.rrset(node, qtype);
    if (rrset >= 0) {
      return writer.rrset(ReplyWriter.Part.ANSWER, zone, rrset, owner, Integer.MAX_VALUE)
          ? FLAG_AA << 8
          : truncated(context);
    }
    int cname = zone.rrset(node, FlatZone.TYPE_CNAME);
    if (cname >= 0) {
      if (!writer.rrset(ReplyWriter.Part.ANSWER, zone, cname, owner, Integer.MAX_VALUE)) {
        return truncated(context);
      }
      int target = zone.rdataOffset(cname, 0);
      return follow(zone.rdataPage(cname), target, context);
    }
    return deny(zone, QueryReader.RCODE_NOERROR, Integer.MAX_VALUE, context);
  }

  private static int follow(byte[] bytes, int offset, QueryContext context) {
    boolean isName =
        context.owner.set(bytes, offset, offset + ReplyWriter.nameLength(bytes, offset)) >= 0;
    return isName ? FOLLOW : FLAG_AA << 8;
  }

  /// RFC 6672 §3.2 step 3.c: the DNAME, the CNAME it means for this name, and on with its target.
  private static int substitute(FlatZone zone, int node, NameView owner, QueryContext context) {
    int dname = zone.rrset(node, FlatZone.TYPE_DNAME);
    NameView dnameOwner = context.scratch;
    int labelsBelow = owner.labelCount() - zone.labelCount(node);
    boolean suffix =
        dnameOwner.set(
                owner.bytes(),
                owner.labelOffset(labelsBelow),
                owner.labelOffset(0) + owner.wireLength())
            >= 0;
    ReplyWriter writer = context.writer;
    if (!suffix
        || !writer.rrset(ReplyWriter.Part.ANSWER, zone, dname, dnameOwner, Integer.MAX_VALUE)) {
      return truncated(context);
    }
    byte[] page = zone.rdataPage(dname);
    int target = zone.rdataOffset(dname, 0);
    int prefix = owner.labelOffset(labelsBelow) - owner.labelOffset(0);
    if (prefix + ReplyWriter.nameLength(page, target) > 255) {
      return RCODE_YXDOMAIN | FLAG_AA << 8; // RFC 6672 §2.3
    }
    int at = writer.synthesisedCname(owner, labelsBelow, page, target, zone.ttl(dname));
    return at < 0 ? truncated(context) : follow(writer.bytes(), at, context);
  }

  /// A steered name: one decision for both address types, then the endpoints of the type asked.
  private static int steer(
      DnsSnapshot snapshot, FlatZone zone, int service, NameView owner, QueryContext context) {
    context.count(DnsCounter.STEERED);
    Selection selection = context.selection;
    Edns edns = context.edns;
    // RFC 7871 §7.1.2: SOURCE 0 asks not to be told apart; the resolver's own address decides.
    boolean bySubnet = edns.hasSubnet && edns.sourcePrefix > 0;
    boolean clientIsV4 = bySubnet ? edns.subnetFamily == Edns.FAMILY_V4 : context.clientIsV4;
    snapshot.plan.steer(
        service,
        clientIsV4,
        bySubnet ? edns.subnetHigh : context.clientHigh,
        bySubnet ? edns.subnetLow : context.clientLow,
        context.nowMillis,
        selection);
    if (bySubnet) {
      context.scope = selection.scope;
    }
    int ttlMax = snapshot.ttlMax[service];
    if (selection.answerSet == Selection.NOTHING) {
      return deny(zone, QueryReader.RCODE_NOERROR, ttlMax, context);
    }
    boolean v4 = context.qtype == FlatZone.TYPE_A;
    if (snapshot.answersAll[service]) {
      return answerAll(snapshot, zone, service, owner, v4, context);
    }
    int endpoint = snapshot.plan.endpoint(selection, v4);
    if (endpoint < 0) {
      return deny(zone, QueryReader.RCODE_NOERROR, ttlMax, context);
    }
    int ttl = ttl(snapshot, service, snapshot.deadlines.get(endpoint), context.nowNanos);
    return context.writer.fragment(snapshot.fragments[endpoint], owner, ttl)
        ? FLAG_AA << 8
        : truncated(context);
  }

  private static int answerAll(
      DnsSnapshot snapshot,
      FlatZone zone,
      int service,
      NameView owner,
      boolean v4,
      QueryContext context) {
    int[] endpoints = snapshot.plan.endpoints(context.selection.answerSet, v4);
    if (endpoints.length == 0) {
      return deny(zone, QueryReader.RCODE_NOERROR, snapshot.ttlMax[service], context);
    }
    long deadline = FlipDeadlines.NEVER;
    for (int endpoint : endpoints) {
      deadline = Math.min(deadline, snapshot.deadlines.get(endpoint));
    }
    int ttl = ttl(snapshot, service, deadline, context.nowNanos);
    for (int endpoint : endpoints) {
      if (!context.writer.fragment(snapshot.fragments[endpoint], owner, ttl)) {
        return truncated(context);
      }
    }
    return FLAG_AA << 8;
  }

  /// Seconds until the answer can be wrong at the earliest, within the service's bounds.
  private static int ttl(DnsSnapshot snapshot, int service, long deadline, long nowNanos) {
    int most = snapshot.ttlMax[service];
    if (deadline == FlipDeadlines.NEVER) {
      return most;
    }
    long seconds = (deadline - nowNanos) / 1_000_000_000L;
    return (int) Math.max(snapshot.ttlMin[service], Math.min(most, seconds));
  }

  /// Step 3.b: the NS RRset of the cut, and the glue without which its servers cannot be reached.
  private static int refer(FlatZone zone, int cut, NameView owner, QueryContext context) {
    context.count(DnsCounter.REFERRAL);
    ReplyWriter writer = context.writer;
    NameView cutName = context.scratch;
    int labelsBelow = owner.labelCount() - zone.labelCount(cut);
    int end = owner.labelOffset(0) + owner.wireLength();
    boolean isName = cutName.set(owner.bytes(), owner.labelOffset(labelsBelow), end) >= 0;
    int ns = zone.rrset(cut, FlatZone.TYPE_NS);
    int aa = writer.answerCount() > 0 ? FLAG_AA << 8 : 0;
    if (!isName
        || !writer.rrset(ReplyWriter.Part.AUTHORITY, zone, ns, cutName, Integer.MAX_VALUE)) {
      return truncated(context) & ~(FLAG_AA << 8) | aa;
    }
    // RFC 9471 §3.1: in-domain glue is all there, or TC is set.
    return glue(zone, cut, ns, context) ? aa : aa | FLAG_TC << 8;
  }

  /// Adds the addresses of a cut's servers that this zone holds.
  ///
  /// @return false if one that stands below the cut does not fit
  private static boolean glue(FlatZone zone, int cut, int ns, QueryContext context) {
    NameMatch match = context.glueMatch;
    NameView server = context.owner;
    byte[] page = zone.rdataPage(ns);
    int cutLabels = zone.labelCount(cut);
    for (int i = 0; i < zone.recordCount(ns); i++) {
      int offset = zone.rdataOffset(ns, i);
      if (server.set(page, offset, offset + zone.rdataLength(ns, i)) < 0 || !zone.holds(server)) {
        continue;
      }
      zone.match(server, match);
      if (match.node < 0) {
        continue;
      }
      boolean inDomain = match.cut == cut && server.labelCount() >= cutLabels;
      for (int type = 0; type < 2; type++) {
        int rrset = zone.rrset(match.node, type == 0 ? FlatZone.TYPE_A : FlatZone.TYPE_AAAA);
        if (rrset >= 0
            && !context.writer.rrset(
                ReplyWriter.Part.ADDITIONAL, zone, rrset, server, Integer.MAX_VALUE)
            && inDomain) {
          return false;
        }
      }
    }
    return true;
  }

  /// NXDOMAIN or NODATA, with the SOA that says for how long (RFC 2308 §3, §5).
  private static int deny(FlatZone zone, int rcode, int ttlMax, QueryContext context) {
    if (rcode == QueryReader.RCODE_NOERROR) {
      context.count(DnsCounter.NODATA);
    }
    NameView apex = context.scratch;
    byte[] wire = zone.apexWire();
    int soa = zone.rrset(zone.apexNode(), FlatZone.TYPE_SOA);
    int ttl = Math.min(zone.negativeTtl(), ttlMax);
    return apex.set(wire, 0, wire.length) >= 0
            && context.writer.rrset(ReplyWriter.Part.AUTHORITY, zone, soa, apex, ttl)
        ? rcode | FLAG_AA << 8
        : truncated(context) | rcode;
  }

  /// Nothing partial: the question alone, and the resolver asks again over TCP (RFC 2181 §9).
  private static int truncated(QueryContext context) {
    context.writer.truncate(context.questionEnd);
    return (FLAG_AA | FLAG_TC) << 8;
  }

  private static void countRcode(int rcode, QueryContext context) {
    switch (rcode) {
      case QueryReader.RCODE_NOERROR -> context.count(DnsCounter.NOERROR);
      case QueryReader.RCODE_FORMERR -> context.count(DnsCounter.FORMERR);
      case RCODE_NXDOMAIN -> context.count(DnsCounter.NXDOMAIN);
      case QueryReader.RCODE_NOTIMP -> context.count(DnsCounter.NOTIMP);
      case RCODE_REFUSED -> context.count(DnsCounter.REFUSED);
      case QueryReader.RCODE_BADVERS -> context.count(DnsCounter.BADVERS);
      default -> context.count(DnsCounter.SERVFAIL);
    }
  }
}
