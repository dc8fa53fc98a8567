package gslb.dns;

import gslb.steering.FlipDeadlines;
import gslb.steering.Selection;
import gslb.zones.FlatZone;

/// Answers A, AAAA and HTTPS at a steered name by the plan, and every type if the plan makes it an
/// alias.
///
/// | clause | here |
/// |---|---|
/// | RFC 7871 §7.1.2 | SOURCE 0: the resolver's own address decides, SCOPE 0 |
/// | RFC 7871 §7.2.1 | SCOPE is the widest prefix of one decision, be it longer than SOURCE |
/// | RFC 7871 §7.2.1 | that there is no address depends on the client too: NODATA has its SCOPE |
/// | RFC 1034 §3.6.2 | a pool with a CNAME: that is the answer to every type, and followed in our
/// zones; the SCOPE is the longest of the decisions on the way |
/// | RFC 9460 §7.3 | the hints of HTTPS are the addresses of the same decision |
/// | RFC 4074 §3 | a pool without the family asked: NODATA, never NXDOMAIN |
final class SteeredAnswer {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private SteeredAnswer() {}

  /// Decides at a name that may be an alias, and puts the CNAME if it is one.
  ///
  /// @return {@link Solver#FOUND} if it is none, else {@link Solver#FOLLOW}, {@link Solver#DONE} or
  ///     {@link Solver#TRUNCATED}
  static int putAlias(DnsSnapshot snapshot, int service, QueryContext context) {
    decide(snapshot, service, context.qtype != FlatZone.TYPE_AAAA, context);
    EncodedAnswers answers = snapshot.answers();
    byte[] target = answers.alias(context.selection.answerSet);
    if (target == null) {
      return Solver.FOUND;
    }
    count(snapshot, service, context);
    ReplyWriter writer = context.writer;
    int recordAt = writer.position();
    int ttl = ttl(aliasDeadline(snapshot, context.selection), context.nowNanos, service, answers);
    if (!writer.answerAlias(target, ttl)) {
      return Solver.TRUNCATED;
    }
    if (context.qtype == FlatZone.TYPE_CNAME || context.qtype == RrType.ANY) {
      return Solver.DONE;
    }
    writer.setAnswerOwner(recordAt + EncodedAnswers.RECORD_HEAD_LENGTH);
    context.owner.set(target, 0, target.length);
    return Solver.FOLLOW;
  }

  /// @return {@link Solver#DONE}, {@link Solver#NODATA} or {@link Solver#TRUNCATED}
  static int put(DnsSnapshot snapshot, int service, QueryContext context) {
    count(snapshot, service, context);
    EncodedAnswers answers = snapshot.answers();
    context.negativeTtlMax = answers.ttlMax(service);
    context.deadline = FlipDeadlines.NEVER;
    if (!answers.mayAlias(service)) {
      // else putAlias has done it
      decide(snapshot, service, context.qtype != FlatZone.TYPE_AAAA, context);
    }
    // Nothing for IPv4 says nothing of the IPv6 hints where the families are decided apart.
    boolean isOfBoth = context.qtype == FlatZone.TYPE_HTTPS && answers.decidesApart(service);
    if (context.selection.answerSet == Selection.NOTHING && !isOfBoth) {
      return Solver.NODATA;
    }
    int state =
        switch (context.qtype) {
          case FlatZone.TYPE_A -> putAddresses(snapshot, service, context.v4Records, context);
          case FlatZone.TYPE_AAAA -> putAddresses(snapshot, service, context.v6Records, context);
          case FlatZone.TYPE_HTTPS -> putHttps(snapshot, service, context);
          default -> putNothing(snapshot, service, context);
        };
    if (state == Solver.NODATA) {
      context.negativeTtlMax = ttl(context.deadline, context.nowNanos, service, answers);
    }
    return state;
  }

  /// That the name has no other types is so while the decision is addresses.
  private static int putNothing(DnsSnapshot snapshot, int service, QueryContext context) {
    context.reason = EncodedReasons.NO_TYPE;
    holdPillars(snapshot, service, context);
    return Solver.NODATA;
  }

  private static int putAddresses(
      DnsSnapshot snapshot, int service, AddressRecords records, QueryContext context) {
    fill(snapshot, service, records, context);
    if (records.length == 0) {
      context.reason = EncodedReasons.NO_ADDRESS;
      return Solver.NODATA;
    }
    int ttl = ttl(context.deadline, context.nowNanos, service, snapshot.answers());
    int recordLength = EncodedAnswers.recordLength(records.v4());
    return context.writer.answer(records.octets, records.length, recordLength, ttl)
        ? Solver.DONE
        : Solver.TRUNCATED;
  }

