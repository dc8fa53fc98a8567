package gslb.node;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.config.NearestName;
import gslb.steering.Catalog;
import gslb.steering.ClientSample;
import gslb.steering.Service;
import gslb.steering.shift.Weighting;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say what clients are counted by.
final class Weighing {
  /// Lines of a file of clients.
  static final int CLIENTS_MAX = 1_000_000;

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
          "Without a node: the clients to weigh by, a line each: service, prefix and weight.")
  private @Nullable String clients;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  Weighting weighting() {
    try {
      return Weighting.valueOf(weight.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw wrong("'" + weight + "' is no weighting; it is v4, v6 or traffic");
    }
  }

  /// Whether a file of clients is given, which a running node would not look at.
  boolean hasClients() {
    return clients != null;
  }

  /// The clients to weigh by where no node has seen any: a line each, of the service's name, a
  /// prefix or address, and a weight, which is 1 if it is left out. Empty lines and those that
  /// begin
  /// with `#` say nothing.
  ///
  /// @param catalogs of which one at least has each service
  ClientSample sample(List<Catalog> catalogs) {
    if (clients == null) {
      if (weighting() == Weighting.TRAFFIC) {
        throw wrong("give the clients to weigh by by --clients");
      }
      return ClientSample.NONE;
    }
    ClientSample sample = read(clients);
    if (weighting() == Weighting.TRAFFIC && sample.isEmpty()) {
      throw wrong("'" + clients + "' has no clients to weigh by");
    }
    List<String> services =
        catalogs.stream().flatMap(c -> c.services().stream()).map(Service::name).toList();
    for (ClientSample.Client client : sample.clients()) {
      if (!services.contains(client.service())) {
        String hint = NearestName.hint(client.service(), services);
        throw wrong(
            clients
                + ": there is no service '"
                + client.service()
                + "'"
                + (hint.isEmpty() ? "" : "; " + hint));
      }
    }
    return sample;
  }

  private ClientSample read(String file) {
    List<ClientSample.Client> found = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        Optional<ClientSample.Client> client = client(line.strip().split("\\s+", -1));
        if (client.isEmpty() || found.size() == CLIENTS_MAX) {
          throw wrong(
              file
                  + ":"
                  + number
                  + (client.isEmpty()
                      ? ": not a client; a line is the service, a prefix and a weight above 0"
                      : ": too many clients; at most " + CLIENTS_MAX));
        }
        found.add(client.get());
      }
    } catch (IOException e) {
      throw wrong("'" + file + "' cannot be read: " + DiskFiles.reason(e));
    } catch (InvalidPathException e) {
      throw wrong("'" + file + "' is not a path: " + e.getReason());
    }
    return new ClientSample(found);
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

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
