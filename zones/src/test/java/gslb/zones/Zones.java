package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Zones for tests.
final class Zones {
  static final DnsName ORIGIN = DnsName.of("example.org");

  static final String HEAD =
      """
      $TTL 300
      @ SOA ns1 hostmaster 1 1h 15m 2w 60
      @ NS ns1
      ns1 A 192.0.2.53
      """;

  private Zones() {}

  /// The zone example.org of that text, which must have no error.
  static FlatZone of(String text, DynamicSlot... slots) {
    Diagnostics diagnostics = new Diagnostics();
    var zone = ZoneFile.read("test.zone", text, ORIGIN, List.of(slots), diagnostics);
    assertThat(diagnostics.hasErrors()).as(diagnostics.sorted().toString()).isFalse();
    return zone.orElseThrow();
  }

  static DynamicSlot slot(int id, String name) {
    return new DynamicSlot(id, DnsName.of(name), new SourceSpan("gslb.yaml", 10 + id, 5));
  }

  static NameView view(DnsName name) {
    NameView view = new NameView();
    byte[] wire = name.toWire();
    assertThat(view.set(wire, 0, wire.length)).isEqualTo(wire.length);
    return view;
  }

  static NameMatch match(FlatZone zone, String name) {
    NameMatch match = new NameMatch();
    zone.match(view(DnsName.of(name)), match);
    return match;
  }

  /// Files below `src/test/resources` that a zone there includes.
  static ZoneFile.Source source(Diagnostics diagnostics) {
    return new ZoneFile.Source() {
      @Override
      public String resolve(String fromFile, String name) {
        return Path.of(fromFile).resolveSibling(name).toString();
      }

      @Override
      public Optional<String> text(String path, int lengthMax, SourceSpan asked) {
        Path file = root().resolve("zones/src/test/resources").resolve(path);
        if (Files.isRegularFile(file)) {
          return Optional.of(Zones.text(file));
        }
        diagnostics.error(asked, "file '" + path + "' cannot be read", "", "check its name");
        return Optional.empty();
      }
    };
  }

  /// `OWNER TTL TYPE HEX` of each record, sorted.
  static List<String> records(FlatZone zone) {
    List<String> records = new ArrayList<>();
    for (int node = 0; node < zone.nodeCount(); node++) {
      for (int i = 0; i < zone.rrsetCount(node); i++) {
        int rrset = zone.firstRrset(node) + i;
        for (int record = 0; record < zone.recordCount(rrset); record++) {
          int from = zone.rdataOffset(rrset, record);
          int end = from + zone.rdataLength(rrset, record);
          records.add(
              zone.name(node).toLowerCase()
                  + " "
                  + zone.ttl(rrset)
                  + " "
                  + zone.type(rrset)
                  + " "
                  + HexFormat.of().formatHex(zone.rdataPage(rrset), from, end));
        }
      }
    }
    return records.stream().sorted().toList();
  }

  /// The records as a zone file in the form for unknown types (RFC 3597 §5).
  static String generic(List<String> records) {
    StringBuilder text = new StringBuilder();
    for (String record : records) {
      String[] fields = record.split(" ", -1);
      text.append(fields[0] + " " + fields[1] + " TYPE" + fields[2]);
      text.append(" \\# " + fields[3].length() / 2 + " " + fields[3] + "\n");
    }
    return text.toString();
  }

  static Path root() {
    return Path.of(System.getProperty("gslb.root", ".."));
  }

  static List<Path> corpus(String folder) {
    try (Stream<Path> files = Files.list(root().resolve("zones/src/test/resources/" + folder))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
