package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.health.SimulatedCluster.SimulatedNode;
import gslb.steering.Verdict;
import gslb.testkit.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClusterSimulationTest {
  private static final List<String> THREE = List.of("A", "B", "C");
  private static final List<String> FIVE = List.of("A", "B", "C", "D", "E");

  /// Longer than detection and freshness together.
  private static final Duration SETTLE = Duration.ofSeconds(40);

  private static SimulatedCluster started(Random random, List<String> sites, boolean neutral) {
    SimulatedCluster cluster = new SimulatedCluster(random, sites);
    cluster.monitor(List.of("A", "B", "", "X"), neutral);
    cluster.startAll();
    cluster.run(SETTLE);
    assertThat(cluster.agreesWithTruth()).isTrue();
    return cluster;
  }

  @Test
  void allNodesFollowTheTruthWithinTheBudget() {
    SimulatedCluster cluster = started(new Random(1), THREE, true);
    cluster.setTruth(0, false);
    // fall × interval + timeout + 1 s, as promised to operators.
    cluster.run(Duration.ofSeconds(3 * 5 + 2 + 1));
    assertThat(cluster.agreesWithTruth()).isTrue();
    cluster.setTruth(0, true);
    cluster.run(Duration.ofSeconds(2 * 5 + 2 + 1));
    assertThat(cluster.agreesWithTruth()).isTrue();
  }

  @Test
  void firstVerdictsComeAfterTheQuickRound() {
    SimulatedCluster cluster = new SimulatedCluster(new Random(1), THREE);
    cluster.monitor(List.of("A", "X"), false);
    cluster.startAll();
    cluster.run(Duration.ofSeconds(3));
    assertThat(cluster.agreesWithTruth()).isTrue();
  }

  @Seeded(10)
  void oneLyingNodeOfThreeSitesNeverFlipsAVerdict(Random random) {
    SimulatedCluster cluster = started(random, THREE, random.nextBoolean());
    if (random.nextBoolean()) {
      cluster.setTruth(random.nextInt(4), false);
      cluster.run(SETTLE);
    }
    SimulatedNode liar = cluster.nodes.get(random.nextInt(3));
    for (int i = 0; i < 600; i++) {
      if (i % 40 == 0) {
        liar.lie = random.nextInt(3) == 0 ? null : (Boolean) random.nextBoolean();
      }
      cluster.step();
      assertThat(cluster.agreesWithTruth()).isTrue();
    }
  }

  @Seeded(10)
  void isolatedNodeChangesNobodyElsesVerdicts(Random random) {
    List<String> sites = random.nextBoolean() ? THREE : FIVE;
    SimulatedCluster cluster = started(random, sites, random.nextBoolean());
    SimulatedNode isolated = cluster.nodes.get(random.nextInt(sites.size()));
    boolean heard = random.nextBoolean();
    if (!heard) {
      cluster.isolate(isolated);
    }
    isolated.uplink = false;
    for (int i = 0; i < 500; i++) {
      cluster.step();
      assertThat(cluster.agreesWithTruth()).isTrue();
    }
    // Its opinions are DOWN now, of which nothing may come.
    isolated.uplink = true;
    if (random.nextBoolean()) {
      cluster.cutLinks.clear();
    }
    for (int i = 0; i < 400; i++) {
      cluster.step();
      assertThat(cluster.agreesWithTruth()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ownOutageOfAnAloneNodeTakesNothingDown(boolean neutral) {
    for (int seed = 1; seed <= 4; seed++) {
      SimulatedCluster cluster = started(new Random(seed), THREE, neutral);
      SimulatedNode node = cluster.nodes.getFirst();
      cluster.isolate(node);
      for (int i = 0; i < 1200; i++) {
        node.uplink = i % 400 < 20 || i % 400 > 300;
        cluster.step();
        assertThat(cluster.agreesWithTruth()).as("seed %s step %s", seed, i).isTrue();
      }
      // And a true outage is seen still.
      cluster.setTruth(3, false);
      cluster.run(SETTLE);
      assertThat(cluster.agreesWithTruth()).isTrue();
    }
  }

  @Test
  void ownOutageOfANodeWithoutClusterIsSeenByTheNeutralTargets() {
    SimulatedCluster cluster = started(new Random(8), List.of("A"), true);
    SimulatedNode node = cluster.nodes.getFirst();
    for (int i = 0; i < 1200; i++) {
      node.uplink = i % 400 < 20 || i % 400 > 300;
      cluster.step();
      assertThat(cluster.agreesWithTruth()).as("step %s", i).isTrue();
    }
    cluster.setTruth(3, false);
    cluster.run(SETTLE);
    assertThat(cluster.agreesWithTruth()).isTrue();
  }

  @Test
  void nodeWithoutUplinkDoesNotVote() {
    SimulatedCluster cluster = started(new Random(3), THREE, true);
    SimulatedNode node = cluster.nodes.get(2);
    node.uplink = false;
    cluster.run(Duration.ofSeconds(60));
    assertThat(node.status().uplink()).isEqualTo(HealthStatus.Uplink.FAILED);
    assertThat(cluster.nodes.getFirst().status().targets())
        .allSatisfy(
            target ->
                assertThat(target.votes())
                    .filteredOn(HealthStatus.NodeVote::fresh)
                    .extracting(HealthStatus.NodeVote::node)
                    .containsExactlyInAnyOrder("n0", "n1"));
    assertThat(cluster.agreesWithTruth()).isTrue();
  }

  /// The cells of the partition table. The position is that of node n0's side: 3, 2 or 1 of 5
  /// sites. `seen` is what its probes say after the parting: well, not well, or nothing because
  /// they hang. `can` is whether the vantage check passes; `before` is the verdict until then.
  @ParameterizedTest
  @CsvSource({
    "majority, up,      true,  UP,   UP,   MAJORITY",
    "majority, up,      true,  DOWN, UP,   MAJORITY",
    "majority, down,    true,  UP,   DOWN, MAJORITY",
    "majority, unknown, true,  UP,   UP,   HELD_WITHOUT_VOTES",
    "majority, unknown, true,  DOWN, DOWN, HELD_WITHOUT_VOTES",
    "minority, up,      true,  UP,   UP,   MINORITY",
    "minority, up,      true,  DOWN, UP,   MINORITY",
    "minority, down,    true,  UP,   DOWN, MINORITY",
    "minority, down,    false, UP,   UP,   HELD_WITHOUT_VANTAGE",
    "minority, unknown, true,  UP,   UP,   HELD_WITHOUT_VOTES",
    "minority, unknown, true,  DOWN, DOWN, HELD_WITHOUT_VOTES",
    "alone,    up,      true,  UP,   UP,   ALONE",
    "alone,    up,      true,  DOWN, UP,   ALONE",
    "alone,    down,    true,  UP,   DOWN, ALONE",
    "alone,    down,    false, UP,   UP,   HELD_WITHOUT_VANTAGE",
    "alone,    unknown, true,  UP,   UP,   HELD_WITHOUT_VOTES",
    "alone,    unknown, true,  DOWN, DOWN, HELD_WITHOUT_VOTES",
  })
  void partitionTable(
      String position, String seen, boolean can, Verdict before, Verdict after, String reason) {
    for (int seed = 1; seed <= 2; seed++) {
      // Without neutral targets the probes to other sites stand for them.
      SimulatedCluster cluster = started(new Random(seed), FIVE, false);
      cluster.setTruth(0, before == Verdict.UP);
      cluster.run(SETTLE);
      int size = List.of("alone", "minority", "majority").indexOf(position) + 1;
      SimulatedNode[] side = cluster.nodes.subList(0, size).toArray(SimulatedNode[]::new);
      cluster.isolate(side);
      cluster.setTruth(0, seen.equals("up"));
      for (SimulatedNode node : side) {
        node.hangs = seen.equals("unknown");
      }
      for (int target = 1; target < 4 && !can; target++) {
        cluster.setTruth(target, false);
      }
      cluster.run(Duration.ofSeconds(60));
      for (SimulatedNode node : side) {
        assertThat(node.verdict(0)).isEqualTo(after);
        HealthStatus.TargetStatus target = node.status().targets().getFirst();
        assertThat(target.stale()).isEqualTo(seen.equals("unknown"));
        assertThat(target.reason()).isEqualTo(Quorum.Reason.valueOf(reason));
      }
    }
  }

  @Test
  void partedSideReturnsToTheClusterAfterTheHeal() {
    SimulatedCluster cluster = started(new Random(5), FIVE, true);
    cluster.isolate(cluster.nodes.get(0), cluster.nodes.get(1));
    cluster.setTruth(1, false);
    cluster.run(SETTLE);
    cluster.cutLinks.clear();
    cluster.setTruth(1, true);
    cluster.run(SETTLE);
    assertThat(cluster.agreesWithTruth()).isTrue();
  }

  @Test
  void restartServesWhatWasRemembered() {
    SimulatedCluster cluster = started(new Random(6), List.of("A"), false);
    cluster.setTruth(0, false);
    cluster.run(SETTLE);
    SimulatedNode node = cluster.nodes.getFirst();
    byte[] saved = node.crash().encode();
    cluster.run(Duration.ofMinutes(5));
    node.start(
        HealthMemory.decode(
            saved,
            warning -> {
              throw new AssertionError(warning);
            }));
    assertThat(node.core().verdicts().of(cluster.targets.getFirst().key())).isEqualTo(Verdict.DOWN);
    cluster.step();
    assertThat(node.verdict(0)).isEqualTo(Verdict.DOWN);
    assertThat(node.verdict(1)).isEqualTo(Verdict.UP);
    byte[] old = node.crash().encode();
    cluster.clock.advance(Duration.ofHours(1));
    node.start(
        HealthMemory.decode(
            old,
            warning -> {
              throw new AssertionError(warning);
            }));
    cluster.step();
    assertThat(node.verdict(0)).isEqualTo(Verdict.UNKNOWN);
    cluster.run(Duration.ofSeconds(7));
    assertThat(cluster.agreesWithTruth()).isTrue();
  }

  @Test
  void nodeDoesNotVoteBeforeItsFirstRound() {
    SimulatedCluster cluster = started(new Random(7), THREE, false);
    SimulatedNode node = cluster.nodes.getFirst();
    HealthMemory memory = node.crash();
    cluster.run(Duration.ofSeconds(30));
    node.hangs = true;
    node.start(memory);
    cluster.run(SETTLE);
    assertThat(cluster.nodes.get(1).status().targets())
        .allSatisfy(
            target ->
                assertThat(target.votes())
                    .filteredOn(HealthStatus.NodeVote::fresh)
                    .extracting(HealthStatus.NodeVote::node)
                    .containsExactlyInAnyOrder("n1", "n2"));
    // It follows the others meanwhile.
    cluster.setTruth(0, false);
    cluster.run(SETTLE);
    assertThat(node.verdict(0)).isEqualTo(Verdict.DOWN);
  }

  private static void chaos(Random random, int minutes) {
    int count = 1 + random.nextInt(5);
    List<String> sites = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sites.add("" + "ABCDE".charAt(random.nextInt(3) == 0 ? 0 : i));
    }
    SimulatedCluster cluster = started(random, sites, random.nextBoolean());
    cluster.loss = random.nextInt(3) * 0.15;
    cluster.delayMillisMax = random.nextBoolean() ? 50 : 4000;
    HealthMemory memory = HealthMemory.NONE;
    for (int i = 0; i < minutes * 60 * 4; i++) {
      if (random.nextInt(20) == 0) {
        SimulatedNode node = cluster.nodes.get(random.nextInt(count));
        switch (random.nextInt(7)) {
          case 0, 1 -> cluster.toggleLink(node, cluster.nodes.get(random.nextInt(count)));
          case 2 -> {
            if (node.alive) {
              memory = node.crash();
            } else {
              node.start(random.nextBoolean() ? memory : HealthMemory.NONE);
            }
          }
          case 3 -> cluster.setTruth(random.nextInt(4), random.nextBoolean());
          case 4 -> node.uplink = !node.uplink;
          case 5 -> node.hangs = !node.hangs;
          case 6 -> node.lie = random.nextBoolean() ? null : (Boolean) random.nextBoolean();
          default -> throw new AssertionError();
        }
      }
      cluster.step();
    }
    heal(cluster);
    // Flap damping may hold an endpoint for its whole window, then it needs one more round.
    long steps = Duration.ofMinutes(12).dividedBy(SimulatedCluster.STEP);
    int agreeing = 0;
    for (long i = 0; i < steps && agreeing < 80; i++) {
      cluster.step();
      agreeing = cluster.agreesWithTruth() ? agreeing + 1 : 0;
    }
    assertThat(agreeing)
        .as("steps of agreement after the heal; %s %s", cluster.truth, cluster.describe())
        .isEqualTo(80);
  }

  private static void heal(SimulatedCluster cluster) {
    cluster.cutLinks.clear();
    cluster.loss = 0;
    cluster.delayMillisMax = 50;
    for (SimulatedNode node : cluster.nodes) {
      node.uplink = true;
      node.lie = null;
      node.hangs = false;
      if (node.stuck && node.alive) {
        HealthMemory _ = node.crash();
      }
      if (!node.alive) {
        node.start(HealthMemory.NONE);
      }
    }
  }

  @Seeded(16)
  void everythingConvergesAfterTheHeal(Random random) {
    chaos(random, 4);
  }

  @Tag("proof")
  @Seeded(1000)
  void everythingConvergesAfterTheHealAThousandTimes(Random random) {
    chaos(random, 10);
  }
}
