package gslb.admin;

import gslb.admin.NodeStatus.GeoDatabaseStatus;
import gslb.admin.NodeStatus.GeoFileStatus;
import gslb.admin.NodeStatus.GeoNetworksStatus;
import java.time.Instant;

/// What the metrics say of geo databases and own networks.
final class GeoMetrics {
  private GeoMetrics() {}

  static void add(NodeStatus status, MetricsPage page) {
    for (GeoDatabaseStatus database : status.geo()) {
      String name = database.name();
      page.gauge(
          "gslb_geo_database_build_timestamp_seconds",
          "When the database was made, in seconds since 1970.",
          (double) Instant.parse(database.built()).getEpochSecond(),
          "database",
          name);
      page.gauge(
          "gslb_geo_database_age_seconds",
          "Since the database was made.",
          (double) database.ageSeconds(),
          "database",
          name);
      page.gauge(
          "gslb_geo_database_old",
          "Whether the database is older than max-age allows.",
          database.old() ? 1 : 0,
          "database",
          name);
      add(name, database.file(), page);
    }
    GeoNetworksStatus networks = status.networks();
    page.gauge("gslb_geo_networks", "Own networks.", networks.networks());
    page.gauge("gslb_geo_network_prefixes", "Prefixes of own networks.", networks.prefixes());
    GeoFileStatus file = networks.file();
    if (file != null) {
      add(networks.name(), file, page);
    }
  }

  private static void add(String name, GeoFileStatus file, MetricsPage page) {
    page.gauge(
        "gslb_geo_file_loaded_timestamp_seconds",
        "When the version in service was read, in seconds since 1970.",
        (double) Instant.parse(file.loaded()).getEpochSecond(),
        "file",
        name);
    page.gauge(
        "gslb_geo_file_refused",
        "Whether the version on disk was refused, so that an earlier one serves.",
        file.refused() ? 1 : 0,
        "file",
        name);
    page.counter(
        "gslb_geo_file_refusals_total",
        "Versions of the file that were refused.",
        file.refusals(),
        "file",
        name);
    if (!file.refusedAt().isEmpty()) {
      page.gauge(
          "gslb_geo_file_refusal_timestamp_seconds",
          "When a version was refused last, in seconds since 1970.",
          (double) Instant.parse(file.refusedAt()).getEpochSecond(),
          "file",
          name);
    }
  }
}
