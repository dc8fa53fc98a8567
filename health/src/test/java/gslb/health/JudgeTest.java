package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.steering.Verdict;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JudgeTest {
  private static final long SECOND = 1_000_000_000L;

  /// The opinions after each probe; `+` succeeded, `-` failed, five seconds apart.
  private static String opinions(Monitor monitor, Judge.State from, String probes) {
    StringBuilder opinions = new StringBuilder();
    Judge.State state = from;
    for (int i = 0; i < probes.length(); i++) {
      state = Judge.next(monitor, state, probes.charAt(i) == '+', i * (5 * SECOND));
      opinions.append(
          switch (state.opinion()) {
            case UP -> 'U';
            case DOWN -> 'D';
            case UNKNOWN -> '?';
          });
    }
    return opinions.toString();
  }

  private static final Judge.State UP = Judge.State.remembered(Verdict.UP);
  private static final Judge.State DOWN = Judge.State.remembered(Verdict.DOWN);

  @Test
  void firstOpinionComesAfterFallProbes() {
    assertThat(opinions(Samples.monitor(2, 3), Judge.State.UNKNOWN, "+++")).isEqualTo("??U");
    assertThat(opinions(Samples.monitor(2, 3), Judge.State.UNKNOWN, "---")).isEqualTo("??D");
    assertThat(opinions(Samples.monitor(2, 1), Judge.State.UNKNOWN, "-")).isEqualTo("D");
  }

  @Test
  void mixedFirstRoundIsUpAndItsFailuresCount() {
    assertThat(opinions(Samples.monitor(2, 3), Judge.State.UNKNOWN, "--+-")).isEqualTo("??UD");
    assertThat(opinions(Samples.monitor(2, 3), Judge.State.UNKNOWN, "--++-")).isEqualTo("??UUU");
  }

  @Test
  void failuresNeedNotBeConsecutive() {
    assertThat(opinions(Samples.monitor(2, 3), UP, "-+-+-")).isEqualTo("UUUUD");
  }

  @Test
  void riseConsecutiveSuccessesForgetFailures() {
    assertThat(opinions(Samples.monitor(2, 3), UP, "--++--+-")).isEqualTo("UUUUUUUD");
    assertThat(opinions(Samples.monitor(1, 3), UP, "--+--+--")).isEqualTo("UUUUUUUU");
  }

  @Test
  void oneFailureStartsTheRiseAnew() {
    assertThat(opinions(Samples.monitor(3, 1), DOWN, "++-+++")).isEqualTo("DDDDDU");
  }

  @Test
  void rememberedOpinionHoldsUntilItsOwnThreshold() {
    assertThat(opinions(Samples.monitor(5, 3), DOWN, "+++++")).isEqualTo("DDDDU");
    assertThat(Judge.maySpeak(Samples.WEB, DOWN)).isFalse();
  }

  @Test
  void eachFlipWithinTenMinutesDoublesRiseUpToSixteenTimes() {
    Monitor monitor = Samples.monitor(1, 1);
    Judge.State state = UP;
    List<Integer> needed = new ArrayList<>();
    long now = 0;
    for (int flap = 0; flap < 6; flap++) {
      state = Judge.next(monitor, state, false, now += SECOND);
      int successes = 0;
      while (state.opinion() == Verdict.DOWN) {
        state = Judge.next(monitor, state, true, now += SECOND);
        successes++;
      }
      needed.add(successes);
    }
    // Flips: down 1, up doubles, down doubles again, and so on.
    assertThat(needed).containsExactly(1, 4, 16, 16, 16, 16);
  }

  @Test
  void tenQuietMinutesRestoreRise() {
    Monitor monitor = Samples.monitor(2, 1);
    Judge.State state = UP;
    state = Judge.next(monitor, state, false, 0);
    state = Judge.next(monitor, state, true, SECOND);
    state = Judge.next(monitor, state, true, 2 * SECOND);
    state = Judge.next(monitor, state, false, 3 * SECOND);
    assertThat(Judge.effectiveRise(monitor, state, 603 * SECOND)).isEqualTo(8);
    assertThat(Judge.effectiveRise(monitor, state, 604 * SECOND)).isEqualTo(2);
    state = Judge.next(monitor, state, true, 604 * SECOND);
    assertThat(Judge.next(monitor, state, true, 605 * SECOND).opinion()).isEqualTo(Verdict.UP);
  }

  /// gdnsd's counters as its manual states them, with ok_thresh = up_thresh = rise.
  private static final class Gdnsd {
    boolean up;
    int nSuccess;
    int nFailure;

    void probe(boolean success, int rise, int fall) {
      if (!up) {
        nSuccess = success ? nSuccess + 1 : 0;
        if (nSuccess == rise) {
          up = true;
          nSuccess = 0;
          nFailure = 0;
        }
      } else if (!success) {
        nSuccess = 0;
        nFailure++;
        if (nFailure == fall) {
          up = false;
          nSuccess = 0;
          nFailure = 0;
        }
      } else if (nFailure > 0) {
        nSuccess++;
        if (nSuccess == rise) {
          nSuccess = 0;
          nFailure = 0;
        }
      }
    }
  }

  @Seeded(100)
  void withoutFlappingTheCountersAreGdnsds(Random random) {
    int rise = 1 + random.nextInt(5);
    int fall = 1 + random.nextInt(5);
    Monitor monitor = Samples.monitor(rise, fall);
    Gdnsd gdnsd = new Gdnsd();
    gdnsd.up = random.nextBoolean();
    Judge.State state = gdnsd.up ? UP : DOWN;
    double share = random.nextDouble();
    long now = random.nextLong();
    for (int i = 0; i < 500; i++) {
      boolean success = random.nextDouble() < share;
      // So far apart that no two flips are flapping.
      now += 601 * SECOND;
      state = Judge.next(monitor, state, success, now);
      gdnsd.probe(success, rise, fall);
      assertThat(state.opinion()).isEqualTo(gdnsd.up ? Verdict.UP : Verdict.DOWN);
      int left = gdnsd.up ? fall - gdnsd.nFailure : rise - gdnsd.nSuccess;
      assertThat(Judge.remaining(monitor, state, now)).isEqualTo(left);
    }
  }

  @Seeded(100)
  void opinionNeverFlipsBeforeTheRemainingProbes(Random random) {
    Monitor monitor = Samples.monitor(1 + random.nextInt(4), 1 + random.nextInt(4));
    Judge.State state = Judge.State.UNKNOWN;
    long now = 0;
    for (int i = 0; i < 400; i++) {
      int remaining = Judge.remaining(monitor, state, now);
      Judge.State ahead = state;
      Verdict before = state.opinion();
      boolean towardsFlip = before != Verdict.UP;
      for (int k = 1; k < remaining; k++) {
        ahead = Judge.next(monitor, ahead, towardsFlip, now + k * (5 * SECOND));
        assertThat(ahead.opinion()).isEqualTo(before);
      }
      // The end of the flap window may fall between two probes, so one more may be needed.
      for (int k = remaining; k <= remaining + 1 && ahead.opinion() == before; k++) {
        ahead = Judge.next(monitor, ahead, towardsFlip, now + k * (5 * SECOND));
      }
      assertThat(ahead.opinion()).isNotEqualTo(before);
      now += 5 * SECOND;
      state = Judge.next(monitor, state, random.nextInt(3) > 0, now);
    }
  }
}
