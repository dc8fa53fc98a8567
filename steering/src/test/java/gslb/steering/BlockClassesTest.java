package gslb.steering;

import static gslb.steering.TestCatalog.list;
import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.sticky;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.testkit.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where blocks of clients are told apart. The oracle decides for a client under all verdicts and
/// with all sets of pools in their ramps.
final class BlockClassesTest {
  private static final List<String> POOLS = List.of("a", "b", "c", "d");

  /// `a` and `b` have a ramp.
  private final TestCatalog world =
      new TestCatalog()
          .pool("a", "192.0.2.1")
          .pool("b", "192.0.2.2")
          .pool("c", "192.0.2.3")
          .pool("d", "192.0.2.4")
          .ramp("a", Duration.ofHours(1))
          .ramp("b", Duration.ofHours(1));

  private VerdictTable down(int pools) {
    VerdictTable verdicts = world.allUp();
    for (int pool = 0; pool < POOLS.size(); pool++) {
      verdicts = (pools >> pool & 1) == 0 ? verdicts : verdicts.with(pool, Verdict.DOWN);
    }
    return verdicts;
  }

  private static boolean isHashed(SteeringPlan plan) {
    return TestCatalog.steer(plan, 0, TestCatalog.NOWHERE, 0).scope >= 24;
  }

  private static boolean isRamped(SteeringPlan plan) {
    return plan.explain(0, true, TestCatalog.NOWHERE, 0).decision().turns().stream()
        .anyMatch(Explanation.Ramp.class::isInstance);
  }

  /// What a world of one service and one class does.
  private BlockClasses tried() {
    SteeringPlan plan = world.plan(world.allUp());
    boolean hashes = false;
    boolean ramps = false;
    for (int down = 0; down < 1 << POOLS.size(); down++) {
      hashes |= isHashed(plan.withVerdicts(down(down)));
      for (int recovered = 1; recovered < 4; recovered++) {
        Readmission readmission =
            Readmission.NONE
                .next(world.catalog(), world.allUp(), 0)
                .next(world.catalog(), down(recovered), 1)
                .next(world.catalog(), world.allUp(), 2);
        ramps |= isRamped(plan.withVerdicts(down(down), readmission));
      }
    }
    return new BlockClasses(isHashed(plan) ? 1 : 0, hashes ? 1 : 0, ramps ? 1 : 0);
  }

