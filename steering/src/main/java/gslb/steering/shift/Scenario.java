package gslb.steering.shift;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is taken to happen.
///
/// @param down pools by name, and endpoints by address, that fail
/// @param drained pools by name, each with the share of its clients that is sent on, above 0 and up
///     to 1
/// @param demand of services by name, in place of what the configuration states; at least 0
/// @param weighting what clients are counted by
public record Scenario(
    List<String> down,
    SortedMap<String, Double> drained,
    SortedMap<String, Long> demand,
    Weighting weighting) {
  /// Pools and endpoints, drains and demands that one scenario may name.
  public static final int CHANGES_MAX = 1_000;

  public Scenario {
    down = List.copyOf(down);
    drained = new TreeMap<>(drained);
    demand = new TreeMap<>(demand);
  }

  public Scenario(
      List<String> down,
      Map<String, Double> drained,
      Map<String, Long> demand,
      Weighting weighting) {
    this(down, new TreeMap<>(drained), new TreeMap<>(demand), weighting);
  }
}
