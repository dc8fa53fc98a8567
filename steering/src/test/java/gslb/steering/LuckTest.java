package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The chances that other tests rely on are those of the tables of statistics.
final class LuckTest {
  /// Upper critical values of the chi-square distribution, as printed in any table.
  @ParameterizedTest
  @CsvSource({
    "2, 5.991, 0.05",
    "2, 9.210, 0.01",
    "2, 27.631, 0.000001",
    "8, 15.507, 0.05",
    "8, 26.124, 0.001",
    "24, 36.415, 0.05",
    "24, 51.179, 0.001"
  })
  void chiSquaresAreThoseOfTheTables(int degrees, double critical, double chance) {
    assertThat(Luck.ofChiSquare(critical, degrees)).isCloseTo(chance, within(chance / 100));
  }

  @ParameterizedTest
  @CsvSource({
    // Of 10 throws: 1 / 1024 and 11 / 1024 at each side.
    "0, 10, 0.5, 0.001953125",
    "10, 10, 0.5, 0.001953125",
    "9, 10, 0.5, 0.021484375",
    // Of 3 with 1 in 4: 1 / 64 for all.
    "3, 3, 0.25, 0.03125",
    "5, 10, 0.5, 1"
  })
  void countsAreBinomial(int seen, int trials, double share, double chance) {
    assertThat(Luck.ofCount(seen, trials, share)).isCloseTo(chance, within(1e-11));
  }

  @Test
  void whatIsExpectedIsLikelyAndTwoPerCentMoreIsNot() {
    assertThat(Luck.ofCounts(new long[] {50_000, 30_000, 20_000}, 0.5, 0.3, 0.2)).isOne();
    assertThat(Luck.ofCounts(new long[] {52_000, 28_000, 20_000}, 0.5, 0.3, 0.2))
        .isLessThan(Luck.ALPHA);
    assertThat(Luck.ofCount(20_000, 100_000, 0.2)).isGreaterThan(0.9);
    assertThat(Luck.ofCount(22_000, 100_000, 0.2)).isLessThan(Luck.ALPHA);
  }
}
