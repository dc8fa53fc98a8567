package gslb.node;

import gslb.config.Configuration;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.GeoDatabaseFile;
import gslb.steering.places.GeoDatabaseRefused;
import gslb.steering.places.GeoFileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Geo databases as a node keeps them over a restart: decoded, in a folder of the state directory,
/// each under the digest of the file it was read from ({@link GeoDatabaseFile}).
///
/// The digest is made of the file's bytes at every start, so neither a file replaced by one of
/// equal size and time nor a damaged or missing copy can be served for what it is not: the database
/// is then read as if nothing had been kept. Reading needs no right to write, and no failure to
/// write is more than a slower next start.
final class GeoMemory {
  static final String FOLDER = "geo";

  /// Files kept, those in use among them; what is older goes.
  static final int FILES_MAX = 4;

  private static final String ENDING = ".geo";
  private static final Pattern OURS = Pattern.compile("[0-9a-f]{32}\\.geo");
  private static final Pattern HALF_WRITTEN = Pattern.compile("[0-9a-f]{32}\\.geo\\.new");
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Logger LOGGER = System.getLogger(GeoMemory.class.getName());

  private final Path folder;
  private final GeoFiles.GeoReader fresh;

  /// Digests of what is kept or was tried in vain; of the thread that keeps.
  private final Set<String> settled = new HashSet<>();

  /// @param fresh reads the database itself
  GeoMemory(Path stateDirectory, GeoFiles.GeoReader fresh) {
    folder = stateDirectory.resolve(FOLDER);
    this.fresh = fresh;
  }

  static GeoMemory of(Configuration configuration) {
    return new GeoMemory(Path.of(configuration.node().stateDirectory()), GeoFiles::fresh);
  }

  /// Reads a database, from what was kept if it is of the same bytes.
  GeoDatabase read(String file) throws IOException, GeoDatabaseRefused {
    Path path = Path.of(file);
    boolean canBeKept =
        Files.isDirectory(folder)
            && Files.isRegularFile(path) // no pipe, which can be read once
            && Files.size(path) <= GeoDatabase.FILE_BYTES_MAX;
    if (canBeKept) {
      String digest = digest(path);
      Optional<GeoDatabase> kept = kept(file, digest);
      if (kept.isPresent()) {
        return kept.get();
      }
    }
    return fresh.read(file);
  }

  private Optional<GeoDatabase> kept(String file, String digest) {
    Path path = folder.resolve(digest + ENDING);
    try {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      boolean isOurs =
          Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
              && Files.size(path) <= GeoDatabaseFile.LENGTH_MAX;
      Optional<GeoDatabase> database =
          isOurs
              ? GeoDatabaseFile.decode(file, digest, Files.readAllBytes(path))
              : Optional.empty();
      if (database.isEmpty()) {
        LOGGER.log(
            Level.INFO, "''{0}'' is damaged or of another version; ''{1}'' is read", path, file);
        Files.delete(path); // so that it is kept anew
      }
      return database;
    } catch (IOException e) {
      LOGGER.log(
          Level.INFO, "''{0}'' cannot be read: {1}; ''{2}'' is read", path, e.toString(), file);
      return Optional.empty();
    }
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      GeoFileDigest digest = new GeoFileDigest();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, count);
      }
      return digest.text();
    }
  }

  /// Keeps what is not kept yet, and removes what is too much. Each database is tried once.
  void keep(Collection<GeoDatabase> databases) {
    List<GeoDatabase> missing =
        databases.stream().filter(database -> !settled.contains(database.digest())).toList();
    if (missing.isEmpty()) {
      return;
    }
    for (GeoDatabase database : missing) {
      if (settled.add(database.digest())) {
        keep(database);
      }
    }
    Set<String> inUse = new HashSet<>();
    databases.forEach(database -> inUse.add(database.digest() + ENDING));
    try {
      removeOld(inUse);
    } catch (IOException e) {
      LOGGER.log(Level.WARNING, "''{0}'' cannot be tidied: {1}", folder, e.toString());
    }
  }

  private void keep(GeoDatabase database) {
    String name = database.digest() + ENDING;
    try {
      StateDirectory directory = StateDirectory.open(folder);
      if (Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      Optional<byte[]> encoded = GeoDatabaseFile.encode(database);
      if (encoded.isPresent()) {
        directory.write(name, encoded.get());
      }
    } catch (IOException e) {
      LOGGER.log(
          Level.WARNING,
          "''{0}'' cannot be kept decoded in ''{1}'': {2}; the next start reads it again",
          database.name(),
          folder,
          e.toString());
      try {
        Files.deleteIfExists(folder.resolve(name + ".new")); // it may have filled the disk
      } catch (IOException _) {
        // removeOld says so
      }
    }
  }

  private record Found(Path path, FileTime written) {}

  private void removeOld(Set<String> inUse) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Found> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path path : files.toList()) {
        String name = String.valueOf(path.getFileName());
        if (OURS.matcher(name).matches() && !inUse.contains(name)) {
          found.add(new Found(path, Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)));
        } else if (HALF_WRITTEN.matcher(name).matches()) {
          Files.deleteIfExists(path);
        }
      }
    }
    found.sort(Comparator.comparing(Found::written).reversed());
    int room = Math.max(0, FILES_MAX - inUse.size());
    for (int i = room; i < found.size(); i++) {
      Files.deleteIfExists(found.get(i).path());
    }
  }
}
