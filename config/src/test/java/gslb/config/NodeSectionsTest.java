package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.redirect.RedirectSettings;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What stands under `node`, `listen`, `geo`, `sites` and `zones`.
final class NodeSectionsTest {
  @Test
  void everythingHasADefault() {
    Configuration configuration = Loaded.good("node: {}\n");
    assertThat(configuration.node()).isEqualTo(new NodeSettings("gslb", "/var/lib/gslb"));
    assertThat(configuration.dns().listen())
        .containsExactly(new InetSocketAddress("0.0.0.0", 53), new InetSocketAddress("::", 53));
    assertThat(configuration.redirect()).isEqualTo(new RedirectSettings(List.of()));
    assertThat(configuration.admin().listen()).hasToString("/127.0.0.1:8053");
    assertThat(configuration.geo())
        .isEqualTo(
            new GeoSettings(
                List.of(), "", Map.of(), Map.of(), java.time.Duration.ofDays(45), List.of()));
    assertThat(configuration.catalog().networks()).isEmpty();
    assertThat(configuration.zones()).isEmpty();
    assertThat(configuration.files()).containsExactly(Loaded.MAIN);
  }

  @Test
  void everyKeyArrives() {
    Configuration configuration =
        Loaded.good(
            """
            node: {name: Fra-1.a_b, state-directory: state}
            listen:
              dns: ["192.0.2.53:53", "[2001:db8::53]:5353"]
              http: ["192.0.2.53:80"]
              admin: "[::1]:8054"
            geo:
              databases: [city.mmdb, /etc/other.mmdb]
              networks:
                office: [192.0.2.0/25, "2001:db8:1::/48"]
                one: [192.0.2.200]
            """
                .replace("/etc/other.mmdb", "cluster.key"));
    assertThat(configuration.node()).isEqualTo(new NodeSettings("Fra-1.a_b", "etc/state"));
    assertThat(configuration.dns().listen())
        .containsExactly(
            new InetSocketAddress("192.0.2.53", 53), new InetSocketAddress("2001:db8::53", 5353));
    assertThat(configuration.redirect().http())
        .containsExactly(new InetSocketAddress("192.0.2.53", 80));
    assertThat(configuration.admin().listen()).hasToString("/[0:0:0:0:0:0:0:1]:8054");
    assertThat(configuration.geo().databaseFiles())
        .containsExactly("etc/city.mmdb", "etc/cluster.key");
    assertThat(configuration.catalog().networks())
        .isEqualTo(
            Map.of(
                "office", List.of(Prefix.of("192.0.2.0/25"), Prefix.of("2001:db8:1::/48")),
                "one", List.of(Prefix.of("192.0.2.200/32"))));
  }

  @Test
  void emptyFileIsRefused() {
    Loaded loaded = Loaded.load("# nothing\n");
    assertThat(loaded.errors()).singleElement().asString().contains("the configuration is empty");
    assertThat(Loaded.load("[]").errors()).singleElement().asString().contains("is an empty list");
  }

  @Test
  void adminStaysOnLoopback() {
    Loaded.refused(
        "listen: {admin: »\"192.0.2.1:8053\"}\n", "off loopback", "write '127.0.0.1:8053'");
    Loaded.refused("listen: {admin: »\"0.0.0.0:8053\"}\n", "off loopback");
  }

  @Test
  void listenersHaveAddressAndPort() {
    Loaded.refused("listen: {dns: [»\"192.0.2.1\"]}\n", "add the port");
    Loaded.refused("listen: {dns: [»\":53\"]}\n", "write '0.0.0.0:53'");
    Loaded.refused("listen: {dns: [»\"2001:db8::1:53\"]}\n", "in brackets");
    Loaded.refused("listen: {dns: [»\"localhost:53\"]}\n", "an address and a port");
    Loaded.refused("listen: {dns: [»\"[192.0.2.1]:53\"]}\n", "an address and a port");
    Loaded.refused("listen: {dns: »\"192.0.2.1:53\"}\n", "write it in brackets: [ ]");
  }

  @Test
  void listenersDoNotCollide() {
    Loaded.refused(
        "listen: {dns: [\"192.0.2.1:53\", »\"192.0.2.1:53\"]}\n",
        "takes the address and TCP port of 'dns'",
        "etc/gslb.yaml:1:16");
    Loaded.refused(
        "listen: {dns: [\"192.0.2.1:53\"], http: [»\"192.0.2.1:53\"]}\n", "'http' of 'listen'");
    Loaded.refused(
        "listen: {dns: [\"192.0.2.1:8053\"], http: [»\"0.0.0.0:8053\"], admin: \"[::1]:1\"}\n",
        "takes the address and TCP port of 'dns'");
    Loaded.good("listen: {dns: [\"0.0.0.0:53\", \"192.0.2.1:53\"]}\n");
  }

  @Test
  void prefixHasNoBitsPastItsLength() {
    Loaded.refused(
        "geo: {networks: {office: [»192.0.2.1/24]}}\n",
        "bits are set past its length",
        "write '192.0.2.0/24'");
    Loaded.refused("geo: {networks: {office: [»192.0.2.0/33]}}\n", "a prefix");
  }

  @Test
  void prefixIsInOneNetwork() {
    Loaded.refused(
        "geo: {networks: {a: [192.0.2.0/24], b: [192.0.2.0/25, »192.0.2.0/24]}}\n",
        "prefix 192.0.2.0/24 is in a network already",
        "etc/gslb.yaml:1:22");
  }

