package gslb.node;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.steering.Catalog;
import gslb.steering.Service;
import gslb.steering.ServiceCheck;
import gslb.steering.places.GeoSummary;
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
      SourceSpan where = SourceSpan.file(file);
      for (ServiceCheck check : ServiceCheck.of(world.tables())) {
        check.diagnostics(where).forEach(diagnostics::add);
      }
    }
    for (Diagnostic diagnostic : diagnostics.sorted()) {
      err.println(diagnostic);
    }
    if (diagnostics.omittedCount() > 0) {
      err.println(file + ": " + diagnostics.omittedCount() + " more problems are not shown");
    }
    if (world == null) {
      err.println(file + ": " + diagnostics.errorCount() + " errors");
      return ExitCode.CONFIG;
    }
    if (!quiet) {
      print(world, out, edges);
    }
    return ExitCode.OK;
  }

  private void print(ServedWorld world, PrintWriter out, Node.Edges edges) {
    Catalog catalog = world.configuration().catalog();
    out.println(
        file
            + ": ok, "
            + world.configuration().zones().size()
            + " zones, "
            + catalog.services().size()
            + " services, "
            + catalog.pools().size()
            + " pools, "
            + catalog.endpoints().size()
            + " endpoints");
    int hosts = world.configuration().hosts().names().size();
    if (hosts > 0) {
      out.println(
          hosts
              + (hosts == 1 ? " host" : " hosts")
              + " not resolved here; a pool is not available while its hosts have no addresses");
    }
    if (!world.geo().databases().isEmpty()) {
      out.println(GeoSummary.of(world.geo().databases(), world.places(), edges.clock(), world.configuration().geo().maxAge()));
    }
    for (Service service : catalog.services()) {
      int classes = world.tables().classCount(service.id());
      out.println(
          "service "
              + service.name()
              + ": "
              + classes
              + (classes == 1 ? " class" : " classes")
              + " of clients, TTL "
              + service.ttl().minSeconds()
              + ".."
              + service.ttl().maxSeconds()
              + " s");
    }
  }
}
