package gslb.trials.lab;

import gslb.trials.Peer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A network and process namespace without a way out. Whatever runs in it ends with it, and it ends
/// with this process: its first process reads a pipe of ours.
final class Namespace implements AutoCloseable {
  /// Seconds that a program may take.
  private static final int RUN_SECONDS_MAX = 120;

  private static final int FIRST_TRIES_MAX = 200;

  private final Process unshare;
  private final long first;
  private final Peer nsenter = Peer.named("nsenter");

  private Namespace(Process unshare, long first) {
    this.unshare = unshare;
    this.first = first;
  }

  /// @param script of sh, whose last command must read its input to the end
  static Namespace open(Path script, Path log) throws IOException, InterruptedException {
    Process unshare =
        new ProcessBuilder(
                Peer.named("unshare").program().toString(),
                "--net",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                script.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    for (int tries = 0; tries < FIRST_TRIES_MAX && unshare.isAlive(); tries++) {
      var child = unshare.children().findFirst();
      if (child.isPresent()) {
        return new Namespace(unshare, child.get().pid());
      }
      unshare.waitFor(20, TimeUnit.MILLISECONDS);
    }
    unshare.destroyForcibly();
    String why = "a network namespace needs root: " + java.nio.file.Files.readString(log).strip();
    if (System.getenv("CI") != null) {
      throw new AssertionError(why);
    }
    return Assumptions.abort(why);
  }

  private static String[] inside(long first, Peer program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-t", Long.toString(first), "--net", "--pid", "--"));
    command.add(program.program().toString());
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  /// Runs a program to its end and returns what it printed.
  String run(Peer program, String... arguments) throws IOException, InterruptedException {
    List<String> bounded = new ArrayList<>();
    bounded.add("--kill-after=5");
    bounded.add(Integer.toString(RUN_SECONDS_MAX));
    bounded.add(program.program().toString());
    bounded.addAll(List.of(arguments));
    return nsenter.run(inside(first, Peer.named("timeout"), bounded.toArray(String[]::new)));
  }

  /// Starts a server.
  Running start(Path log, Peer program, String... arguments) throws IOException {
    return new Running(nsenter.start(log, inside(first, program, arguments)));
  }

  /// A server in the namespace.
  ///
  /// @param nsenter the process that waits for it
  record Running(Process nsenter) implements AutoCloseable {
    boolean isAlive() {
      return nsenter.isAlive();
    }

    @Override
    public void close() {
      nsenter.descendants().forEach(ProcessHandle::destroy);
      try {
        if (!nsenter.waitFor(20, TimeUnit.SECONDS)) {
          nsenter.descendants().forEach(ProcessHandle::destroyForcibly);
          nsenter.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    try {
      unshare.getOutputStream().close();
      if (!unshare.waitFor(20, TimeUnit.SECONDS)) {
        unshare.destroyForcibly();
      }
    } catch (IOException e) {
      unshare.destroyForcibly();
    } catch (InterruptedException e) {
      unshare.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
