package gslb.node;

import gslb.node.demo.Demo;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `gslb demo`: the main job on this machine.
@Command(
    name = "demo",
    description = {
      "Runs real nodes, three pools of small web servers and a zone on loopback,",
      "and prints what to try."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1",
      description = "1 to 3 nodes; several form a cluster. Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--lab",
      description = {
        "Kill and revive a pool and kill a node, print how long each node took to follow,",
        "and end; exit code 1 if one took longer than the configured bound."
      })
  private boolean lab;

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "Added to every port, to run beside something else. Default: ${DEFAULT-VALUE}.")
  private int portOffset;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (nodes < 1 || nodes > Demo.NODES_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--nodes " + nodes + " is outside 1.." + Demo.NODES_MAX);
    }
    if (portOffset < 0 || portOffset > 50_000) {
      throw new ParameterException(
          spec.commandLine(), "--port-offset " + portOffset + " is outside 0..50000");
    }
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    boolean terminal = isTerminal();
    try (Demo demo = Demo.prepare(nodes, portOffset, Home.folder(), out, terminal && !lab)) {
      Thread end = Thread.ofPlatform().name("demo-end").unstarted(demo::close);
      Runtime.getRuntime().addShutdownHook(end);
      return lab ? demo.lab() : demo.run(System.in);
    } catch (IOException e) {
      spec.commandLine().getErr().println("gslb demo: " + e.getMessage());
      return ExitCode.CANNOT_CREATE;
    }
  }

  @SuppressWarnings("SystemConsoleNull") // in JDK 25 it is null again when input is not a terminal
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
