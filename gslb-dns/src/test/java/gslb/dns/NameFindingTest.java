package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.DnsName;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.CatalogRefused;
import gslb.steering.Families;
import gslb.steering.FlipDeadlines;
import gslb.steering.Policy;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.PlaceTable;
import gslb.zones.FlatZone;
import gslb.zones.FlatZoneBuilder;
import gslb.zones.ZoneSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a name that an operator asks about is.
final class NameFindingTest {
  private static final DnsName APEX = DnsName.of("gslb.example");
  private static final byte[] SOA = new byte[22];
  private static final byte[] SERVER = DnsName.of("ns.example.net").toWire();
  private static final int TXT = 16;

  private static DnsSnapshot snapshot() {
    FlatZone zone =
        new FlatZoneBuilder(APEX, 1)
            .add(APEX, FlatZone.TYPE_SOA, 60, List.of(SOA))
            .add(APEX, FlatZone.TYPE_NS, 60, List.of(SERVER))
            .add(DnsName.of("static.app.gslb.example"), FlatZone.TYPE_A, 60, List.of(new byte[4]))
            .add(DnsName.of("sub.gslb.example"), FlatZone.TYPE_NS, 60, List.of(SERVER))
            .add(DnsName.of("moved.gslb.example"), FlatZone.TYPE_DNAME, 60, List.of(SERVER))
            .slot(APEX, 0)
            .slot(DnsName.of("www.gslb.example"), 0)
            .slot(DnsName.of("*.app.gslb.example"), 1)
            .build();
    Catalog catalog =
        new Catalog(
            List.of(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(service(0, "www", null), service(1, "app", Service.HttpsRecord.PLAIN)));
    try {
      SteeringPlan plan =
          SteeringTables.compile(catalog, PlaceTable.empty())
              .plan(VerdictTable.all(0, Verdict.UP), 0);
      return DnsSnapshot.compile(1, plan, ZoneSet.of(List.of(zone)), new FlipDeadlines(0));
    } catch (CatalogRefused e) {
      throw new AssertionError(e);
    }
  }

  private static Service service(int id, String name, Service.@Nullable HttpsRecord https) {
    return new Service(
        id,
        name,
        List.of(),
        new Service.Ttl(5, 30),
        Families.ANY,
        Service.Answers.ONE,
        new AllDown.Answer(),
        new Policy.Failover(List.of()),
        null,
        https,
        0);
  }

  private static NameFinding find(String name, int type) {
    return NameFinding.of(snapshot(), DnsName.of(name), type);
  }

  @ParameterizedTest
  @CsvSource({
    "www.gslb.example, www.gslb.example., 0",
    "WWW.gslb.example., www.gslb.example., 0",
    "gslb.example, gslb.example., 0",
    "any.app.gslb.example, *.app.gslb.example., 1",
    "a.b.app.gslb.example, *.app.gslb.example., 1",
    "*.app.gslb.example, *.app.gslb.example., 1"
  })
  void aSteeredNameBelongsToTheServiceThatAnswersIt(String name, String owner, int service) {
    assertThat(find(name, FlatZone.TYPE_A))
        .isInstanceOfSatisfying(
            NameFinding.Steered.class,
            found -> {
              assertThat(found.owner()).hasToString(owner);
              assertThat(found.service()).isEqualTo(service);
              assertThat(found.isDecided()).isTrue();
            });
  }

  @Test
  void otherTypesOfASteeredNameAreStatic() {
    assertThat(find("gslb.example", TXT))
        .isEqualTo(
            new NameFinding.Steered(
                APEX, APEX, 0, false, List.of(FlatZone.TYPE_NS, FlatZone.TYPE_SOA)));
    assertThat(find("www.gslb.example", FlatZone.TYPE_HTTPS))
        .isInstanceOfSatisfying(
            NameFinding.Steered.class, found -> assertThat(found.isDecided()).isFalse());
    assertThat(find("any.app.gslb.example", FlatZone.TYPE_HTTPS))
        .isInstanceOfSatisfying(
            NameFinding.Steered.class, found -> assertThat(found.isDecided()).isTrue());
  }

  /// RFC 4592 §2.2.1: a wildcard has no part in names that exist, nor below them.
  @Test
  void whatIsNotSteeredIsCalledWhatItIs() {
    DnsName still = DnsName.of("static.app.gslb.example");
    assertThat(find("static.app.gslb.example", FlatZone.TYPE_A))
        .isEqualTo(new NameFinding.Static(APEX, still, List.of(FlatZone.TYPE_A)));
    assertThat(find("x.static.app.gslb.example", FlatZone.TYPE_A))
        .isEqualTo(new NameFinding.Missing(APEX, still));
    assertThat(find("app.gslb.example", FlatZone.TYPE_A))
        .isEqualTo(new NameFinding.Static(APEX, DnsName.of("app.gslb.example"), List.of()));
    assertThat(find("other.gslb.example", FlatZone.TYPE_A))
        .isEqualTo(new NameFinding.Missing(APEX, APEX));
    assertThat(find("www.sub.gslb.example", FlatZone.TYPE_A))
        .isEqualTo(new NameFinding.Delegated(APEX, DnsName.of("sub.gslb.example")));
    assertThat(find("www.moved.gslb.example", FlatZone.TYPE_A))
        .isEqualTo(new NameFinding.Renamed(APEX, DnsName.of("moved.gslb.example")));
    assertThat(find("www.example.org", FlatZone.TYPE_A)).isEqualTo(new NameFinding.Outside());
  }

  /// RFC 4035 §3.1.4.1.
  @Test
  void aDsAtACutIsTheParents() {
    assertThat(find("sub.gslb.example", FlatZone.TYPE_DS)).isInstanceOf(NameFinding.Static.class);
    assertThat(find("a.sub.gslb.example", FlatZone.TYPE_DS))
        .isInstanceOf(NameFinding.Delegated.class);
  }
}
