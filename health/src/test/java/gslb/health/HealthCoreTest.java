package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.steering.FlipDeadlines;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HealthCoreTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long WALL = 1_800_000_000_000L;
  private static final List<Address> NEUTRAL = List.of(Address.of("198.51.100.53"));
  private static final ProbeTarget ONE = Samples.target(1, "B");
  private static final ProbeTarget TWO = Samples.target(2, "B");

  private final FlipDeadlines deadlines = new FlipDeadlines(4);
  private final List<HealthCore.Action> acted = new ArrayList<>();
  private HealthCore core = new HealthCore(Membership.alone("n0", "A"), HealthMemory.NONE, WALL, 0);

  private static MonitoredEndpoints endpoints(boolean neutral, int... addresses) {
    List<HealthSettings.Monitored> monitored = new ArrayList<>();
    for (int address : addresses) {
      monitored.add(Samples.monitored(monitored.size(), address, "B"));
    }
    return MonitoredEndpoints.of(new HealthSettings(monitored, neutral ? NEUTRAL : List.of()));
  }

  private void cluster() {
    core =
        new HealthCore(
            new Membership(
                "n0",
                List.of(
                    new Membership.Node("n0", "A"),
                    new Membership.Node("n1", "B"),
                    new Membership.Node("n2", "C"))),
            HealthMemory.NONE,
            WALL,
            0);
  }

  private void observe(ProbeTarget target, String results, long firstSecond) {
    for (int i = 0; i < results.length(); i++) {
      long now = (firstSecond + i) * SECOND;
      core.onObservation(
          target.key(),
          results.charAt(i) == '+' ? Samples.success(now) : Samples.failure(now),
          now);
      acted.addAll(core.drain(now));
    }
  }

  private List<VoteMessage> sent() {
    return acted.stream()
        .map(action -> action instanceof HealthCore.Action.Publish(VoteMessage m) ? m : null)
        .filter(message -> message != null)
        .toList();
  }

  private boolean askedVantage() {
    return acted.stream().anyMatch(HealthCore.Action.CheckVantage.class::isInstance);
  }

  @Test
  void listenerIsToldOnceForABatch() {
    core.reconfigure(endpoints(false, 1, 2), deadlines, 0);
    assertThat(core.drain(0)).hasSize(1);
    for (ProbeTarget target : List.of(ONE, TWO)) {
      for (int i = 0; i < 3; i++) {
        core.onObservation(target.key(), Samples.success(0), 0);
      }
    }
    List<HealthCore.Action.VerdictsChanged> told = new ArrayList<>();
    for (HealthCore.Action action : core.drain(0)) {
      if (action instanceof HealthCore.Action.VerdictsChanged changed) {
        told.add(changed);
      }
    }
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().verdicts().byTarget())
        .containsEntry(ONE.key(), Verdict.UP)
        .containsEntry(TWO.key(), Verdict.UP);
    assertThat(core.drain(0)).isEmpty();
  }

  @Test
  void nodeWithoutClusterSaysNothing() {
    core.reconfigure(endpoints(false, 1), deadlines, 0);
    observe(ONE, "+++---", 0);
    core.onTick(100 * SECOND);
    acted.addAll(core.drain(100 * SECOND));
    assertThat(sent()).isEmpty();
  }

  @Test
  void reloadKeepsWhatIsUnchangedAndForgetsTheRest() {
    core.reconfigure(endpoints(false, 1, 2), deadlines, 0);
    observe(ONE, "---", 0);
    observe(TWO, "+++", 0);
    core.reconfigure(endpoints(false, 3, 1), deadlines, 4 * SECOND);
    core.drain(4 * SECOND);
    assertThat(core.verdicts().byTarget())
        .containsEntry(ONE.key(), Verdict.DOWN)
        .containsEntry(Samples.target(3, "B").key(), Verdict.UNKNOWN)
        .hasSize(2);
    core.reconfigure(endpoints(false, 1, 2), deadlines, 5 * SECOND);
    core.drain(5 * SECOND);
    assertThat(core.verdicts().of(TWO.key())).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void downIsVotedOnlyAfterALaterVantageCheck() {
    core.reconfigure(endpoints(true, 1), deadlines, 0);
    core.onVantageChecked(0, true, SECOND);
    observe(ONE, "+++", 2);
    acted.clear();
    observe(ONE, "---", 10);
    assertThat(core.verdicts().of(ONE.key())).isEqualTo(Verdict.UP);
    assertThat(askedVantage()).isTrue();
    // One that began before the last failing probe proves nothing.
    core.onVantageChecked(11 * SECOND, true, 13 * SECOND);
    acted.clear();
    acted.addAll(core.drain(13 * SECOND));
    assertThat(core.verdicts().of(ONE.key())).isEqualTo(Verdict.UP);
    assertThat(askedVantage()).isTrue();
    core.onVantageChecked(13 * SECOND, true, 14 * SECOND);
    core.drain(14 * SECOND);
    assertThat(core.verdicts().of(ONE.key())).isEqualTo(Verdict.DOWN);
  }

  @Test
  void verdictsAreHeldWhileTheUplinkFails() {
    core.reconfigure(endpoints(true, 1), deadlines, 0);
    core.onVantageChecked(0, true, SECOND);
    observe(ONE, "+++", 2);
    observe(ONE, "---", 10);
    core.onVantageChecked(12 * SECOND, false, 14 * SECOND);
    core.drain(14 * SECOND);
    observe(ONE, "-----", 15);
    assertThat(core.verdicts().of(ONE.key())).isEqualTo(Verdict.UP);
    HealthStatus status = core.status(WALL, 20 * SECOND);
    assertThat(status.uplink()).isEqualTo(HealthStatus.Uplink.FAILED);
    assertThat(status.targets().getFirst().stale()).isTrue();
    observe(ONE, "++", 21);
    core.onVantageChecked(22 * SECOND, true, 23 * SECOND);
    core.drain(23 * SECOND);
    assertThat(core.verdicts().of(ONE.key())).isEqualTo(Verdict.UP);
    assertThat(core.status(WALL, 23 * SECOND).targets().getFirst().stale()).isFalse();
  }

  @Test
  void silentProbesMakeTheVerdictStaleAndNeverDown() {
    core.reconfigure(endpoints(false, 1), deadlines, 0);
    observe(ONE, "+++", 0);
    core.onTick(19 * SECOND);
    assertThat(core.status(WALL, 19 * SECOND).targets().getFirst().stale()).isFalse();
    core.onTick(20 * SECOND);
    acted.clear();
    acted.addAll(core.drain(20 * SECOND));
    assertThat(core.status(WALL, 20 * SECOND).targets().getFirst().stale()).isTrue();
    assertThat(core.verdicts().of(ONE.key())).isEqualTo(Verdict.UP);
    assertThat(acted)
        .anySatisfy(
            action ->
                assertThat(action)
                    .isInstanceOfSatisfying(
                        HealthCore.Action.Note.class,
                        note -> assertThat(note.text()).contains("no fresh vote")));
  }

  @Test
  void manyChangesGoAsOneDigest() {
    cluster();
    int[] addresses = new int[HealthCore.TRANSITIONS_MAX + 1];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = i + 1;
    }
    core.reconfigure(endpoints(false, addresses), new FlipDeadlines(addresses.length), 0);
    core.drain(0);
    for (int address : addresses) {
      for (int i = 0; i < 3; i++) {
        core.onObservation(Samples.target(address, "B").key(), Samples.success(0), 0);
      }
    }
    acted.addAll(core.drain(0));
    assertThat(sent())
        .singleElement()
        .isInstanceOfSatisfying(
            VoteMessage.Digest.class, digest -> assertThat(digest.votes()).hasSize(65));
  }

  @Test
  void changedVoteGoesAtOnceAndTheDigestEveryInterval() {
    cluster();
    core.reconfigure(endpoints(false, 1), deadlines, 0);
    observe(ONE, "+++", 0);
    assertThat(sent()).singleElement().isInstanceOf(VoteMessage.Transition.class);
    acted.clear();
    for (int second = 3; second <= 23; second++) {
      core.onTick(second * SECOND);
      acted.addAll(core.drain(second * SECOND));
      observe(ONE, "+", second);
    }
    assertThat(sent()).hasSize(4).allMatch(VoteMessage.Digest.class::isInstance);
    acted.clear();
    core.onPeers(java.util.Set.of("n1"));
    core.onTick(24 * SECOND);
    acted.addAll(core.drain(24 * SECOND));
    assertThat(sent()).as("a newcomer hastens the digest").hasSize(1);
  }

  @Test
  void peersMajorityDecidesAgainstTheOwnVote() {
    cluster();
    core.reconfigure(endpoints(false, 1), deadlines, 0);
    observe(ONE, "+++", 0);
    for (String peer : List.of("n1", "n2")) {
      Vote vote = new Vote(ONE.key(), false, 2, 0);
      assertThat(core.onMessage(new VoteMessage.Transition(peer, 1, 1, vote), 3 * SECOND)).isTrue();
    }
    core.drain(3 * SECOND);
    assertThat(core.verdicts().of(ONE.key())).isEqualTo(Verdict.DOWN);
    assertThat(core.status(WALL, 3 * SECOND).targets().getFirst().reason())
        .isEqualTo(Quorum.Reason.MAJORITY);
    // Votes that are no longer fresh leave the own one alone.
    observe(ONE, "+", 17);
    core.onTick(18 * SECOND);
    core.drain(18 * SECOND);
    assertThat(core.verdicts().of(ONE.key())).isEqualTo(Verdict.UP);
  }

  @Test
  void epochIsHigherThanBeforeEvenWhenTheClockWentBack() {
    HealthMemory memory = new HealthMemory(WALL, WALL + 500, List.of());
    assertThat(new HealthCore(Membership.alone("n0", ""), memory, WALL - 9999, 0).epoch())
        .isEqualTo(WALL + 501);
    assertThat(new HealthCore(Membership.alone("n0", ""), memory, WALL + 900, 0).epoch())
        .isEqualTo(WALL + 900);
  }

  /// The verdict's own rule: next probe + (remaining - 1) × interval.
  @Test
  void deadlineIsTheEarliestFlip() {
    core.reconfigure(endpoints(false, 1), deadlines, 0);
    assertThat(deadlines.get(0)).as("unknown may flip at once").isZero();
    assertThat(deadlines.get(1)).isEqualTo(FlipDeadlines.NEVER);
    observe(ONE, "+++", 0);
    long hash = ProbeSchedule.vantageHash("n0");
    long next = ProbeSchedule.nextRegular(hash, ONE, 2 * SECOND);
    assertThat(deadlines.get(0)).isEqualTo(next + 2 * 5 * SECOND);
    core.onObservation(ONE.key(), Samples.failure(next), next);
    assertThat(deadlines.get(0)).isEqualTo(next + 5 * SECOND + 5 * SECOND);
    core.onObservation(ONE.key(), Samples.failure(next + 5 * SECOND), next + 5 * SECOND);
    core.onObservation(ONE.key(), Samples.failure(next + 10 * SECOND), next + 10 * SECOND);
    core.drain(next);
    assertThat(core.verdicts().of(ONE.key())).isEqualTo(Verdict.DOWN);
    assertThat(deadlines.get(0)).as("rise 2").isEqualTo(next + 15 * SECOND + 5 * SECOND);
  }

  /// What needs no probes to be said agrees with what comes of them.
  @Test
  void forecastOfAnEndpointThatIsUpLiesBetweenThoseOfItsMonitors() {
    MonitoredEndpoints endpoints = endpoints(false, 1);
    MonitoredEndpoints.Watched watched = endpoints.endpoints().getFirst();
    core.reconfigure(endpoints, deadlines, 0);
    observe(ONE, "+++", 0);
    long probed =
        ProbeSchedule.nextRegular(ProbeSchedule.vantageHash("n0"), ONE, 2 * SECOND) + 5 * SECOND;
    core.onObservation(ONE.key(), Samples.success(probed), probed);
    assertThat(endpoints.untilFallNanos(watched, true))
        .isEqualTo(15 * SECOND)
        .isEqualTo(deadlines.get(0) - probed);
    assertThat(endpoints.untilFallNanos(watched, false))
        .isEqualTo(10 * SECOND)
        .isEqualTo(deadlines.get(0) - (probed + 5 * SECOND));
  }

  @Test
  void endpointFallsWithTheFirstOfItsMonitorsAndRisesWithTheLast() {
    Monitor other =
        new Monitor(
            "other",
            new Monitor.Check.Tcp(),
            80,
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            2,
            3);
    HealthSettings settings =
        new HealthSettings(
            List.of(
                new HealthSettings.Monitored(
                    1, Samples.address(1), "B", List.of(Samples.WEB, other))),
            List.of());
    MonitoredEndpoints endpoints = MonitoredEndpoints.of(settings);
    assertThat(endpoints.untilFallNanos(endpoints.endpoints().getFirst(), true))
        .isEqualTo(15 * SECOND);
    core.reconfigure(endpoints, deadlines, 0);
    ProbeTarget slow = ProbeTarget.of(Samples.address(1), other, "B");
    observe(ONE, "+++", 0);
    observe(slow, "+++", 0);
    assertThat(endpoints.table(core.verdicts(), 3)).isEqualTo(VerdictTable.all(3, Verdict.UP));
    assertThat(deadlines.get(1)).isLessThan(20 * SECOND);
    observe(ONE, "---", 3);
    observe(slow, "---", 3);
    assertThat(deadlines.get(1)).isGreaterThan(60 * SECOND);
    assertThat(endpoints.table(core.verdicts(), 3))
        .isEqualTo(VerdictTable.all(3, Verdict.UP).with(1, Verdict.DOWN));
    observe(ONE, "++", 6);
    assertThat(endpoints.table(core.verdicts(), 3).verdict(1)).isEqualTo(Verdict.DOWN);
  }

  @Test
  void statusShowsWhoVotesWhat() {
    cluster();
    core.reconfigure(endpoints(false, 1), deadlines, 0);
    observe(ONE, "++-", 0);
    Vote vote = new Vote(ONE.key(), false, 2, 0);
    core.onMessage(new VoteMessage.Transition("n2", 1, 1, vote), 2 * SECOND);
    core.onPeers(java.util.Set.of("n2"));
    HealthStatus status = core.status(WALL, 4 * SECOND);
    assertThat(status.nodes())
        .containsExactly(
            new HealthStatus.NodeStatus("n0", "A", 0, true, true),
            new HealthStatus.NodeStatus("n1", "B", -1, false, false),
            new HealthStatus.NodeStatus("n2", "C", 2000, true, true));
    HealthStatus.TargetStatus target = status.targets().getFirst();
    assertThat(target.votes())
        .containsExactly(
            new HealthStatus.NodeVote("n0", "A", true, 2, 2000, true),
            new HealthStatus.NodeVote("n2", "C", false, 2, 2000, true));
    assertThat(target.endpoints()).containsExactly(0);
    @Nullable Observation last = target.last();
    assertThat(last).isEqualTo(Samples.failure(2 * SECOND));
  }
}
