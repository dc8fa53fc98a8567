package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.health.HealthSettings;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.MinHealthy;
import gslb.steering.Pool;
import gslb.steering.Site;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PoolsTest {
  private static String config(String pool) {
    return """
    sites:
      frankfurt: {continent: EU, country: DE, at: [50.11, 8.68]}
    pools:
      first: {endpoints: [{address: 192.0.2.77}]}
      eu: %s
    """
        .formatted(pool);
  }

  private static Pool pool(String yaml) {
    return Loaded.good(config(yaml)).catalog().pools().getLast();
  }

  @Test
  void endpointsAloneSuffice() {
    assertThat(pool("{endpoints: [{address: 192.0.2.1}]}"))
        .isEqualTo(
            new Pool(
                1,
                "eu",
                null,
                MinHealthy.ONE_ENDPOINT,
                null,
                List.of(new Endpoint(1, Address.of("192.0.2.1"), 1))));
  }

  @Test
  void everyKeyArrives() {
    Catalog catalog =
        Loaded.good(
                config(
                    "{site: frankfurt, monitors: [], min-healthy: 50%, redirect-to:"
                        + " 'HTTPS://EU.example.com:8443/Base', cname: LB.example.net, endpoints:"
                        + " [{address: 192.0.2.1, weight: 1000000}, {address: '2001:DB8::1',"
                        + " weight: 7}]}"))
            .catalog();
    Site site = new Site("frankfurt", "EU", "DE", 50.11, 8.68);
    assertThat(catalog.sites()).containsExactly(site);
    assertThat(catalog.pools().getLast())
        .isEqualTo(
            new Pool(
                1,
                "eu",
                site,
                new MinHealthy.Percent(50),
                "https://eu.example.com:8443/Base",
                DnsName.of("lb.example.net."),
                List.of(
                    new Endpoint(1, Address.of("192.0.2.1"), 1_000_000),
                    new Endpoint(2, Address.of("2001:db8::1"), 7)),
                List.of(),
                Duration.ZERO,
                0));
  }

  @Test
  void idsAreDenseInTheOrderWritten() {
    Catalog catalog = Loaded.good(config("{endpoints: [{address: 192.0.2.77}]}")).catalog();
    assertThat(catalog.endpoints()).extracting(Endpoint::id).containsExactly(0, 1);
    assertThat(catalog.pools()).extracting(Pool::id).containsExactly(0, 1);
  }

  @Test
  void hostsAreEndpointsOnceTheirAddressesAreKnown() {
    Configuration loaded =
        Loaded.good(
            config(
                "{endpoints: [{host: LB.example.net, weight: 3}, {address: 192.0.2.2},"
                    + " {host: other.example.net}]}"));
    DnsName lb = DnsName.of("lb.example.net.");
    DnsName other = DnsName.of("other.example.net.");
    assertThat(loaded.hosts().names()).containsExactly(lb, other);
    assertThat(loaded.catalog().pools().getLast().endpoints())
        .containsExactly(new Endpoint(1, Address.of("192.0.2.2"), 1));
    Map<DnsName, List<Address>> addresses =
        Map.of(
            lb, List.of(Address.of("192.0.2.1"), Address.of("192.0.2.2")),
            other, List.of(Address.of("192.0.2.1"), Address.of("2001:db8::1")));
    Configuration resolved = loaded.resolved(host -> addresses.getOrDefault(host, List.of()));
    assertThat(resolved.catalog().pools().getLast().endpoints())
        .containsExactly(
            new Endpoint(1, Address.of("192.0.2.1"), 3, lb),
            new Endpoint(2, Address.of("192.0.2.2"), 3, lb),
            new Endpoint(3, Address.of("2001:db8::1"), 1, other));
    assertThat(resolved.catalog().endpoints()).hasSize(4);
    assertThat(resolved.catalog().endpoints().getFirst())
        .isEqualTo(loaded.catalog().endpoints().getFirst());
    assertThat(resolved.resolved(_ -> List.of()).catalog()).isEqualTo(loaded.catalog());
  }

  @Test
  void monitorsOfThePoolCheckTheAddressesOfItsHosts() {
    Configuration resolved =
        Loaded.good(
                """
                monitors: {web: {type: tcp, port: 80}}
                pools: {eu: {monitors: [web], endpoints: [{host: lb.example.net}]}}
                """)
            .resolved(_ -> List.of(Address.of("192.0.2.1")));
    assertThat(resolved.health().monitored())
        .extracting(HealthSettings.Monitored::address)
        .containsExactly(Address.of("192.0.2.1"));
  }

  @Test
  void poolWithCnameIsNotAlwaysUpWhileItsHostIsUnknown() {
    Pool pool = pool("{cname: lb.example.net, endpoints: [{host: lb.example.net}]}");
    assertThat(pool.isAlwaysUp()).isFalse();
    assertThat(pool("{cname: lb.example.net}").isAlwaysUp()).isTrue();
  }

  @Test
  void endpointIsAnAddressOrAHost() {
    Loaded.refused(
        config("{endpoints: [{address: 192.0.2.1, host: »lb.example.net}]}"),
        "both 'address' and 'host'",
        "remove one, or write two endpoints");
    Loaded.refused(
        config("{endpoints: [{host: »192.0.2.1}]}"), "it is an address", "write it as 'address'");
    Loaded.refused(config("{endpoints: [{host: »lb.example.net.}]}"), "remove the final dot");
    Loaded.refused(
        config("{endpoints: [{host: lb.example.net}, {host: »LB.example.net}]}"),
        "endpoint lb.example.net stands twice");
    assertThat(Loaded.load(config("{endpoints: [{weight: 1}]}")).errors())
        .singleElement()
        .asString()
        .contains("neither 'address' nor 'host'", "add 'address'");
  }

  @Test
  void aThousandHostsAreTheMost() {
    StringBuilder yaml = new StringBuilder("pools:\n  full:\n    endpoints:\n");
    for (int i = 0; i < Schema.HOSTS_MAX; i++) {
      yaml.append("      - host: lb").append(i).append(".example.net\n");
    }
    yaml.append("  more: {endpoints: [{host: lb0.example.net}, {host: lb1000.example.net}]}\n");
    assertThat(Loaded.load(yaml.toString()).errors())
        .singleElement()
        .asString()
        .contains("lb1000.example.net", "at most 1000 hosts");
  }

  @Test
  void addressStandsOnceInAPool() {
    Loaded.refused(
        config("{endpoints: [{address: '2001:db8::1'}, {address: »'2001:DB8:0::1'}]}"),
        "endpoint 2001:db8::1 stands twice in pool 'eu'",
        "etc/gslb.yaml:5:30");
  }

  @Test
  void addressesThatNobodyCanConnectToAreRefused() {
    for (String address : List.of("0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255")) {
      Loaded.refused(config("{endpoints: [{address: »\"" + address + "\"}]}"), "'" + address + "'");
    }
    Loaded.refused(config("{endpoints: [{address: »\"::ffff:192.0.2.1\"}]}"), "write '192.0.2.1'");
    for (String address : List.of("169.254.7.1", "fe80::1", "febf::1")) {
      Loaded.refused(
          config("{endpoints: [{address: »\"" + address + "\"}]}"), "a link-local address");
    }
    Loaded.good(config("{endpoints: [{address: \"fec0::1\"}, {address: 169.253.255.255}]}"));
    Loaded.refused(config("{endpoints: [{address: »www.example.org}]}"), "IPv4 or IPv6 address");
    Loaded.refused(config("{endpoints: [{address: »192.0.2.01}]}"), "IPv4 or IPv6 address");
  }

  @Test
  void minHealthyCanBeReached() {
    String two = "endpoints: [{address: 192.0.2.1}, {address: 192.0.2.2}]}";
    Loaded.refused(config("{min-healthy: »3, " + two), "is 3", "2 IPv4 and 0 IPv6", "2 or less");
    assertThat(pool("{min-healthy: 2, " + two).minHealthy()).isEqualTo(new MinHealthy.Endpoints(2));
    Loaded.warned(
        config(
            "{min-healthy: »2, endpoints: [{address: 192.0.2.1}, {address: 192.0.2.2}, {address:"
                + " '2001:db8::1'}]}"),
        "only 1 IPv6 endpoints");
    Loaded.refused(config("{min-healthy: »half, " + two), "1% to 100%");
  }

  @Test
  void theCapacityIsANumberOrNotStated() {
    String one = "endpoints: [{address: 192.0.2.1}]}";
    assertThat(pool("{" + one).capacity()).isZero();
    assertThat(pool("{capacity: 40000, " + one).capacity()).isEqualTo(40_000);
    Loaded.refused(config("{capacity: »40k, " + one), "a whole number from 1 to 1000000000");
  }

  @Test
  void theRampIsADurationOrNone() {
    String one = "endpoints: [{address: 192.0.2.1}]}";
    assertThat(pool("{" + one).ramp()).isEqualTo(Duration.ZERO);
    assertThat(pool("{ramp: 0, " + one).ramp()).isEqualTo(Duration.ZERO);
    assertThat(pool("{ramp: 10m, " + one).ramp()).isEqualTo(Duration.ofMinutes(10));
    Loaded.refused(config("{ramp: »999ms, " + one), "0, or a duration from 1s to 24h");
    Loaded.refused(config("{ramp: »25h, " + one), "0, or a duration from 1s to 24h");
    Loaded.refused(config("{ramp: »10, " + one), "'10s'");
  }

  @Test
  void unusedPoolAndSiteAreWarnings() {
    Loaded.warned(
        config("{endpoints: [{address: 192.0.2.1}]}").replace("  eu", "  »eu"),
        "pool 'eu' is not used");
    Loaded.warned(
        config("{endpoints: [{address: 192.0.2.1}]}").replace("frank", "»frank"),
        "site 'frankfurt' is not used");
  }

  @Test
  void nothingIsCalledUnusedBesideAnError() {
    assertThat(Loaded.load(config("{endpoints: []}")).diagnostics())
        .singleElement()
        .asString()
        .contains("has 0 items");
  }

  @Test
  void targetIsAnAbsoluteBase() {
    String pool = "{endpoints: [{address: 192.0.2.1}], redirect-to: »\"%s\"}";
    refusedTarget(pool, "eu.example.com", "begin it with 'https://'");
    refusedTarget(pool, "ftp://eu.example.com", "'http://' or 'https://'");
    refusedTarget(pool, "https://eu.example.com/", "it ends in '/'");
    refusedTarget(pool, "https://eu.example.com/a/", "it ends in '/'");
    refusedTarget(pool, "https://eu.example.com?x=1", "a query or a fragment");
    refusedTarget(pool, "https://eu.example.com/a#b", "a query or a fragment");
    refusedTarget(pool, "https://me:pw@eu.example.com", "user information");
    refusedTarget(pool, "https://", "host or port");
    refusedTarget(pool, "https://eu.example.com:0", "host or port");
    refusedTarget(pool, "https://eu.example.com:65536", "host or port");
    refusedTarget(pool, "https://[2001:db8::1", "host or port");
    refusedTarget(pool, "https://eu example.com", "host or port");
    refusedTarget(pool, "https://eu.example.com/a b", "path is malformed");
    refusedTarget(pool, "https://eu.example.com/%zz", "path is malformed");
    refusedTarget(pool, "https://eu.example.com/\\r\\nSet-Cookie: a", "path is malformed");
    for (String good :
        List.of(
            "http://192.0.2.1:8080",
            "https://[2001:db8::1]:8443/x",
            "https://a_b.example/%C3%A9;p=1,2")) {
      assertThat(pool(pool.replace("»", "").formatted(good)).redirectTo()).isEqualTo(good);
    }
  }

  private static void refusedTarget(String pool, String target, String text) {
    Loaded.refused(config(pool.formatted(target)), "'redirect-to' of pool 'eu'", text);
  }

  @Test
  void aPoolHasEndpointsOrACname() {
    Loaded.refused(
        config("{monitors: []}").replace("  eu", "  »eu"),
        "pool 'eu' has neither 'endpoints' nor 'cname'");
    Pool pool = pool("{cname: lb.example.net.}");
    assertThat(pool.cname()).isEqualTo(DnsName.of("lb.example.net"));
    assertThat(pool.isAlwaysUp()).isTrue();
    assertThat(pool("{cname: lb.example.net, endpoints: [{address: 192.0.2.1}]}").isAlwaysUp())
        .isFalse();
  }

  @Test
  void aCnameIsANameAndNoWildcard() {
    Loaded.refused(config("{cname: »'*.example.net'}"), "'cname' of pool 'eu'", "no wildcard");
    Loaded.refused(config("{cname: »a..example.net}"), "a domain name");
    Loaded.refused(config("{cname: ».}"), "a domain name");
  }

  @Test
  void whatChecksEndpointsHasNoEffectWithoutAny() {
    Loaded.warned(
        config("{cname: lb.example.net, min-healthy: »50%}"),
        "'min-healthy' of pool 'eu' has no effect",
        "always up");
  }
}
