package gslb.dns;

import gslb.base.Counters;
import gslb.base.Prefix;
import gslb.steering.ClientSketches;
import java.util.Optional;
import java.util.SplittableRandom;

/// Answers one query. The same code for UDP, TCP and scripted tests; touches no socket and no
/// clock.
/// Any number of threads may use one responder, each with its own buffers and context.
///
/// Its rings, from the outside in: access list ({@link Admission}), header and sections ({@link
/// QueryReader}), EDNS ({@link Edns}), client subnet ({@link ClientSubnet}), cookie ({@link
/// Cookie}), rate limit ({@link RateLimiter}), answer ({@link Solver}, {@link SteeredAnswer},
/// {@link EncodedIdentity}).
///
/// | clause | here |
/// |---|---|
/// | RFC 1035 §4.1.1 | ID, OPCODE and RD are copied; RA and Z are 0 |
/// | RFC 4035 §3.1.6 | CD is copied, AD is 0 |
/// | RFC 1035 §3.2.4 | a class other than IN and CHAOS: REFUSED |
/// | RFC 7873 §5.4 | a cookie without a question: NOERROR, BADCOOKIE if its server cookie is not
/// good |
/// | RFC 5936 §2.2.1 | AXFR, IXFR: REFUSED |
/// | RFC 6895 §3.1 | a meta-type that is no QTYPE: FORMERR; the mail QTYPEs: NOTIMP |
/// | RFC 9715 §3.1, appendix A | a UDP reply has at most 1,232 octets, whatever the client offers |
/// | RFC 8914 §4.19 | a client whom the access list refuses: REFUSED, with Prohibited |
/// | RFC 8914 §3, §4.1 | a steered answer to a client that may know why: Other Error with the
/// reason as text, if there is room |
/// | RFC 8914 §4.21 | a name of no zone here: REFUSED, with Not Authoritative |
/// | RFC 7871 §7.2.1 | no client subnet in the query, none in the reply |
public final class Responder {
  /// Room that `out` must have: the longest message there is over TCP.
  public static final int MESSAGE_LENGTH_MAX = 65_535;

  /// Octets of the longest reply over UDP, and the payload size announced: what passes unfragmented
  /// almost everywhere (RFC 9715 appendix A).
  public static final int UDP_RESPONSE_LENGTH_MAX = 1_232;

  /// CNAME and DNAME records that one answer follows.
  public static final int CHAIN_LENGTH_MAX = Solver.CHAIN_LENGTH_MAX;

  // Flags, in the second 16 bits of the header.
  private static final int QR = 0x8000;
  private static final int OPCODE = 0x7800;
  private static final int AA = 0x0400;
  private static final int TC = 0x0200;
  private static final int RD = 0x0100;
  private static final int CD = 0x0010;

  private final Snapshots snapshots;
  private final RateLimiter limiter;
  private final ClientSketches sketches;
  private final Counters counters = DnsCounter.newCounters();

  /// @param limiter keeps its counters over reloads; the snapshot says what it allows
  /// @param sketches hear of every client that is steered
  public Responder(Snapshots snapshots, RateLimiter limiter, ClientSketches sketches) {
    this.snapshots = snapshots;
    this.limiter = limiter;
    this.sketches = sketches;
  }

  /// A responder for rehearsals and tests: its limiter has a known key, and nobody reads its
  /// sketches.
  public Responder(Snapshots snapshots) {
    this(
        snapshots,
        new RateLimiter(new SplittableRandom(1)),
        new ClientSketches(new SplittableRandom(1)));
  }

  /// The context of one more thread, whose queries are counted.
  public QueryContext newContext() {
    return new QueryContext(counters.newBlock(), sketches.newSketch());
  }

  /// What all contexts have counted.
  public Counters counters() {
    return counters;
  }

  /// Keeps the rate limiter in order and has it log whom it limits. To be called every few seconds
  /// by one thread.
  ///
  /// @return the prefix that was logged
  public Optional<Prefix> housekeep(long nowNanos) {
    DnsSnapshot snapshot = snapshots.current();
    return limiter.housekeep(snapshot.admission().rates(), snapshot.generation(), nowNanos);
  }

  /// Reads the query in place and writes the reply.
  ///
  /// @param in the query; the first `length` bytes count
  /// @param out another array, of at least {@link #MESSAGE_LENGTH_MAX} bytes
  /// @return length of the reply, or 0 for silence
  public int answer(byte[] in, int length, byte[] out, QueryContext context) {
    DnsSnapshot snapshot = snapshots.current();
    Admission admission = snapshot.admission();
    int access = admission.access(context);
    if (access == Admission.DROP) {
      context.count(DnsCounter.DROPPED_ACCESS);
      return 0;
    }
    Edns edns = context.edns;
    edns.reset(snapshot, context);
    int rcode = QueryReader.read(in, length, context);
    if (rcode == QueryReader.SILENCE) {
      return 0;
    }
    edns.judgeCookie(in, context);
    int limited = limiter.judge(admission.rates(), snapshot.generation(), context);
    if (limited == RateLimiter.DROP) {
      return 0;
    }
    int questionEnd = Math.max(QueryReader.HEADER_LENGTH, context.questionEnd);
    System.arraycopy(in, 0, out, 0, questionEnd);
    context.writer.begin(
        out, questionEnd, limit(context) - edns.replyLengthMax(), context.question);
    context.scope = 0;
    context.negativeTtlMax = Integer.MAX_VALUE;
    context.extendedError = QueryContext.NO_EXTENDED_ERROR;
    context.extraTextLength = 0;
    context.service = -1;
    context.isRateLimited = limited != RateLimiter.PASS;
    context.isAuthoritative = false;
    context.isTruncated = false;
    boolean echoesSubnet = false;
    if (rcode == Rcode.NOERROR) {
      rcode = access == Admission.REFUSE ? refuse(context) : questionRcode(context);
      echoesSubnet = edns.subnet.isPresent() && rcode != Rcode.FORMERR;
      if (rcode == Rcode.NOERROR) {
        rcode =
            limited == RateLimiter.PASS ? solve(snapshot, context) : limitedRcode(limited, context);
      }
    }
    explain(snapshot, limit(context), context);
    count(rcode, echoesSubnet, context);
    int flags =
        QR
            | Wire.u16(in, 2) & (OPCODE | RD | CD)
            | (context.isAuthoritative ? AA : 0)
            | (context.isTruncated ? TC : 0)
            | rcode & 0xf;
    Wire.putU16(out, 2, flags);
    Wire.putU16(out, 4, context.questionEnd > 0 ? 1 : 0);
    return context.writer.finish(in, rcode, echoesSubnet, context);
  }

