package gslb.node;

import gslb.base.Diagnostics;
import gslb.config.ConfigLoader;
import gslb.config.Configuration;
import gslb.config.TlsSettings;
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
        known.areStill(configuration.geo())
            ? Optional.of(known)
            : GeoFiles.read(configuration.geo(), GeoMemory.of(configuration)::read, diagnostics);
    TlsSettings tls = configuration.tls();
    ServedCertificate certificate =
        tls == null
            ? null
            : ServedCertificate.read(tls, edges.files(), edges.clock(), diagnostics).orElse(null);
    if (geo.isEmpty() || (tls != null && certificate == null)) {
      return Optional.empty();
    }
    return ServedWorld.compile(configuration, geo.get(), certificate, edges.clock(), diagnostics);
  }
}
