package gslb.config;

import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.config.Section.Fields;
import gslb.health.HealthSettings;
import gslb.steering.Catalog;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The host names that endpoints are given by, and what of a configuration depends on their
/// addresses. Immutable.
public final class EndpointHosts {
  public static final EndpointHosts NONE = new EndpointHosts(List.of(), null, Map.of());

  private final List<DnsName> names;
  private final @Nullable Fields root;
  private final Map<String, List<Prefix>> networks;

  /// What the addresses make of a configuration.
  record Resolved(Catalog catalog, HealthSettings health) {}

  private EndpointHosts(
      List<DnsName> names, @Nullable Fields root, Map<String, List<Prefix>> networks) {
    this.names = names;
    this.root = root;
    this.networks = networks;
  }

  /// @param root of a configuration without errors; it is kept only if there are hosts
  static EndpointHosts of(List<DnsName> names, Fields root, Map<String, List<Prefix>> networks) {
    return names.isEmpty() ? NONE : new EndpointHosts(List.copyOf(names), root, networks);
  }

  EndpointHosts withNetworks(Map<String, List<Prefix>> other) {
    return root == null ? this : new EndpointHosts(names, root, other);
  }

  /// In lower case and in the order written, each once.
  public List<DnsName> names() {
    return names;
  }

  /// Null if there are no hosts.
  @Nullable Resolved resolve(Function<DnsName, List<Address>> addresses) {
    if (root == null) {
      return null;
    }
    Diagnostics known = new Diagnostics(); // what is to say was said when it was loaded
    Catalog catalog = new CatalogBuilder(root, networks, addresses, known).catalog();
    return new Resolved(
        catalog, new HealthReader(root, known).health(catalog, root.get(Schema.POOLS)));
  }
}
