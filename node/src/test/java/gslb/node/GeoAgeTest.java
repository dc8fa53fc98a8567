package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Prefix;
import gslb.steering.places.GeoDatabase;
import gslb.testkit.FakeClock;
import gslb.testkit.MmdbWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GeoAgeTest {
  private final FakeClock clock = new FakeClock();

  /// Built 2026-06-17T00:00:00Z by its own account.
  private static GeoDatabase database() throws Exception {
    return GeoDatabase.read(
        "world.mmdb",
        MmdbWriter.write(4, 24, Map.of(Prefix.of("192.0.2.0/24"), Map.of("country_code", "DE"))));
  }

  private void setTo(String instant) {
    clock.advance(
        Duration.between(Instant.ofEpochMilli(clock.currentTimeMillis()), Instant.parse(instant)));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-06-18T13:00:00Z, 36, '1 day 13 hours old', 1 day 12 hours",
    "2026-06-18T01:00:00Z, 24, '1 day 1 hour old', 1 day",
    "2026-08-02T05:00:00Z, 1080, '46 days old', 45 days"
  })
  void ageAndLimitAreToldSoThatTheyDiffer(String now, int maxHours, String age, String limit)
      throws Exception {
    setTo(now);
    assertThat(GeoAge.warning(database(), clock, Duration.ofHours(maxHours)).toString())
        .isEqualTo(
            "world.mmdb: warning: the geo database is of 2026-06-17, "
                + age
                + "; 'max-age' of 'geo' is "
                + limit
                + "; fetch a newer one, and replace the file by renaming the new one over it");
  }

  @Test
  void aDatabaseIsOldWhenItsAgeIsOverTheLimitAndNotBefore() throws Exception {
    setTo("2026-08-01T00:00:00Z"); // 45 days
    assertThat(GeoAge.isOld(database(), clock, Duration.ofDays(45))).isFalse();
    clock.advance(Duration.ofSeconds(1));
    assertThat(GeoAge.isOld(database(), clock, Duration.ofDays(45))).isTrue();
    assertThat(GeoAge.isOld(database(), clock, null)).isFalse();
  }
}
