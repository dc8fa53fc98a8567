package gslb.steering.shift;

import gslb.base.Prefix;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which clients a change of the configuration moves from where to where.
///
/// @param services every service of either configuration, in the order of the new one, removed ones
///     last; one that takes over names of others once more for each of these
/// @param pools what changes of pools, in words
/// @param hasTraffic whether clients were seen
public record PlanShift(List<ServiceShift> services, List<String> pools, boolean hasTraffic) {
  public PlanShift {
    services = List.copyOf(services);
    pools = List.copyOf(pools);
  }

  /// What becomes of a service.
  public enum Fate {
    KEPT,
    ADDED,
    REMOVED
  }

  /// Clients that go from one pool to another.
  ///
  /// @param from name of the pool, or empty for none: nothing was answered
  /// @param to name of the pool, or empty for none: nothing is answered
  /// @param share of the service's clients
  /// @param continents the same by continent, empty text for unknown; still of all its clients
  public record Move(String from, String to, Shares share, SortedMap<String, Shares> continents) {
    public Move {
      continents = sorted(continents);
    }
  }

  /// A pool's share of a service's clients.
  ///
  /// @param pool name, or empty for none
  public record PoolShift(String pool, Shares before, Shares after) {}

  /// Clients that were answered with addresses of a family and are answered with none.
  ///
  /// @param isV4 whether they ask for A, else for AAAA
  /// @param share of the service's clients
  /// @param continents of them, empty text for unknown
  /// @param example clients among them, the most of one kind
  public record Emptied(boolean isV4, Shares share, List<String> continents, Prefix example) {
    public Emptied {
      continents = List.copyOf(continents);
    }
  }

  /// Clients for whom nothing is available, and who are answered all the same.
  ///
  /// @param stage how far the decision has to go, in words
  public record Unavailable(String stage, Shares share) {}

  /// What becomes of one service's clients.
  ///
  /// @param moved share that gets another pool, or none; 0 for an added service
  /// @param readdressed share that gets another address of its pool
  /// @param moves greatest first; none of an added service
  /// @param pools by name, with every pool that somebody gets
  /// @param settings what else changes, in words
  /// @param namesRemoved names that are steered no more, and hosts that are redirected no more
  /// @param continents shares of all its clients, empty text for unknown
  /// @param seen weight of its clients that were seen
  public record ServiceShift(
      String name,
      Fate fate,
      Shares moved,
      Shares readdressed,
      List<Move> moves,
      List<PoolShift> pools,
      List<Emptied> emptied,
      List<Unavailable> unavailable,
      List<String> settings,
      List<String> namesRemoved,
      SortedMap<String, Shares> continents,
      double seen) {
    public ServiceShift {
      moves = List.copyOf(moves);
      pools = List.copyOf(pools);
      emptied = List.copyOf(emptied);
      unavailable = List.copyOf(unavailable);
      settings = List.copyOf(settings);
      namesRemoved = List.copyOf(namesRemoved);
      continents = sorted(continents);
    }

    /// Whether anything does change.
    public boolean changes() {
      return fate != Fate.KEPT
          || moved.most() > 0
          || readdressed.most() > 0
          || !emptied.isEmpty()
          || !settings.isEmpty()
          || !namesRemoved.isEmpty();
    }

    /// The share of its clients that get another pool, or no address of a family that they got
    /// before, whichever is more; 1 if a name is steered, or a host redirected, no more.
    public double disturbed(Weighting weighting) {
      double most = namesRemoved.isEmpty() ? moved.of(weighting) : 1;
      for (Emptied one : emptied) {
        most = Math.max(most, one.share().of(weighting));
      }
      return Math.min(1, most);
    }
  }

  /// The greatest {@link ServiceShift#disturbed} of any service.
  public double mostDisturbed(Weighting weighting) {
    return services.stream().mapToDouble(s -> s.disturbed(weighting)).max().orElse(0);
  }

  /// The share of clients that get another pool, over the services that there were: by what was
  /// seen of each, or each counted alike.
  public double moved(Weighting weighting) {
    double all = 0;
    double moved = 0;
    for (ServiceShift service : services) {
      if (service.fate() != Fate.ADDED) {
        double weight = weighting == Weighting.TRAFFIC ? service.seen() : 1;
        all += weight;
        moved += weight * service.moved().of(weighting);
      }
    }
    return all == 0 ? 0 : moved / all;
  }

  private static <T> SortedMap<String, T> sorted(Map<String, T> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
