package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.cluster.ClusterSecret;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// RFC 7873 §7.1, RFC 9018 §5: when the secrets of cookies change, and who shares them.
final class CookieScheduleTest {
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long MIDNIGHT = 20_000 * DAY;

  private static CookieSchedule schedule(int octet) {
    byte[] secret = new byte[ClusterSecret.LENGTH_MIN];
    secret[0] = (byte) octet;
    return new CookieSchedule(new ClusterSecret(secret).derive("dns cookies"));
  }

  private static byte[] making(CookieSchedule schedule, long millis) {
    return schedule.octets(millis).getFirst();
  }

  @Test
  void aSecretMakesCookiesForOneDay() {
    CookieSchedule schedule = schedule(1);
    byte[] today = making(schedule, MIDNIGHT);
    assertThat(making(schedule, MIDNIGHT + DAY - 1)).isEqualTo(today);
    assertThat(making(schedule, MIDNIGHT - 1)).isNotEqualTo(today);
    assertThat(making(schedule, MIDNIGHT + DAY)).isNotEqualTo(today);
  }

  @Test
  void cookiesOfYesterdayAndTomorrowAreGood() {
    CookieSchedule schedule = schedule(1);
    List<byte[]> accepted = schedule.octets(MIDNIGHT);
    assertThat(accepted)
        .containsExactly(
            making(schedule, MIDNIGHT),
            making(schedule, MIDNIGHT - DAY),
            making(schedule, MIDNIGHT + DAY));
  }

  @Test
  void membersOfOneClusterShareSecretsAndOthersDoNot() {
    assertThat(schedule(1).octets(MIDNIGHT))
        .containsExactlyElementsOf(schedule(1).octets(MIDNIGHT));
    assertThat(making(schedule(2), MIDNIGHT)).isNotEqualTo(making(schedule(1), MIDNIGHT));
  }
}
