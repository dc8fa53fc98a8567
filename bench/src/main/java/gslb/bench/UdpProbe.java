package gslb.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Asks over UDP at a steady pace, whatever the server does, and keeps how long each reply took.
final class UdpProbe {
  static final int QUERIES_PER_SECOND = 1000;

  /// A query not answered after this long counts as unanswered: what resolvers wait at least.
  private static final long TIMEOUT_NANOS = 2_000_000_000;

  private static final int IDS = 1 << 16;
  private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

  /// @param p50Nanos median time from sending to the reply
  record Result(long p50Nanos, long p99Nanos, int answered, int unanswered) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "p50 %.0f us p99 %.0f us (%d answered, %d not)",
          p50Nanos / 1e3,
          p99Nanos / 1e3,
          answered,
          unanswered);
    }
  }

  private final DatagramChannel channel;
  private final ByteBuffer query = question("www.bench.example");
  private final ByteBuffer reply = ByteBuffer.allocateDirect(4096);
  private final long[] sentNanos = new long[IDS];
  private final long[] took;
  private int answered;

  private UdpProbe(DatagramChannel channel, int queries) {
    this.channel = channel;
    this.took = new long[queries];
  }

  static Result measure(InetSocketAddress server, int seconds) throws IOException {
    int queries = seconds * QUERIES_PER_SECOND;
    try (DatagramChannel channel = DatagramChannel.open()) {
      // Replies that wait while this process does not run must not be lost for it.
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      channel.connect(server);
      channel.configureBlocking(false);
      UdpProbe probe = new UdpProbe(channel, queries);
      probe.run(queries);
      long[] sorted = HostileTcp.sorted(probe.took, probe.answered);
      return new Result(
          HostileTcp.percentile(sorted, probe.answered, 0.50),
          HostileTcp.percentile(sorted, probe.answered, 0.99),
          probe.answered,
          queries - probe.answered);
    }
  }

  private void run(int queries) throws IOException {
    long interval = 1_000_000_000L / QUERIES_PER_SECOND;
    long start = System.nanoTime();
    int sent = 0;
    while (sent < queries) {
      long now = System.nanoTime();
      if (now - start >= sent * interval) {
        int id = sent % IDS;
        query.putShort(0, (short) id);
        sentNanos[id] = System.nanoTime();
        channel.write(query.rewind());
        sent++;
      }
      receive();
    }
    long last = System.nanoTime();
    while (answered < queries && System.nanoTime() - last < TIMEOUT_NANOS) {
      receive();
    }
  }

  private void receive() throws IOException {
    while (channel.read(reply.clear()) > 0) {
      long now = System.nanoTime();
      int id = Short.toUnsignedInt(reply.getShort(0));
      if (sentNanos[id] != 0 && now - sentNanos[id] <= TIMEOUT_NANOS) {
        took[answered++] = now - sentNanos[id];
      }
      sentNanos[id] = 0;
    }
    Thread.onSpinWait();
  }

  /// A query without recursion for the addresses of a name.
  static ByteBuffer question(String name) {
    ByteBuffer message = ByteBuffer.allocateDirect(512);
    message.putShort((short) 0).putShort((short) 0).putShort((short) 1);
    message.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    for (String label : name.split("\\.", -1)) {
      byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
      message.put((byte) bytes.length).put(bytes);
    }
    return message.put((byte) 0).putShort((short) 1).putShort((short) 1).flip();
  }
}