  @Test
  void networksMayHaveTheirOwnFile() {
    MemoryFiles files = CompleteFile.files("geo: {networks: nets/own.yaml}\n");
    Loaded good =
        Loaded.load(files.with("etc/nets/own.yaml", "office: [192.0.2.0/24]\nhome: [192.0.2.1]\n"));
    assertThat(good.errors()).isEmpty();
    assertThat(good.configuration().orElseThrow().catalog().networks()).hasSize(2);
    assertThat(good.configuration().orElseThrow().files()).contains("etc/nets/own.yaml");

    Marked bad = Marked.of("etc/nets/own.yaml", "office:\n  - »192.0.2.1/24\n");
    Loaded.load(files.with("etc/nets/own.yaml", bad.text())).says(bad.where(), "past its length");
  }

  @Test
  void missingFilesAreReportedWhereTheyAreNamed() {
    Loaded.refused("geo: {networks: »none.yaml}\n", "file 'etc/none.yaml' cannot be read");
    Loaded.refused(
        "geo: {databases: [»none.mmdb]}\n", "'etc/none.mmdb' cannot be read: no such file;");
    Loaded.refused("zones: {a.example: {file: »none.zone}}\n", "file 'etc/none.zone' cannot be");
    assertThat(Loaded.load(new MemoryFiles()).errors())
        .singleElement()
        .asString()
        .contains("etc/gslb.yaml: file 'etc/gslb.yaml' cannot be read: no such file");
  }

  @Test
  void zoneFileIsUtf8() {
    byte[] zone = "@ IN TXT \"é\"\n".getBytes(StandardCharsets.ISO_8859_1);
    Loaded.load(
            CompleteFile.files("zones: {gslb.example: {file: gslb.example.zone}}\n")
                .with("etc/gslb.example.zone", zone))
        .says(
            new SourceSpan("etc/gslb.example.zone", 1, 11), "byte 0xe9", "save the file as UTF-8");
  }

  @Test
  void zoneIsDefinedOnce() {
    Loaded.refused(
        """
        zones:
          gslb.example: {file: gslb.example.zone}
          »GSLB.example.: {file: gslb.example.zone}
        """,
        "zone 'gslb.example' is defined twice",
        "etc/gslb.yaml:2:3");
    Loaded.refused("zones: {»\"*.example\": {file: gslb.example.zone}}\n", "a domain name");
    Loaded.refused("zones: {».: {file: gslb.example.zone}}\n", "a domain name");
  }

  @Test
  void countriesAndContinentsAreKnown() {
    Loaded.refused("sites: {a: {continent: »Eu, country: DE, at: [0, 0]}}\n", "did you mean 'EU'?");
    Loaded.refused("sites: {a: {continent: EU, country: »UK, at: [0, 0]}}\n", "write 'GB'");
    Loaded.refused("sites: {a: {continent: EU, country: »ZZ, at: [0, 0]}}\n", "ISO 3166-1");
    Loaded.refused("sites: {a: {continent: EU, country: DE, at: [0, »x]}}\n", "degrees east");
    Loaded.refused("sites: {a: {continent: EU, country: DE, at: [0, ».nan]}}\n", "degrees east");
    Loaded.refused("sites: {a: {continent: EU, country: DE, at: »[0]}}\n", "two numbers");
  }

  @Test
  void quotesAreProposedWhereYamlTakesTextForSomethingElse() {
    Loaded.refused("node: {state-directory: »42}\n", "the number 42", "write it in quotes");
    Loaded.refused("node: {name: »true}\n", "the truth value true", "write it in quotes");
    Loaded.refused(
        "monitors: {a: {type: tcp, port: »\"80\"}}\n", "'80'", "write it without quotes");
  }

  @Test
  void valuesInMessagesCannotSteerATerminal() {
    Loaded loaded = Loaded.load("node: {name: \"a\\e[31m\\nb\\u202e" + "x".repeat(500) + "\"}\n");
    String text = loaded.errors().getFirst().toString();
    assertThat(text).contains("'a\\u001b[31m\\u000ab\\u202exx").hasSizeLessThan(400);
    assertThat(text.chars().noneMatch(Character::isISOControl)).isTrue();
  }

  @Test
  void allProblemsAreReportedTogetherInTheOrderOfTheFile() {
    Loaded loaded =
        Loaded.load(
            """
            node: {nam: x}
            listen: {admin: "192.0.2.1:1"}
            pools:
              eu: {site: nowhere, endpoints: [{address: 0.0.0.0}]}
            """);
    assertThat(loaded.errors()).extracting(d -> d.where().line()).containsExactly(1, 2, 4, 4);
  }

  @Test
  void digestChangesWithAnyFile() {
    MemoryFiles files = CompleteFile.files(CompleteFile.TEXT);
    String digest = digest(files);
    assertThat(digest).matches("[0-9a-f]{64}").isEqualTo(digest(files));
    String zone = files.text("etc/gslb.example.zone");
    assertThat(digest(files.with("etc/gslb.example.zone", zone + "; more\n"))).isNotEqualTo(digest);
    files.with("etc/gslb.example.zone", zone);
    assertThat(digest(files.with("etc/networks.yaml", "office: [192.0.2.0/26]\n")))
        .isNotEqualTo(digest);
  }

  private static String digest(MemoryFiles files) {
    return Loaded.load(files).configuration().orElseThrow().digest();
  }
}
