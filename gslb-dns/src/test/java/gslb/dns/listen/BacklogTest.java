package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BacklogTest {
  @Test
  void oneBatchInEightIsAnsweredHoweverOldAllAre() {
    Backlog backlog = new Backlog();
    int answered = 0;
    for (int i = 0; i < 800; i++) {
      boolean isDue = backlog.isDue();
      answered += isDue ? 1 : 0;
      backlog.served(!isDue);
    }
    assertThat(answered).isEqualTo(100);
  }

  @Test
  void aBatchWithOneAnswerIsNotStale() {
    Backlog backlog = new Backlog();
    for (int i = 0; i < 100; i++) {
      backlog.served(i % 7 != 0);
      assertThat(backlog.isDue()).isFalse();
    }
  }
}
