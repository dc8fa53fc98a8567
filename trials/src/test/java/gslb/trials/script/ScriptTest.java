package gslb.trials.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every script of `src/test/resources/scripts`, asked of the responder directly and over loopback.
/// `-Dgslb.script=GLOB` chooses scripts by the names of their files.
final class ScriptTest {
  static final Path FOLDER =
      Path.of(System.getProperty("gslb.root"), "trials/src/test/resources/scripts");
  static final String ENDING = ".dns-script";

  static List<Path> files() throws IOException {
    PathMatcher chosen =
        FileSystems.getDefault()
            .getPathMatcher("glob:" + System.getProperty("gslb.script", "*") + ENDING);
    try (Stream<Path> folder = Files.list(FOLDER)) {
      return folder.filter(f -> chosen.matches(f.getFileName())).sorted().toList();
    }
  }

  static Script read(Path file) throws IOException {
    return ScriptReader.read(file.getFileName().toString(), Files.readString(file));
  }

  /// Servers close beside the scripts that follow: each takes a receive time-out.
  private static final class ClosingWays {
    private final List<Thread> closing = new ArrayList<>();

    Way open(Theatre theatre) throws Exception {
      LoopbackWay way = new LoopbackWay(theatre);
      return new Way() {
        @Override
        public byte[] ask(Query query, byte[] message, Over over, boolean expectsSilence)
            throws IOException {
          return way.ask(query, message, over, expectsSilence);
        }

        @Override
        public String get(Http request) throws IOException {
          return way.get(request);
        }

        @Override
        public void close() {
          closing.add(Thread.ofVirtual().start(way::close));
        }
      };
    }

    void await() throws InterruptedException {
      for (Thread each : closing) {
        each.join();
      }
    }
  }

  private static final ClosingWays CLOSING = new ClosingWays();

  @AfterAll
  static void everyServerCloses() throws InterruptedException {
    CLOSING.await();
  }

  @TestFactory
  List<DynamicNode> everyScriptHolds() throws IOException {
    List<DynamicNode> all = new ArrayList<>();
    for (Path file : files()) {
      String name = file.getFileName().toString().replace(ENDING, "");
      all.add(
          DynamicContainer.dynamicContainer(
              name,
              Stream.of(
                  DynamicTest.dynamicTest(
                      name + " (direct)", () -> hold(Performance.of(read(file), DirectWay::new))),
                  DynamicTest.dynamicTest(
                      name + " (loopback)",
                      () -> hold(Performance.of(read(file), CLOSING::open))))));
    }
    assertThat(all).as("scripts").isNotEmpty();
    return all;
  }

  private static void hold(Performance.Result result) {
    if (!result.failures().isEmpty()) {
      throw new AssertionError("\n" + String.join("\n", result.failures()));
    }
  }
}
