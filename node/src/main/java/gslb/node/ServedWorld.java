package gslb.node;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.config.Configuration;
import gslb.dns.DnsSnapshot;
import gslb.dns.ServerOptions;
import gslb.health.MonitoredEndpoints;
import gslb.health.TargetKey;
import gslb.health.TargetVerdicts;
import gslb.redirect.RedirectSnapshot;
import gslb.steering.CapacityGuard;
import gslb.steering.CatalogRefused;
import gslb.steering.FlipDeadlines;
import gslb.steering.Pool;
import gslb.steering.Readmission;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.CountryTable;
import gslb.steering.places.PlaceTable;
import gslb.zones.ZoneSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One configuration, compiled as far as it goes without verdicts.
///
/// @param certificate null if nothing is served over TLS
/// @param deadlines until health writes them, what is monitored can flip at any moment: what it
///     has to say of an endpoint comes after the endpoint is served
/// @param unjudged what is served before any verdict; each generation changes only what its
///     verdicts touch
record ServedWorld(
    Configuration configuration,
    GeoFiles geo,
    @Nullable ServedCertificate certificate,
    PlaceTable places,
    DnsSnapshot unjudged,
    MonitoredEndpoints monitored,
    FlipDeadlines deadlines,
    Clock clock,
    long compiledMillis)
    implements Publisher.World<Generation> {

  /// Compiles policies against places; empty if a diagnostic of severity ERROR was added.
  static Optional<ServedWorld> compile(
      Configuration configuration,
      GeoFiles geo,
      @Nullable ServedCertificate certificate,
      Clock clock,
      Diagnostics diagnostics) {
    PlaceTable places =
        PlaceTable.compile(
            geo.databases(),
            configuration.catalog().networks(),
            CountryTable.standard().withConfigured(configuration.geo().countries()),
            configuration.catalog().detail());
    try {
      return Optional.of(
          compile(configuration, geo, certificate, places, clock, clock.currentTimeMillis()));
    } catch (CatalogRefused e) {
      diagnostics.add(e.diagnostic(configuration.where(e.service())));
      return Optional.empty();
    }
  }

  private static ServedWorld compile(
      Configuration configuration,
      GeoFiles geo,
      @Nullable ServedCertificate certificate,
      PlaceTable places,
      Clock clock,
      long readMillis)
      throws CatalogRefused {
    SteeringTables tables = SteeringTables.compile(configuration.catalog(), places);
    int endpoints = configuration.catalog().endpoints().size();
    FlipDeadlines deadlines = new FlipDeadlines(endpoints);
    MonitoredEndpoints monitored = MonitoredEndpoints.of(configuration.health());
    monitored.endpoints().forEach(one -> deadlines.set(one.endpoint(), clock.nanoTime()));
    SteeringPlan plan =
        tables.plan(
            VerdictTable.all(endpoints, Verdict.UNKNOWN),
            SteeringPlan.drawKey(configuration.drawSeed()));
    return new ServedWorld(
        configuration,
        geo,
        certificate,
        places,
        DnsSnapshot.compile(0, plan, ZoneSet.of(configuration.zones()), deadlines),
        monitored,
        deadlines,
        clock,
        readMillis);
  }

  /// Whether health can leave a pool without any endpoint: it is monitored, or has hosts that may
  /// have no address.
  boolean canFail(Pool pool) {
    return !pool.hosts().isEmpty()
        || pool.endpoints().stream().anyMatch(e -> monitored.watches(e.id()));
  }

  /// Supposes that everything is up and has just been probed, where nothing is.
  void supposeJustProbed(long nowNanos) {
    for (MonitoredEndpoints.Watched one : monitored.endpoints()) {
      deadlines.set(one.endpoint(), nowNanos + monitored.untilFallNanos(one, true));
    }
  }

  /// The same with other addresses of its hosts, or itself if they are what it has.
  ServedWorld resolved(Function<DnsName, List<Address>> addresses) throws Refused {
    Configuration resolved = configuration.resolved(addresses);
    if (haveSameEndpoints(resolved, configuration)) {
      return this;
    }
    try {
      return compile(resolved, geo, certificate, places, clock, compiledMillis);
    } catch (CatalogRefused e) {
      throw new Refused(ExitCode.CONFIG, List.of(e.diagnostic(configuration.where(e.service()))));
    }
  }

  private static boolean haveSameEndpoints(Configuration one, Configuration other) {
    return one.catalog().endpoints().equals(other.catalog().endpoints());
  }

  boolean hasEndpointsOf(ServedWorld other) {
    return haveSameEndpoints(configuration, other.configuration);
  }

  /// The same under other server-wide options.
  ServedWorld with(ServerOptions options) {
    return new ServedWorld(
        configuration,
        geo,
        certificate,
        places,
        unjudged.with(0, options),
        monitored,
        deadlines,
        clock,
        compiledMillis);
  }

  /// The same with another certificate.
  ServedWorld with(ServedCertificate renewed) {
    return new ServedWorld(
        configuration, geo, renewed, places, unjudged, monitored, deadlines, clock, compiledMillis);
  }

  /// Takes over when endpoints of the same targets can flip, until health has forecast it for
  /// these.
  ///
  /// @param before what is served
  void expectFlipsOf(ServedWorld before) {
    Map<List<TargetKey>, Long> known = new HashMap<>();
    for (MonitoredEndpoints.Watched watched : before.monitored.endpoints()) {
      known.put(watched.targets(), before.deadlines.get(watched.endpoint()));
    }
    for (MonitoredEndpoints.Watched watched : monitored.endpoints()) {
      Long deadline = known.get(watched.targets());
      if (deadline != null) {
        deadlines.set(watched.endpoint(), deadline);
      }
    }
  }

  SteeringTables tables() {
    return unjudged.plan().tables();
  }

  @Override
  public Course course(Course before, TargetVerdicts verdicts, long nowNanos) {
    return before.next(configuration.catalog(), table(verdicts), nowNanos);
  }

  private VerdictTable table(TargetVerdicts verdicts) {
    return monitored.table(verdicts, configuration.catalog().endpoints().size());
  }

  /// What would be served if this took the place of what is served.
  SteeringPlan plan(TargetVerdicts verdicts, Generation serving) {
    VerdictTable judged = table(verdicts);
    CapacityGuard guard = serving.guard().next(configuration.catalog(), judged, clock.nanoTime());
    return unjudged
        .plan()
        .withVerdicts(
            guard.guarded(configuration.catalog(), judged), Readmission.asIn(serving.plan()));
  }

  /// What would be served under given verdicts, with no pool in a ramp.
  SteeringPlan plan(VerdictTable verdicts) {
    return unjudged.plan().withVerdicts(verdicts);
  }

  @Override
  public Generation build(
      long number, TargetVerdicts verdicts, Course course, @Nullable Generation before) {
    VerdictTable guarded = course.guard().guarded(configuration.catalog(), table(verdicts));
    return build(number, guarded, course, before);
  }

  /// The generation of verdicts that need not come from probes.
  Generation build(long number, VerdictTable verdicts, Course course, @Nullable Generation before) {
    DnsSnapshot dns = before == null ? unjudged : before.dns();
    SteeringPlan plan = dns.plan().withVerdicts(verdicts, course.readmission());
    return new Generation(
        number,
        clock.currentTimeMillis(),
        plan,
        dns.with(number, plan),
        before == null
            ? RedirectSnapshot.compile(number, plan)
            : before.redirect().with(number, plan),
        course.guard());
  }
}
