package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.cluster.ClusterSettings;
import gslb.config.Section.Fields;
import gslb.health.HealthSettings;
import gslb.redirect.RedirectSettings;
import gslb.steering.Catalog;
import gslb.steering.places.Coordinates;
import gslb.zones.FlatZone;
import gslb.zones.ZoneSet;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Loads a configuration: all of it or nothing, with every problem reported at once.
public final class ConfigLoader {
  private final FileSource source;
  private final Diagnostics diagnostics;
  private final ConfigFiles files;
  private final References references = new References();
  private final Binding binding;

  private ConfigLoader(FileSource source, Diagnostics diagnostics) {
    this.source = source;
    this.diagnostics = diagnostics;
    this.files = new ConfigFiles(source, diagnostics);
    this.binding = new Binding(diagnostics, references);
  }

  /// Reads a configuration and the files it names.
  ///
  /// @param mainFile as the operator named it; other names are relative to it
  /// @return the configuration, or empty if a diagnostic of severity ERROR was added
  public static Optional<Configuration> load(
      FileSource source, String mainFile, Diagnostics diagnostics) {
    int errors = diagnostics.errorCount();
    ConfigLoader loader = new ConfigLoader(source, diagnostics);
    return loader
        .files
        .readAll(mainFile)
        .flatMap(document -> loader.load(document, mainFile))
        .filter(_ -> diagnostics.errorCount() == errors);
  }

  /// How to reach the node that was started with a configuration. Whatever else in it is broken by
  /// now, or missing, does not matter.
  ///
  /// @return empty if a diagnostic of severity ERROR was added
  public static Optional<AdminAccess> adminAccess(
      FileSource source, String mainFile, Diagnostics diagnostics) {
    YamlNode.Mapping document =
        new ConfigLoader(source, diagnostics).files.readAll(mainFile).orElse(null);
    if (document == null) {
      return Optional.empty();
    }
    ConfigLoader loader = new ConfigLoader(source, new Diagnostics());
    Place place = new Place("the configuration", SourceSpan.file(mainFile));
    Fields root = Schema.ROOT.bind(document, place, loader.binding);
    if (root == null) {
      return Optional.empty();
    }
    return Optional.of(
        new AdminAccess(
            section(root, Schema.LISTEN_SECTION).get(Schema.LISTEN_ADMIN),
            loader.stateDirectory(section(root, Schema.NODE_SECTION))));
  }

  /// @param stateDirectory where the token is
  public record AdminAccess(InetSocketAddress listen, String stateDirectory) {}

  private Optional<Configuration> load(YamlNode.Mapping document, String mainFile) {
    Place place = new Place("the configuration", SourceSpan.file(mainFile));
    Fields root = Schema.ROOT.bind(document, place, binding);
    if (root == null) {
      return Optional.empty();
    }
    Fields listen = section(root, Schema.LISTEN_SECTION);
    Fields geo = section(root, GeoSchema.GEO_SECTION);
    Fields node = section(root, Schema.NODE_SECTION);
    Map<String, List<Prefix>> networks = OwnNetworks.read(geo, source, files, binding);
    references.check(diagnostics);
    List<Named.Entry<Fields>> pools = root.get(Schema.POOLS);

    CatalogBuilder builder = new CatalogBuilder(root, networks, diagnostics);
    Catalog catalog = builder.catalog();
    HealthSettings health = new HealthReader(root, diagnostics).health(catalog, pools);
    new ListenChecks(diagnostics).check(listen);
    new ServiceChecks(root, catalog, diagnostics).check(listen);
    GeoSettings geoSettings = geoSettings(root, geo);
    checkGeoIsKnown(root, geo);
    ClusterSettings cluster = cluster(root, node);
    List<FlatZone> zones = new ZoneReader(source, files, diagnostics).read(root, catalog);
    ZoneSet zoneSet = ZoneSet.of(zones);
    new TargetNames(zoneSet, diagnostics).check(pools);
    new AliasChecks(zoneSet, catalog, diagnostics).check(pools);
    DnsReader dns = new DnsReader(source, diagnostics);
    String name = node.get(Schema.NODE_NAME);
    return Optional.of(
        new Configuration(
            new NodeSettings(name, stateDirectory(node)),
            catalog,
            EndpointHosts.of(builder.hosts(), root, networks),
            zones,
            health,
            cluster,
            dns.settings(root),
            dns.options(root),
            dns.tls(root),
            new RedirectSettings(addresses(listen, Schema.LISTEN_HTTP)),
            new AdminSettings(listen.get(Schema.LISTEN_ADMIN)),
            geoSettings,
            root.get(Schema.SERVICES).stream()
                .map(Named.Entry::name)
                .collect(Collectors.toMap(Located::value, Located::where)),
            files.read(),
            files.digest()));
  }

