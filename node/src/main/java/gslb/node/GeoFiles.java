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

  GeoFiles {
    files = List.copyOf(files);
  }

  /// One file.
  ///
  /// @param stamp of it before it was read
  record Loaded(String file, FileStamp stamp, GeoDatabase database) {}

  /// By priority.
  List<GeoDatabase> databases() {
    return files.stream().map(Loaded::database).toList();
  }

  /// Reads every database; empty if a diagnostic was added.
  ///
  /// @param known used again where the file is still the same
  static Optional<GeoFiles> read(GeoSettings settings, GeoFiles known, Diagnostics diagnostics) {
    List<Loaded> loaded = new ArrayList<>();
    for (String file : settings.databaseFiles()) {
      FileStamp now = FileStamp.of(file);
      known.files.stream()
          .filter(one -> one.file.equals(file) && one.stamp.equals(now))
          .findFirst()
          .or(() -> read(file, diagnostics))
          .ifPresent(loaded::add);
    }
    return loaded.size() == settings.databaseFiles().size()
        ? Optional.of(new GeoFiles(loaded))
        : Optional.empty();
  }

  /// Reads one database; empty if a diagnostic was added.
  static Optional<Loaded> read(String file, Diagnostics diagnostics) {
    FileStamp stamp = FileStamp.of(file);
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      byte[] bytes = in.readNBytes(GeoDatabase.FILE_BYTES_MAX + 1);
      if (bytes.length <= GeoDatabase.FILE_BYTES_MAX) {
        return Optional.of(new Loaded(file, stamp, GeoDatabase.read(file, bytes)));
      }
      diagnostics.error(
          SourceSpan.file(file),
          "the geo database is longer than " + GeoDatabase.FILE_BYTES_MAX + " bytes",
          "no more are read",
          "use a smaller edition");
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
