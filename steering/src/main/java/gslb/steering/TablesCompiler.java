package gslb.steering;

import gslb.base.Family;
import gslb.steering.SteeringTables.ProgramSource;
import gslb.steering.SteeringTables.Split;
import gslb.steering.places.Partition;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceField;
import gslb.steering.places.PlaceTable;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Runs {@link PolicyCompiler} over every policy and place and shares what comes out alike. Used
/// once.
///
/// A policy is evaluated at as few places as it can tell apart: at one if it never looks, at one
/// for each combination of the fields that it looks at.
final class TablesCompiler {
  /// @param sight what of a place the policy looks at, its children included
  /// @param height levels of nesting
  private record Shape(Set<PlaceField> sight, int height) {}

  /// The places at which a policy of some sight is evaluated.
  private static final class Units {
    /// Place ids, ascending.
    private final int[] representatives;

    /// Index into the representatives, by place id.
    private final int[] unitOfPlace;

    Units(int[] representatives, int[] unitOfPlace) {
      this.representatives = representatives;
      this.unitOfPlace = unitOfPlace;
    }
  }

  /// An array of classes, compared by content.
  private record Classes(IntBuffer classOfUnit, Set<PlaceField> sight) {}

  private record SplitKey(int partition, List<Integer> residuals) {}

  private record ProgramKey(int residual, int allDown, Reach reach) {}

  private final Catalog catalog;
  private final PlaceTable places;
  private final Residuals store = new Residuals();
  private final PolicyCompiler policies = new PolicyCompiler(store, Trace.NONE);
  private final Map<Set<PlaceField>, Units> unitsOfSight = new HashMap<>();

  private final IdentityHashMap<Policy, Shape> shapes = new IdentityHashMap<>();
  private final IdentityHashMap<Policy, Split> splitOfPolicy = new IdentityHashMap<>();
  private final Map<SplitKey, Split> splits = new HashMap<>();
  private final Map<Classes, Integer> partitionOfUnits = new HashMap<>();
  private final List<int[]> classesOfPartition = new ArrayList<>();
  private final List<Partition> partitions = new ArrayList<>();
  private final Map<ProgramKey, Integer> programIds = new HashMap<>();
  private final List<ProgramSource> programs = new ArrayList<>();
  private final Map<List<Integer>, int[]> rows = new HashMap<>();

  TablesCompiler(Catalog catalog, PlaceTable places) {
    this.catalog = catalog;
    this.places = places;
  }

  /// Places that differ in what is looked at, and in nothing else.
  private Units units(Set<PlaceField> sight) {
    Units computed = unitsOfSight.get(sight);
    if (computed != null) {
      return computed;
    }
    List<Place> all = places.places();
    Map<Place, Integer> known = new HashMap<>();
    int[] representatives = new int[all.size()];
    int[] unitOfPlace = new int[all.size()];
    for (int place = 0; place < all.size(); place++) {
      Integer unit = known.putIfAbsent(all.get(place).only(sight), known.size());
      if (unit == null) {
        unit = known.size() - 1;
        representatives[unit] = place;
      }
      unitOfPlace[place] = unit;
    }
    Units units = new Units(Arrays.copyOf(representatives, known.size()), unitOfPlace);
    unitsOfSight.put(sight, units);
    return units;
  }

  SteeringTables compile() throws CatalogRefused {
    checkIds();
    int count = catalog.services().size();
    Split[] splitOfService = new Split[count];
    SteeringTables.Rows ofService = new SteeringTables.Rows(new int[count][], new int[count][]);
    for (Service service : catalog.services()) {
      Split split = split(service);
      splitOfService[service.id()] = split;
      ofService.v4()[service.id()] = row(split, service, Family.V4);
      ofService.v6()[service.id()] = row(split, service, Family.V6);
    }
    return new SteeringTables(
        catalog,
        places,
        partitions.toArray(Partition[]::new),
        splitOfService,
        ofService,
        programs,
        store.alls());
  }

  private void checkIds() {
    requireDense("endpoint", catalog.endpoints().stream().mapToInt(Endpoint::id).toArray());
    requireDense("pool", catalog.pools().stream().mapToInt(Pool::id).toArray());
    requireDense("service", catalog.services().stream().mapToInt(Service::id).toArray());
  }

