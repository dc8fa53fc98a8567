package gslb.trials.conform;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.zones.FlatZone;
import gslb.zones.ZoneFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A zone file of the corpus, `conform/<server>/<what it stresses>.zone`. The zones of one folder
/// are served by one server. Its first line is `; <apex>: <what it stresses>`.
record CorpusZone(String name, DnsName apex, Path file, FlatZone zone) {
  static final List<String> SERVERS = List.of("main", "family", "root", "orphan");

  private static final Path CORPUS =
      Path.of(System.getProperty("gslb.root"), "trials/src/test/resources/conform");

  static List<CorpusZone> of(String server) throws IOException {
    List<CorpusZone> zones = new ArrayList<>();
    try (Stream<Path> files = Files.list(CORPUS.resolve(server))) {
      for (Path file : files.sorted().toList()) {
        zones.add(read(file));
      }
    }
    return zones;
  }

  private static CorpusZone read(Path file) throws IOException {
    String text = Files.readString(file);
    DnsName apex = DnsName.of(text.substring(2, text.indexOf(": ")));
    Diagnostics diagnostics = new Diagnostics();
    String name = file.getFileName().toString().replace(".zone", "");
    FlatZone zone =
        ZoneFile.read(name, text, apex, List.of(), diagnostics)
            .orElseThrow(
                () -> {
                  List<Diagnostic> all = diagnostics.sorted();
                  return new AssertionError("our reader refuses " + file + ": " + all);
                });
    return new CorpusZone(name, apex, file, zone);
  }

  /// The apex as the peers' configurations have it.
  String domain() {
    return apex.isRoot() ? "." : apex.toString();
  }
}
