package gslb.trials.script;

import gslb.dns.listen.DnsServer;
import gslb.dns.listen.DnsSettings;
import gslb.dns.listen.ListenException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Asks the real listeners over the loopback interface. A client address of 127.0.0.0/8 is the
/// socket's own; no other can be had there.
final class LoopbackWay implements Way {
  private static final int REPLY_MILLIS_MAX = 10_000;

  /// How long a reply is waited for when there must be none and the server says nothing at all.
  private static final int SILENCE_MILLIS = 250;

  /// A query that any server answers and no script asks: an unknown opcode, a header alone. What
  /// was asked before it on the same socket has its reply before it.
  private static final byte[] SENTINEL = HexFormat.of().parseHex("ffff70000000000000000000");

  private final DnsServer server;
  private final InetSocketAddress address;

  LoopbackWay(Theatre theatre) throws ListenException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    DnsSettings settings = theatre.world().configuration().dns();
    server =
        DnsServer.open(
            new DnsSettings(List.of(any), List.of(), 1, settings.tcp(), List.of()),
            new DnsServer.Parts(
                theatre.responder()::answer, theatre.responder()::newContext, theatre.clock()));
    address = server.boundAddresses().getFirst();
    server.start();
  }

  InetSocketAddress address() {
    return address;
  }

  @Override
  public boolean canAsk(Query query, Over over) {
    boolean isOurs = query.from().isV4() && query.from().isLoopback();
    return isOurs && over != Over.TLS;
  }

  @Override
  public byte[] ask(Query query, byte[] message, Over over) throws IOException {
    InetSocketAddress from = new InetSocketAddress(query.from().toInetAddress(), 0);
    return over == Over.UDP ? udp(from, message) : tcp(from, message);
  }

  private byte[] udp(InetSocketAddress from, byte[] message) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(from)) {
      socket.connect(address);
      socket.send(new DatagramPacket(message, message.length));
      socket.send(new DatagramPacket(SENTINEL, SENTINEL.length));
      byte[] first = receive(socket, REPLY_MILLIS_MAX);
      if (isSentinel(first)) {
        return new byte[0];
      }
      return first;
    }
  }

  /// A datagram, or nothing.
  private static byte[] receive(DatagramSocket socket, int millis) throws IOException {
    DatagramPacket reply = new DatagramPacket(new byte[65_535], 65_535);
    socket.setSoTimeout(millis);
    try {
      socket.receive(reply);
      return Arrays.copyOf(reply.getData(), reply.getLength());
    } catch (SocketTimeoutException _) {
      return new byte[0];
    }
  }

  private static boolean isSentinel(byte[] reply) {
    return reply.length > 2 && reply[0] == SENTINEL[0] && reply[1] == SENTINEL[1];
  }

  private byte[] tcp(InetSocketAddress from, byte[] message) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(from);
      socket.connect(address);
      socket.setSoTimeout(REPLY_MILLIS_MAX);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] frames = new byte[2 + message.length + 2 + SENTINEL.length];
      put(frames, 0, message);
      put(frames, 2 + message.length, SENTINEL);
      out.write(frames);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] first = new byte[in.readUnsignedShort()];
      in.readFully(first);
      return isSentinel(first) ? new byte[0] : first;
    } catch (EOFException | SocketException _) {
      return new byte[0]; // closed without a word
    }
  }

  private static void put(byte[] frames, int at, byte[] message) {
    frames[at] = (byte) (message.length >> 8);
    frames[at + 1] = (byte) message.length;
    System.arraycopy(message, 0, frames, at + 2, message.length);
  }

  @Override
  public void close() {
    server.close();
  }
}
