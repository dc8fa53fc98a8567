package gslb.steering;

import gslb.steering.places.Detail;
import gslb.steering.places.PlaceField;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// What of a client's place policies look at.
final class PolicySight {
  private final Set<Policy> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<PlaceField> fields = EnumSet.noneOf(PlaceField.class);
  private final Set<String> subdivisions = new HashSet<>();
  private final Set<Long> cities = new HashSet<>();
  private final Set<Long> asns = new HashSet<>();

  private PolicySight() {}

  /// What one node looks at, its children apart.
  static Set<PlaceField> of(Policy policy) {
    EnumSet<PlaceField> fields = EnumSet.noneOf(PlaceField.class);
    switch (policy) {
      case Policy.Use _, Policy.Failover _, Policy.Weighted _, Policy.Sticky _, Policy.All _ -> {}
      case Policy.Nearest _ -> fields.add(PlaceField.COORDINATES);
      case Policy.Geo geo -> {
        addIf(!geo.networks().isEmpty(), PlaceField.NETWORK, fields);
        addIf(!geo.asns().isEmpty(), PlaceField.ASN, fields);
        addIf(!geo.cities().isEmpty(), PlaceField.CITY, fields);
        addIf(!geo.subdivisions().isEmpty(), PlaceField.SUBDIVISION, fields);
        addIf(!geo.countries().isEmpty(), PlaceField.COUNTRY, fields);
        addIf(!geo.continents().isEmpty(), PlaceField.CONTINENT, fields);
      }
    }
    return fields;
  }

  private static void addIf(boolean isLookedAt, PlaceField field, Set<PlaceField> fields) {
    if (isLookedAt) {
      fields.add(field);
    }
  }

  static List<Policy> children(Policy policy) {
    return switch (policy) {
      case Policy.Use _, Policy.Nearest _, Policy.All _ -> List.of();
      case Policy.Failover list -> list.children();
      case Policy.Weighted weighted ->
          weighted.branches().stream().map(Policy.Weighted.Branch::child).toList();
      case Policy.Sticky sticky ->
          sticky.branches().stream().map(Policy.Weighted.Branch::child).toList();
      case Policy.Geo geo -> geo.branches();
    };
  }

  /// What these policies look at, their children included.
  static Set<PlaceField> fields(Collection<Policy> policies) {
    PolicySight sight = new PolicySight();
    policies.forEach(sight::add);
    return sight.fields;
  }

  /// The same, by what is named.
  static Detail detail(Collection<Policy> policies) {
    PolicySight sight = new PolicySight();
    policies.forEach(sight::add);
    return Detail.named(
        sight.fields.contains(PlaceField.COORDINATES),
        sight.subdivisions,
        sight.cities,
        sight.asns);
  }

  private void add(Policy policy) {
    if (!seen.add(policy)) {
      return;
    }
    fields.addAll(of(policy));
    if (policy instanceof Policy.Geo geo) {
      subdivisions.addAll(geo.subdivisions().keySet());
      cities.addAll(geo.cities().keySet());
      asns.addAll(geo.asns().keySet());
    }
    children(policy).forEach(this::add);
  }
}
