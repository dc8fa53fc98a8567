package gslb.bench;

import gslb.base.Clock;
import gslb.base.Counters;
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
import gslb.zones.ZoneFile;
import gslb.zones.ZoneSet;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The server that {@link HostileTcp} tries: the responder over a zone with a short and a long
/// answer, under the default limits. Prints its port, then its counters for every line that it is
/// sent, and ends with its input.
final class HostileServer {
  private static final int LONG_RECORDS = 40;

  private HostileServer() {}

  static void serve() throws Exception {
    DnsSnapshot snapshot = snapshot();
    Responder responder = new Responder(() -> snapshot);
    DnsServer.Parts parts =
        new DnsServer.Parts(responder::answer, responder::newContext, Clock.system());
    InetSocketAddress listen = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    try (DnsServer server = DnsServer.open(new DnsSettings(List.of(listen), 1), parts);
        BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      server.start();
      System.out.println(server.boundAddresses().getFirst().getPort());
      while (input.readLine() != null) {
        Counters counters = server.counters();
        for (int i = 0; i < counters.names().size(); i++) {
          System.out.println(counters.names().get(i) + " " + counters.sum(i));
        }
        System.out.println();
      }
    }
  }

  private static DnsSnapshot snapshot() throws Exception {
    StringBuilder zone = new StringBuilder("@ 3600 SOA ns admin 1 7200 3600 1209600 300\n");
    zone.append("@ 3600 NS ns\nns 3600 A 192.0.2.53\nwww 300 A 192.0.2.10\n");
    for (int i = 0; i < LONG_RECORDS; i++) {
      zone.append("long 300 TXT \"%02d%s\"\n".formatted(i, "x".repeat(250)));
    }
    Diagnostics diagnostics = new Diagnostics();
    ZoneSet zones =
        ZoneSet.of(
            List.of(
                ZoneFile.read(
                        "bench.example.zone",
                        zone.toString(),
                        DnsName.of("bench.example"),
                        List.of(),
                        diagnostics)
                    .orElseThrow(() -> new AssertionError(diagnostics.sorted()))));
    SteeringPlan plan =
        SteeringTables.compile(Catalog.EMPTY, PlaceTable.empty())
            .plan(VerdictTable.all(0, Verdict.UP), SteeringPlan.drawKey("bench"));
    return DnsSnapshot.compile(1, plan, zones, new FlipDeadlines(0));
  }
}
