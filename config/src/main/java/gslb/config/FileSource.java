package gslb.config;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Where the files of a configuration come from. The node reads them from disk, tests from memory.
/// A path is the text that an operator wrote, or what {@link #resolve} made of it; diagnostics show
/// it as it is.
public interface FileSource {
  /// Where a path leads that is written in `fromFile`: an absolute one to itself, any other one
  /// beside that file.
  String resolve(String fromFile, String path);

  /// The bytes of a regular file, but not more than the first `lengthMax`.
  ///
  /// @throws IOException if it cannot be read; the message says why without naming the file
  byte[] read(String path, int lengthMax) throws IOException;

  /// Why a file cannot be read, without naming it; empty if it is a regular file that this process
  /// may read.
  Optional<String> unreadable(String path);

  /// Whether users other than owner and group may read the file.
  boolean isReadableByAll(String path);

  /// The regular files that match a resolved pattern, sorted. In the last part of the path `*`
  /// stands for any characters and `?` for one; a pattern without them is a file's path.
  ///
  /// @throws IOException if the folder cannot be read
  List<String> glob(String pattern) throws IOException;
}
