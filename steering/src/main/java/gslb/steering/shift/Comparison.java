package gslb.steering.shift;

import gslb.base.DnsName;
import gslb.steering.Crossings;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.steering.places.Partition;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import gslb.steering.shift.PlanShift.Fate;
import gslb.steering.shift.PlanShift.ServiceShift;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares two plans over the whole address space, exactly: both are walked run by run, and what
/// two programs come to together is computed once for each pair of them. Used once.
///
/// Services are matched by name, what is left by a steered name that both have.
public final class Comparison {
  private final SteeringPlan before;
  private final SteeringPlan after;
  private final Slicer slicer;
  private final Crossings crossings;
  private final Map<String, List<ClientSample.Client>> seen = new HashMap<>();
  private final Map<Crossings.Alike, ServiceComparison> done = new HashMap<>();
  private final Set<DnsName> namesAfter = new HashSet<>();

  private Comparison(SteeringPlan before, SteeringPlan after, ClientSample sample) {
    this.before = before;
    this.after = after;
    slicer = new Slicer(telling(before.tables().places(), after.tables().places()));
    crossings = new Crossings(before, after);
    after.catalog().services().forEach(service -> namesAfter.addAll(service.names()));
    sample.clients().forEach(c -> seen.computeIfAbsent(c.service(), _ -> new ArrayList<>()).add(c));
  }

  /// Which clients move if the one plan takes the place of the other.
  ///
  /// @param sample clients that were seen, perhaps none
  public static PlanShift of(SteeringPlan before, SteeringPlan after, ClientSample sample) {
    return new Comparison(before, after, sample).shift(sample);
  }

  /// The newer table, unless only the older one knows any continents.
  static PlaceTable telling(PlaceTable older, PlaceTable newer) {
    boolean tells = newer.places().stream().map(Place::continent).anyMatch(c -> !c.isEmpty());
    return tells ? newer : older;
  }

  private PlanShift shift(ClientSample sample) {
    Map<Integer, Integer> matched = matched();
    List<ServiceShift> services = new ArrayList<>();
    for (Service service : after.catalog().services()) {
      Integer old = matched.get(service.id());
      services.add(shift(old == null ? Crossings.NO_SERVICE : old, service.id()));
    }
    for (Service service : before.catalog().services()) {
      if (!matched.containsValue(service.id())) {
        services.add(shift(service.id(), Crossings.NO_SERVICE));
      }
    }
    return new PlanShift(
        services,
        SettingChanges.ofPools(before.catalog().pools(), after.catalog().pools()),
        !sample.isEmpty());
  }

  /// Ids of services of the second plan to those of the first.
  private Map<Integer, Integer> matched() {
    Map<String, Integer> byName = new HashMap<>();
    before.catalog().services().forEach(s -> byName.put(s.name(), s.id()));
    Map<Integer, Integer> matched = new LinkedHashMap<>();
    for (Service service : after.catalog().services()) {
      Integer old = byName.remove(service.name());
      if (old != null) {
        matched.put(service.id(), old);
      }
    }
    Map<DnsName, Integer> byOwner = new HashMap<>();
    byName
        .values()
        .forEach(
            old -> before.catalog().services().get(old).names().forEach(n -> byOwner.put(n, old)));
    Set<Integer> taken = new HashSet<>();
    for (Service service : after.catalog().services()) {
      if (!matched.containsKey(service.id())) {
        service.names().stream()
            .filter(byOwner::containsKey)
            .map(byOwner::get)
            .filter(old -> !taken.contains(old))
            .findFirst()
            .ifPresent(
                old -> {
                  taken.add(old);
                  matched.put(service.id(), old);
                });
      }
    }
    return matched;
  }

  private ServiceShift shift(int old, int now) {
    Partition ofOld = old < 0 ? after.tables().partition(now) : before.tables().partition(old);
    Partition ofNow = now < 0 ? ofOld : after.tables().partition(now);
    List<Slice> space = slicer.ofSpace(ofOld, ofNow);
    Service service =
        now >= 0 ? after.catalog().services().get(now) : before.catalog().services().get(old);
    List<ClientSample.Client> clients =
        seen.getOrDefault(
            old >= 0 ? before.catalog().services().get(old).name() : service.name(), List.of());
    List<Slice> slices = new ArrayList<>(space);
    slices.addAll(slicer.ofTraffic(clients, ofOld, ofNow));
    ServiceComparison sums;
    if (clients.isEmpty()) {
      sums = done.computeIfAbsent(crossings.alike(old, now), _ -> sums(slices, old, now));
    } else {
      sums = sums(slices, old, now);
    }
    return new ServiceShift(
        service.name(),
        old < 0 ? Fate.ADDED : now < 0 ? Fate.REMOVED : Fate.KEPT,
        old < 0 ? Shares.NONE : sums.moved(),
        sums.readdressed(),
        old < 0 ? List.of() : sums.moves(),
        sums.pools(),
        sums.emptied(ofOld, ofNow),
        now < 0 ? List.of() : sums.unavailable(),
        old < 0 || now < 0
            ? List.of()
            : SettingChanges.of(before.catalog().services().get(old), service),
        old < 0 ? List.of() : namesRemoved(before.catalog().services().get(old)),
        Slicer.continents(slices),
        clients.stream().mapToDouble(ClientSample.Client::weight).sum());
  }

  private ServiceComparison sums(List<Slice> slices, int old, int now) {
    ServiceComparison sums = new ServiceComparison(before, after);
    sums.add(slices, crossings, old, now);
    return sums;
  }

  private List<String> namesRemoved(Service old) {
    Set<DnsName> removed = new LinkedHashSet<>(old.names());
    namesAfter.forEach(removed::remove);
    return removed.stream().map(DnsName::toString).toList();
  }
}
