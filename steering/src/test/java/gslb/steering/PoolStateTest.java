package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Family;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Availability of a pool with four IPv4 endpoints of weights 4, 3, 2 and 1. Their states are
/// written in that order: `u` up, `d` down, `?` unknown, `r` drained, `x` forced down, `U` forced
/// up though down.
final class PoolStateTest {
  private static final String[] FOUR = {"192.0.2.1*4", "192.0.2.2*3", "192.0.2.3*2", "192.0.2.4"};

  private static PoolState state(MinHealthy minHealthy, String states, String... members) {
    TestCatalog world = new TestCatalog().pool("p", null, minHealthy, members);
    VerdictTable table = world.allUp();
    for (int i = 0; i < states.length(); i++) {
      table =
          switch (states.charAt(i)) {
            case 'u' -> table;
            case 'd' -> table.with(i, Verdict.DOWN);
            case '?' -> table.with(i, Verdict.UNKNOWN);
            case 'r' -> table.with(i, EndpointOverride.DRAIN);
            case 'x' -> table.with(i, EndpointOverride.DOWN);
            case 'U' -> table.with(i, Verdict.DOWN).with(i, EndpointOverride.UP);
            default -> throw new IllegalArgumentException(states);
          };
    }
    return new PoolState(world.pool("p"), table);
  }

  @ParameterizedTest
  @CsvSource({
    // 50 % of 10 is 5.
    "uuuu,true",
    "uddu,true",
    "uddd,false",
    "duud,true",
    "dudu,false",
    "dddd,false",
    // Drained and forced-down weight stays in the denominator.
    "urrr,false",
    "uurr,true",
    "ruux,true",
    "rruu,false",
    "Uddu,true",
    // Unknown is absent beside anything known: 4 of 8, 3 of 7, 1 of 1; and up when nothing is
    // known.
    "ud?u,true",
    "du?d,false",
    "???u,true",
    "???d,false",
    "????,true",
    "r???,false",
    // What is forced on one endpoint is no knowledge: r is drained, the rest unknown.
    "uu??,true"
  })
  void shareOfTheWeight(String states, boolean available) {
    assertThat(state(new MinHealthy.Percent(50), states, FOUR).isAvailable()).isEqualTo(available);
  }

  @Test
  void anOverrideIsNoKnowledgeOfTheOthers() {
    TestCatalog world = new TestCatalog().pool("p", FOUR);
    VerdictTable unknown = VerdictTable.all(4, Verdict.UNKNOWN).with(0, EndpointOverride.DRAIN);
    PoolState state = new PoolState(world.pool("p"), unknown);
    assertThat(state.members(AnswerKind.LIVE, Family.V4)).containsExactly(1, 2, 3);
    assertThat(state.isAvailable()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"uuuu,true", "uudd,true", "uddd,false", "?u?u,true", "??du,false", "UUdd,true"})
  void numberOfEndpoints(String states, boolean available) {
    assertThat(state(new MinHealthy.Endpoints(2), states, FOUR).isAvailable()).isEqualTo(available);
  }

  @ParameterizedTest
  @CsvSource({"100,uuuu,true", "100,uuud,false", "1,dddu,true", "11,dddu,false", "10,dddu,true"})
  void theThresholdItselfSuffices(int percent, String states, boolean available) {
    assertThat(state(new MinHealthy.Percent(percent), states, FOUR).isAvailable())
        .isEqualTo(available);
  }

  /// The first two are IPv4, the third is IPv6.
  @ParameterizedTest
  @CsvSource({"uuu,true", "ddu,true", "udd,false", "uud,true", "ddd,false"})
  void oneFamilyThatMeetsTheThresholdSuffices(String states, boolean available) {
    PoolState state =
        state(new MinHealthy.Percent(60), states, "192.0.2.1", "192.0.2.2", "2001:db8::1");
    assertThat(state.isAvailable()).isEqualTo(available);
  }

  @Test
  void aFamilyBelowTheThresholdStillAnswersWhatIsUp() {
    PoolState state =
        state(new MinHealthy.Percent(60), "udu", "192.0.2.1", "192.0.2.2", "2001:db8::1");
    assertThat(state.health(Family.V4).isMet()).isFalse();
    assertThat(state.isAvailable()).isTrue();
    assertThat(state.members(AnswerKind.LIVE, Family.V4)).containsExactly(0);
  }

