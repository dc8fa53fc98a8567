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
    int count = answers.count(service);
    if (count == 0) {
      count = snapshot.plan().isJoined(selection.answerSet) ? Integer.MAX_VALUE : 1;
    }
    boolean v4 = context.qtype == FlatZone.TYPE_A;
    return count == 1
        ? putOne(snapshot, service, v4, context)
        : count == Integer.MAX_VALUE
            ? putAll(snapshot, service, v4, context)
            : putSome(snapshot, service, v4, context);
  }

  private static int putOne(DnsSnapshot snapshot, int service, boolean v4, QueryContext context) {
    int endpoint = snapshot.plan().endpoint(context.selection, v4);
    if (endpoint < 0) {
      return Solver.NODATA;
    }
    byte[] record = snapshot.answers().record(endpoint);
    long deadline = snapshot.deadlines().get(endpoint);
    return write(record, record.length, deadline, snapshot, service, v4, context);
  }

  private static int putAll(DnsSnapshot snapshot, int service, boolean v4, QueryContext context) {
    int answerSet = context.selection.answerSet;
    byte[] records = snapshot.answers().rrset(answerSet, v4);
    int[] endpoints = snapshot.plan().endpoints(answerSet, v4);
    long deadline = earliest(snapshot, endpoints, endpoints.length);
    return write(records, records.length, deadline, snapshot, service, v4, context);
  }

  private static int putSome(DnsSnapshot snapshot, int service, boolean v4, QueryContext context) {
    int[] chosen = context.chosen;
    int count = snapshot.plan().sample(service, context.selection, v4, chosen);
    int length = 0;
    for (int i = 0; i < count; i++) {
      byte[] record = snapshot.answers().record(chosen[i]);
      System.arraycopy(record, 0, context.records, length, record.length);
      length += record.length;
    }
    long deadline = earliest(snapshot, chosen, count);
    return write(context.records, length, deadline, snapshot, service, v4, context);
  }

  private static int write(
      byte[] records,
      int length,
      long deadline,
      DnsSnapshot snapshot,
      int service,
      boolean v4,
      QueryContext context) {
    if (length == 0) {
      return Solver.NODATA;
    }
    EncodedAnswers answers = snapshot.answers();
    int ttl = ttl(deadline, context.nowNanos, answers.ttlMin(service), answers.ttlMax(service));
    return context.writer.answer(records, length, EncodedAnswers.recordLength(v4), ttl)
        ? Solver.DONE
        : Solver.TRUNCATED;
  }

  /// One decision for every type and transport.
  private static void decide(DnsSnapshot snapshot, int service, QueryContext context) {
    boolean asksV4 = context.qtype == FlatZone.TYPE_A;
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
      context.scope = selection.scope;
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

  private static long earliest(DnsSnapshot snapshot, int[] endpoints, int count) {
    long earliest = FlipDeadlines.NEVER;
    for (int i = 0; i < count; i++) {
      earliest = Math.min(earliest, snapshot.deadlines().get(endpoints[i]));
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
