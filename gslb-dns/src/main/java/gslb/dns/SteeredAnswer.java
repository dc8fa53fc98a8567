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

  private static final byte[] NO_RECORDS = {};

  private SteeredAnswer() {}

  /// Decides at a name that may be an alias, and puts the CNAME if it is one.
  ///
  /// @return {@link Solver#FOUND} if it is none, else {@link Solver#FOLLOW}, {@link Solver#DONE} or
  ///     {@link Solver#TRUNCATED}
  static int putAlias(DnsSnapshot snapshot, int service, QueryContext context) {
    decide(snapshot, service, context);
    EncodedAnswers answers = snapshot.answers();
    byte[] target = answers.alias(context.selection.answerSet);
    if (target == null) {
      return Solver.FOUND;
    }
    context.count(DnsCounter.STEERED);
    ReplyWriter writer = context.writer;
    int recordAt = writer.position();
    int ttl = ttl(aliasDeadline(snapshot, context.selection), service, answers, context);
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
    context.count(DnsCounter.STEERED);
    EncodedAnswers answers = snapshot.answers();
    context.negativeTtlMax = answers.ttlMax(service);
    if (!answers.mayAlias(service)) {
      decide(snapshot, service, context); // else putAlias has done it
    }
    if (context.selection.answerSet == Selection.NOTHING) {
      return Solver.NODATA;
    }
    return switch (context.qtype) {
      case FlatZone.TYPE_A -> putAddresses(snapshot, service, true, context);
      case FlatZone.TYPE_AAAA -> putAddresses(snapshot, service, false, context);
      case FlatZone.TYPE_HTTPS -> putHttps(snapshot, service, context);
      default -> {
        context.reason = EncodedReasons.NO_TYPE;
        yield Solver.NODATA;
      }
    };
  }

  private static int putAddresses(
      DnsSnapshot snapshot, int service, boolean v4, QueryContext context) {
    context.deadline = FlipDeadlines.NEVER;
    byte[] records = records(snapshot, service, v4, context);
    if (records.length == 0) {
      context.reason = EncodedReasons.NO_ADDRESS;
      return Solver.NODATA;
    }
    int ttl = ttl(context.deadline, service, snapshot.answers(), context);
    return context.writer.answer(records, EncodedAnswers.recordLength(v4), ttl)
        ? Solver.DONE
        : Solver.TRUNCATED;
  }

  /// Its hints are what A and AAAA would be answered with: the same decision and the same draw.
  private static int putHttps(DnsSnapshot snapshot, int service, QueryContext context) {
    EncodedAnswers answers = snapshot.answers();
    byte[] record = answers.https(service);
    if (record == null) {
      context.reason = EncodedReasons.NO_TYPE;
      return Solver.NODATA;
    }
    context.deadline = FlipDeadlines.NEVER;
    byte[] v4 = records(snapshot, service, true, context);
    byte[] v6 = records(snapshot, service, false, context);
    if (v4.length + v6.length == 0) {
      return Solver.NODATA;
    }
    int ttl = ttl(context.deadline, service, answers, context);
    return context.writer.answerHttps(record, v4, v6, ttl) ? Solver.DONE : Solver.TRUNCATED;
  }

  /// The address records of one family that the decision gives, none if it gives none. Moves the
  /// context's deadline to the earliest of theirs.
  private static byte[] records(
      DnsSnapshot snapshot, int service, boolean v4, QueryContext context) {
    EncodedAnswers answers = snapshot.answers();
    Selection selection = context.selection;
    if (answers.answersAll(service)) {
      int[] endpoints = snapshot.plan().endpoints(selection.answerSet, v4);
      context.deadline = Math.min(context.deadline, earliest(snapshot, endpoints));
      return answers.rrset(selection.answerSet, v4);
    }
    int endpoint = snapshot.plan().endpoint(selection, v4);
    if (endpoint < 0) {
      return NO_RECORDS;
    }
    context.deadline = Math.min(context.deadline, snapshot.deadlines().get(endpoint));
    return answers.record(endpoint);
  }

  /// One decision for every type and transport.
  private static void decide(DnsSnapshot snapshot, int service, QueryContext context) {
    context.service = service;
    context.reason = EncodedReasons.ANSWER;
    ClientSubnet subnet = context.edns.subnet;
    Selection selection = context.selection;
    if (subnet.decides()) {
      snapshot
          .plan()
          .steer(service, subnet.isV4(), subnet.high(), subnet.low(), context.nowMillis, selection);
      context.scope = Math.max(context.scope, selection.scope);
    } else {
      snapshot
          .plan()
          .steer(
              service,
              context.clientIsV4,
              context.clientHigh,
              context.clientLow,
              context.nowMillis,
              selection);
    }
  }

  private static long earliest(DnsSnapshot snapshot, int[] endpoints) {
    long earliest = FlipDeadlines.NEVER;
    for (int endpoint : endpoints) {
      earliest = Math.min(earliest, snapshot.deadlines().get(endpoint));
    }
    return earliest;
  }

  /// When one of the endpoints by which the pool is up can flip.
  private static long aliasDeadline(DnsSnapshot snapshot, Selection selection) {
    int answerSet = selection.answerSet;
    return Math.min(
        earliest(snapshot, snapshot.plan().endpoints(answerSet, true)),
        earliest(snapshot, snapshot.plan().endpoints(answerSet, false)));
  }

  /// Whole seconds until the answer can be wrong at the earliest, within the service's bounds.
  private static int ttl(
      long deadlineNanos, int service, EncodedAnswers answers, QueryContext context) {
    int max = answers.ttlMax(service);
    if (deadlineNanos == FlipDeadlines.NEVER) {
      return max;
    }
    long seconds = (deadlineNanos - context.nowNanos) / NANOS_PER_SECOND;
    return Math.clamp(seconds, answers.ttlMin(service), max);
  }
}
