package gslb.steering;

import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.sticky;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gslb.base.Address;
import gslb.base.EmbeddedV4;
import gslb.base.Prefix;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import gslb.steering.shift.Comparison;
import gslb.steering.shift.PlanShift;
import gslb.steering.shift.PlanShift.Emptied;
import gslb.steering.shift.PlanShift.Fate;
import gslb.steering.shift.PlanShift.Move;
import gslb.steering.shift.PlanShift.ServiceShift;
import gslb.steering.shift.Shares;
import gslb.steering.shift.ShiftText;
import gslb.steering.shift.Weighting;
import gslb.testkit.Seeded;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Which clients move from plan to plan: by hand arithmetic, and held against counting what both
/// plans give to sampled clients.
final class ComparisonTest {
  private static final Offset<Double> EXACT = within(1e-9);
  private static final int SAMPLES = 1_500;

  private static final Service.Answers ONE = Service.Answers.ONE;
  private static final AllDown ANSWER = new AllDown.Answer();

  private static TestCatalog world() {
    return new TestCatalog()
        .pool("eu", "192.0.2.1", "2001:db8::1")
        .pool("us", "198.51.100.1", "2001:db8::2")
        .pool("v6", "2001:db8::3");
  }

  private static SteeringPlan plan(TestCatalog world, Policy policy) {
    return plan(world.service(ONE, ANSWER, policy), world.allUp());
  }

  private static SteeringPlan plan(TestCatalog world, VerdictTable verdicts) {
    try {
      return SteeringTables.compile(world.catalog(), quarters()).plan(verdicts, 42);
    } catch (CatalogRefused e) {
      throw new AssertionError(e);
    }
  }

  /// 64.0.0.0/6 and 68.0.0.0/6 are 8 of the 222 blocks of /8 that clients may have.
  private static PlaceTable quarters() {
    Map<Prefix, Place> places = new LinkedHashMap<>();
    places.put(Prefix.of("64.0.0.0/6"), new Place("EU", "DE", 51, 10, ""));
    places.put(Prefix.of("68.0.0.0/6"), new Place("NA", "US", 38, -97, ""));
    places.put(Prefix.of("2600::/12"), new Place("NA", "US", 38, -97, ""));
    places.put(Prefix.of("2a00::/12"), new Place("EU", "DE", 51, 10, ""));
    places.put(Prefix.of("2a00::/14"), new Place("EU", "FR", 46, 2, ""));
    return PlaceTable.of(places);
  }

  private static ServiceShift shift(SteeringPlan before, SteeringPlan after) {
    return Comparison.of(before, after, ClientSample.NONE).services().getFirst();
  }

  private static Shares going(ServiceShift shift, String from, String to) {
    return shift.moves().stream()
        .filter(move -> move.from().equals(from) && move.to().equals(to))
        .map(Move::share)
        .findFirst()
        .orElse(Shares.NONE);
  }

  private static Shares continent(ServiceShift shift, String continent) {
    return shift.continents().getOrDefault(continent, Shares.NONE);
  }

  private static Policy byContinent(Map<String, Policy> continents, Policy otherwise) {
    return new Policy.Geo(Map.of(), Map.of(), continents, otherwise);
  }

  @Test
  void nothingMovesToAPlanThatIsTheSame() {
    TestCatalog world = world();
    SteeringPlan plan = plan(world, weighted(share(world.use("eu"), 3), share(world.use("us"), 1)));
    ServiceShift shift = shift(plan, plan);
    assertThat(shift.moved()).isEqualTo(Shares.NONE);
    assertThat(shift.changes()).isFalse();
    assertThat(shift.pools())
        .satisfiesExactly(
            eu -> assertThat(eu.after().v4()).isEqualTo(0.75, EXACT),
            us -> assertThat(us.after().v4()).isEqualTo(0.25, EXACT));
  }

