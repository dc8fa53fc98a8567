package gslb.steering;

import static gslb.steering.TestCatalog.AMERICAN;
import static gslb.steering.TestCatalog.GERMAN;
import static gslb.steering.TestCatalog.JAPANESE;
import static gslb.steering.TestCatalog.NOWHERE;
import static gslb.steering.TestCatalog.OFFICE;
import static gslb.steering.TestCatalog.answer;
import static gslb.steering.TestCatalog.steer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Address;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SteeringPlanTest {
  private final TestCatalog world =
      new TestCatalog()
          .pool("eu", "192.0.2.10", "192.0.2.11", "2001:db8::10")
          .pool("us", "198.51.100.10", "2001:db8::20")
          .pool("ap", "203.0.113.10");

  private Policy byContinent() {
    return new Policy.Geo(
        Map.of("office", world.use("ap")),
        Map.of("JP", world.list("ap", "us")),
        Map.of("EU", world.list("eu", "us"), "AS", world.list("us")),
        world.list("us", "eu", "ap"));
  }

  @Test
  void clientsGoWhereTheirPlaceSays() {
    world.service(new AllDown.Answer(), byContinent());
    SteeringPlan plan = world.plan(world.allUp());
    assertThat(answer(plan, GERMAN)).isEqualTo("eu");
    assertThat(answer(plan, OFFICE)).isEqualTo("ap");
    assertThat(answer(plan, AMERICAN)).isEqualTo("us");
    assertThat(answer(plan, JAPANESE)).isEqualTo("ap");
    assertThat(answer(plan, NOWHERE)).isEqualTo("us");
    assertThat(answer(plan, Address.of("2001:db8::1"))).isEqualTo("eu");
    assertThat(answer(plan, Address.of("::ffff:192.0.2.1"))).isEqualTo("eu");
  }

  @Test
  void theScopeIsThatOfTheClass() {
    world
        .service(new AllDown.Answer(), byContinent())
        .service(new AllDown.Answer(), world.use("eu"));
    SteeringPlan plan = world.plan(world.allUp());
    assertThat(steer(plan, 0, OFFICE, 0).scope).isEqualTo(26);
    assertThat(steer(plan, 0, JAPANESE, 0).scope).isEqualTo(24);
    assertThat(steer(plan, 1, OFFICE, 0).scope).isZero();
  }

  @Test
  void aDownPoolLosesItsClientsToTheNextAndGetsThemBack() {
    world.service(new AllDown.Answer(), byContinent());
    SteeringPlan up = world.plan(world.allUp());
    SteeringPlan down =
        up.withVerdicts(world.allUp().with(world.endpoint("203.0.113.10"), Verdict.DOWN));
    assertThat(answer(down, JAPANESE)).isEqualTo("us");
    assertThat(answer(down, OFFICE)).isEqualTo("(ap)");
    assertThat(answer(down, GERMAN)).isEqualTo("eu");
    assertThat(answer(down.withVerdicts(world.allUp()), JAPANESE)).isEqualTo("ap");
  }

  @Test
  void theDeadFamilyOfAnAvailablePoolIsNodata() {
    world.service(new AllDown.Answer(), world.list("us", "eu"));
    SteeringPlan plan =
        world.plan(world.allUp().with(world.endpoint("198.51.100.10"), Verdict.DOWN));
    Selection selection = steer(plan, 0, GERMAN, 0);
    assertThat(plan.pools(selection.answerSet).getFirst().name()).isEqualTo("us");
    assertThat(plan.endpoint(selection, true)).isEqualTo(-1);
    assertThat(plan.endpoint(selection, false)).isEqualTo(world.endpoint("2001:db8::20"));
    assertThat(plan.endpoints(selection.answerSet, true)).isEmpty();
  }

  @Test
  void verdictsOfAnotherCatalogAreRefused() {
    world.service(new AllDown.Answer(), world.use("eu"));
    SteeringPlan plan = world.plan(world.allUp());
    assertThatThrownBy(() -> plan.withVerdicts(VerdictTable.all(1, Verdict.UP)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDecisionAllocatesNothing() {
    Policy draw =
        TestCatalog.weighted(
            TestCatalog.share(world.use("eu"), 3), TestCatalog.share(world.use("us"), 1));
    world.service(new AllDown.Answer(), byContinent()).service(new AllDown.Answer(), draw);
    SteeringPlan plan = world.plan(world.allUp());
    Selection selection = new Selection();
    decide(plan, selection, 20_000);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 5; attempt++) {
      long before = threads.getThreadAllocatedBytes(self);
      decide(plan, selection, 10_000);
      least = Math.min(least, threads.getThreadAllocatedBytes(self) - before);
    }
    assertThat(least).isZero();
  }

  private static long decide(SteeringPlan plan, Selection selection, int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      boolean v4 = (i & 1) == 0;
      plan.steer(
          i & 1,
          v4,
          v4 ? 0 : 0x2001_0db8_0000_0000L + i,
          v4 ? 0xc000_0200L + i : i,
          i * 37L,
          selection);
      sum += plan.endpoint(selection, v4) + plan.endpoints(selection.answerSet, !v4).length;
    }
    return sum;
  }
}
