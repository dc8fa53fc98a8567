package gslb.node.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The main job on this machine, with no set-up. Confined to the thread that runs it, but for the
/// one that reads commands.
public final class Demo implements AutoCloseable {
  public static final int NODES_MAX = 3;

  /// Lines typed that wait to be obeyed.
  static final int COMMANDS_MAX = 100;

  /// Attempts to see a node ready, one every {@link #POLL_MILLIS}.
  private static final int READY_TRIES = 300;

  private static final int POLL_MILLIS = 200;
  private static final int TRAINING_ROUNDS = 50;

  /// Between two looks at the nodes for the status line.
  private static final int STATUS_MILLIS = 1_000;

  private final DemoLayout layout;
  private final PrintStream out;
  private final boolean liveStatus;
  private final Path folder;
  private final List<DemoPool> pools;
  private final List<DemoNode> nodes = new ArrayList<>();
  private final BlockingQueue<String> commands = new LinkedBlockingQueue<>(COMMANDS_MAX);
  private final DemoStatus status;
  private String shown = "";

  private Demo(DemoLayout layout, PrintStream out, boolean liveStatus) throws IOException {
    this.layout = layout;
    this.out = out;
    this.liveStatus = liveStatus;
    folder = Files.createTempDirectory("gslb-demo");
    pools = layout.newPools();
    status = new DemoStatus(layout);
  }

  /// Lays out a demo; nothing is started yet.
  ///
  /// @param nodes 1..{@link #NODES_MAX}
  /// @param portOffset added to every port
  /// @param home the folder that holds `deploy/geo`
  /// @param liveStatus whether `out` is a terminal, on which one line can be rewritten
  public static Demo prepare(
      int nodes, int portOffset, Path home, PrintStream out, boolean liveStatus)
      throws IOException {
    return new Demo(
        new DemoLayout(nodes, DemoLayout.Ports.DEFAULT.plus(portOffset), home), out, liveStatus);
  }

  /// Starts everything, shows it and obeys until told to stop.
  ///
  /// @param input lines typed; its end does not stop the demo
  /// @return an exit code
  public int run(InputStream input) throws IOException, InterruptedException {
    start();
    out.print(DemoText.walkThrough(layout, folder));
    out.flush();
    readCommands(input);
    while (true) {
      String line = commands.poll(STATUS_MILLIS, TimeUnit.MILLISECONDS);
      if (line != null && !obey(line.strip().toLowerCase(Locale.ROOT))) {
        return 0;
      }
      showStatus();
    }
  }

  /// Starts pools and nodes, and waits until every node answers and sees the others.
  void start() throws IOException, InterruptedException {
    writeFiles();
    out.println(
        "gslb demo: starting "
            + pools.size()
            + " pools and "
            + (layout.nodes() == 1 ? "1 node" : layout.nodes() + " nodes")
            + " …");
    out.flush();
    for (DemoPool pool : pools) {
      pool.revive();
    }
    for (DemoNode node : nodes) {
      node.start();
    }
    awaitReady();
  }

