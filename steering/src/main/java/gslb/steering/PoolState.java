package gslb.steering;

import gslb.base.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// What verdicts and overrides leave of one pool: how healthy it is, and which endpoints each of
/// its answer sets holds. Immutable.
///
/// An endpoint is up if it is forced up, or if nothing is forced and its verdict is UP; UNKNOWN
/// counts as UP while nothing is known of any endpoint of the pool, and as if the endpoint were not
/// configured as soon as something is.
public final class PoolState {
  /// Of pools in their ramp; of those equally far, the one configured last.
  static final Comparator<PoolState> SHORTEST_IN_RAMP_FIRST =
      Comparator.comparingInt(PoolState::rampStep)
          .thenComparing(state -> state.pool().id(), Comparator.reverseOrder());

  private static final int[] NO_ENDPOINTS = {};
  private static final long[] NO_WEIGHTS = {};

  /// How much of a pool's endpoints of one family is up.
  ///
  /// @param up endpoints that are up
  /// @param configured endpoints that count, drained and forced down included
  /// @param unknown endpoints that do not count, because nothing is known of them yet
  /// @param isMet whether it is at least one and as much as `min-healthy` asks
  public record FamilyHealth(
      Family family,
      int up,
      int configured,
      int unknown,
      long weightUp,
      long weightConfigured,
      boolean isMet) {}

  private final Pool pool;
  private final int rampStep;
  private final boolean countsUnknownAsUp;
  private final FamilyHealth v4;
  private final FamilyHealth v6;
  private final int drained;
  private final int forcedDown;
  private final int[][] pillars = new int[Reach.values().length][];
  private final int[][] members = new int[2 * AnswerKind.COUNT][];
  private final long[][] cumulativeWeights = new long[2 * AnswerKind.COUNT][];

  /// In no ramp.
  PoolState(Pool pool, VerdictTable verdicts) {
    this(pool, verdicts, Readmission.STEPS);
  }

  /// @param rampStep 0..{@link Readmission#STEPS}
  PoolState(Pool pool, VerdictTable verdicts, int rampStep) {
    this.pool = pool;
    this.rampStep = rampStep;
    this.countsUnknownAsUp =
        pool.endpoints().stream().allMatch(e -> verdicts.verdict(e.id()) == Verdict.UNKNOWN);
    this.drained = count(pool, verdicts, EndpointOverride.DRAIN);
    this.forcedDown = count(pool, verdicts, EndpointOverride.DOWN);
    this.v4 = health(Family.V4, verdicts);
    this.v6 = health(Family.V6, verdicts);
    for (AnswerKind kind : AnswerKind.values()) {
      for (Family family : Family.values()) {
        fill(kind, family, verdicts);
      }
    }
    for (Reach reach : Reach.values()) {
      pillars[index(reach)] = pillars(reach, verdicts);
    }
  }

  private static int count(Pool pool, VerdictTable verdicts, EndpointOverride override) {
    return (int)
        pool.endpoints().stream().filter(e -> verdicts.override(e.id()) == override).count();
  }

  private boolean isUp(Endpoint endpoint, VerdictTable verdicts) {
    return switch (verdicts.override(endpoint.id())) {
      case UP -> true;
      case DOWN, DRAIN -> false;
      case NONE ->
          switch (verdicts.verdict(endpoint.id())) {
            case UP -> true;
            case DOWN -> false;
            case UNKNOWN -> countsUnknownAsUp;
          };
    };
  }

  private boolean isAbsent(Endpoint endpoint, VerdictTable verdicts) {
    return verdicts.override(endpoint.id()) == EndpointOverride.NONE
        && verdicts.verdict(endpoint.id()) == Verdict.UNKNOWN
        && !countsUnknownAsUp;
  }

  private boolean holds(AnswerKind kind, Endpoint endpoint, VerdictTable verdicts) {
    EndpointOverride override = verdicts.override(endpoint.id());
    return switch (kind) {
      case LIVE -> isUp(endpoint, verdicts);
      case IGNORING_VERDICTS ->
          override != EndpointOverride.DOWN && override != EndpointOverride.DRAIN;
      case IGNORING_DRAINS -> override != EndpointOverride.DOWN;
    };
  }

  private FamilyHealth health(Family family, VerdictTable verdicts) {
    int up = 0;
    int configured = 0;
    int unknown = 0;
    long weightUp = 0;
    long weightConfigured = 0;
    for (Endpoint endpoint : pool.endpoints()) {
      if (endpoint.address().family() != family) {
        continue;
      }
      if (isAbsent(endpoint, verdicts)) {
        unknown++;
        continue;
      }
      configured++;
      weightConfigured += endpoint.weight();
      if (isUp(endpoint, verdicts)) {
        up++;
        weightUp += endpoint.weight();
      }
    }
    return new FamilyHealth(
        family,
        up,
        configured,
        unknown,
        weightUp,
        weightConfigured,
        isMet(up, weightUp, weightConfigured));
  }

  private void fill(AnswerKind kind, Family family, VerdictTable verdicts) {
    List<Endpoint> held = new ArrayList<>();
    for (Endpoint endpoint : pool.endpoints()) {
      if (endpoint.address().family() == family && holds(kind, endpoint, verdicts)) {
        held.add(endpoint);
      }
    }
    int[] ids = held.isEmpty() ? NO_ENDPOINTS : new int[held.size()];
    long[] cumulative = held.isEmpty() ? NO_WEIGHTS : new long[held.size()];
    long total = 0;
    for (int i = 0; i < ids.length; i++) {
      ids[i] = held.get(i).id();
      total += held.get(i).weight();
      cumulative[i] = total;
    }
    members[index(kind, family)] = ids;
    cumulativeWeights[index(kind, family)] = cumulative;
  }

