package gslb.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// What hostile TCP clients cost those who ask over UDP: alternating rounds without and with 2,000
/// idle connections, slow writers and clients that never read, against a server of its own.
///
///     taskset -c 1 java @gslb.jvmopts -cp ... gslb.bench.HostileTcp [<rounds> [<seconds>]]
///
/// The server is a child process, on processor 0 where `taskset` is installed. Everything happens
/// on loopback and ends with the run, which takes half a minute a round. The exit code is 0 if the
/// median ratio of the 99th percentiles is at most 1.5, no query went without a reply, and the
/// server closed every hostile connection by its rule.
public final class HostileTcp {
  private static final int ROUNDS_MAX = 50;
  private static final int SECONDS_MAX = 60;
  private static final double RATIO_MAX = 1.5;
  private static final Duration SETTLE = Duration.ofSeconds(2);

  /// The default limits give each ten seconds.
  private static final Duration CLOSING_MAX = Duration.ofSeconds(25);

  /// Which counter counts hostile connections closed by which rule.
  private static final List<String> RULES =
      List.of(
          "gslb_dns_tcp_closed_idle_total",
          "gslb_dns_tcp_closed_slow_query_total",
          "gslb_dns_tcp_closed_unread_reply_total",
          "gslb_dns_tcp_closed_evicted_total",
          "gslb_dns_tcp_closed_memory_total",
          "gslb_dns_tcp_refused_client_total",
          "gslb_dns_tcp_refused_full_total");

  private final Server server;
  private final List<Double> ratios = new ArrayList<>();
  private int unanswered;
  private int strays;

  private HostileTcp(Server server) {
    this.server = server;
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 1 && arguments[0].equals("serve")) {
      HostileServer.serve();
      return;
    }
    int rounds = number(arguments, 0, 5, ROUNDS_MAX);
    int seconds = number(arguments, 1, 8, SECONDS_MAX);
    try (Server server = Server.start()) {
      HostileTcp run = new HostileTcp(server);
      System.out.printf(
          Locale.ROOT,
          "%d rounds of %d s; %d idle, %d slow, %d deaf connections; %d UDP queries/s; load %s%n",
          rounds,
          seconds,
          HostileClients.IDLE,
          HostileClients.SLOW,
          HostileClients.DEAF,
          UdpProbe.QUERIES_PER_SECOND,
          load());
      UdpProbe.measure(server.address(), seconds); // until the compiler has seen everything
      for (int round = 1; round <= rounds; round++) {
        run.round(round, seconds);
      }
      System.exit(run.verdict() ? 0 : 1);
    }
  }

  private static int number(String[] arguments, int index, int otherwise, int most) {
    return arguments.length > index
        ? Math.clamp(Long.parseLong(arguments[index]), 1, most)
        : otherwise;
  }

  private static String load() throws IOException {
    Path file = Path.of("/proc/loadavg");
    return Files.isReadable(file) ? Files.readString(file).split(" ", 2)[0] : "unknown";
  }

  private void round(int round, int seconds) throws IOException, InterruptedException {
    UdpProbe.Result quiet = UdpProbe.measure(server.address(), seconds);
    Map<String, Long> before = server.counters();
    UdpProbe.Result hostile;
    int left;
    try (HostileClients clients = new HostileClients(server.address())) {
      clients.connect();
      clients.awaitQuiet(SETTLE);
      hostile = UdpProbe.measure(server.address(), seconds);
      left = clients.awaitClosed(CLOSING_MAX);
    }
    double ratio = (double) hostile.p99Nanos() / quiet.p99Nanos();
    ratios.add(ratio);
    unanswered += quiet.unanswered() + hostile.unanswered();
    strays += left;
    System.out.printf(
        Locale.ROOT, "round %d  without %s  with %s  ratio %.2f%n", round, quiet, hostile, ratio);
    System.out.println("         " + closedBy(before, server.counters()) + ", left open " + left);
  }

  private static String closedBy(Map<String, Long> before, Map<String, Long> after) {
    StringBuilder text = new StringBuilder();
    for (String rule : RULES) {
      long count = after.getOrDefault(rule, 0L) - before.getOrDefault(rule, 0L);
      String name = rule.replace("gslb_dns_tcp_", "").replace("_total", "");
      text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(count);
    }
    return text.toString();
  }

  private boolean verdict() throws IOException {
    double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double median = sorted[sorted.length / 2];
    System.out.printf(
        Locale.ROOT,
        "median ratio of p99 %.2f (at most %.1f), %d queries without a reply, %d connections left"
            + " open; load %s%n",
        median,
        RATIO_MAX,
        unanswered,
        strays,
        load());
    return median <= RATIO_MAX && unanswered == 0 && strays == 0;
  }

  /// The server under test, in a process of its own that ends with its input.
  private record Server(Process process, BufferedReader output, PrintStream input, int port)
      implements AutoCloseable {
    static Server start() throws IOException {
      List<String> command = new ArrayList<>();
      if (Files.isExecutable(Path.of("/usr/bin/taskset"))) {
        command.addAll(List.of("/usr/bin/taskset", "-c", "0"));
      }
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "-Xmx1g",
              "--enable-native-access=ALL-UNNAMED",
              "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              HostileTcp.class.getName(),
              "serve"));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      PrintStream input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      String first = output.readLine();
      if (first == null) {
        throw new IOException("the server did not start");
      }
      return new Server(process, output, input, Integer.parseInt(first));
    }

    InetSocketAddress address() {
      return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    Map<String, Long> counters() throws IOException {
      input.println("counters");
      Map<String, Long> counters = new TreeMap<>();
      for (String line = output.readLine();
          line != null && !line.isEmpty();
          line = output.readLine()) {
        String[] words = line.split(" ", 2);
        counters.put(words[0], Long.parseLong(words[1]));
      }
      return counters;
    }

    @Override
    public void close() {
      input.close();
      try {
        if (process.waitFor(20, TimeUnit.SECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      process.destroyForcibly();
    }
  }

  /// Sorted latencies to percentiles.
  static long percentile(long[] sorted, int count, double share) {
    return count == 0 ? Long.MAX_VALUE : sorted[(int) Math.min(count - 1L, (long) (count * share))];
  }

  static long[] sorted(long[] values, int count) {
    long[] copy = Arrays.copyOf(values, count);
    Arrays.sort(copy);
    return copy;
  }
}