  private static void requireDense(String what, int[] ids) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] != i) {
        throw new IllegalArgumentException(what + " " + i + " has the id " + ids[i]);
      }
    }
  }

  private Split split(Service service) throws CatalogRefused {
    Split known = splitOfPolicy.get(service.policy());
    if (known != null) {
      return known;
    }
    Set<PlaceField> sight = shape(service.policy(), 1, service).sight();
    Units units = units(sight);
    Map<Integer, Integer> classOfResidual = new HashMap<>();
    List<Residual> residuals = new ArrayList<>();
    List<Integer> examples = new ArrayList<>();
    int[] classOfUnit = new int[units.representatives.length];
    for (int unit = 0; unit < classOfUnit.length; unit++) {
      int place = units.representatives[unit];
      Residual residual = policies.residual(service.policy(), places.places().get(place));
      Integer found = classOfResidual.putIfAbsent(residual.id(), residuals.size());
      classOfUnit[unit] = found != null ? found : residuals.size();
      if (found == null) {
        residuals.add(residual);
        examples.add(place);
      }
    }
    for (Residual residual : residuals) {
      if (StepCount.of(residual) > Program.STEPS_MAX) {
        throw new CatalogRefused(
            service,
            "its policy has more than " + Program.STEPS_MAX + " weighted and sticky by turns",
            "at most " + Program.STEPS_MAX + " inside each other; weighted in weighted is one",
            "flatten it");
      }
    }
    if (residuals.size() > SteeringTables.CLASSES_MAX) {
      throw new CatalogRefused(
          service,
          "the policy tells " + residuals.size() + " classes of clients apart",
          "at most " + SteeringTables.CLASSES_MAX,
          "lower the limit of its nearest");
    }
    int partition = partition(service, new Classes(IntBuffer.wrap(classOfUnit), sight), units);
    Split made = new Split(partition, List.copyOf(residuals), List.copyOf(examples));
    Split split =
        splits.computeIfAbsent(
            new SplitKey(partition, residuals.stream().map(Residual::id).toList()), _ -> made);
    splitOfPolicy.put(service.policy(), split);
    return split;
  }

  private int partition(Service service, Classes classes, Units units) throws CatalogRefused {
    Integer known = partitionOfUnits.get(classes);
    if (known != null) {
      return known;
    }
    int[] classOfPlace = new int[units.unitOfPlace.length];
    for (int place = 0; place < classOfPlace.length; place++) {
      classOfPlace[place] = classes.classOfUnit().get(units.unitOfPlace[place]);
    }
    int index = 0;
    while (index < classesOfPartition.size()
        && !Arrays.equals(classesOfPartition.get(index), classOfPlace)) {
      index++;
    }
    if (index == SteeringTables.PARTITIONS_MAX) {
      throw new CatalogRefused(
          service,
          "its policy cuts the world in yet another way",
          "at most " + SteeringTables.PARTITIONS_MAX + " different ways in one configuration",
          "let services share geo branches and nearest lists, or name one policy for several");
    }
    if (index == classesOfPartition.size()) {
      classesOfPartition.add(classOfPlace);
      partitions.add(places.partition(classOfPlace));
    }
    partitionOfUnits.put(classes, index);
    return index;
  }

  /// Program ids by class; one array for all services that run alike.
  private int[] row(Split split, Service service, Family family) {
    Reach reach = Reach.of(service.families(), family);
    int rule =
        switch (service.allDown()) {
          case AllDown.Answer() -> -1;
          case AllDown.NoData() -> -2;
          case AllDown.Sorry(Pool pool) -> pool.id();
        };
    List<Integer> row = new ArrayList<>(split.residuals().size());
    for (Residual residual : split.residuals()) {
      ProgramKey key = new ProgramKey(residual.id(), rule, reach);
      Integer id = programIds.putIfAbsent(key, programs.size());
      row.add(id != null ? id : programs.size());
      if (id == null) {
        programs.add(new ProgramSource(residual, service.allDown(), reach));
      }
    }
    return rows.computeIfAbsent(row, r -> r.stream().mapToInt(Integer::intValue).toArray());
  }

  /// @param level of the policy in the service's tree, from 1
  private Shape shape(Policy policy, int level, Service service) throws CatalogRefused {
    Shape known = shapes.get(policy);
    int height = known != null ? known.height() : 1;
    if (level + height - 1 > SteeringTables.POLICY_DEPTH_MAX) {
      throw new CatalogRefused(
          service,
          "its policy is nested more than " + SteeringTables.POLICY_DEPTH_MAX + " levels deep",
          "at most " + SteeringTables.POLICY_DEPTH_MAX + ", named policies included",
          "flatten it: a list in a list is one list");
    }
    if (known != null) {
      return known;
    }
    Set<PlaceField> sight = PolicySight.of(policy);
    for (Policy child : PolicySight.children(policy)) {
      Shape below = shape(child, level + 1, service);
      height = Math.max(height, 1 + below.height());
      sight.addAll(below.sight());
    }
    Shape shape = new Shape(sight, height);
    shapes.put(policy, shape);
    return shape;
  }
}
