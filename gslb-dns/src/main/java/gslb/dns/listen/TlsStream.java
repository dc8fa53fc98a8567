package gslb.dns.listen;

import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/// The server's side of TLS over a blocking channel.
///
/// Buffers: 2 KiB for ciphertext while nothing comes; a longer record, a record being sent, and
/// plaintext that its reader has no room for take up to {@link #RECORD_BYTES_MAX} each from the
/// budget, and give it back at once when they are done with.
final class TlsStream implements TcpStream {
  /// RFC 8446 §5.2, RFC 5246 §6.2.3: fragment, expansion and header, rounded up.
  static final int RECORD_BYTES_MAX = 18 * 1024;

  private static final int BUFFER_BYTES = 2048;

  /// Records that end a connection: an alert, close_notify, and what was due before them.
  private static final int FINAL_RECORDS_MAX = 4;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final System.Logger LOG = System.getLogger(TlsStream.class.getName());

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final Semaphore handshakes;
  private final BufferBudget budget;

  /// Ciphertext that came, from index 0.
  private ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES);

  /// Plaintext that its reader had no room for.
  private ByteBuffer aside = NOTHING;

  private boolean established;

  /// @param first what has been read from the channel already, at most 2 KiB
  TlsStream(SocketChannel channel, TlsPort port, BufferBudget budget, ByteBuffer first) {
    this.channel = channel;
    this.engine = port.newEngine();
    this.handshakes = port.handshakes();
    this.budget = budget;
    received.put(first);
  }

  /// @throws SSLException if the client does not keep to the protocol or nothing is common
  /// @throws EOFException if the client leaves
  void handshake() throws IOException, InterruptedException {
    engine.beginHandshake();
    while (!established) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> send(NOTHING);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (read(NOTHING) < 0) {
            throw new EOFException("the client left amid the handshake");
          }
        }
        case FINISHED, NOT_HANDSHAKING -> established = true;
      }
    }
  }

  /// During the handshake, returns 0 after each record.
  @Override
  public int read(ByteBuffer target) throws IOException, InterruptedException {
    while (true) {
      if (established && aside.hasRemaining()) {
        return takeAside(target);
      }
      SSLEngineResult result = decrypt(target);
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
        result = decryptAside();
      }
      switch (result.getStatus()) {
        case OK -> {
          if (!established || result.bytesProduced() > 0 && !aside.hasRemaining()) {
            return result.bytesProduced();
          }
          if (result.bytesProduced() == 0) {
            afterHandshakeMessage(result);
          }
        }
        case BUFFER_UNDERFLOW -> {
          if (!receive()) {
            return -1;
          }
        }
        case BUFFER_OVERFLOW ->
            throw new SSLException("a record without room in " + RECORD_BYTES_MAX);
        case CLOSED -> {
          return -1; // close_notify
        }
      }
    }
  }

  private SSLEngineResult decrypt(ByteBuffer target) throws SSLException {
    received.flip();
    try {
      return engine.unwrap(received, target);
    } finally {
      received.compact();
    }
  }

  private boolean receive() throws IOException {
    if (received.position() == 0 && received.capacity() > BUFFER_BYTES) {
      resize(BUFFER_BYTES);
    } else if (!received.hasRemaining()) {
      if (received.capacity() >= RECORD_BYTES_MAX) {
        throw new SSLException("a record longer than " + RECORD_BYTES_MAX);
      }
      resize(RECORD_BYTES_MAX);
    }
    return channel.read(received) >= 0;
  }

  private void resize(int capacity) throws IOException {
    int more = capacity - received.capacity();
    if (more > 0) {
      budget.take(more);
    } else {
      budget.give(-more);
    }
    received = ByteBuffer.allocate(capacity).put(received.flip());
  }

  /// For a record that says it is longer than its reader has room, complete or not.
  private SSLEngineResult decryptAside() throws IOException {
    budget.take(RECORD_BYTES_MAX);
    aside = ByteBuffer.allocate(RECORD_BYTES_MAX);
    try {
      return decrypt(aside);
    } finally {
      aside.flip();
      if (!aside.hasRemaining()) {
        giveAsideBack();
      }
    }
  }

  private int takeAside(ByteBuffer target) {
    int count = Math.min(aside.remaining(), target.remaining());
    target.put(aside.slice(aside.position(), count));
    aside.position(aside.position() + count);
    if (!aside.hasRemaining()) {
      giveAsideBack();
    }
    return count;
  }

  private void giveAsideBack() {
    if (aside.capacity() > 0) {
      aside = NOTHING;
      budget.give(RECORD_BYTES_MAX);
    }
  }

  /// What a record without plaintext asks for once the connection stands: in TLS 1.3 an answer to a
  /// key update, in TLS 1.2 a new handshake, which nobody gets (RFC 9325 §3.5).
  private void afterHandshakeMessage(SSLEngineResult result)
      throws IOException, InterruptedException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK, NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        if (engine.getSession().getProtocol().equals("TLSv1.2")) {
          throw new SSLException("renegotiation refused");
        }
        runTasks();
      }
      case NEED_WRAP -> send(NOTHING);
      case FINISHED, NOT_HANDSHAKING -> {
        if (result.bytesConsumed() == 0) {
          throw new SSLException("a record that is neither taken nor waited for");
        }
      }
    }
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      send(source);
    }
  }

  /// Sends one record, with as much of the source as it holds.
  private void send(ByteBuffer source) throws IOException {
    budget.take(RECORD_BYTES_MAX);
    try {
      ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES_MAX);
      SSLEngineResult result = engine.wrap(source, record);
      if (result.getStatus() != SSLEngineResult.Status.OK
          || result.bytesConsumed() + result.bytesProduced() == 0) {
        throw new SSLException("nothing can be sent: " + result.getStatus());
      }
      record.flip();
      while (record.hasRemaining()) {
        channel.write(record);
      }
    } finally {
      budget.give(RECORD_BYTES_MAX);
    }
  }

  private void runTasks() throws IOException, InterruptedException {
    handshakes.acquire();
    try {
      if (!channel.isOpen()) {
        throw new ClosedChannelException(); // its deadline passed while it waited for its turn
      }
      Runnable task = engine.getDelegatedTask();
      while (task != null) {
        task.run();
        task = engine.getDelegatedTask();
      }
    } finally {
      handshakes.release();
    }
  }

  /// Sends the alert that is due, or close_notify (RFC 8446 §6.1), if the kernel takes it at once.
  @Override
  public void finish() {
    giveAsideBack();
    budget.give(received.capacity() - BUFFER_BYTES);
    received = NOTHING;
    try {
      engine.closeOutbound();
      if (!channel.isOpen()) {
        return;
      }
      channel.configureBlocking(false);
      ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES_MAX);
      for (int i = 0; i < FINAL_RECORDS_MAX && !engine.isOutboundDone(); i++) {
        engine.wrap(NOTHING, record.clear());
        channel.write(record.flip());
        if (record.hasRemaining()) {
          return;
        }
      }
    } catch (IOException gone) {
      LOG.log(Level.DEBUG, "a client that is gone hears no goodbye", gone);
    }
  }
}
