package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Clock;
import gslb.health.TargetKey;
import gslb.health.TargetVerdicts;
import gslb.steering.Verdict;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PublisherTest {
  private record Built(String world, long number, TargetVerdicts verdicts) {}

  private final BlockingQueue<Built> built = new LinkedBlockingQueue<>();

  private Publisher.World<Built> world(String name) {
    return (number, verdicts, _) -> {
      Built next = new Built(name, number, verdicts);
      built.add(next);
      return next;
    };
  }

  private static TargetVerdicts verdicts(long target) {
    return new TargetVerdicts(Map.of(new TargetKey(0, target), Verdict.DOWN));
  }

  private Built nextBuilt() throws InterruptedException {
    Built next = built.poll(20, TimeUnit.SECONDS);
    assertThat(next).as("a generation is built").isNotNull();
    return next;
  }

  @Test
  void theFirstGenerationIsThereBeforeAnyThread() {
    try (Publisher<Built> publisher =
        new Publisher<>(Clock.system(), world("a"), TargetVerdicts.NONE)) {
      assertThat(publisher.current()).isEqualTo(new Built("a", 1, TargetVerdicts.NONE));
      assertThat(publisher.number()).isEqualTo(1);
    }
  }

  @Test
  void verdictsAndConfigurationsRaiseTheNumberAndTheLatestWins() throws Exception {
    try (Publisher<Built> publisher =
        new Publisher<>(Clock.system(), world("a"), TargetVerdicts.NONE)) {
      nextBuilt();
      publisher.start();
      publisher.verdictsChanged(verdicts(1));
      assertThat(nextBuilt()).isEqualTo(new Built("a", 2, verdicts(1)));
      assertThat(publisher.replace(world("b"), verdicts(2)).get(20, TimeUnit.SECONDS)).isEqualTo(3);
      assertThat(publisher.current()).isEqualTo(new Built("b", 3, verdicts(2)));
      nextBuilt();
      publisher.verdictsChanged(verdicts(3));
      publisher.verdictsChanged(verdicts(4));
      Built last = nextBuilt();
      while (!last.verdicts().equals(verdicts(4))) {
        last = nextBuilt();
      }
      assertThat(last.world()).isEqualTo("b");
      assertThat(last.number()).isBetween(4L, 5L);
    }
  }

  @Test
  void changesDuringABuildAreOneGenerationAfterIt() throws Exception {
    CountDownLatch building = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Publisher.World<Built> slow =
        (number, verdicts, _) -> {
          if (number == 2) {
            building.countDown();
            await(release);
          }
          Built next = new Built("slow", number, verdicts);
          built.add(next);
          return next;
        };
    try (Publisher<Built> publisher = new Publisher<>(Clock.system(), slow, TargetVerdicts.NONE)) {
      nextBuilt();
      publisher.start();
      publisher.verdictsChanged(verdicts(1));
      assertThat(building.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(publisher.current().number()).isEqualTo(1);
      for (int i = 2; i <= 100; i++) {
        publisher.verdictsChanged(verdicts(i));
      }
      release.countDown();
      assertThat(nextBuilt()).isEqualTo(new Built("slow", 2, verdicts(1)));
      assertThat(nextBuilt()).isEqualTo(new Built("slow", 3, verdicts(100)));
      assertThat(built).isEmpty();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aBuildThatFailsLeavesTheOldGeneration() throws Exception {
    try (Publisher<Built> publisher =
        new Publisher<>(Clock.system(), world("a"), TargetVerdicts.NONE)) {
      publisher.start();
      CompletableFuture<Long> failed =
          publisher.replace(
              (number, verdicts, _) -> {
                throw new IllegalStateException("planted");
              },
              TargetVerdicts.NONE);
      assertThatThrownBy(() -> failed.get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("planted");
      assertThat(publisher.current().world()).isEqualTo("a");
      assertThat(publisher.failureCount()).isEqualTo(1);
      assertThat(publisher.replace(world("b"), TargetVerdicts.NONE).get(20, TimeUnit.SECONDS))
          .isEqualTo(2);
    }
  }

  @Test
  void afterCloseNothingIsAccepted() {
    Publisher<Built> publisher = new Publisher<>(Clock.system(), world("a"), TargetVerdicts.NONE);
    publisher.start();
    publisher.close();
    assertThat(publisher.replace(world("b"), TargetVerdicts.NONE)).isCompletedExceptionally();
    assertThat(publisher.current().world()).isEqualTo("a");
  }
}
