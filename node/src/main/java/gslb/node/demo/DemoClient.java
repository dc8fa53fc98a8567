package gslb.node.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Asks a node as its users do: one steered A question for a client's /16, or one HTTP request.
final class DemoClient {
  private static final int TIMEOUT_MILLIS = 1_000;

  private final InetSocketAddress dns;
  private final InetSocketAddress http;
  private final AtomicInteger ids = new AtomicInteger();

  DemoClient(String address, DemoLayout.Ports ports) {
    dns = new InetSocketAddress(address, ports.dns());
    http = new InetSocketAddress(address, ports.http());
  }

  /// The first address answered for `www.gslb.example`, or empty if there is no answer.
  ///
  /// @param clientNet the first two octets of the client's address, such as `91.12`
  Optional<String> address(String clientNet) {
    int id = ids.incrementAndGet() & 0xffff;
    byte[] query = query(id, clientNet);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(dns);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.send(new DatagramPacket(query, query.length));
      byte[] reply = new byte[512];
      DatagramPacket packet = new DatagramPacket(reply, reply.length);
      socket.receive(packet);
      ByteBuffer message = ByteBuffer.wrap(reply, 0, packet.getLength());
      int answer = 12 + QNAME.length + 4;
      // Owner as a pointer, type, class, TTL, length: the address stands 12 octets behind the name.
      if ((message.getShort(0) & 0xffff) != id
          || message.getShort(6) == 0
          || packet.getLength() < answer + 16) {
        return Optional.empty();
      }
      byte[] address = new byte[4];
      message.get(answer + 12, address);
      return Optional.of(InetAddress.getByAddress(address).getHostAddress());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static final byte[] QNAME = "\3www\4gslb\7example\0".getBytes(US_ASCII);

  private static byte[] query(int id, String clientNet) {
    int dot = clientNet.indexOf('.');
    ByteBuffer query = ByteBuffer.allocate(12 + QNAME.length + 4 + 11 + 10);
    query.putShort((short) id).putShort((short) 0);
    query.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 1);
    query.put(QNAME).putShort((short) 1).putShort((short) 1);
    query.put((byte) 0).putShort((short) 41).putShort((short) 1232).putInt(0).putShort((short) 10);
    query.putShort((short) 8).putShort((short) 6);
    query.putShort((short) 1).put((byte) 16).put((byte) 0);
    query
        .put((byte) Integer.parseInt(clientNet.substring(0, dot)))
        .put((byte) Integer.parseInt(clientNet.substring(dot + 1)));
    return query.array();
  }

  /// The `Location` that this machine is redirected to, or empty if there is none.
  Optional<String> location() {
    try (Socket socket = new Socket()) {
      socket.connect(http, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: www.gslb.example\r\nConnection: close\r\n\r\n"
                  .getBytes(US_ASCII));
      String reply = new String(socket.getInputStream().readNBytes(4_096), US_ASCII);
      return reply
          .lines()
          .filter(line -> line.startsWith("Location: "))
          .map(line -> line.substring("Location: ".length()))
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
