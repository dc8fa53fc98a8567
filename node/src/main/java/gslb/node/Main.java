package gslb.node;

import gslb.admin.ProblemJson;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `gslb`.
@Command(
    name = "gslb",
    description = "A global server load balancer: DNS and HTTP redirects by place and health.",
    versionProvider = Main.Versions.class,
    mixinStandardHelpOptions = true,
    subcommands = {
      RunCommand.class,
      CheckCommand.class,
      DelegationCommand.class,
      ExplainCommand.class,
      PlanCommand.class,
      SimulateCommand.class,
      StatusCommand.class,
      ReloadCommand.class,
      DemoCommand.class,
      GeoCommand.class,
      CompletionCommand.class,
      TrainCommand.class,
      CommandLine.HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the answer is no (explain: the name is not steered; plan: more clients move than"
          + " --fail-above; simulate: there is no such pool; delegation: the parent has another"
          + " one)",
      "64:the command line is wrong",
      "69:the running node, or the parent of a zone, cannot be reached",
      "70:a defect in gslb",
      "73:an address cannot be bound, a folder cannot be written",
      "78:the configuration is wrong"
    })
public final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /// The text of `--version`.
  static final class Versions implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"gslb " + Version.text()};
    }
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Main());
    command.setExitCodeExceptionMapper(_ -> ExitCode.SOFTWARE);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.registerConverter(Share.class, Share::parse);
    command.setParameterExceptionHandler(
        (e, arguments) -> {
          PrintWriter err = e.getCommandLine().getErr();
          err.println("gslb: " + e.getMessage());
          if (List.of(arguments).contains(Failure.OPTION)) {
            String detail = String.valueOf(e.getMessage());
            PrintWriter out = e.getCommandLine().getOut();
            out.println(ProblemJson.of(Failure.WRONG_COMMAND_LINE, detail, List.of()));
          }
          CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
          err.println("try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'");
          return ExitCode.USAGE;
        });
    command.setExecutionExceptionHandler(
        (e, cmd, _) -> {
          if (e instanceof Refused refused) {
            Failure.tell(cmd, refused);
            return refused.exitCode();
          }
          throw e;
        });
    return command;
  }

  public static void main(String[] args) {
    LogLine.install();
    System.exit(commandLine().execute(args));
  }
}