  @Test
  void weightsOf90To10And80To20MoveATenth() {
    TestCatalog one = world();
    TestCatalog other = world();
    ServiceShift shift =
        shift(
            plan(one, weighted(share(one.use("eu"), 90), share(one.use("us"), 10))),
            plan(other, weighted(share(other.use("eu"), 80), share(other.use("us"), 20))));
    assertThat(shift.moved().v4()).isEqualTo(0.1, EXACT);
    assertThat(shift.moved().v6()).isEqualTo(0.1, EXACT);
    assertThat(going(shift, "eu", "us").v4()).isEqualTo(0.1, EXACT);
    assertThat(going(shift, "us", "eu")).isEqualTo(Shares.NONE);
  }

  @Test
  void aStickyPoolThatJoinsMovesItsShareAlone() {
    TestCatalog one = world();
    TestCatalog other = world();
    ServiceShift shift =
        shift(
            plan(one, sticky(share(one.use("eu"), 1))),
            plan(other, sticky(share(other.use("eu"), 1), share(other.use("us"), 3))));
    assertThat(shift.moved().v4()).isEqualTo(0.75, EXACT);
  }

  @Test
  void aMovedContinentCountsByItsAddresses() {
    TestCatalog one = world();
    TestCatalog other = world();
    ServiceShift shift =
        shift(
            plan(one, byContinent(Map.of("EU", one.use("eu")), one.use("us"))),
            plan(other, other.use("us")));
    assertThat(shift.moves()).hasSize(1);
    Move move = shift.moves().getFirst();
    assertThat(move.share().v4()).isEqualTo(4 / 222.0, EXACT);
    assertThat(move.share().v6()).as("of two known /12").isEqualTo(0.5, EXACT);
    assertThat(move.continents()).containsOnlyKeys("EU");
    assertThat(continent(shift, "EU").v4()).isEqualTo(4 / 222.0, EXACT);
    assertThat(continent(shift, "").v4()).isEqualTo(214 / 222.0, EXACT);
    assertThat(continent(shift, "").v6()).isZero();
  }

  @Test
  void anAnswerThatBecomesEmptyIsListedByFamily() {
    TestCatalog one = world();
    TestCatalog other = world();
    SteeringPlan before = plan(one, one.use("eu"));
    SteeringPlan after =
        plan(
            other,
            byContinent(
                Map.of("EU", other.use("v6"), "NA", TestCatalog.nothing()), other.use("us")));
    ServiceShift shift = shift(before, after);
    assertThat(shift.emptied()).hasSize(2);
    Emptied a = shift.emptied().getFirst();
    assertThat(a.isV4()).isTrue();
    assertThat(a.share().v4()).isEqualTo(8 / 222.0, EXACT);
    assertThat(a.continents()).containsExactly("EU", "NA");
    assertThat(a.example().address().isV4()).isTrue();
    Emptied aaaa = shift.emptied().getLast();
    assertThat(aaaa.isV4()).isFalse();
    assertThat(aaaa.share().v4()).isEqualTo(4 / 222.0, EXACT);
    assertThat(aaaa.share().v6()).isEqualTo(0.5, EXACT);
    assertThat(aaaa.continents()).containsExactly("NA");
    assertThat(aaaa.example()).isEqualTo(Prefix.of("2600::/12"));
    assertThat(going(shift, "eu", "").v4()).isEqualTo(4 / 222.0, EXACT);
    assertThat(shift.disturbed(Weighting.V4)).isEqualTo(1, EXACT);
    assertThat(ShiftText.of(Comparison.of(before, after, ClientSample.NONE), Weighting.V4))
        .contains("A emptied for 3.60 %", "EU, NA", "AAAA emptied for 1.80 %", "eu    nothing");
  }

