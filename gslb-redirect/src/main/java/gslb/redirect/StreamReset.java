package gslb.redirect;

import io.undertow.protocols.http2.Http2Channel;
import io.undertow.protocols.http2.Http2StreamSourceChannel;
import io.undertow.server.ServerConnection;
import io.undertow.server.protocol.http2.Http2ServerConnection;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Tells an HTTP/2 client that has its whole response to stop sending the request's body:
/// RST_STREAM with NO_ERROR (RFC 9113 §8.1). Clients keep the response then; with the CANCEL that
/// the engine sends when a stream is closed, some of them throw it away.
///
/// The engine has the call for it but hides the two objects that it needs.
final class StreamReset {
  private static final VarHandle CHANNEL = field("channel", Http2Channel.class);
  private static final VarHandle REQUEST = field("requestChannel", Http2StreamSourceChannel.class);

  private StreamReset() {}

  private static VarHandle field(String name, Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(Http2ServerConnection.class, MethodHandles.lookup())
          .findVarHandle(Http2ServerConnection.class, name, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static void withoutError(ServerConnection stream) {
    Http2Channel channel = (Http2Channel) CHANNEL.get((Http2ServerConnection) stream);
    Http2StreamSourceChannel request =
        (Http2StreamSourceChannel) REQUEST.get((Http2ServerConnection) stream);
    channel.sendRstStream(request.getStreamId(), Http2Channel.ERROR_NO_ERROR);
  }
}
