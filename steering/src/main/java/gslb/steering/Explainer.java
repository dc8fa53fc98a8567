package gslb.steering;

import gslb.base.Address;
import gslb.base.EmbeddedV4;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.steering.Explanation.Considered;
import gslb.steering.Explanation.Decision;
import gslb.steering.Explanation.Draw;
import gslb.steering.Explanation.DrawShare;
import gslb.steering.Explanation.FamilyAnswer;
import gslb.steering.Explanation.GeoBranch;
import gslb.steering.Explanation.GeoLevel;
import gslb.steering.Explanation.RankedPool;
import gslb.steering.Explanation.Ranking;
import gslb.steering.Explanation.Standing;
import gslb.steering.Explanation.Step;
import gslb.steering.GreatCircle.Ranked;
import gslb.steering.ProgramCompiler.Compiled;
import gslb.steering.places.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs both stages of the compiler for one service and client and writes down what they do. Used
/// once.
final class Explainer implements Trace {
  private record PoolAtStage(int pool, Stage stage) {}

  private final SteeringPlan plan;
  private final Service service;
  private final Address client;
  private final long timeMillis;
  private final List<Step> steps = new ArrayList<>();
  private final Map<PoolAtStage, Considered> considered = new LinkedHashMap<>();

  Explainer(SteeringPlan plan, int service, Address client, long timeMillis) {
    this.plan = plan;
    this.service = plan.catalog().services().get(service);
    this.client = client;
    this.timeMillis = timeMillis;
  }

  Explanation explain() {
    Selection selection = new Selection();
    plan.steer(service.id(), client.isV4(), client.high(), client.low(), timeMillis, selection);
    Explanation.Client asker = asker(selection);
    Residual residual =
        new PolicyCompiler(new Residuals(), this).residual(service.policy(), asker.place());
    Compiled compiled =
        new ProgramCompiler(plan.arrays().states, this).compile(residual, service.allDown());
    Program program = compiled.program();
    long number = Draws.number(selection.draw, Draws.POOL);
    int chosen = Draws.pick(number, program.cumulative());
    if (program.answerSets()[chosen] != selection.answerSet) {
      throw new AssertionError(
          "the trace for " + client + " ends at another answer than the plan's");
    }
    Decision decision =
        new Decision(
            compiled.stage(),
            program.isDraw() ? new Draw(number, shares(program), chosen) : null,
            poolOf(selection.answerSet),
            selection.answerSet < 0 ? null : plan.kind(selection.answerSet),
            answer(selection, true),
            answer(selection, false));
    return new Explanation(service, asker, steps, List.copyOf(considered.values()), decision);
  }

  private Explanation.Client asker(Selection selection) {
    Address embedded =
        !client.isV4() && EmbeddedV4.offset(client.high(), client.low()) >= 0
            ? Address.v4(EmbeddedV4.extract(client.high(), client.low()))
            : null;
    Place place = plan.tables().places().places().get(plan.tables().places().placeOf(client));
    return new Explanation.Client(
        client,
        embedded,
        place,
        plan.tables().places().prefixOf(embedded != null ? embedded : client),
        Prefix.around(client, selection.scope),
        selection.clientClass);
  }

  private List<DrawShare> shares(Program program) {
    return program.shares().stream()
        .map(share -> new DrawShare(poolOf(share.answerSet()), share.weight()))
        .toList();
  }

  private @Nullable Pool poolOf(int answerSet) {
    return answerSet < 0 ? null : plan.pool(answerSet);
  }

  private FamilyAnswer answer(Selection selection, boolean v4) {
    Pool pool = poolOf(selection.answerSet);
    if (pool != null && pool.cname() != null) {
      return new FamilyAnswer(null, List.of());
    }
    int drawn = plan.endpoint(selection, v4);
    List<Endpoint> all = new ArrayList<>();
    for (int endpoint : plan.endpoints(selection.answerSet, v4)) {
      all.add(plan.catalog().endpoints().get(endpoint));
    }
    return new FamilyAnswer(drawn < 0 ? null : plan.catalog().endpoints().get(drawn), all);
  }

  @Override
  public void geo(GeoLevel level, String key) {
    steps.add(new GeoBranch(level, key));
  }

  @Override
  public void nearest(List<Ranked> ranking, int limit) {
    List<RankedPool> pools = new ArrayList<>();
    for (Ranked ranked : ranking) {
      double kilometres =
          ranked.metres() == GreatCircle.UNKNOWN ? Double.NaN : ranked.metres() / 1000.0;
      pools.add(new RankedPool(ranked.pool(), kilometres, pools.size() < limit));
    }
    steps.add(new Ranking(pools));
  }

  @Override
  public void pool(PoolState state, Stage stage, boolean usable) {
    // Overwrites what a branch that did not reach it may have said.
    considered.remove(new PoolAtStage(state.pool().id(), stage));
    considered.put(
        new PoolAtStage(state.pool().id(), stage),
        usable
            ? new Considered(state, stage, Standing.USABLE, "")
            : new Considered(state, stage, Standing.REJECTED, rejection(state)));
  }

  @Override
  public void notReached(Residual child, Stage stage) {
    passOver(child, stage, Standing.NOT_REACHED, "one before it is chosen");
  }

  @Override
  public void standby(Residual child, Stage stage) {
    passOver(child, stage, Standing.STANDBY, "standby");
  }

  private void passOver(Residual child, Stage stage, Standing standing, String reason) {
    for (Pool pool : PoolsOfResidual.of(child)) {
      considered.putIfAbsent(
          new PoolAtStage(pool.id(), stage),
          new Considered(plan.state(pool.id()), stage, standing, reason));
    }
  }

  private static String rejection(PoolState state) {
    int endpoints = state.pool().endpoints().size();
    if (endpoints == 0) {
      return "no endpoints";
    }
    if (state.forcedDown() == endpoints) {
      return "forced down";
    }
    if (state.forcedDown() + state.drained() == endpoints) {
      return state.forcedDown() == 0 ? "drained" : "drained and forced down";
    }
    return "unhealthy: " + ExplanationText.health(state);
  }

  /// Families of which the pool has endpoints.
  static List<PoolState.FamilyHealth> families(PoolState state) {
    List<PoolState.FamilyHealth> families = new ArrayList<>();
    for (Family family : Family.values()) {
      if (state.pool().endpoints().stream().anyMatch(e -> e.address().family() == family)) {
        families.add(state.health(family));
      }
    }
    return families;
  }
}
