package gslb.admin;

import gslb.admin.NodeStatus.CertificateStatus;
import gslb.admin.NodeStatus.ClusterStatus;
import gslb.admin.NodeStatus.ConfigurationFile;
import gslb.admin.NodeStatus.EndpointStatus;
import gslb.admin.NodeStatus.GeoDatabaseStatus;
import gslb.admin.NodeStatus.Listener;
import gslb.admin.NodeStatus.MemberStatus;
import gslb.admin.NodeStatus.PoolStatus;
import gslb.admin.NodeStatus.ProbeStatus;
import gslb.admin.NodeStatus.ServiceStatus;
import gslb.admin.NodeStatus.VoteStatus;
import gslb.base.Address;
import gslb.base.CounterBlock;
import gslb.base.Counters;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.CatalogRefused;
import gslb.steering.ClientSample;
import gslb.steering.Endpoint;
import gslb.steering.Explanation;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.Site;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import gslb.steering.shift.Comparison;
import gslb.steering.shift.Scenario;
import gslb.steering.shift.ScenarioRefused;
import gslb.steering.shift.Simulator;
import gslb.steering.shift.Weighting;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A node of which a test decides what it says.
final class FakeNode implements Operations {
  static final Site FRANKFURT = new Site("frankfurt", "EU", "DE", 50.11, 8.68);

  final AtomicInteger reloads = new AtomicInteger();
  volatile ReloadResult reloadResult = new ReloadResult.Applied(18, List.of());
  volatile NodeStatus status = sampleStatus();
  volatile @Nullable RuntimeException failure;

  /// In place of a plan that lets `us` come up.
  volatile @Nullable PlanResult planResult;

  volatile String plannedFile = "";
  volatile Scenario scenario = new Scenario(List.of(), Map.of(), Map.of(), Weighting.V4);

  /// While set, requests for the status wait for it.
  volatile @Nullable CountDownLatch gate;

  /// A permit for each request that has begun to wait.
  final Semaphore waiting = new Semaphore(0);

  @Override
  public NodeStatus status() {
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
    await();
    return status;
  }

  @Override
  public ReloadResult reload() {
    reloads.incrementAndGet();
    await();
    return reloadResult;
  }

