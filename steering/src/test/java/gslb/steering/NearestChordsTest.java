package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.steering.places.Place;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The quick ranking is the exact one's, or says that it cannot tell.
final class NearestChordsTest {
  private static Pool pool(int id, @Nullable Site site) {
    return new Pool(id, "p" + id, site, MinHealthy.ONE_ENDPOINT, null, List.of());
  }

  private static Site site(double latitude, double longitude) {
    return new Site("s", "", "", latitude, longitude);
  }

  private static Place place(double latitude, double longitude) {
    return new Place("", "", latitude, longitude, "");
  }

  /// Whole degrees among others, so that ties, twins, poles, antipodes and the date line come up.
  private static double degrees(Random random, int most) {
    return random.nextBoolean()
        ? random.nextInt(-most, most + 1)
        : random.nextDouble(-most, most + 0.001);
  }

  private static Site nearby(Random random, Site site) {
    double metres = random.nextInt(30) / 111_195.0;
    return site(
        Math.clamp(site.latitude() + metres, -90, 90),
        Math.clamp(site.longitude() + random.nextInt(2) * metres, -180, 180));
  }

  private static Policy.Nearest nearest(Random random) {
    List<Pool> pools = new ArrayList<>();
    List<Integer> biases = new ArrayList<>();
    boolean isBiased = random.nextInt(3) == 0;
    for (int i = 1 + random.nextInt(14); i > 0; i--) {
      Site site = site(degrees(random, 90), degrees(random, 180));
      Site other = pools.isEmpty() ? null : pools.get(random.nextInt(pools.size())).site();
      int kind = random.nextInt(8);
      pools.add(
          pool(
              pools.size(),
              kind == 0
                  ? null
                  : kind == 1 ? other : kind == 2 && other != null ? nearby(random, other) : site));
      biases.add(isBiased ? random.nextInt(-99, 100) : 0);
    }
    return new Policy.Nearest(pools, biases, 1 + random.nextInt(16), 100);
  }

  @Seeded(200)
  void quickRankingIsTheExactOne(Random random) {
    Policy.Nearest nearest = nearest(random);
    NearestChords chords = new NearestChords(nearest);
    for (int i = 0; i < 100; i++) {
      Place from = place(degrees(random, 90), degrees(random, 180));
      Site site = nearest.pools().get(random.nextInt(nearest.pools().size())).site();
      if (site != null && random.nextInt(4) == 0) {
        Site at = nearby(random, site);
        double longitude = at.longitude() > 0 ? at.longitude() - 180 : at.longitude() + 180;
        from =
            random.nextBoolean()
                ? place(at.latitude(), at.longitude())
                : place(-at.latitude(), longitude);
      }
      int limit = Math.min(nearest.limit(), nearest.pools().size());
      int[] quick = chords.rank(from);
      if (quick.length > 0) {
        List<Integer> exact =
            GreatCircle.rank(nearest, from).stream().map(GreatCircle.Ranked::index).toList();
        assertThat(IntStream.of(quick).boxed().limit(limit).toList())
            .isEqualTo(exact.subList(0, limit));
      }
    }
  }

  @Seeded(20)
  void compilingWithoutATraceIsCompilingWithOne(Random random) {
    Policy.Nearest nearest = nearest(random);
    Residuals residuals = new Residuals();
    PolicyCompiler quick = new PolicyCompiler(residuals, Trace.NONE);
    PolicyCompiler exact = new PolicyCompiler(residuals, new Trace() {});
    for (int i = 0; i < 500; i++) {
      Place from = place(degrees(random, 90), degrees(random, 180));
      assertThat(quick.residual(nearest, from)).isSameAs(exact.residual(nearest, from));
    }
  }

  @Test
  void mostOfTheWorldCanBeTold() {
    Policy.Nearest nearest =
        new Policy.Nearest(
            List.of(
                pool(0, site(50.11, 8.68)),
                pool(1, site(50.11, 8.68)),
                pool(2, site(38.95, -77.45)),
                pool(3, null),
                pool(4, site(35.68, 139.69)),
                pool(5, null)),
            6);
    NearestChords chords = new NearestChords(nearest);
    Random random = new Random(1);
    int told = 0;
    for (int i = 0; i < 1_000; i++) {
      Place from = place(random.nextDouble(-90, 90), random.nextDouble(-180, 180));
      told += chords.rank(from).length > 0 ? 1 : 0;
    }
    assertThat(told).isGreaterThan(990);
  }
}
