package gslb.node;

import gslb.admin.ShiftJson;
import gslb.admin.SimulateResult;
import gslb.steering.shift.ClientSample;
import gslb.steering.shift.Scenario;
import gslb.steering.shift.ScenarioRefused;
import gslb.steering.shift.Simulation;
import gslb.steering.shift.SimulationText;
import gslb.steering.shift.Simulator;
import gslb.steering.shift.Weighting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `gslb simulate`: where clients go when something fails or is drained, and which pool that fills
/// beyond its capacity.
@Command(
    name = "simulate",
    description =
        "Shows where clients go if pools fail or are drained, and which pools get more than their"
            + " capacity. Nothing is changed.",
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration file of the running node.")
  private String file = "";

  @Option(
      names = "--offline",
      description = "Play it on the file alone, all else up, in place of the running node.")
  private boolean offline;

  @Option(
      names = "--down",
      split = ",",
      paramLabel = "POOL|ADDRESS",
      description = "Pools and endpoints that fail.")
  private List<String> down = List.of();

  @Option(
      names = "--drain",
      split = ",",
      paramLabel = "POOL=SHARE",
      description = "Pools of which a share of the clients is sent on, as in eu=50%%.")
  private Map<String, String> drained = Map.of();

  @Option(
      names = "--demand",
      split = ",",
      paramLabel = "SERVICE=NUMBER",
      description = "Demand of services, in place of their 'demand' in the configuration.")
  private Map<String, Long> demand = Map.of();

  @Option(
      names = "--weight",
      defaultValue = "v4",
      paramLabel = "v4|v6|traffic",
      description =
          "What clients are counted by: IPv4 addresses (default), IPv6 addresses of known place,"
              + " or what they were seen asking.")
  private String weight = "v4";

  @Option(
      names = "--clients",
      paramLabel = "FILE",
      description =
          "With --offline: the clients to weigh by, a line each: service, prefix and weight.")
  private @Nullable String clients;

  @Option(names = "--json", description = "Print the answer of the API as it is.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Refused {
    Map<String, Double> shares = new HashMap<>();
    for (Map.Entry<String, String> entry : drained.entrySet()) {
      double share = OfflinePlan.share(entry.getValue(), spec);
      if (share == 0) {
        throw OfflinePlan.wrong(spec, "a drain of '" + entry.getKey() + "' by nothing is none");
      }
      shares.put(entry.getKey(), share);
    }
    for (Map.Entry<String, Long> entry : demand.entrySet()) {
      if (entry.getValue() < 0) {
        throw OfflinePlan.wrong(spec, "the demand of '" + entry.getKey() + "' is below 0");
      }
    }
    Scenario scenario = new Scenario(down, shares, demand, OfflinePlan.weighting(weight, spec));
    if (offline) {
      return offline(scenario);
    }
    if (clients != null) {
      throw OfflinePlan.wrong(spec, "--clients is for --offline");
    }
    return RunningNode.call(
        file,
        spec,
        client -> {
          var answer = client.simulate(scenario);
          print(answer.value(), answer.json());
          return ExitCode.OK;
        });
  }

  private int offline(Scenario scenario) throws Refused {
    ClientSample sample = clients == null ? ClientSample.NONE : OfflinePlan.clients(clients, spec);
    if (scenario.weighting() == Weighting.TRAFFIC && sample.isEmpty()) {
      throw OfflinePlan.wrong(spec, "give the clients to weigh by by --clients");
    }
    try {
      Simulation simulation =
          Simulator.run(OfflinePlan.of(file, List.of(), true, spec), scenario, sample);
      print(
          SimulationText.of(simulation),
          json ? new ShiftJson().text(new SimulateResult.Simulated(0, simulation)) : "");
      return ExitCode.OK;
    } catch (ScenarioRefused e) {
      spec.commandLine().getErr().println("gslb: " + e.problem());
      return ExitCode.NEGATIVE;
    }
  }

  private void print(String text, String asJson) {
    if (json) {
      spec.commandLine().getOut().println(asJson);
    } else {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    }
  }
}
