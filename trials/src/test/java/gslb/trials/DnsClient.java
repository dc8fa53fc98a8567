package gslb.trials;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// A stub resolver for tests: one question, one answer, every byte decoded by dnsjava.
record DnsClient(InetSocketAddress server) {
  private static final AtomicInteger IDS = new AtomicInteger(1);

  Message ask(String name, int type) throws IOException {
    return udp(query(name, type, null));
  }

  /// @param prefix as in `198.51.100.0/24`, sent as the client's subnet
  Message ask(String name, int type, String prefix) throws IOException {
    return udp(query(name, type, prefix));
  }

  static Message query(String name, int type, String prefix) throws IOException {
    Message query =
        Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN));
    query.getHeader().setID(IDS.getAndIncrement() & 0xffff);
    if (prefix != null) {
      int slash = prefix.indexOf('/');
      InetAddress address = InetAddress.getByName(prefix.substring(0, slash));
      int length = Integer.parseInt(prefix.substring(slash + 1));
      List<EDNSOption> options = List.of(new ClientSubnetOption(length, address));
      query.addRecord(new OPTRecord(1232, 0, 0, 0, options), Section.ADDITIONAL);
    }
    return query;
  }

  Message udp(Message query) throws IOException {
    byte[] bytes = query.toWire();
    byte[] room = new byte[65_535];
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.setSoTimeout(2_000);
      for (int tries = 1; ; tries++) {
        socket.send(new DatagramPacket(bytes, bytes.length));
        DatagramPacket reply = new DatagramPacket(room, room.length);
        try {
          socket.receive(reply);
          return decode(java.util.Arrays.copyOf(room, reply.getLength()), query);
        } catch (SocketTimeoutException e) {
          if (tries == 3) {
            throw e;
          }
        }
      }
    }
  }

  Message tcp(Message query) throws IOException {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setSoTimeout(10_000);
      java.io.DataOutputStream out = new java.io.DataOutputStream(socket.getOutputStream());
      byte[] bytes = query.toWire();
      out.writeShort(bytes.length);
      out.write(bytes);
      out.flush();
      java.io.DataInputStream in = new java.io.DataInputStream(socket.getInputStream());
      byte[] reply = new byte[in.readUnsignedShort()];
      in.readFully(reply);
      return decode(reply, query);
    }
  }

  private static Message decode(byte[] bytes, Message query) throws IOException {
    Message reply = new Message(bytes);
    if (reply.getHeader().getID() != query.getHeader().getID()) {
      throw new IOException("the reply has another ID");
    }
    return reply;
  }

  /// The addresses of the answer section, as text.
  static Set<String> addresses(Message reply) {
    Set<String> addresses = new TreeSet<>();
    for (Record record : reply.getSection(Section.ANSWER)) {
      switch (record) {
        case org.xbill.DNS.ARecord a -> addresses.add(a.getAddress().getHostAddress());
        case org.xbill.DNS.AAAARecord aaaa -> addresses.add(aaaa.getAddress().getHostAddress());
        default -> {}
      }
    }
    return addresses;
  }

  /// The scope of the reply's client subnet, or -1 without one.
  static int scope(Message reply) {
    if (reply.getOPT() == null) {
      return -1;
    }
    for (EDNSOption option : reply.getOPT().getOptions()) {
      if (option instanceof ClientSubnetOption subnet) {
        return subnet.getScopePrefixLength();
      }
    }
    return -1;
  }
}
