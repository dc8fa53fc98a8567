package gslb.bench;

import gslb.base.Clock;
import gslb.dns.QueryContext;
import gslb.dns.listen.DnsServer;
import gslb.dns.listen.DnsSettings;
import gslb.dns.listen.UdpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// The listeners alone, for measuring what they cost: every query comes back as a reply without
/// records, after as many microseconds of work as are asked for. Ends when its input does:
///
///     java -cp ... gslb.bench.EchoServer <address> <port> <threads> [native|channel] [<work>]
public final class EchoServer {
  private static final int HEADER_LENGTH = 12;

  private EchoServer() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 3 || arguments.length > 5) {
      System.err.println("usage: EchoServer <address> <port> <threads> [native|channel] [<work>]");
      System.exit(64);
    }
    InetSocketAddress listen =
        new InetSocketAddress(InetAddress.ofLiteral(arguments[0]), Integer.parseInt(arguments[1]));
    UdpTransport transport =
        arguments.length > 3 && arguments[3].equals("channel")
            ? UdpTransport.CHANNEL
            : UdpTransport.preferred();
    long workNanos = arguments.length == 5 ? 1_000 * Long.parseLong(arguments[4]) : 0;
    DnsServer.Parts parts =
        new DnsServer.Parts(
            new Echo(workNanos)::answer, QueryContext::new, Clock.system(), transport, null);
    DnsSettings settings = new DnsSettings(List.of(listen), Integer.parseInt(arguments[2]));
    try (DnsServer server = DnsServer.open(settings, parts)) {
      server.start();
      System.out.println(
          "pid " + ProcessHandle.current().pid() + " serves " + server.boundAddresses());
      awaitEndOfInput();
      for (String name : server.counters().names()) {
        long sum = server.counters().sum(server.counters().names().indexOf(name));
        if (sum > 0) {
          System.out.println(name + " " + sum);
        }
      }
    }
  }

  private static void awaitEndOfInput() throws IOException {
    while (System.in.read() >= 0) {
      // Anything typed is of no interest.
    }
  }

  private record Echo(long workNanos) {
    int answer(byte[] in, int length, byte[] out, QueryContext context) {
      if ((in[2] & 0x80) != 0 || length < HEADER_LENGTH) {
        return 0;
      }
      if (workNanos > 0) {
        long end = System.nanoTime() + workNanos;
        while (System.nanoTime() - end < 0) {
          Thread.onSpinWait();
        }
      }
      System.arraycopy(in, 0, out, 0, length);
      out[2] |= (byte) 0x84; // QR, AA
      return length;
    }
  }
}