  private static int limit(QueryContext context) {
    return context.overTcp
        ? MESSAGE_LENGTH_MAX
        : Math.min(context.edns.payloadSize(), UDP_RESPONSE_LENGTH_MAX);
  }

  /// Asks the client to come back over TCP or with a cookie. A limited query that gets an error has
  /// no reason to come back, and its reply is as short.
  private static int limitedRcode(int limited, QueryContext context) {
    if (limited == RateLimiter.BADCOOKIE) {
      return Rcode.BADCOOKIE;
    }
    context.isTruncated = true;
    return Rcode.NOERROR;
  }

  /// Has the reply say why it is what it is, if the client may know and there is room. It goes
  /// before anything else does: nothing is truncated for it (RFC 8914 §3).
  private static void explain(DnsSnapshot snapshot, int limit, QueryContext context) {
    EncodedReasons reasons = snapshot.reasons();
    Edns edns = context.edns;
    if (reasons == null
        || context.service < 0
        || context.isTruncated
        || !edns.isPresent()
        || !snapshot.admission().explains(context)) {
      return;
    }
    int length = reasons.write(snapshot.plan(), context, context.extraText, 0);
    int taken = context.writer.position() + edns.replyLengthMax();
    if (limit - taken >= Edns.NUMBER_OPTION_LENGTH + length) {
      context.extendedError = QueryContext.EXTENDED_ERROR_OTHER;
      context.extraTextLength = length;
    }
  }

  private static int refuse(QueryContext context) {
    context.count(DnsCounter.REFUSED_ACCESS);
    context.extendedError = QueryContext.EXTENDED_ERROR_PROHIBITED;
    return Rcode.REFUSED;
  }

  /// The answer to a question that may be asked.
  private static int solve(DnsSnapshot snapshot, QueryContext context) {
    if (context.questionEnd == 0) {
      return context.edns.cookie.state() == Cookie.State.INVALID ? Rcode.BADCOOKIE : Rcode.NOERROR;
    }
    if (context.qclass == RrType.CLASS_CH) {
      return snapshot.identity().answer(context);
    }
    int rcode = Solver.solve(snapshot, context);
    if (rcode == Rcode.REFUSED) {
      context.extendedError = QueryContext.EXTENDED_ERROR_NOT_AUTHORITATIVE;
    }
    return rcode;
  }

  /// What the class and the type alone decide, or NOERROR.
  private static int questionRcode(QueryContext context) {
    if (context.questionEnd == 0) {
      return Rcode.NOERROR;
    }
    return switch (context.qtype) {
      case RrType.OPT, RrType.NXNAME, RrType.TSIG -> {
        context.count(DnsCounter.FORMERR_QTYPE);
        yield Rcode.FORMERR;
      }
      case RrType.MAILA, RrType.MAILB -> Rcode.NOTIMP;
      case RrType.AXFR, RrType.IXFR, RrType.TKEY -> Rcode.REFUSED;
      default -> isServed(context.qclass) ? Rcode.NOERROR : Rcode.REFUSED;
    };
  }

  private static boolean isServed(int qclass) {
    return qclass == RrType.CLASS_IN || qclass == RrType.CLASS_CH;
  }

  private static void count(int rcode, boolean echoesSubnet, QueryContext context) {
    context.count(
        switch (rcode) {
          case Rcode.NOERROR -> DnsCounter.REPLIES_NOERROR;
          case Rcode.FORMERR -> DnsCounter.REPLIES_FORMERR;
          case Rcode.NXDOMAIN -> DnsCounter.REPLIES_NXDOMAIN;
          case Rcode.NOTIMP -> DnsCounter.REPLIES_NOTIMP;
          case Rcode.REFUSED -> DnsCounter.REPLIES_REFUSED;
          case Rcode.YXDOMAIN -> DnsCounter.REPLIES_YXDOMAIN;
          case Rcode.BADCOOKIE -> DnsCounter.REPLIES_BADCOOKIE;
          default -> DnsCounter.REPLIES_BADVERS;
        });
    if (context.edns.isPresent()) {
      context.count(DnsCounter.EDNS);
    }
    if (echoesSubnet) {
      context.count(DnsCounter.ECS);
    }
    if (context.isTruncated) {
      context.count(DnsCounter.TRUNCATED);
    }
  }
}
