package gslb.dns.listen;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.ProxyHeader;
import gslb.dns.Responder;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLException;

/// One TCP connection, served by a virtual thread: reads the PROXY header if its peer is a trusted
/// proxy, does the TLS handshake if its listener speaks TLS, then reads queries with their two-byte
/// length and answers them in the order in which they came, as many as there are.
///
/// It never looks at the clock to give up a wait: before each it publishes a deadline, and {@link
/// TcpConnections} closes the channel under it when that has passed, which ends reads and writes
/// alike.
final class TcpConnection implements Runnable {
  /// RFC 1035 §4.2.2.
  private static final int LENGTH_PREFIX = 2;

  /// Buffer for queries, and for replies, between messages. A PROXY header fits.
  private static final int BUFFER_BYTES = 2048;

  private static final int FRAME_MAX = LENGTH_PREFIX + Responder.MESSAGE_LENGTH_MAX;

  /// Replies waiting to be written, beyond which no further query is answered first.
  private static final int REPLIES_PENDING_MAX = 16 * 1024;

  /// All buffers of a connection at their largest: queries, replies, and three records below TLS.
  static final int BUFFERS_BYTES_MAX =
      FRAME_MAX + REPLIES_PENDING_MAX + FRAME_MAX + 3 * TlsStream.RECORD_BYTES_MAX;

  /// For a connection that is asked to end to do so by itself.
  private static final long GOODBYE_NANOS = 1_000_000_000;

  private static final System.Logger LOG = System.getLogger(TcpConnection.class.getName());

  /// What a connection is waiting for.
  enum Phase {
    /// The PROXY header and the TLS handshake.
    OPENING(ListenCounters.TCP_CLOSED_OPENING),
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
  private final TcpService service;
  private final TcpConnections connections;
  private final Clock clock;
  private final boolean isProxied;
  private final long lifeEndNanos;

  /// The socket's peer, until a PROXY header names another.
  private Address client;

  private TcpStream stream;
  private ByteBuffer queries = ByteBuffer.allocate(BUFFER_BYTES);
  private ByteBuffer replies = ByteBuffer.allocate(BUFFER_BYTES);

  private volatile Phase phase;
  private volatile long deadlineNanos;

  /// Whether the deadline is the end of the connection's life.
  private volatile boolean lastDeadline;

  private volatile boolean hasGoodbye;
  private volatile boolean isAskedToEnd;
  private volatile long lastQueryNanos;

  TcpConnection(SocketChannel channel, Address peer, TcpService service) {
    this.channel = channel;
    this.stream = new TcpStream.Plain(channel);
    this.client = peer;
    this.service = service;
    this.connections = service.connections();
    this.clock = service.clock();
    this.isProxied = service.proxies().contains(peer);
    this.lastQueryNanos = clock.nanoTime();
    TcpLimits limits = connections.limits();
    this.lifeEndNanos = lastQueryNanos + limits.life().toNanos();
    boolean opens = isProxied || service.tls() != null;
    this.phase = opens ? Phase.OPENING : Phase.IDLE;
    this.deadlineNanos =
        lastQueryNanos + (opens ? limits.query().toNanos() : limits.idle().toNanos());
  }

  /// The client, as far as it is known: the connection's own thread learns more from the header.
  Address client() {
    return client;
  }

  /// Whether the client is not known before the PROXY header.
  boolean isProxied() {
    return isProxied;
  }

  Phase phase() {
    return phase;
  }

