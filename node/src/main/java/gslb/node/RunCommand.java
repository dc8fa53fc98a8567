package gslb.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gslb run`: serves until it is told to stop. SIGHUP reloads, SIGTERM and SIGINT stop.
@Command(
    name = "run",
    description = "Serves DNS and redirects until it is told to stop; SIGHUP reloads.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private static final Logger LOGGER = System.getLogger(RunCommand.class.getName());

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration file.")
  private String file = "";

  @Override
  public Integer call() throws Refused, InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (Node node = Node.start(file, Node.Edges.real())) {
      Signals.handle("HUP", () -> reload(node));
      Signals.handle("TERM", stop::countDown);
      Signals.handle("INT", stop::countDown);
      // For whatever ends the process without a signal that is handled above.
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform().name("shutdown").unstarted(() -> awaitEnd(stop, stopped)));
      stop.await();
      LOGGER.log(Level.INFO, "stopping");
    }
    stopped.countDown();
    return ExitCode.OK;
  }

  private static void awaitEnd(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      boolean ended = stopped.await(10, java.util.concurrent.TimeUnit.SECONDS);
      if (!ended) {
        LOGGER.log(Level.WARNING, "not everything has ended after 10 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void reload(Node node) {
    try {
      node.reload().warnings().forEach(w -> LOGGER.log(Level.WARNING, w::toString));
    } catch (Refused e) {
      e.diagnostics().forEach(d -> LOGGER.log(Level.ERROR, d::toString));
    }
  }
}
