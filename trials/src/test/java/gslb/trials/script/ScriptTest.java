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
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;

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

  @TestFactory
  List<DynamicNode> everyScriptHolds(TestReporter reporter) throws IOException {
    List<DynamicNode> all = new ArrayList<>();
    for (Path file : files()) {
      String name = file.getFileName().toString().replace(ENDING, "");
      all.add(
          DynamicContainer.dynamicContainer(
              name,
              Stream.of(
                  DynamicTest.dynamicTest(
                      name + " (direct)",
                      () -> hold(Performance.of(read(file), DirectWay::new))),
                  DynamicTest.dynamicTest(
                      name + " (loopback)",
                      () -> {
                        Performance.Result result =
                            Performance.of(read(file), LoopbackWay::new);
                        if (!result.passedOver().isEmpty()) {
                          reporter.publishEntry(
                              "not asked over loopback", String.join(" ", result.passedOver()));
                        }
                        hold(result);
                      }))));
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
