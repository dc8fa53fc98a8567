package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Rules for the tree itself: what the documents say of the code, and what no source may hold.
final class TidyTest {
  private static final Path ROOT = Path.of(System.getProperty("gslb.root"));
  private static final Pattern BOUND =
      Pattern.compile(
          "static final (?:int|long|Duration) ([A-Z0-9_]+_(?:MAX|MIN))\\s*=\\s*([^;]+);");
  private static final Pattern LISTED = Pattern.compile("^\\| `(\\w+\\.\\w+)` \\| `([^`]+)` \\|");

  private static List<Path> sources(String ending) throws IOException {
    try (Stream<Path> tree = Files.walk(ROOT)) {
      return tree.filter(
              p -> {
                String path = ROOT.relativize(p).toString();
                return path.endsWith(ending)
                    && !path.contains("target/")
                    && !path.startsWith(".git/");
              })
          .sorted()
          .toList();
    }
  }

  private static boolean isProduct(Path source) {
    String path = ROOT.relativize(source).toString();
    return path.contains("/src/main/")
        && !path.startsWith("testkit/")
        && !path.startsWith("bench/");
  }

  @Test
  void theLimitsPageListsEveryBoundWithItsValue() throws IOException {
    TreeMap<String, String> inCode = new TreeMap<>();
    for (Path source : sources(".java")) {
      if (!isProduct(source)) {
        continue;
      }
      String type = source.getFileName().toString().replace(".java", "");
      Matcher bound = BOUND.matcher(Files.readString(source));
      while (bound.find()) {
        inCode.put(type + "." + bound.group(1), bound.group(2).replaceAll("\\s+", " "));
      }
    }
    TreeMap<String, String> onPage = new TreeMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/limits.md"))) {
      Matcher listed = LISTED.matcher(line);
      if (listed.find()) {
        onPage.put(listed.group(1), listed.group(2));
      }
    }
    assertThat(inCode).isNotEmpty();
    assertThat(onPage).isEqualTo(inCode);
  }

  @Test
  void noSourceIsLongerThanSixHundredLines() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path source : sources(".java")) {
      long lines = Files.readAllLines(source).size();
      if (isProduct(source) && lines > 600) {
        tooLong.add(ROOT.relativize(source) + " has " + lines);
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsForAndIsNullMarked() throws IOException {
    TreeSet<Path> packages = new TreeSet<>();
    for (Path source : sources(".java")) {
      if (isProduct(source)) {
        packages.add(source.getParent());
      }
    }
    for (Path folder : packages) {
      assertThat(folder.resolve("package-info.java"))
          .content()
          .startsWith("///")
          .contains("@NullMarked");
    }
  }

  @Test
  void nothingIsLeftForLater() throws IOException {
    List<String> found = new ArrayList<>();
    Pattern later = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b|@Dis" + "abled");
    for (Path source : sources(".java")) {
      if (later.matcher(Files.readString(source)).find()) {
        found.add(ROOT.relativize(source).toString());
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void noSourceHoldsTabsOrTrailingSpace() throws IOException {
    List<String> found = new ArrayList<>();
    for (String ending : List.of(".java", ".md", ".yaml", ".xml")) {
      for (Path source : sources(ending)) {
        if (source.toString().contains("/src/test/resources/")) {
          continue;
        }
        int number = 0;
        for (String line : Files.readAllLines(source)) {
          number++;
          if (line.indexOf('\t') >= 0 || line.endsWith(" ")) {
            found.add(ROOT.relativize(source) + ":" + number);
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }
}
