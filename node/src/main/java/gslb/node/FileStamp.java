package gslb.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/// What tells one version of a file from the next: a rename changes the key, a rewrite time or
/// size.
///
/// @param size -1 if there is no such file
record FileStamp(String key, long modifiedNanos, long size) {
  private static final FileStamp ABSENT = new FileStamp("", 0, -1);

  boolean isThere() {
    return !equals(ABSENT);
  }

  /// Of a file that is there or is not.
  static FileStamp of(String file) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(Path.of(file), BasicFileAttributes.class);
      return new FileStamp(
          String.valueOf(attributes.fileKey()),
          attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
          attributes.size());
    } catch (IOException | InvalidPathException _) {
      return ABSENT;
    }
  }
}
