package gslb.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What an answer from a zone file costs the server in processor time, user and system together:
/// gslb beside Knot and NSD, in alternating rounds on the same files.
///
///     taskset -c 1 java -cp ... gslb.bench.QueryCost [--json] [<queries> [<rounds>]]
///
/// Run it in the root folder, pinned to another processor than 0, to which the servers are pinned.
/// A server that is not installed is left out. The exit code is 0 if gslb takes at most what Knot
/// takes for every kind of question, 1 if it takes more, 64 for wrong arguments.
public final class QueryCost {
  private static final int QUERIES_MAX = 10_000_000;
  private static final int ROUNDS_MAX = 50;
  private static final int RECORDS = 10_000;

  /// Before anything is measured, so that what is compiled while running is compiled.
  private static final int WARM_UP = 500_000;

  /// Kinds of questions, and the names that are asked for in them; `%s` is the zone.
  private static final List<String> KINDS = List.of("address", "no such name");

  private static final List<String> NAMES = List.of("last.%s", "x.nowhere.%s");

  private QueryCost() {}

  public static void main(String[] arguments) throws Exception {
    List<String> numbers = new ArrayList<>(List.of(arguments));
    boolean json = numbers.remove("--json");
    if (numbers.size() > 2 || !numbers.stream().allMatch(n -> n.matches("\\d{1,8}"))) {
      System.err.println("usage: QueryCost [--json] [<queries> [<rounds>]]");
      System.exit(64);
    }
    int queries = ZoneLoad.number(numbers, 0, 200_000, QUERIES_MAX);
    int rounds = ZoneLoad.number(numbers, 1, 3, ROUNDS_MAX);
    Path folder = Files.createTempDirectory("gslb-query-cost");
    boolean isWithin;
    try {
      isWithin = compare(folder, queries, rounds, json);
    } finally {
      ZoneLoad.remove(folder);
    }
    System.exit(isWithin ? 0 : 1);
  }

  private static boolean compare(Path folder, int queries, int rounds, boolean json)
      throws Exception {
    ZoneFiles files = ZoneFiles.write(folder, RECORDS, 1);
    List<LoadedServer> servers = LoadedServer.installed(folder, files);
    double[][][] micros = new double[servers.size()][KINDS.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int server = 0; server < servers.size(); server++) {
        double[] cost = measure(servers.get(server), files, queries);
        for (int kind = 0; kind < cost.length; kind++) {
          micros[server][kind][round] = cost[kind];
        }
        System.err.printf("round %d of %d: %s%n", round + 1, rounds, servers.get(server).name());
      }
    }
    return print(servers, micros, json);
  }

  /// Microseconds per reply, by kind.
  private static double[] measure(LoadedServer server, ZoneFiles files, int queries)
      throws IOException {
    double[] micros = new double[KINDS.size()];
    try (LoadedServer.Running running = server.launch(files.lastName(), "taskset", "-c", "0")) {
      for (int kind = 0; kind < micros.length; kind++) {
        String name = NAMES.get(kind).formatted(files.zones().getFirst());
        ByteBuffer query = UdpProbe.question(name);
        UdpLoad.ask(ZoneLoad.loopback(server.port()), query, WARM_UP);
        double before = running.cpuSeconds();
        int replies = UdpLoad.ask(ZoneLoad.loopback(server.port()), query, queries);
        micros[kind] = (running.cpuSeconds() - before) * 1e6 / Math.max(1, replies);
      }
    }
    return micros;
  }

  private static boolean print(List<LoadedServer> servers, double[][][] micros, boolean json) {
    boolean isWithin = true;
    if (!json) {
      System.out.println("us of processor time per reply, medians (least to most)\n");
      System.out.println("| server | " + String.join(" | ", KINDS) + " |");
      System.out.println("|---|" + "---|".repeat(KINDS.size()));
    }
    for (int server = 0; server < servers.size(); server++) {
      StringBuilder row = new StringBuilder();
      for (int kind = 0; kind < KINDS.size(); kind++) {
        double[] sorted = micros[server][kind];
        Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        row.append(
            json
                ? String.format(Locale.ROOT, ",\"%s\":%.2f", KINDS.get(kind), median)
                : String.format(
                    Locale.ROOT,
                    " %.2f (%.2f to %.2f) |",
                    median,
                    sorted[0],
                    sorted[sorted.length - 1]));
        if (servers.get(server).name().equals("knot")) {
          double[] ours = micros[0][kind];
          isWithin &= ours[ours.length / 2] <= median;
        }
      }
      String name = servers.get(server).name();
      System.out.println(
          json ? "{\"server\":\"" + name + "\"" + row + "}" : "| " + name + " |" + row);
    }
    return isWithin;
  }
}