  @Test
  void servicesThatComeAndGoAreTold() {
    TestCatalog one = world();
    one.service(ONE, ANSWER, one.use("eu"));
    TestCatalog other = world();
    PlanShift shift =
        Comparison.of(plan(one, one.use("us")), plan(other, other.use("us")), ClientSample.NONE);
    assertThat(shift.services()).hasSize(2);
    assertThat(shift.services().getFirst().moved().v4()).as("eu to us").isEqualTo(1, EXACT);
    ServiceShift removed = shift.services().getLast();
    assertThat(removed.fate()).isEqualTo(Fate.REMOVED);
    assertThat(removed.namesRemoved()).containsExactly("s1.gslb.example.");
    assertThat(removed.disturbed(Weighting.V4)).isEqualTo(1);
    assertThat(removed.emptied()).hasSize(2);
    ServiceShift added =
        Comparison.of(plan(other, other.use("us")), plan(one, one.use("us")), ClientSample.NONE)
            .services()
            .getLast();
    assertThat(added.fate()).isEqualTo(Fate.ADDED);
    assertThat(added.disturbed(Weighting.V4)).isZero();
  }

  private static ServiceShift of(PlanShift shift, String service, Predicate<ServiceShift> which) {
    return shift.services().stream()
        .filter(each -> each.name().equals(service) && which.test(each))
        .findFirst()
        .orElseThrow();
  }

  private static PlanShift shift(TestCatalog one, TestCatalog other) {
    return Comparison.of(plan(one, one.allUp()), plan(other, other.allUp()), ClientSample.NONE);
  }

  @Test
  void aRenamedServiceIsKnownByItsName() {
    TestCatalog one = world();
    one.service("www", List.of("a"), one.use("eu"));
    TestCatalog other = world();
    other.service("web", List.of("a"), other.use("us"));
    PlanShift shift = shift(one, other);
    assertThat(shift.services()).hasSize(1);
    assertThat(shift.services().getFirst().fate()).isEqualTo(Fate.KEPT);
    assertThat(shift.services().getFirst().moved().v4()).isEqualTo(1, EXACT);
    assertThat(shift.services().getFirst().settings()).contains("name of the service www → web");
  }

  /// The clients of `b` go from eu to us, whatever the service is called that has it now.
  @Test
  void aNameThatAServiceGivesToANewOneMovesItsClients() {
    TestCatalog one = world();
    one.service("www", List.of("a", "b"), one.use("eu"));
    TestCatalog other = world();
    other.service("www", List.of("a"), other.use("eu"));
    other.service("shop", List.of("b"), other.use("us"));
    PlanShift shift = shift(one, other);
    assertThat(shift.mostDisturbed(Weighting.V4)).isEqualTo(1, EXACT);
    ServiceShift shop = of(shift, "shop", _ -> true);
    assertThat(going(shop, "eu", "us").v4()).isEqualTo(1, EXACT);
    assertThat(of(shift, "www", _ -> true).moved()).isEqualTo(Shares.NONE);
  }

  @Test
  void aNameThatAServiceGivesToAnOldOneMovesItsClients() {
    TestCatalog one = world();
    one.service("www", List.of("a", "b"), one.use("eu"));
    one.service("shop", List.of("c"), one.use("us"));
    TestCatalog other = world();
    other.service("www", List.of("a"), other.use("eu"));
    other.service("shop", List.of("b", "c"), other.use("us"));
    PlanShift shift = shift(one, other);
    assertThat(shift.mostDisturbed(Weighting.V4)).isEqualTo(1, EXACT);
    assertThat(shift.services()).hasSize(3);
    assertThat(going(of(shift, "shop", s -> s.moved().v4() > 0), "eu", "us").v4())
        .isEqualTo(1, EXACT);
  }

  /// A service whose names another has taken over is not removed from its clients.
  @Test
  void namesThatAServiceTakesOverAreNotLost() {
    TestCatalog one = world();
    one.service("www", List.of("a"), one.use("eu"));
    one.service("shop", List.of("b"), one.use("eu"));
    TestCatalog other = world();
    other.service("www", List.of("a", "b"), other.use("eu"));
    PlanShift shift = shift(one, other);
    assertThat(shift.mostDisturbed(Weighting.V4)).isZero();
    assertThat(shift.services()).allSatisfy(s -> assertThat(s.fate()).isEqualTo(Fate.KEPT));
  }

