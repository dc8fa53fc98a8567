package gslb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.admin.NodeStatus.EndpointStatus;
import gslb.admin.NodeStatus.PoolStatus;
import gslb.admin.NodeStatus.ProbeStatus;
import gslb.admin.NodeStatus.ServiceStatus;
import gslb.base.Address;
import gslb.health.HealthStatus;
import gslb.health.Observation;
import gslb.health.Quorum;
import gslb.health.TargetKey;
import gslb.steering.AllDown;
import gslb.steering.CapacityGuard;
import gslb.steering.Catalog;
import gslb.steering.Families;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What an operator reads, and where it comes from.
final class StatusReportTest {
  @Test
  void columnsAreAligned() {
    assertThat(StatusReport.render(FakeNode.sampleStatus()))
        .isEqualTo(
            """
            node           fra1 (gslb 0.1.0)
            up             1 d 2 h, since 2026-11-21T04:00:00Z
            generation     17, published 2026-11-22T05:00:00Z
            configuration  gslb.yaml, loaded 2026-11-21T04:00:00Z
            listening      dns-udp 192.0.2.53:53
            listening      http 192.0.2.53:80

            SERVICE  NAMES              REDIRECTS         POOLS
            www      www.gslb.example.  www.gslb.example  eu, us

            POOL                ENDPOINT               STATE              MONITOR  OWN VIEW  LAST PROBE
            eu (ramp 23 of 64)  192.0.2.10             UP                 none
                                2001:db8::10           DOWN forced DRAIN  web:443  DOWN      1.5 s ago in 12.345 ms: unexpected status: 503
            us (not available)  CNAME lb.example.net.
                                198.51.100.10          DOWN               web:443  DOWN      1.5 s ago in 12.345 ms: unexpected status: 503

            MEMBER  SITE       HEARD                 VOTES
            fra1    frankfurt  this node             count
            iad1    virginia   0.8 s ago             count
            nrt1    tokyo      never, not connected  do not count

            GEO DATABASE  TYPE            MADE        AGE                LOADED
            country.mmdb  ipvAll-country  2026-06-17  157 days, over 45  2026-11-20T08:00:00Z

            OWN NETWORKS   NETWORKS  PREFIXES  LOADED
            networks.yaml  2         7         2026-11-20T08:00:00Z

            refused    networks.yaml at 2026-11-21T09:00:00Z, what was loaded before serves on
                       networks.yaml: network 'office' is missing

            CERTIFICATE  SUBJECT               VALID UNTIL           REMAINING
            server.pem   CN=fra1.gslb.example  2027-02-01T00:00:00Z  72 days
            """);
  }

  @Test
  void durationsHaveTwoUnits() {
    assertThat(StatusReport.duration(0)).isEqualTo("0.0 s");
    assertThat(StatusReport.duration(59_999)).isEqualTo("59.9 s");
    assertThat(StatusReport.duration(60_000)).isEqualTo("1 m 0 s");
    assertThat(StatusReport.duration(3_599_000)).isEqualTo("59 m 59 s");
    assertThat(StatusReport.duration(3_600_000)).isEqualTo("1 h 0 m");
    assertThat(StatusReport.duration(90_000_000)).isEqualTo("1 d 1 h");
  }

  @Test
  void servicesNameEveryPoolThatTheirPolicyCanChoose() {
    assertThat(StatusSurvey.services(FakeNode.plan().catalog()))
        .containsExactly(
            new ServiceStatus(
                "www",
                List.of("www.gslb.example."),
                List.of("www.gslb.example"),
                List.of("us", "eu")));
  }

