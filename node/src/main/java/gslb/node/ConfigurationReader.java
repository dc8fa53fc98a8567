package gslb.node;

import gslb.base.Diagnostics;
import gslb.config.ConfigLoader;
import gslb.config.Configuration;
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
            : GeoFiles.read(configuration.geo(), diagnostics);
    return geo.flatMap(g -> ServedWorld.compile(configuration, g, edges.clock(), diagnostics));
  }
}
