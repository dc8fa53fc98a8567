package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.steering.places.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GreatCircleTest {
  private static Pool pool(int id, @Nullable Site site) {
    return new Pool(id, "p" + id, site, MinHealthy.ONE_ENDPOINT, null, List.of());
  }

  private static Place at(double latitude, double longitude) {
    return new Place("", "", latitude, longitude, "");
  }

  @Test
  void distancesAreThoseOfTheGlobe() {
    double circumference = 2 * Math.PI * 6_371_008.8;
    assertThat(GreatCircle.metres(0, 0, 0, 180)).isEqualTo(Math.round(circumference / 2));
    assertThat(GreatCircle.metres(0, 10, 0, 100)).isEqualTo(Math.round(circumference / 4));
    assertThat(GreatCircle.metres(-30, 7, 60, 7)).isEqualTo(Math.round(circumference / 4));
    assertThat(GreatCircle.metres(0, 179.5, 0, -179.5)).isEqualTo(Math.round(circumference / 360));
    assertThat(GreatCircle.metres(90, 0, 90, 77)).isZero();
    assertThat(GreatCircle.metres(60, 0, 60, 180)).isEqualTo(Math.round(circumference / 6));
  }

  @Test
  void theRankingIsThatOfTheChordsForTenThousandPlaces() {
    Random random = new Random(20);
    List<Pool> pools = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      double latitude = Math.toDegrees(Math.asin(random.nextDouble(-1, 1)));
      pools.add(pool(i, new Site("s", "EU", "DE", latitude, random.nextDouble(-180, 180))));
    }
    for (int i = 0; i < 10_000; i++) {
      double latitude = Math.toDegrees(Math.asin(random.nextDouble(-1, 1)));
      Place from = at(latitude, random.nextDouble(-180, 180));
      assertThat(GreatCircle.rank(new Policy.Nearest(pools, pools.size()), from))
          .extracting(GreatCircle.Ranked::pool)
          .isEqualTo(PlainSteering.nearestFirst(new Policy.Nearest(pools, 12), from));
    }
  }

  @Test
  void equalDistancesKeepTheOrderWrittenAndPoolsWithoutSiteComeLast() {
    Site here = new Site("here", "EU", "DE", 10, 10);
    Site there = new Site("there", "EU", "DE", 20, 20);
    List<Pool> pools =
        List.of(pool(0, null), pool(1, there), pool(2, here), pool(3, null), pool(4, here));
    assertThat(GreatCircle.rank(new Policy.Nearest(pools, pools.size()), at(10, 11)))
        .extracting(ranked -> ranked.pool().id())
        .containsExactly(2, 4, 1, 0, 3);
  }

  @Test
  void aClientWithoutCoordinatesGetsTheOrderWritten() {
    List<Pool> pools =
        List.of(pool(0, TestCatalog.TOKYO), pool(1, null), pool(2, TestCatalog.FRANKFURT));
    assertThat(
            GreatCircle.rank(
                new Policy.Nearest(pools, pools.size()),
                new Place("EU", "DE", Double.NaN, Double.NaN, "")))
        .extracting(ranked -> ranked.pool().id())
        .containsExactly(0, 1, 2);
  }
}
