package gslb.trials.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our answers beside those of Debian's Knot and NSD, over 90 zones that stress what lookups can
/// meet. RCODE, AA, the OPT record and the RRsets of every section are equal, or an {@link
/// Explanation} says why not.
final class ConformanceTest {
  /// A prime, so that every type and variant is met.
  private static final int STRIDE = 43;

  private static final int ZONES_MIN = 60;
  private static final int QUESTIONS_MIN = 50_000;
  private static final int EXPLANATIONS_MAX = 15;

  @TempDir Path folder;

  @Test
  void aSampleOfTheQuestionsIsAnsweredAsByKnotAndNsd() throws Exception {
    Tally tally = new Tally();
    List<CorpusZone> zones = new ArrayList<>(CorpusZone.of("main"));
    zones.addAll(CorpusZone.of("family"));
    compare(zones, STRIDE, tally);
    assertThat(tally.faults()).as(tally.toString()).isEmpty();
  }

  @Test
  @Tag("proof")
  void everyQuestionIsAnsweredAsByKnotAndNsd() throws Exception {
    Tally tally = new Tally();
    int zones = 0;
    for (String server : CorpusZone.SERVERS) {
      List<CorpusZone> some = CorpusZone.of(server);
      zones += some.size();
      compare(some, 1, tally);
    }
    System.out.println("zones " + zones + "\n" + tally);
    assertThat(tally.faults()).as(tally.toString()).isEmpty();
    assertThat(tally.faultCount()).isZero();
    assertThat(zones).isGreaterThanOrEqualTo(ZONES_MIN);
    assertThat(tally.questions()).isGreaterThanOrEqualTo(QUESTIONS_MIN);
    assertThat(Explanation.values()).hasSizeLessThanOrEqualTo(EXPLANATIONS_MAX);
  }

  /// Asks every `stride`th question that the zones suggest.
  private void compare(List<CorpusZone> zones, int stride, Tally tally) throws Exception {
    List<Question> chosen = new ArrayList<>();
    int count = 0;
    for (CorpusZone zone : zones) {
      for (Question question : Questions.of(zone.zone())) {
        if (count++ % stride == 0) {
          chosen.add(question);
        }
      }
    }
    Path state = folder.resolve(zones.getFirst().name());
    try (Comparison comparison = new Comparison(zones, state, tally)) {
      comparison.ask(chosen);
    }
  }
}
