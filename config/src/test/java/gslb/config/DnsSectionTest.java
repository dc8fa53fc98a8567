package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.dns.AccessList;
import gslb.dns.Identity;
import gslb.dns.RateLimit;
import gslb.dns.listen.TcpLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What stands under `dns`, `tls` and `client-address`.
final class DnsSectionTest {
  private static final String SECRET = "00112233445566778899aabbccddeeff";

  private static Loaded withCookies(String secrets) {
    return Loaded.load(
        CompleteFile.files("dns: {cookies: {secret-file: c.key}}\n").with("etc/c.key", secrets));
  }

  @Test
  void serverSaysNothingAndLimitsNobodyByDefault() {
    Configuration configuration = Loaded.good("node: {}\n");
    assertThat(configuration.dnsOptions())
        .isEqualTo(
            new DnsOptions(
                Identity.NONE, new CookieSource.Auto(), RateLimit.OFF, AccessList.OPEN, List.of()));
    assertThat(configuration.dns().tcp()).isEqualTo(TcpLimits.DEFAULTS);
    assertThat(configuration.dns().listenTls()).isEmpty();
    assertThat(configuration.dns().proxies()).isEmpty();
    assertThat(configuration.tls()).isNull();
  }

  @Test
  void everyKeyArrives() {
    Configuration configuration =
        Loaded.load(CompleteFile.files(CompleteFile.TEXT)).configuration().orElseThrow();
    DnsOptions options = configuration.dnsOptions();
    assertThat(options.identity()).isEqualTo(new Identity("fra1.gslb.example", "gslb", "fra1"));
    assertThat(options.cookies())
        .isInstanceOfSatisfying(
            CookieSource.Shared.class,
            shared -> assertThat(shared.secrets()).hasToString("1 cookie secrets"));
    assertThat(options.rateLimit())
        .isEqualTo(
            new RateLimit(60, 1_000_000, 2, true, List.of(Prefix.of("192.0.2.0/25")), 65_536));
    assertThat(options.access().rules())
        .containsExactlyInAnyOrder(
            new AccessList.Rule(Prefix.of("203.0.113.0/24"), AccessList.Action.REFUSE),
            new AccessList.Rule(Prefix.of("198.51.100.0/24"), AccessList.Action.DROP),
            new AccessList.Rule(Prefix.of("198.51.100.7/32"), AccessList.Action.ANSWER));
    assertThat(options.explainTo())
        .containsExactly(Prefix.of("192.0.2.0/26"), Prefix.of("2001:db8::/56"));
    assertThat(configuration.dns().tcp())
        .isEqualTo(
            new TcpLimits(
                2_000,
                20,
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Duration.ofSeconds(8),
                Duration.ofMinutes(30)));
    assertThat(configuration.dns().listenTls())
        .containsExactly(new InetSocketAddress("192.0.2.53", 853));
    assertThat(configuration.dns().proxies()).containsExactly(Prefix.of("192.0.2.128/25"));
    TlsSettings tls = Objects.requireNonNull(configuration.tls());
    assertThat(tls.certificateFile()).isEqualTo("etc/server.pem");
    assertThat(tls.keyFile()).isEqualTo("etc/server.key");
  }

  @Test
  void cookiesCanBeOff() {
    assertThat(Loaded.good("dns: {cookies: off}\n").dnsOptions().cookies())
        .isEqualTo(new CookieSource.Off());
    Loaded.refused("dns: {cookies: »none}\n", "auto or off");
  }

  @Test
  void fourSecretsAreAcceptedAndNoMore() {
    assertThat(withCookies((SECRET + "\n").repeat(4)).errors()).isEmpty();
    assertThat(withCookies((SECRET + "\n").repeat(5)).errors())
        .singleElement()
        .asString()
        .contains("has 5 cookie secrets", "1 to 4", "remove the oldest");
    assertThat(withCookies("# none\n").errors())
        .singleElement()
        .asString()
        .contains("has 0 cookie secrets", "openssl rand -hex 16");
  }

  @Test
  void badSecretIsReportedByItsLineAndNotShown() {
    Loaded loaded = withCookies(SECRET + "\n\n" + SECRET.substring(1) + "\n");
    loaded.says(new SourceSpan("etc/c.key", 3, 1), "no cookie secret", "32 hexadecimal digits");
    assertThat(loaded.errors().toString()).doesNotContain(SECRET.substring(1, 9));
  }

  @Test
  void missingSecretFileIsReportedWhereItIsNamed() {
    Loaded.refused(
        "dns: {cookies: {secret-file: »none.key}}\n", "'etc/none.key' cannot be read", "openssl");
  }

  @Test
  void burstIsNotBelowTheRate() {
    Loaded.refused(
        "dns: {rate-limit: {per-second: 200, burst: »150}}\n", "below 'per-second'", "500");
    Loaded.good("dns: {rate-limit: {per-second: 125}}\n");
  }

  @Test
  void tableSizeIsAPowerOfTwo() {
    Loaded.refused("dns: {rate-limit: {table-size: »3000}}\n", "power of two", "write 2048");
  }

  @Test
  void prefixHasOneRule() {
    Loaded.refused("dns: {access: {192.0.2.0/24: drop, »192.0.2.0/24: refuse}}\n", "duplicate key");
    Loaded.refused("dns: {access: {»192.0.2.1/24: drop}}\n", "bits are set past its length");
    Loaded.refused("dns: {access: {192.0.2.0/24: »block}}\n", "answer, refuse or drop");
  }

  @Test
  void tlsNeedsACertificate() {
    Loaded.refused("listen: {dns-tls: [»\"192.0.2.1:853\"]}\n", "there is no 'tls'", "write tls:");
  }

  @Test
  void tlsAddressIsNotAnotherListeners() {
    Loaded.refused(
        """
        listen: {dns: ["192.0.2.1:5353"], dns-tls: [»"192.0.2.1:5353"]}
        tls: {certificate: a.pem, key: a.key}
        """,
        "'dns-tls' of 'listen' takes the address");
  }

  @Test
  void tlsIsNotOnThePortForTheClear() {
    Loaded.refused(
        """
        listen: {dns: ["192.0.2.2:53"], dns-tls: [»"192.0.2.1:53"]}
        tls: {certificate: a.pem, key: a.key}
        """,
        "'dns-tls' has port 53",
        "RFC 7858 §3.1");
  }

  @Test
  void headerIsRequiredOfSomebody() {
    Loaded.refused(
        "client-address: {proxy-protocol: {dns: »required}}\n", "required of nobody", "trusted");
    Loaded loaded = Loaded.load("client-address: {trusted-proxies: [192.0.2.0/24]}\n");
    assertThat(loaded.errors()).isEmpty();
    assertThat(loaded.diagnostics()).singleElement().asString().contains("has no effect");
  }
}
