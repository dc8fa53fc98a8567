package gslb.dns.listen;

import gslb.base.Address;
import gslb.base.CounterBlock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A UDP socket of the JDK: one system call per datagram, and the JDK allocates the peers'
/// addresses.
final class ChannelUdpSocket implements UdpSocket {
  private static final System.Logger LOG = System.getLogger(ChannelUdpSocket.class.getName());
  private static final long ERROR_PAUSE_NANOS = 1_000_000;

  private final DatagramChannel channel;
  private final Selector selector;
  private final InetSocketAddress local;

  private ChannelUdpSocket(DatagramChannel channel, Selector selector, InetSocketAddress local) {
    this.channel = channel;
    this.selector = selector;
    this.local = local;
  }

  static ChannelUdpSocket open(InetSocketAddress address, boolean shared) throws ListenException {
    DatagramChannel channel = null;
    Selector selector = null;
    try {
      channel =
          DatagramChannel.open(
              address.getAddress() instanceof Inet6Address
                  ? StandardProtocolFamily.INET6
                  : StandardProtocolFamily.INET);
      if (shared) {
        share(channel, address);
      }
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, RECEIVE_BUFFER_BYTES);
      channel.bind(address);
      channel.configureBlocking(false);
      selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
      InetSocketAddress local = new InetSocketAddress(address.getAddress(), port);
      return new ChannelUdpSocket(channel, selector, local);
    } catch (IOException e) {
      closeQuietly(channel, selector, address);
      throw ListenException.of("udp", address, e);
    } catch (ListenException e) {
      closeQuietly(channel, selector, address);
      throw e;
    }
  }

  private static void share(DatagramChannel channel, InetSocketAddress address)
      throws IOException, ListenException {
    if (!channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
      throw new ListenException(
          "udp",
          address,
          ListenException.Reason.OTHER,
          "this system cannot share a port between threads; use one thread per address");
    }
    channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
  }

  private static void closeQuietly(
      @Nullable DatagramChannel channel, @Nullable Selector selector, InetSocketAddress address) {
    try {
      if (channel != null) {
        channel.close();
      }
      if (selector != null) {
        selector.close();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, () -> "dns udp " + Address.withPort(address) + ": close failed", e);
    }
  }

  @Override
  public InetSocketAddress localAddress() {
    return local;
  }

  @Override
  public Batch newBatch(AnswerDesk desk, ProxyGate gate, CounterBlock counters) {
    return new ChannelBatch(desk, gate, counters);
  }

  @Override
  public void close() {
    closeQuietly(channel, selector, local);
  }

  private final class ChannelBatch implements Batch {
    private final AnswerDesk desk;
    private final ProxyGate gate;
    private final CounterBlock counters;

    /// One byte longer than a datagram may be, so that a longer one shows.
    private final ByteBuffer query = ByteBuffer.allocateDirect(DATAGRAM_LENGTH_MAX + 1);

    private final ByteBuffer reply = ByteBuffer.allocateDirect(REPLY_LENGTH_MAX);
    private String failure = "";

    ChannelBatch(AnswerDesk desk, ProxyGate gate, CounterBlock counters) {
      this.desk = desk;
      this.gate = gate;
      this.counters = counters;
    }

    @Override
    public boolean serve() {
      try {
        if (selector.select(RECEIVE_TIMEOUT.toMillis()) > 0) {
          selector.selectedKeys().clear();
          receive();
        }
        return true;
      } catch (ClosedChannelException e) {
        return broken(e);
      } catch (IOException e) {
        counters.increment(ListenCounters.UDP_RECEIVE_ERRORS);
        LockSupport.parkNanos(ERROR_PAUSE_NANOS);
        return channel.isOpen() && selector.isOpen() || broken(e);
      }
    }

    private boolean broken(IOException e) {
      failure = e.toString();
      return false;
    }

    private void receive() throws IOException {
      desk.startBatch(false);
      for (int i = 0; i < BATCH_MAX; i++) {
        query.clear();
        SocketAddress peer = channel.receive(query);
        if (peer == null) {
          return;
        }
        counters.increment(ListenCounters.UDP_RECEIVED);
        query.flip();
        if (admit((InetSocketAddress) peer)) {
          answer((InetSocketAddress) peer);
        }
      }
    }

    private boolean admit(InetSocketAddress peer) {
      Address client = Address.of(peer.getAddress());
      if (peer.getPort() == 0
          || peer.equals(local)
          || ForgedSource.isForged(client.isV4(), client.high(), client.low())) {
        counters.increment(ListenCounters.UDP_DROPPED_SOURCE);
        return false;
      }
      if (query.remaining() > DATAGRAM_LENGTH_MAX) {
        counters.increment(ListenCounters.UDP_DROPPED_LONG);
        return false;
      }
      desk.setClient(client.isV4(), client.high(), client.low());
      if (gate.isFor(client.isV4(), client.high(), client.low()) && !enter()) {
        counters.increment(ListenCounters.UDP_DROPPED_PROXY);
        return false;
      }
      if (query.remaining() < AnswerDesk.HEADER_LENGTH) {
        counters.increment(ListenCounters.UDP_DROPPED_SHORT);
        return false;
      }
      if (query.remaining() > QUERY_LENGTH_MAX) {
        counters.increment(ListenCounters.UDP_DROPPED_LONG);
        return false;
      }
      return true;
    }

    /// Takes the PROXY header off the datagram.
    private boolean enter() {
      int head = Math.min(query.remaining(), gate.head.length);
      query.get(query.position(), gate.head, 0, head);
      int header = gate.enter(head, desk);
      if (header == ProxyGate.REFUSED) {
        return false;
      }
      query.position(query.position() + header);
      return true;
    }

    private void answer(InetSocketAddress peer) {
      int length = query.remaining();
      query.get(desk.query, 0, length);
      int replied = desk.answer(length);
      if (replied == AnswerDesk.FAULT) {
        counters.increment(ListenCounters.ANSWER_FAULTS);
      } else if (replied > REPLY_LENGTH_MAX) {
        counters.increment(ListenCounters.UDP_DROPPED_REPLY);
      } else if (replied > 0) {
        reply.clear();
        reply.put(desk.reply, 0, replied).flip();
        send(peer);
      }
    }

    private void send(InetSocketAddress peer) {
      boolean sent;
      try {
        sent = channel.send(reply, peer) > 0;
      } catch (IOException e) {
        sent = false; // a broken channel shows at the next receive
      }
      counters.increment(sent ? ListenCounters.UDP_SENT : ListenCounters.UDP_SEND_ERRORS);
    }

    @Override
    public String failure() {
      return failure;
    }

    @Override
    public void close() {
      // The buffers belong to the collector.
    }
  }
}
