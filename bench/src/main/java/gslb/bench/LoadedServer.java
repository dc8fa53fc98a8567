package gslb.bench;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A DNS server that is started on the zone files of {@link ZoneLoad}, asked, measured and ended.
///
/// @param command starts it in the foreground
record LoadedServer(String name, List<String> command, int port, Path folder) {
  /// A server that has not answered after this long has failed.
  private static final int PORT_TRIES = 50;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int ASK_AGAIN_MILLIS = 20;

  /// Linux counts processor time in hundredths for programs.
  private static final double TICKS = 100;

  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final Pattern SHARE = Pattern.compile("Pss:\\s+(\\d+) kB");

  /// Those of gslb, Knot and NSD that this machine has.
  static List<LoadedServer> installed(Path folder, ZoneFiles files) throws IOException {
    List<LoadedServer> servers = new ArrayList<>();
    Path launcher = Path.of("gslb").toAbsolutePath();
    if (!Files.isExecutable(launcher)) {
      throw new IOException(launcher + " is not there; run this in the root folder");
    }
    servers.add(gslb(launcher, folder, files));
    String knot = program("knotd");
    if (!knot.isEmpty()) {
      servers.add(knot(knot, folder, files));
    }
    String nsd = program("nsd");
    if (!nsd.isEmpty()) {
      servers.add(nsd(nsd, folder, files));
    }
    return servers;
  }

