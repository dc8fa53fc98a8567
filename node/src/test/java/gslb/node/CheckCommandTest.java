package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `gslb check` and `gslb geo info` as their user runs them.
final class CheckCommandTest {
  private static final String CONFIGURATION =
      """
      GEO
      zones: {gslb.example: {file: zone}}
      sites: {frankfurt: {continent: EU, country: DE, at: [50.11, 8.68]}}
      monitors:
        web: {type: tcp, port: 80, interval: 4s, timeout: 1s, fall: 3}
        slow: {type: tcp, port: 80, interval: 1m, timeout: 1s, fall: 3}
      pools:
        eu: {site: frankfurt, monitors: [web, slow], endpoints: [{host: lb.example.org}]}
        us: {site: frankfurt, ramp: 0s, endpoints: [{address: 192.0.2.1}]}
      services:
        www:
          names: [www.gslb.example]
          ttl: {min: 5s, max: 40s}
          policy: [eu, us]
        fixed:
          names: [fixed.gslb.example]
          ttl: 20s
          policy: POLICY
      """;

  /// A pool that policies may name besides.
  private static final String BACK =
      "  back: {site: frankfurt, monitors: [slow], ramp: 1h, endpoints: [{address: 192.0.2.2}]}\n";

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeZone() throws IOException {
    Files.writeString(
        folder.resolve("zone"),
        "@ 60 SOA ns1 hostmaster 1 3600 600 604800 60\n@ 60 NS ns1\nns1 60 A 192.0.2.53\n");
    Files.write(
        folder.resolve("world.mmdb"),
        MmdbWriter.write(4, 24, Map.of(Prefix.of("0.0.0.0/2"), Map.of("country_code", "US"))));
  }

