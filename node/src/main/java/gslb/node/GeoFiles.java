package gslb.node;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.config.GeoSettings;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.GeoDatabaseRefused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The geo databases of a configuration as they were read, and what their files were then. A file
/// is read whole, so whoever replaces it by rename never meets a reader.
///
/// @param files by priority
record GeoFiles(List<Loaded> files) {
  static final GeoFiles NONE = new GeoFiles(List.of());

  /// Parts of four of the heap that one database may take while it is read: a node that runs out of
  /// memory ends.
  private static final int MEMORY_QUARTERS = 3;

  GeoFiles {
    files = List.copyOf(files);
  }

  /// One file.
  ///
  /// @param stamp of it before it was read
  record Loaded(String file, FileStamp stamp, GeoDatabase database) {}

  /// How one file is read: {@link GeoMemory#read}, or {@link #fresh}.
  interface GeoReader {
    GeoDatabase read(String file) throws IOException, GeoDatabaseRefused;
  }

  /// Reads the database itself.
  static GeoDatabase fresh(String file) throws IOException, GeoDatabaseRefused {
    long memoryMax = Runtime.getRuntime().maxMemory() / 4 * MEMORY_QUARTERS;
    long lengthMax = Math.min(GeoDatabase.FILE_BYTES_MAX, memoryMax / GeoDatabase.FILE_COPIES);
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return GeoDatabase.read(file, in.readNBytes((int) lengthMax + 1), memoryMax);
    }
  }

  /// By priority.
  List<GeoDatabase> databases() {
    return files.stream().map(Loaded::database).toList();
  }

  /// Reads every database; empty if a diagnostic was added.
  ///
  /// @param known used again where the file is still the same
  static Optional<GeoFiles> read(
      GeoSettings settings, GeoFiles known, GeoReader reader, Diagnostics diagnostics) {
    List<Loaded> loaded = new ArrayList<>();
    for (String file : settings.databaseFiles()) {
      FileStamp now = FileStamp.of(file);
      known.files.stream()
          .filter(one -> one.file.equals(file) && one.stamp.equals(now))
          .findFirst()
          .or(() -> read(file, reader, diagnostics))
          .ifPresent(loaded::add);
    }
    return loaded.size() == settings.databaseFiles().size()
        ? Optional.of(new GeoFiles(loaded))
        : Optional.empty();
  }

  /// Reads one database; empty if a diagnostic was added.
  static Optional<Loaded> read(String file, GeoReader reader, Diagnostics diagnostics) {
    FileStamp stamp = FileStamp.of(file);
    try {
      return Optional.of(new Loaded(file, stamp, reader.read(file)));
    } catch (IOException e) {
      diagnostics.error(
          SourceSpan.file(file),
          "the geo database cannot be read: " + DiskFiles.reason(e),
          "",
          "check its name and its permissions");
    } catch (GeoDatabaseRefused e) {
      diagnostics.add(e.diagnostic());
    }
    return Optional.empty();
  }

  /// The same with another version of one file.
  GeoFiles with(Loaded replaced) {
    return new GeoFiles(
        files.stream().map(one -> one.file.equals(replaced.file) ? replaced : one).toList());
  }
}
