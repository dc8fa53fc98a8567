package gslb.config;

import java.util.List;

/// @param databaseFiles geo databases, resolved, by priority
public record GeoSettings(List<String> databaseFiles) {
  public GeoSettings {
    databaseFiles = List.copyOf(databaseFiles);
  }
}
