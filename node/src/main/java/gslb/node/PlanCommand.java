package gslb.node;

import gslb.admin.AdminClient;
import gslb.admin.PlanResult;
import gslb.admin.ShiftJson;
import gslb.steering.Catalog;
import gslb.steering.SteeringPlan;
import gslb.steering.shift.Comparison;
import gslb.steering.shift.PlanShift;
import gslb.steering.shift.ShiftText;
import gslb.steering.shift.Weighting;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `gslb plan`: which clients a configuration would move, before it is applied.
@Command(
    name = "plan",
    description =
        "Shows which share of clients a configuration moves from where to where, and applies"
            + " nothing. It is compared with what the running node serves now, or with another"
            + " file.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  private static final double ROUNDING = 1e-9;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "The new configuration. Without it, what a reload of the node given by --running would"
              + " do now.")
  private @Nullable String file;

  @Option(
      names = "--running",
      paramLabel = "FILE",
      description =
          "The configuration file of the running node, which says where its API and its token"
              + " are. Default: the new one.")
  private @Nullable String running;

  @Option(
      names = "--from",
      paramLabel = "OLD",
      description = "Compare with this file, all endpoints up, in place of the running node.")
  private @Nullable String from;

  @Option(
      names = "--down",
      split = ",",
      paramLabel = "POOL|ADDRESS",
      description = "With --from: what is taken as down in both files.")
  private List<String> down = List.of();

  @Mixin private Weighing weighing = new Weighing();

  @Option(
      names = "--fail-above",
      paramLabel = "SHARE",
      description =
          "Exit with 1 if more of the clients of any one service get another pool, or lose all"
              + " addresses of a family, than this share, such as 10%%.")
  private @Nullable Share failAbove;

  @Option(
      names = "--json",
      description = "Print the answer of the API as it is, and failures as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Refused {
    Weighting weighting = weighing.weighting();
    String candidate = file;
    String old = from;
    if (old != null) {
      if (candidate == null || running != null) {
        throw wrong("--from compares two files: give the new one by -c alone");
      }
      return offline(old, candidate, weighting);
    }
    if (!down.isEmpty() || weighing.hasClients()) {
      throw wrong("--down and --clients are for two files: give the old by --from");
    }
    String node = running != null ? running : candidate;
    if (node == null) {
      throw wrong("give the new configuration by -c, or --running alone");
    }
    String absolute =
        candidate == null ? null : Path.of(candidate).toAbsolutePath().normalize().toString();
    return RunningNode.call(node, spec, client -> print(client.plan(absolute, weighting)));
  }

  private int offline(String old, String candidate, Weighting weighting) throws Refused {
    SteeringPlan before = OfflinePlan.of(old, down, false, spec);
    SteeringPlan after = OfflinePlan.of(candidate, down, true, spec);
    List<Catalog> catalogs = List.of(before.catalog(), after.catalog());
    OfflinePlan.requireKnown(down, catalogs, spec);
    PlanShift shift = Comparison.of(before, after, weighing.sample(catalogs));
    AdminClient.Planned planned =
        new AdminClient.Planned(
            false, ShiftText.of(shift, weighting), shift.mostDisturbed(weighting), List.of());
    String text =
        json ? new ShiftJson().text(new PlanResult.Planned(0, weighting, shift, List.of())) : "";
    return print(new AdminClient.Answer<>(planned, text));
  }

  private int print(AdminClient.Answer<AdminClient.Planned> answer) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    AdminClient.Planned planned = answer.value();
    if (json) {
      out.println(answer.json());
    } else {
      planned.diagnostics().forEach(err::println);
      out.print(planned.text());
      out.flush();
    }
    if (planned.isRefused()) {
      err.println("a reload would apply nothing");
      return ExitCode.CONFIG;
    }
    if (failAbove != null && planned.mostDisturbed() > failAbove.fraction() + ROUNDING) {
      err.println(
          String.format(
              Locale.ROOT,
              "gslb: %.2f %% of the clients of a service are disturbed, above %s",
              100 * planned.mostDisturbed(),
              failAbove.written()));
      return ExitCode.NEGATIVE;
    }
    return ExitCode.OK;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
