package gslb.trials.script;

import gslb.dns.QueryContext;
import gslb.dns.Responder;
import java.util.Arrays;

/// Calls the responder as a listener does, without a socket.
final class DirectWay implements Way {
  /// What a connection of the default limits may stay idle, in units of 100 ms.
  private static final int IDLE_TENTHS = 100;

  private final Theatre theatre;
  private final QueryContext context;
  private final byte[] out = new byte[Responder.MESSAGE_LENGTH_MAX];

  DirectWay(Theatre theatre) {
    this.theatre = theatre;
    this.context = theatre.responder().newContext();
  }

  @Override
  public byte[] ask(Query query, byte[] message, Over over) {
    context.overTcp = over != Over.UDP;
    context.overTls = over == Over.TLS;
    context.idleTenths = over == Over.UDP ? 0 : IDLE_TENTHS;
    context.clientIsV4 = query.from().isV4();
    context.clientHigh = query.from().high();
    context.clientLow = query.from().low();
    context.nowNanos = theatre.clock().nanoTime();
    context.nowMillis = theatre.clock().currentTimeMillis();
    // A listener's array is longer than the query, and what follows is of another one.
    byte[] in = Arrays.copyOf(message, message.length + 64);
    Arrays.fill(in, message.length, in.length, (byte) 0xa5);
    int length = theatre.responder().answer(in, message.length, out, context);
    return Arrays.copyOf(out, length);
  }

  @Override
  public boolean canAsk(Query query, Over over) {
    return true;
  }

  @Override
  public void close() {}
}
