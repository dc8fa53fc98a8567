package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gslb.steering.Program.Candidate;
import gslb.steering.Program.Leaf;
import gslb.steering.ProgramOverlap.Outcome;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// How two programs come out together: by hand arithmetic, and held against running both with the
/// same numbers.
final class ProgramOverlapTest {
  private static final Offset<Double> EXACT = within(1e-12);
  private static final int RUNS = 4_000;

  private static Program draw(int... weights) {
    List<Program> parts = new ArrayList<>();
    List<Integer> of = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        parts.add(new Leaf(i));
        of.add(weights[i]);
      }
    }
    return Program.draw(parts, of);
  }

  private static Program hash(int... weights) {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        candidates.add(new Candidate(new Leaf(i), weights[i], Draws.key("p" + i)));
      }
    }
    return Program.hash(candidates);
  }

  private static double moved(Program before, Program after) {
    return new ProgramOverlap(true, true)
        .of(before, after).entrySet().stream()
            .filter(entry -> entry.getKey().before() != entry.getKey().after())
            .mapToDouble(Map.Entry::getValue)
            .sum();
  }

  @Test
  void aDrawMovesWhatItsIntervalsDifferBy() {
    Map<Outcome, Double> outcomes = new ProgramOverlap(true, true).of(draw(90, 10), draw(80, 20));
    assertThat(outcomes).hasSize(3);
    assertThat(outcomes.get(new Outcome(0, 0))).isEqualTo(0.8, EXACT);
    assertThat(outcomes.get(new Outcome(0, 1))).isEqualTo(0.1, EXACT);
    assertThat(outcomes.get(new Outcome(1, 1))).isEqualTo(0.1, EXACT);
  }

  @Test
  void aDrawThatLosesItsFirstShareShiftsTheOthers() {
    // [0, 1/3) [1/3, 2/3) [2/3, 1) against [0, 1/2) [1/2, 1)
    Map<Outcome, Double> outcomes = new ProgramOverlap(true, true).of(draw(1, 1, 1), draw(0, 1, 1));
    assertThat(outcomes.get(new Outcome(0, 1))).isEqualTo(1 / 3.0, EXACT);
    assertThat(outcomes.get(new Outcome(1, 1))).isEqualTo(1 / 6.0, EXACT);
    assertThat(outcomes.get(new Outcome(1, 2))).isEqualTo(1 / 6.0, EXACT);
    assertThat(outcomes.get(new Outcome(2, 2))).isEqualTo(1 / 3.0, EXACT);
  }

  @Test
  void drawsThatShareNoNumbersAreIndependent() {
    Map<Outcome, Double> outcomes = new ProgramOverlap(false, false).of(draw(90, 10), draw(80, 20));
    assertThat(outcomes.get(new Outcome(0, 1))).isEqualTo(0.9 * 0.2, EXACT);
    assertThat(outcomes.get(new Outcome(1, 0))).isEqualTo(0.1 * 0.8, EXACT);
  }

  @Test
  void aStickyPoolThatJoinsTakesItsShareFromEachAndMovesNobodyElse() {
    Map<Outcome, Double> outcomes = new ProgramOverlap(true, true).of(hash(3, 1), hash(3, 1, 4));
    assertThat(outcomes.get(new Outcome(0, 0))).isEqualTo(3 / 8.0, EXACT);
    assertThat(outcomes.get(new Outcome(0, 2))).isEqualTo(3 / 8.0, EXACT);
    assertThat(outcomes.get(new Outcome(1, 1))).isEqualTo(1 / 8.0, EXACT);
    assertThat(outcomes.get(new Outcome(1, 2))).isEqualTo(1 / 8.0, EXACT);
    assertThat(outcomes).hasSize(4);
    assertThat(moved(hash(3, 1, 4), hash(3, 1))).isEqualTo(0.5, EXACT);
  }

  @Test
  void aStickyPoolThatGetsMoreWeightTakesNoMore() {
    // Shares 1/2, 1/2 become 2/3, 1/3: who moves is 1/6, all to the first.
    Map<Outcome, Double> outcomes = new ProgramOverlap(true, true).of(hash(1, 1), hash(2, 1));
    assertThat(outcomes.get(new Outcome(1, 0))).isEqualTo(1 / 6.0, EXACT);
    assertThat(outcomes).hasSize(3);
  }

  @Test
  void aRampMovesOnlyThoseWhoseStepIsBetweenItsThresholds() {
    Program before = new Program.Ramp(0, Draws.key("p0"), 16, new Leaf(0), new Leaf(1));
    Program after = new Program.Ramp(0, Draws.key("p0"), 48, new Leaf(0), new Leaf(1));
    Map<Outcome, Double> outcomes = new ProgramOverlap(true, true).of(before, after);
    assertThat(outcomes.get(new Outcome(1, 0))).isEqualTo(0.5, EXACT);
    assertThat(outcomes.getOrDefault(new Outcome(0, 1), 0.0)).isZero();
  }

  @Test
  void rampsThatShareNoNumbersAreIndependent() {
    Program ramp = new Program.Ramp(0, Draws.key("p0"), 16, new Leaf(0), new Leaf(1));
    Map<Outcome, Double> outcomes = new ProgramOverlap(false, false).of(ramp, ramp);
    assertThat(outcomes.get(new Outcome(0, 1))).isEqualTo(3 / 16.0, EXACT);
    assertThat(new ProgramOverlap(false, true).of(ramp, ramp)).hasSize(2);
  }

  @Test
  void aDrawAndAHashAreIndependent() {
    Map<Outcome, Double> outcomes = new ProgramOverlap(true, true).of(draw(1, 3), hash(1, 1));
    assertThat(outcomes.get(new Outcome(0, 0))).isEqualTo(1 / 8.0, EXACT);
    assertThat(outcomes.get(new Outcome(1, 1))).isEqualTo(3 / 8.0, EXACT);
  }

  /// Hashes inside each other, which their keys tell apart.
  private static int hashes(Program program) {
    return switch (program) {
      case Leaf _ -> 0;
      case Program.Ramp ramp -> Math.max(hashes(ramp.with()), hashes(ramp.without()));
      case Program.Draw draw ->
          draw.shares().stream().mapToInt(share -> hashes(share.program())).max().orElse(0);
      case Program.Hash hash ->
          1 + hash.candidates().stream().mapToInt(c -> hashes(c.program())).max().orElse(0);
    };
  }

  private static Program random(Random random, int steps, boolean ramps) {
    if (ramps && random.nextInt(3) == 0) {
      int pool = random.nextInt(2);
      return new Program.Ramp(
          pool,
          Draws.key("p" + pool),
          random.nextInt(65),
          random(random, steps, random.nextBoolean()),
          random(random, steps, false));
    }
    if (steps == 0 || random.nextInt(4) == 0) {
      return new Leaf(random.nextInt(4) - 1);
    }
    int count = 2 + random.nextInt(3);
    List<Program> parts = new ArrayList<>();
    List<Integer> weights = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(random(random, steps - 1, false));
      weights.add(1 + random.nextInt(9));
    }
    if (random.nextBoolean()) {
      return Program.draw(parts, weights);
    }
    int inside = parts.stream().mapToInt(ProgramOverlapTest::hashes).max().orElseThrow();
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      candidates.add(
          new Candidate(
              parts.get(i),
              weights.get(i),
              Draws.key("p" + (i + random.nextInt(2) * 4)) + Draws.pool(inside)));
    }
    return Program.hash(candidates);
  }

  private static int run(Program program, @Nullable Steps steps, long draw, long block, long ramp) {
    return steps == null ? ((Leaf) program).answerSet() : steps.run(draw, block, ramp);
  }

  /// Each count is within 6 standard deviations; what is claimed impossible never happens.
  @Seeded(150)
  void overlapsAreWhatRunningBothCounts(Random random) {
    Program before = random(random, 3, true);
    Program after = random.nextInt(4) == 0 ? before : random(random, 3, true);
    Map<Outcome, Double> claimed = new ProgramOverlap(true, true).of(before, after);
    Map<Outcome, Integer> counted = new HashMap<>();
    Steps stepsBefore = Steps.of(before);
    Steps stepsAfter = Steps.of(after);
    for (int i = 0; i < RUNS; i++) {
      long draw = random.nextLong();
      long block = random.nextLong();
      long ramp = random.nextLong();
      counted.merge(
          new Outcome(
              run(before, stepsBefore, draw, block, ramp),
              run(after, stepsAfter, draw, block, ramp)),
          1,
          Integer::sum);
    }
    assertThat(claimed.values().stream().mapToDouble(Double::doubleValue).sum())
        .isEqualTo(1, within(1e-9));
    assertThat(claimed.keySet()).containsAll(counted.keySet());
    claimed.forEach(
        (outcome, chance) ->
            assertThat(counted.getOrDefault(outcome, 0))
                .as("%s of %s and %s", outcome, before, after)
                .isCloseTo((int) Math.round(chance * RUNS), within(tolerance(chance))));
    TreeSet<Integer> sets = new TreeSet<>(ProgramOverlap.chances(before).keySet());
    for (int set : sets) {
      double marginal =
          claimed.entrySet().stream()
              .filter(entry -> entry.getKey().before() == set)
              .mapToDouble(Map.Entry::getValue)
              .sum();
      assertThat(marginal)
          .isEqualTo(ProgramOverlap.chances(before).getOrDefault(set, 0.0), within(1e-9));
    }
  }

  private static int tolerance(double chance) {
    return 3 + (int) (6 * Math.sqrt(RUNS * chance * (1 - Math.min(1, chance))));
  }
}