  /// Whoever asks for the host gets a 404.
  @Test
  void aHostThatIsRedirectedNoMoreIsLostToAllOfItsClients() {
    TestCatalog one = world();
    one.redirect("www", List.of("a.example.org", "b.example.org"), one.use("eu"));
    TestCatalog other = world();
    other.redirect("www", List.of("b.example.org"), other.use("eu"));
    PlanShift shift = shift(one, other);
    assertThat(shift.mostDisturbed(Weighting.V4)).isEqualTo(1);
    assertThat(shift.services().getFirst().namesRemoved()).containsExactly("a.example.org");
    assertThat(shift(other, one).mostDisturbed(Weighting.V4)).isZero();
  }

  @Test
  void anotherAddressOfTheSamePoolMovesNobodyButIsTold() {
    TestCatalog one = new TestCatalog().pool("eu", "192.0.2.1*3", "192.0.2.2");
    TestCatalog other = new TestCatalog().pool("eu", "192.0.2.1*3", "192.0.2.9");
    ServiceShift shift = shift(plan(one, one.use("eu")), plan(other, other.use("eu")));
    assertThat(shift.moved()).isEqualTo(Shares.NONE);
    assertThat(shift.readdressed().v4()).isEqualTo(0.25, EXACT);
    assertThat(shift.changes()).isTrue();
    assertThat(
            Comparison.of(plan(one, one.use("eu")), plan(other, other.use("eu")), ClientSample.NONE)
                .pools())
        .containsExactly("pool eu: endpoints -192.0.2.2 +192.0.2.9");
  }

  /// What admits a client to a ramping pool is the same for every service.
  @Test
  void aServiceThatIsRenamedInARampMovesNobody() {
    SteeringPlan before = ramping("www");
    ServiceShift shift = shift(before, ramping("web"));
    assertThat(shift.pools().getFirst().before().v4()).isEqualTo(16 / 64.0, EXACT);
    assertThat(shift.moved()).isEqualTo(Shares.NONE);
  }

  private static SteeringPlan ramping(String service) {
    TestCatalog world =
        new TestCatalog()
            .pool("eu", "192.0.2.1")
            .ramp("eu", Duration.ofSeconds(63))
            .pool("us", "198.51.100.1");
    world.service(service, List.of("www"), world.list("eu", "us"));
    VerdictTable up = world.allUp();
    Readmission readmission =
        Readmission.NONE
            .next(world.catalog(), up.with(0, Verdict.DOWN), 0)
            .next(world.catalog(), up, 0)
            .next(world.catalog(), up, Duration.ofSeconds(15).toNanos());
    return plan(world, up).withVerdicts(up, readmission);
  }

  @Test
  void anotherDrawKeyDrawsAnew() {
    TestCatalog world = world();
    world.service(ONE, ANSWER, weighted(share(world.use("eu"), 9), share(world.use("us"), 1)));
    ServiceShift shift = shift(world.plan(world.allUp()), world.tables().plan(world.allUp(), 43));
    assertThat(shift.moved().v4()).isEqualTo(2 * 0.9 * 0.1, EXACT);
  }

  private static double readdressed(Service.Answers before, Service.Answers after, String... to) {
    TestCatalog one = new TestCatalog().pool("eu", "192.0.2.1", "192.0.2.2");
    TestCatalog other = new TestCatalog().pool("eu", to);
    one.service(before, ANSWER, one.use("eu"));
    other.service(after, ANSWER, other.use("eu"));
    ServiceShift shift = shift(plan(one, one.allUp()), plan(other, other.allUp()));
    assertThat(shift.moved()).isEqualTo(Shares.NONE);
    return shift.readdressed().v4();
  }

  @Test
  void answersOfSeveralAddressesAreComparedAsSets() {
    Service.Answers all = Service.Answers.ALL;
    assertThat(readdressed(all, all, "192.0.2.2", "192.0.2.1")).isZero();
    assertThat(readdressed(all, ONE, "192.0.2.2", "192.0.2.1")).isZero();
    assertThat(readdressed(ONE, all, "192.0.2.2", "192.0.2.1")).isZero();
    assertThat(readdressed(ONE, ONE, "192.0.2.2", "192.0.2.1")).as("drawn").isEqualTo(1, EXACT);
    assertThat(readdressed(all, all, "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"))
        .isEqualTo(0.5, EXACT);
    assertThat(readdressed(all, all, "192.0.2.1")).isEqualTo(0.5, EXACT);
  }