  static Fields section(Fields root, Key<Fields> key) {
    Fields fields = root.find(key);
    return fields == null ? Fields.none(root.place().key(key.name(), root.where(key))) : fields;
  }

  private String stateDirectory(Fields node) {
    Located<String> written = node.located(Schema.STATE_DIRECTORY);
    return written == null
        ? node.get(Schema.STATE_DIRECTORY)
        : source.resolve(written.where().file(), written.value());
  }

  private static List<InetSocketAddress> addresses(
      Fields listen, Key<List<Located<InetSocketAddress>>> key) {
    return listen.get(key).stream().map(Located::value).toList();
  }

  private GeoSettings geoSettings(Fields root, Fields geo) {
    Map<String, Coordinates> countries = new LinkedHashMap<>();
    for (Named.Entry<List<Double>> entry : geo.get(GeoSchema.COUNTRY_POINTS)) {
      List<Double> at = entry.value();
      if (at != null) {
        countries.put(entry.name().value(), new Coordinates(at.getFirst(), at.getLast()));
      }
    }
    PolicyAsks asks = PolicyAsks.of(root);
    return new GeoSettings(
        databases(geo),
        OwnNetworks.file(geo, source),
        references.uses(Reference.Kind.NETWORK),
        countries,
        geo.get(GeoSchema.MAX_AGE).orElse(null),
        asks.all());
  }

  private List<String> databases(Fields geo) {
    List<String> resolved = new ArrayList<>();
    for (Located<String> database : geo.get(GeoSchema.DATABASES)) {
      String file = source.resolve(database.where().file(), database.value());
      resolved.add(file);
      source
          .unreadable(file)
          .ifPresent(
              why ->
                  diagnostics.error(
                      database.where(),
                      "geo database " + Shown.quoted(file) + " cannot be read: " + why,
                      "",
                      "check its name and its permissions"));
    }
    return resolved;
  }

  private void checkGeoIsKnown(Fields root, Fields geo) {
    if (geo.isWritten(GeoSchema.DATABASES)) {
      return;
    }
    List<PolicyTerm> terms = new ArrayList<>();
    root.get(Schema.SERVICES).forEach(s -> addPolicy(s.value(), terms));
    root.get(Schema.POLICIES).forEach(p -> terms.add(broken(p.value(), p.name().where())));
    PolicyWalk.firstThatNeedsGeo(terms)
        .ifPresent(
            where ->
                diagnostics.warning(
                    where,
                    "a policy asks where clients are, and no geo database is configured",
                    "without one only own networks are known",
                    "name one in geo: {databases: […]}"));
  }

  private static void addPolicy(@Nullable Fields service, List<PolicyTerm> terms) {
    PolicyTerm term = service == null ? null : service.find(Schema.POLICY);
    if (term != null) {
      terms.add(term);
    }
  }

  private static PolicyTerm broken(@Nullable PolicyTerm term, SourceSpan where) {
    return term == null ? new PolicyTerm.Broken(where) : term;
  }

  private @Nullable ClusterSettings cluster(Fields root, Fields node) {
    Fields cluster = root.find(Schema.CLUSTER_SECTION);
    return cluster == null
        ? null
        : new ClusterReader(source, diagnostics).read(cluster, node).orElse(null);
  }
}
