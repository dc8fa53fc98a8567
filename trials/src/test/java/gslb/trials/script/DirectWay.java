package gslb.trials.script;

import gslb.dns.QueryContext;
import gslb.dns.Responder;
import gslb.redirect.DirectRedirect;
import java.util.Arrays;

/// Calls the responder as a listener does, without a socket.
final class DirectWay implements Way {
  private final Theatre theatre;
  private final QueryContext context;
  private final int idleTenths;
  private final DirectRedirect redirect = new DirectRedirect();
  private final byte[] out = new byte[Responder.MESSAGE_LENGTH_MAX];

  DirectWay(Theatre theatre) {
    this.theatre = theatre;
    this.context = theatre.responder().newContext();
    // What the listener announces: a second less than it waits.
    this.idleTenths =
        (int) (theatre.world().configuration().dns().tcp().idle().minusSeconds(1).toMillis() / 100);
  }

  @Override
  public byte[] ask(Query query, byte[] message, Over over, boolean expectsSilence) {
    context.overTcp = over != Over.UDP;
    context.overTls = over == Over.TLS;
    context.idleTenths = over == Over.UDP ? 0 : idleTenths;
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
  public String get(Http request) {
    return redirect.answer(
        theatre.redirect(),
        request.host(),
        request.path(),
        request.from(),
        theatre.clock().currentTimeMillis());
  }

  @Override
  public void close() {}
}