  private void writeFiles() throws IOException {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    for (int i = 1; i <= layout.nodes(); i++) {
      String name = DemoLayout.nodeName(i);
      Path own = Files.createDirectories(folder.resolve(name));
      Files.writeString(own.resolve("gslb.example.zone"), layout.zone());
      Files.write(own.resolve("cluster.key"), secret);
      own.resolve("cluster.key").toFile().setReadable(false, false);
      own.resolve("cluster.key").toFile().setReadable(true, true);
      Path configuration = own.resolve("gslb.yaml");
      Files.writeString(configuration, layout.configuration(i, own.resolve("state")));
      nodes.add(new DemoNode(name, DemoLayout.nodeAddress(i), configuration, own.resolve("log")));
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    for (int tries = 0; tries < READY_TRIES; tries++) {
      for (DemoNode node : nodes) {
        if (!node.isAlive()) {
          throw new IOException(
              "node '" + node.name() + "' ended: " + Files.readString(node.log()).strip());
        }
      }
      if (status.allReady(nodes)) {
        return;
      }
      String ignored = commands.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
      assert ignored == null : "nothing is typed before the demo is ready";
    }
    throw new IOException("the nodes are not ready; their logs are in " + folder);
  }

  private void readCommands(InputStream input) {
    Thread.ofPlatform()
        .name("demo-commands")
        .daemon(true)
        .start(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  commands.put(line);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /// Measures how the nodes follow a dying pool, and ends.
  ///
  /// @return 0 if every node was within the bound, else 1
  public int lab() throws IOException, InterruptedException {
    start();
    return new DemoLab(layout, status, nodes, pools, out).run() ? 0 : 1;
  }

  /// False if the command ends the demo.
  private boolean obey(String command) throws IOException {
    if (command.isEmpty()) {
      return true;
    }
    clearStatus();
    if (command.equals("q") || command.equals("quit") || command.equals("exit")) {
      return false;
    }
    if (command.equals("help") || command.equals("?")) {
      out.print(DemoText.commands(layout));
      return true;
    }
    String name = command.substring(command.indexOf(' ') + 1);
    boolean kill = command.startsWith("kill ");
    boolean revive = command.startsWith("revive ");
    Optional<DemoPool> pool = pools.stream().filter(p -> p.name().equals(name)).findFirst();
    Optional<DemoNode> node = nodes.stream().filter(n -> n.name().equals(name)).findFirst();
    // The bare name of a pool or node turns it over.
    if (pool.isPresent()) {
      turn(pool.get(), kill || (!revive && pool.get().isAlive()));
    } else if (node.isPresent()) {
      turn(node.get(), kill || (!revive && node.get().isAlive()));
    } else {
      out.println("'" + command + "' is no command");
      out.print(DemoText.commands(layout));
    }
    return true;
  }

  private void turn(DemoPool pool, boolean kill) throws IOException {
    if (kill) {
      pool.kill();
      out.println("pool " + pool.name() + " is killed: its ports refuse connections");
    } else {
      pool.revive();
      out.println("pool " + pool.name() + " is revived");
    }
  }

  private void turn(DemoNode node, boolean kill) throws IOException {
    if (kill) {
      node.kill();
      out.println("node " + node.name() + " is killed");
    } else {
      node.start();
      out.println("node " + node.name() + " is started, pid " + node.pid());
    }
  }

  private void clearStatus() {
    if (liveStatus && !shown.isEmpty()) {
      out.print("\r\033[K");
    }
    shown = "";
  }

  /// On a terminal one line that is rewritten, elsewhere a line whenever it changes.
  private void showStatus() {
    String line = status.line(nodes, pools);
    if (liveStatus) {
      out.print("\r\033[K" + line);
      shown = line;
    } else if (!line.equals(shown)) {
      out.println(line);
      shown = line;
    }
    out.flush();
  }

  /// Ends every process and server, and removes what was written; a second time does nothing.
  @Override
  public synchronized void close() {
    clearStatus();
    out.flush();
    nodes.forEach(DemoNode::close);
    pools.forEach(DemoPool::close);
    if (!Files.exists(folder)) {
      return;
    }
    remove(folder);
  }

  private static void remove(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      tree.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Serves a demo configuration in this process for a moment, on free ports: what a start loads is
  /// loaded then.
  ///
  /// @param serve starts a node with a configuration file
  public static void train(Path home, Starter serve) throws IOException {
    Path folder = Files.createTempDirectory("gslb-train");
    List<Integer> free = freePorts(5);
    DemoLayout.Ports ports =
        new DemoLayout.Ports(free.get(0), free.get(1), free.get(2), free.get(3), free.get(4));
    DemoLayout layout = new DemoLayout(1, ports, home);
    try {
      Files.writeString(folder.resolve("gslb.example.zone"), layout.zone());
      Path configuration = folder.resolve("gslb.yaml");
      Files.writeString(configuration, trained(layout.configuration(1, folder.resolve("state"))));
      TrainingZone.write(folder.resolve(TrainingZone.NAME + ".zone"));
      try (AutoCloseable node = serve.start(configuration.toString())) {
        DemoClient client = new DemoClient(DemoLayout.nodeAddress(1), ports);
        for (int i = 0; i < TRAINING_ROUNDS; i++) {
          DemoStatus.CLIENTS.values().forEach(client::address);
          client.location();
        }
        assert node != null;
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    } finally {
      remove(folder);
    }
  }

  private static String trained(String configuration) {
    String zone = "  " + TrainingZone.NAME + ": {file: " + TrainingZone.NAME + ".zone}\n";
    return configuration.replace("\nzones:\n", "\nzones:\n" + zone);
  }

  /// Starts a node.
  @FunctionalInterface
  public interface Starter {
    AutoCloseable start(String configurationFile) throws Exception;
  }

  /// So many different ones: the kernel may give a port that was just left a second time.
  private static List<Integer> freePorts(int count) throws IOException {
    Set<Integer> ports = new LinkedHashSet<>();
    while (ports.size() < count) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        ports.add(socket.getLocalPort());
      }
    }
    return List.copyOf(ports);
  }
}
