package gslb.node;

import gslb.admin.AdminClient;
import gslb.admin.ReloadResult;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `gslb reload`: makes a running node read its configuration again, all or nothing.
@Command(
    name = "reload",
    description = "Makes a running node read its configuration again, all or nothing.",
    mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
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
          AdminClient.Answer<ReloadResult> answer = client.reload();
          if (json) {
            spec.commandLine().getOut().println(answer.json());
          } else {
            print(answer.value());
          }
          return switch (answer.value()) {
            case ReloadResult.Applied _ -> ExitCode.OK;
            case ReloadResult.Refused _ -> ExitCode.CONFIG;
          };
        });
  }

  private void print(ReloadResult result) {
    PrintWriter err = spec.commandLine().getErr();
    result.diagnostics().forEach(err::println);
    switch (result) {
      case ReloadResult.Applied applied ->
          spec.commandLine().getOut().println("generation " + applied.generation() + " serves");
      case ReloadResult.Refused refused ->
          err.println("nothing applied; generation " + refused.generation() + " stays in service");
    }
  }
}
