package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.health.TargetKey;
import gslb.health.TargetVerdicts;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.MinHealthy;
import gslb.steering.Pool;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.testkit.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PublisherTest {
  private record Built(String world, long number, TargetVerdicts verdicts) {}

  private final BlockingQueue<Built> built = new LinkedBlockingQueue<>();

  private Publisher.World<Built> world(String name) {
    return (number, verdicts, _, _) -> {
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
  void aGenerationIsBuiltFromTheOneBeforeOfTheSameWorld() throws Exception {
    BlockingQueue<Optional<Built>> befores = new LinkedBlockingQueue<>();
    Publisher.World<Built> chained =
        (number, verdicts, _, before) -> {
          befores.add(Optional.ofNullable(before));
          return new Built("chained", number, verdicts);
        };
    try (Publisher<Built> publisher =
        new Publisher<>(Clock.system(), world("a"), TargetVerdicts.NONE)) {
      publisher.start();
      publisher.replace(chained, verdicts(1)).get(20, TimeUnit.SECONDS);
      assertThat(befores.poll(20, TimeUnit.SECONDS)).isEmpty();
      publisher.verdictsChanged(verdicts(2));
      assertThat(befores.poll(20, TimeUnit.SECONDS)).contains(new Built("chained", 2, verdicts(1)));
    }
  }

  @Test
  void changesDuringABuildAreOneGenerationAfterIt() throws Exception {
    CountDownLatch building = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Publisher.World<Built> slow =
        (number, verdicts, _, _) -> {
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
              (number, verdicts, _, _) -> {
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
  void aBuildThatEndsInAnErrorDoesNotEndTheWriter() throws Exception {
    try (Publisher<Built> publisher =
        new Publisher<>(Clock.system(), world("a"), TargetVerdicts.NONE)) {
      publisher.start();
      CompletableFuture<Long> failed =
          publisher.replace(
              (_, _, _, _) -> {
                throw new StackOverflowError("planted");
              },
              TargetVerdicts.NONE);
      assertThatThrownBy(() -> failed.get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("planted");
      assertThat(publisher.failureCount()).isEqualTo(1);
      assertThat(publisher.replace(world("b"), TargetVerdicts.NONE).get(20, TimeUnit.SECONDS))
          .isEqualTo(2);
    }
  }

  /// Nobody says the same verdicts twice.
  @Test
  void verdictsThatCouldNotBeBuiltAreTriedAgain() throws Exception {
    FakeClock clock = new FakeClock();
    Ramped world = new Ramped(Duration.ZERO, 2);
    try (Publisher<Stepped> publisher = new Publisher<>(clock, world, TargetVerdicts.NONE)) {
      world.next(clock);
      publisher.start();
      publisher.verdictsChanged(verdicts(1));
      assertThat(world.next(clock).number()).isEqualTo(2);
      assertThat(publisher.failureCount()).isEqualTo(1);
    }
  }

  @Test
  void theFirstVerdictsArePublishedAtOnceAndTheNextFiftyMillisecondsLater() throws Exception {
    FakeClock clock = new FakeClock();
    try (Publisher<Built> publisher = new Publisher<>(clock, world("a"), TargetVerdicts.NONE)) {
      nextBuilt();
      publisher.start();
      publisher.verdictsChanged(verdicts(1));
      assertThat(nextBuilt()).isEqualTo(new Built("a", 2, verdicts(1)));
      publisher.verdictsChanged(verdicts(2));
      assertThat(built.poll(100, TimeUnit.MILLISECONDS)).isNull();
      clock.advance(Publisher.GAP_MIN.minusNanos(1));
      assertThat(built.poll(100, TimeUnit.MILLISECONDS)).isNull();
      clock.advance(Duration.ofNanos(1));
      assertThat(nextBuilt()).isEqualTo(new Built("a", 3, verdicts(2)));
    }
  }

  @Test
  void verdictsThatCameWithAConfigurationAreTheLatest() throws Exception {
    try (Publisher<Built> publisher =
        new Publisher<>(new FakeClock(), world("a"), TargetVerdicts.NONE)) {
      nextBuilt();
      CompletableFuture<Long> done = publisher.replace(world("b"), verdicts(1));
      publisher.verdictsChanged(verdicts(2));
      publisher.start();
      assertThat(done.get(20, TimeUnit.SECONDS)).isEqualTo(2);
      assertThat(publisher.current()).isEqualTo(new Built("b", 2, verdicts(2)));
    }
  }

  @Test
  void verdictsThatCameWithARefusedConfigurationAreServedByTheOldOneAtOnce() throws Exception {
    try (Publisher<Built> publisher =
        new Publisher<>(new FakeClock(), world("a"), TargetVerdicts.NONE)) {
      nextBuilt();
      CompletableFuture<Long> refused =
          publisher.replace(
              (_, _, _, _) -> {
                throw new IllegalStateException("planted");
              },
              verdicts(1));
      publisher.verdictsChanged(verdicts(2));
      publisher.start();
      assertThat(nextBuilt()).isEqualTo(new Built("a", 2, verdicts(2)));
      assertThat(refused).isCompletedExceptionally();
    }
  }

  @Test
  void anOlderConfigurationThatWasNotAppliedYetIsToldSo() throws Exception {
    try (Publisher<Built> publisher =
        new Publisher<>(new FakeClock(), world("a"), TargetVerdicts.NONE)) {
      CompletableFuture<Long> older = publisher.replace(world("b"), verdicts(1));
      CompletableFuture<Long> newer = publisher.replace(world("c"), verdicts(2));
      assertThat(older).isCompletedExceptionally();
      publisher.start();
      assertThat(newer.get(20, TimeUnit.SECONDS)).isEqualTo(2);
      assertThat(publisher.current()).isEqualTo(new Built("c", 2, verdicts(2)));
    }
  }

  /// A generation of a world of one pool.
  private record Stepped(long number, boolean isRamping, long untilNextNanos) {}

  /// The pool is down as long as any target is. One build fails.
  private static final class Ramped implements Publisher.World<Stepped> {
    private final int failing;
    private final Catalog catalog;
    private final BlockingQueue<Stepped> built = new LinkedBlockingQueue<>();
    private int builds;

    /// @param failing which build fails, counted from 1
    Ramped(Duration ramp, int failing) {
      this.failing = failing;
      List<Endpoint> endpoints = List.of(new Endpoint(0, Address.of("192.0.2.1"), 1));
      Pool pool =
          new Pool(
              0, "eu", null, MinHealthy.ONE_ENDPOINT, null, null, endpoints, List.of(), ramp, 0);
      catalog = new Catalog(List.of(), Map.of(), endpoints, List.of(pool), List.of());
    }

    @Override
    public Course course(Course before, TargetVerdicts verdicts, long nowNanos) {
      Verdict verdict = verdicts.byTarget().isEmpty() ? Verdict.UP : Verdict.DOWN;
      return before.next(catalog, VerdictTable.all(1, verdict), nowNanos);
    }

    @Override
    public Stepped build(
        long number, TargetVerdicts verdicts, Course course, @Nullable Stepped before) {
      if (++builds == failing) {
        throw new IllegalStateException("planted");
      }
      Stepped next =
          new Stepped(number, !course.readmission().ramping().isEmpty(), course.untilNextNanos());
      built.add(next);
      return next;
    }

    /// The next build, with time passing until it comes.
    Stepped next(FakeClock clock) throws InterruptedException {
      for (int attempt = 0; attempt < 2_000; attempt++) {
        Stepped next = built.poll(10, TimeUnit.MILLISECONDS);
        if (next != null) {
          return next;
        }
        clock.advance(Duration.ofMillis(100));
      }
      throw new AssertionError("nothing is built");
    }
  }

  @Test
  void aRampGoesOnByItselfUntilItIsOver() throws Exception {
    FakeClock clock = new FakeClock();
    Ramped world = new Ramped(Duration.ofSeconds(2), 0);
    try (Publisher<Stepped> publisher = new Publisher<>(clock, world, verdicts(1))) {
      assertThat(world.next(clock).isRamping()).isFalse();
      publisher.start();
      long began = clock.nanoTime();
      publisher.verdictsChanged(TargetVerdicts.NONE);
      Stepped last = world.next(clock);
      assertThat(last.isRamping()).isTrue();
      while (last.isRamping()) {
        Stepped next = world.next(clock);
        assertThat(next.number()).isEqualTo(last.number() + 1);
        last = next;
      }
      assertThat(last.number()).isBetween(3L, 11L);
      assertThat(clock.nanoTime() - began).isGreaterThanOrEqualTo(Duration.ofSeconds(2).toNanos());
      assertThat(last.untilNextNanos()).isEqualTo(Course.NEVER);
      clock.advance(Duration.ofMinutes(1));
      publisher.verdictsChanged(verdicts(1));
      assertThat(world.next(clock)).isEqualTo(new Stepped(last.number() + 1, false, Course.NEVER));
    }
  }

  @Test
  void aStepThatCannotBeBuiltIsNotLost() throws Exception {
    FakeClock clock = new FakeClock();
    Ramped world = new Ramped(Duration.ofSeconds(2), 3);
    try (Publisher<Stepped> publisher = new Publisher<>(clock, world, verdicts(1))) {
      world.next(clock);
      publisher.start();
      publisher.verdictsChanged(TargetVerdicts.NONE);
      assertThat(world.next(clock).isRamping()).isTrue();
      while (publisher.failureCount() == 0) {
        assertThat(world.built.poll(10, TimeUnit.MILLISECONDS)).isNull();
        clock.advance(Duration.ofMillis(100));
      }
      assertThat(publisher.current().isRamping()).isTrue();
      clock.advance(Duration.ofMinutes(1));
      publisher.verdictsChanged(TargetVerdicts.NONE);
      assertThat(world.next(clock)).isEqualTo(new Stepped(3, false, Course.NEVER));
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
