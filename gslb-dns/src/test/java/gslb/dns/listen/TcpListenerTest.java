package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.dns.Responder;
import gslb.dns.listen.Loopback.TcpClient;
import gslb.testkit.FakeClock;
import gslb.testkit.Seeded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TcpListenerTest {
  private static DnsServer started(Answerer answerer, TcpLimits limits, Clock clock)
      throws ListenException {
    return Loopback.started(
        Loopback.parts(answerer, UdpTransport.preferred(), clock), limits, 1, "127.0.0.1");
  }

  private static DnsServer started(Answerer answerer) throws ListenException {
    return started(answerer, TcpLimits.DEFAULTS, Clock.system());
  }

  private static InetSocketAddress only(DnsServer server) {
    return server.boundAddresses().getFirst();
  }

  private static TcpLimits limits(int connections, int perClient) {
    return new TcpLimits(
        connections, perClient, TcpLimits.IDLE_MAX, TcpLimits.QUERY_MAX, TcpLimits.REPLY_MAX);
  }

  /// RFC 7766 §6.2.1.1, and in the order of the queries.
  @Test
  void pipelinedQueriesAreAnsweredInOrder() throws Exception {
    try (DnsServer server = started(Loopback::sized);
        TcpClient client = new TcpClient(only(server))) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int id = 0; id < 1000; id++) {
        all.writeBytes(Loopback.framed(Loopback.query(id, id % 700)));
      }
      client.sendRaw(all.toByteArray());
      for (int id = 0; id < 1000; id++) {
        byte[] reply = client.receive();
        assertThat(Loopback.id(reply)).isEqualTo(id);
        assertThat(reply).hasSize(12 + id % 700);
      }
      assertThat(Loopback.count(server, ListenCounters.TCP_QUERIES)).isEqualTo(1000);
      assertThat(Loopback.count(server, ListenCounters.TCP_CONNECTIONS)).isEqualTo(1);
    }
  }

  /// RFC 7766 §8: segments end anywhere.
  @Seeded(20)
  void splitsBetweenSegmentsDoNotMatter(Random random) throws Exception {
    try (DnsServer server = started(Loopback::echo);
        TcpClient client = new TcpClient(only(server))) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      int[] lengths = random.ints(12, 12, random.nextBoolean() ? 60 : 9000).toArray();
      for (int id = 0; id < lengths.length; id++) {
        all.writeBytes(Loopback.framed(body(id, lengths[id])));
      }
      byte[] stream = all.toByteArray();
      int at = 0;
      while (at < stream.length) {
        int piece =
            Math.min(stream.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 4000));
        client.sendRaw(Arrays.copyOfRange(stream, at, at + piece));
        at += piece;
      }
      for (int id = 0; id < lengths.length; id++) {
        assertThat(client.receive()).isEqualTo(body(id, lengths[id]));
      }
    }
  }

  private static byte[] body(int id, int length) {
    byte[] body = new byte[length];
    Arrays.fill(body, (byte) id);
    return ByteBuffer.wrap(body).putShort((short) id).array();
  }

  /// RFC 7766 §8: what one write gives to TCP over loopback comes in one piece, so no read ends
  /// behind the length.
  @Test
  void lengthAndMessageAreSentTogether() throws Exception {
    try (DnsServer server = started(Loopback::sized);
        SocketChannel client = SocketChannel.open(only(server))) {
      for (int id = 0; id < 300; id++) {
        client.write(ByteBuffer.wrap(Loopback.framed(Loopback.query(id, id))));
        ByteBuffer reply = ByteBuffer.allocate(2000);
        assertThat(client.read(reply)).isEqualTo(2 + 12 + id);
        assertThat(reply.getShort(0)).isEqualTo((short) (12 + id));
      }
    }
  }

  /// RFC 7766 §6.2.4: once a reply cannot be sent, what else the client asked is left unanswered.
  @Test
  void whoHangsUpGetsNoMoreReplies() throws Exception {
    int asked = 2000;
    CountDownLatch hasLeft = new CountDownLatch(1);
    AtomicInteger answered = new AtomicInteger();
    Answerer answerer =
        (in, length, out, context) -> {
          answered.incrementAndGet();
          try {
            assertThat(hasLeft.await(Loopback.PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return Loopback.sized(in, length, out, context);
        };
    try (DnsServer server = started(answerer)) {
      SocketChannel client = SocketChannel.open();
      client.setOption(StandardSocketOptions.SO_LINGER, 0);
      client.connect(only(server));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int id = 0; id < asked; id++) {
        all.writeBytes(Loopback.framed(Loopback.query(id, 0)));
      }
      client.write(ByteBuffer.wrap(all.toByteArray()));
      Loopback.awaitUntil("the first is being answered", () -> answered.get() == 1);
      client.close();
      hasLeft.countDown();
      Loopback.awaitUntil("gone", () -> server.tcpConnections() == 0);
      assertThat(answered.get()).isLessThan(asked);
      assertThat(Loopback.count(server, ListenCounters.ANSWER_FAULTS)).isZero();
    }
  }

  /// RFC 7766 §6.2.2: by default, a client may have many more connections than the one that it
  /// should have.
  @Test
  void manyConnectionsOfOneClientAreServed() throws Exception {
    List<TcpClient> clients = new ArrayList<>();
    try (DnsServer server = started(Loopback::echo)) {
      for (int id = 0; id < 32; id++) {
        clients.add(new TcpClient(only(server)));
        assertThat(Loopback.id(clients.getLast().ask(Loopback.query(id, 0)))).isEqualTo(id);
      }
      for (TcpClient client : clients) {
        assertThat(Loopback.id(client.ask(Loopback.query(99, 0)))).isEqualTo(99);
      }
      assertThat(server.tcpConnections()).isEqualTo(32);
    } finally {
      for (TcpClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void longestMessagesPassBothWaysAndShortOnesAfterThem() throws Exception {
    try (DnsServer server = started(Loopback::echo);
        TcpClient client = new TcpClient(only(server))) {
      for (int length : List.of(65_535, 12, 65_535, 65_534, 2048, 2047, 2046, 12)) {
        byte[] query = body(length, length);
        assertThat(client.ask(query)).isEqualTo(query);
      }
    }
    assertThat(Responder.MESSAGE_LENGTH_MAX).isEqualTo(65_535);
  }

  @Test
  void theContextNamesClientTransportAndTime() throws Exception {
    FakeClock clock = new FakeClock();
    clock.advance(Duration.ofNanos(77));
    DnsServer.Parts parts = Loopback.parts(Loopback::context, UdpTransport.preferred(), clock);
    try (DnsServer server = Loopback.started(parts, 1, "127.0.0.1", "::1")) {
      for (InetSocketAddress address : server.boundAddresses()) {
        try (TcpClient client = new TcpClient(address)) {
          ByteBuffer reply = ByteBuffer.wrap(client.ask(Loopback.query(1, 0))).position(12);
          Address peer = Address.of(address.getAddress());
          assertThat(reply.get()).as("over TCP").isOne();
          assertThat(reply.get()).as("family").isEqualTo((byte) (peer.isV4() ? 4 : 6));
          assertThat(reply.getLong()).isEqualTo(peer.high());
          assertThat(reply.getLong()).isEqualTo(peer.low());
          assertThat(reply.getLong()).isEqualTo(77);
          assertThat(reply.getLong()).isEqualTo(clock.currentTimeMillis());
        }
      }
    }
  }

  /// RFC 7766 §6.2.4: a client that has asked all it wants may close its half first.
  @Test
  void queriesBeforeAHalfCloseAreAnswered() throws Exception {
    try (DnsServer server = started(Loopback::echo);
        TcpClient client = new TcpClient(only(server))) {
      client.send(Loopback.query(1, 0));
      client.send(Loopback.query(2, 0));
      client.shutdownOutput();
      assertThat(Loopback.id(client.receive())).isEqualTo(1);
      assertThat(Loopback.id(client.receive())).isEqualTo(2);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void silenceKeepsTheConnection() throws Exception {
    Answerer answerer =
        (in, length, out, context) -> in[1] == 1 ? 0 : Loopback.echo(in, length, out, context);
    try (DnsServer server = started(answerer);
        TcpClient client = new TcpClient(only(server))) {
      client.send(Loopback.query(1, 0));
      assertThat(Loopback.id(client.ask(Loopback.query(2, 0)))).isEqualTo(2);
    }
  }

  @Test
  void aMessageShorterThanAHeaderClosesAfterTheRepliesBeforeIt() throws Exception {
    for (int length : List.of(0, 1, 11)) {
      try (DnsServer server = started(Loopback::echo);
          TcpClient client = new TcpClient(only(server))) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(Loopback.framed(Loopback.query(1, 0)));
        both.writeBytes(new byte[] {0, (byte) length});
        client.sendRaw(both.toByteArray());
        assertThat(Loopback.id(client.receive())).isEqualTo(1);
        assertThat(client.isEnded()).isTrue();
        assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_MALFORMED)).isOne();
      }
    }
  }

  @Test
  void aFaultClosesItsConnectionAlone() throws Exception {
    Answerer answerer =
        (in, length, out, context) -> {
          if (in[1] == 1) {
            throw new IllegalStateException("a fault made by the test");
          }
          return Loopback.echo(in, length, out, context);
        };
    try (DnsServer server = started(answerer);
        TcpClient client = new TcpClient(only(server));
        TcpClient other = new TcpClient(only(server))) {
      client.send(Loopback.query(1, 0));
      assertThat(client.isEnded()).isTrue();
      assertThat(Loopback.id(other.ask(Loopback.query(2, 0)))).isEqualTo(2);
      assertThat(Loopback.count(server, ListenCounters.ANSWER_FAULTS)).isOne();
    }
  }

  @Test
  void idleConnectionsAreClosedAndBusyOnesStay() throws Exception {
    FakeClock clock = new FakeClock();
    try (DnsServer server = started(Loopback::echo, TcpLimits.DEFAULTS, clock);
        TcpClient never = new TcpClient(only(server));
        TcpClient once = new TcpClient(only(server));
        TcpClient busy = new TcpClient(only(server))) {
      once.ask(Loopback.query(1, 0));
      Loopback.awaitUntil("three are open", () -> server.tcpConnections() == 3);
      for (int i = 0; i < 5; i++) {
        clock.advance(Duration.ofSeconds(3));
        assertThat(Loopback.id(busy.ask(Loopback.query(i, 0)))).isEqualTo(i);
      }
      assertThat(never.isEnded()).isTrue();
      assertThat(once.isEnded()).isTrue();
      assertThat(Loopback.id(busy.ask(Loopback.query(9, 0)))).isEqualTo(9);
      assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_IDLE)).isEqualTo(2);
      assertThat(server.tcpConnections()).isEqualTo(1);
    }
  }

  /// However busy: between two replies.
  @Test
  void aConnectionIsClosedAtTheEndOfItsLife() throws Exception {
    FakeClock clock = new FakeClock();
    TcpLimits limits =
        new TcpLimits(
            10,
            10,
            TcpLimits.IDLE_MAX,
            TcpLimits.QUERY_MAX,
            TcpLimits.REPLY_MAX,
            Duration.ofSeconds(30));
    try (DnsServer server = started(Loopback::echo, limits, clock);
        TcpClient busy = new TcpClient(only(server));
        TcpClient idle = new TcpClient(only(server));
        TcpClient dribbling = new TcpClient(only(server))) {
      for (int i = 0; i < 4; i++) {
        assertThat(Loopback.id(busy.ask(Loopback.query(i, 0)))).isEqualTo(i);
        assertThat(Loopback.id(idle.ask(Loopback.query(i, 0)))).isEqualTo(i);
        // The next query has begun when the reply to this one is sent, being in the same segment.
        ByteArrayOutputStream segment = new ByteArrayOutputStream();
        byte[] query = Loopback.framed(Loopback.query(i, 0));
        segment.write(query, i == 0 ? 0 : 1, query.length - (i == 0 ? 0 : 1));
        segment.write(0);
        dribbling.sendRaw(segment.toByteArray());
        assertThat(Loopback.id(dribbling.receive())).isEqualTo(i);
        clock.advance(Duration.ofSeconds(7));
      }
      clock.advance(Duration.ofSeconds(2));
      assertThat(idle.isEnded()).isTrue();
      assertThat(busy.isEnded()).isTrue();
      // Its last query is still answered, unless the server came to wait for it only now.
      byte[] rest = Loopback.framed(Loopback.query(5, 0));
      dribbling.sendRaw(Arrays.copyOfRange(rest, 1, rest.length));
      Loopback.awaitUntil("all have ended", () -> server.tcpConnections() == 0);
      assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_LIFE)).isEqualTo(3);
      assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_IDLE)).isZero();
    }
  }

  /// RFC 7828 §3.3: less is announced as places run out, never more than is granted, and 0 when few
  /// are left.
  @Test
  void theIdleTimeAnnouncedShrinksAsPlacesRunOut() throws Exception {
    FakeClock clock = new FakeClock();
    List<TcpClient> clients = new ArrayList<>();
    List<Integer> announced = new ArrayList<>();
    try (DnsServer server = started(Loopback::context, limits(16, 16), clock)) {
      for (int i = 0; i < 16; i++) {
        TcpClient client = new TcpClient(only(server));
        clients.add(client);
        announced.add(Loopback.idleTenths(client.ask(Loopback.query(i, 0))));
      }
      assertThat(announced)
          .containsExactly(90, 90, 90, 90, 90, 90, 90, 90, 75, 60, 45, 30, 15, 0, 0, 0);
      clock.advance(Duration.ofSeconds(9));
      for (TcpClient client : clients) {
        client.ask(Loopback.query(1, 0));
      }
      assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_IDLE)).isZero();
    } finally {
      for (TcpClient client : clients) {
        client.close();
      }
    }
  }

  /// Started queries of the greatest length hold what there is; what holds nothing is not affected.
  @Test
  void longMessagesShareABoundedSpace() throws Exception {
    List<TcpClient> greedy = new ArrayList<>();
    try (DnsServer server = started(Loopback::echo, limits(4096, 4096), Clock.system());
        TcpClient other = new TcpClient(only(server))) {
      byte[] start = Arrays.copyOf(new byte[] {(byte) 0xff, (byte) 0xff}, 40_000);
      while (Loopback.count(server, ListenCounters.TCP_CLOSED_MEMORY) == 0) {
        assertThat(greedy).as("connections that hold 64 KiB each").hasSizeLessThan(2000);
        TcpClient client = new TcpClient(only(server));
        greedy.add(client);
        try {
          client.sendRaw(start);
        } catch (IOException closed) {
          // The one that found nothing left.
        }
      }
      assertThat(server.bufferBytesLeft()).isBetween(0L, 65_537L);
      assertThat(Loopback.id(other.ask(Loopback.query(5, 0)))).isEqualTo(5);
      for (TcpClient client : greedy) {
        client.hangUp();
      }
      Loopback.awaitUntil(
          "given back", () -> server.bufferBytesLeft() == TcpLimits.BUFFERS_BYTES_MAX);
      assertThat(Loopback.id(other.ask(new byte[65_535]))).isZero();
    } finally {
      for (TcpClient client : greedy) {
        client.close();
      }
    }
  }

  /// A byte now and then does not extend the deadline of the query that it belongs to.
  @Test
  void slowLorisIsClosedWhileOthersAreServed() throws Exception {
    FakeClock clock = new FakeClock();
    try (DnsServer server = started(Loopback::echo, TcpLimits.DEFAULTS, clock);
        TcpClient slow = new TcpClient(only(server));
        TcpClient other = new TcpClient(only(server))) {
      ByteArrayOutputStream start = new ByteArrayOutputStream();
      start.writeBytes(Loopback.framed(Loopback.query(1, 0)));
      start.write(0xff);
      slow.sendRaw(start.toByteArray());
      assertThat(Loopback.id(slow.receive())).as("the byte behind it has come too").isEqualTo(1);
      for (int i = 0; i < 5; i++) {
        clock.advance(Duration.ofMillis(1900));
        slow.sendRaw((byte) 100);
        assertThat(Loopback.id(other.ask(Loopback.query(i, 0)))).isEqualTo(i);
      }
      // On a busy machine the server begins to count a little later than this test.
      Loopback.awaitUntil(
          "closed, whatever it sends",
          () -> {
            drip(slow);
            clock.advance(Duration.ofMillis(500));
            return Loopback.count(server, ListenCounters.TCP_CLOSED_SLOW_QUERY) > 0;
          });
      assertThat(slow.isEnded()).isTrue();
      try (TcpClient another = new TcpClient(only(server))) {
        assertThat(Loopback.id(another.ask(Loopback.query(9, 0)))).isEqualTo(9);
      }
      assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_SLOW_QUERY)).isOne();
    }
  }

  /// Sends a byte of a query, unless the server has closed the connection.
  private static void drip(TcpClient client) {
    try {
      client.sendRaw((byte) 100);
    } catch (IOException _) {
      // The server counts that it has.
    }
  }

  @Test
  void aClientThatNeverReadsIsClosedWhileOthersAreServed() throws Exception {
    FakeClock clock = new FakeClock();
    try (DnsServer server = started(Loopback::sized, TcpLimits.DEFAULTS, clock);
        SocketChannel deaf = SocketChannel.open();
        TcpClient other = new TcpClient(only(server))) {
      deaf.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
      deaf.connect(only(server));
      deaf.configureBlocking(false);
      ByteBuffer query = ByteBuffer.wrap(Loopback.framed(Loopback.query(1, 60_000)));
      ByteBuffer many = ByteBuffer.allocate(query.capacity() * 4096);
      while (many.hasRemaining()) {
        many.put(query.clear());
      }
      many.flip();
      // Its own send queue fills up when the server no longer reads, being stuck in a write.
      Loopback.awaitUntil("stuck", () -> write(deaf, many.rewind()) == 0);
      assertThat(Loopback.id(other.ask(Loopback.query(5, 10)))).isEqualTo(5);
      Loopback.awaitUntil(
          "closed",
          () -> {
            clock.advance(Duration.ofSeconds(1));
            return Loopback.count(server, ListenCounters.TCP_CLOSED_UNREAD_REPLY) > 0;
          });
      try (TcpClient another = new TcpClient(only(server))) {
        assertThat(Loopback.id(another.ask(Loopback.query(6, 10)))).isEqualTo(6);
      }
    }
  }

  private static int write(SocketChannel channel, ByteBuffer bytes) {
    try {
      return channel.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aNewConnectionTakesThePlaceOfTheOneLongestWithoutAQuery() throws Exception {
    FakeClock clock = new FakeClock();
    try (DnsServer server = started(Loopback::echo, limits(3, 3), clock);
        TcpClient first = new TcpClient(only(server));
        TcpClient second = new TcpClient(only(server))) {
      first.ask(Loopback.query(1, 0));
      second.ask(Loopback.query(1, 0));
      clock.advance(Duration.ofSeconds(1));
      // Loris: amid a query, and newer than both.
      try (TcpClient loris = new TcpClient(only(server), "127.0.0.2")) {
        loris.sendRaw((byte) 0);
        Loopback.awaitUntil("three are open", () -> server.tcpConnections() == 3);
        clock.advance(Duration.ofSeconds(1));
        first.ask(Loopback.query(2, 0));
        try (TcpClient third = new TcpClient(only(server), "127.0.0.3");
            TcpClient fourth = new TcpClient(only(server), "127.0.0.4")) {
          assertThat(Loopback.id(third.ask(Loopback.query(3, 0)))).isEqualTo(3);
          assertThat(Loopback.id(fourth.ask(Loopback.query(4, 0)))).isEqualTo(4);
          assertThat(second.isEnded()).isTrue();
          assertThat(loris.isEnded()).isTrue();
          assertThat(Loopback.id(first.ask(Loopback.query(5, 0)))).isEqualTo(5);
          assertThat(Loopback.count(server, ListenCounters.TCP_CLOSED_EVICTED)).isEqualTo(2);
          assertThat(server.tcpConnections()).isEqualTo(3);
        }
      }
    }
  }

  @Test
  void aNewConnectionIsRefusedWhileAllOthersAreFresh() throws Exception {
    FakeClock clock = new FakeClock();
    try (DnsServer server = started(Loopback::echo, limits(2, 2), clock);
        TcpClient first = new TcpClient(only(server));
        TcpClient second = new TcpClient(only(server))) {
      first.ask(Loopback.query(1, 0));
      second.ask(Loopback.query(1, 0));
      try (TcpClient third = new TcpClient(only(server), "127.0.0.2")) {
        assertThat(third.isEnded()).isTrue();
      }
      assertThat(Loopback.id(first.ask(Loopback.query(2, 0)))).isEqualTo(2);
      assertThat(Loopback.id(second.ask(Loopback.query(3, 0)))).isEqualTo(3);
      assertThat(Loopback.count(server, ListenCounters.TCP_REFUSED_FULL)).isOne();
    }
  }

  @Test
  void oneClientCannotTakeAllConnections() throws Exception {
    FakeClock clock = new FakeClock();
    try (DnsServer server = started(Loopback::echo, limits(10, 2), clock);
        TcpClient first = new TcpClient(only(server));
        TcpClient second = new TcpClient(only(server))) {
      first.ask(Loopback.query(1, 0));
      second.ask(Loopback.query(1, 0));
      clock.advance(Duration.ofSeconds(5));
      try (TcpClient third = new TcpClient(only(server));
          TcpClient other = new TcpClient(only(server), "127.0.0.2")) {
        assertThat(third.isEnded()).isTrue();
        assertThat(Loopback.id(other.ask(Loopback.query(2, 0)))).isEqualTo(2);
      }
      assertThat(Loopback.count(server, ListenCounters.TCP_REFUSED_CLIENT)).isOne();
      first.hangUp();
      Loopback.awaitUntil("the first has gone", () -> server.tcpConnections() == 1);
      try (TcpClient fourth = new TcpClient(only(server))) {
        assertThat(Loopback.id(fourth.ask(Loopback.query(3, 0)))).isEqualTo(3);
      }
    }
  }
}
