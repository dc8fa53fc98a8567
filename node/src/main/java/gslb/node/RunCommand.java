package gslb.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
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

  /// What a signal asks for.
  private enum Request {
    RELOAD,
    STOP
  }

  /// Signals that wait while one is obeyed; more of them ask for nothing new.
  private static final int REQUESTS_MAX = 16;

  @Override
  public Integer call() throws Refused, InterruptedException {
    BlockingQueue<Request> requests = new LinkedBlockingQueue<>(REQUESTS_MAX);
    CountDownLatch stopped = new CountDownLatch(1);
    // Before anything serves: a signal that nobody hears ends the process.
    Signals.handle("HUP", () -> requests.offer(Request.RELOAD));
    Signals.handle("TERM", () -> requests.offer(Request.STOP));
    Signals.handle("INT", () -> requests.offer(Request.STOP));
    try (Node node = Node.start(file, Node.Edges.real())) {
      // For whatever ends the process without a signal that is handled above.
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform().name("shutdown").unstarted(() -> awaitEnd(requests, stopped)));
      while (requests.take() == Request.RELOAD) {
        reload(node);
      }
      LOGGER.log(Level.INFO, "stopping");
    } finally {
      stopped.countDown();
    }
    return ExitCode.OK;
  }

  private static void awaitEnd(BlockingQueue<Request> requests, CountDownLatch stopped) {
    boolean asked = requests.offer(Request.STOP);
    LOGGER.log(Level.DEBUG, "asked to stop: {0}", asked);
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
      node.reload().warnings().forEach(w -> LOGGER.log(Level.WARNING, w::logged));
    } catch (Refused e) {
      e.diagnostics().forEach(d -> LOGGER.log(Level.ERROR, d::logged));
    }
  }
}
