package gslb.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Ports for servers that take a number and not a socket.
///
/// They are of a range from which no kernel takes ports for outgoing connections, so that one which
/// is free stays free until the server binds it, and far enough apart by chance that tests in
/// several processes do not meet.
public final class FreePorts {
  private static final int FIRST = 10_000;
  private static final int BEHIND = 25_000;
  private static final int TRIES_MAX = 50;

  private FreePorts() {}

  /// A port that is free for TCP and UDP on every address.
  public static int one() throws IOException {
    IOException last = new IOException("no port is free");
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, BEHIND);
      try (ServerSocket tcp = new ServerSocket(port);
          DatagramSocket udp = new DatagramSocket(tcp.getLocalPort())) {
        return udp.getLocalPort();
      } catch (BindException e) {
        last = e; // taken by somebody else
      }
    }
    throw last;
  }

  /// So many different ones.
  public static List<Integer> several(int count) throws IOException {
    Set<Integer> ports = new LinkedHashSet<>();
    while (ports.size() < count) {
      ports.add(one());
    }
    return List.copyOf(ports);
  }
}