  @Test
  void answerSetsHoldWhatTheirKindAllows() {
    PoolState state = state(MinHealthy.ONE_ENDPOINT, "udrx", FOUR);
    assertThat(state.members(AnswerKind.LIVE, Family.V4)).containsExactly(0);
    assertThat(state.members(AnswerKind.IGNORING_VERDICTS, Family.V4)).containsExactly(0, 1);
    assertThat(state.members(AnswerKind.IGNORING_DRAINS, Family.V4)).containsExactly(0, 1, 2);
    assertThat(state.cumulativeWeights(AnswerKind.IGNORING_DRAINS, Family.V4))
        .containsExactly(4, 7, 9);
    assertThat(state.members(AnswerKind.LIVE, Family.V6)).isEmpty();
  }

  @Test
  void aPoolWithoutEndpointsIsNeverUsable() {
    PoolState state = state(MinHealthy.ONE_ENDPOINT, "");
    for (Stage stage : Stage.values()) {
      assertThat(state.isUsable(stage, Reach.ANY)).isFalse();
    }
  }

  @Test
  void aCnameWithoutEndpointsIsUpAtEveryStage() {
    TestCatalog world = new TestCatalog().pool("p", FOUR).alias("c", "lb.example.net");
    for (Verdict verdict : Verdict.values()) {
      PoolState state = new PoolState(world.pool("c"), VerdictTable.all(4, verdict));
      assertThat(state.isAvailable()).isTrue();
      for (Stage stage : Stage.values()) {
        for (Reach reach : Reach.values()) {
          assertThat(state.isUsable(stage, reach))
              .as(stage.name())
              .isEqualTo(stage != Stage.NODATA);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"u,true,true", "d,false,true", "r,false,true", "x,false,false", "U,true,true"})
  void aCnameWithEndpointsIsUpAsTheyAre(String states, boolean available, boolean isAnswerable) {
    TestCatalog world = new TestCatalog().alias("c", "lb.example.net", "192.0.2.1");
    VerdictTable table =
        switch (states) {
          case "d" -> world.allUp().with(0, Verdict.DOWN);
          case "r" -> world.allUp().with(0, EndpointOverride.DRAIN);
          case "x" -> world.allUp().with(0, EndpointOverride.DOWN);
          case "U" -> world.allUp().with(0, Verdict.DOWN).with(0, EndpointOverride.UP);
          default -> world.allUp();
        };
    PoolState state = new PoolState(world.pool("c"), table);
    assertThat(state.isAvailable()).isEqualTo(available);
    assertThat(state.isUsable(Stage.DRAINS_IGNORED, Reach.ANY)).isEqualTo(isAnswerable);
  }

  /// 50 % of 10 is 5. What an operator forces does not fall, and who cannot be missed is not alone.
  @ParameterizedTest
  @CsvSource({
    "uuuu,''",
    "udud,0 2",
    "uuud,''",
    "uddu,0 3",
    "duud,1 2",
    "dudu,''",
    "dddd,''",
    "Uddu,3",
    "uurr,0 1",
    "ud?u,0"
  })
  void pillarsAreWhatThePoolIsAvailableBy(String states, String pillars) {
    assertThat(state(new MinHealthy.Percent(50), states, FOUR).pillars(Reach.ANY))
        .containsExactly(
            Arrays.stream(pillars.split(" "))
                .filter(text -> !text.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray());
  }

  /// One endpoint of each family.
  @Test
  void aPillarOfOneFamilyIsNoneWhereTheOtherIsEnough() {
    PoolState both = state(MinHealthy.ONE_ENDPOINT, "uu", "192.0.2.1", "2001:db8::1");
    assertThat(both.pillars(Reach.ANY)).isEmpty();
    assertThat(both.pillars(Reach.EVERY)).containsExactly(0, 1);
    assertThat(both.pillars(Reach.V4)).containsExactly(0);
    assertThat(both.pillars(Reach.V6)).containsExactly(1);
    PoolState one = state(MinHealthy.ONE_ENDPOINT, "du", "192.0.2.1", "2001:db8::1");
    assertThat(one.pillars(Reach.ANY)).containsExactly(1);
    assertThat(one.pillars(Reach.EVERY)).isEmpty();
  }
}
