package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// The limiter by a clock moved by hand. What is expected follows from the definition, computed
/// here in floating point: a counter that holds `burst` responses and loses `rate / burst` of its
/// load a second.
final class RateLimiterTest {
  private static final int RATE = 50;
  private static final int BURST = 125;
  private static final int TABLE_SIZE = 65_536;
  private static final long SECOND = 1_000_000_000L;

  /// Time stands still within a tick, so a counter forgets up to this much later than it should.
  private static final long TICK = 1L << Rates.TICK_BITS;

  private final Rates rates = Rates.of(limit(RATE, BURST));
  private final QueryContext context = new QueryContext();
  private final RateLimiter limiter = new RateLimiter(new SplittableRandom(42));

  private static RateLimit limit(int rate, int burst) {
    return new RateLimit(rate, burst, 1, false, List.of(), TABLE_SIZE);
  }

  private QueryContext from(Address client, long nanos) {
    return at(context, client, nanos);
  }

  private static QueryContext at(QueryContext context, Address client, long nanos) {
    context.clientIsV4 = client.isV4();
    context.clientHigh = client.high();
    context.clientLow = client.low();
    context.nowNanos = nanos;
    return context;
  }

  private int charge(Address client, long nanos) {
    return limiter.charge(rates, 1, from(client, nanos));
  }

  private boolean isAnswered(Address client, long nanos) {
    return charge(client, nanos) == RateLimiter.WITHIN;
  }

  /// Nobody is sent what an operator wants to see.
  @Test
  void aRehearsalIsNeitherLimitedNorCharged() {
    Address client = Address.of("192.0.2.1");
    context.isRehearsed = true;
    for (int i = 0; i < 3 * BURST; i++) {
      assertThat(limiter.judge(rates, 1, from(client, 0))).isEqualTo(RateLimiter.PASS);
    }
    assertThat(limiter.retainedBytes()).isZero();
    context.isRehearsed = false;
    assertThat(isAnswered(client, 0)).isTrue();
  }

  private static Address client(Random random) {
    return random.nextBoolean()
        ? Address.v4(random.nextInt())
        : Address.v6(0x2001_0db8L << 32 | random.nextInt() & 0xffff_ffffL, random.nextLong());
  }

  /// Evenly spaced at up to 19/20 of the rate, each query early or late by up to a quarter of the
  /// space. The counter then holds at most rate'/rate * burst + 2 queries; with the tick's delay,
  /// factor e^(0.4 * 0.0168), that is 121.6 of 125.
  @Seeded(100)
  void aClientBelowTheRateIsNeverLimited(Random random) {
    Address client = client(random);
    double perSecond = 0.95 * RATE * (1 - random.nextDouble() * random.nextDouble());
    long space = (long) (SECOND / perSecond);
    long start = random.nextLong();
    for (int i = 0; i < 3000; i++) {
      long jitter = (long) ((random.nextDouble() - 0.5) / 2 * space);
      assertThat(isAnswered(client, start + i * space + jitter)).as("query %s", i).isTrue();
    }
  }

  /// What a counter takes in t is its capacity and what it loses: rate * t when full. It fills from
  /// empty in 0.28 s, half full on the average, so it loses 7 responses less; and a tick of either.
  @Seeded(100)
  void aClientAtTenTimesTheRateGetsRateAndBurst(Random random) {
    Address client = client(random);
    long start = random.nextLong();
    long length = SECOND / 10 + (long) (random.nextDouble() * 20 * SECOND);
    int queries = (int) (10 * RATE * (length / 1e9));
    int answered = 0;
    for (int i = 0; i < queries; i++) {
      answered += isAnswered(client, start + length / queries * i) ? 1 : 0;
    }
    double seconds = (length + TICK) / 1e9;
    assertThat((double) answered)
        .isLessThanOrEqualTo(Math.min(queries, BURST + RATE * seconds * 1.001 + 1))
        .isGreaterThanOrEqualTo(Math.min(queries, BURST - 8 + RATE * (length - TICK) / 1e9 * 0.99));
  }

