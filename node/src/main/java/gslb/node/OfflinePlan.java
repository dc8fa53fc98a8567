package gslb.node;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.config.NearestName;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.Pool;
import gslb.steering.SteeringPlan;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Plans of configurations that no node serves.
final class OfflinePlan {
  private OfflinePlan() {}

  /// Everything up but what is named.
  ///
  /// @param down pools by name and endpoints by address; what the configuration has not is left out
  /// @param tells whether warnings are printed
  static SteeringPlan of(String file, List<String> down, boolean tells, CommandSpec spec)
      throws Refused {
    Diagnostics diagnostics = new Diagnostics();
    ServedWorld world =
        ConfigurationReader.read(Node.Edges.real(), file, GeoFiles.NONE, diagnostics)
            .orElseThrow(() -> new Refused(ExitCode.CONFIG, diagnostics.sorted()));
    for (Diagnostic warning : tells ? diagnostics.sorted() : List.<Diagnostic>of()) {
      spec.commandLine().getErr().println(warning);
    }
    int hosts = world.configuration().hosts().names().size();
    if (hosts > 0) {
      spec.commandLine()
          .getErr()
          .println(
              file
                  + ": "
                  + hosts
                  + (hosts == 1 ? " host" : " hosts")
                  + " not resolved here; a pool is not available while its hosts have no"
                  + " addresses");
    }
    Catalog catalog = world.configuration().catalog();
    VerdictTable verdicts = VerdictTable.all(catalog.endpoints().size(), Verdict.UP);
    for (String name : down) {
      for (Endpoint endpoint : catalog.endpoints(name).orElse(List.of())) {
        verdicts = verdicts.with(endpoint.id(), Verdict.DOWN);
      }
    }
    return world.plan(verdicts);
  }

  /// Refuses names of which no catalog has a pool or an endpoint.
  static void requireKnown(List<String> down, List<Catalog> catalogs, CommandSpec spec) {
    List<String> pools =
        catalogs.stream().flatMap(c -> c.pools().stream()).map(Pool::name).distinct().toList();
    for (String name : down) {
      if (catalogs.stream().allMatch(catalog -> catalog.endpoints(name).isEmpty())) {
        String hint = NearestName.hint(name, pools);
        throw new ParameterException(
            spec.commandLine(),
            "there is no pool '"
                + name
                + "', and no endpoint with that address"
                + (hint.isEmpty() ? "" : "; " + hint));
      }
    }
  }
}
