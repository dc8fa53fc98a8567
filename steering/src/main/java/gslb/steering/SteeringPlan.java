package gslb.steering;

import gslb.base.Address;
import gslb.steering.places.Partition;

/// The compiled form of a catalog for one table of verdicts: what each class of clients gets from
/// each service. Immutable; any number of threads steer by it at once, without allocation.
///
/// Answer sets have dense ids that stay the same over verdict flips of one catalog.
///
/// A decision is: address → class and scope (the service's partition) → program → answer set, drawn
/// if the program is a draw. At most four dependent steps, whatever the policy.
public final class SteeringPlan {
  private static final int[] NO_ENDPOINTS = {};

  private final SteeringTables tables;
  private final VerdictTable verdicts;
  private final long drawKey;
  private final PlanArrays arrays;

  // What a decision reads, without the detour.
  private final Partition[] partitionOfService;
  private final int[][] programsOfService;
  private final int[] code;
  private final int[][] drawn;
  private final long[][] drawWeights;
  private final int[][] members;
  private final long[][] memberWeights;

  SteeringPlan(SteeringTables tables, VerdictTable verdicts, long drawKey, PlanArrays arrays) {
    this.tables = tables;
    this.verdicts = verdicts;
    this.drawKey = drawKey;
    this.arrays = arrays;
    partitionOfService = tables.partitionOfService();
    programsOfService = tables.programsOfService();
    code = arrays.code;
    drawn = arrays.drawn;
    drawWeights = arrays.drawWeights;
    members = arrays.members;
    memberWeights = arrays.memberWeights;
  }

  /// The key of all draws for a name that all nodes share, such as the cluster's.
  public static long drawKey(String name) {
    return Draws.key(name);
  }

  /// The same catalog and places with other verdicts and overrides. Takes over what they do not
  /// touch.
  ///
  /// @throws IllegalArgumentException if they are of another number of endpoints
  public SteeringPlan withVerdicts(VerdictTable next) {
    return next.equals(verdicts) ? this : new PlanCompiler(tables, next, drawKey).compileFrom(this);
  }

  /// Decides for one client, whatever the query type and the transport.
  ///
  /// @param v4 the client's family; `high` is then 0 and `low` has 32 bits
  /// @param timeMillis wall-clock time, which chooses the slot of a draw
  public void steer(
      int service, boolean v4, long high, long low, long timeMillis, Selection selection) {
    Partition partition = partitionOfService[service];
    long found = v4 ? partition.lookupV4((int) low) : partition.lookupV6(high, low);
    int clientClass = Partition.classOf(found);
    long draw = Draws.state(drawKey, service, Draws.block(v4, high, low), timeMillis);
    int program = programsOfService[service][clientClass];
    int answerSet = code[program];
    if (answerSet == PlanArrays.DRAW) {
      answerSet = drawn[program][Draws.pick(Draws.number(draw, Draws.POOL), drawWeights[program])];
    }
    selection.answerSet = answerSet;
    selection.scope = Partition.scopeOf(found);
    selection.clientClass = clientClass;
    selection.draw = draw;
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

  /// Every endpoint of that family in the answer set, in configured order; do not modify.
  public int[] endpoints(int answerSet, boolean v4) {
    return answerSet < 0 ? NO_ENDPOINTS : members[PlanArrays.index(answerSet, v4)];
  }

  /// Three for each pool: one for each {@link AnswerKind}.
  public int answerSetCount() {
    return arrays.states.length * AnswerKind.COUNT;
  }

  /// The pool whose endpoints these are.
  public Pool pool(int answerSet) {
    return arrays.states[answerSet / AnswerKind.COUNT].pool();
  }

  /// Which of the pool's endpoints these are.
  public AnswerKind kind(int answerSet) {
    return AnswerKind.ofAnswerSet(answerSet);
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
  public Stage stage(int service, int clientClass) {
    return arrays.stages[programsOfService[service][clientClass]];
  }

  /// Why a client gets what it gets: the compiler's own code run again for this one client, with a
  /// trace.
  ///
  /// @param timeMillis wall-clock time, which chooses the slot of a draw
  public Explanation explain(int service, Address client, long timeMillis) {
    return new Explainer(this, service, client, timeMillis).explain();
  }

  PlanArrays arrays() {
    return arrays;
  }
}
