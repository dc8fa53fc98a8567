package gslb.trials.conform;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Section;

/// Asks one server: many questions at a time over UDP, one over TCP.
final class Exchange implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 500;
  private static final int TRIES_MAX = 20;
  private static final int ID_BASE = 0x4000;

  private final InetSocketAddress server;
  private final DatagramSocket socket;
  private final byte[] room = new byte[65_535];
  private @Nullable Socket connection;

  Exchange(InetSocketAddress server) throws IOException {
    this.server = server;
    socket = new DatagramSocket();
    socket.connect(server);
  }

  /// Whether the question gets an answer, at once.
  boolean answersNow(Question question) throws IOException {
    byte[] query = question.toWire(1);
    try {
      socket.setSoTimeout(100);
      socket.send(new DatagramPacket(query, query.length));
      DatagramPacket packet = new DatagramPacket(room, room.length);
      socket.receive(packet);
      Reply reply = Reply.of(Arrays.copyOf(room, packet.getLength()), question);
      return reply.rcode().equals("NOERROR")
          && !reply.message().getSection(Section.ANSWER).isEmpty();
    } catch (PortUnreachableException | SocketTimeoutException e) {
      return false;
    }
  }

  void send(List<Question> questions) throws IOException {
    for (int i = 0; i < questions.size(); i++) {
      byte[] query = questions.get(i).toWire(ID_BASE + i);
      socket.send(new DatagramPacket(query, query.length));
    }
  }

  /// The replies to what was sent, each to its question; what got lost is asked again.
  Reply[] receive(List<Question> questions) throws IOException {
    Reply[] replies = new Reply[questions.size()];
    int missing = replies.length;
    int tries = 0;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    while (missing > 0) {
      DatagramPacket packet = new DatagramPacket(room, room.length);
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException e) {
        if (++tries > TRIES_MAX) {
          throw new AssertionError(server + " is silent to " + firstMissing(questions, replies), e);
        }
        sendMissing(questions, replies);
        continue;
      }
      int id = (room[0] & 0xff) << 8 | room[1] & 0xff;
      int at = id - ID_BASE;
      if (at >= 0 && at < replies.length && replies[at] == null && isReplyTo(questions.get(at))) {
        replies[at] = Reply.of(Arrays.copyOf(room, packet.getLength()), questions.get(at));
        missing--;
      }
    }
    return replies;
  }

  /// A late reply to the window before has another question.
  private boolean isReplyTo(Question question) {
    byte[] qname = question.qname();
    int typeAt = 12 + qname.length;
    int qtype = (room[typeAt] & 0xff) << 8 | room[typeAt + 1] & 0xff;
    return qtype == question.qtype()
        && new String(room, 12, qname.length, java.nio.charset.StandardCharsets.ISO_8859_1)
            .equalsIgnoreCase(new String(qname, java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  private void sendMissing(List<Question> questions, Reply[] replies) throws IOException {
    for (int i = 0; i < replies.length; i++) {
      if (replies[i] == null) {
        byte[] query = questions.get(i).toWire(ID_BASE + i);
        socket.send(new DatagramPacket(query, query.length));
      }
    }
  }

  private static Question firstMissing(List<Question> questions, Reply[] replies) {
    for (int i = 0; i < replies.length; i++) {
      if (replies[i] == null) {
        return questions.get(i);
      }
    }
    throw new AssertionError("none is missing");
  }

  Reply tcp(Question question) throws IOException {
    try {
      return overConnection(question);
    } catch (IOException closedMeanwhile) {
      connection = null;
      return overConnection(question);
    }
  }

  private Reply overConnection(Question question) throws IOException {
    Socket open = connection;
    if (open == null) {
      open = new Socket(server.getAddress(), server.getPort());
      open.setSoTimeout(10_000);
      open.setTcpNoDelay(true);
      connection = open;
    }
    byte[] query = question.toWire(ID_BASE);
    byte[] framed = new byte[query.length + 2];
    framed[0] = (byte) (query.length >> 8);
    framed[1] = (byte) query.length;
    System.arraycopy(query, 0, framed, 2, query.length);
    new DataOutputStream(open.getOutputStream()).write(framed);
    DataInputStream in = new DataInputStream(open.getInputStream());
    byte[] reply = new byte[in.readUnsignedShort()];
    in.readFully(reply);
    return Reply.of(reply, question);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    if (connection != null) {
      connection.close();
    }
  }
}