  @Test
  void anotherAliasIsAnotherAddress() {
    TestCatalog one = new TestCatalog().alias("cdn", "a.example.net");
    TestCatalog other = new TestCatalog().alias("cdn", "b.example.net");
    SteeringPlan before = plan(one, one.use("cdn"));
    assertThat(shift(before, plan(other, other.use("cdn"))).readdressed().v4()).isEqualTo(1, EXACT);
    assertThat(shift(before, before).readdressed()).isEqualTo(Shares.NONE);
  }

  /// Of three endpoints two are of eu: its share grows from 1/2 to 2/3, and nobody else moves.
  @Test
  void clientsOfAnswersOfSeveralPoolsStayWhereTheyCan() {
    TestCatalog one = world();
    TestCatalog other =
        new TestCatalog().pool("eu", "192.0.2.1", "192.0.2.2").pool("us", "198.51.100.1");
    one.service(Service.Answers.ALL, ANSWER, one.all("eu", "us"));
    other.service(Service.Answers.ALL, ANSWER, other.all("eu", "us"));
    ServiceShift shift = shift(plan(one, one.allUp()), plan(other, other.allUp()));
    assertThat(going(shift, "us", "eu").v4()).isEqualTo(1 / 6.0, EXACT);
    assertThat(shift.moved().v4()).isEqualTo(1 / 6.0, EXACT);
  }

  /// [0, 1/2) [1/2, 1) against [0, 1/4) [1/4, 1): a quarter moves, who stays has the same address.
  @Test
  void whoMovesToAnotherPoolIsNotReaddressed() {
    TestCatalog one = new TestCatalog().pool("eu", "192.0.2.1").pool("us", "198.51.100.1");
    TestCatalog other = new TestCatalog().pool("eu", "192.0.2.1").pool("us", "198.51.100.1*3");
    ServiceShift shift = shift(plan(one, one.all("eu", "us")), plan(other, other.all("eu", "us")));
    assertThat(shift.moved().v4()).isEqualTo(0.25, EXACT);
    assertThat(shift.readdressed()).isEqualTo(Shares.NONE);
  }

  @Test
  void withoutAnyKnownPlaceAllIpv6AddressesCount() throws CatalogRefused {
    TestCatalog one = world();
    TestCatalog other = world();
    one.service(ONE, ANSWER, one.use("eu"));
    other.service(ONE, ANSWER, other.use("us"));
    PlaceTable nowhere = PlaceTable.of(Map.of());
    SteeringPlan before = SteeringTables.compile(one.catalog(), nowhere).plan(one.allUp(), 42);
    SteeringPlan after = SteeringTables.compile(other.catalog(), nowhere).plan(other.allUp(), 42);
    assertThat(shift(before, after).moved().v6()).isEqualTo(1, EXACT);
    SteeringPlan placed = plan(other, other.allUp());
    assertThat(shift(before, placed).continents()).as("of the newer").containsKey("EU");
    assertThat(shift(placed, before).continents()).as("of the older").containsKey("EU");
  }

  /// For AAAA the pool of IPv6 comes first, for A there is nothing of it.
  @Test
  void familiesThatAreDecidedApartMoveApart() {
    TestCatalog one = world();
    TestCatalog other = world();
    one.service(Families.INDEPENDENT, ONE, ANSWER, one.list("eu", "us"));
    other.service(Families.INDEPENDENT, ONE, ANSWER, other.list("v6", "eu"));
    ServiceShift shift = shift(plan(one, one.allUp()), plan(other, other.allUp()));
    assertThat(shift.moved().v4()).isZero();
    assertThat(shift.moved().v6()).isEqualTo(1, EXACT);
  }

