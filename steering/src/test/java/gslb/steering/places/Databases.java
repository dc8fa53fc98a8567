package gslb.steering.places;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The database files that tests read.
final class Databases {
  private Databases() {}

  /// The country database that comes with the program.
  static byte[] country() {
    try {
      return Files.readAllBytes(
          Path.of(System.getProperty("gslb.root"), "deploy/geo/geo-whois-asn-country.mmdb"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A file of the resource folder `mmdb`.
  static byte[] resource(String name) {
    try (InputStream in = Databases.class.getResourceAsStream("mmdb/" + name)) {
      if (in == null) {
        throw new AssertionError("no resource mmdb/" + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GeoDatabase read(byte[] file) {
    try {
      return GeoDatabase.read("test.mmdb", file);
    } catch (GeoDatabaseRefused e) {
      throw new AssertionError(e);
    }
  }
}
