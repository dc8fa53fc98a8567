package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Replays the datagrams that fuzzing found worth keeping.
final class MessageCorpusTest {
  private static final Path CORPUS =
      Path.of(
          "src/test/resources/gslb/dns/MessageFuzzTestInputs",
          "anyDatagramGetsSilenceOrTheRightMessage");

  @Test
  void everyDatagramOfTheCorpusGetsSilenceOrTheRightMessage() throws IOException {
    MessageTrial trial = new MessageTrial();
    List<Path> files;
    try (Stream<Path> found = Files.list(CORPUS)) {
      files = found.sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(50);
    for (Path file : files) {
      trial.tryOne(Files.readAllBytes(file));
    }
  }
}