  private int[] pillars(Reach reach, VerdictTable verdicts) {
    if (!isAvailable(reach) || pool.isAlwaysUp()) {
      return NO_ENDPOINTS;
    }
    int[] found = new int[pool.endpoints().size()];
    int count = 0;
    for (Endpoint endpoint : pool.endpoints()) {
      boolean canFall =
          verdicts.verdict(endpoint.id()) == Verdict.UP
              && verdicts.override(endpoint.id()) == EndpointOverride.NONE;
      if (canFall && !isAvailable(reach, without(v4, endpoint), without(v6, endpoint))) {
        found[count++] = endpoint.id();
      }
    }
    return count == 0 ? NO_ENDPOINTS : Arrays.copyOf(found, count);
  }

  private FamilyHealth without(FamilyHealth health, Endpoint endpoint) {
    if (endpoint.address().family() != health.family()) {
      return health;
    }
    long weight = health.weightUp() - endpoint.weight();
    int up = health.up() - 1;
    return new FamilyHealth(
        health.family(),
        up,
        health.configured(),
        health.unknown(),
        weight,
        health.weightConfigured(),
        isMet(up, weight, health.weightConfigured()));
  }

  private boolean isMet(int up, long weightUp, long weightConfigured) {
    return up > 0
        && switch (pool.minHealthy()) {
          case MinHealthy.Endpoints(int count) -> up >= count;
          case MinHealthy.Percent(int percent) -> weightUp * 100 >= weightConfigured * percent;
        };
  }

  private static int index(AnswerKind kind, Family family) {
    return PlanArrays.index(kind.offset(), family == Family.V4);
  }

  public Pool pool() {
    return pool;
  }

  public FamilyHealth health(Family family) {
    return switch (family) {
      case V4 -> v4;
      case V6 -> v6;
    };
  }

  /// Whether a configured family has as much up as `min-healthy` asks, or nothing can be down.
  public boolean isAvailable() {
    return isAvailable(Reach.ANY);
  }

  /// How many steps of its ramp the pool has done: {@link Readmission#STEPS} if it is in none.
  public int rampStep() {
    return rampStep;
  }

  /// Whether it is available and gets its clients back.
  public boolean isRamping() {
    return isRamping(Reach.ANY);
  }

  /// Whether it is available, in the families that count, and gets its clients back.
  boolean isRamping(Reach reach) {
    return isAvailable(reach) && rampStep < Readmission.STEPS;
  }

  /// Endpoints that an operator drained.
  public int drained() {
    return drained;
  }

  /// Endpoints that an operator forced down.
  public int forcedDown() {
    return forcedDown;
  }

  /// Whether as much is up as `min-healthy` asks, in the families that count. Of every family means
  /// of every one with endpoints that anything is known of.
  boolean isAvailable(Reach reach) {
    return isAvailable(reach, v4, v6);
  }

  private boolean isAvailable(Reach reach, FamilyHealth ofV4, FamilyHealth ofV6) {
    if (pool.isAlwaysUp()) {
      return true;
    }
    boolean isAny = ofV4.isMet() || ofV6.isMet();
    return switch (reach) {
      case ANY -> isAny;
      case EVERY ->
          isAny
              && (ofV4.isMet() || ofV4.configured() == 0)
              && (ofV6.isMet() || ofV6.configured() == 0);
      case V4 -> ofV4.isMet();
      case V6 -> ofV6.isMet();
    };
  }

  /// The pillars: endpoints that the pool would not be available without, if their verdicts fell
  /// one at a time; do not modify.
  int[] pillars(Reach reach) {
    return pillars[index(reach)];
  }

  @SuppressWarnings("EnumOrdinal") // an index into an array made here
  private static int index(Reach reach) {
    return reach.ordinal();
  }

  /// Whether this stage may choose the pool.
  boolean isUsable(Stage stage, Reach reach) {
    return switch (stage) {
      case AVAILABLE -> isAvailable(reach);
      case MIN_HEALTHY_IGNORED, VERDICTS_IGNORED, DRAINS_IGNORED ->
          hasAny(stage.answerKind(), reach);
      case SORRY -> hasAny(AnswerKind.LIVE, reach) || hasAny(AnswerKind.IGNORING_DRAINS, reach);
      case NODATA -> false;
    };
  }

  /// Whether there is anything to answer in a family that counts.
  boolean hasAny(AnswerKind kind, Reach reach) {
    if (pool.isAlwaysUp()) {
      return true;
    }
    boolean hasV4 = members(kind, Family.V4).length > 0;
    boolean hasV6 = members(kind, Family.V6).length > 0;
    return switch (reach) {
      case ANY, EVERY -> hasV4 || hasV6;
      case V4 -> hasV4;
      case V6 -> hasV6;
    };
  }

  /// Ids in configured order; do not modify.
  int[] members(AnswerKind kind, Family family) {
    return members[index(kind, family)];
  }

  /// Sums of the weights up to and with each member; do not modify.
  long[] cumulativeWeights(AnswerKind kind, Family family) {
    return cumulativeWeights[index(kind, family)];
  }

  /// Whether a policy would treat the pool as it treats the other.
  boolean choosesLike(PoolState other) {
    if (rampStep != other.rampStep) {
      return false;
    }
    for (Reach reach : Reach.values()) {
      if (isAvailable(reach) != other.isAvailable(reach)) {
        return false;
      }
      for (AnswerKind kind : AnswerKind.values()) {
        if (hasAny(kind, reach) != other.hasAny(kind, reach)) {
          return false;
        }
      }
    }
    return true;
  }
}
