package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.testkit.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// How much health may remove at once, and when what is held is let go.
final class CapacityGuardTest {
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Site FRANKFURT = new Site("frankfurt", "EU", "DE", 50, 8);
  private static final Site VIRGINIA = new Site("virginia", "NA", "US", 39, -77);
  private static final Site TOKYO = new Site("tokyo", "AS", "JP", 35, 139);

  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<Pool> pools = new ArrayList<>();
  private long nowNanos = Long.MAX_VALUE - WINDOW.toNanos();
  private CapacityGuard guard = CapacityGuard.NONE;
  private VerdictTable verdicts = VerdictTable.all(0, Verdict.UP);
  private int limitPercent = 40;

  private Pool pool(
      String name, @Nullable Site site, MinHealthy minHealthy, long capacity, int... weights) {
    List<Endpoint> own = new ArrayList<>();
    for (int weight : weights) {
      Address address = Address.of("192.0.2." + (endpoints.size() + own.size() + 1));
      own.add(new Endpoint(endpoints.size() + own.size(), address, weight));
    }
    endpoints.addAll(own);
    Pool pool =
        new Pool(
            pools.size(),
            name,
            site,
            minHealthy,
            null,
            null,
            own,
            List.of(),
            Duration.ZERO,
            capacity);
    pools.add(pool);
    verdicts = VerdictTable.all(endpoints.size(), Verdict.UP);
    return pool;
  }

  private Pool pool(String name, @Nullable Site site) {
    return pool(name, site, MinHealthy.ONE_ENDPOINT, 0, 1);
  }

  private Catalog catalog() {
    return new Catalog(
        List.of(),
        Map.of(),
        endpoints,
        pools,
        List.of(),
        new CapacityGuard.Limit(limitPercent, WINDOW));
  }

  private void set(Pool pool, Verdict verdict) {
    pool.endpoints().forEach(e -> verdicts = verdicts.with(e.id(), verdict));
  }

  private void after(Duration time) {
    nowNanos += time.toNanos();
    guard = guard.next(catalog(), verdicts, nowNanos);
  }

  private Verdict answered(Pool pool) {
    return guard.guarded(catalog(), verdicts).verdict(pool.endpoints().getFirst().id());
  }

  @Test
  void withoutALimitNothingIsHeld() {
    Pool eu = pool("eu", FRANKFURT);
    Pool us = pool("us", VIRGINIA);
    Catalog unguarded = new Catalog(List.of(), Map.of(), endpoints, pools, List.of());
    guard = guard.next(unguarded, verdicts, nowNanos);
    set(eu, Verdict.DOWN);
    set(us, Verdict.DOWN);
    guard = guard.next(unguarded, verdicts, nowNanos);
    assertThat(guard.held()).isEmpty();
    assertThat(guard.guarded(unguarded, verdicts)).isEqualTo(verdicts);
  }

