package gslb.dns.delegation;

import gslb.base.Clock;
import gslb.base.DnsName;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Asks over UDP, and over TCP when the reply was truncated. Who was silent once is not waited for
/// again. Confined to one thread.
final class NetworkAsker implements Asker {
  /// Datagrams that one question may take.
  private static final int TRIES_MAX = 2;

  /// Milliseconds for a reply to one datagram, or for a whole exchange over TCP.
  private static final int REPLY_MILLIS_MAX = 2_000;

  private static final int MESSAGE_LENGTH_MAX = 65_535;

  private final Clock clock;
  private final RandomGenerator random;
  private final int replyMillis;
  private final Map<InetSocketAddress, Unanswered> silent = new HashMap<>();

  /// @param random unpredictable to others, for message IDs
  NetworkAsker(Clock clock, RandomGenerator random) {
    this(clock, random, REPLY_MILLIS_MAX);
  }

  NetworkAsker(Clock clock, RandomGenerator random, int replyMillis) {
    this.clock = clock;
    this.random = random;
    this.replyMillis = replyMillis;
  }

  @Override
  public DnsReply ask(InetSocketAddress server, DnsName name, int type, boolean recursionDesired)
      throws Unanswered {
    Unanswered before = silent.get(server);
    if (before != null) {
      throw before;
    }
    DnsReply.Question question =
        new DnsReply.Question(random.nextInt(1 << 16), name, type, recursionDesired);
    try {
      DnsReply reply = overUdp(server, question);
      return reply.isTruncated() ? overTcp(server, question) : reply;
    } catch (SocketTimeoutException e) {
      throw silent(server, new Unanswered("does not answer", false));
    } catch (PortUnreachableException e) {
      throw silent(server, new Unanswered("refuses UDP at that port", false));
    } catch (ProtocolException e) {
      throw new Unanswered("answers what is no reply: " + e.getMessage(), false);
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      if (e instanceof NoRouteToHostException || why.contains("unreachable")) {
        throw silent(server, new Unanswered("cannot be reached from here: " + why, true));
      }
      if (e instanceof ConnectException) {
        throw new Unanswered("truncates its reply and refuses TCP", false);
      }
      throw new Unanswered("cannot be asked: " + why, false);
    }
  }

  private Unanswered silent(InetSocketAddress server, Unanswered why) {
    silent.put(server, why);
    return why;
  }

  private DnsReply overUdp(InetSocketAddress server, DnsReply.Question question)
      throws IOException {
    byte[] query = question.encode();
    DatagramPacket in = new DatagramPacket(new byte[MESSAGE_LENGTH_MAX], MESSAGE_LENGTH_MAX);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server); // from others nothing is heard
      for (int tries = 1; ; tries++) {
        socket.send(new DatagramPacket(query, query.length));
        try {
          return receive(socket, in, question);
        } catch (SocketTimeoutException e) {
          if (tries == TRIES_MAX) {
            throw e;
          }
        }
      }
    }
  }

  /// Whatever comes that is not the reply is left aside; a forger may send it.
  private DnsReply receive(DatagramSocket socket, DatagramPacket in, DnsReply.Question question)
      throws IOException {
    long deadline = deadline();
    ProtocolException last = null;
    while (true) {
      try {
        socket.setSoTimeout(remainingMillis(deadline));
        in.setLength(MESSAGE_LENGTH_MAX);
        socket.receive(in);
        return DnsReply.read(Arrays.copyOf(in.getData(), in.getLength()), question);
      } catch (ProtocolException e) {
        last = e;
      } catch (SocketTimeoutException e) {
        if (last != null) {
          throw last;
        }
        throw e;
      }
    }
  }

  private DnsReply overTcp(InetSocketAddress server, DnsReply.Question question)
      throws IOException {
    long deadline = deadline();
    byte[] query = question.encode();
    byte[] framed = new byte[query.length + 2];
    framed[0] = (byte) (query.length >>> 8);
    framed[1] = (byte) query.length;
    System.arraycopy(query, 0, framed, 2, query.length);
    try (Socket socket = new Socket()) {
      socket.connect(server, remainingMillis(deadline));
      socket.getOutputStream().write(framed);
      byte[] length = read(socket, 2, deadline);
      int octets = (length[0] & 0xff) << 8 | length[1] & 0xff;
      return DnsReply.read(read(socket, octets, deadline), question);
    }
  }

  private byte[] read(Socket socket, int length, long deadline) throws IOException {
    byte[] octets = new byte[length];
    InputStream in = socket.getInputStream();
    for (int at = 0; at < length; ) {
      socket.setSoTimeout(remainingMillis(deadline));
      int count = in.read(octets, at, length - at);
      if (count < 0) {
        throw new EOFException("the connection ends before the reply");
      }
      at += count;
    }
    return octets;
  }

  private long deadline() {
    return clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(replyMillis);
  }

  private int remainingMillis(long deadline) throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - clock.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException("no reply in time");
    }
    return (int) millis;
  }
}
