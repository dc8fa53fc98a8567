package gslb.trials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.node.demo.Demo;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// `gslb demo` as its user drives it: a node as a child process, commands typed, lines read.
final class DemoTest {
  /// Away from the demo's own ports, so that the test runs beside one.
  private static final int PORT_OFFSET = 20_000;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private void awaitLine(String text) throws InterruptedException {
    TestCluster.await(
        "the demo prints '" + text + "'", () -> printed.toString(UTF_8).contains(text));
  }

  @Test
  void aKilledPoolIsLeftAndARevivedOneReturns() throws Exception {
    PipedOutputStream typed = new PipedOutputStream();
    Path home = Path.of(System.getProperty("gslb.root"));
    PrintStream out = new PrintStream(printed, true, UTF_8);
    long childrenBefore = ProcessHandle.current().children().count();
    try (PipedInputStream input = new PipedInputStream(typed);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Demo demo = Demo.prepare(1, PORT_OFFSET, home, out, false)) {
      Future<Integer> exit = thread.submit(() -> demo.run(input));
      awaitLine("dig @127.0.0.1 -p 25300 www.gslb.example");
      awaitLine("curl -i -H 'Host: www.gslb.example' 'http://127.0.0.1:28080/a/b?c=d'");
      awaitLine("pools: eu up us up ap up  |  demo1: DE→eu US→us BR→us JP→ap\n");
      typed.write("eu\n".getBytes(UTF_8));
      awaitLine("pools: eu DEAD us up ap up  |  demo1: DE→us US→us BR→us JP→ap\n");
      typed.write("revive eu\n".getBytes(UTF_8));
      TestCluster.await(
          "Germany is answered with eu again",
          () -> {
            String all = printed.toString(UTF_8);
            int revived = all.indexOf("pool eu is revived");
            return revived >= 0 && all.indexOf("demo1: DE→eu", revived) >= 0;
          });
      typed.write("bogus\nq\n".getBytes(UTF_8));
      assertThat(exit.get(60, TimeUnit.SECONDS)).isZero();
    }
    assertThat(printed.toString(UTF_8)).contains("'bogus' is no command");
    assertThat(ProcessHandle.current().children().count()).isEqualTo(childrenBefore);
  }
}
