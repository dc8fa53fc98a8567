package gslb.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Asks a DNS server over UDP a given number of times, keeping a bounded number of questions open,
/// and prints how many replies came in a second and how much processor time the server took for
/// each:
///
///     java -cp ... gslb.bench.UdpLoad <address> <port> <name> <queries> [<pid of the server>]
///
/// Pin it and the server to different processors (`taskset`); the server's processor time, from
/// `/proc`, counts in steps of 10 ms, so ask a million times.
public final class UdpLoad {
  private static final int QUERIES_MAX = 100_000_000;

  /// Questions open at a time.
  private static final int WINDOW = 256;

  /// After this long without a reply the open questions count as lost.
  private static final long LOST_AFTER_MILLIS = 500;

  private static final int TICKS_PER_SECOND = 100;

  private final DatagramChannel channel;
  private final Selector selector;
  private final ByteBuffer query;
  private final ByteBuffer reply = ByteBuffer.allocateDirect(65_535);
  private int sent;
  private int received;
  private int lost;

  private UdpLoad(DatagramChannel channel, Selector selector, ByteBuffer query) {
    this.channel = channel;
    this.selector = selector;
    this.query = query;
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 4 || arguments.length > 5) {
      System.err.println("usage: UdpLoad <address> <port> <name> <queries> [<pid of the server>]");
      System.exit(64);
    }
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.ofLiteral(arguments[0]), Integer.parseInt(arguments[1]));
    int queries = Math.clamp(Long.parseLong(arguments[3]), 1, QUERIES_MAX);
    Path stat = arguments.length == 5 ? Path.of("/proc", arguments[4], "stat") : null;
    try (DatagramChannel channel = DatagramChannel.open();
        Selector selector = Selector.open()) {
      channel.connect(server);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      UdpLoad load = new UdpLoad(channel, selector, UdpProbe.question(arguments[2]));
      long[] before = stat == null ? new long[2] : ticks(stat);
      long start = System.nanoTime();
      load.run(queries);
      double seconds = (System.nanoTime() - start) / 1e9;
      long[] after = stat == null ? new long[2] : ticks(stat);
      load.print(seconds);
      if (stat != null) {
        load.printProcessorTime(after[0] - before[0], after[1] - before[1]);
      }
    }
  }

  /// Asks so many times.
  ///
  /// @return replies
  static int ask(InetSocketAddress server, ByteBuffer query, int queries) throws IOException {
    try (DatagramChannel channel = DatagramChannel.open();
        Selector selector = Selector.open()) {
      channel.connect(server);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      UdpLoad load = new UdpLoad(channel, selector, query);
      load.run(queries);
      return load.received;
    }
  }

  private void run(int queries) throws IOException {
    while (received + lost < queries) {
      while (sent < queries && sent - received - lost < WINDOW) {
        query.putShort(0, (short) sent);
        if (channel.write(query.rewind()) == 0) {
          break;
        }
        sent++;
      }
      if (selector.select(LOST_AFTER_MILLIS) == 0) {
        lost = sent - received;
      }
      selector.selectedKeys().clear();
      while (channel.read(reply.clear()) > 0) {
        received++;
      }
    }
  }

  private void print(double seconds) {
    System.out.printf(
        Locale.ROOT,
        "%d queries, %d replies, %d lost, %.2f s, %.0f replies/s%n",
        sent,
        received,
        lost,
        seconds,
        received / seconds);
  }

  private void printProcessorTime(long userTicks, long systemTicks) {
    double each = 1e6 / TICKS_PER_SECOND / Math.max(1, received);
    System.out.printf(
        Locale.ROOT,
        "server: %.2f us of processor time per query (user %.2f, system %.2f)%n",
        (userTicks + systemTicks) * each,
        userTicks * each,
        systemTicks * each);
  }

  /// User and system time of a process in ticks: fields 14 and 15 of proc_pid_stat(5), counted
  /// behind the name, which may contain spaces.
  private static long[] ticks(Path stat) throws IOException {
    String text = Files.readString(stat);
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
    return new long[] {Long.parseLong(fields[11]), Long.parseLong(fields[12])};
  }
}
