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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Asks a DNS server over UDP at a fixed rate, whether it answers or not, and prints how many
/// answers came in a second, how old they were, and the server's resident memory:
///
///     java -cp ... gslb.bench.Overload <address> <port> <name> <queries a second> <seconds> <pid>
///
/// To overload a server, ask at ten times the rate that {@link UdpLoad} finds, from another
/// processor.
public final class Overload {
  private static final int SECONDS_MAX = 600;

  /// Sockets: each has 65,536 queries that can be told apart.
  private static final int SOCKETS = 16;

  private static final int IDS = 1 << 16;

  /// For answers still on their way when the last question is sent.
  private static final long PATIENCE_NANOS = 3_000_000_000L;

  private static final int BUCKET_NANOS = 100_000;
  private static final int BUCKETS = 100_000;

  private final List<DatagramChannel> channels = new ArrayList<>();
  private final Selector selector = Selector.open();
  private final long[][] sentAt = new long[SOCKETS][IDS];
  private final int[] answersByAge = new int[BUCKETS];
  private final ByteBuffer query;
  private long sent;
  private long answered;

  private Overload(InetSocketAddress server, ByteBuffer query) throws IOException {
    this.query = query;
    for (int i = 0; i < SOCKETS; i++) {
      DatagramChannel channel = DatagramChannel.open();
      channel.connect(server);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, i);
      channels.add(channel);
    }
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 6) {
      System.err.println(
          "usage: Overload <address> <port> <name> <queries a second> <seconds> <pid>");
      System.exit(64);
    }
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.ofLiteral(arguments[0]), Integer.parseInt(arguments[1]));
    long perSecond = Long.parseLong(arguments[3]);
    int seconds = Math.clamp(Long.parseLong(arguments[4]), 1, SECONDS_MAX);
    Path status = Path.of("/proc", arguments[5], "status");
    Overload load = new Overload(server, UdpProbe.question(arguments[2]));
    long before = residentKib(status);
    long[] most = {before};
    Thread watch =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (!Thread.interrupted()) {
                    most[0] = Math.max(most[0], residentKib(status));
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                  }
                });
    double took = load.run(perSecond, seconds);
    watch.interrupt();
    watch.join();
    load.print(took);
    System.out.printf(
        Locale.ROOT,
        "server: resident %d KiB before, %d most, %d after%n",
        before,
        most[0],
        residentKib(status));
  }

  /// @return seconds that sending took
  private double run(long perSecond, int seconds) throws IOException {
    long start = System.nanoTime();
    long end = start + seconds * 1_000_000_000L;
    long now = start;
    while (now - end < 0) {
      long due = (long) ((now - start) / 1e9 * perSecond);
      for (int i = 0; i < 64 && sent < due; i++) {
        send(System.nanoTime());
      }
      receive();
      now = System.nanoTime();
    }
    double took = (now - start) / 1e9;
    while (System.nanoTime() - now < PATIENCE_NANOS) {
      receive();
    }
    return took;
  }

  private void send(long now) throws IOException {
    int socket = (int) (sent % SOCKETS);
    int id = (int) (sent / SOCKETS % IDS);
    query.putShort(0, (short) id);
    sentAt[socket][id] = now;
    channels.get(socket).write(query.rewind());
    sent++;
  }

  private final ByteBuffer reply = ByteBuffer.allocateDirect(65_535);

  private void receive() throws IOException {
    if (selector.selectNow() == 0) {
      return;
    }
    for (SelectionKey key : selector.selectedKeys()) {
      int socket = (Integer) key.attachment();
      while (channels.get(socket).read(reply.clear()) > 0) {
        long age = System.nanoTime() - sentAt[socket][Short.toUnsignedInt(reply.getShort(0))];
        answersByAge[(int) Math.min(BUCKETS - 1, age / BUCKET_NANOS)]++;
        answered++;
      }
    }
    selector.selectedKeys().clear();
  }

  private void print(double seconds) {
    System.out.printf(
        Locale.ROOT,
        "%.0f asked/s, %.0f answered/s, age ms: p50 %.1f, p99 %.1f, most %.1f%n",
        sent / seconds,
        answered / seconds,
        age(0.5),
        age(0.99),
        age(1));
  }

  /// Milliseconds within which a share of the answers came.
  private double age(double share) {
    long needed = (long) Math.ceil(share * answered);
    int bucket = 0;
    for (long seen = answersByAge[0]; seen < needed && bucket < BUCKETS - 1; ) {
      bucket++;
      seen += answersByAge[bucket];
    }
    return (bucket + 1) * (double) BUCKET_NANOS / 1e6;
  }

  private static long residentKib(Path status) {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
