package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.testkit.Seeded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Mutants of the example configuration and its zone: each loads, or is diagnosed in the right file
/// at a line that the file has.
final class MutantTest {
  private static final String YAML = "gslb.yaml";
  private static final String ZONE = "gslb.example.zone";
  private static final int MUTANTS_PER_SEED = 10;
  private static final EditorSchema EDITOR = new EditorSchema(JsonSchema.text());

  private static final List<String> ODD_TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          "- ",
          "\"",
          "'",
          "#",
          "&a",
          "*a",
          "!!str",
          "---",
          "|",
          ">",
          "%",
          "@",
          "`",
          "\t",
          "?",
          "0",
          "-1",
          "99999999999",
          "1e309",
          ".nan",
          "null",
          "true",
          "~",
          "::",
          "$ORIGIN",
          "$TTL",
          "$GENERATE 1-3 a$ A 192.0.2.$",
          "$INCLUDE x",
          "IN",
          "SOA",
          "CNAME",
          "\\",
          "(",
          ")",
          ";",
          "é",
          "\u0000",
          "\ufeff",
          "\u2028",
          "*",
          ".",
          "..",
          "256.1.1.1");

  @Seeded(200)
  void everyMutantLoadsOrIsDiagnosedInsideTheRightFile(Random random) {
    for (int i = 0; i < MUTANTS_PER_SEED; i++) {
      String file = random.nextInt(4) == 0 ? ZONE : YAML;
      byte[] mutant = Examples.deployed().text(file).getBytes(StandardCharsets.UTF_8);
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        mutant = mutated(mutant, random);
      }
      check(file, mutant);
    }
  }

  private static void check(String file, byte[] mutant) {
    MemoryFiles files = Examples.deployed().with(file, mutant);
    Diagnostics diagnostics = new Diagnostics();
    Optional<Configuration> configuration = ConfigLoader.load(files, YAML, diagnostics);
    String text = new String(mutant, StandardCharsets.UTF_8);
    assertThat(configuration.isPresent()).as(text).isNotEqualTo(diagnostics.hasErrors());
    Map<String, String> texts = Map.of(YAML, files.text(YAML), ZONE, files.text(ZONE));
    for (Diagnostic diagnostic : diagnostics.sorted()) {
      assertThat(texts).as("%s", diagnostic).containsKey(diagnostic.where().file());
      isInside(diagnostic, texts.getOrDefault(diagnostic.where().file(), ""));
    }
    if (configuration.isPresent() && file.equals(YAML)) {
      assertThat(EDITOR.problems(withoutMark(text))).as(text).isEmpty();
    }
  }

  private static String withoutMark(String text) {
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static void isInside(Diagnostic diagnostic, String text) {
    List<String> lines = Arrays.asList(text.split("\n", -1));
    int line = diagnostic.where().line();
    assertThat(line).as("%s", diagnostic).isBetween(0, lines.size());
    if (line > 0) {
      String at = lines.get(line - 1);
      int width = at.codePointCount(0, at.length());
      assertThat(diagnostic.where().column()).as("%s", diagnostic).isBetween(0, width + 1);
    }
    assertThat(diagnostic.problem()).isNotBlank();
    assertThat(diagnostic.toString().chars().noneMatch(Character::isISOControl))
        .as("%s", diagnostic)
        .isTrue();
  }

  private static byte[] mutated(byte[] text, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> withOtherByte(text, random);
      case 1 -> withoutRange(text, random);
      case 2, 3 -> withOtherToken(text, random);
      case 4 -> withOtherLine(text, random);
      default -> withOtherIndent(text, random);
    };
  }

  private static byte[] withOtherByte(byte[] text, Random random) {
    byte[] copy = text.clone();
    if (copy.length > 0) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt(random.nextBoolean() ? 128 : 256);
    }
    return copy;
  }

  private static byte[] withoutRange(byte[] text, Random random) {
    int from = random.nextInt(text.length + 1);
    int count = Math.min(text.length - from, random.nextInt(random.nextInt(10) == 0 ? 1000 : 5));
    byte[] copy = Arrays.copyOf(text, text.length - count);
    System.arraycopy(text, from + count, copy, from, text.length - from - count);
    return copy;
  }

  private static byte[] withOtherToken(byte[] bytes, Random random) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<int[]> tokens = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean isPart = i < text.length() && " \n,[]{}\"".indexOf(text.charAt(i)) < 0;
      if (isPart && start < 0) {
        start = i;
      } else if (!isPart && start >= 0) {
        tokens.add(new int[] {start, i});
        start = -1;
      }
    }
    if (tokens.isEmpty()) {
      return bytes;
    }
    int[] at = tokens.get(random.nextInt(tokens.size()));
    int[] from = tokens.get(random.nextInt(tokens.size()));
    String token =
        random.nextBoolean()
            ? text.substring(from[0], from[1])
            : new String(
                ODD_TOKENS.get(random.nextInt(ODD_TOKENS.size())).getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1);
    String kept = random.nextInt(3) == 0 ? text.substring(at[0], at[1]) : "";
    return (text.substring(0, at[0]) + token + kept + text.substring(at[1]))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] withOtherLine(byte[] bytes, Random random) {
    List<String> lines =
        new ArrayList<>(
            Arrays.asList(new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)));
    String line = lines.get(random.nextInt(lines.size()));
    switch (random.nextInt(3)) {
      case 0 -> lines.remove(line);
      case 1 -> lines.add(random.nextInt(lines.size()), line);
      default -> {
        lines.remove(line);
        lines.add(random.nextInt(lines.size() + 1), line);
      }
    }
    return String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] withOtherIndent(byte[] bytes, Random random) {
    List<String> lines =
        new ArrayList<>(
            Arrays.asList(new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)));
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    boolean isDeeper = random.nextBoolean() || !line.startsWith("  ");
    lines.set(
        at,
        isDeeper
            ? " ".repeat(1 + random.nextInt(3)) + line
            : line.substring(1 + random.nextInt(2)));
    return String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
  }
}
