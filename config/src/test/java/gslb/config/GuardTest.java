package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.steering.CapacityGuard;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The guard against losing too much at once, and the capacities it is reckoned by.
final class GuardTest {
  private static String config(String guard, String eu, String us) {
    return """
    node: {name: n, state-directory: state}
    monitors:
      alive: {type: tcp, port: 80}
    pools:
      eu: {monitors: [alive], %sendpoints: [{address: 192.0.2.1}]}
      us: {monitors: [alive], %sendpoints: [{address: 192.0.2.2}]}
      nodes: {endpoints: [{address: 192.0.2.3}]}
    %s
    zones:
      gslb.example: {file: gslb.example.zone}
    services:
      www: {names: [www.gslb.example], policy: [eu, us, nodes]}
    """
        .formatted(eu, us, guard);
  }

  private static CapacityGuard.@Nullable Limit limit(String guard, String eu, String us) {
    return Loaded.good(config(guard, eu, us)).catalog().guard();
  }

  @Test
  void withoutTheSectionThereIsNone() {
    assertThat(limit("", "", "")).isNull();
  }

  @Test
  void theShareIsRequiredAndTheWindowIsTenMinutes() {
    assertThat(limit("guard: {max-loss: 40%}", "", ""))
        .isEqualTo(new CapacityGuard.Limit(40, Duration.ofMinutes(10)));
    assertThat(limit("guard: {max-loss: 100%, within: 90s}", "", ""))
        .isEqualTo(new CapacityGuard.Limit(100, Duration.ofSeconds(90)));
    Loaded.refused(config("»guard: {within: 10m}", "", ""), "has no 'max-loss'");
    Loaded.refused(config("guard: {max-loss: »40}", "", ""), "1% to 100%");
    Loaded.refused(config("guard: {max-loss: »0%}", "", ""), "1% to 100%");
    Loaded.refused(config("guard: {max-loss: »101%}", "", ""), "1% to 100%");
  }

  @Test
  void aLimitBelowTheLargestPoolsShareIsRefused() {
    Loaded.refused(config("guard: {max-loss: »33%}", "", ""), "one pool has 34%", "34% or more");
    assertThat(limit("guard: {max-loss: 34%}", "", "")).isNotNull();
    Loaded.refused(
        config("guard: {max-loss: »74%}", "capacity: 75, ", "capacity: 25, "),
        "one pool has 75% of the capacity");
    assertThat(limit("guard: {max-loss: 75%}", "capacity: 75, ", "capacity: 25, ")).isNotNull();
  }

  /// A pool without monitors is never removed, so its capacity may be left out.
  @Test
  void eitherEveryMonitoredPoolStatesItsCapacityOrNone() {
    Loaded.refused(
        config("guard: {max-loss: »100%}", "", "capacity: 25, "), "pool 'eu' states no capacity");
  }
}
