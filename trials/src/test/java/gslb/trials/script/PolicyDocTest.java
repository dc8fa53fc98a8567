package gslb.trials.script;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.SourceSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every example of `docs/policy.md` is a configuration that is taken, beside what the first one
/// says, and the tests that its table names are there.
final class PolicyDocTest {
  private static final Path ROOT = Path.of(System.getProperty("gslb.root"));
  private static final Pattern EXAMPLE =
      Pattern.compile("(?ms)^## ([^\\n]+)\\n\\n```yaml\\n(.*?)```");
  private static final Pattern BESIDE = Pattern.compile("(?s)```yaml\\n(.*?)```");
  private static final SourceSpan PAGE = new SourceSpan("policy.md", 1, 0);

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("docs/policy.md"));
  }

  @TestFactory
  List<DynamicTest> everyExampleIsTaken() throws IOException {
    Matcher beside = BESIDE.matcher(page());
    assertThat(beside.find()).isTrue();
    List<DynamicTest> tests = new ArrayList<>();
    Matcher example = EXAMPLE.matcher(page());
    while (example.find()) {
      String config = joined(beside.group(1), example.group(2));
      tests.add(DynamicTest.dynamicTest(example.group(1), () -> isTaken(config)));
    }
    assertThat(tests).hasSize(13);
    return tests;
  }

  /// Pools of an example stand behind those of the page.
  private static String joined(String beside, String example) {
    return example.startsWith("pools:\n")
        ? beside + example.substring("pools:\n".length())
        : beside + example;
  }

  private static void isTaken(String config) {
    Theatre theatre = new Theatre("policy.md");
    String zone =
        "@ 3600 SOA ns1 hostmaster 1 3600 900 1209600 60\n@ 300 NS ns1\nns1 300 A 192.0.2.53\n";
    theatre.change(new Step.Write(PAGE, Step.Kind.CONFIG, "", config));
    theatre.change(
        new Step.Write(PAGE, Step.Kind.PLACES, "places.mmdb", "192.0.2.0/24 EU/DE 50.1 8.7\n"));
    theatre.change(new Step.Write(PAGE, Step.Kind.ZONE, "example.org", zone));
    theatre.open();
    assertThat(theatre.world().configuration().catalog().services()).isNotEmpty();
  }

  @Test
  void everyTestThatThePageNamesIsThere() throws IOException {
    String table = page().substring(page().indexOf("## Proof"));
    List<String> sources;
    try (Stream<Path> tree = Files.walk(ROOT, 12)) {
      sources =
          tree.map(path -> path.getFileName().toString())
              .filter(name -> name.endsWith(".java") || name.endsWith(ScriptTest.ENDING))
              .toList();
    }
    Matcher named = Pattern.compile("`([A-Z]\\w+Test|[a-z]+(?:-[a-z0-9]+)+)`").matcher(table);
    List<String> missing = new ArrayList<>();
    int count = 0;
    for (; named.find(); count++) {
      String name = named.group(1);
      if (!sources.contains(name + ".java") && !sources.contains(name + ScriptTest.ENDING)) {
        missing.add(name);
      }
    }
    assertThat(missing).isEmpty();
    assertThat(count).isGreaterThan(30);
  }
}
