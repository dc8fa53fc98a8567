package gslb.node;

import gslb.admin.AdminCallException;
import gslb.admin.AdminClient;
import gslb.admin.ExplainJson;
import gslb.admin.ExplainRefused;
import gslb.admin.ExplainRequest;
import gslb.admin.ExplainResult;
import gslb.admin.ExplainText;
import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.health.HealthStatus;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gslb explain`: why a client gets what it gets, from a running node or from a configuration
/// alone. The compiler's own code runs with a trace, so the explanation is the answer's.
@Command(
    name = "explain",
    description = {
      "Shows what a client gets for a name, why, and what would change it.",
      "Asks the running node; with --offline, the configuration alone. Exits with 1 if the client"
          + " gets no answer."
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  private static final int SECRET_LENGTH = 32;

  @Mixin private RunningNode running = new RunningNode();

  @Parameters(
      paramLabel = "NAME",
      description = "A name, steered or not; over HTTP, the host of the request.")
  private String name = "";

  @Option(
      names = "--client",
      paramLabel = "ADDRESS",
      description =
          "The client. It asks itself, unless a resolver is given; that sends its /24, or /56 of"
              + " IPv6.")
  private @Nullable String client;

  @Option(
      names = "--resolver",
      paramLabel = "ADDRESS",
      description = "The resolver that sends the query.")
  private @Nullable String resolver;

  @Option(
      names = "--subnet",
      paramLabel = "PREFIX",
      description = "The client subnet that the query carries (RFC 7871).")
  private @Nullable String subnet;

  @Option(
      names = "--proxy",
      paramLabel = "ADDRESS",
      description = "The trusted proxy whose PROXY header names the sender.")
  private @Nullable String proxy;

  @Option(names = "--via", paramLabel = "dns|http", description = "How it asks; dns by default.")
  private @Nullable String via;

  @Option(names = "--type", paramLabel = "TYPE", description = "The record type; A by default.")
  private @Nullable String type;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Path and query of the HTTP request; / by default.")
  private @Nullable String path;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description =
          "The time that draws are made for, as 2026-01-31T12:00:00.000Z; now by default.")
  private @Nullable String at;

  @Option(
      names = "--down",
      paramLabel = "POOL|ADDRESS[,…]",
      description = "Pools and endpoints taken as down.")
  private @Nullable String down;

  @Option(
      names = "--offline",
      description =
          "Ask no node: explain the configuration, with all that is not --down up and just"
              + " probed.")
  private boolean offline;

  @Option(
      names = "--resolve",
      description =
          "With --offline: resolve the host names of endpoints by this machine's resolver.")
  private boolean resolve;

  @Option(names = "--json", description = "Print JSON; docs/explain.md lists its keys.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Refused {
    Map<String, String> parameters = parameters();
    ExplainRequest request;
    try {
      request = ExplainRequest.of(parameters);
    } catch (ExplainRefused e) {
      throw wrong(e);
    }
    if (resolve && !offline) {
      throw new ParameterException(
          spec.commandLine(), "--resolve goes with --offline; a running node has the addresses");
    }
    return offline ? offline(request) : running.call(node -> running(node, parameters));
  }

  private Map<String, String> parameters() {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("name", name);
    put(parameters, "client", client);
    put(parameters, "resolver", resolver);
    put(parameters, "subnet", subnet);
    put(parameters, "proxy", proxy);
    put(parameters, "via", via);
    put(parameters, "type", type);
    put(parameters, "path", path);
    put(parameters, "at", at);
    put(parameters, "down", down);
    return parameters;
  }

  private static void put(Map<String, String> parameters, String name, @Nullable String value) {
    if (value != null) {
      parameters.put(name, value);
    }
  }

  private int running(AdminClient node, Map<String, String> parameters) throws AdminCallException {
    AdminClient.Answer<AdminClient.Explained> answer = node.explain(parameters);
    print(json ? answer.json() + '\n' : answer.value().text());
    return answer.value().isAnswered() ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private int offline(ExplainRequest request) throws Refused {
    Node.Edges edges = Node.Edges.real();
    Diagnostics diagnostics = new Diagnostics();
    ServedWorld world =
        ConfigurationReader.read(edges, running.file(), GeoFiles.NONE, diagnostics)
            .orElseThrow(() -> new Refused(ExitCode.CONFIG, diagnostics.sorted()));
    world = resolve ? world.resolved(host -> addresses(edges, host)) : world;
    long nowNanos = edges.clock().nanoTime();
    world.supposeJustProbed(nowNanos);
    tellOfHosts(world);
    long now = edges.clock().currentTimeMillis();
    // No question here has a cookie, so what makes them does not matter.
    CookieSchedule cookies = CookieSchedule.of(world.configuration(), new byte[SECRET_LENGTH]);
    world = world.with(cookies.options(world.configuration(), now));
    VerdictTable up =
        VerdictTable.all(world.configuration().catalog().endpoints().size(), Verdict.UP);
    try {
      ExplainResult result =
          new ServedExplainer(
                  "",
                  world.build(0, up, Course.NONE, null),
                  new HealthStatus("", 0, HealthStatus.Uplink.NOT_CHECKED, List.of(), List.of()),
                  world.configuration().dns().proxies(),
                  now,
                  nowNanos)
              .explain(request);
      print(json ? ExplainJson.of(result) + '\n' : ExplainText.render(result));
      return result.isAnswered() ? ExitCode.OK : ExitCode.NEGATIVE;
    } catch (ExplainRefused e) {
      throw wrong(e);
    }
  }

  private void tellOfHosts(ServedWorld world) {
    List<DnsName> hosts = world.configuration().hosts().names();
    if (!resolve && !hosts.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "gslb: "
                  + hosts.size()
                  + (hosts.size() == 1 ? " host is" : " hosts are")
                  + " not resolved, as if without addresses; --resolve asks this machine's"
                  + " resolver");
    }
  }

  private List<Address> addresses(Node.Edges edges, DnsName host) {
    try {
      return edges.hosts().resolve(host).addresses();
    } catch (IOException e) {
      spec.commandLine().getErr().println("gslb: " + host + ": " + e.getMessage());
      return List.of();
    }
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  private ParameterException wrong(ExplainRefused refused) {
    return new ParameterException(spec.commandLine(), String.valueOf(refused.getMessage()));
  }
}
