package gslb.node;

import gslb.base.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The resolvers that this machine uses, as resolv.conf(5) lists them.
final class SystemResolvers {
  static final Path FILE = Path.of("/etc/resolv.conf");

  /// As many as the C library takes.
  private static final int RESOLVERS_MAX = 3;

  private static final int PORT = 53;

  private SystemResolvers() {}

  /// In order; empty if the file cannot be read or lists none. Addresses with a zone are left out.
  static List<InetSocketAddress> read(Path file) {
    List<InetSocketAddress> resolvers = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        String[] words = line.strip().split("\\s+", 3);
        if (words.length > 1 && words[0].equals("nameserver")) {
          Address.parse(words[1])
              .ifPresent(a -> resolvers.add(new InetSocketAddress(a.toInetAddress(), PORT)));
        }
      }
    } catch (IOException _) {
      return List.of();
    }
    return resolvers.stream().limit(RESOLVERS_MAX).toList();
  }
}
