package gslb.node;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.cluster.ClusterSettings;
import gslb.config.ConfigLoader;
import gslb.config.Configuration;
import gslb.dns.delegation.CheckedDelegation;
import gslb.dns.delegation.Delegation;
import gslb.dns.delegation.DelegationAdvice;
import gslb.dns.delegation.DelegationCheck;
import gslb.dns.delegation.Finding;
import gslb.dns.delegation.Names;
import gslb.zones.FlatZone;
import gslb.zones.ZoneSet;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gslb delegation`: what the parents of our zones need, and whether they have it.
@Command(
    name = "delegation",
    description = {
      "Prints the NS and address records that the parent of a zone needs, as a piece of a zone"
          + " file.",
      "With --check, asks the parent's servers what they have, and each name server for the zone."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:printed; with --check: there are no errors, but there may be warnings",
      "1:an error was found, or there is no such zone",
      "64:the command line is wrong",
      "69:no server of the parent could be found or asked",
      "78:the configuration is wrong"
    })
final class DelegationCommand implements Callable<Integer> {
  private static final int DNS_PORT = 53;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration file.")
  private String file = "";

  @Parameters(paramLabel = "ZONE", arity = "0..*", description = "Zones; all if none is named.")
  private List<String> zones = List.of();

  @Option(names = "--check", description = "Ask the servers of the parent and of the zone.")
  private boolean check;

  @Option(
      names = "--server",
      paramLabel = "ADDRESS[:PORT]",
      description =
          "Ask this server of the parent, instead of looking for them; may be given again. Implies"
              + " --check.")
  private List<String> servers = List.of();

  @Option(
      names = "--resolver",
      paramLabel = "ADDRESS[:PORT]",
      description =
          "Find the parent's servers by this resolver, instead of those in /etc/resolv.conf; may"
              + " be given again.")
  private List<String> resolvers = List.of();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Do not say whom the check is asking.")
  private boolean quiet;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Refused {
    List<InetSocketAddress> parents = servers.stream().map(this::server).toList();
    List<InetSocketAddress> ask =
        resolvers.isEmpty()
            ? SystemResolvers.read(SystemResolvers.FILE)
            : resolvers.stream().map(this::server).toList();
    Diagnostics diagnostics = new Diagnostics();
    Configuration configuration =
        ConfigLoader.load(new DiskFiles(), file, diagnostics)
            .orElseThrow(() -> new Refused(ExitCode.CONFIG, diagnostics.sorted()));
    List<FlatZone> chosen = choose(configuration);
    PrintWriter err = spec.commandLine().getErr();
    if (chosen.isEmpty()) {
      return ExitCode.NEGATIVE;
    }
    DelegationAdvice advice = advice(configuration);
    Consumer<String> progress = quiet || json ? _ -> {} : text -> say(err, text);
    DelegationCheck asking =
        DelegationCheck.overNetwork(advice, Clock.system(), new SecureRandom(), ask, progress);
    ZoneSet all = ZoneSet.of(configuration.zones());
    List<CheckedDelegation> checked = new ArrayList<>();
    for (FlatZone zone : chosen) {
      Delegation wanted = Delegation.of(zone, all);
      boolean asks = (check || !parents.isEmpty()) && !zone.apex().isRoot();
      CheckedDelegation one =
          asks ? asking.check(wanted, parents) : DelegationCheck.unasked(advice, wanted);
      if (!json) {
        print(one, err);
      }
      checked.add(one);
    }
    if (json) {
      spec.commandLine().getOut().print(DelegationJson.of(checked));
      spec.commandLine().getOut().flush();
    }
    return exitCode(checked);
  }

  private void print(CheckedDelegation one, PrintWriter err) {
    PrintWriter out = spec.commandLine().getOut();
    DelegationText.print(one, out);
    out.flush();
    one.findings().forEach(err::println);
    err.flush();
  }

  private static void say(PrintWriter err, String text) {
    err.println(text);
    err.flush();
  }

  private static int exitCode(List<CheckedDelegation> checked) {
    boolean isReached =
        checked.stream()
            .noneMatch(
                one ->
                    one.has(Finding.Kind.PARENT_NOT_FOUND)
                        || one.has(Finding.Kind.PARENT_UNREACHABLE));
    if (!isReached) {
      return ExitCode.UNAVAILABLE;
    }
    return checked.stream().anyMatch(CheckedDelegation::hasErrors)
        ? ExitCode.NEGATIVE
        : ExitCode.OK;
  }

  private List<FlatZone> choose(Configuration configuration) {
    PrintWriter err = spec.commandLine().getErr();
    if (configuration.zones().isEmpty()) {
      err.println("gslb: there are no zones in '" + file + "'");
    }
    if (zones.isEmpty()) {
      return configuration.zones();
    }
    List<FlatZone> chosen = new ArrayList<>();
    for (String text : zones) {
      DnsName name =
          DnsName.parse(text).orElseThrow(() -> wrong("'" + text + "' is no domain name"));
      List<FlatZone> found =
          configuration.zones().stream().filter(zone -> zone.apex().equals(name)).toList();
      if (found.isEmpty()) {
        err.println("gslb: there is no zone '" + Names.shown(name) + "' in '" + file + "'");
        return List.of();
      }
      chosen.addAll(found);
    }
    return chosen;
  }

  private static DelegationAdvice advice(Configuration configuration) {
    ClusterSettings cluster = configuration.cluster();
    List<Address> members =
        cluster == null
            ? List.of()
            : cluster.members().stream()
                .map(ClusterSettings.Member::address)
                .filter(address -> !address.isLoopback())
                .toList();
    return new DelegationAdvice(configuration.dns().listen(), members);
  }

  /// An address, or an address and a port: `192.0.2.1`, `192.0.2.1:5353`, `[2001:db8::1]:5353`.
  private InetSocketAddress server(String text) {
    String address = text;
    int port = DNS_PORT;
    int colon = text.lastIndexOf(':');
    boolean isBracketed = text.startsWith("[");
    boolean hasPort =
        colon > 0 && (isBracketed ? text.charAt(colon - 1) == ']' : text.indexOf(':') == colon);
    if (hasPort) {
      address = text.substring(0, colon);
      port = port(text.substring(colon + 1), text);
    }
    if (isBracketed && address.endsWith("]")) {
      address = address.substring(1, address.length() - 1);
    }
    Address parsed =
        Address.parse(address)
            .orElseThrow(() -> wrong("'" + text + "' is no address and no address with port"));
    return new InetSocketAddress(parsed.toInetAddress(), port);
  }

  private int port(String digits, String text) {
    try {
      int port = Integer.parseInt(digits);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw wrong("'" + text + "' has no port from 1 to 65535");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
