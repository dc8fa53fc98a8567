package gslb.node.demo;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// A zone that is large enough for the JVM to see what is hot when zones are loaded. What it learns
/// is kept in the start-up cache, so that a node compiles it at once instead of interpreting it
/// first.
final class TrainingZone {
  static final String NAME = "train.example";

  private static final int NAMES = 60_000;

  private TrainingZone() {}

  /// Writes the zone file.
  static void write(Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("$TTL 3600\n@ SOA ns1 hostmaster 1 3600 600 604800 60\n@ NS ns1\n");
      out.write("ns1 A 192.0.2.1\n");
      for (int i = 0; i < NAMES; i++) {
        out.write(records("h" + Integer.toString(i, 36), random));
      }
    }
  }

  private static String records(String name, SplittableRandom random) {
    String four = "192.0.2." + random.nextInt(256);
    String six = "2001:db8::" + Integer.toHexString(random.nextInt(0x10000));
    return switch (random.nextInt(5)) {
      case 0 -> name + " NS ns." + name + "\nns." + name + " 300 A " + four + "\n";
      case 1 -> name + " IN MX 10 mail." + name + "\nmail." + name + " AAAA " + six + "\n";
      case 2 -> name + " 600 IN CNAME " + name + "." + NAME + ".example.\n";
      case 3 -> name + " TXT \"v=spf1 ip4:" + four + " -all\"\n";
      default -> name + " A " + four + "\n" + name + " AAAA " + six + "\n";
    };
  }
}
