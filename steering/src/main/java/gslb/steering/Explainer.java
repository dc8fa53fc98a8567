package gslb.steering;

import gslb.base.Address;
import gslb.base.EmbeddedV4;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.steering.Explanation.Candidate;
import gslb.steering.Explanation.Considered;
import gslb.steering.Explanation.Decision;
import gslb.steering.Explanation.Draw;
import gslb.steering.Explanation.DrawShare;
import gslb.steering.Explanation.FamilyAnswer;
import gslb.steering.Explanation.GeoBranch;
import gslb.steering.Explanation.GeoLevel;
import gslb.steering.Explanation.Hash;
import gslb.steering.Explanation.Outcome;
import gslb.steering.Explanation.Ramp;
import gslb.steering.Explanation.RankedPool;
import gslb.steering.Explanation.Ranking;
import gslb.steering.Explanation.Reason;
import gslb.steering.Explanation.ScopeBound;
import gslb.steering.Explanation.Standing;
import gslb.steering.Explanation.Step;
import gslb.steering.Explanation.Turn;
import gslb.steering.GreatCircle.Ranked;
import gslb.steering.ProgramCompiler.Compiled;
import gslb.steering.places.PlaceTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Runs both stages of the compiler for one service and client and writes down what they do. Used
/// once.
final class Explainer implements Trace {
  private record PoolAtStage(int pool, Stage stage) {}

  private final SteeringPlan plan;
  private final Service service;
  private final Address client;
  private final boolean asksV4;
  private final long timeMillis;
  private final List<Step> steps = new ArrayList<>();
  private final Map<PoolAtStage, Considered> considered = new LinkedHashMap<>();

  Explainer(SteeringPlan plan, int service, Address client, boolean asksV4, long timeMillis) {
    this.plan = plan;
    this.service = plan.catalog().services().get(service);
    this.client = client;
    this.asksV4 = asksV4;
    this.timeMillis = timeMillis;
  }

  /// Both families, if they are decided independently.
  Explanation explain() {
    Explanation one = explainOneFamily();
    if (!asksV4 || service.families() != Families.INDEPENDENT) {
      return one;
    }
    return new Explanation(
        service,
        asksV4,
        timeMillis,
        one.client(),
        one.steps(),
        one.considered(),
        one.decision(),
        new Explainer(plan, service.id(), client, false, timeMillis).explainOneFamily());
  }

  Explanation explainOneFamily() {
    Selection selection = new Selection();
    plan.steer(
        service.id(), asksV4, client.isV4(), client.high(), client.low(), timeMillis, selection);
    PlaceTable places = plan.tables().places();
    Residual traced =
        new PolicyCompiler(new Residuals(), this)
            .residual(service.policy(), places.places().get(places.placeOf(client)));
    Residual residual = plan.tables().split(service.id()).residuals().get(selection.clientClass);
    Reach reach = Reach.of(service.families(), asksV4 ? Family.V4 : Family.V6);
    if (!PoolsOfResidual.of(traced).equals(PoolsOfResidual.of(residual))) {
      throw new AssertionError("the trace for " + client + " leads to another class than the plan");
    }
    AnswerSets answerSets = plan.tables().answerSets();
    PoolState[] states = plan.arrays().states;
    Program program =
        new ProgramCompiler(answerSets, states)
            .compile(residual, service.allDown(), reach)
            .program();
    List<Turn> turns = new ArrayList<>();
    int answerSet = turns(program, selection, turns);
    Compiled compiled =
        new ProgramCompiler(answerSets, states, this, held(turns))
            .compile(residual, service.allDown(), reach);
    if (answerSet != selection.answerSet || !compiled.program().equals(program)) {
      throw new AssertionError(
          "the trace for " + client + " ends at another answer than the plan's");
    }
    boolean isNothing = selection.answerSet < 0;
    Decision decision =
        new Decision(
            compiled.stage(),
            turns,
            answered(selection.answerSet),
            isNothing ? null : plan.catalog().pools().get(plan.pool(selection)),
            isNothing ? null : plan.kind(selection.answerSet),
            endpoints(plan.pillars(service.id(), asksV4, selection)),
            answer(selection, true),
            answer(selection, false));
    return new Explanation(
        service,
        asksV4,
        timeMillis,
        asker(selection),
        steps,
        List.copyOf(considered.values()),
        decision,
        null);
  }

