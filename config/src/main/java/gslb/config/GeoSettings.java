package gslb.config;

import java.util.List;

/// @param databaseFiles geo databases, resolved; the first that knows a prefix decides
public record GeoSettings(List<String> databaseFiles) {
  public GeoSettings {
    databaseFiles = List.copyOf(databaseFiles);
  }
}