  private int run(String geo, String policy, String... arguments) throws IOException {
    Files.writeString(
        folder.resolve("gslb.yaml"),
        CONFIGURATION
            .replace("GEO", geo)
            .replace("POLICY", policy)
            .replace("services:", policy.contains("back") ? BACK + "services:" : "services:"));
    out.getBuffer().setLength(0);
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = arguments[i].replace("FILE", folder.resolve("gslb.yaml").toString());
    }
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  /// `web` falls after 12 s at the latest and 8 s at the earliest; `us` is never judged.
  @Test
  void effectiveTtlsAndTheirQueryRatesArePrinted() throws IOException {
    assertThat(run("", "us", "check", "-c", "FILE")).isZero();
    assertThat(out.toString())
        .contains(
            "service www: 1 class of clients, partition 0, TTL 5..40 s, while all is up 8..40 s:"
                + " 25..125 q/s, at most 200\n")
        .contains(
            "service fixed: 1 class of clients, partition 0, TTL 20 s, while all is up 20 s: 50"
                + " q/s, at most 50\n")
        .contains("1 host of endpoints, resolved by the node and not by this check\n")
        .contains("partition 0: www, fixed\n  1 class of clients, runs: 1 IPv4, 1 IPv6, ")
        .contains("  IPv4 scopes: /0 100.0 % (1)\n")
        .doesNotContain("hash", "ramps");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void ratesAreInGroupsOfThreeDigits() throws IOException {
    Files.writeString(
        folder.resolve("gslb.yaml"),
        CONFIGURATION
            .replace("GEO", "")
            .replace("POLICY", "us")
            .replace("ttl: 20s", "ttl: {min: 1s, max: 20s}"));
    Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .execute("check", "-c", folder.resolve("gslb.yaml").toString());
    assertThat(out.toString())
        .contains("TTL 1..20 s, while all is up 20 s: 50 q/s, at most 1,000\n");
  }

  @Test
  void scopesAreGroupedWithTheirShareOfTheAddressSpace() throws IOException {
    run(
        "geo: {databases: [world.mmdb], max-age: never, networks: {n: [192.0.2.0/24]}}",
        "{geo: {NA/US: us, networks/n: [], default: us}}",
        "check",
        "-c",
        "FILE");
    // The /24 leaves one prefix of each length from 1 to 24 beside it.
    assertThat(out.toString())
        .contains(
            "  IPv4 scopes: /0-8 99.61 % (8), /9-16 0.3891 % (8), /17-20 0.001431 % (4), /21-22"
                + " 7.153e-05 % (2), /23-24 2.384e-05 % (3)\n");
  }

  /// The partition alone would say /0, while answers carry /24, and /20 in a ramp (RFC 7871
  /// §7.2.1).
  @Test
  void scopesOfBlocksAreToldBesideThoseOfPlaces() throws IOException {
    run("", "{sticky: {us: 1, back: 2}}", "check", "-c", "FILE");
    assertThat(out.toString())
        .contains(
            """
              IPv6 scopes: /0 100.0 % (1)
              hashed: /24 and /48, or longer where places are: fixed
              in ramps: /20 and /36, or longer where places are: fixed

            """);
    run("", "[us, {sticky: {eu: 1, back: 2}}]", "check", "-c", "FILE");
    assertThat(out.toString()).contains("  hashed only while pools are down: fixed\n");
    run(
        "geo: {databases: [world.mmdb], max-age: never}",
        "{geo: {NA/US: {sticky: {eu: 1, us: 2}}, default: us}}",
        "check",
        "-c",
        "FILE");
    assertThat(out.toString())
        .contains(
            "  hashed: /24 and /48, or longer where places are: fixed (in 1 of 2 classes)\n\n");
  }

  @Test
  void classesWithBlocksAreInTheFormForProgramsToo() throws IOException {
    run("", "[us, {sticky: {eu: 1, back: 2}}]", "check", "--json", "-c", "FILE");
    assertThat(out.toString())
        .contains(
            "\"hashedClasses\": 0,\n      \"hashedClassesMost\": 1,\n      \"rampedClasses\": 1,");
  }

  /// `us` is never judged, so those who keep to it cannot be stranded.
  @Test
  void clientsWhoKeepToAPoolThatCanFailAreToldAtTheirService() throws IOException {
    assertThat(
            run(
                "geo: {databases: [world.mmdb], max-age: never}",
                "{geo: {NA/US: eu, default: us}}",
                "check",
                "-c",
                "FILE"))
        .isZero();
    assertThat(err.toString())
        .matches(
            "(?s).*/gslb.yaml:15:3: warning: service 'fixed' sends clients at NA, US.* to 'eu' even"
                + " when all of it is down, though it has 'us'; all-down: .*");
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void theFormForProgramsIsStable() throws IOException {
    assertThat(run("geo: {countries: {US: [39, -77.5]}}", "us", "check", "--json", "-c", "FILE"))
        .isZero();
    assertThat(out.toString().replaceAll("\"bytes\": [0-9]+", "\"bytes\": N"))
        .isEqualTo(
            """
            {
              "file": "FILE",
              "ok": true,
              "problems": [],
              "problemsOmitted": 0,
              "zones": 1,
              "pools": 2,
              "endpoints": 1,
              "hosts": 1,
              "partitions": [
                {
                  "number": 0,
                  "services": [
                    "www",
                    "fixed"
                  ],
                  "classes": 1,
                  "v4Runs": 1,
                  "v6Runs": 1,
                  "bytes": N,
                  "v4Scopes": [
                    {
                      "scope": 0,
                      "prefixes": 1,
                      "share": 1.0
                    }
                  ],
                  "v6Scopes": [
                    {
                      "scope": 0,
                      "prefixes": 1,
                      "share": 1.0
                    }
                  ]
                }
              ],
              "resolvers": 1000,
              "services": [
                {
                  "name": "www",
                  "names": 1,
                  "classes": 1,
                  "partition": 0,
                  "hashedClasses": 0,
                  "hashedClassesMost": 0,
                  "rampedClasses": 0,
                  "ttlMin": 5,
                  "ttlMax": 40,
                  "effectiveTtlMin": 8,
                  "effectiveTtlMax": 40,
                  "queriesPerSecondMin": 25.0,
                  "queriesPerSecondMax": 125.0,
                  "queriesPerSecondWorst": 200.0
                },
                {
                  "name": "fixed",
                  "names": 1,
                  "classes": 1,
                  "partition": 0,
                  "hashedClasses": 0,
                  "hashedClassesMost": 0,
                  "rampedClasses": 0,
                  "ttlMin": 20,
                  "ttlMax": 20,
                  "effectiveTtlMin": 20,
                  "effectiveTtlMax": 20,
                  "queriesPerSecondMin": 50.0,
                  "queriesPerSecondMax": 50.0,
                  "queriesPerSecondWorst": 50.0
                }
              ]
            }
            """
                .replace("FILE", folder.resolve("gslb.yaml").toString()));
  }

  @Test
  void problemsAreInTheFormForProgramsToo() throws IOException {
    assertThat(run("bogus: 1", "us", "check", "--json", "-c", "FILE")).isEqualTo(ExitCode.CONFIG);
    assertThat(out.toString())
        .startsWith("{\n  \"file\": \"")
        .contains("\"ok\": false,")
        .contains("\"severity\": \"error\",")
        .contains(
            "\"line\": 1,\n      \"column\": 1,\n      \"problem\": \"unknown key 'bogus' in");
    assertThat(err.toString()).isEmpty();
  }

  /// The file is of 2026-06-17.
  @Test
  void oldDataAndBranchesThatNobodyTakesAreWarnedOf() throws IOException {
    assertThat(
            run(
                "geo: {databases: [world.mmdb], max-age: 1d}",
                "{geo: {EU/DE: us, asn/64500: us, default: us}}",
                "check",
                "-q",
                "-c",
                "FILE"))
        .isZero();
    assertThat(err.toString())
        .containsPattern("world.mmdb: warning: the geo database is of 2026-06-17, [0-9]+ days old")
        .contains("; 'max-age' of 'geo' is 1 day; ")
        .contains("gslb.yaml:18:20: warning: no address is in country 'DE'; ")
        .contains("gslb.yaml:18:31: warning: 'asn/64500' needs autonomous systems; ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void infoKnowsWhatTheConfigurationSaysOfACountry() throws IOException {
    assertThat(
            run(
                "geo: {databases: [world.mmdb], countries: {US: [39, -77.5]}, networks: {n:"
                    + " [1.2.3.0/24]}}",
                "{nearest: [us]}",
                "geo",
                "info",
                "-c",
                "FILE",
                "1.2.3.4"))
        .isZero();
    assertThat(out.toString())
        .isEqualTo(
            "1.2.3.4 in 1.2.3.0/24: networks/n, NA/US at 39.00, -77.50 (as configured for US)\n");
  }
}
