package gslb.node;

import gslb.admin.ProblemJson;
import gslb.base.Diagnostic;
import java.util.List;
import picocli.CommandLine;

/// What a command says that cannot do what it is asked for: lines for people on standard error, and
/// with `--json` one object of problem details (RFC 9457) on standard output.
final class Failure {
  static final String WRONG_COMMAND_LINE = "the command line is wrong";
  static final String OPTION = "--json";

  private static final String WRONG_CONFIGURATION = "the configuration is wrong";

  private Failure() {}

  /// @param title the same for every failure of a kind
  static void tell(CommandLine command, String title, String detail) {
    tellAs(command, detail, ProblemJson.of(title, detail, List.of()));
  }

  /// @param json the problem details
  static void tellAs(CommandLine command, String detail, String json) {
    command.getErr().println("gslb: " + detail);
    print(command, json);
  }

  static void tell(CommandLine command, Refused refused) {
    List<Diagnostic> diagnostics = refused.diagnostics();
    diagnostics.forEach(command.getErr()::println);
    String detail = String.valueOf(refused.getMessage());
    print(command, ProblemJson.of(WRONG_CONFIGURATION, detail, diagnostics));
  }

  private static void print(CommandLine command, String json) {
    CommandLine.ParseResult parsed = command.getParseResult();
    if (parsed != null && parsed.hasMatchedOption(OPTION)) {
      command.getOut().println(json);
    }
  }
}
