package gslb.steering.shift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PercentTest {
  /// All and nothing are said of nothing else.
  @ParameterizedTest
  @CsvSource({
    "0, 0 %",
    "1e-10, 0 %",
    "0.00004, <0.01 %",
    "0.00005, 0.01 %",
    "0.0123, 1.23 %",
    "0.0999, 9.99 %",
    "0.09996, 10.0 %",
    "0.124, 12.4 %",
    "0.9994, 99.9 %",
    "0.9996, 99.96 %",
    "0.99991, >99.99 %",
    "0.9999999999, 100 %",
    "1, 100 %",
    "1.211, 121.1 %",
    "Infinity, ∞"
  })
  void sharesAreReadWithoutRoundingToAllOrNothing(double share, String text) {
    assertThat(Percent.of(share)).isEqualTo(text);
  }
}
