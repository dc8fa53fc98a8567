package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BacklogTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long LONG = UdpSocket.AGE_MAX.toNanos();
  private static final long SHORT = UdpSocket.AGE_MAX_BUSY.toNanos();

  private final Backlog backlog = new Backlog();

  @Test
  void aBufferNotEmptyForAsLongAsOneMayWaitIsAnOverload() {
    assertThat(backlog.ageMax(false, 5 * SECOND)).isEqualTo(LONG);
    assertThat(backlog.ageMax(false, 5 * SECOND + LONG)).isEqualTo(LONG);
    assertThat(backlog.ageMax(false, 5 * SECOND + LONG + 1)).isEqualTo(SHORT);
    assertThat(backlog.ageMax(false, 9 * SECOND)).isEqualTo(SHORT);
    assertThat(backlog.ageMax(true, 9 * SECOND + 1)).isEqualTo(LONG);
    assertThat(backlog.ageMax(false, 9 * SECOND + 2)).isEqualTo(LONG);
  }

  @Test
  void aPauseBehindAnEmptyBufferIsNoOverload() {
    assertThat(backlog.ageMax(true, SECOND)).isEqualTo(LONG);
    assertThat(backlog.ageMax(false, 60 * SECOND)).isEqualTo(LONG);
  }

  @Test
  void anIdleSocketHasNoBacklog() {
    assertThat(backlog.ageMax(false, SECOND)).isEqualTo(LONG);
    backlog.idle();
    assertThat(backlog.ageMax(false, 60 * SECOND)).isEqualTo(LONG);
  }

  @Test
  void theOriginOfTheClockDoesNotMatter() {
    assertThat(backlog.ageMax(false, Long.MAX_VALUE)).isEqualTo(LONG);
    assertThat(backlog.ageMax(false, Long.MIN_VALUE + LONG)).isEqualTo(SHORT);
  }
}
