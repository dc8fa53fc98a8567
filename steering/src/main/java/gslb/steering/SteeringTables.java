package gslb.steering;

import gslb.base.Family;
import gslb.steering.places.Partition;
import gslb.steering.places.PlaceTable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Stage A of the compiler: what every policy comes to at every place, whatever the verdicts.
/// Depends on the catalog and the places alone, so it is kept while verdicts flip. Immutable.
///
/// Places at which a policy comes to the same residual are one class of it. Policies that cut the
/// world alike share one {@link Partition}; services with the same policy share their programs.
public final class SteeringTables {
  /// How many different ways to cut the address space into classes one catalog may have.
  public static final int PARTITIONS_MAX = 64;

  /// How many classes a partition may have.
  public static final int CLASSES_MAX = 65_535;

  /// How deep a policy may be nested.
  public static final int POLICY_DEPTH_MAX = 32;

  /// A policy cut into classes.
  ///
  /// @param partition index of the partition
  /// @param residuals by class
  /// @param examples by class, the id of a place in it
  record Split(int partition, List<Residual> residuals, List<Integer> examples) {}

  /// What a class of a service runs; its index is the program's id.
  record ProgramSource(Residual residual, AllDown allDown, Reach reach) {}

  /// Program ids by service and class, for questions of each family.
  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed once it is filled
  record Rows(int[][] v4, int[][] v6) {}

  private final Catalog catalog;
  private final PlaceTable places;
  private final Partition[] partitions;
  private final Split[] splitOfService;
  private final Partition[] partitionOfService;
  private final Rows rows;
  private final List<ProgramSource> programs;
  private final int[][] poolsOfProgram;
  private final AnswerSets answerSets;
  private final long[] keyOfService;
  private final Reach[] reachV4;
  private final Reach[] reachV6;
  private final int[] poolOfEndpoint;
  private final int[] counts;
  private final int[] countOfService;
  private final int[][] programsOfPool;

  SteeringTables(
      Catalog catalog,
      PlaceTable places,
      Partition[] partitions,
      Split[] splitOfService,
      Rows rows,
      List<ProgramSource> programs,
      List<Residual.All> alls) {
    this.catalog = catalog;
    this.places = places;
    this.partitions = partitions;
    this.splitOfService = splitOfService;
    this.rows = rows;
    this.partitionOfService = new Partition[splitOfService.length];
    for (int service = 0; service < splitOfService.length; service++) {
      partitionOfService[service] = partitions[splitOfService[service].partition()];
    }
    this.programs = List.copyOf(programs);
    this.poolsOfProgram = PoolsOfResidual.ofPrograms(this.programs);
    this.programsOfPool =
        PoolsOfResidual.invert(catalog.pools().size(), this.programs, poolsOfProgram);
    this.answerSets = new AnswerSets(catalog.pools(), alls);
    this.keyOfService =
        catalog.services().stream().mapToLong(service -> Draws.key(service.name())).toArray();
    this.reachV4 = reaches(catalog, Family.V4);
    this.reachV6 = reaches(catalog, Family.V6);
    this.poolOfEndpoint = new int[catalog.endpoints().size()];
    for (Pool pool : catalog.pools()) {
      pool.endpoints().forEach(endpoint -> poolOfEndpoint[endpoint.id()] = pool.id());
    }
    this.counts =
        catalog.services().stream()
            .mapToInt(service -> service.answers().count())
            .filter(count -> count > 1 && count <= Service.Answers.COUNT_MAX)
            .sorted()
            .distinct()
            .toArray();
    this.countOfService =
        catalog.services().stream()
            .mapToInt(service -> Arrays.binarySearch(counts, service.answers().count()))
            .toArray();
  }

  private static Reach[] reaches(Catalog catalog, Family family) {
    return catalog.services().stream()
        .map(service -> Reach.of(service.families(), family))
        .toArray(Reach[]::new);
  }

  /// Compiles every policy of the catalog.
  ///
  /// @param places of the same catalog's networks, with its {@link Catalog#detail} at least
  /// @throws CatalogRefused if the policies exceed {@link #PARTITIONS_MAX}, {@link #CLASSES_MAX} or
  ///     {@link #POLICY_DEPTH_MAX}
  /// @throws IllegalArgumentException if the catalog's ids are not dense, or the places lack detail
  public static SteeringTables compile(Catalog catalog, PlaceTable places) throws CatalogRefused {
    if (!places.detail().covers(catalog.detail())) {
      throw new IllegalArgumentException("the table of places lacks detail that policies look at");
    }
    return new TablesCompiler(catalog, places).compile();
  }

  /// Stage B: the plan for one table of verdicts, no pool in a ramp.
  ///
  /// @param drawKey the same on every node, see {@link SteeringPlan#drawKey}
  public SteeringPlan plan(VerdictTable verdicts, long drawKey) {
    return new PlanCompiler(this, verdicts, Readmission.NONE, drawKey).compile();
  }

  public Catalog catalog() {
    return catalog;
  }

  public PlaceTable places() {
    return places;
  }

  public int partitionCount() {
    return partitions.length;
  }

  /// How many programs there are for all classes of all services.
  public int programCount() {
    return programs.size();
  }

  /// How many classes of clients a service's policy tells apart.
  public int classCount(int service) {
    return splitOfService[service].residuals().size();
  }

  /// The partition that a service's clients are looked up in.
  public Partition partition(int service) {
    return partitionOfService[service];
  }

  /// Its number, from 0 below {@link #partitionCount}.
  public int partitionNumber(int service) {
    return splitOfService[service].partition();
  }

  /// Ids of the pools that a class of a service's clients may get, in the order of the policy, but
  /// for its all-down pool; do not modify.
  public int[] pools(int service, int clientClass) {
    return poolsOfProgram[rows.v4()[service][clientClass]];
  }

  /// The services that may choose one of these pools for some client, be it as their all-down pool.
  public BitSet servicesThatMayChoose(List<Pool> pools) {
    BitSet choosing = new BitSet();
    for (Pool pool : pools) {
      for (int program : programsOfPool[pool.id()]) {
        choosing.set(program);
      }
    }
    BitSet services = new BitSet();
    for (int service = 0; service < rows.v4().length; service++) {
      for (int program : rows.v4()[service]) {
        if (choosing.get(program)) {
          services.set(service);
          break;
        }
      }
    }
    return services;
  }

  /// By service; do not modify.
  Partition[] partitionOfService() {
    return partitionOfService;
  }

  /// Do not modify.
  Rows rows() {
    return rows;
  }

  AnswerSets answerSets() {
    return answerSets;
  }

  /// What stands for a service in its draws: the same whatever else is configured. Do not modify.
  long[] keyOfService() {
    return keyOfService;
  }

  /// By service; do not modify.
  Reach[] reaches(Family family) {
    return family == Family.V4 ? reachV4 : reachV6;
  }

  int poolOfEndpoint(int endpoint) {
    return poolOfEndpoint[endpoint];
  }

  /// How many endpoints are drawn together, ascending, each number that some service has; without
  /// 1.
  int[] counts() {
    return counts;
  }

  /// Index of the service's number in {@link #counts}, or negative.
  int countOfService(int service) {
    return countOfService[service];
  }

  Split split(int service) {
    return splitOfService[service];
  }

  ProgramSource source(int program) {
    return programs.get(program);
  }

  /// The programs whose result may depend on a pool.
  int[] programsOfPool(int pool) {
    return programsOfPool[pool];
  }
}
