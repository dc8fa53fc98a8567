package gslb.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateDirectoryTest {
  @TempDir Path folder;

  @Test
  void aWriteReplacesTheWholeFileAndLeavesNothingBeside() throws IOException {
    StateDirectory state = StateDirectory.open(folder.resolve("a/b"));
    state.write("x", "a long first version".getBytes(UTF_8));
    state.write("x", "second".getBytes(UTF_8));
    assertThat(state.read("x"))
        .hasValueSatisfying(b -> assertThat(b).asString().isEqualTo("second"));
    assertThat(state.directory())
        .isDirectoryContaining("glob:**/x")
        .isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void aLeftoverOfAnInterruptedWriteIsOverwritten() throws IOException {
    StateDirectory state = StateDirectory.open(folder);
    Files.writeString(folder.resolve("x.new"), "half");
    state.write("x", "whole".getBytes(UTF_8));
    assertThat(state.read("x"))
        .hasValueSatisfying(b -> assertThat(b).asString().isEqualTo("whole"));
  }

  /// A node that stops saves what its housekeeping may be saving.
  @Test
  void writesOfOneFileByTwoThreadsAreEachWhole() throws Exception {
    StateDirectory state = StateDirectory.open(folder);
    byte[][] contents = {"a".repeat(5_000).getBytes(UTF_8), "b".repeat(50).getBytes(UTF_8)};
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> writers = new ArrayList<>();
      for (byte[] content : contents) {
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    state.write("x", content);
                    assertThat(state.read("x"))
                        .hasValueSatisfying(b -> assertThat(b).isIn((Object[]) contents));
                  }
                  return null;
                }));
      }
      for (Future<?> writer : writers) {
        writer.get(30, TimeUnit.SECONDS);
      }
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void theTokenIsKeptAndForTheOwnerAlone() throws IOException {
    StateDirectory state = StateDirectory.open(folder.resolve("state"));
    String token = state.adminToken();
    assertThat(token).matches("[0-9a-f]{64}");
    assertThat(StateDirectory.open(folder.resolve("state")).adminToken()).isEqualTo(token);
    Path file = state.directory().resolve(StateDirectory.TOKEN_FILE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.directory())))
        .isEqualTo("rwx------");
  }

  @Test
  void aDamagedTokenIsReplaced() throws IOException {
    StateDirectory state = StateDirectory.open(folder);
    Files.writeString(folder.resolve(StateDirectory.TOKEN_FILE), "short");
    assertThat(state.adminToken()).hasSize(64);
  }

  @Test
  void aFileInTheWayIsAnError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> StateDirectory.open(file)).isInstanceOf(IOException.class);
  }
}
