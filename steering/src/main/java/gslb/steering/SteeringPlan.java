package gslb.steering;

import gslb.base.Address;
import gslb.base.Family;
import gslb.steering.places.Partition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The compiled form of a catalog for one table of verdicts: what each class of clients gets from
/// each service. Immutable; any number of threads steer by it at once, without allocation.
///
/// Answer sets have dense ids that stay the same over verdict flips of one catalog.
///
/// A decision is: address → class and scope (the service's partition) → program → answer set. A
/// program that draws, hashes or ramps takes at most {@link Program#STEPS_MAX} steps to it.
public final class SteeringPlan {
  private static final int[] NO_ENDPOINTS = {};

  private final SteeringTables tables;
  private final VerdictTable verdicts;
  private final Readmission readmission;
  private final long drawKey;
  private final PlanArrays arrays;

  // What a decision reads, without the detour.
  private final Partition[] partitionOfService;
  private final int[][] programsV4;
  private final int[][] programsV6;
  private final long[] keyOfService;
  private final Reach[] reachV4;
  private final Reach[] reachV6;
  private final int[] code;
  private final @Nullable Steps[] steps;
  private final int[][] members;
  private final long[][] memberWeights;

  SteeringPlan(
      SteeringTables tables,
      VerdictTable verdicts,
      Readmission readmission,
      long drawKey,
      PlanArrays arrays) {
    this.tables = tables;
    this.verdicts = verdicts;
    this.readmission = readmission;
    this.drawKey = drawKey;
    this.arrays = arrays;
    partitionOfService = tables.partitionOfService();
    programsV4 = tables.rows().v4();
    programsV6 = tables.rows().v6();
    keyOfService = tables.keyOfService();
    reachV4 = tables.reaches(Family.V4);
    reachV6 = tables.reaches(Family.V6);
    code = arrays.code;
    steps = arrays.steps;
    members = arrays.members;
    memberWeights = arrays.memberWeights;
  }

  /// The key of all draws for a name that all nodes share, such as the cluster's.
  public static long drawKey(String name) {
    return Draws.key(name);
  }

  /// The same catalog and places with other verdicts and overrides, no pool in a ramp. Takes over
  /// what they do not touch.
  ///
  /// @throws IllegalArgumentException if they are of another number of endpoints
  public SteeringPlan withVerdicts(VerdictTable next) {
    return withVerdicts(next, Readmission.NONE);
  }

  /// The same catalog and places with other verdicts, overrides and ramps. Takes over what they do
  /// not touch.
  ///
  /// @throws IllegalArgumentException if the verdicts are of another number of endpoints
  public SteeringPlan withVerdicts(VerdictTable next, Readmission readmission) {
    return new PlanCompiler(tables, next, readmission, drawKey).compileFrom(this);
  }

  /// The same under other verdicts and overrides, every pool where it is in its ramp: to see what
  /// would be.
  public SteeringPlan supposing(VerdictTable next) {
    return withVerdicts(next, readmission);
  }

  /// Decides for one client, whatever the query type and the transport. For a service whose
  /// families are decided independently, as for a question of the client's own family.
  ///
  /// @param v4 the client's family; `high` is then 0 and `low` has 32 bits
  /// @param timeMillis wall-clock time, which chooses the slot of a draw
  public void steer(
      int service, boolean v4, long high, long low, long timeMillis, Selection selection) {
    steer(service, v4, v4, high, low, timeMillis, selection);
  }

  /// Decides for one client.
  ///
  /// @param asksV4 the family that is asked for, which matters only for a service whose families
  ///     are decided independently
  public void steer(
      int service,
      boolean asksV4,
      boolean v4,
      long high,
      long low,
      long timeMillis,
      Selection selection) {
    Partition partition = partitionOfService[service];
    long found = v4 ? partition.lookupV4((int) low) : partition.lookupV6(high, low);
    int clientClass = Partition.classOf(found);
    long block = Draws.block(v4, high, low);
    long draw = Draws.state(drawKey, keyOfService[service], block, timeMillis);
    int program = (asksV4 ? programsV4 : programsV6)[service][clientClass];
    int answerSet = code[program];
    int scope = Partition.scopeOf(found);
    Steps run = steps[program];
    if (run != null) {
      long ramp = 0;
      if (run.ramps()) {
        ramp = Draws.rampState(drawKey, v4, high, low, scope);
        scope = Math.max(scope, Draws.rampLength(v4, high, low));
      }
      answerSet = run.run(draw, Draws.blockState(drawKey, keyOfService[service], block), ramp);
      if (run.hashes()) {
        scope = Math.max(scope, Draws.blockLength(v4, high, low));
      }
    }
    selection.answerSet = answerSet;
    selection.scope = scope;
    selection.clientClass = clientClass;
    selection.draw = draw;
  }

  /// What stands for a service in a {@link ClientSketch}: the same whatever else is configured.
  public int sketchKey(int service) {
    return ClientSketches.key(keyOfService[service]);
  }

  /// The one endpoint of that family to answer, drawn by weight among those of the selected answer
  /// set, or -1 if the set has none: NODATA.
  public int endpoint(Selection selection, boolean v4) {
    if (selection.answerSet < 0) {
      return -1;
    }
    int at = PlanArrays.index(selection.answerSet, v4);
    int[] endpoints = members[at];
    if (endpoints.length < 2) {
      return endpoints.length == 0 ? -1 : endpoints[0];
    }
    long number = Draws.number(selection.draw, Draws.ENDPOINT);
    return endpoints[Draws.pick(number, memberWeights[at])];
  }

