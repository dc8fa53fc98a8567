package gslb.trials.script;

import gslb.base.Address;
import gslb.base.SourceSpan;
import gslb.steering.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a script. A keyword begins in the first column; the indented lines below it are its block.
final class ScriptReader {
  private final String file;
  private final List<String> lines;
  private final List<Step> steps = new ArrayList<>();
  private final List<Query> queries = new ArrayList<>();

  /// Index of the line read next.
  private int next;

  private ScriptReader(String file, String text) {
    this.file = file;
    this.lines = text.lines().toList();
  }

  /// @param file name for messages
  /// @throws ScriptError if it is no script
  static Script read(String file, String text) {
    return new ScriptReader(file, text).read();
  }

  private Script read() {
    String title = title();
    while (skipToKeyword()) {
      readKeyword();
    }
    if (!queries.isEmpty()) {
      throw new ScriptError(queries.getLast().where(), "nothing is expected of this query", "");
    }
    if (steps.stream().noneMatch(Step.Ask.class::isInstance)) {
      throw new ScriptError(SourceSpan.file(file), "nothing is asked", "a script has a query");
    }
    return new Script(file, title, steps);
  }

  private String title() {
    if (!skipToKeyword() || !lines.get(next).startsWith("title ")) {
      throw new ScriptError(where(next), "there is no title", "a script begins with 'title …'");
    }
    return lines.get(next++).substring("title ".length()).strip();
  }

  private SourceSpan where(int index) {
    return new SourceSpan(file, index + 1, 0);
  }

  /// Passes over empty lines and comments.
  private boolean skipToKeyword() {
    while (next < lines.size() && isPassedOver(lines.get(next))) {
      next++;
    }
    if (next < lines.size() && Character.isWhitespace(lines.get(next).charAt(0))) {
      throw new ScriptError(where(next), "an indented line belongs to no keyword", "");
    }
    return next < lines.size();
  }

  private static boolean isPassedOver(String line) {
    return line.isBlank() || line.startsWith("#");
  }

  private void readKeyword() {
    SourceSpan where = where(next);
    String line = lines.get(next++).stripTrailing();
    int blockFrom = next;
    List<String> block = block();
    int space = line.indexOf(' ');
    String keyword = space < 0 ? line : line.substring(0, space);
    String rest = space < 0 ? "" : line.substring(space + 1).strip();
    if (!queries.isEmpty() && !keyword.equals("query") && !keyword.equals("expect")) {
      throw new ScriptError(where, "nothing is expected of the query above", "");
    }
    switch (keyword) {
      case "query" -> queries.add(Query.read(where, rest, block));
      case "expect" -> readExpect(where, rest, blockFrom, block);
      case "http" ->
          steps.add(
              new Step.Request(where, Http.read(where, rest), Http.readResponses(where, block)));
      case "config", "zone", "places", "file" -> readWrite(where, keyword, rest, blockFrom, block);
      case "reload" -> readReload(where, new Words(where, rest), block);
      case "flip", "deadline", "time" -> {
        refuseBlock(where, keyword, block);
        readChange(keyword, new Words(where, rest));
      }
      default ->
          throw new ScriptError(
              where,
              "'" + keyword + "' is no keyword",
              "config, zone, places, file, query, expect, http, flip, deadline, time, reload");
    }
  }

  private static void refuseBlock(SourceSpan where, String keyword, List<String> block) {
    if (!block.isEmpty()) {
      throw new ScriptError(where, "'" + keyword + "' has indented lines", "it is one line");
    }
  }

