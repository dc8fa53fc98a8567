package gslb.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Ports for servers that take a number and not a socket.
public final class FreePorts {
  private static final int TRIES_MAX = 50;

  private FreePorts() {}

  /// A port that is free for TCP and UDP on every address.
  public static int one() throws IOException {
    IOException last = new IOException("no port is free");
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      try (ServerSocket tcp = new ServerSocket(0);
          DatagramSocket udp = new DatagramSocket(tcp.getLocalPort())) {
        return udp.getLocalPort();
      } catch (BindException e) {
        last = e; // taken for UDP by somebody else
      }
    }
    throw last;
  }

  /// So many different ones: the kernel may give a port that was just left a second time.
  public static List<Integer> several(int count) throws IOException {
    Set<Integer> ports = new LinkedHashSet<>();
    while (ports.size() < count) {
      ports.add(one());
    }
    return List.copyOf(ports);
  }
}
