package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.DnsName;
import gslb.testkit.FakeClock;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HostLoopTest {
  private static final DnsName HOST = DnsName.of("lb.example.net.");
  private static final Address A = Address.of("192.0.2.1");
  private static final Address B = Address.of("192.0.2.2");

  /// Applies as a node would.
  private static class Applied implements HostLoop.Serving {
    private final CountDownLatch once = new CountDownLatch(1);

    @Override
    public Map<DnsName, Set<Address>> up() {
      return Map.of(HOST, Set.of(B));
    }

    @Override
    public void apply() {
      once.countDown();
    }
  }

  private static HostLoop loop(HostResolver resolver, HostMemory memory) {
    return new HostLoop(Clock.system(), resolver, memory);
  }

  private static HostResolver.Resolved found(Address... addresses) {
    return new HostResolver.Resolved(List.of(addresses), 300);
  }

  @Test
  void firstAnswersAreWaitedFor() {
    try (HostLoop loop = loop(_ -> found(A, B), HostMemory.NONE)) {
      loop.await(List.of(HOST));
      assertThat(loop.addresses(HOST)).containsExactly(A, B);
      assertThat(loop.status())
          .singleElement()
          .satisfies(s -> assertThat(s.state()).isEqualTo("FRESH"))
          .satisfies(s -> assertThat(s.name()).isEqualTo("lb.example.net"));
      assertThat(loop.memory()).isEqualTo(new HostMemory(Map.of(HOST, List.of(A, B))));
    }
  }

  @Test
  void whatIsRememberedServesWhenNothingAnswers() {
    HostMemory memory = new HostMemory(Map.of(HOST, List.of(A)));
    try (HostLoop loop = loop(HostLoopTest::fail, memory)) {
      loop.await(List.of(HOST));
      assertThat(loop.addresses(HOST)).containsExactly(A);
      assertThat(loop.status().getFirst().problem()).isEqualTo("the resolver is gone");
      assertThat(loop.counters().sum(1)).isEqualTo(1);
    }
  }

  private static HostResolver.Resolved fail(DnsName host) throws IOException {
    throw new IOException("the resolver is gone");
  }

  @Test
  void resolverThatHangsHoldsNobodyForever() {
    CountDownLatch never = new CountDownLatch(1);
    HostResolver hanging =
        _ -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return found(A);
        };
    try (HostLoop loop = loop(hanging, HostMemory.NONE)) {
      loop.await(List.of(HOST));
      assertThat(loop.addresses(HOST)).isEmpty();
      assertThat(loop.status().getFirst().state()).isEqualTo("UNASKED");
    } finally {
      never.countDown();
    }
  }

  @Test
  void soManyAreResolvedAtATimeAndNoMore() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<DnsName> names =
        IntStream.range(0, 200).mapToObj(i -> DnsName.of("lb" + i + ".example.net.")).toList();
    HostResolver counting =
        _ -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          now.decrementAndGet();
          return found(A);
        };
    try (HostLoop loop = loop(counting, HostMemory.NONE)) {
      loop.await(names);
      assertThat(names).allSatisfy(name -> assertThat(loop.addresses(name)).containsExactly(A));
      assertThat(most.get()).isLessThanOrEqualTo(HostLoop.RESOLUTIONS_MAX);
    }
  }

  @Test
  void changesAreAppliedAndOldAddressesLetGo() throws InterruptedException {
    Applied applied = new Applied();
    HostMemory memory = new HostMemory(Map.of(HOST, List.of(A)));
    try (HostLoop loop = loop(_ -> found(B), memory)) {
      loop.await(List.of(HOST));
      assertThat(loop.addresses(HOST)).containsExactly(B, A);
      loop.start(applied);
      assertThat(applied.once.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(loop.addresses(HOST)).containsExactly(B);
    }
  }

  @Test
  void changesAreAppliedAtOnceAndTheNextOnesASecondLater() throws InterruptedException {
    FakeClock clock = new FakeClock();
    CountDownLatch second = new CountDownLatch(1);
    DnsName other = DnsName.of("other.example.net.");
    Semaphore applied = new Semaphore(0);
    HostLoop.Serving serving =
        new HostLoop.Serving() {
          @Override
          public Map<DnsName, Set<Address>> up() {
            return Map.of();
          }

          @Override
          public void apply() {
            applied.release();
          }
        };
    HostResolver resolver =
        host -> {
          try {
            second.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return found(A);
        };
    try (HostLoop loop =
        new HostLoop(
            clock,
            host -> host.equals(HOST) ? found(A) : resolver.resolve(host),
            HostMemory.NONE)) {
      loop.await(List.of(HOST));
      loop.start(serving);
      assertThat(applied.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      second.countDown();
      loop.await(List.of(other));
      assertThat(loop.addresses(other)).containsExactly(A);
      assertThat(applied.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
      clock.advance(HostLoop.APPLY_INTERVAL_MIN);
      assertThat(applied.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aFaultOfWhoServesDoesNotEndTheLoop() throws InterruptedException {
    AtomicInteger asked = new AtomicInteger();
    Applied applied =
        new Applied() {
          @Override
          public Map<DnsName, Set<Address>> up() {
            if (asked.getAndIncrement() == 0) {
              throw new IllegalStateException("planted");
            }
            return super.up();
          }
        };
    HostMemory memory = new HostMemory(Map.of(HOST, List.of(A)));
    try (HostLoop loop = loop(_ -> found(B), memory)) {
      loop.await(List.of(HOST));
      loop.start(applied);
      assertThat(applied.once.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(loop.addresses(HOST)).containsExactly(B);
    }
  }

  @Test
  void aResolverThatBreaksIsAFailureAndTakesNobodysPlace() {
    HostResolver broken =
        host -> {
          if (host.equals(HOST)) {
            return found(A);
          }
          throw new StackOverflowError("planted");
        };
    try (HostLoop loop = loop(broken, HostMemory.NONE)) {
      loop.await(
          IntStream.range(0, HostLoop.RESOLUTIONS_MAX)
              .mapToObj(i -> DnsName.of("lb" + i + ".example.net."))
              .toList());
      loop.await(List.of(HOST));
      assertThat(loop.addresses(HOST)).containsExactly(A);
      assertThat(loop.status().getFirst().problem()).contains("planted");
    }
  }

  @Test
  void hostsThatAreGoneAreForgotten() {
    try (HostLoop loop = loop(_ -> found(A), HostMemory.NONE)) {
      loop.await(List.of(HOST));
      loop.retain(List.of());
      assertThat(loop.addresses(HOST)).isEmpty();
      assertThat(loop.status()).isEmpty();
    }
  }
}
