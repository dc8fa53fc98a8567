package gslb.steering;

import gslb.steering.places.Partition;
import gslb.steering.places.PlaceTable;
import java.util.BitSet;
import java.util.List;

/// Stage A of the compiler: what every policy comes to at every place, whatever the verdicts.
/// Depends
/// on the catalog and the places alone, so it is kept while verdicts flip. Immutable.
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
  record ProgramSource(Residual residual, AllDown allDown) {}

  private final Catalog catalog;
  private final PlaceTable places;
  private final Partition[] partitions;
  private final Split[] splitOfService;
  private final Partition[] partitionOfService;
  private final int[][] programsOfService;
  private final List<ProgramSource> programs;
  private final int[][] poolsOfProgram;
  private final int[][] programsOfPool;

  SteeringTables(
      Catalog catalog,
      PlaceTable places,
      Partition[] partitions,
      Split[] splitOfService,
      int[][] programsOfService,
      List<ProgramSource> programs) {
    this.catalog = catalog;
    this.places = places;
    this.partitions = partitions;
    this.splitOfService = splitOfService;
    this.programsOfService = programsOfService;
    this.partitionOfService = new Partition[splitOfService.length];
    for (int service = 0; service < splitOfService.length; service++) {
      partitionOfService[service] = partitions[splitOfService[service].partition()];
    }
    this.programs = List.copyOf(programs);
    this.poolsOfProgram = PoolsOfResidual.ofPrograms(this.programs);
    this.programsOfPool =
        PoolsOfResidual.invert(catalog.pools().size(), this.programs, poolsOfProgram);
  }

  /// Compiles every policy of the catalog.
  ///
  /// @param places of the same catalog's networks
  /// @throws CatalogRefused if the policies exceed {@link #PARTITIONS_MAX}, {@link #CLASSES_MAX} or
  ///     {@link #POLICY_DEPTH_MAX}
  /// @throws IllegalArgumentException if the catalog's ids are not dense
  public static SteeringTables compile(Catalog catalog, PlaceTable places) throws CatalogRefused {
    return new TablesCompiler(catalog, places).compile();
  }

  /// Stage B: the plan for one table of verdicts.
  ///
  /// @param drawKey the same on every node, see {@link SteeringPlan#drawKey}
  public SteeringPlan plan(VerdictTable verdicts, long drawKey) {
    return new PlanCompiler(this, verdicts, drawKey).compile();
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

  /// Ids of the pools that a class of a service's clients may get, in the order of the policy, but
  /// for its all-down pool; do not modify.
  public int[] pools(int service, int clientClass) {
    return poolsOfProgram[programsOfService[service][clientClass]];
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
    for (int service = 0; service < programsOfService.length; service++) {
      for (int program : programsOfService[service]) {
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

  /// Program ids by service and class; do not modify.
  int[][] programsOfService() {
    return programsOfService;
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
