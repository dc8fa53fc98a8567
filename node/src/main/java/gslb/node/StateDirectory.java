package gslb.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/// What a node keeps over a restart. A write is whole or not at all: a new file, forced to disk,
/// then renamed over the old one.
final class StateDirectory {
  /// Bytes of the largest file read back; a larger one is not ours.
  static final int FILE_LENGTH_MAX = 64 << 20;

  static final String TOKEN_FILE = "admin.token";
  static final String VERDICTS_FILE = "verdicts";
  static final String HOSTS_FILE = "hosts";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path directory;

  private StateDirectory(Path directory) {
    this.directory = directory;
  }

  /// Opens the directory, and makes it (mode 0700) if it is missing.
  static StateDirectory open(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
    if (!Files.isWritable(directory)) {
      throw new IOException("not writable");
    }
    return new StateDirectory(directory);
  }

  Path directory() {
    return directory;
  }

  /// The content of a file, or empty if there is none or it cannot be ours.
  Optional<byte[]> read(String name) throws IOException {
    Path file = directory.resolve(name);
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || Files.size(file) > FILE_LENGTH_MAX) {
        return Optional.empty();
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /// Replaces a file, mode 0600; one thread at a time.
  synchronized void write(String name, byte[] content) throws IOException {
    Path target = directory.resolve(name);
    Path temporary = directory.resolve(name + ".new");
    Files.deleteIfExists(temporary);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel itself = FileChannel.open(directory, StandardOpenOption.READ)) {
      itself.force(true); // the rename is durable only with its directory
    }
  }

  /// The token that the admin API asks for: made on the first start, kept from then on.
  String adminToken() throws IOException {
    Optional<byte[]> kept = read(TOKEN_FILE);
    if (kept.isPresent()) {
      String token = new String(kept.get(), java.nio.charset.StandardCharsets.US_ASCII).strip();
      if (token.matches("[0-9a-f]{64}")) {
        return token;
      }
    }
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String token = HexFormat.of().formatHex(random);
    write(TOKEN_FILE, (token + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return token;
  }
}
