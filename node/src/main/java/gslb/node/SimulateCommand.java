package gslb.node;

import gslb.admin.ShiftJson;
import gslb.admin.SimulateResult;
import gslb.steering.ClientSample;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.steering.shift.Scenario;
import gslb.steering.shift.ScenarioRefused;
import gslb.steering.shift.Simulation;
import gslb.steering.shift.SimulationText;
import gslb.steering.shift.Simulator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
  @Mixin private RunningNode running = new RunningNode();

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
  private Map<String, Share> drained = Map.of();

  @Option(
      names = "--demand",
      split = ",",
      paramLabel = "SERVICE=NUMBER",
      description = "Demand of services, in place of their 'demand' in the configuration.")
  private Map<String, Long> demand = Map.of();

  @Mixin private Weighing weighing = new Weighing();

  @Option(
      names = "--json",
      description = "Print the answer of the API as it is, and failures as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Refused {
    Map<String, Double> shares = new HashMap<>();
    drained.forEach(
        (pool, share) -> {
          require(share.fraction() > 0, "a drain of '" + pool + "' by nothing is none");
          shares.put(pool, share.fraction());
        });
    demand.forEach(
        (service, number) ->
            require(
                number >= 0 && number <= Service.DEMAND_MAX,
                "the demand of '" + service + "' must be from 0 to " + Service.DEMAND_MAX));
    Scenario scenario = new Scenario(down, shares, demand, weighing.weighting());
    if (offline) {
      return offline(scenario);
    }
    require(!weighing.hasClients(), "--clients is for --offline");
    return running.call(
        client -> {
          var answer = client.simulate(scenario);
          print(answer.value(), answer.json());
          return ExitCode.OK;
        });
  }

  private int offline(Scenario scenario) throws Refused {
    SteeringPlan plan = OfflinePlan.of(running.file(), List.of(), true, spec);
    ClientSample sample = weighing.sample(List.of(plan.catalog()));
    try {
      Simulation simulation = Simulator.run(plan, scenario, sample);
      print(
          SimulationText.of(simulation),
          json ? new ShiftJson().text(new SimulateResult.Simulated(0, simulation)) : "");
      return ExitCode.OK;
    } catch (ScenarioRefused e) {
      Failure.tell(spec.commandLine(), "the scenario does not fit", e.problem());
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

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
