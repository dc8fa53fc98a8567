package gslb.redirect;

import gslb.base.CounterBlock;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Protocols;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.channels.SuspendableWriteChannel;

/// An answer to a request whose body is still under way. The engine would read the whole body
/// first and answer after that, or not at all; here the response goes out at once and the body is
/// then read for a while and thrown away, because a connection closed on unread data is reset, and
/// a reset can take back a response that the client has not read yet.
///
/// Of the body at most {@link #BODY_LENGTH_MAX} bytes are read. What comes after them stays in the
/// socket, where it holds the client up until it looks at the response. A body that has not ended
/// after {@link #LINGER_MILLIS_MAX} is cut: over HTTP/1.1 with the connection, over HTTP/2 by
/// {@link StreamReset}, and not sooner, because the engine ends the whole connection when more of
/// the body arrives on a stream that it has reset.
///
/// Confined to the connection's I/O thread.
final class EarlyAnswer implements Runnable {
  static final int BODY_LENGTH_MAX = 262_144;
  static final int LINGER_MILLIS_MAX = 2_000;

  private final HttpServerExchange exchange;
  private final CounterBlock counters;
  private final ByteBuffer content;
  private final boolean ownsConnection;
  private StreamSinkChannel response;
  private XnioExecutor.@Nullable Key timer;
  private int read;
  private boolean isShut;

  private EarlyAnswer(HttpServerExchange exchange, byte[] content, CounterBlock counters) {
    this.exchange = exchange;
    this.counters = counters;
    this.content = ByteBuffer.wrap(content);
    ownsConnection = !exchange.getProtocol().equals(Protocols.HTTP_2_0);
    if (ownsConnection) {
      exchange.setPersistent(false); // before the response's head is made: it says so
    }
    response = exchange.getResponseChannel();
  }

  /// Sends the response whose status and headers are set, then deals with the body.
  static void send(HttpServerExchange exchange, byte[] content, CounterBlock counters) {
    counters.increment(RedirectCounters.EARLY);
    EarlyAnswer answer = new EarlyAnswer(exchange, content, counters);
    if (answer.write()) {
      answer.linger();
    } else {
      answer.response.getWriteSetter().set((ChannelListener<StreamSinkChannel>) answer::writable);
      answer.response.resumeWrites();
    }
  }

  private void writable(SuspendableWriteChannel channel) {
    if (write()) {
      channel.suspendWrites();
      linger();
    }
  }

  /// Whether the whole response is on its way.
  private boolean write() {
    try {
      while (content.hasRemaining()) {
        if (response.write(content) == 0) {
          return false;
        }
      }
      if (!isShut) {
        isShut = true;
        response.shutdownWrites();
      }
      return response.flush();
    } catch (IOException e) {
      close(); // the client is gone
      return false;
    }
  }

  private void linger() {
    StreamSourceChannel channel = exchange.getRequestChannel();
    if (channel == null) {
      close();
      return;
    }
    timer = exchange.getIoThread().executeAfter(this, LINGER_MILLIS_MAX, TimeUnit.MILLISECONDS);
    channel.getReadSetter().set((ChannelListener<StreamSourceChannel>) this::readable);
    readable(channel);
  }

  private void readable(StreamSourceChannel channel) {
    try (PooledByteBuffer pooled = exchange.getConnection().getByteBufferPool().allocate()) {
      ByteBuffer buffer = pooled.getBuffer();
      int count = 0;
      while (read < BODY_LENGTH_MAX) {
        buffer.clear().limit(Math.min(buffer.capacity(), BODY_LENGTH_MAX - read));
        count = channel.read(buffer);
        if (count <= 0) {
          break;
        }
        read += count;
      }
      if (count < 0) {
        close();
      } else if (read < BODY_LENGTH_MAX) {
        channel.resumeReads();
      } else {
        channel.suspendReads();
      }
    } catch (IOException e) {
      close(); // the client is gone, or its chunks are none
    }
  }

  /// The client had its time.
  @Override
  public void run() {
    counters.increment(RedirectCounters.EARLY_CUT);
    timer = null;
    if (!ownsConnection) {
      StreamReset.withoutError(exchange.getConnection());
    }
    close();
  }

  private void close() {
    if (timer != null) {
      timer.remove();
      timer = null;
    }
    if (ownsConnection) {
      IoUtils.safeClose(exchange.getConnection());
    }
  }
}