  /// Each decision is that of the definition, but where the definition itself comes within the
  /// tick's error of the limit.
  @Seeded(40)
  void everyDecisionIsThatOfTheDecayingCounter(Random random) {
    int rate = 1 + random.nextInt(1000);
    int burst = rate + random.nextInt(2000);
    Rates own = Rates.of(limit(rate, burst));
    Address client = client(random);
    double lost = (double) rate / burst;
    double load = 0;
    long now = random.nextLong();
    int decided = 0;
    for (int i = 0; i < 20_000; i++) {
      long step = random.nextInt(200) == 0 ? random.nextLong(20 * SECOND) : pause(random, rate);
      now += step;
      load *= Math.exp(-lost * step / 1e9);
      boolean answered = limiter.charge(own, 1, from(client, now)) == RateLimiter.WITHIN;
      double slack = 1 + lost * TICK / 1e9 * burst * 1.05 + burst * 1e-4;
      if (load + 1 <= burst - slack) {
        assertThat(answered).as("query %s at load %s of %s", i, load, burst).isTrue();
        decided++;
      } else if (load + 1 > burst + slack) {
        assertThat(answered).as("query %s at load %s of %s", i, load, burst).isFalse();
        decided++;
      }
      load += answered ? 1 : 0;
    }
    assertThat(decided).isPositive();
  }

  private static long pause(Random random, int rate) {
    return random.nextLong(2 * SECOND / rate / (1 + random.nextInt(10)) + 1);
  }

  /// 256 addresses, each well below its own rate, at ten times what their /24 may have.
  @Test
  void aFloodFromASlash24IsLimitedAtItsMultiple() {
    int queries = 10 * 32 * RATE * 10;
    int answered = 0;
    for (int i = 0; i < queries; i++) {
      Address client = Address.of("198.51.100." + i % 256);
      int length = charge(client, 10 * SECOND / queries * i);
      answered += length == RateLimiter.WITHIN ? 1 : 0;
      assertThat(length == RateLimiter.WITHIN || length == 24 || length == 32).isTrue();
    }
    assertThat((double) answered)
        .isBetween(32 * (BURST + RATE * 10 * 0.97), 32 * (BURST + RATE * 10.02));
  }

  @Test
  void everyPrefixIsLimitedAtItsMultiple() {
    // Bits that may vary inside the prefix, so that no longer prefix is full first.
    assertLimited("198.51.100.7", 0, 32, 1);
    assertLimited("198.51.100.0", 8, 24, 32);
    assertLimited("198.51.96.0", 12, 20, 256);
    assertLimited("198.51.64.0", 14, 18, 768);
    assertLimited("2001:db8:1::7", 0, 128, 1);
    assertLimited("2001:db8:2::", 64, 64, 2);
    assertLimited("2001:db8:3::", 72, 56, 3);
    assertLimited("2001:db8:4::", 80, 48, 4);
    assertLimited("2001:db9::", 96, 32, 64);
  }

  /// At one point in time.
  private void assertLimited(String address, int freeBits, int length, int multiple) {
    RateLimiter own = new RateLimiter(new SplittableRandom(7));
    Address base = Address.of(address);
    Random random = new Random(length);
    int answered = 0;
    while (true) {
      Address client = within(base, freeBits, random);
      int limited = own.charge(rates, 1, from(client, 0));
      if (limited == length) {
        break;
      }
      answered += limited == RateLimiter.WITHIN ? 1 : 0;
      assertThat(answered).isLessThanOrEqualTo(multiple * BURST + 100);
    }
    // A cost is rounded down, so a counter may hold a little more.
    assertThat(answered).isBetween(multiple * BURST, (int) (multiple * BURST * 1.0001) + 1);
  }

