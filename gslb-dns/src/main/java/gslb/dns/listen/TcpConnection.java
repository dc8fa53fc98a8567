package gslb.dns.listen;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.dns.Responder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;

/// One TCP connection, served by a virtual thread: reads queries with their two-byte length,
/// answers them in the order in which they came, as many as there are.
///
/// It never looks at the clock to give up: before each wait it publishes a deadline, and {@link
/// TcpConnections} closes the channel under it when that has passed, which ends reads and writes
/// alike.
final class TcpConnection implements Runnable {
  /// RFC 1035 §4.2.2.
  private static final int LENGTH_PREFIX = 2;

  /// Buffer for queries, and for replies, between messages.
  private static final int BUFFER_BYTES = 2048;

  private static final int FRAME_MAX = LENGTH_PREFIX + Responder.MESSAGE_LENGTH_MAX;

  /// Replies waiting to be written, beyond which no further query is answered first.
  private static final int REPLIES_PENDING_MAX = 16 * 1024;

  /// Both buffers of a connection at their largest.
  static final int BUFFERS_BYTES_MAX = FRAME_MAX + REPLIES_PENDING_MAX + FRAME_MAX;

  private static final System.Logger LOG = System.getLogger(TcpConnection.class.getName());

  /// What a connection is waiting for.
  enum Phase {
    /// The first byte of a query.
    IDLE(ListenCounters.TCP_CLOSED_IDLE),
    /// The rest of a query.
    QUERY(ListenCounters.TCP_CLOSED_SLOW_QUERY),
    /// The answers to its queries, and the client to take them.
    REPLY(ListenCounters.TCP_CLOSED_UNREAD_REPLY);

    /// What counts connections closed in this phase.
    final int counter;

    Phase(int counter) {
      this.counter = counter;
    }
  }

  private final SocketChannel channel;
  private final Address client;
  private final TcpConnections connections;
  private final BlockingQueue<AnswerDesk> desks;
  private final Clock clock;

  private ByteBuffer queries = ByteBuffer.allocate(BUFFER_BYTES);
  private ByteBuffer replies = ByteBuffer.allocate(BUFFER_BYTES);

  private volatile Phase phase = Phase.IDLE;
  private volatile long deadlineNanos;
  private volatile long lastQueryNanos;

  /// @param desks the arrays for answering; one is held while answering, never while waiting for
  /// the
  ///     client
  TcpConnection(
      SocketChannel channel,
      Address client,
      TcpConnections connections,
      BlockingQueue<AnswerDesk> desks,
      Clock clock) {
    this.channel = channel;
    this.client = client;
    this.connections = connections;
    this.desks = desks;
    this.clock = clock;
    this.lastQueryNanos = clock.nanoTime();
    this.deadlineNanos = lastQueryNanos + connections.limits().idle().toNanos();
  }

  Address client() {
    return client;
  }

  Phase phase() {
    return phase;
  }

  boolean isPastDeadline(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  /// When the last query was complete, or when the connection began.
  long lastQueryNanos() {
    return lastQueryNanos;
  }

  /// Closes the channel, from any thread; the connection's own then ends.
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a connection", e);
    }
  }

  @Override
  public void run() {
    try {
      converse();
    } catch (IOException gone) {
      LOG.log(Level.DEBUG, "connection ended by the client or by its deadline", gone);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      close();
      connections.ended(this);
    }
  }

  private void converse() throws IOException, InterruptedException {
    boolean open = true;
    while (open) {
      if (queries.position() == 0) {
        await(Phase.IDLE);
      } else if (phase != Phase.QUERY) {
        await(Phase.QUERY);
      }
      // After the phase is published: whoever closes the server sees it, or this sees the closing.
      if (connections.isClosing()) {
        return;
      }
      if (!queries.hasRemaining()) {
        queries = enlarged(queries, queries.capacity() + 1);
      }
      open = channel.read(queries) >= 0;
      if (open) {
        queries.flip();
        open = answerQueries();
        queries.compact();
        shrink();
      }
    }
  }

  private void await(Phase next) {
    TcpLimits limits = connections.limits();
    long nanos =
        switch (next) {
          case IDLE -> limits.idle().toNanos();
          case QUERY -> limits.query().toNanos();
          case REPLY -> limits.reply().toNanos();
        };
    deadlineNanos = clock.nanoTime() + nanos;
    phase = next;
  }

  /// Answers every complete query in the buffer.
  ///
  /// @return whether the connection is to go on
  private boolean answerQueries() throws IOException, InterruptedException {
    boolean open = true;
    while (open && queryLength() >= 0) {
      await(Phase.REPLY);
      AnswerDesk desk = desks.take();
      try {
        desk.startBatch(true);
        desk.setClient(client.isV4(), client.high(), client.low());
        while (open && queryLength() >= 0 && replies.position() < REPLIES_PENDING_MAX) {
          open = answer(desk);
        }
      } finally {
        desks.add(desk);
      }
      lastQueryNanos = clock.nanoTime();
      flush();
    }
    return open;
  }

  /// Length of the query at the head of the buffer, or -1 if it is not complete.
  private int queryLength() {
    if (queries.remaining() < LENGTH_PREFIX) {
      return -1;
    }
    int length = Short.toUnsignedInt(queries.getShort(queries.position()));
    boolean malformed = length < AnswerDesk.HEADER_LENGTH;
    return malformed || queries.remaining() >= LENGTH_PREFIX + length ? length : -1;
  }

  private boolean answer(AnswerDesk desk) {
    int length = Short.toUnsignedInt(queries.getShort());
    if (length < AnswerDesk.HEADER_LENGTH) {
      connections.count(ListenCounters.TCP_CLOSED_MALFORMED);
      return false;
    }
    queries.get(desk.query, 0, length);
    connections.count(ListenCounters.TCP_QUERIES);
    int replied = desk.answer(length);
    if (replied == AnswerDesk.FAULT) {
      connections.count(ListenCounters.ANSWER_FAULTS);
      return false;
    }
    if (replied > 0) {
      if (replies.remaining() < LENGTH_PREFIX + replied) {
        replies = enlarged(replies, replies.position() + LENGTH_PREFIX + replied);
      }
      replies.putShort((short) replied).put(desk.reply, 0, replied);
    }
    return true;
  }

  private void flush() throws IOException {
    replies.flip();
    while (replies.hasRemaining()) {
      channel.write(replies);
    }
    replies.clear();
  }

  /// Doubling, so that a client holds no more memory than twice what it sent.
  private static ByteBuffer enlarged(ByteBuffer buffer, int needed) {
    int capacity = buffer.capacity();
    while (capacity < needed) {
      capacity *= 2;
    }
    int most = Math.max(needed, FRAME_MAX);
    return ByteBuffer.allocate(Math.min(capacity, most)).put(buffer.flip());
  }

  /// Gives the memory of long messages back once they are dealt with.
  private void shrink() {
    if (queries.position() == 0 && queries.capacity() > BUFFER_BYTES) {
      queries = ByteBuffer.allocate(BUFFER_BYTES);
    }
    if (replies.capacity() > BUFFER_BYTES) {
      replies = ByteBuffer.allocate(BUFFER_BYTES);
    }
  }
}
