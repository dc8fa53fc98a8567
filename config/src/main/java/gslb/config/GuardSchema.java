package gslb.config;

import gslb.base.Diagnostics;
import gslb.config.Section.Fields;
import gslb.steering.CapacityGuard;
import gslb.steering.Pool;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys of the guard against losing too much at once.
final class GuardSchema {
  static final Key<Integer> MAX_LOSS =
      Key.of(
              "max-loss",
              Scalars.PERCENT,
              "The share of the capacity of all pools that health may remove within the window;"
                  + " endpoints that go down beyond it are answered as before. All pools of one"
                  + " site may be lost whatever the share.")
          .required();
  static final Key<Duration> WITHIN =
      Key.of(
              "within",
              Scalars.duration(CapacityGuard.Limit.WITHIN_MIN, CapacityGuard.Limit.WITHIN_MAX),
              "For how long a removal counts.")
          .otherwise("10m");
  static final Section GUARD =
      new Section(
          "guard", "What health alone may not do to the capacity.", List.of(MAX_LOSS, WITHIN));
  static final Key<Fields> GUARD_SECTION =
      Key.of(
          "guard",
          GUARD,
          "Keeps health from removing too much at once. Without it health may remove everything,"
              + " and 'all-down' says what is answered then.");

  private GuardSchema() {}

  /// @param monitored the pools that have monitors
  static CapacityGuard.@Nullable Limit limit(
      @Nullable Fields guard,
      Collection<Pool> pools,
      Collection<Pool> monitored,
      Diagnostics diagnostics) {
    if (guard == null) {
      return null;
    }
    Integer maxLoss = guard.find(MAX_LOSS);
    Duration within = guard.find(WITHIN);
    if (maxLoss == null || within == null) {
      return null;
    }
    boolean isStated = pools.stream().anyMatch(pool -> pool.capacity() > 0);
    List<String> without =
        monitored.stream().filter(pool -> pool.capacity() == 0).map(Pool::name).toList();
    if (isStated && !without.isEmpty()) {
      diagnostics.error(
          guard.where(MAX_LOSS),
          "'max-loss' of guard cannot be reckoned: pool '"
              + without.getFirst()
              + "' states no capacity, while others do",
          "either every pool with monitors has a 'capacity' or none has",
          "add its capacity");
      return null;
    }
    int least = CapacityGuard.largestSharePercent(List.copyOf(pools));
    if (maxLoss < least) {
      diagnostics.error(
          guard.where(MAX_LOSS),
          "'max-loss' of guard is "
              + maxLoss
              + "%, but one pool has "
              + least
              + "% of the capacity",
          "it must be at least the share of the largest pool, whose loss could not be followed"
              + " otherwise",
          "raise it to " + least + "% or more");
      return null;
    }
    return new CapacityGuard.Limit(maxLoss, within);
  }
}
