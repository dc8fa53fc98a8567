package gslb.dns.listen;

import gslb.base.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Who else is bound to a port, as Linux tells in `/proc/net` (proc_net(5)): for the message when a
/// listener cannot be opened. Empty on other systems.
final class PortHolders {
  /// Lines read of one file; a busy machine lists a connection on each.
  static final int LINES_MAX = 200_000;

  /// TCP_LISTEN of linux/include/net/tcp_states.h.
  private static final int LISTEN = 0x0a;

  private PortHolders() {}

  /// The addresses bound to the port that stand in the way of a listener.
  ///
  /// @param proc `/proc`
  /// @param transport `udp`, or `tcp` or `tls`
  static List<Address> conflicting(Path proc, String transport, Address wanted, int port) {
    boolean isUdp = transport.equals("udp");
    List<Address> holders = new ArrayList<>();
    for (String file : isUdp ? List.of("udp", "udp6") : List.of("tcp", "tcp6")) {
      for (Address holder : bound(proc.resolve("net").resolve(file), port, !isUdp)) {
        if (conflict(wanted, holder) && !holders.contains(holder)) {
          holders.add(holder);
        }
      }
    }
    return holders;
  }

  private static List<Address> bound(Path file, int port, boolean onlyListening) {
    List<Address> addresses = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.US_ASCII))) {
      lines
          .lines()
          .limit(LINES_MAX)
          .forEach(line -> addIfBound(line, port, onlyListening, addresses));
    } catch (IOException | UncheckedIOException unknown) {
      return List.of(); // another system, or no permission: the message then names nobody
    }
    return addresses;
  }

  /// A line is `sl: address:port remote:port state …`, all in hexadecimal; the heading has no colon
  /// there.
  private static void addIfBound(
      String line, int port, boolean onlyListening, List<Address> addresses) {
    String[] words = line.strip().split("\\s+", 5);
    if (words.length < 5 || !words[0].endsWith(":")) {
      return;
    }
    int colon = words[1].lastIndexOf(':');
    try {
      boolean counts = !onlyListening || Integer.parseInt(words[3], 16) == LISTEN;
      if (counts && colon > 0 && Integer.parseInt(words[1].substring(colon + 1), 16) == port) {
        addresses.add(address(words[1].substring(0, colon)));
      }
    } catch (IllegalArgumentException notOfThisForm) {
      // A line that reads differently is of no use here.
    }
  }

  /// Words of 32 bits in the machine's order, which is little-endian where this is asked.
  private static Address address(String hex) {
    byte[] bytes = new byte[hex.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      int at = (i & ~3) + 3 - (i & 3);
      bytes[at] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
    }
    Address address = Address.of(bytes);
    // The sockets of the JDK take both families and show IPv4 in the mapped form.
    boolean isMapped = !address.isV4() && address.high() == 0 && address.low() >>> 32 == 0xffff;
    return isMapped ? Address.v4((int) address.low()) : address;
  }

  /// Our IPv6 sockets take no IPv4; those of others on `::` mostly do.
  private static boolean conflict(Address wanted, Address holder) {
    if (wanted.family() != holder.family()) {
      return wanted.isV4() && holder.isUnspecified();
    }
    return wanted.equals(holder) || wanted.isUnspecified() || holder.isUnspecified();
  }

  /// The first port that a process without privileges may bind; 1024 where the system does not say.
  static int unprivilegedPortStart(Path proc) {
    try {
      Path setting = proc.resolve("sys/net/ipv4/ip_unprivileged_port_start");
      return Integer.parseInt(Files.readString(setting).strip());
    } catch (IOException | NumberFormatException unknown) {
      return 1024;
    }
  }
}
