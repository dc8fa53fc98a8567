package gslb.dns;

import gslb.base.DnsName;
import gslb.zones.FlatZone;
import gslb.zones.NameMatch;
import gslb.zones.NameView;
import gslb.zones.ZoneSet;
import org.jspecify.annotations.Nullable;

/// The algorithm of RFC 1034 §4.3.2 over one snapshot: `solveName` finds the name, through all its
/// aliases; `solveAnswer`, `solveAuthority` and `solveAdditional` then fill the sections.
///
/// | clause | here |
/// |---|---|
/// | RFC 1034 §4.3.2 step 2 | the zone with the longest apex; none: REFUSED |
/// | RFC 1034 §4.3.2 step 3.a | the RRset of the node; a CNAME is followed, in any of our zones |
/// | RFC 1034 §4.3.2 step 3.b | at or below a cut: NS in authority, AA clear |
/// | RFC 4035 §3.1.4.1 | DS at a cut: the parent answers, even beside the child zone; without the
/// parent, the child denies it |
/// | RFC 4592 §3.3.1 | source of synthesis at the closest encloser; the owner is the QNAME |
/// | RFC 4592 §2.2.2 | an empty non-terminal exists: NODATA |
/// | RFC 6672 §3.2 step 3.c | DNAME: the record, the CNAME it means, and on; too long: YXDOMAIN |
/// | RFC 1034 §3.6.2 | CNAME asked: that of the name, or the one a DNAME means, and not on |
/// | RFC 2308 §3, §5 | NODATA and NXDOMAIN: SOA, its TTL not above MINIMUM |
/// | RFC 6604 §2, §3 | AA is of the first owner, the RCODE of the last name of a chain |
/// | RFC 8482 §4.2 | ANY: one HINFO, or the CNAME |
/// | RFC 9471 §3.1 | in-domain glue that does not fit: TC |
/// | RFC 9471 §3.2 | sibling glue, and other addresses of the zone, as far as they fit |
/// | RFC 1034 §4.3.2 step 6 | NS asked: the servers' addresses, as far as they fit |
/// | RFC 2181 §9 | an RRset that does not fit: TC and no records |
final class Solver {
  /// CNAME and DNAME records that one answer follows; the rest of a chain is the resolver's to ask.
  static final int CHAIN_LENGTH_MAX = 16;

  // States: how far the answer has come. What is put then depends on nothing else.

  /// The last name exists, or a wildcard stands for it; `context.node` is its node.
  static final int FOUND = 0;

  /// An alias was put; `context.owner` is its target.
  static final int FOLLOW = 1;

  private static final int REFERRAL = 2;
  private static final int NXDOMAIN = 3;
  static final int NODATA = 4;

  /// What there is to answer has been put.
  static final int DONE = 5;

  /// That is an NS RRset, the one of `context.node`.
  private static final int SERVERS = 8;

  /// It does not fit.
  static final int TRUNCATED = 6;

  /// The name that a DNAME leads to is too long.
  private static final int YXDOMAIN = 7;

  /// Compared with a cut, different from every node and from none at all.
  private static final int NO_CUT = -2;

  private static final int HINFO_TTL = 3_600;

  /// RFC 8482 §4.2: CPU `RFC8482`, OS empty.
  private static final byte[] HINFO =
      EncodedAnswers.encode(RrType.HINFO, new byte[] {7, 'R', 'F', 'C', '8', '4', '8', '2', 0});

  private Solver() {}

  /// Fills the sections, `isAuthoritative` and `isTruncated`.
  ///
  /// @return RCODE
  static int solve(DnsSnapshot snapshot, QueryContext context) {
    ZoneSet zones = snapshot.zones();
    ReplyWriter writer = context.writer;
    NameView name = context.question;
    FlatZone zone = zone(zones, name, context);
    if (zone == null) {
      return Rcode.REFUSED;
    }
    context.dnameCount = 0;
    int state = solveName(snapshot, zone, name, context);
    for (int links = 1; state == FOLLOW; links++) {
      FlatZone next = isNew(context, links) ? zone(zones, context.owner, context) : null;
      if (next == null) {
        state = DONE;
      } else {
        zone = next;
        name = context.owner;
        state = solveName(snapshot, zone, name, context);
      }
    }
    if (state == FOUND) {
      state = solveAnswer(snapshot, zone, name, context);
    }
    int rcode =
        state == NXDOMAIN ? Rcode.NXDOMAIN : state == YXDOMAIN ? Rcode.YXDOMAIN : Rcode.NOERROR;
    context.isAuthoritative = state != REFERRAL || writer.count(ReplyWriter.ANSWER) > 0;
    state = solveAuthority(zone, name, state, context);
    solveAdditional(zone, state, context);
    if (state == TRUNCATED) {
      writer.clear();
      context.isTruncated = true;
    }
    return rcode;
  }

