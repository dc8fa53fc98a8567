package gslb.node;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.Diagnostics;
import gslb.health.TargetVerdicts;
import gslb.steering.Catalog;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.zones.ZoneSet;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gslb explain`: why a client gets what it gets, from a configuration alone. The compiler's own
/// code runs with a trace, so the explanation is the answer's.
@Command(
    name = "explain",
    description = "Shows why a client gets the answer it gets.",
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration file.")
  private String file = "";

  @Parameters(paramLabel = "NAME", description = "A steered name, or a host of the redirect tier.")
  private String name = "";

  @Option(
      names = "--client",
      required = true,
      paramLabel = "ADDRESS",
      description = "The client's address.")
  private String client = "";

  @Option(
      names = "--down",
      split = ",",
      paramLabel = "POOL",
      description = "Pools taken as down; all others are taken as up.")
  private List<String> down = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Refused {
    Address address =
        Address.parse(client).orElseThrow(() -> wrong("'" + client + "' is no address"));
    Node.Edges edges = Node.Edges.real();
    Diagnostics diagnostics = new Diagnostics();
    ServedWorld world =
        ConfigurationReader.read(edges, file, GeoFiles.NONE, diagnostics)
            .orElseThrow(() -> new Refused(ExitCode.CONFIG, diagnostics.sorted()));
    Catalog catalog = world.configuration().catalog();
    Optional<Service> service =
        NodeOperations.service(ZoneSet.of(world.configuration().zones()), catalog, name);
    PrintWriter out = spec.commandLine().getOut();
    if (service.isEmpty()) {
      spec.commandLine().getErr().println("gslb: " + NodeOperations.notSteered(catalog, name));
      return ExitCode.NEGATIVE;
    }
    SteeringPlan plan =
        world.build(1, TargetVerdicts.NONE, Course.NONE, null).plan().withVerdicts(verdicts(world));
    out.println(plan.explain(service.get().id(), address, Clock.system().currentTimeMillis()));
    return ExitCode.OK;
  }

  private VerdictTable verdicts(ServedWorld world) {
    Catalog catalog = world.configuration().catalog();
    VerdictTable table = VerdictTable.all(catalog.endpoints().size(), Verdict.UP);
    for (String pool : down) {
      var endpoints =
          catalog.pools().stream()
              .filter(p -> p.name().equals(pool))
              .findFirst()
              .orElseThrow(() -> wrong("there is no pool '" + pool + "'"))
              .endpoints();
      for (var endpoint : endpoints) {
        table = table.with(endpoint.id(), Verdict.DOWN);
      }
    }
    return table;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