  /// Runs the program as {@link Steps} does.
  ///
  /// @return the answer set
  private int turns(Program program, Selection selection, List<Turn> turns) {
    long block = Draws.block(client.isV4(), client.high(), client.low());
    long state =
        Draws.blockState(plan.drawKey(), plan.tables().keyOfService()[service.id()], block);
    int classScope = plan.classScope(service.id(), client);
    long ramp =
        Draws.rampState(plan.drawKey(), client.isV4(), client.high(), client.low(), classScope);
    Steps at = Steps.of(program);
    Program of = program;
    int depth = 0;
    while (at != null) {
      int chosen = at.isRamp() ? at.admit(ramp) : at.choose(selection.draw, state, depth);
      switch (of) {
        case Program.Ramp admission -> {
          turns.add(ramp(admission, ramp, classScope));
          of = chosen == 0 ? admission.with() : admission.without();
        }
        case Program.Leaf _ -> throw new AssertionError("a leaf has no steps");
        case Program.Draw(List<Program.Share> shares) -> {
          long number = Draws.number(selection.draw, Draws.pool(depth));
          turns.add(
              new Draw(
                  number,
                  shares.stream()
                      .map(share -> new DrawShare(outcome(share.program()), share.weight()))
                      .toList(),
                  chosen));
          of = shares.get(chosen).program();
          depth++;
        }
        case Program.Hash(List<Program.Candidate> candidates) -> {
          List<Candidate> hashed = new ArrayList<>();
          for (int i = 0; i < candidates.size(); i++) {
            hashed.add(
                new Candidate(
                    outcome(candidates.get(i).program()),
                    candidates.get(i).weight(),
                    at.distance(state, i)));
          }
          int length = Draws.blockLength(client.isV4(), client.high(), client.low());
          turns.add(new Hash(Prefix.around(client, length), hashed, chosen));
          of = candidates.get(chosen).program();
          depth++;
        }
      }
      at = at.next(chosen);
    }
    return of instanceof Program.Leaf(int answerSet) ? answerSet : Selection.NOTHING;
  }

  private Ramp ramp(Program.Ramp ramp, long state, int classScope) {
    int length = Draws.rampLength(client.isV4(), client.high(), client.low());
    return new Ramp(
        Prefix.around(client, Math.max(classScope, length)),
        plan.catalog().pools().get(ramp.pool()),
        ramp.threshold(),
        Draws.rampStep(state, ramp.key()),
        outcome(ramp.with()),
        outcome(ramp.without()));
  }

  /// The pools whose ramps have not got to the client.
  private static Set<Integer> held(List<Turn> turns) {
    Set<Integer> held = new HashSet<>();
    for (Turn turn : turns) {
      if (turn instanceof Ramp ramp && !ramp.isAdmitted()) {
        held.add(ramp.pool().id());
      }
    }
    return held;
  }

  private Outcome outcome(Program program) {
    Set<Pool> pools = new LinkedHashSet<>();
    collect(program, pools);
    return new Outcome(List.copyOf(pools), !(program instanceof Program.Leaf));
  }

  private void collect(Program program, Set<Pool> pools) {
    switch (program) {
      case Program.Leaf(int answerSet) -> pools.addAll(answered(answerSet));
      case Program.Draw(List<Program.Share> shares) ->
          shares.forEach(share -> collect(share.program(), pools));
      case Program.Hash(List<Program.Candidate> candidates) ->
          candidates.forEach(candidate -> collect(candidate.program(), pools));
      case Program.Ramp ramp -> {
        collect(ramp.with(), pools);
        collect(ramp.without(), pools);
      }
    }
  }

  /// The pools whose endpoints an answer set holds.
  private List<Pool> answered(int answerSet) {
    if (answerSet < 0) {
      return List.of();
    }
    if (!plan.isJoined(answerSet)) {
      return plan.pools(answerSet);
    }
    Set<Integer> members = new HashSet<>();
    for (boolean v4 : new boolean[] {true, false}) {
      for (int endpoint : plan.endpoints(answerSet, v4)) {
        members.add(endpoint);
      }
    }
    return plan.pools(answerSet).stream()
        .filter(pool -> pool.endpoints().stream().anyMatch(e -> members.contains(e.id())))
        .toList();
  }

  private Explanation.Client asker(Selection selection) {
    Address embedded =
        !client.isV4() && EmbeddedV4.offset(client.high(), client.low()) >= 0
            ? Address.v4(EmbeddedV4.extract(client.high(), client.low()))
            : null;
    PlaceTable places = plan.tables().places();
    return new Explanation.Client(
        client,
        embedded,
        places.wholePlaceOf(client),
        places.wholePrefixOf(embedded != null ? embedded : client),
        places.originsOf(client),
        network(places.wholePlaceOf(client).network(), embedded != null ? embedded : client),
        Prefix.around(client, selection.scope),
        bound(selection.scope),
        selection.clientClass);
  }

  private @Nullable Prefix network(String name, Address deciding) {
    return plan.catalog().networks().getOrDefault(name, List.of()).stream()
        .filter(prefix -> prefix.contains(deciding))
        .max(Comparator.comparingInt(Prefix::length))
        .orElse(null);
  }

  /// A program's scope is the longest of its class, its ramps' blocks and its hashes' blocks.
  private ScopeBound bound(int scope) {
    if (scope == 0) {
      return ScopeBound.NONE;
    }
    if (scope == plan.classScope(service.id(), client)) {
      return ScopeBound.PLACE;
    }
    return scope == Draws.blockLength(client.isV4(), client.high(), client.low())
        ? ScopeBound.HASH
        : ScopeBound.RAMP;
  }