  private void await() {
    CountDownLatch latch = gate;
    if (latch != null) {
      waiting.release();
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public ExplainResult explain(ExplainRequest request) throws ExplainRefused {
    if (request.down().contains("nowhere")) {
      throw new ExplainRefused("there is no pool and no endpoint 'nowhere'");
    }
    return explained(request);
  }

  /// What the names of `www.gslb.example` get, and no other.
  static ExplainResult explained(ExplainRequest request) {
    boolean isSteered = request.name().startsWith("www.gslb.example");
    SteeringPlan plan = plan();
    Explanation explanation = plan.explain(0, true, request.decides(), 1_800_000_000_000L);
    ExplainResult.Link link =
        isSteered
            ? new ExplainResult.Link(
                "www.gslb.example.",
                new ExplainResult.Finding(
                    ExplainResult.FindingKind.STEERED,
                    "gslb.example.",
                    "www.gslb.example.",
                    List.of(),
                    ""),
                List.of(
                    new ExplainResult.Decided(
                        explanation,
                        new ExplainResult.Ttl(
                            false,
                            12,
                            5,
                            30,
                            explanation.decision().v4().answered().getFirst(),
                            12.345),
                        plan.changes(explanation))))
            : new ExplainResult.Link(
                request.name(),
                new ExplainResult.Finding(
                    ExplainResult.FindingKind.MISSING,
                    "gslb.example.",
                    "gslb.example.",
                    List.of(),
                    "did you mean 'www.gslb.example.'?"),
                List.of());
    return new ExplainResult(
        request,
        "fra1",
        17,
        "2027-01-15T08:00:00Z",
        request.decides(),
        "the client itself",
        3,
        new ExplainResult.DnsReply(
            "0000",
            "000084000001",
            isSteered ? "NOERROR" : "NXDOMAIN",
            List.of("qr", "aa"),
            isSteered ? List.of("www.gslb.example. 12 IN A 192.0.2.10") : List.of(),
            List.of(),
            List.of(),
            OptionalInt.of(24),
            "outside 192.0.2.0/24 the policy can decide otherwise",
            "",
            ""),
        List.of(link),
        Map.of(
            2,
            new EndpointStatus(
                "198.51.100.10",
                "lb.example.net",
                3,
                "DOWN",
                "NONE",
                false,
                List.of(sampleProbe()))));
  }

  @Override
  public PlanResult plan(@Nullable String file, Weighting weighting) {
    plannedFile = file == null ? "own" : file;
    PlanResult fixed = planResult;
    SteeringPlan serving = plan();
    SteeringPlan next = serving.withVerdicts(VerdictTable.all(3, Verdict.UP));
    return fixed != null
        ? fixed
        : new PlanResult.Planned(
            17, weighting, Comparison.of(serving, next, ClientSample.NONE), List.of());
  }

  @Override
  public SimulateResult simulate(Scenario asked) {
    scenario = asked;
    try {
      return new SimulateResult.Simulated(17, Simulator.run(plan(), asked, ClientSample.NONE));
    } catch (ScenarioRefused e) {
      return new SimulateResult.Refused(e.problem());
    }
  }

  @Override
  public String metrics() {
    return MetricsPage.render(status, List.of(counters()));
  }

  static Counters counters() {
    Counters counters =
        new Counters(
            List.of(
                "gslb_a_total",
                "gslb_b_total{code=\"302\"}",
                "gslb_c_total",
                "gslb_b_total{code=\"307\"}"));
    CounterBlock block = counters.newBlock();
    block.add(0, 5);
    block.add(1, 7);
    block.add(3, 9);
    return counters;
  }

  /// `www` steers Germany to `eu`, the rest of the world by weight.
  static SteeringPlan plan() {
    Endpoint first = new Endpoint(0, Address.of("192.0.2.10"), 1);
    Endpoint second = new Endpoint(1, Address.of("2001:db8::10"), 1);
    Endpoint third = new Endpoint(2, Address.of("198.51.100.10"), 3);
    Pool eu =
        new Pool(
            0,
            "eu",
            FRANKFURT,
            MinHealthy.ONE_ENDPOINT,
            "https://eu.example.com",
            List.of(first, second));
    Pool us = new Pool(1, "us", null, MinHealthy.ONE_ENDPOINT, null, List.of(third));
    Policy weighted =
        new Policy.Weighted(
            List.of(
                new Policy.Weighted.Branch(new Policy.Use(eu), 90),
                new Policy.Weighted.Branch(new Policy.Use(us), 10)));
    Policy policy =
        new Policy.Geo(
            Map.of(), Map.of("DE", new Policy.Nearest(List.of(us, eu), 2)), Map.of(), weighted);
    Service www =
        new Service(
            0,
            "www",
            List.of(DnsName.of("www.gslb.example.")),
            new Service.Ttl(5, 30),
            gslb.steering.Families.ANY,
            Service.Answers.ONE,
            new AllDown.Answer(),
            policy,
            new Service.Redirect(List.of("www.gslb.example"), "www"));
    Catalog catalog =
        new Catalog(
            List.of(FRANKFURT),
            Map.of(),
            List.of(first, second, third),
            List.of(eu, us),
            List.of(www));
    PlaceTable places =
        PlaceTable.of(
            Map.of(
                Prefix.of("192.0.2.0/24"),
                new Place("EU", "DE", List.of("DE-BE"), 2_950_159, 51, 10, 64_500, "")));
    try {
      return SteeringTables.compile(catalog, places)
          .plan(VerdictTable.all(3, Verdict.UP).with(2, Verdict.DOWN), 1);
    } catch (CatalogRefused e) {
      throw new AssertionError(e);
    }
  }

  static ProbeStatus sampleProbe() {
    return new ProbeStatus(
        "web",
        443,
        "DOWN",
        "MAJORITY",
        "DOWN",
        2,
        "unexpected status: 503",
        12.345,
        1_500,
        false,
        3,
        List.of(
            new VoteStatus("fra1", "frankfurt", false, 0, true),
            new VoteStatus("iad1", "virginia", false, 800, true)));
  }

  static NodeStatus sampleStatus() {
    ProbeStatus probe = sampleProbe();
    return new NodeStatus(
        "fra1",
        "0.1.0",
        "2026-11-21T04:00:00Z",
        93_784,
        17,
        "2026-11-22T05:00:00Z",
        new ConfigurationFile("gslb.yaml", "ab".repeat(32), "2026-11-21T04:00:00Z"),
        List.of(new Listener("dns-udp", "192.0.2.53:53"), new Listener("http", "192.0.2.53:80")),
        List.of(
            new ServiceStatus(
                "www",
                List.of("www.gslb.example."),
                List.of("www.gslb.example"),
                List.of("eu", "us"))),
        List.of(
            new PoolStatus(
                "eu",
                "frankfurt",
                "https://eu.example.com",
                "",
                true,
                new NodeStatus.RampStatus(23, 64),
                List.of(
                    new EndpointStatus("192.0.2.10", "", 3, "UP", "NONE", false, List.of()),
                    new EndpointStatus(
                        "2001:db8::10", "", 1, "DOWN", "DRAIN", false, List.of(probe)))),
            new PoolStatus(
                "us",
                "",
                "",
                "lb.example.net.",
                false,
                null,
                List.of(
                    new EndpointStatus(
                        "198.51.100.10", "", 1, "DOWN", "NONE", false, List.of(probe))))),
        List.of(),
        new ClusterStatus(
            "prod",
            "WORKS",
            List.of(
                new MemberStatus("fra1", "frankfurt", true, 0, true, true),
                new MemberStatus("iad1", "virginia", false, 800, true, true),
                new MemberStatus("nrt1", "tokyo", false, -1, false, false))),
        List.of(
            new GeoDatabaseStatus(
                "country.mmdb",
                "ipvAll-country",
                "2026-06-17T00:00:00Z",
                157 * 86_400L,
                45,
                true,
                new NodeStatus.GeoFileStatus("2026-11-20T08:00:00Z", false, 0, "", ""))),
        new NodeStatus.GeoNetworksStatus(
            "networks.yaml",
            2,
            7,
            new NodeStatus.GeoFileStatus(
                "2026-11-20T08:00:00Z",
                true,
                3,
                "2026-11-21T09:00:00Z",
                "networks.yaml: network 'office' is missing")),
        List.of(
            new CertificateStatus(
                "server.pem", "CN=fra1.gslb.example", "2027-02-01T00:00:00Z", 72)),
        Map.of("gslb_a_total", 5L));
  }
}
