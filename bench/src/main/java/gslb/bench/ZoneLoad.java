package gslb.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// How long servers take from their start to the first answer, and how much processor and memory
/// that takes, for one large zone or for many small ones: gslb beside Knot and NSD, in alternating
/// rounds on the same files.
///
///     java -cp ... gslb.bench.ZoneLoad [--json] [<records> [<zones> [<rounds>]]]
///
/// Run it in the root folder: gslb is started by its launcher, as its operators start it. A server
/// that is not installed is left out. The exit code is 0 if gslb takes at most twice the time and
/// the memory of Knot, 1 if it takes more, 64 for wrong arguments.
public final class ZoneLoad {
  private static final int RECORDS_MAX = 10_000_000;
  private static final int ZONES_MAX = 100_000;
  private static final int ROUNDS_MAX = 50;
  private static final double RATIO_MAX = 2;

  /// What one start took, or the median of several.
  ///
  /// @param seconds from the start to the answer for the last name of the last zone
  /// @param cpuSeconds user and system time of all its processes until then
  /// @param peakMib most that its largest process had resident until then
  /// @param restMib proportional share of memory of all its processes two seconds later
  record Cost(double seconds, double cpuSeconds, double peakMib, double restMib) {
    private static double median(List<Cost> costs, java.util.function.ToDoubleFunction<Cost> of) {
      double[] sorted = costs.stream().mapToDouble(of).sorted().toArray();
      return sorted[sorted.length / 2];
    }

    static Cost median(List<Cost> costs) {
      return new Cost(
          median(costs, Cost::seconds),
          median(costs, Cost::cpuSeconds),
          median(costs, Cost::peakMib),
          median(costs, Cost::restMib));
    }
  }

  private final int records;
  private final int zones;
  private final Path folder;

  private ZoneLoad(int records, int zones, Path folder) {
    this.records = records;
    this.zones = zones;
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    List<String> numbers = new ArrayList<>(List.of(arguments));
    boolean json = numbers.remove("--json");
    if (numbers.size() > 3 || !numbers.stream().allMatch(n -> n.matches("\\d{1,8}"))) {
      System.err.println("usage: ZoneLoad [--json] [<records> [<zones> [<rounds>]]]");
      System.exit(64);
    }
    int records = number(numbers, 0, 1_000_000, RECORDS_MAX);
    int zones = number(numbers, 1, 1, ZONES_MAX);
    int rounds = number(numbers, 2, 5, ROUNDS_MAX);
    Path folder = Files.createTempDirectory("gslb-zone-load");
    boolean isWithin;
    try {
      isWithin = new ZoneLoad(records, zones, folder).compare(rounds, json);
    } finally {
      remove(folder);
    }
    System.exit(isWithin ? 0 : 1);
  }

  /// The argument of that index, within bounds.
  static int number(List<String> numbers, int index, int usual, int max) {
    return index < numbers.size() ? Math.clamp(Long.parseLong(numbers.get(index)), 1, max) : usual;
  }

  private boolean compare(int rounds, boolean json) throws Exception {
    ZoneFiles files = ZoneFiles.write(folder, records, zones);
    List<LoadedServer> servers = LoadedServer.installed(folder, files);
    List<List<Cost>> costs = new ArrayList<>();
    servers.forEach(_ -> costs.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < servers.size(); i++) {
        Cost cost = servers.get(i).start(files.lastName());
        costs.get(i).add(cost);
        System.err.printf(
            Locale.ROOT,
            "round %d of %d: %s %.2f s%n",
            round + 1,
            rounds,
            servers.get(i).name(),
            cost.seconds());
      }
    }
    List<Cost> medians = costs.stream().map(Cost::median).toList();
    if (!json) {
      System.out.printf("%d records in %d zones, %d rounds, medians%n%n", records, zones, rounds);
      System.out.println("| server | s to the first answer | CPU s | MiB at most | MiB then |");
      System.out.println("|---|---|---|---|---|");
    }
    String row =
        json
            ? "{\"server\":\"%s\",\"seconds\":%.2f,\"cpu\":%.2f,\"peakMib\":%.0f,\"restMib\":%.0f}%n"
            : "| %s | %.2f | %.2f | %.0f | %.0f |%n";
    for (int i = 0; i < servers.size(); i++) {
      Cost cost = medians.get(i);
      System.out.printf(
          Locale.ROOT,
          row,
          servers.get(i).name(),
          cost.seconds(),
          cost.cpuSeconds(),
          cost.peakMib(),
          cost.restMib());
    }
    return isWithin(servers, medians);
  }

  private static boolean isWithin(List<LoadedServer> servers, List<Cost> medians) {
    List<String> names = servers.stream().map(LoadedServer::name).toList();
    if (!names.contains("knot")) {
      return true;
    }
    Cost ours = medians.get(names.indexOf("gslb"));
    Cost knots = medians.get(names.indexOf("knot"));
    return ours.seconds() <= RATIO_MAX * knots.seconds()
        && ours.peakMib() <= RATIO_MAX * knots.peakMib();
  }

  /// Removes a folder with all in it.
  static void remove(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /// A loopback address for a server that reads its port from a file.
  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }
}