  private static Address within(Address base, int freeBits, Random random) {
    if (base.isV4()) {
      return Address.v4((int) base.low() | random.nextInt(1 << freeBits));
    }
    long low = freeBits == 0 ? base.low() : random.nextLong();
    long high = freeBits <= 64 ? base.high() : base.high() | random.nextLong() >>> 128 - freeBits;
    return Address.v6(high, low);
  }

  /// One client floods; then each of 10,000 others asks once. Of its 4 counters each shares that of
  /// the flooder with probability 1 / 65,536 (tag) / 4,096 (bucket): 0.0002 clients are expected.
  @Test
  void clientsThatShareNoPrefixDoNotInfluenceEachOther() {
    Random random = new Random(3);
    Address flooder = Address.of("198.51.100.7");
    for (int i = 0; i < 10_000; i++) {
      charge(flooder, i * 1000L);
    }
    assertThat(isAnswered(flooder, 10_000_000L)).isFalse();
    int limited = 0;
    for (int i = 0; i < 10_000; i++) {
      Address other = Address.v4(0x0a00_0000 | random.nextInt(1 << 24));
      limited += isAnswered(other, 10_000_000L) ? 0 : 1;
    }
    assertThat(limited).isZero();
  }

  /// 60 clients at their limit and 100 others fill a third of a table. Each of the 4 counters of a
  /// new client then meets its tag in its 16 entries with probability 16 / 65,536 at most: 1 client
  /// in 1,000. A new table for every 100 keeps those from filling it themselves.
  @Test
  void aThirdOfATableLimitsOneStrangerInAThousandAtMost() {
    Rates small = Rates.of(new RateLimit(1, 4, 1, false, List.of(), 1024));
    int limited = 0;
    for (int key = 0; key < 200; key++) {
      RateLimiter own = new RateLimiter(new SplittableRandom(key));
      for (int i = 0; i < 240; i++) {
        Address heavy = Address.v4(0xc000_0000 | i / 4 << 16);
        limited += own.charge(small, 1, from(heavy, 0)) == RateLimiter.WITHIN ? 0 : 1;
      }
      for (int i = 0; i < 100; i++) {
        Address stranger = Address.v4(0x0a00_0000 | key << 16 | i);
        limited += own.charge(small, 1, from(stranger, 0)) == RateLimiter.WITHIN ? 0 : 1;
      }
    }
    assertThat(limited).isLessThanOrEqualTo(20);
  }

  /// 200,000 forged sources cannot make the counter of one heavy client start anew.
  @Test
  void aFloodOfForgedSourcesDoesNotEvictTheHeavyClient() {
    Rates own = Rates.of(new RateLimit(RATE, BURST, 1, false, List.of(), 4096));
    Random random = new Random(5);
    Address heavy = Address.of("192.0.2.1");
    int answered = 0;
    for (int i = 0; i < 200_000; i++) {
      limiter.charge(own, 1, from(Address.v4(random.nextInt()), i * 10_000L));
      if (i % 10 == 0) {
        answered += limiter.charge(own, 1, from(heavy, i * 10_000L)) == RateLimiter.WITHIN ? 1 : 0;
      }
    }
    // 20,000 queries in 2 seconds.
    assertThat(answered).isLessThanOrEqualTo(BURST + RATE * 2 + 2);
  }

  @Test
  void aReloadOfTheNumbersKeepsWhatWasCounted() {
    Address client = Address.of("192.0.2.1");
    for (int i = 0; i < BURST; i++) {
      assertThat(isAnswered(client, 0)).isTrue();
    }
    assertThat(isAnswered(client, 0)).isFalse();
    Rates next = Rates.of(limit(2 * RATE, 3 * BURST));
    assertThat(limiter.charge(next, 2, from(client, 0))).isEqualTo(32);
    Rates resized = Rates.of(new RateLimit(RATE, BURST, 1, false, List.of(), 2 * TABLE_SIZE));
    assertThat(limiter.charge(resized, 3, from(client, 0))).isEqualTo(RateLimiter.WITHIN);
    // A thread that still reads the snapshot before does not make the old size again.
    for (int i = 1; i < BURST; i++) {
      limiter.charge(rates, 2, from(client, 0));
    }
    assertThat(limiter.charge(resized, 3, from(client, 0))).isEqualTo(32);
  }

