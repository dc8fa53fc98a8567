package gslb.node.demo;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One node of the demo: a child process that runs `gslb run`, with the same JVM options as this
/// process. Confined to one thread.
final class DemoNode implements AutoCloseable {
  private final String name;
  private final String address;
  private final Path configuration;
  private final Path log;
  private @Nullable Process process;

  DemoNode(String name, String address, Path configuration, Path log) {
    this.name = name;
    this.address = address;
    this.configuration = configuration;
    this.log = log;
  }

  String name() {
    return name;
  }

  /// The loopback address that its DNS, redirect and admin listeners share.
  String address() {
    return address;
  }

  Path log() {
    return log;
  }

  /// The file of its admin token, which it writes when it starts.
  Path token() {
    return configuration.resolveSibling("state").resolve("admin.token");
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  long pid() {
    return process == null ? -1 : process.pid();
  }

  void start() throws IOException {
    if (isAlive()) {
      return;
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // An agent of a test belongs to the test's own process, and only one process trains a cache.
      if (!option.startsWith("-javaagent") && !option.startsWith("-XX:AOTCacheOutput")) {
        command.add(option);
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("gslb.node.Main");
    command.addAll(List.of("run", "-c", configuration.toString()));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process.getOutputStream().close();
  }

  /// Ends the process as a crash would: no goodbye to anyone.
  void kill() {
    if (process != null) {
      process.destroyForcibly();
      awaitEnd(process);
    }
  }

  private static void awaitEnd(Process process) {
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      process.destroy();
      try {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          kill();
        }
      } catch (InterruptedException e) {
        kill();
        Thread.currentThread().interrupt();
      }
    }
  }
}
