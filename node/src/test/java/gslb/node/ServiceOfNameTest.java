package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.DnsName;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.Policy;
import gslb.steering.Service;
import gslb.zones.FlatZone;
import gslb.zones.FlatZoneBuilder;
import gslb.zones.ZoneSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which service a name that an operator asks about belongs to.
final class ServiceOfNameTest {
  private static final byte[] SOA = new byte[22];
  private static final ZoneSet ZONES = ZoneSet.of(List.of(zone()));

  private static FlatZone zone() {
    DnsName apex = DnsName.of("gslb.example");
    return new FlatZoneBuilder(apex, 1)
        .add(apex, FlatZone.TYPE_SOA, 60, List.of(SOA))
        .add(apex, FlatZone.TYPE_NS, 60, List.of(DnsName.of("ns.example.net").toWire()))
        .add(DnsName.of("static.app.gslb.example"), FlatZone.TYPE_A, 60, List.of(new byte[4]))
        .add(
            DnsName.of("sub.gslb.example"),
            FlatZone.TYPE_NS,
            60,
            List.of(DnsName.of("ns.example.net").toWire()))
        .slot(apex, 0)
        .slot(DnsName.of("www.gslb.example"), 0)
        .slot(DnsName.of("*.app.gslb.example"), 1)
        .build();
  }

  private static Service service(int id, String name, Service.Redirect redirect) {
    return new Service(
        id,
        name,
        List.of(),
        new Service.Ttl(5, 30),
        Service.Answers.ONE,
        new AllDown.Answer(),
        new Policy.Failover(List.of()),
        redirect);
  }

  private static Catalog catalog() {
    return new Catalog(
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        List.of(
            service(0, "www", new Service.Redirect(List.of("get.example.net"), "app")),
            service(1, "app", new Service.Redirect(List.of("app.example.net"), "app"))));
  }

  @ParameterizedTest
  @CsvSource({
    "www.gslb.example, www",
    "WWW.gslb.example., www",
    "gslb.example, www",
    "any.app.gslb.example, app",
    "a.b.app.gslb.example, app",
    "*.app.gslb.example, app",
    "get.example.net, app"
  })
  void aNameBelongsToTheServiceThatAnswersIt(String name, String service) {
    assertThat(NodeOperations.service(ZONES, catalog(), name))
        .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo(service));
  }

  /// RFC 4592 §2.2.1: a wildcard has no part in names that exist, nor below them.
  @Test
  void namesThatNoServiceAnswersBelongToNone() {
    for (String name :
        List.of(
            "static.app.gslb.example",
            "x.static.app.gslb.example",
            "app.gslb.example",
            "other.gslb.example",
            "www.sub.gslb.example",
            "www.example.org",
            "a..b")) {
      assertThat(NodeOperations.service(ZONES, catalog(), name)).as(name).isEmpty();
    }
  }
}
