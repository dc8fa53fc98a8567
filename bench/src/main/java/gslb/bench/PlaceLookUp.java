package gslb.bench;

import gslb.base.Family;
import gslb.steering.Catalog;
import gslb.steering.SteeringTables;
import gslb.steering.places.CountryTable;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.Partition;
import gslb.steering.places.PlaceTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// What it takes to find class and scope of a client, for a service that leads to the nearest of 12
/// pools, and how many bytes that allocates.
///
///     java @gslb.jvmopts -cp ... gslb.bench.PlaceLookUp <file>...
///
/// `prefixes` asks for 50,000 different /24 (of IPv6 /48), `uniform` for a million addresses
/// anywhere, each in random order.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PlaceLookUp {
  private static final int POOLS = 12;
  private static final int PREFIXES = 50_000;
  private static final int UNIFORM = 1 << 20;

  /// The database.
  @Param({})
  public String file = "";

  @Param({"V4", "V6"})
  public Family family = Family.V4;

  @Param({"prefixes", "uniform"})
  public String clients = "";

  private Partition partition;
  private long[] addresses;
  private int next;

  @SuppressWarnings("NullAway.Init") // JMH calls prepare first
  public PlaceLookUp() {}

  /// Compiles the table and draws the clients.
  @Setup
  public void prepare() throws Exception {
    Catalog catalog = NearestCatalog.of(POOLS);
    GeoDatabase database = GeoDatabase.read(file, Files.readAllBytes(Path.of(file)));
    PlaceTable places =
        PlaceTable.compile(List.of(database), Map.of(), CountryTable.standard(), catalog.detail());
    partition = SteeringTables.compile(catalog, places).partition(0);
    Random random = new Random(1);
    boolean isUniform = clients.equals("uniform");
    addresses =
        random
            .longs()
            .map(bits -> address(bits, isUniform))
            .distinct()
            .limit(isUniform ? UNIFORM : PREFIXES)
            .toArray();
  }

  /// IPv4 in the lower 32 bits, or the upper half of an IPv6 address in 2000::/3.
  private long address(long bits, boolean isUniform) {
    if (family == Family.V4) {
      return isUniform ? bits >>> 32 : bits >>> 32 & 0xffff_ff00L;
    }
    long unicast = 0x2000_0000_0000_0000L | bits >>> 3;
    // Half of what is in use is in these /12.
    long[] used = {0x2001L << 48, 0x2400L << 48, 0x2600L << 48, 0x2800L << 48, 0x2a00L << 48};
    return isUniform
        ? unicast
        : used[(int) (bits & 3) + (int) (bits >>> 2 & 1)] | bits >>> 12 & 0x000f_ffff_ffff_0000L;
  }

  @Benchmark
  public long lookUp() {
    int at = next;
    next = at + 1 == addresses.length ? 0 : at + 1;
    return family == Family.V4
        ? partition.lookupV4((int) addresses[at])
        : partition.lookupV6(addresses[at], 1);
  }

  public static void main(String[] files) throws Exception {
    if (files.length == 0) {
      System.err.println("usage: PlaceLookUp <file>...");
      System.exit(64);
    }
    new Runner(
            new OptionsBuilder()
                .include(PlaceLookUp.class.getName())
                .param("file", files)
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }
}
