package gslb.health;

import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which targets decide about which endpoint: the settings of one configuration, with their keys
/// computed once. Immutable.
public final class MonitoredEndpoints {
  private final HealthSettings settings;
  private final Map<TargetKey, ProbeTarget> targets;
  private final List<Watched> endpoints;
  private final Map<TargetKey, List<Watched>> endpointsOfTarget;
  private final BitSet watched = new BitSet();

  /// One endpoint and the targets that must all be up for it to be.
  public record Watched(int endpoint, List<TargetKey> targets) {
    public Watched {
      targets = List.copyOf(targets);
    }
  }

  private MonitoredEndpoints(
      HealthSettings settings,
      Map<TargetKey, ProbeTarget> targets,
      List<Watched> endpoints,
      Map<TargetKey, List<Watched>> endpointsOfTarget) {
    this.settings = settings;
    this.targets = targets;
    this.endpoints = endpoints;
    this.endpointsOfTarget = endpointsOfTarget;
    endpoints.forEach(one -> watched.set(one.endpoint()));
  }

  public static MonitoredEndpoints of(HealthSettings settings) {
    Map<TargetKey, ProbeTarget> targets = new LinkedHashMap<>();
    Map<TargetKey, List<Watched>> endpointsOfTarget = new LinkedHashMap<>();
    List<Watched> endpoints = new ArrayList<>();
    for (HealthSettings.Monitored monitored : settings.monitored()) {
      if (monitored.monitors().isEmpty()) {
        continue;
      }
      List<TargetKey> keys = new ArrayList<>();
      for (Monitor monitor : monitored.monitors()) {
        ProbeTarget target = ProbeTarget.of(monitored.address(), monitor, monitored.site());
        ProbeTarget known = targets.putIfAbsent(target.key(), target);
        if (known != null && known.site().isEmpty()) {
          targets.put(target.key(), target);
        }
        keys.add(target.key());
      }
      Watched watched = new Watched(monitored.endpoint(), keys.stream().distinct().toList());
      endpoints.add(watched);
      for (TargetKey key : watched.targets()) {
        endpointsOfTarget.computeIfAbsent(key, _ -> new ArrayList<>()).add(watched);
      }
    }
    return new MonitoredEndpoints(settings, targets, List.copyOf(endpoints), endpointsOfTarget);
  }

  public HealthSettings settings() {
    return settings;
  }

  /// Every distinct target, in configured order.
  public List<ProbeTarget> targets() {
    return List.copyOf(targets.values());
  }

  public List<Watched> endpoints() {
    return endpoints;
  }

  /// Whether anything monitors an endpoint.
  public boolean watches(int endpoint) {
    return watched.get(endpoint);
  }

  /// How long an endpoint stays up at the least, in nanoseconds, that is up and whose targets have
  /// not failed lately: until the first of them can fall.
  ///
  /// @param areJustProbed whether its targets have just been probed, or are just about to be
  public long untilFallNanos(Watched watched, boolean areJustProbed) {
    long soonest = Long.MAX_VALUE;
    for (TargetKey key : watched.targets()) {
      ProbeTarget target = targets.get(key);
      if (target != null) {
        Monitor monitor = target.monitor();
        long next = areJustProbed ? monitor.interval().toNanos() : 0;
        int remaining = Judge.remaining(monitor, Judge.State.remembered(Verdict.UP), 0);
        soonest = Math.min(soonest, FlipForecast.flip(monitor, next, remaining));
      }
    }
    return soonest;
  }

  /// The endpoints that a target decides about.
  List<Watched> endpointsOf(TargetKey target) {
    return endpointsOfTarget.getOrDefault(target, List.of());
  }

  /// DOWN if a monitor is, else UNKNOWN if a monitor is, else UP.
  static Verdict verdict(Watched watched, TargetVerdicts verdicts) {
    Verdict joint = Verdict.UP;
    for (TargetKey key : watched.targets()) {
      Verdict one = verdicts.of(key);
      if (one == Verdict.DOWN) {
        return Verdict.DOWN;
      }
      joint = one == Verdict.UNKNOWN ? one : joint;
    }
    return joint;
  }

  /// The table that the steering compiler wants: endpoints that nothing monitors are UP, nothing is
  /// overridden.
  ///
  /// @param endpointCount of the catalog that these settings belong to
  public VerdictTable table(TargetVerdicts verdicts, int endpointCount) {
    Verdict[] byEndpoint = new Verdict[endpointCount];
    Arrays.fill(byEndpoint, Verdict.UP);
    Map<Verdict, Integer> frequency = new EnumMap<>(Verdict.class);
    for (Watched watched : endpoints) {
      byEndpoint[watched.endpoint()] = verdict(watched, verdicts);
    }
    Verdict base = Verdict.UP;
    for (Verdict verdict : byEndpoint) {
      int count = frequency.merge(verdict, 1, Integer::sum);
      base = count > frequency.getOrDefault(base, 0) ? verdict : base;
    }
    // Each with() copies the table, so it begins with what most endpoints have.
    VerdictTable table = VerdictTable.all(endpointCount, base);
    for (int i = 0; i < endpointCount; i++) {
      if (byEndpoint[i] != base) {
        table = table.with(i, byEndpoint[i]);
      }
    }
    return table;
  }
}
