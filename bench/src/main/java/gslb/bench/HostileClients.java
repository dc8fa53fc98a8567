package gslb.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// TCP clients that a server must bear: some connect and say nothing, some send a query octet by
/// octet, some ask and never read. One that the server closes comes back, until it is told not to.
/// They come from many addresses of loopback, because one address gets few connections.
final class HostileClients implements AutoCloseable {
  static final int IDLE = 2000;
  static final int SLOW = 100;
  static final int DEAF = 20;

  private static final int PER_ADDRESS = 50;
  private static final long TICK_NANOS = 250_000_000;
  private static final int PIPELINED = 64;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private enum Kind {
    IDLE(1),
    SLOW(2),
    DEAF(3);

    /// They come from 127.0.0.0/8; this is the second octet.
    final int network;

    Kind(int network) {
      this.network = network;
    }
  }

  private final class Client {
    final Kind kind;
    final InetSocketAddress from;
    SocketChannel channel;
    boolean isOpen;

    /// What it sends next, over and over.
    ByteBuffer next = NOTHING;

    Client(Kind kind, int number) throws IOException {
      this.kind = kind;
      int address = number / PER_ADDRESS;
      this.from =
          new InetSocketAddress(
              InetAddress.getByAddress(
                  new byte[] {
                    127, (byte) kind.network, (byte) (address >> 8), (byte) (1 + address)
                  }),
              0);
      this.channel = open();
    }

    /// Over loopback, connecting takes no waiting.
    SocketChannel open() throws IOException {
      SocketChannel opened = SocketChannel.open();
      opened.bind(from);
      opened.connect(server);
      opened.configureBlocking(false);
      if (kind != Kind.DEAF) {
        opened.register(selector, SelectionKey.OP_READ, this);
      }
      isOpen = true;
      next =
          switch (kind) {
            case IDLE -> NOTHING;
            case SLOW -> octet.duplicate();
            case DEAF -> asked.duplicate();
          };
      next.rewind();
      return opened;
    }

    void closed() {
      isOpen = false;
      open.decrementAndGet();
      try {
        channel.close();
        if (comesBack) {
          channel = open();
          open.incrementAndGet();
        }
      } catch (IOException refused) {
        isOpen = false;
      }
    }
  }

  private final InetSocketAddress server;
  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final Thread thread = Thread.ofPlatform().name("hostile").unstarted(this::run);
  private final ByteBuffer octet = ByteBuffer.wrap(new byte[] {(byte) 0x7f});
  private final ByteBuffer asked = pipelined();
  private volatile boolean comesBack = true;
  private volatile boolean stopping;

  HostileClients(InetSocketAddress server) throws IOException {
    this.server = server;
  }

  /// Many queries for a long answer.
  private static ByteBuffer pipelined() {
    ByteBuffer question = UdpProbe.question("long.bench.example");
    question.putShort(question.limit() - 4, (short) 16); // TXT
    ByteBuffer all = ByteBuffer.allocateDirect(PIPELINED * (2 + question.limit()));
    for (int i = 0; i < PIPELINED; i++) {
      all.putShort((short) question.limit()).put(question.rewind());
    }
    return all.flip();
  }

  void connect() throws IOException {
    for (Kind kind : Kind.values()) {
      int count =
          switch (kind) {
            case IDLE -> IDLE;
            case SLOW -> SLOW;
            case DEAF -> DEAF;
          };
      for (int i = 0; i < count; i++) {
        clients.add(new Client(kind, i));
        open.incrementAndGet();
      }
    }
    thread.start();
  }

  /// For what connecting itself costs to be over.
  void awaitQuiet(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /// From now on nobody comes back.
  ///
  /// @return how many are open when all should be closed
  int awaitClosed(Duration limit) {
    comesBack = false;
    long end = System.nanoTime() + limit.toNanos();
    while (open.get() > 0 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(TICK_NANOS);
    }
    return open.get();
  }

  private void run() {
    long next = System.nanoTime() + TICK_NANOS;
    try {
      while (!stopping) {
        long wait = Math.max(1, (next - System.nanoTime()) / 1_000_000);
        selector.select(wait);
        for (SelectionKey key : selector.selectedKeys()) {
          read((Client) key.attachment());
        }
        selector.selectedKeys().clear();
        if (System.nanoTime() - next >= 0) {
          tick();
          next += TICK_NANOS;
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void read(Client client) {
    try {
      if (client.channel.read(ByteBuffer.allocate(512)) < 0) {
        client.closed();
      }
    } catch (IOException reset) {
      client.closed();
    }
  }

  private void tick() {
    for (Client client : clients) {
      if (client.isOpen && client.kind != Kind.IDLE) {
        write(client);
      }
    }
  }

  private void write(Client client) {
    try {
      client.channel.write(client.next);
      if (!client.next.hasRemaining()) {
        client.next.rewind();
      }
    } catch (IOException closed) {
      client.closed();
    }
  }

  @Override
  public void close() throws IOException {
    stopping = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }
}