  /// The indented lines from here on, with empty ones between them.
  private List<String> block() {
    int end = next;
    for (int i = next; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("\t")) {
        throw new ScriptError(where(i), "the line begins with a tab", "blocks have spaces");
      }
      if (!line.isBlank() && line.charAt(0) != ' ') {
        break;
      }
      end = line.isBlank() ? end : i + 1;
    }
    List<String> block = lines.subList(next, end);
    next = end;
    return block;
  }

  private void readWrite(
      SourceSpan where, String keyword, String name, int blockFrom, List<String> block) {
    Step.Kind kind = Step.Kind.valueOf(keyword.toUpperCase(java.util.Locale.ROOT));
    if (name.isEmpty() != (kind == Step.Kind.CONFIG)) {
      throw new ScriptError(
          where,
          "'" + keyword + "' " + (name.isEmpty() ? "has no name" : "has a name"),
          "'config' alone has none");
    }
    // The line numbers of diagnostics are then those of the script.
    StringBuilder text = new StringBuilder("\n".repeat(blockFrom));
    // A zone file's first column means something; YAML is indented as it may be.
    int indent = kind == Step.Kind.CONFIG ? 0 : 2;
    for (String line : block) {
      text.append(line.startsWith("  ") ? line.substring(indent) : line).append('\n');
    }
    steps.add(new Step.Write(where, kind, name, text.toString()));
  }

  private void readReload(SourceSpan where, Words words, List<String> block) {
    boolean isRefused = words.takes("refused");
    words.end();
    if (isRefused == block.isEmpty()) {
      throw new ScriptError(
          where,
          isRefused ? "'reload refused' does not say why" : "'reload' has indented lines",
          "below 'reload refused' is what the diagnostics say");
    }
    steps.add(new Step.Reload(where, isRefused, block.stream().map(String::strip).toList()));
  }

  private void readChange(String keyword, Words words) {
    switch (keyword) {
      case "flip" -> {
        Step.Endpoints endpoints = endpoints(words);
        steps.add(new Step.Flip(words.where(), endpoints, verdict(words)));
      }
      case "deadline" -> {
        Step.Endpoints endpoints = endpoints(words);
        Optional<Duration> after =
            words.takes("never") ? Optional.empty() : Optional.of(duration(words));
        steps.add(new Step.Deadline(words.where(), endpoints, after));
      }
      default -> readTime(words);
    }
    words.end();
  }

  private void readTime(Words words) {
    if (words.peek().startsWith("+")) {
      steps.add(new Step.Pass(words.where(), duration(words)));
      return;
    }
    String wall = words.next("a time");
    try {
      steps.add(new Step.SetClock(words.where(), Instant.parse(wall)));
    } catch (DateTimeParseException _) {
      throw words.error("'" + wall + "' is no time", "as in '+5s' or '2027-01-15T08:00:00Z'");
    }
  }

  private static Step.Endpoints endpoints(Words words) {
    String pool = words.next("a pool");
    boolean isAddress = Address.parse(words.peek()).isPresent();
    return new Step.Endpoints(pool, isAddress ? words.next("an address") : "");
  }

  private static Verdict verdict(Words words) {
    String verdict = words.next("a verdict");
    return switch (verdict) {
      case "up" -> Verdict.UP;
      case "down" -> Verdict.DOWN;
      case "unknown" -> Verdict.UNKNOWN;
      default -> throw words.error("'" + verdict + "' is no verdict", "up, down or unknown");
    };
  }

  /// `+5s` or `5s`.
  private static Duration duration(Words words) {
    String text = words.next("a duration");
    String digits = text.replaceAll("[^0-9]", "");
    String unit = text.replaceAll("[+0-9]", "");
    long count = digits.isEmpty() ? -1 : words.number(digits, "duration", 1_000_000_000);
    return switch (count < 0 ? "" : unit) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> throw words.error("'" + text + "' is no duration", "as in 500ms, 5s, 2m or 1h");
    };
  }

  private void readExpect(SourceSpan where, String rest, int blockFrom, List<String> block) {
    if (queries.isEmpty()) {
      throw new ScriptError(where, "there is no query above", "'expect' follows 'query'");
    }
    Expectation expectation = new ExpectationReader(where, blockFrom).read(rest, block);
    for (Query query : queries) {
      if (query.questionLength() < 0
          && !expectation.isSilence()
          && expectation.question().isEmpty()) {
        throw new ScriptError(
            where,
            "no question is expected of a raw query",
            "write 'question …' or 'question none'");
      }
    }
    steps.add(new Step.Ask(queries.getFirst().where(), queries, expectation));
    queries.clear();
  }
}