  private static String program(String name) {
    return Stream.of((System.getenv("PATH") + ":/usr/sbin").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElse("");
  }

  private static LoadedServer gslb(Path launcher, Path folder, ZoneFiles files) throws IOException {
    int port = freePort();
    StringBuilder text = new StringBuilder();
    text.append("node: {state-directory: state}\n");
    text.append("listen: {dns: [\"127.0.0.1:" + port + "\"]}\nzones:\n");
    files.zones().forEach(z -> text.append("  " + z + ": {file: " + z + ".zone}\n"));
    Path configuration = Files.writeString(folder.resolve("gslb.yaml"), text);
    List<String> command = List.of(launcher.toString(), "run", "-c", configuration.toString());
    return new LoadedServer("gslb", command, port, folder);
  }

  private static LoadedServer knot(String program, Path folder, ZoneFiles files)
      throws IOException {
    int port = freePort();
    StringBuilder text = new StringBuilder();
    text.append(
        """
        server:
            rundir: "%1$s"
            listen: 127.0.0.1@%2$d
        database:
            storage: "%1$s/knot"
        template:
          - id: default
            storage: "%1$s"
            file: "%%s.zone"
            zonefile-sync: -1
            journal-content: none
            semantic-checks: off
        zone:
        """
            .formatted(folder, port));
    files.zones().forEach(z -> text.append("  - domain: " + z + "\n"));
    Path configuration = Files.writeString(folder.resolve("knot.conf"), text);
    return new LoadedServer("knot", List.of(program, "-c", configuration.toString()), port, folder);
  }

  private static LoadedServer nsd(String program, Path folder, ZoneFiles files) throws IOException {
    int port = freePort();
    StringBuilder text = new StringBuilder();
    text.append(
        """
        server:
            ip-address: 127.0.0.1
            port: %2$d
            server-count: 1
            username: ""
            database: ""
            zonesdir: "%1$s"
            pidfile: "%1$s/nsd.pid"
            xfrdfile: "%1$s/xfrd.state"
            xfrdir: "%1$s"
            zonelistfile: "%1$s/zone.list"
            rrl-ratelimit: 0
            rrl-whitelist-ratelimit: 0
        remote-control:
            control-enable: no
        """
            .formatted(folder, port));
    files
        .zones()
        .forEach(z -> text.append("zone:\n    name: " + z + "\n    zonefile: " + z + ".zone\n"));
    Path configuration = Files.writeString(folder.resolve("nsd.conf"), text);
    return new LoadedServer(
        "nsd", List.of(program, "-d", "-c", configuration.toString()), port, folder);
  }

  /// A port that is free for UDP and TCP, below those that kernels give to outgoing connections.
  static int freePort() throws IOException {
    for (int tries = 0; tries < PORT_TRIES; tries++) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 25_000);
      try (ServerSocket tcp = new ServerSocket(port);
          DatagramSocket udp = new DatagramSocket(ZoneLoad.loopback(tcp.getLocalPort()))) {
        return udp.getLocalPort();
      } catch (BindException _) {
        // another has it
      }
    }
    throw new IOException("no port is free");
  }

  /// Starts it, waits for the answer for the name, measures, and ends it.
  ZoneLoad.Cost start(String lastName) throws IOException {
    long begin = System.nanoTime();
    try (Running running = launch(lastName)) {
      double seconds = (System.nanoTime() - begin) / 1e9;
      List<Long> tree = running.tree();
      double cpu = running.cpuSeconds();
      double peak = 0;
      for (long pid : tree) {
        peak = Math.max(peak, mib(pid, "status", PEAK));
      }
      LockSupport.parkNanos(REST_NANOS);
      double rest = 0;
      for (long pid : tree) {
        rest += mib(pid, "smaps_rollup", SHARE);
      }
      return new ZoneLoad.Cost(seconds, cpu, peak, rest);
    }
  }

  /// Starts it and waits for the answer for the name.
  ///
  /// @param before what the command is run by, such as `taskset -c 0`
  Running launch(String lastName, String... before) throws IOException {
    Path log = folder.resolve(name + ".log");
    List<String> whole = new ArrayList<>(List.of(before));
    whole.addAll(command);
    Process process =
        new ProcessBuilder(whole)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Running running = new Running(process);
    try {
      awaitAnswer(UdpProbe.question(lastName), process, log);
      return running;
    } catch (IOException | RuntimeException | Error e) {
      running.close();
      throw e;
    }
  }

  /// Its processes.
  record Running(Process process) implements AutoCloseable {
    List<Long> tree() {
      List<Long> tree = new ArrayList<>(List.of(process.pid()));
      process.descendants().forEach(child -> tree.add(child.pid()));
      return tree;
    }

    /// User and system time of all of them until now.
    double cpuSeconds() throws IOException {
      double seconds = 0;
      for (long pid : tree()) {
        seconds += LoadedServer.cpuSeconds(pid);
      }
      return seconds;
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      process.onExit().join();
    }
  }

  private void awaitAnswer(ByteBuffer question, Process process, Path log) throws IOException {
    InetSocketAddress server = ZoneLoad.loopback(port);
    byte[] query = new byte[question.limit()];
    question.rewind().get(query);
    DatagramPacket reply = new DatagramPacket(new byte[512], 512);
    long begin = System.nanoTime();
    try (DatagramSocket socket = new DatagramSocket(ZoneLoad.loopback(0))) {
      socket.setSoTimeout(ASK_AGAIN_MILLIS);
      while (System.nanoTime() - begin < PATIENCE_NANOS && process.isAlive()) {
        try {
          socket.send(new DatagramPacket(query, query.length, server));
          socket.receive(reply);
          if (ByteBuffer.wrap(reply.getData()).getShort(6) > 0) {
            return;
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ASK_AGAIN_MILLIS));
        } catch (SocketTimeoutException | SocketException _) {
          // It does not listen yet.
        }
      }
    }
    throw new IOException(name + " did not answer; it said: " + Files.readString(log));
  }

  private static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
    // Behind the command's name in parentheses: state, ..., utime, stime, cutime, cstime.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    double ticks = 0;
    for (int i = 11; i <= 14; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return ticks / TICKS;
  }

  private static double mib(long pid, String file, Pattern pattern) throws IOException {
    Matcher line = pattern.matcher(Files.readString(Path.of("/proc", String.valueOf(pid), file)));
    return line.find() ? Long.parseLong(line.group(1)) / 1024.0 : 0;
  }
}