  @Test
  void clientsForWhomNothingIsAvailableAreTold() {
    TestCatalog world = world();
    world.service(ONE, ANSWER, world.use("eu"));
    SteeringPlan up = plan(world, world.allUp());
    VerdictTable none = VerdictTable.all(world.allUp().size(), Verdict.DOWN);
    SteeringPlan down = up.withVerdicts(none);
    assertThat(shift(up, down).unavailable())
        .singleElement()
        .satisfies(
            unavailable -> {
              assertThat(unavailable.stage()).isEqualTo("verdicts ignored");
              assertThat(unavailable.share().v4()).isEqualTo(1, EXACT);
            });
    assertThat(shift(down, up).unavailable()).isEmpty();
  }

  @Test
  void servicesCountAlikeOrByWhatTheyWereAsked() {
    TestCatalog one = world();
    one.service(ONE, ANSWER, one.use("eu")).service(ONE, ANSWER, one.use("eu"));
    TestCatalog other = world();
    other.service(ONE, ANSWER, other.use("us")).service(ONE, ANSWER, other.use("eu"));
    other.service(ONE, ANSWER, other.use("us"));
    ClientSample seen =
        new ClientSample(
            List.of(
                new ClientSample.Client("s0", Prefix.of("64.1.2.0/24"), 30),
                new ClientSample.Client("s1", Prefix.of("64.1.2.0/24"), 10)));
    PlanShift shift = Comparison.of(plan(one, one.allUp()), plan(other, other.allUp()), seen);
    assertThat(shift.moved(Weighting.V4)).as("without what is added").isEqualTo(0.5, EXACT);
    assertThat(shift.moved(Weighting.TRAFFIC)).isEqualTo(0.75, EXACT);
    assertThat(shift.hasTraffic()).isTrue();
  }

  @Test
  void clientsThatWereSeenWeighWhatTheyAsk() {
    TestCatalog one = world();
    TestCatalog other = world();
    ClientSample seen =
        new ClientSample(
            List.of(
                new ClientSample.Client("s0", Prefix.of("64.1.2.0/24"), 30),
                new ClientSample.Client("s0", Prefix.of("2a00:1::/48"), 10),
                new ClientSample.Client("s0", Prefix.of("9.9.9.0/24"), 60)));
    PlanShift shift =
        Comparison.of(
            plan(one, byContinent(Map.of("EU", one.use("eu")), one.use("us"))),
            plan(other, other.use("us")),
            seen);
    assertThat(shift.services().getFirst().moved().traffic()).isEqualTo(0.4, EXACT);
    assertThat(shift.moved(Weighting.TRAFFIC)).isEqualTo(0.4, EXACT);
    assertThat(shift.services().getFirst().moved().v4()).isEqualTo(4 / 222.0, EXACT);
  }

  private static PlaceTable randomPlaces(Random random) {
    String[] continents = {"EU", "NA", "AS", ""};
    String[] countries = {"DE", "FR", "US", "JP", ""};
    String[] networks = {"office", "lab", "", "", ""};
    Map<Prefix, Place> places = new LinkedHashMap<>();
    for (int i = 0; i < 24; i++) {
      Place place =
          new Place(
              continents[random.nextInt(continents.length)],
              countries[random.nextInt(countries.length)],
              random.nextInt(-90, 91),
              random.nextInt(-180, 181),
              networks[random.nextInt(networks.length)]);
      places.put(Prefix.around(v4(random), 2 + random.nextInt(9)), place);
      places.put(Prefix.around(v6(random), 4 + random.nextInt(9)), place);
    }
    places.keySet().removeIf(PlaceTable::isEmbedding);
    return PlaceTable.of(places);
  }

  private static Address v4(Random random) {
    while (true) {
      int bits = random.nextInt();
      int first = bits >>> 24;
      if (first > 0 && first < 224 && first != 127) {
        return Address.v4(bits);
      }
    }
  }

