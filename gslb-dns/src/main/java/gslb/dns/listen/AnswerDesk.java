package gslb.dns.listen;

import gslb.base.Clock;
import gslb.dns.QueryContext;
import gslb.dns.Responder;
import java.lang.System.Logger.Level;

/// The arrays and the scratch space with which one thread at a time has queries answered.
final class AnswerDesk {
  /// What {@link #answer} returns when the answerer threw.
  static final int FAULT = -1;

  /// RFC 1035 §4.1.1: nothing shorter than the header is a message.
  static final int HEADER_LENGTH = 12;

  private static final System.Logger LOG = System.getLogger(AnswerDesk.class.getName());

  /// The query, from index 0.
  final byte[] query;

  /// The reply, from index 0.
  final byte[] reply = new byte[Responder.MESSAGE_LENGTH_MAX];

  private final Answerer answerer;
  private final QueryContext context;
  private final Clock clock;
  private final RepeatedFault faults;

  /// @param faults shared by all desks of a server
  AnswerDesk(
      int queryLengthMax,
      Answerer answerer,
      QueryContext context,
      Clock clock,
      RepeatedFault faults) {
    this.query = new byte[queryLengthMax];
    this.answerer = answerer;
    this.context = context;
    this.clock = clock;
    this.faults = faults;
  }

  /// Tells the answers that follow what time it is.
  void startBatch(boolean overTcp) {
    context.overTcp = overTcp;
    context.nowNanos = clock.nanoTime();
    context.nowMillis = clock.currentTimeMillis();
  }

  long nowNanos() {
    return context.nowNanos;
  }

  long nowMillis() {
    return context.nowMillis;
  }

  /// The same for queries of one connection.
  ///
  /// @param idleTenths how long it may stay idle, in units of 100 ms
  void startStream(boolean overTls, int idleTenths) {
    startBatch(true);
    context.overTls = overTls;
    context.idleTenths = idleTenths;
  }

  void setClient(boolean isV4, long high, long low) {
    context.clientIsV4 = isV4;
    context.clientHigh = high;
    context.clientLow = low;
  }

  /// Answers the first `length` bytes of {@link #query} into {@link #reply}.
  ///
  /// @return length of the reply, 0 for silence, or {@link #FAULT}
  int answer(int length) {
    try {
      return answerer.answer(query, length, reply, context);
    } catch (RuntimeException | Error fault) {
      // One query that the responder cannot bear must not cost the socket.
      long times = faults.occurred();
      if (times > 0) {
        LOG.log(Level.ERROR, "answering a query failed, " + times + " so far", fault);
      }
      return FAULT;
    }
  }
}
