package gslb.config;

import gslb.base.SourceSpan;
import gslb.config.Section.Fields;
import gslb.steering.GeoAsk;
import gslb.steering.places.PlaceField;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Collects what the policies of services ask of geo databases, with the first place that asks.
final class PolicyAsks {
  private record What(PlaceField field, String key) {}

  private final Map<String, PolicyTerm> shared = new HashMap<>();
  private final Set<String> followed = new HashSet<>();
  private final Map<What, GeoAsk> asks = new LinkedHashMap<>();

  private PolicyAsks() {}

  static PolicyAsks of(Fields root) {
    PolicyAsks asks = new PolicyAsks();
    for (Named.Entry<PolicyTerm> entry : root.get(Schema.POLICIES)) {
      PolicyTerm term = entry.value();
      if (term != null) {
        asks.shared.put(entry.name().value(), term);
      }
    }
    for (Named.Entry<Fields> entry : root.get(Schema.SERVICES)) {
      Fields service = entry.value();
      asks.add(service == null ? null : service.find(Schema.POLICY));
    }
    return asks;
  }

  /// Each once, in the order written.
  List<GeoAsk> all() {
    return List.copyOf(asks.values());
  }

  private void add(@Nullable PolicyTerm term) {
    switch (term) {
      case PolicyTerm.Geo geo ->
          geo.branches()
              .forEach(
                  branch -> {
                    add(branch);
                    add(branch.child());
                  });
      case PolicyTerm.Nearest nearest -> ask(PlaceField.COORDINATES, "", nearest.where());
      case PolicyTerm.Failover failover -> failover.children().forEach(this::add);
      case PolicyTerm.Weighted weighted -> weighted.branches().forEach(b -> add(b.child()));
      case PolicyTerm.Sticky sticky -> sticky.branches().forEach(b -> add(b.child()));
      case PolicyTerm.Shared reference -> {
        if (followed.add(reference.name())) {
          add(shared.get(reference.name()));
        }
      }
      case PolicyTerm.Pool _, PolicyTerm.All _, PolicyTerm.Broken _ -> {}
      case null -> {}
    }
  }

  private void add(PolicyTerm.GeoBranch branch) {
    switch (branch.scope()) {
      case ASN -> ask(PlaceField.ASN, branch.name(), branch.where());
      case CITY -> ask(PlaceField.CITY, branch.name(), branch.where());
      case SUBDIVISION -> ask(PlaceField.SUBDIVISION, branch.name(), branch.where());
      case COUNTRY -> ask(PlaceField.COUNTRY, branch.name(), branch.where());
      case CONTINENT -> ask(PlaceField.CONTINENT, branch.name(), branch.where());
      case NETWORK, DEFAULT -> {}
    }
  }

  private void ask(PlaceField field, String key, SourceSpan where) {
    asks.putIfAbsent(new What(field, key), new GeoAsk(field, key, where));
  }
}
