package gslb.config;

import gslb.base.SourceSpan;
import gslb.steering.GeoAsk;
import gslb.steering.places.Coordinates;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where it is written where clients are.
///
/// @param databaseFiles geo databases, resolved, by priority
/// @param networksFile file of the own networks, resolved; empty if they are in the configuration
/// @param networksUsed own networks that policies name, with the first place that does
/// @param countries points that stand for countries, in place of the program's own
/// @param maxAge of a database's data before it is alarming; null for never
/// @param asks what policies ask of databases, each once
public record GeoSettings(
    List<String> databaseFiles,
    String networksFile,
    Map<String, SourceSpan> networksUsed,
    Map<String, Coordinates> countries,
    @Nullable Duration maxAge,
    List<GeoAsk> asks) {
  public GeoSettings {
    databaseFiles = List.copyOf(databaseFiles);
    networksUsed = Map.copyOf(networksUsed);
    countries = Map.copyOf(countries);
    asks = List.copyOf(asks);
  }

  /// Databases alone, of any age.
  public GeoSettings(List<String> databaseFiles) {
    this(databaseFiles, "", Map.of(), Map.of(), null, List.of());
  }
}
