package gslb.dns;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/// Looks for datagrams that break the message path, led by coverage: for ten minutes with
/// `JAZZER_FUZZ=1`, which the profile `proof` sets. What is worth keeping goes to
/// `src/test/resources/gslb/dns/MessageFuzzTestInputs`, which {@link MessageCorpusTest} replays.
@Tag("proof")
final class MessageFuzzTest {
  private final MessageTrial trial = new MessageTrial();

  @FuzzTest(maxDuration = "10m")
  void anyDatagramGetsSilenceOrTheRightMessage(byte[] datagram) {
    trial.tryOne(datagram);
  }
}
