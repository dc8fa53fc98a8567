package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ProbeScheduleTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long INTERVAL = 5 * SECOND;

  private static List<Long> starts(ProbeSchedule schedule, long from, long until, long takes) {
    List<Long> starts = new ArrayList<>();
    long now = from;
    while (now - until < 0) {
      ProbeTarget target = schedule.startNext(now);
      if (target == null) {
        long wait = schedule.waitNanos(now);
        now += wait;
        continue;
      }
      starts.add(now);
      now += takes;
      schedule.finished(target.key(), now);
    }
    return starts;
  }

  @Test
  void firstRoundIsQuickAndThenPeriodsAreExact() {
    long begin = -7 * SECOND;
    ProbeSchedule schedule = new ProbeSchedule("fra1", 10);
    schedule.retarget(List.of(Samples.target(1, "")), begin);
    List<Long> starts = starts(schedule, begin, begin + 60 * SECOND, 30_000_000);
    assertThat(starts.get(2) - begin).isLessThanOrEqualTo(SECOND);
    assertThat(starts.get(3) - starts.get(2)).isLessThanOrEqualTo(INTERVAL);
    for (int i = 4; i < starts.size(); i++) {
      assertThat(starts.get(i) - starts.get(i - 1)).isEqualTo(INTERVAL);
    }
    assertThat(starts.size()).isBetween(14, 15);
  }

  @Test
  void longProbeLeavesMomentsOutAndKeepsThePhase() {
    ProbeSchedule schedule = new ProbeSchedule("fra1", 10);
    schedule.retarget(List.of(Samples.target(1, "")), 0);
    List<Long> starts = starts(schedule, 0, 200 * SECOND, 6 * SECOND);
    for (int i = 4; i < starts.size(); i++) {
      assertThat(starts.get(i) - starts.get(i - 1)).isEqualTo(2 * INTERVAL);
    }
  }

  @Test
  void vantagesProbeOneTargetOutOfStep() {
    Set<Long> phases = new HashSet<>();
    ProbeTarget target = Samples.target(1, "");
    for (int i = 0; i < 50; i++) {
      long hash = ProbeSchedule.vantageHash("node" + i);
      phases.add(ProbeSchedule.nextRegular(hash, target, 0) / (INTERVAL / 10));
    }
    assertThat(phases).hasSizeGreaterThanOrEqualTo(9);
  }

  @Test
  void targetsOfOneVantageAreSpreadOverTheInterval() {
    int[] tenths = new int[10];
    long hash = ProbeSchedule.vantageHash("fra1");
    for (int i = 0; i < 1000; i++) {
      ProbeTarget target = ProbeTarget.of(gslb.base.Address.v4(0xc0000200 + i), Samples.WEB, "");
      tenths[(int) ((ProbeSchedule.nextRegular(hash, target, 0) - 1) / (INTERVAL / 10))]++;
    }
    for (int count : tenths) {
      assertThat(count).isBetween(60, 140);
    }
  }

  @Test
  void unchangedTargetKeepsItsMomentOverReload() {
    ProbeSchedule schedule = new ProbeSchedule("fra1", 10);
    ProbeTarget kept = Samples.target(1, "");
    schedule.retarget(List.of(kept, Samples.target(2, "")), 0);
    starts(schedule, 0, 20 * SECOND, 0);
    long before = schedule.waitNanos(20 * SECOND);
    ProbeSchedule alone = new ProbeSchedule("fra1", 10);
    alone.retarget(List.of(kept), 0);
    starts(alone, 0, 20 * SECOND, 0);
    schedule.retarget(List.of(kept), 20 * SECOND);
    assertThat(schedule.waitNanos(20 * SECOND))
        .isEqualTo(alone.waitNanos(20 * SECOND))
        .isGreaterThanOrEqualTo(before);
  }

  @Test
  void removedAndReturnedTargetDoesNotOverlapItself() {
    ProbeSchedule schedule = new ProbeSchedule("fra1", 10);
    ProbeTarget target = Samples.target(1, "");
    schedule.retarget(List.of(target), 0);
    assertThat(schedule.startNext(SECOND)).isNotNull();
    schedule.retarget(List.of(), SECOND);
    schedule.retarget(List.of(target), SECOND);
    assertThat(schedule.startNext(100 * SECOND)).isNull();
    schedule.finished(target.key(), 100 * SECOND);
    assertThat(schedule.startNext(100 * SECOND)).isEqualTo(target);
  }

  @Test
  void removedTargetIsNeverStarted() {
    ProbeSchedule schedule = new ProbeSchedule("fra1", 10);
    ProbeTarget target = Samples.target(1, "");
    schedule.retarget(List.of(target), 0);
    assertThat(schedule.startNext(SECOND)).isNotNull();
    schedule.retarget(List.of(), SECOND);
    schedule.finished(target.key(), SECOND);
    assertThat(schedule.waitNanos(SECOND)).isEqualTo(Long.MAX_VALUE);
    assertThat(schedule.runningCount()).isZero();
  }

  /// Random durations, some of them endless, under a small cap.
  @Seeded(50)
  void neverOverlapsAndServesTheLongestDueFirst(Random random) {
    int cap = 1 + random.nextInt(4);
    ProbeSchedule schedule = new ProbeSchedule("fra1", cap);
    List<ProbeTarget> targets = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      targets.add(Samples.target(i, ""));
    }
    schedule.retarget(targets, 0);
    record Ending(long at, TargetKey key) {}
    PriorityQueue<Ending> endings = new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
    Set<TargetKey> running = new HashSet<>();
    Map<TargetKey, Integer> counts = new HashMap<>();
    for (long now = 0; now < 300 * SECOND; now += 50_000_000) {
      while (!endings.isEmpty() && endings.element().at() <= now) {
        TargetKey key = endings.remove().key();
        running.remove(key);
        schedule.finished(key, now);
      }
      ProbeTarget next = schedule.startNext(now);
      while (next != null) {
        assertThat(running.add(next.key())).as("not running already").isTrue();
        assertThat(running).hasSizeLessThanOrEqualTo(cap);
        counts.merge(next.key(), 1, Integer::sum);
        endings.add(new Ending(now + 1 + random.nextLong(2 * SECOND), next.key()));
        next = schedule.startNext(now);
      }
    }
    assertThat(counts).hasSize(targets.size());
    int least = counts.values().stream().mapToInt(Integer::intValue).min().orElseThrow();
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    assertThat(most - least).as("fairness of %s", counts).isLessThanOrEqualTo(least / 2 + 4);
  }

  @Test
  void oneSlowTargetDelaysNobody() {
    ProbeSchedule schedule = new ProbeSchedule("fra1", 10);
    ProbeTarget slow = Samples.target(1, "");
    ProbeTarget quick = Samples.target(2, "");
    schedule.retarget(List.of(slow, quick), 0);
    int quickProbes = 0;
    for (long now = 0; now < 100 * SECOND; now += 10_000_000) {
      ProbeTarget next = schedule.startNext(now);
      if (quick.equals(next)) {
        quickProbes++;
        schedule.finished(quick.key(), now);
      }
    }
    assertThat(quickProbes).isBetween(22, 24);
    assertThat(schedule.lateCount()).isZero();
  }
}
