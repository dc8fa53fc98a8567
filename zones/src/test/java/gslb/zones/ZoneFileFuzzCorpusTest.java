package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Replays what {@link ZoneFileFuzzTest} starts from, and the corpora of zone files.
final class ZoneFileFuzzCorpusTest {
  private static final Path INPUTS =
      Zones.root().resolve("zones/src/test/resources/gslb/zones/ZoneFileFuzzTestInputs");

  private final ZoneFileTrial trial = new ZoneFileTrial();

  static Stream<Path> inputs() throws IOException {
    try (Stream<Path> files = Files.walk(INPUTS)) {
      return files.filter(Files::isRegularFile).sorted().toList().stream();
    }
  }

  static Stream<Path> zones() {
    return Stream.concat(Zones.corpus("valid").stream(), Zones.corpus("broken").stream());
  }

  @ParameterizedTest
  @MethodSource({"inputs", "zones"})
  void everyInputIsAZoneOrDiagnosed(Path file) throws IOException {
    boolean isZone = trial.tryOne(Files.readAllBytes(file));
    if (file.getFileName().toString().startsWith("valid-")) {
      assertThat(isZone).isTrue();
    }
  }
}
