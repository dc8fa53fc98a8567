package gslb.dns.delegation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Clock;
import gslb.base.DnsName;
import gslb.testkit.Seeded;
import gslb.zones.FlatZone;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;

/// The client that asks other servers, against one that misbehaves.
final class NetworkAskerTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final DnsName ZONE = DnsName.of("gslb.example");

  /// A server's replies to one query.
  private interface Behaviour {
    List<byte[]> on(Message query);
  }

  private DatagramSocket udp;
  private ServerSocket tcp;

  @BeforeEach
  void open() throws IOException {
    tcp = new ServerSocket(0, 5, LOOPBACK);
    udp = new DatagramSocket(tcp.getLocalPort(), LOOPBACK);
  }

  @AfterEach
  void close() throws IOException {
    udp.close();
    tcp.close();
  }

  private InetSocketAddress server() {
    return new InetSocketAddress(LOOPBACK, tcp.getLocalPort());
  }

  private void serveUdp(Behaviour behaviour) {
    Thread.ofVirtual()
        .start(
            () -> {
              DatagramPacket in = new DatagramPacket(new byte[512], 512);
              try {
                while (true) {
                  udp.receive(in);
                  Message query = new Message(Arrays.copyOf(in.getData(), in.getLength()));
                  for (byte[] reply : behaviour.on(query)) {
                    udp.send(new DatagramPacket(reply, reply.length, in.getSocketAddress()));
                  }
                }
              } catch (IOException _) {
                return; // closed with the test
              }
            });
  }

  private void serveTcp(Behaviour behaviour) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                for (byte[] reply : behaviour.on(new Message(query))) {
                  out.writeShort(reply.length);
                  out.write(reply);
                }
              } catch (IOException _) {
                return; // closed with the test
              }
            });
  }

  private static byte[] reply(Message query, boolean isTruncated, int records) {
    Message reply = new Message(query.getHeader().getID());
    reply.getHeader().setFlag(Flags.QR);
    if (isTruncated) {
      reply.getHeader().setFlag(Flags.TC);
    }
    reply.addRecord(query.getQuestion(), Section.QUESTION);
    Name zone = query.getQuestion().getName();
    for (int i = 0; i < records; i++) {
      Name target = Name.fromConstantString("ns" + i + ".gslb.example.");
      reply.addRecord(new NSRecord(zone, DClass.IN, 300, target), Section.AUTHORITY);
    }
    return reply.toWire();
  }

  private static NetworkAsker asker(int millis) {
    return new NetworkAsker(Clock.system(), new Random(1), millis);
  }

  private DnsReply ask(NetworkAsker asker) throws Asker.Unanswered {
    return asker.ask(server(), ZONE, FlatZone.TYPE_NS, false);
  }

  @Test
  void theQuestionAsksForGlueInFull() throws Exception {
    List<Message> queries = new ArrayList<>();
    serveUdp(
        query -> {
          queries.add(query);
          return List.of(reply(query, false, 2));
        });
    assertThat(ask(asker(5_000)).authority()).hasSize(2);
    Message query = queries.getFirst();
    assertThat(query.getHeader().getFlag(Flags.RD)).isFalse();
    assertThat(query.getOPT().getPayloadSize()).isEqualTo(1232);
    assertThat(query.getQuestion().getName()).hasToString("gslb.example.");
  }

  @Test
  void aTruncatedReplyIsAskedForAgainOverTcp() throws Exception {
    serveUdp(query -> List.of(reply(query, true, 0)));
    serveTcp(query -> List.of(reply(query, false, 900)));
    assertThat(ask(asker(5_000)).authority()).hasSize(900);
  }

  @Test
  void whatIsNotTheReplyIsPassedOver() throws Exception {
    serveUdp(
        query -> {
          byte[] good = reply(query, false, 1);
          byte[] otherId = good.clone();
          otherId[0] ^= 1;
          byte[] noReply = query.toWire();
          byte[] otherName = good.clone();
          otherName[13] ^= 1;
          return List.of(new byte[3], otherId, noReply, otherName, good);
        });
    assertThat(ask(asker(5_000)).authority()).hasSize(1);
  }

  @Test
  void aSilentServerIsGivenUpAndNotWaitedForAgain() {
    List<Message> queries = new ArrayList<>();
    serveUdp(
        query -> {
          queries.add(query);
          return List.of();
        });
    NetworkAsker asker = asker(50);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> ask(asker))
          .isInstanceOf(Asker.Unanswered.class)
          .hasMessage("does not answer");
    }
    assertThat(queries).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aClosedPortIsSaid() {
    InetSocketAddress server = server();
    udp.close();
    assertThatThrownBy(() -> asker(5_000).ask(server, ZONE, FlatZone.TYPE_NS, false))
        .hasMessage("refuses UDP at that port");
  }

  @Test
  void nonsenseIsSaid() {
    serveUdp(query -> List.of(Arrays.copyOf(reply(query, false, 1), 40)));
    assertThatThrownBy(() -> ask(asker(100)))
        .hasMessageStartingWith("answers what is no reply: a message ends inside a record");
  }

  /// Whatever the bytes are, reading them ends, with a reply or with the one exception.
  @Seeded(200)
  void damagedRepliesAreReadOrRefused(Random random) throws IOException {
    Message query =
        Message.newQuery(
            org.xbill.DNS.Record.newRecord(
                Name.fromConstantString("gslb.example."), FlatZone.TYPE_NS, DClass.IN));
    byte[] bytes = reply(query, false, 1 + random.nextInt(20));
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    DnsReply.Question question =
        new DnsReply.Question(query.getHeader().getID(), ZONE, FlatZone.TYPE_NS, false);
    try {
      assertThat(DnsReply.read(bytes, question).authority()).hasSizeLessThanOrEqualTo(4_000);
    } catch (ProtocolException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }
}
