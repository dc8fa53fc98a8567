package gslb.node;

import gslb.config.FileSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The files of a configuration, on disk.
final class DiskFiles implements FileSource {
  @Override
  public String resolve(String fromFile, String path) {
    try {
      return Path.of(fromFile).resolveSibling(path).normalize().toString();
    } catch (InvalidPathException e) {
      return path; // reading it fails, with a message that shows it
    }
  }

  @Override
  public byte[] read(String path, int lengthMax) throws IOException {
    try {
      Path file = Path.of(path);
      Optional<String> other = otherThanFile(file);
      if (other.isPresent()) {
        throw new IOException(other.get()); // a pipe could be waited for without end
      }
      try (InputStream in = Files.newInputStream(file)) {
        return in.readNBytes(lengthMax);
      }
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw new IOException(reason(e), e);
    } catch (InvalidPathException e) {
      throw new IOException("not a path: " + e.getReason(), e);
    }
  }

  /// What stands in the place of a regular file; empty if that is one, or nothing.
  private static Optional<String> otherThanFile(Path file) {
    if (!Files.exists(file) || Files.isRegularFile(file)) {
      return Optional.empty();
    }
    return Optional.of(Files.isDirectory(file) ? "it is a folder" : "it is no regular file");
  }

  /// Why a file cannot be read, without its name.
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  @Override
  public Optional<String> unreadable(String path) {
    try {
      Path file = Path.of(path);
      Optional<String> other = otherThanFile(file);
      if (other.isPresent() || Files.isReadable(file)) {
        return other;
      }
      // Opened to learn why not; a folder on the way to it can be what is closed.
      Files.newInputStream(file).close();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(reason(e));
    } catch (InvalidPathException e) {
      return Optional.of("not a path: " + e.getReason());
    }
  }

  @Override
  public boolean isReadableByAll(String path) {
    try {
      return Files.getPosixFilePermissions(Path.of(path)).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      return false;
    }
  }

  @Override
  public List<String> glob(String pattern) throws IOException {
    try {
      Path path = Path.of(pattern);
      Path folder = path.toAbsolutePath().getParent();
      String last = String.valueOf(path.getFileName());
      if (last.indexOf('*') < 0 && last.indexOf('?') < 0) {
        return Files.isRegularFile(path) ? List.of(pattern) : List.of();
      }
      // Only * and ? are special here; the file system's globs know more.
      String glob = last.replaceAll("[\\\\\\[\\]{}]", "\\\\$0");
      List<String> found = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
        for (Path entry : entries) {
          if (Files.isRegularFile(entry)) {
            found.add(path.resolveSibling(entry.getFileName()).toString());
          }
        }
      }
      found.sort(null);
      return found;
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new IOException("there is no such folder", e);
    } catch (InvalidPathException e) {
      throw new IOException("not a path: " + e.getReason(), e);
    }
  }
}
