package gslb.dns;

import gslb.steering.FlipDeadlines;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.zones.FlatZone;
import gslb.zones.ZoneSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything one query may read: the zones, the plan that steers, and the encoded answers.
/// Immutable, but for the deadlines, which move with every probe.
///
/// A dynamic slot of a zone is the id of the service that answers there.
public final class DnsSnapshot {
  private final long generation;
  private final SteeringPlan plan;
  private final ZoneSet zones;
  private final EncodedAnswers answers;
  private final FlipDeadlines deadlines;
  private final Compiled options;

  /// Null if nobody is told reasons.
  private final @Nullable EncodedReasons reasons;

  /// The options, and what is made of them for the answer path.
  private record Compiled(ServerOptions options, Admission admission, EncodedIdentity identity) {
    static Compiled of(ServerOptions options) {
      return new Compiled(options, Admission.of(options), EncodedIdentity.of(options.identity()));
    }
  }

  private DnsSnapshot(
      long generation,
      SteeringPlan plan,
      ZoneSet zones,
      EncodedAnswers answers,
      FlipDeadlines deadlines,
      Compiled options,
      @Nullable EncodedReasons reasons) {
    this.generation = generation;
    this.plan = plan;
    this.zones = zones;
    this.answers = answers;
    this.deadlines = deadlines;
    this.options = options;
    this.reasons = reasons;
  }

  private static @Nullable EncodedReasons reasons(SteeringPlan plan, ServerOptions options) {
    return options.explainTo().isEmpty() ? null : EncodedReasons.of(plan);
  }

  /// Encodes the answers of a plan, for a server without options.
  ///
  /// @param deadlines of the endpoints of the plan's catalog
  /// @throws IllegalArgumentException if a zone has a dynamic slot that is no service of the plan
  public static DnsSnapshot compile(
      long generation, SteeringPlan plan, ZoneSet zones, FlipDeadlines deadlines) {
    return compile(generation, plan, zones, deadlines, ServerOptions.NONE);
  }

  /// Encodes the answers of a plan.
  ///
  /// @param deadlines of the endpoints of the plan's catalog
  /// @throws IllegalArgumentException if a zone has a dynamic slot that is no service of the plan
  public static DnsSnapshot compile(
      long generation,
      SteeringPlan plan,
      ZoneSet zones,
      FlipDeadlines deadlines,
      ServerOptions options) {
    List<Service> services = plan.catalog().services();
    for (FlatZone zone : zones.zones()) {
      for (int node = 0; node < zone.nodeCount(); node++) {
        if (zone.dynamicSlot(node) >= services.size()) {
          throw new IllegalArgumentException(
              "%s is steered by service %d, but the catalog has %d services"
                  .formatted(zone.name(node), zone.dynamicSlot(node), services.size()));
        }
      }
    }
    return new DnsSnapshot(
        generation,
        plan,
        zones,
        EncodedAnswers.of(plan),
        deadlines,
        Compiled.of(options),
        reasons(plan, options));
  }

  /// The same zones and catalog under other verdicts. Encodes only what they change.
  ///
  /// @throws IllegalArgumentException if the plan is of another catalog
  public DnsSnapshot with(long nextGeneration, SteeringPlan next) {
    if (!next.catalog().equals(plan.catalog())) {
      throw new IllegalArgumentException("the plan is of another catalog");
    }
    return new DnsSnapshot(
        nextGeneration,
        next,
        zones,
        answers.with(plan, next),
        deadlines,
        options,
        reasons == null ? null : reasons.with(plan, next));
  }

  /// The same with the deadlines as they are now, which no probe moves any more.
  public DnsSnapshot frozen() {
    return new DnsSnapshot(generation, plan, zones, answers, deadlines.copy(), options, reasons);
  }

  public long generation() {
    return generation;
  }

  public SteeringPlan plan() {
    return plan;
  }

  public ZoneSet zones() {
    return zones;
  }

  /// The same zones, plan and answers under other options.
  public DnsSnapshot with(long nextGeneration, ServerOptions next) {
    return new DnsSnapshot(
        nextGeneration, plan, zones, answers, deadlines, Compiled.of(next), reasons(plan, next));
  }

  public ServerOptions options() {
    return options.options();
  }

  Admission admission() {
    return options.admission();
  }

  EncodedIdentity identity() {
    return options.identity();
  }

  EncodedAnswers answers() {
    return answers;
  }

  /// Null if nobody is told reasons.
  @Nullable EncodedReasons reasons() {
    return reasons;
  }

  FlipDeadlines deadlines() {
    return deadlines;
  }
}
