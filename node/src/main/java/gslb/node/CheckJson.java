package gslb.node;

import gslb.base.Diagnostic;
import gslb.config.Json;
import gslb.node.CheckReport.PartitionReport;
import gslb.node.CheckReport.ServiceReport;
import gslb.steering.places.GeoSummary;
import gslb.steering.places.ScopeHistogram;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A check for programs; docs/places.md has its form.
final class CheckJson {
  private CheckJson() {}

  /// @param report null if the configuration has errors
  static Json of(
      String file, List<Diagnostic> problems, int omitted, @Nullable CheckReport report) {
    Json json =
        Json.object()
            .with("file", file)
            .with("ok", report != null)
            .with("problems", problems.stream().map(CheckJson::problem).toList())
            .with("problemsOmitted", omitted);
    if (report == null) {
      return json;
    }
    json.with("zones", report.zones())
        .with("pools", report.pools())
        .with("endpoints", report.endpoints())
        .with("hosts", report.hosts());
    GeoSummary geo = report.geo();
    if (geo != null) {
      json.with("databases", geo.databases().stream().map(CheckJson::database).toList())
          .with(
              "places",
              Json.object()
                  .with("count", geo.places())
                  .with("countries", geo.countries())
                  .with("v4Runs", geo.v4Runs())
                  .with("v6Runs", geo.v6Runs())
                  .with("bytes", geo.retainedBytes()));
    }
    return json.with("partitions", report.partitions().stream().map(CheckJson::partition).toList())
        .with("resolvers", CheckReport.RESOLVERS)
        .with("services", report.services().stream().map(CheckJson::service).toList());
  }

  private static Json problem(Diagnostic problem) {
    return Json.object()
        .with("severity", problem.severity().name().toLowerCase(Locale.ROOT))
        .with("file", problem.where().file())
        .with("line", problem.where().line())
        .with("column", problem.where().column())
        .with("problem", problem.problem())
        .with("rule", problem.rule())
        .with("remedy", problem.remedy());
  }

  private static Json database(GeoSummary.Database database) {
    return Json.object()
        .with("file", database.name())
        .with("type", database.type())
        .with("built", database.built().toString())
        .with("ageSeconds", database.age().toSeconds())
        .with("old", database.isOld())
        .with("v4Networks", database.v4Networks())
        .with("v6Networks", database.v6Networks())
        .with(
            "fields",
            database.fields().stream()
                .map(f -> f.name().toLowerCase(Locale.ROOT))
                .sorted()
                .toList());
  }

  private static Json partition(PartitionReport partition) {
    return Json.object()
        .with("number", partition.number())
        .with("services", partition.services())
        .with("classes", partition.classes())
        .with("v4Runs", partition.v4Runs())
        .with("v6Runs", partition.v6Runs())
        .with("bytes", partition.bytes())
        .with("v4Scopes", scopes(partition.v4Scopes()))
        .with("v6Scopes", scopes(partition.v6Scopes()));
  }

  private static List<Json> scopes(ScopeHistogram histogram) {
    return histogram.rows().stream()
        .map(
            row ->
                Json.object()
                    .with("scope", row.scope())
                    .with("prefixes", row.prefixes())
                    .with("share", row.share()))
        .toList();
  }

  private static Json service(ServiceReport service) {
    return Json.object()
        .with("name", service.name())
        .with("names", service.names())
        .with("classes", service.classes())
        .with("partition", service.partition())
        .with("hashedClasses", service.blocks().hashed())
        .with("hashedClassesMost", service.blocks().hashedMost())
        .with("rampedClasses", service.blocks().ramped())
        .with("ttlMin", service.ttl().minSeconds())
        .with("ttlMax", service.ttl().maxSeconds())
        .with("effectiveTtlMin", service.effectiveMin())
        .with("effectiveTtlMax", service.effectiveMax())
        .with("queriesPerSecondMin", service.queriesPerSecondMin())
        .with("queriesPerSecondMax", service.queriesPerSecondMax())
        .with("queriesPerSecondWorst", service.queriesPerSecondWorst());
  }
}
