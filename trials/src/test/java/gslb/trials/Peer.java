package gslb.trials;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A program of somebody else's that a test compares with or talks to. Missing, it fails the test
/// in CI and skips it by name elsewhere.
public record Peer(Path program) {
  public static Peer named(String name) {
    List<String> folders = new ArrayList<>(List.of(System.getenv("PATH").split(":")));
    folders.addAll(List.of("/usr/sbin", "/sbin", "/usr/local/sbin"));
    for (String folder : folders) {
      Path program = Path.of(folder, name);
      if (Files.isExecutable(program)) {
        return new Peer(program);
      }
    }
    if (System.getenv("CI") != null) {
      throw new AssertionError(name + " is not installed; .ci/run installs it");
    }
    return Assumptions.abort(name + " is not installed");
  }

  /// Runs it to its end, at most 60 seconds, and returns what it printed.
  public String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " did not end; it printed " + output);
    }
    return output;
  }

  /// Starts it as a server; the caller ends it.
  public Process start(Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process.getOutputStream().close();
    return process;
  }
}
