package gslb.dns.listen;

import gslb.base.CounterBlock;
import gslb.base.ProxyHeader;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.time.Duration;

/// A bound UDP socket. Opened by any thread, then served by one thread, which alone closes it; if
/// it is never served, whoever opened it closes it.
sealed interface UdpSocket extends Closeable permits LinuxUdpSocket, ChannelUdpSocket {
  /// Datagrams taken from the kernel, and replies given to it, in one step.
  static final int BATCH_MAX = 32;

  /// Longest query taken over UDP, in bytes. Resolvers ask in a few hundred; a longer datagram is
  /// dropped and counted.
  static final int QUERY_LENGTH_MAX = 4096;

  /// Longest datagram taken: a query behind a PROXY header.
  static final int DATAGRAM_LENGTH_MAX = QUERY_LENGTH_MAX + ProxyHeader.V2_LENGTH_MAX;

  /// Longest reply sent over UDP, in bytes: well above what EDNS lets the responder use.
  static final int REPLY_LENGTH_MAX = 4096;

  /// How long the serving thread waits for a datagram before it looks whether it is to stop.
  Duration RECEIVE_TIMEOUT = Duration.ofMillis(100);

  /// Asked of the kernel per socket (it may give less: `net.core.rmem_max`): some 10,000 datagrams,
  /// enough to ride out a pause of a few tens of milliseconds. Nothing else queues, so this bounds
  /// the memory of any overload.
  int RECEIVE_BUFFER_BYTES = 4 << 20;

  /// A datagram that has waited longer in the receive buffer is dropped unread: whoever asked has
  /// asked again. Not less than resolvers wait, because to drop a datagram costs a good part of
  /// what an answer costs: dropping what is still waited for would only answer fewer.
  Duration AGE_MAX = Duration.ofMillis(500);

  /// A longer age is a difference between the kernel's clock and ours, and means nothing.
  Duration AGE_CREDIBLE = Duration.ofMinutes(1);

  /// The address and the port it is bound to.
  InetSocketAddress localAddress();

  /// The memory for serving this socket; called by the thread that will serve it.
  Batch newBatch(AnswerDesk desk, ProxyGate gate, CounterBlock counters);

  /// Never throws: nobody could do anything about it.
  @Override
  void close();

  /// One turn of the serving loop, with the memory that it needs. Belongs to one thread.
  interface Batch extends AutoCloseable {
    /// Waits for datagrams up to {@link #RECEIVE_TIMEOUT}, answers what came, up to {@link
    /// #BATCH_MAX}.
    ///
    /// @return false if the socket is broken; {@link #failure} then says how
    boolean serve();

    String failure();

    @Override
    void close();
  }
}
