package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gslb.testkit.Seeded;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Systematic sampling includes each endpoint exactly as often as its weight says.
final class SampleTest {
  private static final BigInteger ALL = BigInteger.ONE.shiftLeft(64);

  private static Sample sample(int count, int... weights) {
    int[] members = new int[weights.length];
    long[] cumulative = new long[weights.length];
    long sum = 0;
    for (int i = 0; i < weights.length; i++) {
      members[i] = 100 + i;
      sum += weights[i];
      cumulative[i] = sum;
    }
    return Sample.of(members, cumulative, count);
  }

  private static Set<Integer> take(Sample sample, long number, int expected) {
    int[] chosen = new int[Service.Answers.COUNT_MAX];
    int size = sample.take(number, number * 31, chosen);
    assertThat(size).isEqualTo(expected);
    Set<Integer> taken = new HashSet<>();
    Arrays.stream(chosen, 0, size).forEach(taken::add);
    assertThat(taken).as("none twice").hasSize(size);
    return taken;
  }

  /// How often each is included over numbers spread evenly, in `steps` parts.
  private static int[] inclusions(int count, int steps, int... weights) {
    Sample sample = sample(count, weights);
    int[] included = new int[weights.length];
    for (int i = 0; i < steps; i++) {
      // The middle of the i-th part of all numbers.
      long number =
          ALL.multiply(BigInteger.valueOf(2L * i + 1))
              .divide(BigInteger.valueOf(2L * steps))
              .longValue();
      for (int endpoint : take(sample, number, Math.min(count, weights.length))) {
        included[endpoint - 100]++;
      }
    }
    return included;
  }

  @Test
  void eachIsIncludedInProportionToItsWeight() {
    // 3 of 10 parts each unit of weight: 1/10 × 3, 2/10 × 3, 3/10 × 3, ...
    assertThat(inclusions(3, 1000, 1, 2, 3, 2, 2)).containsExactly(300, 600, 900, 600, 600);
    assertThat(inclusions(2, 400, 1, 1, 1, 1)).containsExactly(200, 200, 200, 200);
  }

  @Test
  void aChanceIsAtMostOneAndTheRestShareWhatIsLeft() {
    // 8 of 12 for two places is more than one: it is always in, and one place is left for 4 of 4.
    assertThat(inclusions(2, 400, 8, 1, 2, 1)).containsExactly(400, 100, 200, 100);
    // Capping the first raises the second above 1 too.
    assertThat(inclusions(3, 300, 100, 10, 1, 1, 1)).containsExactly(300, 300, 100, 100, 100);
  }

  @Test
  void asManyPlacesAsEndpointsIncludeAll() {
    assertThat(inclusions(3, 7, 5, 1, 9)).containsExactly(7, 7, 7);
    assertThat(inclusions(9, 7, 5, 1, 9)).containsExactly(7, 7, 7);
    assertThat(sample(2).take(5, 5, new int[0])).isZero();
  }

  /// What is capped and what each then gets, by halving the interval of the factor; no sampling.
  @Seeded(200)
  void chancesAreThoseOfTheWaterLevel(Random random) {
    int[] weights = new int[2 + random.nextInt(12)];
    Arrays.setAll(weights, i -> 1 + random.nextInt(i % 3 == 0 ? 40 : 6));
    int count = 1 + random.nextInt(weights.length);
    double low = 0;
    double high = 1;
    while (level(weights, high) < count && high < 1e6) {
      high *= 2;
    }
    for (int i = 0; i < 200; i++) {
      double middle = (low + high) / 2;
      if (level(weights, middle) < count) {
        low = middle;
      } else {
        high = middle;
      }
    }
    int steps = 20_000;
    int[] included = inclusions(count, steps, weights);
    for (int i = 0; i < weights.length; i++) {
      assertThat(included[i] / (double) steps)
          .isCloseTo(Math.min(1, high * weights[i]), within(1e-3));
    }
  }

  /// Every mark there is, once each: an endpoint is hit as often as its weight says, to the last
  /// one.
  /// What is capped is found with whole numbers alone, the heaviest first.
  @Seeded(300)
  void chancesAreExact(Random random) {
    int[] weights = new int[1 + random.nextInt(10)];
    Arrays.setAll(weights, i -> 1 + random.nextInt(i % 4 == 0 ? 60 : 9));
    int count = 1 + random.nextInt(weights.length);
    Integer[] heaviestFirst = new Integer[weights.length];
    Arrays.setAll(heaviestFirst, i -> i);
    Arrays.sort(heaviestFirst, (a, b) -> weights[b] - weights[a]);
    int left = Arrays.stream(weights).sum();
    int places = count;
    boolean[] isCapped = new boolean[weights.length];
    for (int i : heaviestFirst) {
      if (places == 0 || (long) weights[i] * places < left) {
        break;
      }
      isCapped[i] = true;
      left -= weights[i];
      places--;
    }
    int marks = Math.max(1, left);
    Sample sample = sample(count, weights);
    int[] included = new int[weights.length];
    for (int mark = 0; mark < marks; mark++) {
      // The least number that falls on it.
      long number =
          ALL.multiply(BigInteger.valueOf(mark))
              .add(BigInteger.valueOf(marks - 1))
              .divide(BigInteger.valueOf(marks))
              .longValue();
      for (int endpoint : take(sample, number, count)) {
        included[endpoint - 100]++;
      }
    }
    for (int i = 0; i < weights.length; i++) {
      assertThat(included[i]).isEqualTo(isCapped[i] ? marks : weights[i] * places);
    }
  }

  private static double level(int[] weights, double factor) {
    return Arrays.stream(weights).mapToDouble(w -> Math.min(1, factor * w)).sum();
  }

  @Test
  void whichOneStandsFirstIsDrawnToo() {
    Sample sample = sample(3, 1, 1, 1);
    Set<Integer> first = new HashSet<>();
    int[] chosen = new int[Service.Answers.COUNT_MAX];
    for (int i = 0; i < 3; i++) {
      sample.take(0, (2L * i + 1) * (Long.MAX_VALUE / 3), chosen);
      first.add(chosen[0]);
    }
    assertThat(first).containsExactlyInAnyOrder(100, 101, 102);
  }
}
