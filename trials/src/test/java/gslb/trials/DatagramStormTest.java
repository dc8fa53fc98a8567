package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Type;

/// A million datagrams over loopback, random and mutated, at a whole node: every reply is one, is a
/// reply to what was asked, fits and parses, and nothing is left behind.
final class DatagramStormTest {
  private static final int DATAGRAMS = 1_000_000;
  private static final int WINDOW = 50;
  private static final int SENTINEL_ID = 0xffff;
  private static final int RESPONSE_LENGTH_MAX = 1232;
  private static final String[] NAMES = {
    "www.gslb.example", "static.gslb.example", "alias.gslb.example", "x.wild.gslb.example",
    "none.gslb.example", "gslb.example", "example.org", "WwW.gSlB.eXaMpLe"
  };
  private static final int[] TYPES = {
    Type.A, Type.AAAA, Type.TXT, Type.NS, Type.SOA, Type.ANY, Type.HTTPS, Type.AXFR, 65_280
  };

  @TempDir Path folder;

  private long replies;

  @Test
  void everyReplyIsWellFormedAndNothingIsLeftBehind() throws Exception {
    try (TestCluster cluster = new TestCluster(folder, 1)) {
      cluster.start(1);
      Random random = new Random(20_260_101);
      byte[][] seeds = seeds(random);
      byte[] sentinel = DnsClient.query("static.gslb.example", Type.A, null).toWire();
      sentinel[0] = (byte) 0xff;
      sentinel[1] = (byte) 0xff;
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(cluster.dns(1).server());
        socket.setSoTimeout(10_000);
        storm(socket, random, seeds, sentinel, DATAGRAMS / 100); // warms up and settles
        int threads = Thread.getAllStackTraces().size();
        long descriptors = descriptors();
        replies = 0;
        storm(socket, random, seeds, sentinel, DATAGRAMS);
        assertThat(Thread.getAllStackTraces()).hasSize(threads);
        assertThat(descriptors()).isEqualTo(descriptors);
      }
      // Mutation must not have turned everything into noise that gets silence.
      assertThat(replies).isBetween(DATAGRAMS / 4L, (long) DATAGRAMS);
      assertThat(DnsClient.addresses(cluster.dns(1).ask("static.gslb.example", Type.A)))
          .containsExactly("192.0.2.80");
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static byte[][] seeds(Random random) throws IOException {
    byte[][] seeds = new byte[200][];
    for (int i = 0; i < seeds.length; i++) {
      String prefix =
          switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> random.nextInt(1, 224) + "." + random.nextInt(256) + ".0.0/16";
            default -> "2001:" + Integer.toHexString(random.nextInt(0x10000)) + "::/32";
          };
      seeds[i] =
          DnsClient.query(
                  NAMES[random.nextInt(NAMES.length)], TYPES[random.nextInt(TYPES.length)], prefix)
              .toWire();
    }
    return seeds;
  }

  private static byte[] datagram(Random random, byte[][] seeds, int id) {
    byte[] bytes;
    if (random.nextInt(10) == 0) {
      bytes = new byte[random.nextInt(600)];
      random.nextBytes(bytes);
    } else {
      bytes = seeds[random.nextInt(seeds.length)].clone();
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
          case 0 -> bytes[at] = (byte) random.nextInt();
          case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
          case 2 -> bytes = Arrays.copyOf(bytes, 1 + at);
          default -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(40));
        }
      }
    }
    if (bytes.length > 1) {
      bytes[0] = (byte) (id >> 8);
      bytes[1] = (byte) id;
    }
    return bytes;
  }

  /// Sends windows of datagrams, each closed by a good query: one client socket is served by one
  /// thread in order, so its reply is the last of the window.
  private void storm(
      DatagramSocket socket, Random random, byte[][] seeds, byte[] sentinel, int count)
      throws IOException {
    byte[] room = new byte[65_535];
    DatagramPacket packet = new DatagramPacket(room, room.length);
    for (int sent = 0; sent < count; ) {
      int first = sent % 60_000;
      int size = Math.min(WINDOW, count - sent);
      for (int i = 0; i < size; i++) {
        byte[] bytes = datagram(random, seeds, first + i);
        socket.send(new DatagramPacket(bytes, bytes.length));
      }
      sent += size;
      socket.send(new DatagramPacket(sentinel, sentinel.length));
      while (true) {
        packet.setLength(room.length);
        socket.receive(packet);
        int id = (room[0] & 0xff) << 8 | room[1] & 0xff;
        check(Arrays.copyOf(room, packet.getLength()));
        if (id == SENTINEL_ID) {
          break;
        }
        assertThat(id).isBetween(first, first + size - 1);
        replies++;
      }
    }
  }

  private static void check(byte[] reply) throws IOException {
    assertThat(reply.length).isBetween(12, RESPONSE_LENGTH_MAX);
    assertThat(reply[2] & 0x80).as("QR").isEqualTo(0x80);
    Message parsed = new Message(reply);
    assertThat(parsed.numBytes()).isEqualTo(reply.length);
  }
}
