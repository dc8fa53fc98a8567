package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.steering.Verdict;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FlipForecastTest {
  private static FlipForecast.Ballot vote(String site, boolean up, long flip) {
    return new FlipForecast.Ballot(site, up, flip);
  }

  @Test
  void oneNodeFlipsWhenItsVoteCan() {
    assertThat(FlipForecast.earliest(Verdict.UP, List.of(vote("", true, 70)), 10)).isEqualTo(70);
    assertThat(FlipForecast.earliest(Verdict.DOWN, List.of(vote("", false, 70)), 10)).isEqualTo(70);
  }

  @Test
  void threeSitesFlipWithTheSecond() {
    List<FlipForecast.Ballot> votes =
        List.of(vote("A", true, 70), vote("B", true, 50), vote("C", true, 90));
    assertThat(FlipForecast.earliest(Verdict.UP, votes, 10)).isEqualTo(70);
  }

  @Test
  void voteThatDissentsAlreadyCountsAtOnce() {
    List<FlipForecast.Ballot> votes =
        List.of(vote("A", true, 70), vote("B", false, 50), vote("C", true, 90));
    assertThat(FlipForecast.earliest(Verdict.UP, votes, 10)).isEqualTo(70);
  }

  @Test
  void nothingKnownIsNow() {
    assertThat(FlipForecast.earliest(Verdict.UP, List.of(), 10)).isEqualTo(10);
    assertThat(FlipForecast.earliest(Verdict.UNKNOWN, List.of(vote("A", true, 70)), 10))
        .isEqualTo(10);
  }

  /// Lets the votes flip one after another, at their earliest, and asks the quorum after each.
  @Seeded(300)
  void quorumNeverFlipsBefore(Random random) {
    List<Membership.Node> nodes = new ArrayList<>();
    Map<String, Boolean> up = new HashMap<>();
    List<FlipForecast.Ballot> votes = new ArrayList<>();
    Map<String, Long> flips = new HashMap<>();
    int sites = 1 + random.nextInt(4);
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      String site = "S" + random.nextInt(sites);
      boolean vote = random.nextInt(3) > 0;
      long flip = 1L + random.nextInt(100);
      nodes.add(new Membership.Node("n" + i, site));
      up.put("n" + i, vote);
      flips.put("n" + i, flip);
      votes.add(vote(site, vote, flip));
    }
    Membership membership = new Membership("n0", nodes);
    String site = "S" + random.nextInt(4);
    Verdict verdict = decide(membership, up, site);
    long earliest = FlipForecast.earliest(verdict, votes, 0);
    flips.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(
            flip -> {
              // Only flips away from the verdict hasten it.
              up.put(flip.getKey(), verdict != Verdict.UP);
              if (decide(membership, up, site) != verdict) {
                assertThat(flip.getValue()).isGreaterThanOrEqualTo(earliest);
              }
            });
  }

  private static Verdict decide(Membership membership, Map<String, Boolean> up, String site) {
    return Quorum.decide(membership, new Quorum.Ballot(up, site, Verdict.UP, true, false))
        .verdict();
  }
}
