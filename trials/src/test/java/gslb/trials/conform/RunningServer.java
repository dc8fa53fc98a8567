package gslb.trials.conform;

import gslb.base.Clock;
import gslb.dns.DnsSnapshot;
import gslb.dns.Responder;
import gslb.dns.listen.DnsServer;
import gslb.dns.listen.DnsSettings;
import gslb.dns.listen.ListenException;
import gslb.steering.Catalog;
import gslb.steering.CatalogRefused;
import gslb.steering.FlipDeadlines;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.PlaceTable;
import gslb.testkit.FreePorts;
import gslb.trials.Peer;
import gslb.zones.ZoneSet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Type;

/// A server of some zones on a loopback port of its own, ended with the test.
record RunningServer(String name, InetSocketAddress address, Runnable ending)
    implements AutoCloseable {
  private static final int READY_TRIES_MAX = 600;

  static RunningServer ours(List<CorpusZone> zones) throws ListenException, CatalogRefused {
    SteeringPlan plan =
        SteeringTables.compile(Catalog.EMPTY, PlaceTable.of(Map.of()))
            .plan(VerdictTable.all(0, Verdict.UP), SteeringPlan.drawKey("conform"));
    ZoneSet set = ZoneSet.of(zones.stream().map(CorpusZone::zone).toList());
    DnsSnapshot snapshot = DnsSnapshot.compile(1, plan, set, new FlipDeadlines(1));
    Responder responder = new Responder(() -> snapshot);
    DnsServer server =
        DnsServer.open(
            new DnsSettings(
                List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)), 1),
            new DnsServer.Parts(responder::answer, responder::newContext, Clock.system()));
    server.start();
    return new RunningServer("gslb", server.boundAddresses().getFirst(), server::close);
  }

  static RunningServer knot(List<CorpusZone> zones, Path folder) throws Exception {
    Peer program = Peer.named("knotd");
    int port = FreePorts.one();
    StringBuilder text = new StringBuilder();
    text.append(
        """
        server:
            rundir: %1$s
            listen: 127.0.0.1@%2$d
            udp-workers: 1
            tcp-workers: 1
            background-workers: 1
            udp-max-payload: 1232
            tcp-idle-timeout: 60
        database:
            storage: %1$s/db
        log:
          - target: stderr
            any: warning
        template:
          - id: default
            storage: %1$s
            zonefile-sync: -1
            zonefile-load: whole
            journal-content: none
        zone:
        """
            .formatted(Files.createDirectories(folder), port));
    for (CorpusZone zone : zones) {
      text.append("  - domain: \"%s\"\n    file: %s\n".formatted(zone.domain(), zone.file()));
    }
    Path configuration = Files.writeString(folder.resolve("knot.conf"), text);
    Path log = folder.resolve("knot.log");
    Process process = program.start(log, "-c", configuration.toString());
    return awaited(new RunningServer("knot", local(port), ending(process)), process, log, zones);
  }

  static RunningServer nsd(List<CorpusZone> zones, Path folder) throws Exception {
    Peer program = Peer.named("nsd");
    int port = FreePorts.one();
    StringBuilder text = new StringBuilder();
    text.append(
        """
        server:
            ip-address: 127.0.0.1
            port: %2$d
            server-count: 1
            username: ""
            database: ""
            zonesdir: "%1$s"
            pidfile: "%1$s/nsd.pid"
            xfrdfile: "%1$s/xfrd.state"
            xfrdir: "%1$s"
            zonelistfile: "%1$s/zone.list"
            ipv4-edns-size: 1232
            ipv6-edns-size: 1232
            minimal-responses: yes
            refuse-any: no
            rrl-ratelimit: 0
            rrl-whitelist-ratelimit: 0
            tcp-timeout: 60
        remote-control:
            control-enable: no
        """
            .formatted(Files.createDirectories(folder), port));
    for (CorpusZone zone : zones) {
      text.append(
          "zone:\n    name: \"%s\"\n    zonefile: \"%s\"\n".formatted(zone.domain(), zone.file()));
    }
    Path configuration = Files.writeString(folder.resolve("nsd.conf"), text);
    Path log = folder.resolve("nsd.log");
    Process process = program.start(log, "-d", "-c", configuration.toString());
    return awaited(new RunningServer("nsd", local(port), ending(process)), process, log, zones);
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  private static Runnable ending(Process process) {
    return () -> {
      process.destroy();
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    };
  }

  /// Waits until every zone is answered for.
  private static RunningServer awaited(
      RunningServer server, Process process, Path log, List<CorpusZone> zones) throws Exception {
    try (Exchange exchange = new Exchange(server.address)) {
      int tries = 0;
      for (CorpusZone zone : zones) {
        Question soa = Question.of(zone.apex(), Type.SOA, Question.Variant.PLAIN);
        while (!exchange.answersNow(soa)) {
          if (++tries > READY_TRIES_MAX || process.waitFor(20, TimeUnit.MILLISECONDS)) {
            throw new AssertionError(
                server.name + " does not serve " + zone.name() + ": " + Files.readString(log));
          }
        }
      }
      return server;
    } catch (Throwable failure) {
      server.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    ending.run();
  }
}
