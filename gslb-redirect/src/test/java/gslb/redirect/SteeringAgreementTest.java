package gslb.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.CatalogRefused;
import gslb.steering.ClientSketches;
import gslb.steering.Endpoint;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Selection;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import gslb.testkit.FakeClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The redirect tier sends a client where the plan, and so DNS, sends it: real clients from all of
/// 127.0.0.0/8, whose quarters lie on three continents and nowhere.
final class SteeringAgreementTest {
  private static final List<String> CONTINENTS = List.of("EU", "NA", "AS", "");
  private static final List<String> BASES =
      List.of("https://eu.example.com", "https://us.example.com/m", "https://ap.example.com:8443");

  private static Pool pool(int id, @Nullable String redirectTo) {
    Endpoint endpoint = new Endpoint(id, Address.of("192.0.2." + (id + 1)), 1);
    DnsName cname = id == 2 ? DnsName.of("ap.example.net") : null; // nothing to the redirect tier
    return new Pool(
        id,
        "p" + id,
        null,
        MinHealthy.ONE_ENDPOINT,
        redirectTo,
        cname,
        List.of(endpoint),
        List.of(),
        Duration.ZERO,
        0);
  }

  private static Service service(int id, String name, Policy policy, Service.Redirect redirect) {
    return new Service(
        id,
        name,
        List.of(DnsName.of(name + ".gslb.example")),
        new Service.Ttl(5, 30),
        gslb.steering.Families.ANY,
        Service.Answers.ONE,
        new AllDown.NoData(),
        policy,
        redirect);
  }

  /// `www` steers by continent; `get` leads elsewhere in DNS and redirects as `www`.
  private static Catalog catalog(String getRedirectsAs, List<String> getHosts) {
    List<Pool> pools =
        List.of(pool(0, BASES.get(0)), pool(1, BASES.get(1)), pool(2, BASES.get(2)), pool(3, null));
    Policy eu = new Policy.Failover(List.of(use(pools, 0), use(pools, 1)));
    Policy www =
        new Policy.Geo(
            Map.of(),
            Map.of(),
            Map.of("EU", eu, "NA", use(pools, 1), "AS", use(pools, 2)),
            use(pools, 3));
    return new Catalog(
        List.of(),
        Map.of(),
        pools.stream().flatMap(p -> p.endpoints().stream()).toList(),
        pools,
        List.of(
            service(0, "get", use(pools, 3), new Service.Redirect(getHosts, getRedirectsAs)),
            service(1, "www", www, new Service.Redirect(List.of("www.gslb.example"), "www"))));
  }

  private static Policy use(List<Pool> pools, int id) {
    return new Policy.Use(pools.get(id));
  }

  private static SteeringPlan plan(Catalog catalog) throws CatalogRefused {
    PlaceTable places =
        PlaceTable.of(
            Map.of(
                Prefix.of("127.0.0.0/10"), place("EU"),
                Prefix.of("127.64.0.0/10"), place("NA"),
                Prefix.of("127.128.0.0/10"), place("AS")));
    return SteeringTables.compile(catalog, places)
        .plan(VerdictTable.all(catalog.endpoints().size(), Verdict.UP), 7);
  }

  private static Place place(String continent) {
    return new Place(continent, "", Double.NaN, Double.NaN, "");
  }

  @Test
  void everyClientIsSentToThePoolThatThePlanChooses() throws Exception {
    Random random = new Random(1);
    SteeringPlan plan = plan(catalog("www", List.of("Get.gslb.example.")));
    AtomicReference<RedirectSnapshot> snapshot =
        new AtomicReference<>(RedirectSnapshot.compile(1, plan));
    try (RedirectServer server =
        RedirectServer.open(
            Fixture.loopback(),
            snapshot::get,
            new ClientSketches(new SplittableRandom(1)),
            new FakeClock())) {
      for (int i = 0; i < 400; i++) {
        boolean euIsUp = i < 200;
        if (i == 200) {
          plan = plan.withVerdicts(VerdictTable.all(4, Verdict.UP).with(0, Verdict.DOWN));
          snapshot.set(RedirectSnapshot.compile(2, plan));
        }
        int client = 127 << 24 | random.nextInt(1, 1 << 24);
        int quarter = client >>> 22 & 3;
        String expected =
            switch (CONTINENTS.get(quarter)) {
              case "EU" -> BASES.get(euIsUp ? 0 : 1);
              case "NA" -> BASES.get(1);
              case "AS" -> BASES.get(2);
              default -> "";
            };
        assertThat(baseByPlan(plan, client)).isEqualTo(expected);
        String host = random.nextBoolean() ? "www.gslb.example" : "get.gslb.example";
        RawClient.Response response = ask(server.addresses().getFirst(), client, host);
        assertThat(response.status()).isEqualTo(expected.isEmpty() ? 503 : 302);
        assertThat(response.header("location"))
            .isEqualTo(expected.isEmpty() ? "" : expected + "/x?y");
      }
    }
  }

  private static String baseByPlan(SteeringPlan plan, int client) {
    Selection selection = new Selection();
    plan.steer(1, true, 0, Integer.toUnsignedLong(client), 0, selection);
    String base = plan.pools(selection.answerSet).getFirst().redirectTo();
    return base == null ? "" : base;
  }

  private static RawClient.Response ask(InetSocketAddress server, int from, String host)
      throws IOException {
    InetSocketAddress local = new InetSocketAddress(Address.v4(from).toInetAddress(), 0);
    try (RawClient client = new RawClient(server, local)) {
      String request = "GET /x?y HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
      return client.send(request.getBytes(StandardCharsets.US_ASCII)).response();
    }
  }

  @Test
  void aServiceThatRedirectsAsNoneIsRefused() throws Exception {
    SteeringPlan plan = plan(catalog("wwww", List.of("get.gslb.example")));
    assertThatThrownBy(() -> RedirectSnapshot.compile(1, plan))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("service 'get' redirects as 'wwww', which is none");
  }

  @Test
  void aHostOfTwoServicesIsRefused() throws Exception {
    SteeringPlan plan = plan(catalog("www", List.of("WWW.gslb.example")));
    assertThatThrownBy(() -> RedirectSnapshot.compile(1, plan))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("belongs to two services");
  }
}
