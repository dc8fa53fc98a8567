package gslb.zones;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/// Looks for zone files that break their reader, led by coverage: for ten minutes with
/// `JAZZER_FUZZ=1`, which the profile `proof` sets. What is worth keeping goes to
/// `src/test/resources/gslb/zones/ZoneFileFuzzTestInputs`, which {@link ZoneFileFuzzCorpusTest}
/// replays.
@Tag("proof")
final class ZoneFileFuzzTest {
  private final ZoneFileTrial trial = new ZoneFileTrial();

  @FuzzTest(maxDuration = "10m")
  void anyOctetsAreAZoneOrDiagnosed(byte[] octets) {
    trial.tryOne(octets);
  }
}