  /// The zone that answers for a name, or null.
  private static @Nullable FlatZone zone(ZoneSet zones, NameView name, QueryContext context) {
    FlatZone zone = zones.find(name);
    context.isParentSide = false;
    if (zone == null
        || context.qtype != FlatZone.TYPE_DS
        || name.labelCount() == 0
        || name.labelCount() != zone.labelCount(zone.apexNode())) {
      return zone;
    }
    // RFC 4035 §3.1.4.1: a DS belongs to the parent's side of the cut.
    int end = name.labelOffset(name.labelCount()) + 1;
    context.scratch.set(name.bytes(), name.labelOffset(1), end);
    FlatZone parent = zones.find(context.scratch);
    if (parent == null) {
      return zone;
    }
    NameMatch match = context.match;
    parent.match(name, match);
    // Where the parent's cut is above the child, the parent is a zone between them that is not
    // ours:
    // then the child denies the DS.
    context.isParentSide = isOwnCut(match) || (match.cut < 0 && match.dname < 0);
    return context.isParentSide ? parent : zone;
  }

  private static boolean isOwnCut(NameMatch match) {
    return match.cut >= 0 && match.cut == match.node;
  }

  /// Whether the target of the last alias may be followed: the chain is short enough and has not
  /// been there.
  private static boolean isNew(QueryContext context, int links) {
    int[] visited = context.visited;
    visited[0] = QueryReader.HEADER_LENGTH;
    visited[links] = context.writer.answerOwner();
    for (int i = 0; i < links; i++) {
      if (context.writer.isNameAt(visited[i], context.owner)) {
        return false;
      }
    }
    return links < CHAIN_LENGTH_MAX;
  }

  /// Step 3: goes down to the name's node, or up to where it is clear that there is none.
  private static int solveName(
      DnsSnapshot snapshot, FlatZone zone, NameView name, QueryContext context) {
    NameMatch match = context.match;
    zone.match(name, match);
    if (match.dname >= 0) {
      return substitute(zone, match.dname, name, context);
    }
    boolean isDsAtCut = context.qtype == FlatZone.TYPE_DS && isOwnCut(match);
    if (match.cut >= 0 && !isDsAtCut) {
      return REFERRAL;
    }
    if (context.isParentSide && (match.node < 0 || zone.rrset(match.node, FlatZone.TYPE_DS) < 0)) {
      return NODATA; // RFC 8020 §2: the name exists, it is the apex of a zone of ours
    }
    context.node = match.node >= 0 ? match.node : match.wildcard;
    if (context.node < 0) {
      return NXDOMAIN;
    }
    return solveAlias(snapshot, zone, context);
  }

  /// Step 3.a: changes the name if the node is an alias and the alias itself is not asked for.
  private static int solveAlias(DnsSnapshot snapshot, FlatZone zone, QueryContext context) {
    int slot = zone.dynamicSlot(context.node);
    if (slot >= 0 && snapshot.answers().mayAlias(slot)) {
      return SteeredAnswer.putAlias(snapshot, slot, context);
    }
    if (context.qtype == FlatZone.TYPE_CNAME || context.qtype == RrType.ANY) {
      return FOUND;
    }
    int cname = zone.rrset(context.node, FlatZone.TYPE_CNAME);
    if (cname < 0) {
      return FOUND;
    }
    ReplyWriter writer = context.writer;
    int recordAt = writer.position();
    if (!writer.answer(zone, cname)) {
      return TRUNCATED;
    }
    writer.setAnswerOwner(recordAt + EncodedAnswers.RECORD_HEAD_LENGTH);
    int target = zone.rdataOffset(cname, 0);
    context.owner.set(zone.rdataPage(cname), target, target + zone.rdataLength(cname, 0));
    return FOLLOW;
  }