  private static Address v6(Random random) {
    while (true) {
      long high = 1L << 61 | random.nextLong() >>> 3;
      if (EmbeddedV4.offset(high, 0) < 0) {
        return Address.v6(high, random.nextLong());
      }
    }
  }

  /// A client of whom something is known, as all IPv6 clients that count.
  private static Address client(boolean isV4, PlaceTable places, Random random) {
    while (true) {
      Address client = isV4 ? v4(random) : v6(random);
      Place place = places.wholePlaceOf(client);
      if (isV4 || !place.continent().isEmpty() || !place.network().isEmpty()) {
        return client;
      }
    }
  }

  private record Ends(String from, String to) {}

  private static String pool(SteeringPlan plan, Selection selection) {
    int pool = plan.pool(selection);
    return pool < 0 ? "" : plan.catalog().pools().get(pool).name();
  }

  /// An alias is an answer whatever addresses its pool has.
  private static boolean isEmpty(SteeringPlan plan, Selection selection, boolean v4) {
    boolean isAlias =
        selection.answerSet >= 0
            && !plan.isJoined(selection.answerSet)
            && plan.catalog().pools().get(plan.pool(selection)).cname() != null;
    return !isAlias && plan.endpoints(selection.answerSet, v4).length == 0;
  }

  /// Every share is within 6 standard deviations of what is counted.
  @Seeded(25)
  void sharesAreWhatCountingGives(Random random) throws CatalogRefused {
    PlaceTable places = randomPlaces(random);
    RandomWorld one = new RandomWorld(random, true);
    RandomWorld other = new RandomWorld(random, true);
    SteeringPlan before = SteeringTables.compile(one.catalog(), places).plan(one.verdicts(), 42);
    SteeringPlan after = SteeringTables.compile(other.catalog(), places).plan(other.verdicts(), 42);
    ServiceShift shift = shift(before, after);
    boolean isV4 = random.nextBoolean() || places.places().stream().noneMatch(this::isKnown);
    Weighting weighting = isV4 ? Weighting.V4 : Weighting.V6;
    Map<Ends, Integer> counted = new HashMap<>();
    int emptied = 0;
    boolean areJoined = false;
    Selection old = new Selection();
    Selection now = new Selection();
    for (int i = 0; i < SAMPLES; i++) {
      Address client = client(isV4, places, random);
      long time = random.nextLong(1L << 42);
      before.steer(0, isV4, client.high(), client.low(), time, old);
      after.steer(0, isV4, client.high(), client.low(), time, now);
      counted.merge(new Ends(pool(before, old), pool(after, now)), 1, Integer::sum);
      emptied += !isEmpty(before, old, isV4) && isEmpty(after, now, isV4) ? 1 : 0;
      areJoined |= before.isJoined(old.answerSet) || after.isJoined(now.answerSet);
    }
    double claimedEmptied =
        shift.emptied().stream()
            .filter(each -> each.isV4() == isV4)
            .mapToDouble(each -> each.share().of(weighting))
            .sum();
    isAbout(claimedEmptied, emptied, "emptied");
    if (areJoined) {
      return; // of an answer of several, what a client takes first is not counted here
    }
    TreeSet<String> names = new TreeSet<>();
    shift.pools().forEach(pool -> names.add(pool.pool()));
    for (String from : names) {
      for (String to : names) {
        if (!from.equals(to)) {
          isAbout(
              going(shift, from, to).of(weighting),
              counted.getOrDefault(new Ends(from, to), 0),
              from + " to " + to);
        }
      }
    }
    counted.forEach((ends, count) -> assertThat(names).contains(ends.from(), ends.to()));
  }

  private boolean isKnown(Place place) {
    return !place.continent().isEmpty() || !place.network().isEmpty();
  }

  private static void isAbout(double claimed, int counted, String what) {
    double deviation = Math.sqrt(SAMPLES * claimed * (1 - Math.min(1, claimed)));
    assertThat((double) counted).as(what).isCloseTo(claimed * SAMPLES, within(3 + 6 * deviation));
    if (claimed == 0) {
      assertThat(counted).as(what).isZero();
    }
  }
}
