package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Clock;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.dns.DnsSnapshot;
import gslb.dns.Responder;
import gslb.dns.listen.DnsServer;
import gslb.dns.listen.DnsSettings;
import gslb.steering.Catalog;
import gslb.steering.FlipDeadlines;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.PlaceTable;
import gslb.zones.FlatZone;
import gslb.zones.ZoneFile;
import gslb.zones.ZoneSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `gslb delegation` as its user runs it, with a parent on loopback. The zone's own servers do not
/// run.
final class DelegationCommandTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final String PARENT =
      """
      $TTL 300
      @ SOA ns.nic hostmaster.nic 1 3600 600 604800 60
      @ NS ns.nic
      ns.nic A 127.0.0.1
      gslb NS ns1.gslb
      gslb NS ns2.gslb
      ns1.gslb A 127.53.0.1
      ns2.gslb A 127.53.1.1
      """;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeConfiguration() throws IOException {
    Files.writeString(
        folder.resolve("gslb.yaml"),
        """
        listen: {dns: ["127.53.0.1:53"]}
        zones:
          gslb.example: {file: zone}
        """);
    Files.writeString(
        folder.resolve("zone"),
        """
        $TTL 300
        @ SOA ns1 hostmaster 1 3600 600 604800 60
        @ NS ns1
        @ NS ns2
        ns1 A 127.53.0.1
        ns2 A 127.53.1.1
        """);
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "delegation";
    all[1] = "-c";
    all[2] = folder.resolve("gslb.yaml").toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(all);
  }

  /// A server of the zone `example`.
  private static DnsServer parent(String text) throws Exception {
    Diagnostics diagnostics = new Diagnostics();
    FlatZone zone =
        ZoneFile.read("parent", text, DnsName.of("example"), List.of(), diagnostics)
            .orElseThrow(() -> new AssertionError(diagnostics.sorted().toString()));
    SteeringPlan plan =
        SteeringTables.compile(Catalog.EMPTY, PlaceTable.of(Map.of()))
            .plan(VerdictTable.all(0, Verdict.UP), SteeringPlan.drawKey("parent"));
    DnsSnapshot snapshot =
        DnsSnapshot.compile(1, plan, ZoneSet.of(List.of(zone)), new FlipDeadlines(1));
    Responder responder = new Responder(() -> snapshot);
    DnsServer server =
        DnsServer.open(
            new DnsSettings(List.of(new InetSocketAddress(LOOPBACK, 0)), 1),
            new DnsServer.Parts(responder::answer, responder::newContext, Clock.system()));
    server.start();
    return server;
  }

  private int check(String parentZone, String... more) throws Exception {
    try (DnsServer server = parent(parentZone)) {
      String[] arguments = new String[more.length + 2];
      arguments[0] = "--server";
      arguments[1] = "127.0.0.1:" + server.boundAddresses().getFirst().getPort();
      System.arraycopy(more, 0, arguments, 2, more.length);
      return run(arguments);
    }
  }

  @Test
  void theRecordsAreAPieceOfAZoneFile() {
    assertThat(run()).isZero();
    assertThat(out)
        .hasToString(
            """
            ; for the parent of gslb.example
            gslb.example.     300 IN NS   ns1.gslb.example.
            gslb.example.     300 IN NS   ns2.gslb.example.
            ns1.gslb.example. 300 IN A    127.53.0.1
            ns2.gslb.example. 300 IN A    127.53.1.1
            ; no DS record: the zone is not signed
            """);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aParentThatAgreesShowsNoDifference() throws Exception {
    check(PARENT);
    assertThat(out.toString()).containsPattern("; 127\\.0\\.0\\.1:\\d+ delegates the zone\n");
    assertThat(err.toString())
        .contains("asking 127.0.0.1:")
        .contains("asking ns2.gslb.example at 127.53.1.1 for the SOA of gslb.example")
        .doesNotContain("the parent");
  }

  @Test
  void eachDifferenceIsReportedAndTheExitCodeIsOne() throws Exception {
    String wrong =
        PARENT
                .replace("gslb NS ns2.gslb", "gslb NS ns3.gslb")
                .replace("ns1.gslb A 127.53.0.1", "ns1.gslb A 127.53.0.9")
                .replace("ns2.gslb A", "ns3.gslb A")
            + "gslb DS 3613 15 2"
            + " 3AA5AB37EFCE57F737FC1627013FEE07BDF241BD10F3B1964AB55C78E79A304B\n";
    assertThat(check(wrong)).isEqualTo(ExitCode.NEGATIVE);
    assertThat(err.toString())
        .contains(
            "error: the parent does not list ns2.gslb.example",
            "error: the parent lists ns3.gslb.example, which the zone does not",
            "error: the parent has no A 127.53.0.1 for ns1.gslb.example",
            "error: the parent has A 127.53.0.9 for ns1.gslb.example, which the zone does not",
            "error: the parent has a DS record with key tag 3613, and the zone is not signed");
  }

  @Test
  void jsonHasTheSameAndNothingElseIsPrinted() throws Exception {
    check(PARENT.replace("$TTL 300", "$TTL 600"), "--json", "gslb.example");
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .startsWith("{")
        .endsWith("}\n")
        .contains("\"zone\": \"gslb.example\"", "\"kind\": \"ns-ttl\"", "\"severity\": \"note\"")
        .contains("\"outcome\": \"delegates the zone\"");
  }

  @Test
  void aParentThatDoesNotAnswerIsUnavailable() throws Exception {
    int port;
    try (DatagramSocket taken = new DatagramSocket(0, LOOPBACK)) {
      port = taken.getLocalPort();
    }
    assertThat(run("--server", "127.0.0.1:" + port)).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err.toString()).contains("error: no server of the parent answers");
  }

  @Test
  void wrongWordsAreSaid() {
    assertThat(run("none.example")).isEqualTo(ExitCode.NEGATIVE);
    assertThat(err.toString()).contains("there is no zone 'none.example' in '");
    assertThat(run("--server", "ns.example")).isEqualTo(ExitCode.USAGE);
    assertThat(run("--server", "[2001:db8::1]:0")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("'ns.example' is no address and no address with port")
        .contains("'[2001:db8::1]:0' has no port from 1 to 65535");
  }

  @Test
  void theSystemsResolversAreTheFirstThree() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("resolv.conf"),
            """
            # comment
            search example.org
            nameserver 192.0.2.1
              nameserver\t2001:db8::1  # trailing
            nameserver fe80::1%eth0
            nameserver none
            nameserver 192.0.2.2
            nameserver 192.0.2.3
            """);
    assertThat(SystemResolvers.read(file))
        .extracting(InetSocketAddress::getAddress)
        .containsExactly(
            InetAddress.ofLiteral("192.0.2.1"),
            InetAddress.ofLiteral("2001:db8::1"),
            InetAddress.ofLiteral("192.0.2.2"));
    assertThat(SystemResolvers.read(folder.resolve("none"))).isEmpty();
  }
}
