package gslb.steering.shift;

import gslb.base.DnsName;
import gslb.steering.ClientSample;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares two plans over the whole address space, exactly: both are walked run by run, and what
/// two programs come to together is computed once for each pair of them. Used once.
///
/// A service is compared with the one of its name, and with each that had a name which it has now.
public final class Comparison {
  private final SteeringPlan before;
  private final SteeringPlan after;
  private final Slicer slicer;
  private final Crossings crossings;
  private final Map<String, List<ClientSample.Client>> seen = new HashMap<>();
  private final Map<Crossings.Alike, ServiceComparison> done = new HashMap<>();
  private final Set<String> namesAfter = new HashSet<>();

  private Comparison(SteeringPlan before, SteeringPlan after, ClientSample sample) {
    this.before = before;
    this.after = after;
    slicer = new Slicer(telling(before.tables().places(), after.tables().places()));
    crossings = new Crossings(before, after);
    after.catalog().services().forEach(service -> namesAfter.addAll(names(service)));
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
    return new PlanShift(
        pairs().stream().map(pair -> shift(pair.old(), pair.now())).toList(),
        SettingChanges.ofPools(before.catalog().pools(), after.catalog().pools()),
        !sample.isEmpty());
  }

  /// What is compared: services of which clients of the one may come to the other, each by its id
  /// or {@link Crossings#NO_SERVICE}.
  private record Pair(int old, int now) {}

  private List<Pair> pairs() {
    Map<String, Integer> byName = new HashMap<>();
    Map<DnsName, Integer> byOwner = new HashMap<>();
    for (Service service : before.catalog().services()) {
      byName.put(service.name(), service.id());
      service.names().forEach(owner -> byOwner.put(owner, service.id()));
    }
    List<Pair> pairs = new ArrayList<>();
    Set<Integer> kept = new HashSet<>();
    for (Service service : after.catalog().services()) {
      Set<Integer> olds = new LinkedHashSet<>();
      Integer same = byName.get(service.name());
      if (same != null) {
        olds.add(same);
      }
      service.names().stream().filter(byOwner::containsKey).map(byOwner::get).forEach(olds::add);
      kept.addAll(olds);
      if (olds.isEmpty()) {
        pairs.add(new Pair(Crossings.NO_SERVICE, service.id()));
      }
      olds.forEach(old -> pairs.add(new Pair(old, service.id())));
    }
    before.catalog().services().stream()
        .filter(service -> !kept.contains(service.id()))
        .forEach(service -> pairs.add(new Pair(service.id(), Crossings.NO_SERVICE)));
    return pairs;
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
    Set<String> removed = names(old);
    removed.removeAll(namesAfter);
    return List.copyOf(removed);
  }

  /// Owner names with their final dot, and hosts without.
  private static Set<String> names(Service service) {
    Set<String> names = new LinkedHashSet<>();
    service.names().forEach(owner -> names.add(owner.toString()));
    Service.Redirect redirect = service.redirect();
    if (redirect != null) {
      names.addAll(redirect.hosts());
    }
    return names;
  }
}
