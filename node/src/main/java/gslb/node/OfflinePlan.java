package gslb.node;

import gslb.base.Address;
import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.Prefix;
import gslb.config.NearestName;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.Pool;
import gslb.steering.SteeringPlan;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.shift.ClientSample;
import gslb.steering.shift.Weighting;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Plans of configurations that no node serves, and what commands about plans read beside them.
final class OfflinePlan {
  /// Lines of a file of clients.
  static final int CLIENTS_MAX = 1_000_000;

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
    for (Pool pool : catalog.pools()) {
      for (Endpoint endpoint : pool.endpoints()) {
        if (down.contains(pool.name()) || down.contains(endpoint.address().toString())) {
          verdicts = verdicts.with(endpoint.id(), Verdict.DOWN);
        }
      }
    }
    return world.plan(verdicts);
  }

  /// Refuses names of which no catalog has a pool or an endpoint.
  static void requireKnown(List<String> down, List<Catalog> catalogs, CommandSpec spec) {
    List<String> pools =
        catalogs.stream().flatMap(c -> c.pools().stream()).map(Pool::name).distinct().toList();
    for (String name : down) {
      boolean isEndpoint =
          catalogs.stream()
              .flatMap(c -> c.endpoints().stream())
              .anyMatch(e -> e.address().toString().equals(name));
      if (!pools.contains(name) && !isEndpoint) {
        throw wrong(
            spec,
            "there is no pool '"
                + name
                + "', and no endpoint with that address"
                + NearestName.hint(name, pools));
      }
    }
  }

  static Weighting weighting(String text, CommandSpec spec) {
    try {
      return Weighting.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw wrong(spec, "'" + text + "' is no weighting; it is v4, v6 or traffic");
    }
  }

  /// A share written as `10%` or `2.5%`.
  ///
  /// @return 0..1
  static double share(String text, CommandSpec spec) {
    String number = text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : "";
    boolean isDecimal =
        !number.isEmpty()
            && number.length() <= 12
            && number.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))
            && number.chars().filter(c -> c == '.').count() <= 1
            && !number.equals(".");
    double percent = isDecimal ? Double.parseDouble(number) : -1;
    if (percent < 0 || percent > 100) {
      throw wrong(spec, "'" + text + "' is no share; write it as in 10%, from 0% to 100%");
    }
    return percent / 100;
  }

  /// Clients from a file: a line each, of the service's name, a prefix or address, and a weight,
  /// which is 1 if it is left out. Empty lines and those that begin with `#` say nothing.
  static ClientSample clients(String file, CommandSpec spec) {
    List<ClientSample.Client> clients = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        Optional<ClientSample.Client> client = client(line.strip().split("\\s+", -1));
        if (client.isEmpty() || clients.size() == CLIENTS_MAX) {
          throw wrong(
              spec,
              file
                  + ":"
                  + number
                  + (client.isEmpty()
                      ? ": not a client; a line is the service, a prefix and a weight above 0"
                      : ": too many clients; at most " + CLIENTS_MAX));
        }
        clients.add(client.get());
      }
    } catch (IOException e) {
      throw wrong(spec, "'" + file + "' cannot be read: " + e.getMessage());
    }
    return new ClientSample(clients);
  }

  private static Optional<ClientSample.Client> client(String[] words) {
    if (words.length < 2 || words.length > 3) {
      return Optional.empty();
    }
    Optional<Prefix> prefix =
        Prefix.parse(words[1])
            .or(() -> Address.parse(words[1]).map(a -> Prefix.around(a, a.family().bits())));
    try {
      double weight = words.length == 3 ? Double.parseDouble(words[2]) : 1;
      return prefix
          .filter(_ -> weight > 0 && weight < Double.POSITIVE_INFINITY)
          .map(p -> new ClientSample.Client(words[0], p, weight));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  static ParameterException wrong(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
