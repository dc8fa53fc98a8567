package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class HousekeepingTest {
  @Test
  void noChoreThatFailsIsTheLastOfItsKind() throws Exception {
    Logger logger = Logger.getLogger(Housekeeping.class.getName());
    logger.setLevel(Level.OFF);
    CountDownLatch again = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    try (Housekeeping housekeeping = new Housekeeping()) {
      housekeeping.every(
          Duration.ofMillis(1),
          "failing",
          () -> {
            switch (runs.getAndIncrement()) {
              case 0 -> throw new IOException("planted");
              case 1 -> throw new StackOverflowError("planted");
              default -> again.countDown();
            }
          });
      assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      logger.setLevel(null);
    }
  }
}