  private static int substitute(FlatZone zone, int node, NameView name, QueryContext context) {
    ReplyWriter writer = context.writer;
    int dname = zone.rrset(node, FlatZone.TYPE_DNAME);
    int ttl = zone.ttl(dname);
    int suffixAt = suffixOffset(zone, node, name);
    context.scratch.set(name.bytes(), suffixAt, nameEnd(name));
    int put = putDname(context.scratch, context);
    if (put == context.dnameCount) {
      context.dnames[put] = writer.position();
      if (!writer.rrset(
          ReplyWriter.ANSWER, zone, dname, ttl, name.bytes(), suffixAt, nameEnd(name))) {
        return TRUNCATED;
      }
      context.dnameTargets[put] = writer.position() - zone.rdataLength(dname, 0);
      context.dnameCount++;
    }
    int prefixAt = name.labelOffset(0);
    int prefixLength = suffixAt - prefixAt;
    int length = prefixLength + zone.rdataLength(dname, 0);
    if (length > DnsName.WIRE_LENGTH_MAX) {
      return YXDOMAIN;
    }
    int targetAt = writer.answerSubstituted(name, suffixAt, context.dnameTargets[put], ttl);
    if (targetAt < 0) {
      return TRUNCATED;
    }
    if (context.qtype == FlatZone.TYPE_CNAME) {
      return DONE; // RFC 1034 §3.6.2: the CNAME that the DNAME means was asked for
    }
    writer.setAnswerOwner(targetAt);
    // Not the one that holds the name, if one does.
    context.lastSubstituted ^= 1;
    byte[] target = context.substituted[context.lastSubstituted];
    System.arraycopy(name.bytes(), prefixAt, target, 0, prefixLength);
    System.arraycopy(
        zone.rdataPage(dname),
        zone.rdataOffset(dname, 0),
        target,
        prefixLength,
        length - prefixLength);
    context.owner.set(target, 0, length);
    return FOLLOW;
  }

  /// Which of the DNAME records that have been put is that of an owner, or how many there are: a
  /// chain can pass one twice, a reply has each RRset once (RFC 2181 §5).
  private static int putDname(NameView owner, QueryContext context) {
    for (int i = 0; i < context.dnameCount; i++) {
      if (context.writer.isNameAt(context.dnames[i], owner)) {
        return i;
      }
    }
    return context.dnameCount;
  }

  /// Where the name of a node at or above a name begins in the name's bytes.
  private static int suffixOffset(FlatZone zone, int node, NameView name) {
    return name.labelOffset(name.labelCount() - zone.labelCount(node));
  }

  private static int nameEnd(NameView name) {
    return name.labelOffset(name.labelCount()) + 1;
  }

  private static int solveAnswer(
      DnsSnapshot snapshot, FlatZone zone, NameView name, QueryContext context) {
    int node = context.node;
    int qtype = context.qtype;
    int slot = zone.dynamicSlot(node);
    if (slot >= 0 && isSteered(snapshot, slot, qtype)) {
      return SteeredAnswer.put(snapshot, slot, context);
    }
    int rrset = zone.rrset(node, qtype == RrType.ANY ? FlatZone.TYPE_CNAME : qtype);
    if (rrset >= 0) {
      if (qtype == FlatZone.TYPE_DNAME && putDname(name, context) < context.dnameCount) {
        return DONE;
      }
      if (!context.writer.answer(zone, rrset)) {
        return TRUNCATED;
      }
      return qtype == FlatZone.TYPE_NS ? SERVERS : DONE;
    }
    if (qtype == RrType.ANY && (slot >= 0 || zone.rrsetCount(node) > 0)) {
      int ttl = hinfoTtl(snapshot.answers(), slot);
      return context.writer.answer(HINFO, HINFO.length, ttl) ? DONE : TRUNCATED;
    }
    return NODATA;
  }

  /// Where the next decision may be a CNAME, that ANY is an HINFO holds no longer than an answer.
  private static int hinfoTtl(EncodedAnswers answers, int slot) {
    return slot >= 0 && answers.mayAlias(slot)
        ? Math.min(HINFO_TTL, answers.ttlMax(slot))
        : HINFO_TTL;
  }

  /// Whether the answer to that type depends on what the service decides. ANY is answered from what
  /// there is.
  private static boolean isSteered(DnsSnapshot snapshot, int service, int qtype) {
    return qtype == FlatZone.TYPE_A
        || qtype == FlatZone.TYPE_AAAA
        || (qtype == FlatZone.TYPE_HTTPS && snapshot.answers().https(service) != null)
        || (qtype != RrType.ANY && snapshot.answers().mayAlias(service));
  }

