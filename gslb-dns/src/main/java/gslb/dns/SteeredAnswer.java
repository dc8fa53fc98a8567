package gslb.dns;

import gslb.steering.FlipDeadlines;
import gslb.steering.Selection;
import gslb.zones.FlatZone;

/// Answers A and AAAA at a steered name by the plan.
///
/// | clause | here |
/// |---|---|
/// | RFC 7871 §7.1.2 | SOURCE 0: the resolver's own address decides, SCOPE 0 |
/// | RFC 7871 §7.2.1 | SCOPE is the widest prefix of one decision, be it longer than SOURCE |
/// | RFC 7871 §7.2.1 | that there is no address depends on the client too: NODATA has its SCOPE |
/// | RFC 4074 §3 | a pool without the family asked: NODATA, never NXDOMAIN |
final class SteeredAnswer {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private SteeredAnswer() {}

  /// @return {@link Solver#DONE}, {@link Solver#NODATA} or {@link Solver#TRUNCATED}
  static int put(DnsSnapshot snapshot, int service, QueryContext context) {
    context.count(DnsCounter.STEERED);
    EncodedAnswers answers = snapshot.answers();
    context.negativeTtlMax = answers.ttlMax(service);
    decide(snapshot, service, context);
    Selection selection = context.selection;
    if (selection.answerSet == Selection.NOTHING) {
      return Solver.NODATA;
    }
    boolean v4 = context.qtype == FlatZone.TYPE_A;
    long deadline;
    byte[] records;
    if (answers.answersAll(service)) {
      deadline = earliest(snapshot, snapshot.plan().endpoints(selection.answerSet, v4));
      records = answers.rrset(selection.answerSet, v4);
      if (records.length == 0) {
        return Solver.NODATA;
      }
    } else {
      int endpoint = snapshot.plan().endpoint(selection, v4);
      if (endpoint < 0) {
        return Solver.NODATA;
      }
      deadline = snapshot.deadlines().get(endpoint);
      records = answers.record(endpoint);
    }
    int ttl = ttl(deadline, context.nowNanos, answers.ttlMin(service), answers.ttlMax(service));
    return context.writer.answer(records, EncodedAnswers.recordLength(v4), ttl)
        ? Solver.DONE
        : Solver.TRUNCATED;
  }

  /// One decision for every type and transport.
  private static void decide(DnsSnapshot snapshot, int service, QueryContext context) {
    ClientSubnet subnet = context.edns.subnet;
    Selection selection = context.selection;
    if (subnet.decides()) {
      snapshot
          .plan()
          .steer(service, subnet.isV4(), subnet.high(), subnet.low(), context.nowMillis, selection);
      context.scope = selection.scope;
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

  /// Whole seconds until the answer can be wrong at the earliest, within the service's bounds.
  private static int ttl(long deadlineNanos, long nowNanos, int min, int max) {
    if (deadlineNanos == FlipDeadlines.NEVER) {
      return max;
    }
    long seconds = (deadlineNanos - nowNanos) / NANOS_PER_SECOND;
    return Math.clamp(seconds, min, max);
  }
}
