package gslb.trials.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A slip that breaks one clause: lines of a source file and what a hasty developer writes in their
/// place.
///
/// @param name what the server then does wrong
/// @param clause a row of `docs/rfc.md`: `RFC 6891 §6.1.1: two OPT records: FORMERR`
/// @param test the test of that row which must turn red: `Class.method`
/// @param source the file, from the root of the repository
/// @param before whole lines, each with its line end, that are in the file once
/// @param after the lines in their place
record Fault(String name, String clause, String test, String source, String before, String after) {
  private static final List<String> KEYS = List.of("fault", "row", "test", "file");

  /// Reads a list of faults. Each has a line for its name, row, test and file, then the lines that
  /// are changed as in a patch: `-` before those that go, `+` before those that come, a blank
  /// before those that stay. Empty lines and lines that begin with `#` stand between faults.
  static List<Fault> readAll(Path list) throws IOException {
    List<Fault> faults = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(list)) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        lines.add(line);
      } else if (!lines.isEmpty()) {
        faults.add(of(lines));
        lines.clear();
      }
    }
    if (!lines.isEmpty()) {
      faults.add(of(lines));
    }
    return faults;
  }

  private static Fault of(List<String> lines) {
    Map<String, String> said = new HashMap<>();
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    for (String line : lines) {
      String rest = line.substring(1) + '\n';
      switch (line.charAt(0)) {
        case '-' -> before.append(rest);
        case '+' -> after.append(rest);
        case ' ' -> {
          before.append(rest);
          after.append(rest);
        }
        default -> {
          int colon = line.indexOf(": ");
          if (colon < 0 || !KEYS.contains(line.substring(0, colon))) {
            throw new IllegalArgumentException("neither a key of " + KEYS + " nor a line: " + line);
          }
          said.put(line.substring(0, colon), line.substring(colon + 2));
        }
      }
    }
    if (said.size() < KEYS.size() || before.compareTo(after) == 0) {
      throw new IllegalArgumentException("lacks one of " + KEYS + " or a change: " + lines);
    }
    return new Fault(
        said.getOrDefault("fault", ""),
        said.getOrDefault("row", ""),
        said.getOrDefault("test", ""),
        said.getOrDefault("file", ""),
        before.toString(),
        after.toString());
  }

  /// How often the lines are in that text of the file.
  int occurrences(String text) {
    String lines = '\n' + before;
    int count = 0;
    for (int at = text.indexOf(lines); at >= 0; at = text.indexOf(lines, at + 1)) {
      count++;
    }
    return count;
  }

  /// The text of the file with the fault.
  String plantedIn(String text) {
    return text.replace('\n' + before, '\n' + after);
  }
}
