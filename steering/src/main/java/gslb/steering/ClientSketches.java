package gslb.steering;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator.SplittableGenerator;

/// The {@link ClientSketch}es of all threads of one tier.
public final class ClientSketches {
  private final SplittableGenerator random;
  private volatile List<ClientSketch> sketches = List.of();

  public ClientSketches(SplittableGenerator random) {
    this.random = random;
  }

  /// A sketch for one more thread.
  public synchronized ClientSketch newSketch() {
    ClientSketch sketch = new ClientSketch(random.split());
    List<ClientSketch> more = new ArrayList<>(sketches);
    more.add(sketch);
    sketches = List.copyOf(more);
    return sketch;
  }

  /// Who was seen in the hours before a moment, of services that there still are, by /24 of IPv4
  /// and /48 of IPv6. A weight is of how many decisions it stands: all of them add up to how many
  /// there were, but for those of services that are gone.
  ///
  /// @param services of the catalog that is served
  public ClientSample clients(List<Service> services, long nowMillis) {
    Map<Integer, String> names = new HashMap<>();
    services.forEach(service -> names.put(key(Draws.key(service.name())), service.name()));
    record Key(String service, long block) {}
    Map<Key, Double> decisions = new HashMap<>();
    long last = ClientSketch.hourNumber(nowMillis);
    for (ClientSketch sketch : sketches) {
      for (long number = last - ClientSketch.HOURS + 1; number <= last; number++) {
        ClientSketch.Hour hour = sketch.hour(number);
        if (hour == null) {
          continue;
        }
        long count = hour.count();
        int kept = (int) Math.min(count, ClientSketch.SAMPLES_MAX);
        for (int i = 0; i < kept; i++) {
          String service = names.get(hour.services[i]);
          if (service != null) {
            decisions.merge(new Key(service, hour.blocks[i]), (double) count / kept, Double::sum);
          }
        }
      }
    }
    List<ClientSample.Client> clients = new ArrayList<>();
    decisions.forEach(
        (key, sum) ->
            clients.add(new ClientSample.Client(key.service, Draws.prefix(key.block), sum)));
    return new ClientSample(clients);
  }

  static int key(long keyOfService) {
    return (int) (keyOfService >>> 32);
  }
}
