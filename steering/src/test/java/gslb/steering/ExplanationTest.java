package gslb.steering;

import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Family;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExplanationTest {
  private final TestCatalog world =
      new TestCatalog()
          .pool(
              "eu",
              TestCatalog.FRANKFURT,
              new MinHealthy.Percent(50),
              "192.0.2.10*3",
              "192.0.2.11",
              "2001:db8::10")
          .pool("us", TestCatalog.VIRGINIA, MinHealthy.ONE_ENDPOINT, "198.51.100.10")
          .pool("ap", TestCatalog.TOKYO, MinHealthy.ONE_ENDPOINT, "203.0.113.10");

  private String explain(Policy policy, AllDown allDown, VerdictTable verdicts, String client) {
    world.service(allDown, policy);
    return world.plan(verdicts).explain(0, Address.of(client), 1_000_000).toString();
  }

  private VerdictTable down(String... addresses) {
    VerdictTable table = world.allUp();
    for (String address : addresses) {
      table = table.with(world.endpoint(address), Verdict.DOWN);
    }
    return table;
  }

  @Test
  void aRejectedPoolSaysWhyAndTheNextIsTaken() {
    Policy policy =
        new Policy.Geo(Map.of(), Map.of(), Map.of("EU", world.list("eu", "us", "ap")), null);
    assertThat(
            explain(
                policy,
                new AllDown.Answer(),
                down("192.0.2.10", "2001:db8::10"),
                "::ffff:192.0.2.1"))
        .isEqualTo(
            """
            service  s0
            client   ::ffff:192.0.2.1, embeds 192.0.2.1
            place    EU, DE, at 51.00, 10.00 (192.0.2.0/25)
            geo      continent EU
            pool     'eu' rejected: unhealthy: v4 1 of 4 weight up, needs 50%; v6 0 of 1 weight up, needs 50%
            pool     'us' usable: v4 1 of 1 up, needs 1
            pool     'ap' not asked: one before it is chosen
            answer   pool 'us'
            A        198.51.100.10
            AAAA     nodata
            scope    ::ffff:192.0.2.0/120
            """);
  }

  /// The kilometres are 6371.0088 times the arc cosine of the dot product of the unit vectors.
  @Test
  void theRankingShowsDistancesAndTheLimit() {
    assertThat(
            explain(
                world.nearest(2, "us", "ap", "eu"),
                new AllDown.Answer(),
                world.allUp(),
                "203.0.113.9"))
        .contains("nearest  'ap' (156 km), 'eu' (9227 km), 'us' (10922 km, beyond the limit)\n")
        .contains("answer   pool 'ap'\n");
  }

  @Test
  void aDrawShowsItsNumberAndShares() {
    Policy policy =
        weighted(share(world.use("us"), 90), share(world.use("ap"), 10), share(world.use("eu"), 0));
    assertThat(explain(policy, new AllDown.Answer(), world.allUp(), "192.0.2.1"))
        .contains("pool     'eu' not asked: standby\n")
        .containsPattern("draw     '(us|ap)' at 0\\.\\d{6} of the way through 'us' 9, 'ap' 1\n");
  }

  @Test
  void theStagesOfAllDownAreShown() {
    VerdictTable verdicts =
        down("198.51.100.10", "203.0.113.10")
            .with(world.endpoint("203.0.113.10"), EndpointOverride.DRAIN);
    assertThat(explain(world.list("ap", "us"), new AllDown.Answer(), verdicts, "192.0.2.1"))
        .contains(
            """
            pool     'ap' rejected: drained
            pool     'us' rejected: unhealthy: v4 0 of 1 up, needs 1
            pool     'ap' min-healthy ignored: rejected: drained
            pool     'us' min-healthy ignored: rejected: unhealthy: v4 0 of 1 up, needs 1
            pool     'ap' verdicts ignored: rejected: drained
            pool     'us' verdicts ignored: usable: v4 0 of 1 up, needs 1
            answer   pool 'us', though none of its endpoints is up: no pool has any
            """);
  }

  private String forcedDown(String... addresses) {
    VerdictTable table = down("203.0.113.10");
    for (String address : addresses) {
      table = table.with(world.endpoint(address), EndpointOverride.DOWN);
    }
    String text = world.plan(table).explain(0, TestCatalog.GERMAN, 0).toString();
    return text.substring(text.indexOf("answer   "), text.indexOf("\nscope"));
  }

  @Test
  void nodataSaysWhoseDoingItIs() {
    world.service(new AllDown.NoData(), world.use("ap"));
    assertThat(forcedDown())
        .isEqualTo("answer   nodata: no pool has an endpoint up, and all-down is nodata");
  }

  @Test
  void nodataSaysThatAllIsForcedDown() {
    world.service(new AllDown.Answer(), world.list("ap", "us"));
    assertThat(forcedDown("203.0.113.10", "198.51.100.10"))
        .isEqualTo(
            "answer   nodata: every endpoint that the policy gives this client is forced down");
  }

  /// Nobody forced anything where there is nothing to force, or not on everything.
  @Test
  void nodataSaysThatThereIsNothingToAnswer() {
    world
        .pool("bare", null, MinHealthy.ONE_ENDPOINT)
        .service(new AllDown.Answer(), world.list("ap", "bare"));
    assertThat(forcedDown("203.0.113.10"))
        .isEqualTo(
            "answer   nodata: no pool that the policy gives this client has an endpoint to answer");
    world.service(Families.INDEPENDENT, Service.Answers.ONE, new AllDown.Answer(), world.use("ap"));
    assertThat(world.plan(world.allUp()).explain(1, false, TestCatalog.GERMAN, 0).toString())
        .contains("nodata: no pool that the policy gives this client has an endpoint to answer\n");
  }

  @Test
  void nodataSaysWhatTheSorryPoolLacks() {
    world.pool("bare", null, MinHealthy.ONE_ENDPOINT);
    world.service(new AllDown.Sorry(world.pool("us")), world.use("ap"));
    assertThat(forcedDown("198.51.100.10"))
        .isEqualTo(
            "answer   nodata: no pool has an endpoint up, and the sorry pool 'us' has none to"
                + " answer: forced down");
    world.service(new AllDown.Sorry(world.pool("bare")), world.use("ap"));
    assertThat(world.plan(down("203.0.113.10")).explain(1, TestCatalog.GERMAN, 0).toString())
        .contains("the sorry pool 'bare' has none to answer: no endpoints\n");
  }

  @Test
  void theSorryPoolIsNamed() {
    AllDown sorry = new AllDown.Sorry(world.pool("us"));
    assertThat(explain(world.use("ap"), sorry, down("203.0.113.10"), "192.0.2.1"))
        .contains("pool     'us' sorry pool: usable: v4 1 of 1 up, needs 1\n")
        .contains("answer   pool 'us', the sorry pool: no other has an endpoint up\n");
  }

  @Test
  void aCnameIsShownInPlaceOfAddresses() {
    world.alias("cdn", "lb.example.net").alias("far", "far.example.net", "203.0.113.20");
    Policy policy = world.list("far", "eu", "cdn");
    assertThat(explain(policy, new AllDown.Answer(), world.allUp(), "192.0.2.1"))
        .contains("pool     'far' usable: v4 1 of 1 up, needs 1\n")
        .contains("answer   pool 'far'\nCNAME    far.example.net.\nscope    ")
        .doesNotContain("AAAA");
    VerdictTable down = down("203.0.113.20", "192.0.2.10", "192.0.2.11", "2001:db8::10");
    assertThat(explain(world.list("far", "eu", "cdn"), new AllDown.Answer(), down, "192.0.2.1"))
        .contains("pool     'cdn' usable: always up, nothing checks it\n")
        .contains("answer   pool 'cdn'\nCNAME    lb.example.net.\n");
  }

  private static Explanation.Considered first(
      TestCatalog of, VerdictTable verdicts, boolean asksV4) {
    return of.plan(verdicts).explain(0, asksV4, TestCatalog.NOWHERE, 0).considered().getFirst();
  }

  @Test
  void aPoolWithoutTheFamilyIsRejectedForThat() {
    world.service(
        Families.INDEPENDENT, Service.Answers.ONE, new AllDown.Answer(), world.list("us", "eu"));
    assertThat(first(world, world.allUp(), true).reason()).isEqualTo(Explanation.Reason.NONE);
    assertThat(first(world, world.allUp(), false))
        .satisfies(
            us -> {
              assertThat(us.reason()).isEqualTo(Explanation.Reason.NO_FAMILY);
              assertThat(us.text()).isEqualTo("no IPv6");
            });
  }

  /// Of a decision for one family, endpoints of the other neither save nor condemn a pool.
  @Test
  void onlyEndpointsOfTheFamilyAreBlamed() {
    world.service(
        Families.INDEPENDENT, Service.Answers.ONE, new AllDown.Answer(), world.list("eu", "us"));
    VerdictTable drained =
        world.allUp().with(world.endpoint("2001:db8::10"), EndpointOverride.DRAIN);
    assertThat(first(world, drained, false).reason()).isEqualTo(Explanation.Reason.DRAINED);
    VerdictTable down = world.allUp().with(world.endpoint("2001:db8::10"), Verdict.DOWN);
    assertThat(first(world, down, false).text())
        .isEqualTo("unhealthy: v6 0 of 1 weight up, needs 50%");
  }

  @Test
  void anEmptyFamilyIsNoneOrNoneUp() {
    world.service(new AllDown.Answer(), world.list("eu"));
    Explanation up = world.plan(world.allUp()).explain(0, TestCatalog.NOWHERE, 0);
    assertThat(up.whyEmpty(Family.V6)).isEmpty();
    Explanation down = world.plan(down("2001:db8::10")).explain(0, TestCatalog.NOWHERE, 0);
    assertThat(down.whyEmpty(Family.V6)).isEqualTo("no IPv6 up");
    TestCatalog other = new TestCatalog().pool("ap", "203.0.113.10");
    other.service(new AllDown.Answer(), other.use("ap"));
    assertThat(other.plan(other.allUp()).explain(0, TestCatalog.NOWHERE, 0).whyEmpty(Family.V6))
        .isEqualTo("no IPv6");
  }
}
