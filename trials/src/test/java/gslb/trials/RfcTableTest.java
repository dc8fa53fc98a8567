package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The table of RFC clauses names tests that exist.
final class RfcTableTest {
  private static final Path ROOT = Path.of(System.getProperty("gslb.root"));
  private static final Path BROKEN = Path.of("zones/src/test/resources/broken");
  private static final String NOT_APPLYING = "does not apply: ";
  private static final Pattern ROW =
      Pattern.compile("^\\| ([^|]+) \\| ([a-z ]+) \\| ([^|]+) \\| (.+) \\|$");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern METHOD = Pattern.compile("^  [\\w<>, \\[\\]]+ (\\w+)\\(");

  /// Names of tests: `Class`, `Class.method`, files of scripted conversations, and the zone files
  /// that `ZoneCorpusTest` reads.
  private final Set<String> tests = new HashSet<>();

  private void readTests() throws IOException {
    try (Stream<Path> tree = Files.walk(ROOT)) {
      for (Path path : tree.filter(p -> p.toString().contains("/src/test/")).toList()) {
        String file = path.getFileName().toString();
        if (file.endsWith(".dns-script") || path.endsWith(BROKEN.resolve(file))) {
          tests.add(file);
        } else if (file.endsWith("Test.java")) {
          addMethods(path, file.replace(".java", ""));
        }
      }
    }
  }

  /// A test method is annotated in one of the lines before it.
  private void addMethods(Path source, String type) throws IOException {
    tests.add(type);
    boolean isAnnotated = false;
    for (String line : Files.readAllLines(source)) {
      Matcher method = METHOD.matcher(line);
      if (line.matches("^  @(Test|Seeded|ParameterizedTest|TestFactory|FuzzTest)\\b.*")) {
        isAnnotated = true;
      } else if (method.find()) {
        if (isAnnotated) {
          tests.add(type + "." + method.group(1));
        }
        isAnnotated = false;
      }
    }
  }

  @Test
  void everyClauseNamesATestThatExistsOrSaysWhyNot() throws IOException {
    readTests();
    List<String> problems = new ArrayList<>();
    Map<String, Integer> levels = new HashMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/rfc.md"))) {
      Matcher row = ROW.matcher(line);
      if (!row.matches() || row.group(2).equals("level")) {
        continue;
      }
      levels.merge(row.group(2), 1, Integer::sum);
      String named = row.group(4);
      Matcher code = CODE.matcher(named);
      boolean namesOne = false;
      while (code.find()) {
        namesOne = true;
        if (!tests.contains(code.group(1))) {
          problems.add(code.group(1) + ": " + line);
        }
      }
      if (!namesOne && !named.startsWith(NOT_APPLYING)) {
        problems.add("names no test: " + line);
      }
    }
    assertThat(problems).isEmpty();
    assertThat(levels.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(350);
  }
}