  @Test
  void poolsOfEveryKindOfGeoBranchAreNamed() {
    List<Pool> pools = new ArrayList<>();
    for (String name : List.of("network", "asn", "city", "land", "country", "continent", "rest")) {
      pools.add(new Pool(pools.size(), name, null, MinHealthy.ONE_ENDPOINT, null, List.of()));
    }
    Policy.Geo geo =
        new Policy.Geo(
            Map.of("office", new Policy.Use(pools.get(0))),
            Map.of(64_500L, new Policy.Use(pools.get(1))),
            Map.of(2_950_159L, new Policy.Use(pools.get(2))),
            Map.of("DE-BY", new Policy.Use(pools.get(3))),
            Map.of("DE", new Policy.Use(pools.get(4))),
            Map.of("EU", new Policy.Use(pools.get(5))),
            new Policy.Use(pools.get(6)));
    Service service =
        new Service(
            0,
            "www",
            List.of(),
            new Service.Ttl(5, 30),
            Families.ANY,
            Service.Answers.ONE,
            new AllDown.Answer(),
            geo,
            null);
    Catalog catalog = new Catalog(List.of(), Map.of(), List.of(), pools, List.of(service));
    assertThat(StatusSurvey.services(catalog).getFirst().pools())
        .containsExactlyInAnyOrder(
            "network", "asn", "city", "land", "country", "continent", "rest");
  }

  @Test
  void whatTheGuardHoldsIsMarked() {
    SteeringPlan plan = FakeNode.plan();
    Catalog catalog =
        new Catalog(
            plan.catalog().sites(),
            Map.of(),
            plan.catalog().endpoints(),
            plan.catalog().pools(),
            plan.catalog().services(),
            new CapacityGuard.Limit(1, Duration.ofMinutes(1)));
    VerdictTable up = VerdictTable.all(3, Verdict.UP);
    VerdictTable down = VerdictTable.all(3, Verdict.DOWN);
    CapacityGuard guard = CapacityGuard.NONE.next(catalog, up, 0).next(catalog, down, 1);
    HealthStatus health =
        new HealthStatus("fra1", 0, HealthStatus.Uplink.WORKS, List.of(), List.of());
    List<PoolStatus> pools = StatusSurvey.pools(plan, guard, health);
    assertThat(pools.get(0).endpoints()).extracting(EndpointStatus::held).containsOnly(false);
    assertThat(pools.get(1).endpoints()).extracting(EndpointStatus::held).containsOnly(true);
  }

  @Test
  void poolsCarryVerdictsOfThePlanAndProbesOfHealth() {
    HealthStatus.TargetStatus target =
        new HealthStatus.TargetStatus(
            new TargetKey(1, 2),
            Address.of("198.51.100.10"),
            "web",
            443,
            "",
            List.of(2),
            Verdict.DOWN,
            Quorum.Reason.MAJORITY,
            Verdict.DOWN,
            1,
            Observation.failed(Observation.Failure.STATUS, "503", 1_000_000, 3_500_000),
            40,
            false,
            1,
            List.of(new HealthStatus.NodeVote("fra1", "frankfurt", false, 1, 0, true)));
    HealthStatus health =
        new HealthStatus(
            "fra1",
            0,
            HealthStatus.Uplink.WORKS,
            List.of(new HealthStatus.NodeStatus("fra1", "frankfurt", 0, true, true)),
            List.of(target));
    List<PoolStatus> pools = StatusSurvey.pools(FakeNode.plan(), CapacityGuard.NONE, health);
    assertThat(pools).extracting(PoolStatus::name).containsExactly("eu", "us");
    assertThat(pools).extracting(PoolStatus::available).containsExactly(true, false);
    assertThat(pools.get(0).redirectTo()).isEqualTo("https://eu.example.com");
    assertThat(pools.get(0).endpoints().get(0).probes()).isEmpty();
    ProbeStatus probe = pools.get(1).endpoints().get(0).probes().get(0);
    assertThat(probe.last()).isEqualTo("unexpected status: 503");
    assertThat(probe.latencyMillis()).isEqualTo(2.5);
    assertThat(probe.votes()).hasSize(1);
    assertThat(StatusSurvey.cluster("prod", health).members()).hasSize(1);
    assertThat(StatusSurvey.cluster("", health).members()).isEmpty();
  }
}
