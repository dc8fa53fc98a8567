package gslb.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Zone files as those of a registry or a hoster: delegations with glue, mail, addresses.
///
/// @param zones their names; each has the file `<name>.zone`
/// @param lastName has an A record, the last of the last zone
record ZoneFiles(List<String> zones, String lastName) {
  static ZoneFiles write(Path folder, int records, int zones) throws IOException {
    List<String> names = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < zones; i++) {
      String name = "z" + i + ".example";
      write(folder.resolve(name + ".zone"), records / zones, random);
      names.add(name);
    }
    return new ZoneFiles(List.copyOf(names), "last." + names.getLast());
  }

  private static void write(Path file, int records, SplittableRandom random) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("$TTL 3600\n@ SOA ns1 hostmaster 1 3600 600 604800 60\n@ NS ns1\n@ NS ns2\n");
      out.write("ns1 A 192.0.2.1\nns2 A 192.0.2.2\n");
      int written = 6;
      for (int i = 0; written < records; i++) {
        String entry = entry("h%07d".formatted(i), random);
        out.write(entry);
        written += Math.toIntExact(entry.lines().count());
      }
      out.write("last A 192.0.2.3\n");
    }
  }

  private static String entry(String name, SplittableRandom random) {
    String four = "10." + random.nextInt(256) + "." + random.nextInt(256) + ".1";
    String six = "2001:db8::" + Integer.toHexString(random.nextInt(0x10000));
    return switch (random.nextInt(3)) {
      case 0 ->
          "%1$s NS ns1.%1$s\n%1$s NS ns2.%1$s\nns1.%1$s A %2$s\nns2.%1$s AAAA %3$s\n"
              .formatted(name, four, six);
      case 1 -> "%1$s MX 10 mail.%1$s\nmail.%1$s A %2$s\n".formatted(name, four);
      default -> "%1$s A %2$s\n%1$s AAAA %3$s\n".formatted(name, four, six);
    };
  }
}
