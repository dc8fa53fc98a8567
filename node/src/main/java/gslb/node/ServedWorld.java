package gslb.node;

import gslb.base.Clock;
import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.config.Configuration;
import gslb.dns.DnsSnapshot;
import gslb.health.MonitoredEndpoints;
import gslb.health.TargetVerdicts;
import gslb.redirect.RedirectSnapshot;
import gslb.steering.CatalogRefused;
import gslb.steering.FlipDeadlines;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.places.CountryTable;
import gslb.steering.places.PlaceTable;
import gslb.zones.ZoneSet;
import java.util.Optional;

/// One configuration, compiled as far as it goes without verdicts.
record ServedWorld(
    Configuration configuration,
    GeoFiles geo,
    PlaceTable places,
    SteeringTables tables,
    ZoneSet zones,
    MonitoredEndpoints monitored,
    FlipDeadlines deadlines,
    Clock clock,
    long compiledMillis)
    implements Publisher.World<Generation> {

  /// Compiles policies against places; empty if a diagnostic of severity ERROR was added.
  static Optional<ServedWorld> compile(
      Configuration configuration, GeoFiles geo, Clock clock, Diagnostics diagnostics) {
    PlaceTable places =
        PlaceTable.compile(
            geo.databases(), configuration.catalog().networks(), CountryTable.standard());
    SteeringTables tables;
    try {
      tables = SteeringTables.compile(configuration.catalog(), places);
    } catch (CatalogRefused e) {
      diagnostics.add(e.diagnostic(SourceSpan.file(configuration.files().getFirst())));
      return Optional.empty();
    }
    return Optional.of(
        new ServedWorld(
            configuration,
            geo,
            places,
            tables,
            ZoneSet.of(configuration.zones()),
            MonitoredEndpoints.of(configuration.health()),
            new FlipDeadlines(configuration.catalog().endpoints().size()),
            clock,
            clock.currentTimeMillis()));
  }

  @Override
  public Generation build(long number, TargetVerdicts verdicts) {
    SteeringPlan plan =
        tables.plan(
            monitored.table(verdicts, configuration.catalog().endpoints().size()),
            SteeringPlan.drawKey(configuration.drawSeed()));
    return new Generation(
        number,
        clock.currentTimeMillis(),
        plan,
        DnsSnapshot.compile(number, plan, zones, deadlines),
        RedirectSnapshot.compile(number, plan));
  }
}
