package gslb.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.testkit.Seeded;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Which clients are kept, and what they stand for.
final class ClientSketchTest {
  private static final long HOUR = 3_600_000;

  private final TestCatalog world = world();
  private final SteeringPlan plan = world.plan(world.allUp());
  private final List<Service> services = world.catalog().services();
  private final ClientSketches sketches = new ClientSketches(new SplittableRandom(1));
  private final ClientSketch sketch = sketches.newSketch();

  private static TestCatalog world() {
    TestCatalog world = new TestCatalog().pool("eu", "192.0.2.10");
    return world
        .service(new AllDown.Answer(), world.use("eu"))
        .service(new AllDown.Answer(), world.use("eu"));
  }

  private void see(ClientSketch by, int service, String client, long timeMillis) {
    Address address = Address.of(client);
    by.see(plan.sketchKey(service), address.isV4(), address.high(), address.low(), timeMillis);
  }

  private Map<Prefix, Double> decisions(int service, long nowMillis) {
    Map<Prefix, Double> decisions = new HashMap<>();
    for (ClientSample.Client client : sketches.clients(services, nowMillis).clients()) {
      if (client.service().equals(services.get(service).name())) {
        decisions.put(client.prefix(), client.weight());
      }
    }
    return decisions;
  }

  @Test
  void fewDecisionsAreKeptAllByBlockAndService() {
    see(sketch, 0, "198.51.100.1", 0);
    see(sketch, 0, "198.51.100.200", 1);
    see(sketch, 0, "2001:db8:1:2::3", 2);
    see(sketch, 1, "203.0.113.9", 3);
    see(sketches.newSketch(), 1, "203.0.113.10", 4);
    assertThat(decisions(0, 5))
        .isEqualTo(Map.of(Prefix.of("198.51.100.0/24"), 2.0, Prefix.of("2001:db8:1::/48"), 1.0));
    assertThat(decisions(1, 5)).isEqualTo(Map.of(Prefix.of("203.0.113.0/24"), 2.0));
  }

  /// The address inside is the client's (RFC 6052 §2.1).
  @Test
  void anEmbeddedAddressIsThatOfTheClient() {
    see(sketch, 0, "64:ff9b::198.51.100.7", 0);
    assertThat(decisions(0, 0)).isEqualTo(Map.of(Prefix.of("198.51.100.0/24"), 1.0));
  }

  @Test
  void aDayIsKeptAndNoMore() {
    long first = 500_000 * HOUR;
    for (int hour = 0; hour < 30; hour++) {
      see(sketch, 0, "192.0.2.1", first + hour * HOUR);
      assertThat(decisions(0, first + hour * HOUR))
          .isEqualTo(Map.of(Prefix.of("192.0.2.0/24"), Math.min(hour + 1.0, 24)));
    }
    assertThat(decisions(0, first + 40 * HOUR)).isEqualTo(Map.of(Prefix.of("192.0.2.0/24"), 13.0));
    assertThat(decisions(0, first + 60 * HOUR)).isEmpty();
  }

  /// A machine that starts with a clock years ahead, which is then set right.
  @Test
  void clockThatIsSetBackLosesNoClientsFromThenOn() {
    long now = 500_000 * HOUR;
    see(sketch, 0, "192.0.2.1", now + 20_000 * HOUR);
    see(sketch, 0, "198.51.100.1", now);
    assertThat(decisions(0, now)).isEqualTo(Map.of(Prefix.of("198.51.100.0/24"), 1.0));
  }

  /// Time that steps back over the full hour, as when it is corrected by a second.
  @Test
  void clockThatIsCorrectedKeepsTheHourThatItLeaves() {
    long now = 500_000 * HOUR;
    see(sketch, 0, "192.0.2.1", now - 2);
    see(sketch, 0, "198.51.100.1", now);
    see(sketch, 0, "203.0.113.1", now - 1);
    assertThat(decisions(0, now + 1)).hasSize(3);
  }

  @Test
  void aServiceThatIsGoneIsLeftOut() {
    see(sketch, 0, "192.0.2.1", 0);
    see(sketch, 1, "192.0.2.1", 0);
    assertThat(sketches.clients(services.subList(0, 1), 0).clients()).hasSize(1);
  }

  @Test
  void nothingWasSeen() {
    assertThat(sketches.clients(services, 0).isEmpty()).isTrue();
  }

  /// 20,000 decisions, in an order that depends on the client, half of them for a quarter of the
  /// blocks. A share of 512 samples deviates by more than 5 of its standard deviations once in
  /// 1,700,000 times; there are 40.
  @Seeded(10)
  void manyDecisionsAreKeptInProportionWheneverTheyCame(Random random) {
    ClientSketches own = new ClientSketches(new SplittableRandom(random.nextLong()));
    ClientSketch busy = own.newSketch();
    int decisions = 20_000;
    for (int i = 0; i < decisions; i++) {
      int block = i < decisions / 2 ? 0 : 1 + i % 3;
      see(busy, 0, "10.0." + block + "." + i % 256, i);
    }
    Map<Prefix, Double> seen = new HashMap<>();
    own.clients(services, 1)
        .clients()
        .forEach(client -> seen.put(client.prefix(), client.weight()));
    assertThat(seen.values().stream().mapToDouble(Double::doubleValue).sum())
        .isCloseTo(decisions, within(1e-6));
    for (int block = 0; block < 4; block++) {
      double share = block == 0 ? 0.5 : 1.0 / 6;
      double deviation = Math.sqrt(share * (1 - share) / ClientSketch.SAMPLES_MAX);
      assertThat(seen.getOrDefault(Prefix.of("10.0." + block + ".0/24"), 0.0) / decisions)
          .isCloseTo(share, within(5 * deviation));
    }
  }
}