  private BlockClasses found() {
    return BlockClasses.of(world.tables()).getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          policy                      | hashed | most | ramped
          a                           | 0      | 0    | 0
          all of a                    | 0      | 0    | 0
          all of a c                  | 0      | 0    | 1
          all of c d                  | 0      | 0    | 0
          [a, c]                      | 0      | 0    | 1
          [c, a]                      | 0      | 0    | 0
          [c, a, d]                   | 0      | 0    | 1
          [c, d]                      | 0      | 0    | 0
          [a, []]                     | 0      | 0    | 0
          {a 1, c 0}                  | 0      | 0    | 1
          {c 1, a 0}                  | 0      | 0    | 0
          {c 1, a 0, d 0}             | 0      | 0    | 1
          {c 1, d 1}                  | 0      | 0    | 0
          sticky {c 1, d 1}           | 1      | 1    | 0
          sticky {c 1, d 0}           | 0      | 0    | 0
          sticky {c 0, d 0}           | 1      | 1    | 0
          sticky {c 1, d 0, b 0}      | 0      | 1    | 1
          sticky {a 1, c 1}           | 1      | 1    | 1
          [c, sticky {a 1, d 1}]      | 0      | 1    | 1
          [sticky {c 1, d 1}, a]      | 1      | 1    | 0
          sticky {[c, a] 1, [c, d] 1} | 0      | 1    | 1
          sticky {[c, a] 1, {c 1, d 0} 1} | 0  | 1    | 1
          sticky {[c, d] 1, {[c, a] 1, c 2} 1} | 0  | 1    | 1
          {a 1, sticky {c 1, d 1} 1}  | 1      | 1    | 1
          {a 1, sticky {c 1, d 1} 0}  | 0      | 1    | 1
          """)
  void aClassIsHashedOrRampedWhereItsAnswersAre(String policy, int hashed, int most, int ramped) {
    world.service(new AllDown.Answer(), written(policy));
    assertThat(tried()).isEqualTo(new BlockClasses(hashed, most, ramped));
    assertThat(found()).isEqualTo(tried());
  }

  private Policy written(String policy) {
    Policy a = world.use("a");
    Policy b = world.use("b");
    Policy c = world.use("c");
    Policy d = world.use("d");
    return switch (policy) {
      case "a" -> a;
      case "all of a" -> world.all("a");
      case "all of a c" -> world.all("a", "c");
      case "all of c d" -> world.all("c", "d");
      case "[a, c]" -> list(a, c);
      case "[c, a]" -> list(c, a);
      case "[c, a, d]" -> list(c, a, d);
      case "[c, d]" -> list(c, d);
      case "[a, []]" -> list(a, TestCatalog.nothing());
      case "{a 1, c 0}" -> weighted(share(a, 1), share(c, 0));
      case "{c 1, a 0}" -> weighted(share(c, 1), share(a, 0));
      case "{c 1, a 0, d 0}" -> weighted(share(c, 1), share(a, 0), share(d, 0));
      case "{c 1, d 1}" -> weighted(share(c, 1), share(d, 1));
      case "sticky {c 1, d 1}" -> sticky(share(c, 1), share(d, 1));
      case "sticky {c 1, d 0}" -> sticky(share(c, 1), share(d, 0));
      case "sticky {c 0, d 0}" -> sticky(share(c, 0), share(d, 0));
      case "sticky {c 1, d 0, b 0}" -> sticky(share(c, 1), share(d, 0), share(b, 0));
      case "sticky {a 1, c 1}" -> sticky(share(a, 1), share(c, 1));
      case "[c, sticky {a 1, d 1}]" -> list(c, sticky(share(a, 1), share(d, 1)));
      case "[sticky {c 1, d 1}, a]" -> list(sticky(share(c, 1), share(d, 1)), a);
      case "sticky {[c, a] 1, [c, d] 1}" -> sticky(share(list(c, a), 1), share(list(c, d), 1));
      case "sticky {[c, a] 1, {c 1, d 0} 1}" ->
          sticky(share(list(c, a), 1), share(weighted(share(c, 1), share(d, 0)), 1));
      case "sticky {[c, d] 1, {[c, a] 1, c 2} 1}" ->
          sticky(share(list(c, d), 1), share(weighted(share(list(c, a), 1), share(c, 2)), 1));
      case "{a 1, sticky {c 1, d 1} 1}" ->
          weighted(share(a, 1), share(sticky(share(c, 1), share(d, 1)), 1));
      case "{a 1, sticky {c 1, d 1} 0}" ->
          weighted(share(a, 1), share(sticky(share(c, 1), share(d, 1)), 0));
      default -> throw new IllegalArgumentException(policy);
    };
  }

  /// Some that are counted cannot come about, as where what is up takes another's place.
  @Seeded(60)
  void noClassIsLeftOut(Random random) {
    world.service(new AllDown.Answer(), any(random, 3));
    BlockClasses tried = tried();
    BlockClasses found = found();
    assertThat(found.hashed()).isGreaterThanOrEqualTo(tried.hashed());
    assertThat(found.hashedMost()).isGreaterThanOrEqualTo(tried.hashedMost());
    assertThat(found.ramped()).isGreaterThanOrEqualTo(tried.ramped());
  }

  private Policy any(Random random, int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(5);
    List<Policy> children = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0 && kind > 1; i--) {
      children.add(any(random, depth - 1));
    }
    Policy.Weighted.Branch[] shares =
        children.stream()
            .map(child -> share(child, random.nextInt(3)))
            .toArray(Policy.Weighted.Branch[]::new);
    return switch (kind) {
      case 0 -> world.use(POOLS.get(random.nextInt(POOLS.size())));
      case 1 -> world.all("b", "c");
      case 2 -> new Policy.Failover(children);
      case 3 -> weighted(shares);
      default -> sticky(shares);
    };
  }

  @Test
  void classesAreCountedByService() {
    Policy hashed = sticky(share(world.use("c"), 1), share(world.use("d"), 1));
    Policy geo =
        new Policy.Geo(Map.of(), Map.of("DE", hashed, "US", world.list("c")), Map.of(), hashed);
    world
        .service(new AllDown.Answer(), geo)
        .service(new AllDown.Answer(), world.use("c"))
        .service(
            new AllDown.Answer(),
            new Policy.Geo(
                Map.of(),
                Map.of("DE", list(world.use("d"), hashed), "US", world.list("a", "c")),
                Map.of(),
                hashed));
    assertThat(BlockClasses.of(world.tables()))
        .containsExactly(
            new BlockClasses(1, 1, 0), new BlockClasses(0, 0, 0), new BlockClasses(1, 2, 1));
  }
}
