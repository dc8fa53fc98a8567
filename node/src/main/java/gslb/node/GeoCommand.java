package gslb.node;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.Diagnostics;
import gslb.base.Prefix;
import gslb.config.ConfigLoader;
import gslb.config.Configuration;
import gslb.config.GeoSettings;
import gslb.steering.places.CountryTable;
import gslb.steering.places.GeoSummary;
import gslb.steering.places.PlaceTable;
import gslb.steering.places.Whereabouts;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gslb geo`: about geo databases.
@Command(
    name = "geo",
    description = "Shows geo databases and where addresses are.",
    mixinStandardHelpOptions = true,
    subcommands = {GeoCommand.Info.class})
final class GeoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "name a command: info");
  }

  /// `gslb geo info`.
  @Command(
      name = "info",
      description = "Shows what a geo database holds, and where the given addresses are.",
      mixinStandardHelpOptions = true)
  static final class Info implements Callable<Integer> {
    @Option(
        names = {"-d", "--database"},
        paramLabel = "FILE",
        description =
            "A database (MMDB); may be given again, by priority. Default: the bundled one.")
    private List<String> databases = List.of();

    @Option(
        names = {"-c", "--config"},
        paramLabel = "FILE",
        description = "A configuration, whose databases, own networks and countries are used.")
    private String configuration = "";

    @Parameters(paramLabel = "ADDRESS", description = "Addresses to look up.")
    private List<String> addresses = List.of();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Refused {
      List<Address> wanted = addresses.stream().map(this::address).toList();
      if (!configuration.isEmpty() && !databases.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "--config names the databases; give it or --database");
      }
      Diagnostics diagnostics = new Diagnostics();
      GeoSettings settings = bundled();
      Map<String, List<Prefix>> networks = Map.of();
      if (!configuration.isEmpty()) {
        Configuration read =
            ConfigLoader.load(new DiskFiles(), configuration, diagnostics)
                .orElseThrow(() -> new Refused(ExitCode.CONFIG, diagnostics.sorted()));
        settings = read.geo();
        networks = read.catalog().networks();
      }
      GeoFiles geo =
          GeoFiles.read(settings, GeoFiles.NONE, GeoFiles::fresh, diagnostics)
              .orElseThrow(() -> new Refused(ExitCode.CONFIG, diagnostics.sorted()));
      PlaceTable table =
          PlaceTable.compile(
              geo.databases(),
              networks,
              CountryTable.standard().withConfigured(settings.countries()));
      PrintWriter out = spec.commandLine().getOut();
      if (wanted.isEmpty()) {
        out.println(GeoSummary.of(geo.databases(), table, Clock.system(), settings.maxAge()));
      }
      for (Address address : wanted) {
        out.println(Whereabouts.of(table, address));
      }
      return ExitCode.OK;
    }

    private GeoSettings bundled() {
      return new GeoSettings(
          databases.isEmpty()
              ? List.of(Home.folder().resolve("deploy/geo/geo-whois-asn-country.mmdb").toString())
              : databases);
    }

    private Address address(String text) {
      return Address.parse(text)
          .orElseThrow(
              () ->
                  new ParameterException(
                      spec.commandLine(),
                      "'" + text + "' is no address; a database is named with --database"));
    }
  }
}
