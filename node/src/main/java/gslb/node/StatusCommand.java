package gslb.node;

import gslb.admin.AdminClient;
import gslb.admin.NodeStatus;
import gslb.admin.StatusReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `gslb status`: what a running node sees and serves.
@Command(
    name = "status",
    description = "Shows what a running node sees and serves.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Mixin private RunningNode running = new RunningNode();

  @Option(
      names = "--json",
      description = "Print the answer of the API as it is, and failures as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Refused {
    return running.call(
        client -> {
          AdminClient.Answer<NodeStatus> status = client.status();
          spec.commandLine()
              .getOut()
              .println(json ? status.json() : StatusReport.render(status.value()));
          return ExitCode.OK;
        });
  }
}
