package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DiskFilesTest {
  private static final int LENGTH_MAX = 100;

  private final DiskFiles files = new DiskFiles();
  @TempDir private Path folder;

  @Test
  void aFileIsReadUpToALength() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "abc".repeat(50));
    assertThat(files.read(file.toString(), LENGTH_MAX)).hasSize(LENGTH_MAX);
    Path link = Files.createSymbolicLink(folder.resolve("b"), file);
    assertThat(files.read(link.toString(), 3)).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
  }

  /// Nobody writes into it, so reading it would never end.
  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("pipe");
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start();
    assertThat(made.waitFor()).isZero();
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () ->
            assertThatThrownBy(() -> files.read(pipe.toString(), LENGTH_MAX))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no regular file"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/zero", "/", "/nothing/here", "a\u0000b"})
  void whatIsNoFileIsRefused(String path) {
    assertThatThrownBy(() -> files.read(path, LENGTH_MAX))
        .isInstanceOf(IOException.class)
        .hasMessage(files.unreadable(path).orElseThrow());
  }

  @Test
  void whyAFileCannotBeReadIsToldWithoutItsName() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "a");
    assertThat(files.unreadable(file.toString())).isEmpty();
    assertThat(files.unreadable(folder.resolve("b").toString())).contains("there is no such file");
    assertThat(files.unreadable(folder.toString())).contains("it is a folder");
    assertThat(files.unreadable("/dev/null")).contains("it is no regular file");
    assertThat(files.unreadable(file.resolve("b").toString())).contains("Not a directory");
  }
}
