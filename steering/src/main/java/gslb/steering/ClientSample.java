package gslb.steering;

import gslb.base.Prefix;
import java.util.List;

/// Clients that were seen asking, each with how much it asks: what shares may be weighted by in
/// place of address space.
public record ClientSample(List<Client> clients) {
  /// Nothing was seen.
  public static final ClientSample NONE = new ClientSample(List.of());

  public ClientSample {
    clients = List.copyOf(clients);
  }

  /// Clients of a service.
  ///
  /// @param service its name
  /// @param prefix whose first address stands for all
  /// @param weight above 0, in any unit that is the same for all
  public record Client(String service, Prefix prefix, double weight) {}

  public boolean isEmpty() {
    return clients.isEmpty();
  }
}
