package gslb.node;

import gslb.base.Diagnostics;
import gslb.config.ConfigLoader;
import gslb.config.Configuration;
import gslb.config.GeoSettings;
import gslb.config.TlsSettings;
import gslb.steering.GeoCheck;
import gslb.steering.places.GeoDatabase;
import java.util.List;
import java.util.Optional;

/// Reads a configuration with everything it names and compiles it: what `check`, `explain`, a start
/// and a reload all do first.
final class ConfigurationReader {
  private ConfigurationReader() {}

  /// @param known geo databases read before, used again while their files are the same
  /// @return the compiled world, or empty if a diagnostic of severity ERROR was added
  static Optional<ServedWorld> read(
      Node.Edges edges, String configurationFile, GeoFiles known, Diagnostics diagnostics) {
    Configuration configuration =
        ConfigLoader.load(edges.files(), configurationFile, diagnostics).orElse(null);
    if (configuration == null) {
      return Optional.empty();
    }
    Optional<GeoFiles> geo =
        GeoFiles.read(configuration.geo(), known, GeoMemory.of(configuration)::read, diagnostics);
    TlsSettings tls = configuration.tls();
    ServedCertificate certificate =
        tls == null
            ? null
            : ServedCertificate.read(tls, edges.files(), edges.clock(), diagnostics).orElse(null);
    if (geo.isEmpty() || (tls != null && certificate == null)) {
      return Optional.empty();
    }
    GeoSettings places = configuration.geo();
    List<GeoDatabase> databases = geo.get().databases();
    GeoAge.check(databases, edges.clock(), places.maxAge(), diagnostics);
    Optional<ServedWorld> world =
        ServedWorld.compile(configuration, geo.get(), certificate, edges.clock(), diagnostics);
    world.ifPresent(
        compiled ->
            GeoCheck.diagnostics(databases, compiled.places(), places.asks())
                .forEach(diagnostics::add));
    return world;
  }
}
