package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.testkit.Seeded;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NearestNameTest {
  @Test
  void oneSlipInAShortNameAndTwoInALongOneAreForgiven() {
    List<String> known = List.of("frankfurt", "virginia", "eu", "web");
    assertThat(NearestName.of("frankfrut", known)).contains("frankfurt");
    assertThat(NearestName.of("frnkfrt", known)).contains("frankfurt");
    assertThat(NearestName.of("FRANKFURT", known)).contains("frankfurt");
    assertThat(NearestName.of("ue", known)).contains("eu");
    assertThat(NearestName.of("wep", known)).contains("web");
    assertThat(NearestName.of("ax", known)).isEmpty();
    assertThat(NearestName.of("frnkft", known)).isEmpty();
    assertThat(NearestName.of("tokyo", known)).isEmpty();
    assertThat(NearestName.hint("", List.of())).isEmpty();
  }

  /// The recurrence of the optimal string alignment distance, as it is defined.
  private static int slow(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.length() + b.length();
    }
    String shorterA = a.substring(0, a.length() - 1);
    String shorterB = b.substring(0, b.length() - 1);
    boolean isEqual = a.charAt(a.length() - 1) == b.charAt(b.length() - 1);
    int least = slow(shorterA, shorterB) + (isEqual ? 0 : 1);
    least = Math.min(least, slow(shorterA, b) + 1);
    least = Math.min(least, slow(a, shorterB) + 1);
    boolean isSwap =
        a.length() > 1
            && b.length() > 1
            && a.charAt(a.length() - 1) == b.charAt(b.length() - 2)
            && a.charAt(a.length() - 2) == b.charAt(b.length() - 1);
    return isSwap
        ? Math.min(least, slow(a.substring(0, a.length() - 2), b.substring(0, b.length() - 2)) + 1)
        : least;
  }

  @Seeded(200)
  void distanceIsTheDefinitions(Random random) {
    String a = word(random);
    String b = word(random);
    assertThat(NearestName.distance(a, b)).isEqualTo(slow(a, b));
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }
}