  private FamilyAnswer answer(Selection selection, boolean v4) {
    boolean isAlias =
        selection.answerSet >= 0 && plan.pools(selection.answerSet).getFirst().cname() != null;
    int[] members = plan.endpoints(selection.answerSet, v4);
    if (isAlias) {
      return new FamilyAnswer(List.of(), endpoints(members));
    }
    int[] answered;
    int count = selection.answerSet < 0 ? 1 : plan.answerCount(service.id(), selection.answerSet);
    if (count == Integer.MAX_VALUE) {
      answered = members;
    } else if (count == 1) {
      int drawn = plan.endpoint(selection, v4);
      answered = drawn < 0 ? new int[0] : new int[] {drawn};
    } else {
      int[] chosen = new int[Service.Answers.COUNT_MAX];
      int size = plan.sample(service.id(), selection, v4, chosen);
      answered = Arrays.copyOf(chosen, size);
    }
    return new FamilyAnswer(endpoints(answered), endpoints(members));
  }

  private List<Endpoint> endpoints(int[] ids) {
    return Arrays.stream(ids).mapToObj(id -> plan.catalog().endpoints().get(id)).toList();
  }

  @Override
  public void geo(GeoLevel level, String key) {
    steps.add(new GeoBranch(level, key));
  }

  @Override
  public void nearest(List<Ranked> ranking, int ring, int limit) {
    List<RankedPool> pools = new ArrayList<>();
    for (Ranked ranked : ranking) {
      double kilometres =
          ranked.metres() == GreatCircle.UNKNOWN ? Double.NaN : ranked.metres() / 1000.0;
      pools.add(
          new RankedPool(ranked.pool(), kilometres, pools.size() < ring, pools.size() < limit));
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
            ? new Considered(state, stage, Standing.USABLE, Reason.NONE, "")
            : rejected(state, stage));
  }

  @Override
  public void held(PoolState state) {
    considered.put(
        new PoolAtStage(state.pool().id(), Stage.AVAILABLE),
        new Considered(
            state, Stage.AVAILABLE, Standing.HELD, Reason.RAMP, ExplanationText.ramp(state)));
  }

  @Override
  public void notReached(Residual child, Stage stage) {
    passOver(child, stage, Standing.NOT_REACHED, Reason.BEHIND, "one before it is chosen");
  }

  @Override
  public void standby(Residual child, Stage stage) {
    passOver(child, stage, Standing.STANDBY, Reason.STANDBY, "standby");
  }

  private void passOver(
      Residual child, Stage stage, Standing standing, Reason reason, String text) {
    for (Pool pool : PoolsOfResidual.of(child)) {
      considered.putIfAbsent(
          new PoolAtStage(pool.id(), stage),
          new Considered(plan.state(pool.id()), stage, standing, reason, text));
    }
  }

  private Considered rejected(PoolState state, Stage stage) {
    Pool pool = state.pool();
    List<Endpoint> endpoints = pool.endpoints().stream().filter(this::counts).toList();
    int forcedDown = count(endpoints, EndpointOverride.DOWN);
    int drained = count(endpoints, EndpointOverride.DRAIN);
    Reason reason =
        pool.endpoints().isEmpty()
            ? pool.hosts().isEmpty() ? Reason.NO_ENDPOINTS : Reason.UNRESOLVED
            : endpoints.isEmpty()
                ? Reason.NO_FAMILY
                : forcedDown + drained < endpoints.size()
                    ? Reason.UNHEALTHY
                    : drained == 0
                        ? Reason.FORCED_DOWN
                        : forcedDown == 0 ? Reason.DRAINED : Reason.DRAINED_AND_FORCED_DOWN;
    String text =
        switch (reason) {
          case NO_ENDPOINTS -> "no endpoints";
          case UNRESOLVED -> "its hosts have no addresses yet";
          case NO_FAMILY -> ExplanationText.without(asksV4 ? Family.V4 : Family.V6);
          case FORCED_DOWN -> "forced down";
          case DRAINED -> "drained";
          case DRAINED_AND_FORCED_DOWN -> "drained and forced down";
          case UNHEALTHY -> "unhealthy: " + ExplanationText.health(state, this::counts);
          case NONE, RAMP, STANDBY, BEHIND -> "";
        };
    return new Considered(state, stage, Standing.REJECTED, reason, text);
  }

  /// Whether the decision is about endpoints of this family.
  private boolean counts(Endpoint endpoint) {
    return service.families() != Families.INDEPENDENT || endpoint.address().isV4() == asksV4;
  }

  private int count(List<Endpoint> endpoints, EndpointOverride override) {
    return (int)
        endpoints.stream().filter(e -> plan.verdicts().override(e.id()) == override).count();
  }
}