  /// Its hints are what A and AAAA would be answered with: the same decision and the same draw, or,
  /// of a service whose families are decided independently, the decision of each.
  private static int putHttps(DnsSnapshot snapshot, int service, QueryContext context) {
    EncodedAnswers answers = snapshot.answers();
    byte[] record = answers.https(service);
    if (record == null) {
      return putNothing(snapshot, service, context);
    }
    AddressRecords v4 = context.v4Records;
    AddressRecords v6 = context.v6Records;
    fill(snapshot, service, v4, context);
    if (answers.decidesApart(service)) {
      decide(snapshot, service, false, context);
    }
    fill(snapshot, service, v6, context);
    if (v4.length + v6.length == 0) {
      return Solver.NODATA;
    }
    int ttl = ttl(context.deadline, context.nowNanos, service, answers);
    return context.writer.answerHttps(record, v4, v6, ttl) ? Solver.DONE : Solver.TRUNCATED;
  }

  /// Moves the context's deadline to the earliest of the records' endpoints, and of those that keep
  /// their pool available.
  private static void fill(
      DnsSnapshot snapshot, int service, AddressRecords records, QueryContext context) {
    if (context.selection.answerSet == Selection.NOTHING) {
      records.clear(); // of a family that is decided apart from the other
      return;
    }
    records.fill(snapshot.plan(), snapshot.answers(), service, context);
    holdPillars(snapshot, service, context);
    context.deadline =
        Math.min(context.deadline, earliest(snapshot, records.endpoints, records.endpointCount));
  }

  /// Moves the context's deadline to the earliest of the endpoints that keep the chosen pool
  /// available.
  private static void holdPillars(DnsSnapshot snapshot, int service, QueryContext context) {
    int[] pillars = snapshot.plan().pillars(service, context.askedV4, context.selection);
    context.deadline = Math.min(context.deadline, earliest(snapshot, pillars, pillars.length));
  }

  /// One decision for every type and transport, unless the service decides its families apart.
  private static void decide(
      DnsSnapshot snapshot, int service, boolean asksV4, QueryContext context) {
    context.service = service;
    context.askedV4 = asksV4;
    context.reason = EncodedReasons.ANSWER;
    ClientSubnet subnet = context.edns.subnet;
    Selection selection = context.selection;
    if (subnet.decides()) {
      snapshot
          .plan()
          .steer(
              service,
              asksV4,
              subnet.isV4(),
              subnet.high(),
              subnet.low(),
              context.nowMillis,
              selection);
      context.scope = Math.max(context.scope, selection.scope);
    } else {
      snapshot
          .plan()
          .steer(
              service,
              asksV4,
              context.clientIsV4,
              context.clientHigh,
              context.clientLow,
              context.nowMillis,
              selection);
    }
  }

  private static void count(DnsSnapshot snapshot, int service, QueryContext context) {
    context.count(DnsCounter.STEERED);
    ClientSubnet subnet = context.edns.subnet;
    int key = snapshot.plan().sketchKey(service);
    if (subnet.decides()) {
      context.sketch.see(key, subnet.isV4(), subnet.high(), subnet.low(), context.nowMillis);
    } else {
      context.sketch.see(
          key, context.clientIsV4, context.clientHigh, context.clientLow, context.nowMillis);
    }
  }

  private static long earliest(DnsSnapshot snapshot, int[] endpoints, int count) {
    long earliest = FlipDeadlines.NEVER;
    for (int i = 0; i < count; i++) {
      earliest = Math.min(earliest, snapshot.deadlines().get(endpoints[i]));
    }
    return earliest;
  }

  /// When one of the endpoints by which the pool is up can flip.
  private static long aliasDeadline(DnsSnapshot snapshot, Selection selection) {
    int[] v4 = snapshot.plan().endpoints(selection.answerSet, true);
    int[] v6 = snapshot.plan().endpoints(selection.answerSet, false);
    return Math.min(earliest(snapshot, v4, v4.length), earliest(snapshot, v6, v6.length));
  }

  /// Whole seconds until the answer can be wrong at the earliest, within the service's bounds.
  static int ttl(long deadlineNanos, long nowNanos, int service, EncodedAnswers answers) {
    int max = answers.ttlMax(service);
    if (deadlineNanos == FlipDeadlines.NEVER) {
      return max;
    }
    long seconds = (deadlineNanos - nowNanos) / NANOS_PER_SECOND;
    return Math.clamp(seconds, answers.ttlMin(service), max);
  }
}