  boolean isPastDeadline(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  /// What counts this connection if it is closed for its deadline.
  int expiryCounter() {
    return phase == Phase.IDLE && lastDeadline ? ListenCounters.TCP_CLOSED_LIFE : phase.counter;
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

  /// Lets a connection end by itself if it only waits for a query and there is a goodbye to say: as
  /// if the client had half-closed.
  ///
  /// @return whether it will; if not in time, its deadline passes again. Else {@link #close} it
  boolean endByItself(long nowNanos) {
    if (!hasGoodbye || phase != Phase.IDLE || isAskedToEnd) {
      return false;
    }
    try {
      isAskedToEnd = true;
      deadlineNanos = nowNanos + GOODBYE_NANOS;
      channel.shutdownInput();
      return true;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "ending a connection", e);
      return false;
    }
  }

  boolean isAskedToEnd() {
    return isAskedToEnd;
  }

  @Override
  public void run() {
    try {
      if (opened()) {
        converse();
      }
    } catch (BufferBudget.Exhausted full) {
      connections.count(ListenCounters.TCP_CLOSED_MEMORY);
    } catch (SSLException broken) {
      connections.count(ListenCounters.TLS_ERRORS);
    } catch (IOException gone) {
      LOG.log(Level.DEBUG, "connection ended by the client or by its deadline", gone);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error fault) {
      failed(fault);
    } finally {
      end();
    }
  }

  private void failed(Throwable fault) {
    connections.count(ListenCounters.ANSWER_FAULTS);
    long times = service.faults().occurred();
    if (times > 0) {
      LOG.log(Level.ERROR, "serving a connection failed, " + times + " so far", fault);
    }
  }

  private void end() {
    stream.finish();
    close();
    connections.budget().give(queries.capacity() + replies.capacity() - 2 * BUFFER_BYTES);
    connections.ended(this);
  }

  /// Does what comes before the first query.
  ///
  /// @return whether one may come
  private boolean opened() throws IOException, InterruptedException {
    if (isProxied && !hasProxyHeader()) {
      connections.count(ListenCounters.TCP_CLOSED_PROXY);
      return false;
    }
    if (isProxied && !connections.identify(this)) {
      return false;
    }
    TlsPort tls = service.tls();
    return tls == null || isSecured(tls);
  }

  /// Reads the header and leaves in the buffer what came behind it.
  private boolean hasProxyHeader() throws IOException, InterruptedException {
    ProxyHeader header = new ProxyHeader();
    int length = ProxyHeader.INCOMPLETE;
    while (length == ProxyHeader.INCOMPLETE) {
      if (stream.read(queries) < 0) {
        return false;
      }
      length = header.read(queries.array(), 0, queries.position());
    }
    if (length == ProxyHeader.MALFORMED) {
      return false;
    }
    queries.flip().position(length).compact();
    if (!header.namesNobody) {
      client = header.source();
    }
    return true;
  }

  private boolean isSecured(TlsPort port) throws IOException, InterruptedException {
    TlsStream tls = new TlsStream(channel, port, connections.budget(), queries.flip());
    queries.clear();
    stream = tls;
    try {
      tls.handshake();
    } catch (SSLException | EOFException refused) {
      connections.count(ListenCounters.TLS_HANDSHAKE_ERRORS);
      return false;
    }
    connections.count(ListenCounters.TLS_CONNECTIONS);
    hasGoodbye = true;
    return true;
  }

  private void converse() throws IOException, InterruptedException {
    boolean open = true;
    while (open) {
      queries.flip();
      open = answerQueries();
      queries.compact();
      shrink();
      open = open && goesOn() && stream.read(queries) >= 0;
    }
  }

  /// Publishes what is waited for next.
  ///
  /// @return whether to wait for it
  private boolean goesOn() throws IOException {
    if (queries.position() == 0) {
      await(Phase.IDLE);
    } else if (phase != Phase.QUERY) {
      await(Phase.QUERY);
    }
    // After the phase is published: whoever closes the server sees it, or this sees the closing.
    if (connections.isClosing()) {
      return false;
    }
    if (clock.nanoTime() - lifeEndNanos >= 0) {
      connections.count(ListenCounters.TCP_CLOSED_LIFE);
      return false;
    }
    if (!queries.hasRemaining()) {
      queries = enlarged(queries, queries.capacity() + 1);
    }
    return true;
  }

  private void await(Phase next) {
    if (isAskedToEnd) {
      return; // what is left must be over by then
    }
    TcpLimits limits = connections.limits();
    long now = clock.nanoTime();
    long nanos =
        switch (next) {
          case IDLE -> limits.idle().toNanos();
          case OPENING, QUERY -> limits.query().toNanos();
          case REPLY -> limits.reply().toNanos();
        };
    lastDeadline = next == Phase.IDLE && lifeEndNanos - now < nanos;
    deadlineNanos = lastDeadline ? lifeEndNanos : now + nanos;
    phase = next;
  }

  /// Answers every complete query in the buffer.
  ///
  /// @return whether the connection is to go on
  private boolean answerQueries() throws IOException, InterruptedException {
    boolean open = true;
    while (open && queryLength() >= 0) {
      await(Phase.REPLY);
      AnswerDesk desk = service.desks().take();
      try {
        desk.startStream(service.tls() != null, connections.idleTenths());
        desk.setClient(client.isV4(), client.high(), client.low());
        while (open && queryLength() >= 0 && replies.position() < REPLIES_PENDING_MAX) {
          open = answer(desk);
        }
      } finally {
        service.desks().add(desk);
      }
      lastQueryNanos = clock.nanoTime();
      connections.completedQuery(this);
      stream.write(replies.flip());
      replies.clear();
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

  private boolean answer(AnswerDesk desk) throws BufferBudget.Exhausted {
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

  /// Doubling, so that a client holds no more memory than twice what it sent.
  private ByteBuffer enlarged(ByteBuffer buffer, int needed) throws BufferBudget.Exhausted {
    int capacity = buffer.capacity();
    while (capacity < needed) {
      capacity *= 2;
    }
    capacity = Math.min(capacity, Math.max(needed, FRAME_MAX));
    connections.budget().take(capacity - buffer.capacity());
    return ByteBuffer.allocate(capacity).put(buffer.flip());
  }

  /// Gives the memory of long messages back once they are dealt with.
  private void shrink() {
    if (queries.position() == 0) {
      queries = shrunk(queries);
    }
    replies = shrunk(replies);
  }

  private ByteBuffer shrunk(ByteBuffer buffer) {
    if (buffer.capacity() == BUFFER_BYTES) {
      return buffer;
    }
    connections.budget().give(buffer.capacity() - BUFFER_BYTES);
    return ByteBuffer.allocate(BUFFER_BYTES);
  }
}
