package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Family;
import gslb.testkit.FakeClock;
import gslb.testkit.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HostStateTest {
  private static final DnsName NAME = DnsName.of("lb.example.net.");
  private static final Address A = Address.of("192.0.2.1");
  private static final Address B = Address.of("192.0.2.2");
  private static final Address C = Address.of("192.0.2.3");
  private static final Address A6 = Address.of("2001:db8::1");
  private static final Address B6 = Address.of("2001:db8::2");

  private final FakeClock clock = new FakeClock();
  private final HostState host = new HostState(NAME, List.of(), 0);

  private boolean answer(Address... addresses) {
    return host.answered(new HostResolver.Resolved(List.of(addresses), 60), clock.nanoTime());
  }

  private boolean settle(Address... up) {
    return host.settle(Set.of(up), clock.nanoTime());
  }

  private long untilDueSeconds() {
    return Duration.ofNanos(host.untilDue(clock.nanoTime())).toSeconds();
  }

  @Test
  void newAddressesComeInAtOnceAndTheOldOneStaysUntilOneIsUp() {
    assertThat(answer(A)).isTrue();
    assertThat(answer(B)).isTrue();
    assertThat(host.addresses()).containsExactly(B, A);
    assertThat(settle(A)).isFalse();
    assertThat(host.addresses()).containsExactly(B, A);
    assertThat(settle(A, B)).isTrue();
    assertThat(host.addresses()).containsExactly(B);
  }

  @Test
  void oldAddressGoesAfterTenMinutesWhateverTheNewOneIs() {
    answer(A);
    answer(B);
    clock.advance(HostState.LEAVING_AGE_MAX.minusNanos(1));
    assertThat(settle()).isFalse();
    clock.advance(Duration.ofNanos(1));
    assertThat(settle()).isTrue();
    assertThat(host.addresses()).containsExactly(B);
  }

  @Test
  void anAddressThatWasUpAllAlongIsNoReplacementWhileANewOneIsUnproven() {
    answer(A, B);
    clock.advance(Duration.ofSeconds(60));
    answer(A, C);
    assertThat(settle(A, B)).isFalse();
    assertThat(settle(A, C)).isTrue();
    assertThat(host.addresses()).containsExactly(A, C);
  }

  @Test
  void whenNothingNewCameTheRestMustBeUp() {
    answer(A, B);
    clock.advance(Duration.ofSeconds(60));
    answer(A);
    assertThat(settle(B)).isFalse();
    assertThat(settle(A)).isTrue();
    assertThat(host.addresses()).containsExactly(A);
  }

  @Test
  void oneNewAddressThatIsUpIsEnough() {
    answer(A);
    clock.advance(Duration.ofSeconds(60));
    answer(B, C);
    assertThat(settle(C)).isTrue();
    assertThat(host.addresses()).containsExactly(B, C);
  }

  @Test
  void ofTooManyThatLeftTheFirstGoesFirst() {
    List<Address> all =
        IntStream.rangeClosed(1, HostState.LEAVING_MAX + 2).mapToObj(Address::v4).toList();
    for (Address each : all) {
      answer(each);
    }
    assertThat(host.leaving()).isEqualTo(all.subList(1, HostState.LEAVING_MAX + 1));
    assertThat(host.current()).containsExactly(all.getLast());
  }

  @Test
  void eachFamilyWaitsForItsOwn() {
    answer(A, A6);
    answer(B, B6);
    assertThat(settle(B)).isTrue();
    assertThat(host.addresses()).containsExactly(B, B6, A6);
    settle(B, B6);
    assertThat(host.addresses()).containsExactly(B, B6);
  }

  @Test
  void familyThatLeftWhollyWaitsForAnyAddress() {
    answer(A, A6);
    answer(A);
    assertThat(settle()).isFalse();
    assertThat(settle(A)).isTrue();
    assertThat(host.addresses()).containsExactly(A);
  }

  @Test
  void failuresKeepTheLastAddresses() {
    answer(A, B);
    host.failed("SERVFAIL", 0);
    assertThat(answer()).isFalse();
    assertThat(
            host.answered(
                new HostResolver.Resolved(
                    IntStream.rangeClosed(1, HostState.ADDRESSES_MAX + 1)
                        .mapToObj(Address::v4)
                        .toList(),
                    60),
                0))
        .isFalse();
    assertThat(host.addresses()).containsExactly(A, B);
    assertThat(host.phase()).isEqualTo(HostState.Phase.STALE);
    assertThat(host.failures()).isEqualTo(3);
    assertThat(host.problem()).contains("33 addresses");
  }

  /// What no endpoint may be written with (docs/configuration.md), no host can put there.
  @Test
  void addressesThatNoEndpointCanHaveAreLeftOut() {
    Address[] impossible = {
      Address.of("0.0.0.0"),
      Address.of("255.255.255.255"),
      Address.of("224.0.0.1"),
      Address.of("::"),
      Address.of("ff02::1"),
      Address.of("::ffff:192.0.2.9"),
      Address.of("169.254.0.1"),
      Address.of("fe80::1")
    };
    answer(A);
    for (Address each : impossible) {
      assertThat(answer(each)).as("%s", each).isFalse();
      assertThat(host.phase()).isEqualTo(HostState.Phase.STALE);
      assertThat(host.problem()).contains(each.toString());
      assertThat(host.addresses()).containsExactly(A);
    }
    answer(impossible[0], A6, impossible[3], A);
    assertThat(host.current()).containsExactly(A, A6);
    assertThat(host.phase()).isEqualTo(HostState.Phase.FRESH);
  }

  @Test
  void asManyAddressesAsAllowedAreTaken() {
    List<Address> all =
        IntStream.rangeClosed(1, HostState.ADDRESSES_MAX).mapToObj(Address::v4).toList();
    assertThat(host.answered(new HostResolver.Resolved(all, 60), 0)).isTrue();
    assertThat(host.addresses()).hasSize(32);
  }

  @Test
  void neverResolvedIsUnresolved() {
    host.failed("time", 0);
    assertThat(host.phase()).isEqualTo(HostState.Phase.UNRESOLVED);
    assertThat(host.addresses()).isEmpty();
    assertThat(host.age(5)).isEqualTo(-1);
  }

  @Test
  void rememberedAddressesServeUntilTheFirstAnswersAreUp() {
    HostState restarted = new HostState(NAME, List.of(A), 0);
    assertThat(restarted.addresses()).containsExactly(A);
    restarted.failed("time", 0);
    assertThat(restarted.phase()).isEqualTo(HostState.Phase.STALE);
    restarted.answered(new HostResolver.Resolved(List.of(B), 60), 5);
    assertThat(restarted.addresses()).containsExactly(B, A);
  }

  @Test
  void ttlRulesWithinBoundsAndATenth() {
    for (long[] row : new long[][] {{0, 10}, {10, 10}, {60, 60}, {300, 300}, {1L << 31, 300}}) {
      host.answered(new HostResolver.Resolved(List.of(A), row[0]), clock.nanoTime());
      assertThat(untilDueSeconds()).isBetween(row[1], row[1] + row[1] / 10);
    }
  }

  @Test
  void failuresAreTriedAgainEverMoreSeldom() {
    for (long seconds : new long[] {10, 20, 40, 60, 60}) {
      host.failed("time", clock.nanoTime());
      assertThat(untilDueSeconds()).isBetween(seconds, seconds + seconds / 10);
    }
  }

  @Test
  void hostsOfOneTtlAreSpread() {
    Set<Long> times = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      HostState each = new HostState(DnsName.of("lb" + i + ".example.net."), List.of(), 0);
      each.answered(new HostResolver.Resolved(List.of(A), 300), 0);
      times.add(Duration.ofNanos(each.untilDue(0)).toSeconds());
    }
    assertThat(times).hasSizeGreaterThan(20);
  }

  @Test
  void whatIsAskedIsNotDue() {
    host.asked();
    assertThat(host.untilDue(1L << 60)).isEqualTo(Long.MAX_VALUE);
  }

  /// Answers, failures, verdicts and time in any order, against what an operator is promised.
  @Seeded(300)
  void promisesHoldAfterEveryStep(Random random) {
    List<Address> universe = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      universe.add(Address.v4(1 + i));
      universe.add(Address.v6(1, i));
    }
    HostState state = new HostState(NAME, List.of(), 0);
    Map<Address, Long> left = new HashMap<>();
    Set<Address> latest = Set.of();
    for (int step = 0; step < 200; step++) {
      long now = clock.nanoTime();
      Set<Address> before = Set.copyOf(state.addresses());
      switch (random.nextInt(4)) {
        case 0 -> {
          Set<Address> found = some(universe, random);
          state.answered(new HostResolver.Resolved(List.copyOf(found), 5), now);
          if (!found.isEmpty()) {
            latest.stream().filter(a -> !found.contains(a)).forEach(a -> left.put(a, now));
            latest = found;
          }
          assertThat(state.addresses()).as("add before remove").containsAll(before);
        }
        case 1 -> {
          state.failed("no answer", now);
          assertThat(state.addresses()).containsExactlyInAnyOrderElementsOf(before);
        }
        case 2 -> clock.advance(Duration.ofSeconds(random.nextInt(300)));
        default -> {
          Set<Address> up = some(universe, random);
          state.settle(up, now);
          for (Address gone : before) {
            if (!state.addresses().contains(gone)) {
              boolean isOld =
                  now - left.getOrDefault(gone, now) >= HostState.LEAVING_AGE_MAX.toNanos();
              assertThat(isOld || isReplaced(gone, latest, up)).as("%s went", gone).isTrue();
            }
          }
          for (Address kept : state.leaving()) {
            assertThat(now - left.getOrDefault(kept, 0L))
                .isLessThan(HostState.LEAVING_AGE_MAX.toNanos());
          }
        }
      }
      assertThat(state.addresses()).doesNotHaveDuplicates().containsAll(latest);
      assertThat(state.addresses().isEmpty()).isEqualTo(latest.isEmpty());
      assertThat(state.leaving()).noneMatch(latest::contains);
    }
  }

  private static boolean isReplaced(Address gone, Set<Address> latest, Set<Address> up) {
    Family family = gone.family();
    boolean hasFamily = latest.stream().anyMatch(a -> a.family() == family);
    return latest.stream().anyMatch(a -> up.contains(a) && (!hasFamily || a.family() == family));
  }

  private static Set<Address> some(List<Address> universe, Random random) {
    Set<Address> some = new HashSet<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      some.add(universe.get(random.nextInt(universe.size())));
    }
    return some;
  }
}
