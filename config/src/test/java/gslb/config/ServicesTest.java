package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.DnsName;
import gslb.base.SourceSpan;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.Families;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.zones.FlatZone;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServicesTest {
  private static String config(String services) {
    return """
    listen: {http: ["192.0.2.53:80"]}
    zones:
      gslb.example: {file: gslb.example.zone}
    pools:
      eu: {redirect-to: "https://eu.example.com", endpoints: [{address: 192.0.2.1}]}
      us: {endpoints: [{address: 192.0.2.2}]}
    services:
    """
        + services.indent(2);
  }

  private static Catalog catalog(String services) {
    return Loaded.good(config(services)).catalog();
  }

  @Test
  void namesAndPolicySuffice() {
    Catalog catalog = catalog("www: {names: [www.gslb.example], policy: eu}");
    Pool eu = catalog.pools().getFirst();
    assertThat(catalog.services())
        .containsExactly(
            new Service(
                0,
                "www",
                List.of(DnsName.of("www.gslb.example.")),
                new Service.Ttl(5, 30),
                Families.ANY,
                Service.Answers.BY_POLICY,
                new AllDown.Answer(),
                new Policy.Use(eu),
                null));
  }

  @Test
  void theDemandIsANumberOrNotStated() {
    assertThat(
            catalog("www: {names: [www.gslb.example], policy: eu}").services().getFirst().demand())
        .isZero();
    assertThat(
            catalog("www: {names: [www.gslb.example], demand: 120000, policy: eu}")
                .services()
                .getFirst()
                .demand())
        .isEqualTo(120_000);
    Loaded.refused(
        config("www: {names: [www.gslb.example], demand: »many, policy: eu}"),
        "a whole number from 1 to 1000000000");
  }

  @Test
  void everyKeyArrives() {
    Catalog catalog =
        catalog(
            """
            one:
              names: [WWW.gslb.example., "*.dev.gslb.example"]
              ttl: 2m
              answers: all
              families: independent
              all-down: {pool: us}
              policy: eu
              redirect: {hosts: [WWW.example.net], as: two}
            two:
              names: [two.gslb.example]
              ttl: {min: 1s, max: 1h}
              answers: 3
              families: every
              all-down: nodata
              policy: eu
              redirect: {hosts: [two.example.net]}
            """);
    Pool eu = catalog.pools().getFirst();
    Pool us = catalog.pools().getLast();
    assertThat(catalog.services())
        .containsExactly(
            new Service(
                0,
                "one",
                List.of(DnsName.of("www.gslb.example."), DnsName.of("*.dev.gslb.example.")),
                new Service.Ttl(120, 120),
                Families.INDEPENDENT,
                Service.Answers.ALL,
                new AllDown.Sorry(us),
                new Policy.Use(eu),
                new Service.Redirect(List.of("www.example.net"), "two")),
            new Service(
                1,
                "two",
                List.of(DnsName.of("two.gslb.example.")),
                new Service.Ttl(1, 3600),
                Families.EVERY,
                new Service.Answers(3),
                new AllDown.NoData(),
                new Policy.Use(eu),
                new Service.Redirect(List.of("two.example.net"), "two")));
  }

  @Test
  void ttlBoundsAreInOrderAndInWholeSeconds() {
    Loaded.refused(
        config("www: {names: [a.gslb.example], policy: eu, ttl: {min: »31s, max: 30s}}"),
        "'min' of 'ttl' of service 'www' is 31s, above 'max', which is 30s");
    Loaded.refused(
        config("www: {names: [a.gslb.example], policy: eu, ttl: »500ms}"), "whole seconds");
  }

  @Test
  void nameIsSteeredOnce() {
    Loaded.refused(
        config(
            """
            a: {names: [www.gslb.example], policy: eu}
            b: {names: [»WWW.gslb.example.], policy: us}
            """),
        "'WWW.gslb.example' is steered twice",
        "first at etc/gslb.yaml:8:15");
  }

  @Test
  void nameIsInsideAZone() {
    Loaded.refused(
        config("www: {names: [»www.example.org], policy: eu}"),
        "'www.example.org' is outside all zones",
        "zones are gslb.example");
    Loaded.refused(config("www: {names: [»www.xgslb.example], policy: eu}"), "outside all zones");
  }

  @Test
  void wildcardsAndTheApexAreSteeredAsOtherNames() {
    Configuration configuration =
        Loaded.good(config("www: {names: [gslb.example, \"*.gslb.example\"], policy: eu}"));
    FlatZone zone = configuration.zones().getFirst();
    assertThat(zone.dynamicSlot(zone.apexNode())).isZero();
    assertThat(configuration.catalog().services().getFirst().names()).hasSize(2);
  }

  @Test
  void nameIsAscii() {
    Loaded.refused(config("www: {names: [»bücher.gslb.example], policy: eu}"), "xn--");
    Loaded.refused(config("www: {names: [»a..gslb.example], policy: eu}"), "a domain name");
  }

  @Test
  void serviceCanBeAskedFor() {
    Loaded.refused(config("»www: {policy: eu}"), "service 'www' has neither names nor a redirect");
    Loaded.refused(config("»www: {names: [], policy: eu}"), "neither names nor a redirect");
  }

  @Test
  void hostIsRedirectedOnce() {
    Loaded.refused(
        config(
            """
            a: {policy: eu, redirect: {hosts: [www.example.net]}}
            b: {policy: eu, redirect: {hosts: [»WWW.example.net]}}
            """),
        "host 'www.example.net' is redirected twice",
        "first at etc/gslb.yaml:8:38");
  }

  @Test
  void everyPoolOfARedirectHasATarget() {
    for (String policy :
        List.of(
            "[eu, us]",
            "{weighted: {eu: 1, us: 0}}",
            "{geo: {EU: eu, default: us}}",
            "eu, all-down: {pool: us}")) {
      Loaded.refused(
          config("a: {policy: " + policy + ", »redirect: {hosts: [www.example.net]}}"),
          "may choose pool 'us', which has no 'redirect-to'",
          "add it to the pool at etc/gslb.yaml:6:3");
    }
    Loaded.refused(
        config(
            """
            a: {policy: eu, »redirect: {hosts: [www.example.net], as: b}}
            b: {names: [b.gslb.example], policy: us}
            """),
        "policy of service 'b'");
  }

  @Test
  void targetDoesNotLeadBack() {
    String services = "a: {policy: eu, redirect: {hosts: [eu.example.com]}}";
    Loaded.refused(
        config(services).replace("\"https", "»\"https"),
        "'redirect-to' of pool 'eu' leads back to this redirect tier",
        "etc/gslb.yaml:8:38");
    Loaded.refused(
        config(services).replace("\"https://eu.example.com", "»\"http://EU.example.com:80/x"),
        "leads back");
    Loaded.good(config(services).replace("eu.example.com\"", "eu.example.com:8443\""));
  }

  @Test
  void targetInAnOwnZoneHasAnAddress() {
    String services = "a: {names: [a.gslb.example], policy: eu}";
    Loaded.warned(
        config(services).replace("\"https://eu.example.com", "»\"https://eu.gslb.example"),
        "names host 'eu.gslb.example', which has no address",
        "the zone gslb.example");
    for (String host : new String[] {"ns1.gslb.example", "a.gslb.example", "192.0.2.1"}) {
      String yaml = config(services).replace("https://eu.example.com", "https://" + host);
      assertThat(Loaded.load(yaml).diagnostics())
          .noneSatisfy(d -> assertThat(d.toString()).contains("has no address"));
    }
  }

  @Test
  void redirectWithoutAListenerIsAWarning() {
    Loaded.warned(
        config("a: {policy: eu, »redirect: {hosts: [www.example.net]}}")
            .replace("http: [\"192.0.2.53:80\"]", ""),
        "nothing listens for HTTP");
  }

  @Test
  void hostHasNoPortAndNoFinalDot() {
    Loaded.refused(
        config("a: {policy: eu, redirect: {hosts: [»\"www.example.net:80\"]}}"), "without port");
    Loaded.refused(
        config("a: {policy: eu, redirect: {hosts: [»www.example.net.]}}"), "remove the final dot");
  }

  @Test
  void oddWordsAreRefused() {
    Loaded.refused(
        config("a: {names: [a.gslb.example], policy: eu, answers: »33}"), "1 to 32 or all");
    Loaded.refused(
        config("a: {names: [a.gslb.example], policy: eu, families: »both}"),
        "any, every or independent");
    Loaded.refused(
        config("a: {names: [a.gslb.example], policy: eu, all-down: »nodate}"),
        "did you mean 'nodata'?");
  }

  private static String aliased(String cname, String services) {
    return config(services).replace("services:", "  lb: {cname: " + cname + "}\nservices:");
  }

  @Test
  void aServiceThatMayAnswerACnameOwnsItsNames() {
    for (String policy :
        List.of(
            "lb",
            "[eu, lb]",
            "{weighted: {eu: 1, lb: 0}}",
            "{geo: {EU: eu, default: lb}}",
            "eu, all-down: {pool: lb}")) {
      Loaded loaded =
          Loaded.load(
              aliased(
                  "lb.example.net", "www: {names: [ns1.gslb.example], policy: " + policy + "}"));
      assertThat(loaded.errors())
          .singleElement()
          .asString()
          .startsWith("etc/gslb.example.zone:4:1: ")
          .contains("ns1.gslb.example. has A records and is steered to a CNAME")
          .contains("must be alone");
      Loaded.refused(
          aliased("lb.example.net", "www: {names: [»gslb.example], policy: " + policy + "}"),
          "is the apex",
          "must be alone");
    }
    Loaded.good(aliased("lb.example.net", "www: {names: [www.gslb.example], policy: [eu, lb]}"));
    Loaded.good(aliased("lb.example.net", "www: {names: [gslb.example], policy: eu}"));
  }

  @Test
  void aCnameDoesNotLeadBackToItsService() {
    String services = "www: {names: [www.gslb.example, \"*.x.gslb.example\"], policy: [eu, lb]}";
    for (String cname : List.of("www.gslb.example", "WWW.gslb.example.", "lb.x.gslb.example")) {
      Loaded.refused(
          aliased("»" + cname, services), "'cname' of pool 'lb' leads back to service 'www'");
    }
    Loaded.good(aliased("ns1.gslb.example", services));
  }

  @Test
  void cnamesThatMayLeadInACircleAreAWarning() {
    String services =
        """
        www: {names: [www.gslb.example], policy: [eu, lb]}
        api: {names: [api.gslb.example], policy: [us, back]}
        """;
    Loaded.warned(
        aliased("api.gslb.example}\n  back: {cname: »www.gslb.example", services),
        "'cname' of pool 'back' leads to service 'www'",
        "may lead back to it");
    assertThat(
            Loaded.load(
                    aliased(
                        "api.gslb.example",
                        "www: {names: [www.gslb.example], policy: [eu, lb]}\n"
                            + "api: {names: [api.gslb.example], policy: us}"))
                .diagnostics())
        .noneSatisfy(d -> assertThat(d.toString()).contains("circle", "lead back"));
  }

  @Test
  void aCnameIntoAnOwnZoneLeadsToANameThatExists() {
    String services = "www: {names: [www.gslb.example], policy: [eu, lb]}";
    Loaded.warned(
        aliased("»lb.gslb.example", services),
        "'cname' of pool 'lb' leads to 'lb.gslb.example', which does not exist",
        "the zone gslb.example");
  }

  @Test
  void httpsRecordsAreOptedIn() {
    Catalog catalog =
        catalog(
            """
            a: {names: [a.gslb.example], policy: eu}
            b: {names: [b.gslb.example], policy: eu, https-record: false}
            c: {names: [c.gslb.example], policy: eu, https-record: true}
            d: {names: [d.gslb.example], policy: eu, https-record: {alpn: [h3, h2], port: 8443}}
            e: {names: [e.gslb.example], policy: eu, https-record: {port: 443}}
            """);
    assertThat(catalog.services())
        .extracting(Service::httpsRecord)
        .containsExactly(
            null,
            null,
            new Service.HttpsRecord(List.of("h2"), 0),
            new Service.HttpsRecord(List.of("h3", "h2"), 8443),
            new Service.HttpsRecord(List.of("h2"), 443));
  }

  @Test
  void httpsRecordsSayWhatIsAProtocol() {
    String service = "a: {names: [a.gslb.example], policy: eu, https-record: %s}";
    Loaded.refused(config(service.formatted("{alpn: [h2, »h2]}")), "'h2' stands twice");
    Loaded.refused(config(service.formatted("{alpn: [»'h2,h3']}")), "name of a protocol");
    Loaded.refused(config(service.formatted("{alpn: [»" + "x".repeat(33) + "]}")), "32");
    Loaded.refused(config(service.formatted("{alpn: »[]}")), "protocols");
    Loaded.refused(config(service.formatted("{port: »0}")), "1 to 65535");
    Loaded.refused(config(service.formatted("»yes")), "true or false");
  }

  @Test
  void anHttpsRecordStandsOnceAtAName() {
    MemoryFiles files =
        CompleteFile.files(
            config("www: {names: [www.gslb.example], policy: eu, https-record: true}"));
    String zone =
        """
        $TTL 300
        @ IN SOA ns1 hostmaster 1 3600 600 604800 60
        @ IN NS ns1
        ns1 IN A 192.0.2.53
        www IN HTTPS 1 . alpn=h2
        """;
    Loaded loaded = Loaded.load(files.with("etc/gslb.example.zone", zone));
    loaded.says(
        new SourceSpan("etc/gslb.example.zone", 5, 1),
        "has HTTPS records and is steered",
        "A, AAAA and HTTPS");
    Loaded.warned(
        config("a: {policy: eu, redirect: {hosts: [www.example.net]}, https-record: »true}"),
        "'https-record' of service 'a' has no effect");
  }
}
