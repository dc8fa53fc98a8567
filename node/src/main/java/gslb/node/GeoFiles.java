package gslb.node;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.config.GeoSettings;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.GeoDatabaseRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The geo databases of a configuration as they were read, and what their files were then. A file
/// is read whole, so whoever replaces it by rename never meets a reader.
///
/// @param databases by priority
record GeoFiles(List<GeoDatabase> databases, List<Stamp> stamps) {
  static final GeoFiles NONE = new GeoFiles(List.of(), List.of());

  GeoFiles {
    databases = List.copyOf(databases);
    stamps = List.copyOf(stamps);
  }

  /// How one file is read: {@link GeoMemory#read}, or {@link #fresh}.
  interface GeoReader {
    GeoDatabase read(String file) throws IOException, GeoDatabaseRefused;
  }

  static GeoDatabase fresh(String file) throws IOException, GeoDatabaseRefused {
    return GeoDatabase.read(file, Files.readAllBytes(Path.of(file)));
  }

  /// What tells one version of a file from the next: a rename changes the key, a rewrite time or
  /// size.
  record Stamp(String file, String key, long modifiedMillis, long size) {
    static Stamp of(String file) throws IOException {
      BasicFileAttributes attributes =
          Files.readAttributes(Path.of(file), BasicFileAttributes.class);
      return new Stamp(
          file,
          String.valueOf(attributes.fileKey()),
          attributes.lastModifiedTime().toMillis(),
          attributes.size());
    }
  }

  /// Reads every database; empty if a diagnostic was added.
  static Optional<GeoFiles> read(GeoSettings settings, GeoReader reader, Diagnostics diagnostics) {
    List<GeoDatabase> databases = new ArrayList<>();
    List<Stamp> stamps = new ArrayList<>();
    int errors = diagnostics.errorCount();
    for (String file : settings.databaseFiles()) {
      try {
        stamps.add(Stamp.of(file));
        if (Files.size(Path.of(file)) > GeoDatabase.FILE_BYTES_MAX) {
          diagnostics.error(
              SourceSpan.file(file),
              "a geo database of " + Files.size(Path.of(file)) + " bytes",
              "at most " + GeoDatabase.FILE_BYTES_MAX + " are read",
              "use a smaller edition");
          continue;
        }
        databases.add(reader.read(file));
      } catch (IOException e) {
        diagnostics.error(
            SourceSpan.file(file),
            "the geo database cannot be read: " + e.getMessage(),
            "",
            "check its name and its permissions");
      } catch (GeoDatabaseRefused e) {
        diagnostics.add(e.diagnostic());
      }
    }
    return diagnostics.errorCount() > errors
        ? Optional.empty()
        : Optional.of(new GeoFiles(databases, stamps));
  }

  /// Whether these are the databases of the settings, unchanged on disk.
  boolean areStill(GeoSettings settings) {
    return stamps.stream().map(Stamp::file).toList().equals(settings.databaseFiles())
        && !haveChanged();
  }

  /// Whether a file is another one now, or cannot be looked at.
  boolean haveChanged() {
    for (Stamp stamp : stamps) {
      try {
        if (!Stamp.of(stamp.file()).equals(stamp)) {
          return true;
        }
      } catch (IOException _) {
        return false; // between two versions; the table that is loaded serves on
      }
    }
    return false;
  }
}