  /// Whatever the time: the tick of a counter wraps every 18 minutes.
  @Seeded(20)
  void housekeepingLetsNoCounterComeBackToLife(Random random) {
    Address client = client(random);
    long now = random.nextLong();
    Rates slow = Rates.of(limit(1, 1_000_000 + random.nextInt(1000)));
    limiter.charge(slow, 1, from(client, now));
    for (int i = 0; i < 1000; i++) {
      limiter.charge(rates, 1, from(client, now));
    }
    for (int i = 0; i < 120; i++) {
      now += 60 * SECOND;
      limiter.housekeep(rates, 1, now);
    }
    for (int i = 0; i < BURST; i++) {
      assertThat(isAnswered(client, now)).isTrue();
    }
    assertThat(isAnswered(client, now)).isFalse();
  }

  /// The clocks of threads differ by what passes between two batches.
  @Test
  void aClockALittleBehindForgetsNothing() {
    Address client = Address.of("192.0.2.1");
    for (int i = 0; i < BURST; i++) {
      assertThat(isAnswered(client, 10 * SECOND)).isTrue();
    }
    assertThat(isAnswered(client, 9 * SECOND)).isFalse();
    assertThat(isAnswered(client, 10 * SECOND)).isFalse();
  }

  /// The limit is of the server, not of a thread.
  @Test
  void threadsShareTheLimit() throws InterruptedException {
    Address client = Address.of("192.0.2.1");
    AtomicLong answered = new AtomicLong();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    limiter.charge(rates, 1, from(Address.of("203.0.113.1"), 0)); // makes the table
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    QueryContext own = new QueryContext();
                    awaitUnchecked(go);
                    for (int i = 0; i < 1000; i++) {
                      if (limiter.charge(rates, 1, at(own, client, 0)) == RateLimiter.WITHIN) {
                        answered.incrementAndGet();
                      }
                    }
                  }));
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(answered.get()).isEqualTo(BURST);
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void housekeepingNamesOneLimitedPrefixInAPeriod() {
    Address client = Address.of("192.0.2.1");
    assertThat(limiter.housekeep(rates, 1, 0)).isEmpty();
    limit(client, 0);
    assertThat(limiter.housekeep(rates, 1, SECOND)).contains(Prefix.of("192.0.2.1/32"));
    limit(client, 2 * SECOND);
    assertThat(limiter.housekeep(rates, 1, 2 * SECOND)).isEmpty();
    assertThat(limiter.housekeep(rates, 1, 31 * SECOND)).isEmpty();
    assertThat(limiter.housekeep(rates, 1, 32 * SECOND)).isEmpty();
    limit(client, 33 * SECOND);
    assertThat(limiter.housekeep(rates, 1, 34 * SECOND)).contains(Prefix.of("192.0.2.1/32"));
  }

  private void limit(Address client, long nanos) {
    for (int i = 0; i <= BURST; i++) {
      limiter.judge(rates, 1, from(client, nanos));
    }
  }

  @Test
  void theTableTakesEightBytesACounterAndNothingWhenOff() {
    charge(Address.of("192.0.2.1"), 0);
    assertThat(limiter.retainedBytes()).isBetween(8L * TABLE_SIZE, 8L * TABLE_SIZE + 128);
    limiter.housekeep(Rates.OFF, 2, SECOND);
    assertThat(limiter.retainedBytes()).isZero();
    limiter.charge(rates, 3, from(Address.of("192.0.2.1"), 0));
    assertThat(limiter.retainedBytes()).isPositive();
  }
}
