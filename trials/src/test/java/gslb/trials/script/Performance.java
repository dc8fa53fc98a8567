package gslb.trials.script;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One run of a script. Every step is taken, and every broken expectation is kept.
final class Performance {
  private final Script script;
  private final Theatre theatre;
  private final List<String> failures = new ArrayList<>();
  private Optional<byte[]> cookie = Optional.empty();
  private int asked;

  /// Opens the way once the first files are served.
  interface Opening {
    Way open(Theatre theatre) throws Exception;
  }

  private Performance(Script script) {
    this.script = script;
    this.theatre = new Theatre(script.file());
  }

  /// @param failures texts with the place in the script, what was expected and what came
  /// @param asked queries sent
  record Result(List<String> failures, int asked) {}

  /// @throws ScriptError if the script cannot be run
  static Result of(Script script, Opening opening) throws Exception {
    return new Performance(script).run(opening);
  }

  private Result run(Opening opening) throws Exception {
    int from = 0;
    while (script.steps().get(from) instanceof Step.Write write) {
      theatre.change(write);
      from++;
    }
    theatre.open();
    try (Way way = opening.open(theatre)) {
      for (Step step : script.steps().subList(from, script.steps().size())) {
        if (step instanceof Step.Ask ask) {
          ask(ask, way);
        } else if (step instanceof Step.Request request) {
          get(request, way);
        } else {
          theatre.change(step).ifPresent(wrong -> failures.add(step.where() + ": " + wrong));
        }
      }
    }
    return new Result(List.copyOf(failures), asked);
  }

  private void get(Step.Request request, Way way) throws IOException {
    String response = way.get(request.http());
    if (!request.responses().contains(response)) {
      failures.add(
          "%s: http %s\nexpected%s:\n%sgot:\n  %s\n"
              .formatted(
                  request.where(),
                  request.http().text(),
                  request.responses().size() > 1 ? ", one of" : "",
                  indented(request.responses()),
                  response));
    }
  }

  private void ask(Step.Ask ask, Way way) throws IOException {
    for (Query query : ask.queries()) {
      for (Over over : query.over()) {
        asked++;
        ask(ask.expectation(), query, over, way);
      }
    }
  }

  private void ask(Expectation expectation, Query query, Over over, Way way) throws IOException {
    byte[] bytes = way.ask(query, query.toSend(cookie), over, expectation.isSilence());
    String place =
        "%s: over %s, query %s\n"
            .formatted(query.where(), over.name().toLowerCase(Locale.ROOT), query.text());
    if (expectation.isSilence()) {
      if (bytes.length > 0) {
        failures.add(place + "  silence is expected, and a reply came: " + hex(bytes));
      }
      return;
    }
    if (bytes.length == 0) {
      failures.add(place + "  a reply is expected, and none came");
      return;
    }
    Reply reply;
    try {
      reply = Reply.of(bytes);
    } catch (IOException e) {
      failures.add(place + "  the reply is broken: " + e.getMessage() + "\n  " + hex(bytes));
      return;
    }
    reply.cookie().ifPresent(c -> cookie = Optional.of(c));
    Query.Asked asked = query.asked();
    for (String broken : Comparison.broken(asked, query.questionLength() < 0, over, reply)) {
      failures.add(place + "  the reply is wrong: " + broken);
    }
    Comparison comparison = Comparison.of(expectation, asked, reply);
    if (!comparison.isEqual()) {
      failures.add(
          place
              + "expected, line "
              + expectation.where().line()
              + ":\n"
              + indented(comparison.expected())
              + "got:\n"
              + indented(comparison.got()));
    }
  }

  private static String indented(List<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
