package gslb.health;

import gslb.base.Address;
import gslb.steering.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// Monitors and targets that tests speak about.
final class Samples {
  static final Monitor WEB = monitor(2, 3);

  private Samples() {}

  static Monitor monitor(int rise, int fall) {
    return new Monitor(
        "web",
        new Monitor.Check.Tcp(),
        443,
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        rise,
        fall);
  }

  static Monitor.Check.Http http(String path) {
    return new Monitor.Check.Http(false, "www.example.org", path, 200, 299, null, true);
  }

  static ProbeTarget target(int number, String site) {
    return ProbeTarget.of(address(number), WEB, site);
  }

  static Address address(int number) {
    return Address.of("192.0.2." + number);
  }

  static HealthSettings.Monitored monitored(int endpoint, int address, String site) {
    return new HealthSettings.Monitored(endpoint, address(address), site, List.of(WEB));
  }

  static Observation success(long nanos) {
    return Observation.success("connected", nanos, nanos);
  }

  static Observation failure(long nanos) {
    return Observation.failed(Observation.Failure.CONNECT_REFUSED, "", nanos, nanos);
  }

  static Verdict verdict(Random random) {
    return List.of(Verdict.UP, Verdict.DOWN, Verdict.UNKNOWN).get(random.nextInt(3));
  }
}
