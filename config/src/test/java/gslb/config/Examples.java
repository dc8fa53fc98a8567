package gslb.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// The repository's own files, and what the tests load.
final class Examples {
  static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("gslb.root")));

  private Examples() {}

  static String read(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What an operator copies.
  static MemoryFiles deployed() {
    return new MemoryFiles()
        .with("gslb.yaml", read("deploy/gslb.yaml"))
        .with("gslb.example.zone", read("deploy/gslb.example.zone"))
        .with("geo/geo-whois-asn-country.mmdb", "the loader only asks whether it is there");
  }
}
