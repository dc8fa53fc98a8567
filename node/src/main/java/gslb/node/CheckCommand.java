package gslb.node;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.steering.ServiceCheck;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `gslb check`: reads a configuration with everything it names, and says all that is wrong.
@Command(
    name = "check",
    description = "Checks a configuration and everything it names, and reports all problems.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration file.")
  private String file = "";

  @Option(
      names = {"-q", "--quiet"},
      description = "Print problems only.")
  private boolean quiet;

  @Option(names = "--json", description = "Print problems and figures as one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Diagnostics diagnostics = new Diagnostics();
    Node.Edges edges = Node.Edges.real();
    ServedWorld world =
        ConfigurationReader.read(edges, file, GeoFiles.NONE, diagnostics).orElse(null);
    if (world != null) {
      for (ServiceCheck check : ServiceCheck.of(world.tables(), world::canFail)) {
        check
            .diagnostic(world.configuration().where(check.service().id()))
            .ifPresent(diagnostics::add);
      }
    }
    CheckReport report = world == null ? null : CheckReport.of(world, edges.clock());
    if (json) {
      out.print(CheckJson.of(file, diagnostics.sorted(), diagnostics.omittedCount(), report));
      out.flush();
      return report == null ? ExitCode.CONFIG : ExitCode.OK;
    }
    for (Diagnostic diagnostic : diagnostics.sorted()) {
      err.println(diagnostic);
    }
    if (diagnostics.omittedCount() > 0) {
      err.println(file + ": " + diagnostics.omittedCount() + " more problems are not shown");
    }
    if (report == null) {
      err.println(
          file
              + ": "
              + diagnostics.errorCount()
              + (diagnostics.errorCount() == 1 ? " error" : " errors"));
      return ExitCode.CONFIG;
    }
    if (!quiet) {
      out.print(CheckText.render(file, report));
      out.flush();
    }
    return ExitCode.OK;
  }
}