  /// The endpoints of that family to answer where the service says how many, drawn by weight.
  ///
  /// @param chosen room for {@link Service.Answers#COUNT_MAX}
  /// @return how many
  public int sample(int service, Selection selection, boolean v4, int[] chosen) {
    if (selection.answerSet < 0) {
      return 0;
    }
    Sample sample =
        arrays.samples[tables.countOfService(service)][PlanArrays.index(selection.answerSet, v4)];
    return sample.take(
        Draws.number(selection.draw, Draws.ENDPOINT),
        Draws.number(selection.draw, Draws.ORDER),
        chosen);
  }

  /// How many endpoints an answer of the service holds that comes from the answer set: 1, {@link
  /// Integer#MAX_VALUE} for all, or what {@link #sample} draws.
  public int answerCount(int service, int answerSet) {
    int count = catalog().services().get(service).answers().count();
    return count > 0 ? count : isJoined(answerSet) ? Integer.MAX_VALUE : 1;
  }

  /// Whether there are answer sets of several pools.
  public boolean answersJoined() {
    return !tables.answerSets().alls().isEmpty();
  }

  /// Whether the answer set has the endpoints of whichever pools of an `all` can be chosen.
  public boolean isJoined(int answerSet) {
    return answerSet >= 0 && tables.answerSets().isJoined(answerSet);
  }

  /// The pool that was selected; among several, the one whose endpoint is drawn.
  ///
  /// @return its id, or -1 for none
  public int pool(Selection selection) {
    if (selection.answerSet < 0) {
      return -1;
    }
    if (!isJoined(selection.answerSet)) {
      return selection.answerSet / AnswerKind.COUNT;
    }
    int endpoint = endpoint(selection, true);
    return tables.poolOfEndpoint(endpoint >= 0 ? endpoint : endpoint(selection, false));
  }

  /// Every endpoint of that family in the answer set, in configured order; do not modify.
  public int[] endpoints(int answerSet, boolean v4) {
    return answerSet < 0 ? NO_ENDPOINTS : members[PlanArrays.index(answerSet, v4)];
  }

  /// The pillars of the pools of the selected answer set: endpoints whose fall, each alone, would
  /// make its pool unavailable, be they answered or not. None where pools are not chosen for being
  /// available. Do not modify.
  ///
  /// @param asksV4 as in the decision
  public int[] pillars(int service, boolean asksV4, Selection selection) {
    int answerSet = selection.answerSet;
    if (answerSet < 0 || stage(service, asksV4, selection.clientClass) != Stage.AVAILABLE) {
      return NO_ENDPOINTS;
    }
    int[] joined = arrays.pillars[answerSet];
    return joined != null
        ? joined
        : arrays.states[answerSet / AnswerKind.COUNT].pillars(
            (asksV4 ? reachV4 : reachV6)[service]);
  }

  public int answerSetCount() {
    return members.length / 2;
  }

  /// The pools whose endpoints these can be: one, or what an `all` names.
  public List<Pool> pools(int answerSet) {
    return tables.answerSets().pools(answerSet);
  }

  /// Which of the pools' endpoints these are.
  public AnswerKind kind(int answerSet) {
    return tables.answerSets().kind(answerSet);
  }

  public Address address(int endpoint) {
    return catalog().endpoints().get(endpoint).address();
  }

  public Catalog catalog() {
    return tables.catalog();
  }

  public SteeringTables tables() {
    return tables;
  }

  public VerdictTable verdicts() {
    return verdicts;
  }

  /// How healthy a pool is.
  public PoolState state(int pool) {
    return arrays.states[pool];
  }

  /// How far the decision for a class of a service's clients has to go.
  public Stage stage(int service, boolean asksV4, int clientClass) {
    return arrays.stages[program(service, asksV4, clientClass)];
  }

  int program(int service, boolean asksV4, int clientClass) {
    return (asksV4 ? programsV4 : programsV6)[service][clientClass];
  }

  /// Length of the maximal prefix around a client, in its own family, that is in one class.
  int classScope(int service, Address client) {
    Partition partition = partitionOfService[service];
    return Partition.scopeOf(
        client.isV4()
            ? partition.lookupV4((int) client.low())
            : partition.lookupV6(client.high(), client.low()));
  }

  long drawKey() {
    return drawKey;
  }

  /// Why a client gets what it gets: the compiler's own code run again for this one client, with a
  /// trace.
  ///
  /// @param timeMillis wall-clock time, which chooses the slot of a draw
  public Explanation explain(int service, Address client, long timeMillis) {
    return new Explainer(this, service, client, true, timeMillis).explain();
  }

  /// Why a client gets what it gets for a question of one family, which matters only for a service
  /// whose families are decided independently.
  ///
  /// @param timeMillis wall-clock time, which chooses the slot of a draw
  public Explanation explain(int service, boolean asksV4, Address client, long timeMillis) {
    return new Explainer(this, service, client, asksV4, timeMillis).explainOneFamily();
  }

  /// What would change an explanation of this plan; see {@link Change}.
  public List<Change> changes(Explanation explanation) {
    return new ChangeSearch(this, explanation).changes();
  }

  /// How far each pool is in its ramp.
  Readmission readmission() {
    return readmission;
  }

  PlanArrays arrays() {
    return arrays;
  }
}