  private static int solveAuthority(FlatZone zone, NameView name, int state, QueryContext context) {
    return switch (state) {
      case NODATA -> {
        context.count(DnsCounter.NODATA);
        yield putSoa(zone, context.negativeTtlMax, context) ? state : TRUNCATED;
      }
      case NXDOMAIN -> putSoa(zone, Integer.MAX_VALUE, context) ? state : TRUNCATED;
      case REFERRAL -> {
        context.count(DnsCounter.REFERRALS);
        yield putDelegation(zone, context.match.cut, name, context) ? state : TRUNCATED;
      }
      default -> state;
    };
  }

  private static boolean putSoa(FlatZone zone, int ttlMax, QueryContext context) {
    byte[] apex = zone.apexWire();
    return context.writer.rrset(
        ReplyWriter.AUTHORITY,
        zone,
        zone.rrset(zone.apexNode(), FlatZone.TYPE_SOA),
        Math.min(zone.negativeTtl(), ttlMax),
        apex,
        0,
        apex.length);
  }

  private static boolean putDelegation(
      FlatZone zone, int cut, NameView name, QueryContext context) {
    int ns = zone.rrset(cut, FlatZone.TYPE_NS);
    return context.writer.rrset(
        ReplyWriter.AUTHORITY,
        zone,
        ns,
        zone.ttl(ns),
        name.bytes(),
        suffixOffset(zone, cut, name),
        nameEnd(name));
  }

  /// The addresses of the name servers that were put. Of a referral, those at or below the cut come
  /// first: without them nobody can go on.
  private static void solveAdditional(FlatZone zone, int state, QueryContext context) {
    if (state == REFERRAL) {
      int cut = context.match.cut;
      int ns = zone.rrset(cut, FlatZone.TYPE_NS);
      if (putGlue(zone, ns, cut, true, context)) {
        putGlue(zone, ns, cut, false, context);
      } else {
        context.isTruncated = true;
      }
    } else if (state == SERVERS) {
      putGlue(zone, zone.rrset(context.node, FlatZone.TYPE_NS), NO_CUT, false, context);
    }
  }

  /// @param inDomain whether those of the servers at or below the cut, or those of the others
  /// @return false if some did not fit
  private static boolean putGlue(
      FlatZone zone, int ns, int cut, boolean inDomain, QueryContext context) {
    NameView server = context.scratch;
    NameMatch match = context.glueMatch;
    byte[] page = zone.rdataPage(ns);
    boolean allFit = true;
    for (int i = 0; i < zone.recordCount(ns); i++) {
      int offset = zone.rdataOffset(ns, i);
      server.set(page, offset, offset + zone.rdataLength(ns, i));
      if (!zone.holds(server)) {
        continue;
      }
      zone.match(server, match);
      int node = addressNode(match);
      if (node < 0 || match.cut == cut != inDomain) {
        continue;
      }
      int writtenAt = context.writer.serverOffset(i);
      allFit &= putAddresses(zone, node, FlatZone.TYPE_A, server, writtenAt, context.writer);
      allFit &= putAddresses(zone, node, FlatZone.TYPE_AAAA, server, writtenAt, context.writer);
    }
    return allFit;
  }

  /// The node whose addresses are those of a server: its own, be it below a cut, or the source of
  /// synthesis (RFC 4592 §3.3.1); or -1.
  private static int addressNode(NameMatch match) {
    boolean isOwn = match.node >= 0 || match.cut >= 0 || match.dname >= 0;
    return isOwn ? match.node : match.wildcard;
  }

  /// @param writtenAt where the server's name is in the reply, or -1
  private static boolean putAddresses(
      FlatZone zone, int node, int type, NameView server, int writtenAt, ReplyWriter writer) {
    int rrset = zone.rrset(node, type);
    if (rrset < 0) {
      return true;
    }
    int ttl = zone.ttl(rrset);
    return writtenAt >= 0
        ? writer.rrset(ReplyWriter.ADDITIONAL, zone, rrset, ttl, writtenAt)
        : writer.rrset(
            ReplyWriter.ADDITIONAL,
            zone,
            rrset,
            ttl,
            server.bytes(),
            server.labelOffset(0),
            nameEnd(server));
  }
}
