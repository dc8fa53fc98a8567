package gslb.config;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.cluster.ClusterSettings;
import gslb.dns.listen.DnsSettings;
import gslb.health.HealthSettings;
import gslb.redirect.RedirectSettings;
import gslb.steering.Catalog;
import gslb.zones.FlatZone;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Everything an operator configured, checked: every reference holds and every value is within its
/// range. Immutable.
///
/// @param catalog what is steered; own networks are in it
/// @param hosts whose addresses the catalog has as far as they are known; just loaded, none is
/// @param zones whose dynamic slots are service ids of the catalog
/// @param cluster null if the node is alone
/// @param tls null if nothing is served over TLS
/// @param servicesAt where each service stands, by name
/// @param files every file that was read, resolved, main file first
/// @param digest SHA-256 over the files' contents in hexadecimal, as they were when the
///     configuration was loaded; the secret is not part of it
public record Configuration(
    NodeSettings node,
    Catalog catalog,
    EndpointHosts hosts,
    List<FlatZone> zones,
    HealthSettings health,
    @Nullable ClusterSettings cluster,
    DnsSettings dns,
    DnsOptions dnsOptions,
    @Nullable TlsSettings tls,
    RedirectSettings redirect,
    AdminSettings admin,
    GeoSettings geo,
    Map<String, SourceSpan> servicesAt,
    List<String> files,
    String digest) {
  /// Draw seed of a node without a cluster.
  public static final String DRAW_SEED_ALONE = "gslb";

  public Configuration {
    zones = List.copyOf(zones);
    servicesAt = Map.copyOf(servicesAt);
    files = List.copyOf(files);
  }

  /// The same with other addresses of its hosts: endpoint ids change, pool and service ids stay.
  public Configuration resolved(Function<DnsName, List<Address>> addresses) {
    EndpointHosts.Resolved resolved = hosts.resolve(addresses);
    return resolved == null
        ? this
        : new Configuration(
            node,
            resolved.catalog(),
            hosts,
            zones,
            resolved.health(),
            cluster,
            dns,
            dnsOptions,
            tls,
            redirect,
            admin,
            geo,
            servicesAt,
            files,
            digest);
  }

  /// The same with other own networks: every id stays, and so does the digest.
  public Configuration withNetworks(Map<String, List<Prefix>> networks) {
    return new Configuration(
        node,
        catalog.withNetworks(networks),
        hosts.withNetworks(networks),
        zones,
        health,
        cluster,
        dns,
        dnsOptions,
        tls,
        redirect,
        admin,
        geo,
        servicesAt,
        files,
        digest);
  }

  /// Where a service stands in the configuration.
  ///
  /// @param id of the service
  public SourceSpan where(int id) {
    return Objects.requireNonNull(servicesAt.get(catalog.services().get(id).name()));
  }

  /// What keys the draws: nodes of one cluster draw alike.
  public String drawSeed() {
    return cluster == null ? DRAW_SEED_ALONE : cluster.name();
  }
}