  @Test
  void theFirstSiteMayBeLostWholeAndTheSecondIsHeld() {
    Pool one = pool("one", FRANKFURT);
    Pool two = pool("two", FRANKFURT);
    Pool us = pool("us", VIRGINIA);
    after(Duration.ZERO);
    set(one, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    set(two, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(answered(one)).isEqualTo(Verdict.DOWN);
    assertThat(answered(two)).isEqualTo(Verdict.DOWN);
    assertThat(guard.untilNextNanos()).isEqualTo(CapacityGuard.NEVER);
    set(us, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(answered(us)).isEqualTo(Verdict.UP);
    assertThat(guard.held())
        .containsExactly(new CapacityGuard.Member("us", Address.of("192.0.2.3")));
  }

  /// Four pools of a quarter each, 40% allowed. The monotonic clock runs over on the way.
  @Test
  void whatIsHeldIsLetGoWhenTheWindowHasMovedOn() {
    Pool eu = pool("eu", FRANKFURT);
    Pool us = pool("us", VIRGINIA);
    Pool ap = pool("ap", TOKYO);
    pool("sa", null);
    after(Duration.ZERO);
    set(eu, Verdict.DOWN);
    after(Duration.ofMinutes(1));
    set(us, Verdict.DOWN);
    after(Duration.ofMinutes(2));
    set(ap, Verdict.DOWN);
    after(Duration.ofMinutes(1));
    assertThat(answered(eu)).isEqualTo(Verdict.DOWN);
    assertThat(answered(us)).isEqualTo(Verdict.UP);
    assertThat(answered(ap)).isEqualTo(Verdict.UP);
    assertThat(guard.untilNextNanos()).isEqualTo(Duration.ofMinutes(7).toNanos());
    after(Duration.ofMinutes(7).minusNanos(1));
    assertThat(guard.held()).hasSize(2);
    after(Duration.ofNanos(1));
    // The one that was down first goes first.
    assertThat(answered(us)).isEqualTo(Verdict.DOWN);
    assertThat(answered(ap)).isEqualTo(Verdict.UP);
    assertThat(guard.untilNextNanos()).isEqualTo(WINDOW.toNanos());
    after(WINDOW);
    assertThat(answered(ap)).isEqualTo(Verdict.DOWN);
    assertThat(guard.held()).isEmpty();
  }

  @Test
  void aRecoveryMakesRoom() {
    Pool eu = pool("eu", FRANKFURT);
    Pool us = pool("us", VIRGINIA);
    pool("ap", TOKYO);
    after(Duration.ZERO);
    set(eu, Verdict.DOWN);
    set(us, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(answered(eu)).isEqualTo(Verdict.DOWN);
    assertThat(answered(us)).isEqualTo(Verdict.UP);
    set(eu, Verdict.UP);
    after(Duration.ofSeconds(1));
    assertThat(answered(us)).isEqualTo(Verdict.DOWN);
  }

  @Test
  void whatComesBackWhileItIsHeldIsForgotten() {
    Pool eu = pool("eu", FRANKFURT);
    Pool us = pool("us", VIRGINIA);
    pool("ap", TOKYO);
    after(Duration.ZERO);
    set(eu, Verdict.DOWN);
    set(us, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    set(us, Verdict.UP);
    after(Duration.ofSeconds(1));
    assertThat(guard.held()).isEmpty();
    assertThat(guard.untilNextNanos()).isEqualTo(CapacityGuard.NEVER);
  }

  /// 100 of 250, of which a quarter is 25, and 50 is a fifth.
  @Test
  void capacityCountsByWeightAndAsStated() {
    limitPercent = 30;
    Pool eu = pool("eu", FRANKFURT, MinHealthy.ONE_ENDPOINT, 100, 3, 1);
    Pool us = pool("us", VIRGINIA, MinHealthy.ONE_ENDPOINT, 50, 1);
    Pool ap = pool("ap", TOKYO, MinHealthy.ONE_ENDPOINT, 100, 1);
    after(Duration.ZERO);
    verdicts = verdicts.with(1, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    set(us, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(answered(us)).as("75 of 250 are 30%").isEqualTo(Verdict.DOWN);
    verdicts = verdicts.with(0, Verdict.DOWN);
    set(ap, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(answered(eu)).isEqualTo(Verdict.UP);
    assertThat(answered(ap)).isEqualTo(Verdict.UP);
  }

  /// A third and a third are more than 60%, half a third and a third are not.
  @Test
  void belowItsMinimumAPoolIsLostWhole() {
    limitPercent = 60;
    Pool eu = pool("eu", FRANKFURT, new MinHealthy.Percent(60), 0, 1, 1);
    Pool us = pool("us", VIRGINIA);
    pool("ap", TOKYO);
    after(Duration.ZERO);
    verdicts = verdicts.with(eu.endpoints().getFirst().id(), Verdict.DOWN);
    after(Duration.ofSeconds(1));
    set(us, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(answered(us)).as("two thirds would be lost").isEqualTo(Verdict.UP);
  }

  @Test
  void anOverrideIsTheOperatorsLoss() {
    Pool eu = pool("eu", FRANKFURT);
    Pool us = pool("us", VIRGINIA);
    Pool ap = pool("ap", TOKYO);
    after(Duration.ZERO);
    verdicts = verdicts.with(eu.endpoints().getFirst().id(), EndpointOverride.DOWN);
    set(eu, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    set(us, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(answered(us)).isEqualTo(Verdict.DOWN);
    set(ap, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(answered(ap)).isEqualTo(Verdict.UP);
    verdicts = verdicts.with(ap.endpoints().getFirst().id(), EndpointOverride.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(guard.held()).isEmpty();
  }

  /// It served nobody while it was drained, so nothing is lost when the drain ends.
  @Test
  void whatGoesDownWhileItIsDrainedIsNoLoss() {
    Pool eu = pool("eu", FRANKFURT);
    Pool us = pool("us", VIRGINIA);
    pool("ap", TOKYO);
    int drained = us.endpoints().getFirst().id();
    verdicts = verdicts.with(drained, EndpointOverride.DRAIN);
    after(Duration.ZERO);
    set(eu, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    set(us, Verdict.DOWN);
    verdicts = verdicts.with(drained, EndpointOverride.NONE);
    after(Duration.ofSeconds(1));
    assertThat(answered(us)).isEqualTo(Verdict.DOWN);
  }

  @Test
  void poolsWithoutASiteAreNotOne() {
    Pool one = pool("one", null);
    Pool two = pool("two", null);
    pool("ap", TOKYO);
    after(Duration.ZERO);
    set(one, Verdict.DOWN);
    set(two, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(answered(one)).isEqualTo(Verdict.DOWN);
    assertThat(answered(two)).isEqualTo(Verdict.UP);
  }

  @Test
  void whatWasDownAtTheStartWasNotRemoved() {
    Pool eu = pool("eu", FRANKFURT);
    Pool us = pool("us", VIRGINIA);
    pool("ap", TOKYO);
    set(eu, Verdict.DOWN);
    after(Duration.ZERO);
    assertThat(answered(eu)).isEqualTo(Verdict.DOWN);
    set(us, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(answered(us)).isEqualTo(Verdict.DOWN);
  }

  /// An endpoint that nothing is known of yet, beside one that is up, serves nobody.
  @Test
  void whatWasNeverUpIsNotHeld() {
    Pool eu = pool("eu", FRANKFURT);
    Pool us = pool("us", VIRGINIA, MinHealthy.ONE_ENDPOINT, 0, 1, 1);
    pool("ap", TOKYO);
    int added = us.endpoints().getLast().id();
    verdicts = verdicts.with(added, Verdict.UNKNOWN);
    after(Duration.ZERO);
    set(eu, Verdict.DOWN);
    verdicts = verdicts.with(added, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(guard.held()).isEmpty();
  }

  /// Half of its IPv6 is gone, but its clients can come by IPv4.
  @Test
  void aPoolServesByItsBetterFamily() {
    Pool eu = pool("eu", FRANKFURT, MinHealthy.ONE_ENDPOINT, 0, 1, 1, 1);
    List<Endpoint> own = new ArrayList<>(eu.endpoints());
    for (int i = 1; i < 3; i++) {
      own.set(i, new Endpoint(i, Address.of("2001:db8::" + i), 1));
      endpoints.set(i, own.get(i));
    }
    pools.set(0, new Pool(0, "eu", FRANKFURT, MinHealthy.ONE_ENDPOINT, null, own));
    Pool us = pool("us", VIRGINIA);
    pool("ap", TOKYO);
    after(Duration.ZERO);
    verdicts = verdicts.with(1, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    set(us, Verdict.DOWN);
    after(Duration.ofSeconds(1));
    assertThat(answered(us)).isEqualTo(Verdict.DOWN);
  }

  @Test
  void besideStatedCapacitiesWhatIsNotStatedIsNone() {
    pool("eu", FRANKFURT, MinHealthy.ONE_ENDPOINT, 1, 1);
    pool("us", VIRGINIA);
    assertThat(CapacityGuard.largestSharePercent(pools)).isEqualTo(100);
  }

  @Test
  void theLargestShareIsRoundedUp() {
    pool("eu", FRANKFURT, MinHealthy.ONE_ENDPOINT, 1, 1);
    pool("us", VIRGINIA, MinHealthy.ONE_ENDPOINT, 2, 1);
    assertThat(CapacityGuard.largestSharePercent(pools)).isEqualTo(67);
    assertThat(CapacityGuard.largestSharePercent(List.of())).isZero();
  }

  /// Whatever happens: only what is down is held, no more than the limit is lost in any window
  /// unless it is all at one site, and nothing is held that could be let go.
  @Seeded(200)
  void theLimitHoldsAndNothingIsHeldInVain(Random random) {
    List<Site> sites = List.of(FRANKFURT, VIRGINIA, TOKYO);
    int count = 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      int[] weights = random.ints(1 + random.nextInt(3), 1, 4).toArray();
      pool("p" + i, sites.get(random.nextInt(3)), MinHealthy.ONE_ENDPOINT, 0, weights);
    }
    limitPercent = 10 + random.nextInt(80);
    Map<Integer, Long> removedAt = new HashMap<>();
    after(Duration.ZERO);
    VerdictTable before = guard.guarded(catalog(), verdicts);
    for (int step = 0; step < 60; step++) {
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        int endpoint = random.nextInt(endpoints.size());
        verdicts = verdicts.with(endpoint, random.nextInt(3) == 0 ? Verdict.UP : Verdict.DOWN);
      }
      after(Duration.ofSeconds(random.nextInt(200)));
      VerdictTable answered = guard.guarded(catalog(), verdicts);
      for (int endpoint = 0; endpoint < endpoints.size(); endpoint++) {
        if (answered.verdict(endpoint) == Verdict.UP) {
          removedAt.remove(endpoint);
        } else if (before.verdict(endpoint) == Verdict.UP) {
          removedAt.put(endpoint, nowNanos);
        }
        assertThat(answered.verdict(endpoint) == Verdict.DOWN)
            .as("down is down, held or not; up is up")
            .isEqualTo(verdicts.verdict(endpoint) == Verdict.DOWN && !isHeld(endpoint));
      }
      Set<Integer> recent = new HashSet<>();
      removedAt.forEach(
          (endpoint, at) -> {
            if (nowNanos - at < WINDOW.toNanos()) {
              recent.add(endpoint);
            }
          });
      assertThat(isAllowed(recent)).as("step %d", step).isTrue();
      for (Endpoint endpoint : endpoints) {
        if (isHeld(endpoint.id())) {
          Set<Integer> more = new HashSet<>(recent);
          more.add(endpoint.id());
          assertThat(isAllowed(more)).as("%s is held at step %d", endpoint, step).isFalse();
        }
      }
      before = answered;
    }
  }

  private boolean isHeld(int endpoint) {
    Address address = endpoints.get(endpoint).address();
    return guard.held().stream().anyMatch(member -> member.address().equals(address));
  }

  /// All pools count alike, and an endpoint by its weight: a pool serves what is up of what is
  /// configured.
  private boolean isAllowed(Set<Integer> recent) {
    double lost = 0;
    Set<Site> where = new HashSet<>();
    for (Pool pool : pools) {
      double all = 0;
      double gone = 0;
      for (Endpoint endpoint : pool.endpoints()) {
        all += endpoint.weight();
        gone += recent.contains(endpoint.id()) ? endpoint.weight() : 0;
      }
      lost += gone / all;
      if (gone > 0) {
        where.add(pool.site());
      }
    }
    return where.size() <= 1 || lost <= pools.size() * limitPercent / 100.0 + 1e-9;
  }
}
