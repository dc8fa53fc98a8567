package gslb.steering;

import static gslb.steering.TestCatalog.GERMAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Which endpoints a decision's pools cannot miss.
final class PillarTest {
  private final TestCatalog world =
      new TestCatalog()
          .pool("both", null, new MinHealthy.Endpoints(2), "192.0.2.1", "192.0.2.2")
          .pool("dual", "192.0.2.3", "2001:db8::3")
          .pool("other", "192.0.2.4");

  private static int[] pillars(SteeringPlan plan, boolean asksV4) {
    Selection selection = new Selection();
    plan.steer(0, asksV4, true, GERMAN.high(), GERMAN.low(), 0, selection);
    return plan.pillars(0, asksV4, selection);
  }

  @Test
  void pillarsAreThoseOfAPoolThatIsChosenForBeingAvailable() {
    world.service(new AllDown.Sorry(world.pool("both")), world.list("other", "both"));
    assertThat(pillars(world.plan(world.allUp()), true)).containsExactly(4);
    VerdictTable down = world.allUp().with(4, Verdict.DOWN);
    assertThat(pillars(world.plan(down), true)).containsExactly(0, 1);
    VerdictTable half = down.with(1, Verdict.DOWN);
    assertThat(pillars(world.plan(half), true)).isEmpty();
  }

  @Test
  void theSorryPoolHasNoPillars() {
    world.service(new AllDown.Sorry(world.pool("both")), world.use("other"));
    VerdictTable down = world.allUp().with(4, Verdict.DOWN);
    assertThat(pillars(world.plan(down), true)).isEmpty();
  }

  @Test
  void pillarsAreOfTheFamilyThatIsDecided() {
    world.service(
        Families.INDEPENDENT,
        Service.Answers.ONE,
        new AllDown.Answer(),
        world.list("dual", "other"));
    SteeringPlan plan = world.plan(world.allUp());
    assertThat(pillars(plan, true)).containsExactly(2);
    assertThat(pillars(plan, false)).containsExactly(3);
  }

  @Test
  void joinedPoolsHaveThePillarsOfThoseInTheAnswer() {
    Duration ramp = Duration.ofSeconds(63);
    world.ramp("other", ramp);
    world.service(new AllDown.Answer(), world.all("both", "dual", "other"));
    VerdictTable up = world.allUp();
    assertThat(pillars(world.plan(up), true)).containsExactly(0, 1, 4);
    Readmission first =
        Readmission.NONE
            .next(world.catalog(), up.with(4, Verdict.DOWN), 0)
            .next(world.catalog(), up, 0);
    SteeringPlan ramped = world.plan(up).withVerdicts(up, first);
    assertThat(Draws.rampStep(Draws.rampState(42, true, 0, GERMAN.low(), 0), Draws.key("other")))
        .isGreaterThan(1);
    assertThat(pillars(ramped, true)).containsExactly(0, 1);
    VerdictTable halves = up.with(0, Verdict.DOWN).with(2, Verdict.DOWN).with(4, Verdict.DOWN);
    assertThat(pillars(world.plan(halves.with(3, Verdict.DOWN)), true)).isEmpty();
  }
}
