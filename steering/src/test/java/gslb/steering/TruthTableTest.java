package gslb.steering;

import static gslb.steering.TestCatalog.GERMAN;
import static gslb.steering.TestCatalog.JAPANESE;
import static gslb.steering.TestCatalog.NOWHERE;
import static gslb.steering.TestCatalog.OFFICE;
import static gslb.steering.TestCatalog.list;
import static gslb.steering.TestCatalog.nothing;
import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gslb.base.Address;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Truth tables of the policy nodes and of the stages of all-down. Pools a, b and c have one
/// endpoint each; their state is written in that order: `u` up, `d` down, `r` drained, `x` forced
/// down, `U` forced up while the verdict is down.
final class TruthTableTest {
  private final TestCatalog world =
      new TestCatalog()
          .pool("a", TestCatalog.FRANKFURT, MinHealthy.ONE_ENDPOINT, "192.0.2.1")
          .pool("b", TestCatalog.VIRGINIA, MinHealthy.ONE_ENDPOINT, "192.0.2.2")
          .pool("c", TestCatalog.TOKYO, MinHealthy.ONE_ENDPOINT, "192.0.2.3");

  private VerdictTable verdicts(String states) {
    return verdicts(world, states);
  }

  private static VerdictTable verdicts(TestCatalog world, String states) {
    VerdictTable table = world.allUp();
    for (int i = 0; i < states.length(); i++) {
      table =
          switch (states.charAt(i)) {
            case 'u' -> table;
            case 'd' -> table.with(i, Verdict.DOWN);
            case 'r' -> table.with(i, EndpointOverride.DRAIN);
            case 'x' -> table.with(i, EndpointOverride.DOWN);
            case 'U' -> table.with(i, Verdict.DOWN).with(i, EndpointOverride.UP);
            default -> throw new IllegalArgumentException(states);
          };
    }
    return table;
  }

  private String answerOf(Policy policy, AllDown allDown, String states, Address client) {
    world.service(allDown, policy);
    return TestCatalog.answer(world.plan(verdicts(states)), client);
  }

  private String answerOf(Policy policy, String states) {
    return answerOf(policy, new AllDown.Answer(), states, GERMAN);
  }

  /// Every pool that some second and client draws, in order of name.
  private String drawnFrom(Policy policy, String states) {
    world.service(new AllDown.Answer(), policy);
    SteeringPlan plan = world.plan(verdicts(states));
    TreeSet<String> drawn = new TreeSet<>();
    for (int second = 0; second < 300; second++) {
      drawn.add(TestCatalog.answer(plan, 0, GERMAN, second * 1_000L));
    }
    return String.join(" ", drawn);
  }

  @ParameterizedTest
  @CsvSource({"u,a", "U,a", "d,(a)", "r,(a)", "x,nothing"})
  void aPool(String states, String answer) {
    assertThat(answerOf(world.use("a"), states + "uu")).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "uuu,a",
    "duu,b",
    "ddu,c",
    "rdu,c",
    "xuu,b",
    "Udd,a",
    "dUd,b",
    // None available: the first that overrides allow.
    "ddd,(a)",
    "rdd,(b)",
    "xdd,(b)",
    "xrd,(c)",
    // None left but drained ones.
    "rrr,(a)",
    "xrr,(b)",
    "xxr,(c)",
    "xxx,nothing"
  })
  void aListGivesTheFirstAvailable(String states, String answer) {
    assertThat(answerOf(world.list("a", "b", "c"), states)).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({"uuu,a", "duu,nothing", "xxx,nothing"})
  void anEmptyListIsPassedByNoParent(String states, String answer) {
    Policy inner = list(world.use("a"), nothing());
    assertThat(answerOf(list(inner, world.use("b")), states)).isEqualTo(answer);
  }

  @Test
  void anEmptyPolicyGivesNothing() {
    assertThat(answerOf(nothing(), "uuu")).isEqualTo("nothing");
  }

  @ParameterizedTest
  @CsvSource({
    "uuu,a b",
    "duu,b",
    "udu,a",
    "ddu,c",
    "rru,c",
    "ddd,(a) (b)",
    "xdd,(b)",
    "rrd,(c)",
    "xrr,(b)",
    "xxr,(c)",
    "xxx,nothing",
    "dUu,b"
  })
  void weightsShareAmongTheAvailableAndZeroStandsBy(String states, String answers) {
    Policy policy =
        weighted(share(world.use("a"), 3), share(world.use("b"), 2), share(world.use("c"), 0));
    assertThat(drawnFrom(policy, states)).isEqualTo(answers);
  }

  @ParameterizedTest
  @CsvSource({"uuu,a", "duu,b c", "ddu,c", "dud,b", "ddd,(a)", "xdd,(b) (c)"})
  void standbysShareAlike(String states, String answers) {
    Policy policy =
        weighted(share(world.use("b"), 0), share(world.use("a"), 1), share(world.use("c"), 0));
    assertThat(drawnFrom(policy, states)).isEqualTo(answers);
  }

  @Test
  void anEmptyListMayHoldAShare() {
    Policy policy = weighted(share(world.use("a"), 1), share(nothing(), 1));
    assertThat(drawnFrom(policy, "uuu")).isEqualTo("a nothing");
    assertThat(drawnFrom(policy, "duu")).isEqualTo("nothing");
  }

  @ParameterizedTest
  @CsvSource({"uuu,a", "duu,b", "ddu,(a)", "xdu,(b)", "xxu,nothing"})
  void nearestGoesDownTheRankingToItsLimit(String states, String answer) {
    assertThat(answerOf(world.nearest(2, "c", "b", "a"), states)).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({"uuu,c", "uud,b", "udd,(c)"})
  void nearestWithoutCoordinatesGoesAsWritten(String states, String answer) {
    assertThat(answerOf(world.nearest(2, "c", "b", "a"), new AllDown.Answer(), states, NOWHERE))
        .isEqualTo(answer);
  }

  private Policy geo() {
    return new Policy.Geo(
        Map.of("office", world.use("c")),
        Map.of("DE", world.use("a")),
        Map.of("EU", world.use("b"), "AS", world.list("c")),
        null);
  }

  @Test
  void geoPicksOneBranchAndNeverBacksOut() {
    world.service(new AllDown.Answer(), geo());
    SteeringPlan up = world.plan(verdicts("uuu"));
    assertThat(TestCatalog.answer(up, OFFICE)).isEqualTo("c");
    assertThat(TestCatalog.answer(up, GERMAN)).isEqualTo("a");
    assertThat(TestCatalog.answer(up, Address.of("2001:db8::1"))).isEqualTo("b");
    assertThat(TestCatalog.answer(up, JAPANESE)).isEqualTo("c");
    SteeringPlan down = world.plan(verdicts("dud"));
    assertThat(TestCatalog.answer(down, OFFICE)).isEqualTo("(c)");
    assertThat(TestCatalog.answer(down, GERMAN)).isEqualTo("(a)");
  }

  @Test
  void aListBacksOutOfAGeoWhoseBranchIsUnavailable() {
    world.service(new AllDown.Answer(), list(geo(), world.use("b")));
    assertThat(TestCatalog.answer(world.plan(verdicts("duu")), GERMAN)).isEqualTo("b");
  }

  @Test
  void geoWithoutBranchOrDefaultIsAnAuthoredNothing() {
    world.service(new AllDown.Answer(), list(geo(), world.use("b")));
    assertThat(TestCatalog.answer(world.plan(verdicts("uuu")), NOWHERE)).isEqualTo("nothing");
  }

  @Test
  void geoNestsInGeo() {
    Policy germany =
        new Policy.Geo(Map.of("office", world.use("b")), Map.of(), Map.of(), world.use("a"));
    Policy policy = new Policy.Geo(Map.of(), Map.of("DE", germany), Map.of(), world.use("c"));
    world.service(new AllDown.Answer(), policy);
    SteeringPlan plan = world.plan(verdicts("uuu"));
    assertThat(TestCatalog.answer(plan, OFFICE)).isEqualTo("b");
    assertThat(TestCatalog.answer(plan, GERMAN)).isEqualTo("a");
    assertThat(TestCatalog.answer(plan, JAPANESE)).isEqualTo("c");
  }

  /// Pools p and q of two endpoints each that want both up; their states are written in that order.
  @ParameterizedTest
  @CsvSource({
    "uu uu,p",
    "ud uu,q",
    "du uu,q",
    // Neither has enough: the first with any, and of it only what is up.
    "ud ud,p",
    "dd ud,q",
    "rd ud,q",
    "xx du,q",
    "rd du,q",
    // None has any.
    "dd dd,(p)",
    "rd dd,(p)",
    "rr dd,(q)",
    "xr rx,(p)",
    "xx rx,(q)",
    "xx xx,nothing"
  })
  void minHealthyIsIgnoredBeforeVerdictsAre(String states, String chosen) {
    TestCatalog pairs =
        new TestCatalog()
            .pool("p", null, new MinHealthy.Endpoints(2), "192.0.2.1", "192.0.2.2")
            .pool("q", null, new MinHealthy.Percent(100), "192.0.2.3", "192.0.2.4");
    pairs.service(new AllDown.Answer(), pairs.list("p", "q"));
    VerdictTable table = verdicts(pairs, states.replace(" ", ""));
    assertThat(TestCatalog.answer(pairs.plan(table), GERMAN)).isEqualTo(chosen);
  }

  @ParameterizedTest
  @CsvSource({"uuu,a", "dud,nothing", "ddd,nothing", "xxd,nothing"})
  void nodataReplacesUnverifiedAnswers(String states, String answer) {
    assertThat(answerOf(world.list("a", "c"), new AllDown.NoData(), states, GERMAN))
        .isEqualTo(answer);
  }

  /// One policy, one plan.
  @Test
  void servicesOfOnePolicyHaveTheirOwnLastResort() {
    Policy policy = world.list("a", "c");
    world
        .service(new AllDown.Answer(), policy)
        .service(new AllDown.NoData(), policy)
        .service(new AllDown.Sorry(world.pool("b")), policy);
    SteeringPlan plan = world.plan(verdicts("dud"));
    assertThat(TestCatalog.answer(plan, 0, GERMAN, 0)).isEqualTo("(a)");
    assertThat(TestCatalog.answer(plan, 1, GERMAN, 0)).isEqualTo("nothing");
    assertThat(TestCatalog.answer(plan, 2, GERMAN, 0)).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource({"uuu,a", "dud,b", "ddd,(b)", "drd,(b)", "dxd,nothing", "dUd,b"})
  void theSorryPoolReplacesUnverifiedAnswers(String states, String answer) {
    AllDown sorry = new AllDown.Sorry(world.pool("b"));
    assertThat(answerOf(world.list("a", "c"), sorry, states, GERMAN)).isEqualTo(answer);
  }

  /// Pools p and q of two endpoints want both up; s is what all-down may name. The first two stages
  /// are the same for every rule.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          p q s   | answer  | nodata  | {pool: s}
          uu uu u | p       | p       | p
          ud uu u | q       | q       | q
          ud ud u | p       | p       | p
          dd ud u | q       | q       | q
          dr rd u | (p)     | nothing | s
          dd dd u | (p)     | nothing | s
          rr dd u | (q)     | nothing | s
          rr rr u | (p)     | nothing | s
          xx rr u | (q)     | nothing | s
          xx xx u | nothing | nothing | s
          dd dd d | (p)     | nothing | (s)
          dd dd r | (p)     | nothing | (s)
          dd dd x | (p)     | nothing | nothing
          rr rr x | (p)     | nothing | nothing
          xx xx x | nothing | nothing | nothing
          """)
  void allDownGoesDownItsStages(String states, String answer, String nodata, String pool) {
    TestCatalog of =
        new TestCatalog()
            .pool("p", null, new MinHealthy.Endpoints(2), "192.0.2.1", "192.0.2.2")
            .pool("q", null, new MinHealthy.Percent(100), "192.0.2.3", "192.0.2.4")
            .pool("s", "192.0.2.5");
    of.service(new AllDown.Answer(), of.list("p", "q"))
        .service(new AllDown.NoData(), of.list("p", "q"))
        .service(new AllDown.Sorry(of.pool("s")), of.list("p", "q"));
    SteeringPlan plan = of.plan(verdicts(of, states.replace(" ", "")));
    assertThat(TestCatalog.answer(plan, 0, GERMAN, 0)).isEqualTo(answer);
    assertThat(TestCatalog.answer(plan, 1, GERMAN, 0)).isEqualTo(nodata);
    assertThat(TestCatalog.answer(plan, 2, GERMAN, 0)).isEqualTo(pool);
  }

  /// How many addresses an answer holds: `answers` of the service × what is up of the pool.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          abc | policy | 1 | 2 | 3 | all
          uuu | 1      | 1 | 2 | 3 | 3
          duu | 1      | 1 | 2 | 2 | 2
          ddu | 1      | 1 | 1 | 1 | 1
          rru | 1      | 1 | 1 | 1 | 1
          ddd | 1      | 1 | 2 | 3 | 3
          xdd | 1      | 1 | 2 | 2 | 2
          xxx | 0      | 0 | 0 | 0 | 0
          """)
  void answersHoldAsManyAsTheServiceSaysAndNoMoreThanLive(
      String states, int byPolicy, int one, int two, int three, int all) {
    TestCatalog of = new TestCatalog().pool("a", "192.0.2.1", "192.0.2.2", "192.0.2.3");
    for (Service.Answers answers :
        List.of(
            Service.Answers.BY_POLICY,
            Service.Answers.ONE,
            new Service.Answers(2),
            new Service.Answers(3),
            Service.Answers.ALL)) {
      of.service(answers, new AllDown.Answer(), of.use("a"));
    }
    SteeringPlan plan = of.plan(verdicts(of, states));
    assertThat(List.of(byPolicy, one, two, three, all))
        .isEqualTo(
            of.catalog().services().stream()
                .map(s -> plan.explain(s.id(), GERMAN, 0).decision().v4().answered().size())
                .toList());
  }

  @Test
  void sharesOfNestedWeightsMultiply() {
    Policy inner = weighted(share(world.use("a"), 1), share(world.use("b"), 2));
    Policy policy = weighted(share(inner, 1), share(world.list("c", "a"), 3), share(inner, 2));
    world.service(new AllDown.Answer(), policy);
    assertThat(shares("uuu")).isEqualTo("a 1, b 2, c 3");
    assertThat(shares("uud")).isEqualTo("a 2, b 1");
  }

  private String shares(String states) {
    StringBuilder shares = new StringBuilder();
    for (Explanation.DrawShare share : draw(states).shares()) {
      shares.append(shares.isEmpty() ? "" : ", ");
      shares.append(share.outcome().pools().getFirst().name()).append(' ').append(share.weight());
    }
    return shares.toString();
  }

  private Explanation.Draw draw(String states) {
    return (Explanation.Draw)
        world.plan(verdicts(states)).explain(0, GERMAN, 0).decision().turns().getFirst();
  }

  @Test
  void sharesBeyondTheExactDenominatorAreOffByNextToNothing() {
    Policy policy = world.use("c");
    for (int prime : new int[] {999_983, 999_979, 999_961, 999_959}) {
      policy = weighted(share(world.use("a"), 1), share(policy, prime - 1));
    }
    world.service(new AllDown.Answer(), policy);
    Explanation.Draw draw = draw("uuu");
    double exact = 999_982.0 / 999_983 * 999_978 / 999_979 * 999_960 / 999_961 * 999_958 / 999_959;
    assertThat(draw.shares())
        .extracting(share -> share.outcome().pools().getFirst())
        .containsExactly(world.pool("a"), world.pool("c"));
    long total = draw.shares().get(0).weight() + draw.shares().get(1).weight();
    assertThat(total).isEqualTo(Program.Draw.DENOMINATOR_MAX);
    assertThat(draw.shares().get(1).weight() / (double) total).isCloseTo(exact, within(1e-15));
  }

  /// Every pool that some block gets, in order of name.
  private String hashedTo(Policy policy, String states) {
    world.service(new AllDown.Answer(), policy);
    SteeringPlan plan = world.plan(verdicts(states));
    TreeSet<String> pools = new TreeSet<>();
    for (int block = 0; block < 300; block++) {
      pools.add(TestCatalog.answer(plan, 0, Address.v4(0x0a000000 + (block << 8)), 0));
    }
    return String.join(" ", pools);
  }

  /// c is a standby.
  @ParameterizedTest
  @CsvSource({
    "uuu,a b",
    "duu,b",
    "udu,a",
    "ddu,c",
    "rru,c",
    "ddd,(a) (b)",
    "rrd,(c)",
    "rrr,(a) (b)",
    "xxx,nothing",
    "xxd,(c)",
    "dUd,b"
  })
  void stickyHashesOverTheAvailable(String states, String pools) {
    Policy policy =
        TestCatalog.sticky(
            share(world.use("a"), 3), share(world.use("b"), 2), share(world.use("c"), 0));
    assertThat(hashedTo(policy, states)).isEqualTo(pools);
  }

  private String allOf(TestCatalog of, VerdictTable verdicts, Service.Answers answers) {
    of.service(answers, new AllDown.Answer(), of.all("a", "b", "c"));
    Explanation.Decision decision = of.plan(verdicts).explain(0, GERMAN, 0).decision();
    StringBuilder text = new StringBuilder();
    for (Endpoint endpoint : decision.v4().answered()) {
      String address = endpoint.address().toString();
      text.append(address.charAt(address.length() - 1));
    }
    return decision.stage() == Stage.VERDICTS_IGNORED || decision.stage() == Stage.DRAINS_IGNORED
        ? "(" + text + ")"
        : text.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "uuu,123",
    "duu,23",
    "ddu,3",
    "rud,2",
    "Udd,1",
    "ddd,(123)",
    "rdd,(23)",
    "xrr,(23)",
    "xxx,''"
  })
  void allGivesTheEndpointsOfEveryAvailablePool(String states, String endpoints) {
    assertThat(allOf(world, verdicts(states), Service.Answers.BY_POLICY)).isEqualTo(endpoints);
  }

  @Test
  void anAllOfWhichTheServiceAnswersSomeGivesSome() {
    assertThat(allOf(world, world.allUp(), new Service.Answers(2))).hasSize(2);
    TestCatalog other =
        new TestCatalog().pool("a", "192.0.2.1").pool("b", "192.0.2.2").pool("c", "192.0.2.3");
    assertThat(allOf(other, other.allUp(), Service.Answers.ONE)).hasSize(1);
  }

  @Test
  void aPoolByItselfIsOneAddressUnlessTheServiceSaysMore() {
    TestCatalog of = new TestCatalog().pool("a", "192.0.2.1", "192.0.2.2", "192.0.2.3");
    of.service(Service.Answers.BY_POLICY, new AllDown.Answer(), of.use("a"));
    of.service(Service.Answers.BY_POLICY, new AllDown.Answer(), of.all("a"));
    SteeringPlan plan = of.plan(of.allUp());
    assertThat(plan.explain(0, GERMAN, 0).decision().v4().answered()).hasSize(1);
    assertThat(plan.explain(1, GERMAN, 0).decision().v4().answered()).hasSize(3);
  }

  /// Pool a has both families, b IPv4 alone; states of a's IPv4, a's IPv6, b. What A and what AAAA
  /// get: the pool, and whether it has an address.
  @ParameterizedTest
  @CsvSource({
    "ANY, uuu, a+, a+",
    "ANY, duu, a-, a+",
    "ANY, udu, a+, a-",
    "ANY, ddu, b+, b-",
    "ANY, ddd, (a)+, (a)+",
    "EVERY, uuu, a+, a+",
    "EVERY, duu, b+, b-",
    "EVERY, udu, b+, b-",
    "EVERY, udd, a+, a-",
    "EVERY, ddu, b+, b-",
    "EVERY, ddd, (a)+, (a)+",
    "INDEPENDENT, uuu, a+, a+",
    "INDEPENDENT, duu, b+, a+",
    "INDEPENDENT, udu, a+, (a)+",
    "INDEPENDENT, ddu, b+, (a)+",
    "INDEPENDENT, rru, b+, (a)+",
    "INDEPENDENT, ddd, (a)+, (a)+",
    "INDEPENDENT, xxu, b+, nothing-"
  })
  void familiesDecideTogetherEveryOrEachByItself(
      Families families, String states, String a, String aaaa) {
    TestCatalog of = new TestCatalog().pool("a", "192.0.2.1", "2001:db8::1").pool("b", "192.0.2.2");
    of.service(families, Service.Answers.ONE, new AllDown.Answer(), of.list("a", "b"));
    SteeringPlan plan = of.plan(verdicts(of, states));
    assertThat(familyAnswer(plan, true)).isEqualTo(a);
    assertThat(familyAnswer(plan, false)).isEqualTo(aaaa);
  }

  private static String familyAnswer(SteeringPlan plan, boolean asksV4) {
    Selection selection = new Selection();
    plan.steer(0, asksV4, true, 0, GERMAN.low(), 0, selection);
    if (selection.answerSet < 0) {
      return "nothing-";
    }
    String pool = plan.pools(selection.answerSet).getFirst().name();
    String shown = plan.kind(selection.answerSet) == AnswerKind.LIVE ? pool : "(" + pool + ")";
    return shown + (plan.endpoint(selection, asksV4) < 0 ? "-" : "+");
  }

  /// Nodes inside nodes: each is available as the one inside it is.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          policy                | abc | gives
          [{a 1, b 1}, c]       | uuu | a b
          [{a 1, b 1}, c]       | duu | b
          [{a 1, b 1}, c]       | ddu | c
          [{a 1, b 1}, c]       | dud | b
          [{a 1, b 1}, c]       | ddd | (a) (b)
          [{a 1, b 1}, c]       | rrd | (c)
          [{a 1, b 1}, c]       | rrr | (a) (b)
          [{a 1, b 1}, c]       | xxr | (c)
          {[a, b] 1, c 1}       | uuu | a c
          {[a, b] 1, c 1}       | duu | b c
          {[a, b] 1, c 1}       | ddu | c
          {[a, b] 1, c 1}       | dud | b
          {[a, b] 1, c 1}       | ddd | (a) (c)
          {[a, b] 1, c 1}       | rdd | (b) (c)
          {[a, b] 1, c 0}       | uuu | a
          {[a, b] 1, c 0}       | duu | b
          {[a, b] 1, c 0}       | ddu | c
          {[a, b] 1, c 0}       | ddd | (a)
          {[a, b] 1, c 0}       | xxd | (c)
          {a 0, b 0}            | uuu | a b
          {a 0, b 0}            | duu | b
          sticky {a 1, [b, c] 1} | uuu | a b
          sticky {a 1, [b, c] 1} | udu | a c
          sticky {a 1, [b, c] 1} | duu | b
          sticky {a 1, [b, c] 1} | ddu | c
          sticky {a 1, [b, c] 1} | udd | a
          sticky {a 1, [b, c] 1} | ddd | (a) (b)
          [nearest 2 of c b a, c] | uuu | a
          [nearest 2 of c b a, c] | duu | b
          [nearest 2 of c b a, c] | ddu | c
          [nearest 2 of c b a, c] | ddd | (a)
          {geo DE a else b 1, c 1} | uuu | a c
          {geo DE a else b 1, c 1} | duu | c
          {geo DE a else b 1, c 1} | dud | (a) (c)
          {geo DE a else b 1, c 1} | uud | a
          [[], a]               | uuu | nothing
          [a, [], b]            | duu | nothing
          [all of a b, c]       | ddu | c
          {all of a b 1, c 1}   | ddu | c
          """)
  void nodesNest(String policy, String states, String gives) {
    String given =
        policy.startsWith("sticky")
            ? hashedTo(nested(policy), states)
            : drawnFrom(nested(policy), states);
    assertThat(given).isEqualTo(gives);
  }

  private Policy nested(String text) {
    Policy a = world.use("a");
    Policy b = world.use("b");
    Policy c = world.use("c");
    return switch (text) {
      case "[{a 1, b 1}, c]" -> list(weighted(share(a, 1), share(b, 1)), c);
      case "{[a, b] 1, c 1}" -> weighted(share(list(a, b), 1), share(c, 1));
      case "{[a, b] 1, c 0}" -> weighted(share(list(a, b), 1), share(c, 0));
      case "{a 0, b 0}" -> weighted(share(a, 0), share(b, 0));
      case "sticky {a 1, [b, c] 1}" -> TestCatalog.sticky(share(a, 1), share(list(b, c), 1));
      case "[nearest 2 of c b a, c]" -> list(world.nearest(2, "c", "b", "a"), c);
      case "{geo DE a else b 1, c 1}" ->
          weighted(share(new Policy.Geo(Map.of(), Map.of("DE", a), Map.of(), b), 1), share(c, 1));
      case "[[], a]" -> list(nothing(), a);
      case "[a, [], b]" -> list(a, nothing(), b);
      case "[all of a b, c]" -> list(world.all("a", "b"), c);
      case "{all of a b 1, c 1}" -> weighted(share(world.all("a", "b"), 1), share(c, 1));
      default -> throw new IllegalArgumentException(text);
    };
  }

  /// From the middle of Germany it is 136.0 km to Frankfurt, 6,595.5 to Virginia and 9,197.4 to
  /// Tokyo, by the spherical law of cosines.
  @ParameterizedTest
  @CsvSource({
    // Bias of a, b, c, and factor in per cent.
    "0, 0, 0, 100, a b c",
    "-99, 0, 0, 100, b c a",
    "0, 50, -50, 100, a b c",
    "0, 0, 80, 100, a c b",
    "0, 99, 0, 100, b a c",
    "-99, 0, 0, 139, b c a",
    "-99, 0, 0, 140, bc a",
    "-99, 0, 0, 206, bc a",
    "-99, 0, 0, 207, abc",
    "0, 0, 0, 1000, a b c",
    "-90, 0, 0, 1000, abc"
  })
  void nearestTakesTheBiasOffAndDrawsAmongTheRing(int a, int b, int c, int within, String order) {
    Policy policy =
        new Policy.Nearest(
            List.of(world.pool("a"), world.pool("b"), world.pool("c")),
            List.of(a, b, c),
            3,
            within);
    StringBuilder found = new StringBuilder();
    String states = "uuu";
    while (!states.equals("xxx")) {
      String drawn = new TruthTableTest().drawnFrom(policy, states).replace(" ", "");
      found.append(found.isEmpty() ? "" : " ").append(drawn);
      for (int i = 0; i < drawn.length(); i++) {
        int index = drawn.charAt(i) - 'a';
        states = states.substring(0, index) + 'x' + states.substring(index + 1);
      }
    }
    assertThat(found.toString()).isEqualTo(order);
  }

  @ParameterizedTest
  @CsvSource({"uu,a", "du,cdn", "xd,cdn", "dd,cdn"})
  void aCnameWithoutEndpointsIsAlwaysAvailable(String states, String answer) {
    TestCatalog ofCname =
        new TestCatalog().pool("a", "192.0.2.1").pool("b", "192.0.2.2").alias("cdn", "x.example");
    ofCname.service(new AllDown.NoData(), ofCname.list("a", "cdn", "b"));
    assertThat(TestCatalog.answer(ofCname.plan(verdicts(ofCname, states)), GERMAN))
        .isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({"uu,cdn", "du,a", "dd,(cdn)"})
  void aCnameWithEndpointsIsAvailableAsTheyAre(String states, String answer) {
    TestCatalog ofCname =
        new TestCatalog().alias("cdn", "x.example", "192.0.2.1").pool("a", "192.0.2.2");
    ofCname.service(new AllDown.Answer(), ofCname.list("cdn", "a"));
    assertThat(TestCatalog.answer(ofCname.plan(verdicts(ofCname, states)), GERMAN))
        .isEqualTo(answer);
  }

  @Test
  void servicesThatMayChooseAPoolAreThoseWhosePolicyOrAllDownNamesIt() {
    world.alias("cdn", "lb.example.net");
    world.service(new AllDown.Answer(), world.list("a", "b"));
    world.service(
        new AllDown.Answer(), weighted(share(world.use("a"), 1), share(world.use("cdn"), 0)));
    world.service(new AllDown.Sorry(world.pool("cdn")), world.use("a"));
    world.service(new AllDown.NoData(), world.use("a"));
    SteeringTables tables = world.tables();
    assertThat(tables.servicesThatMayChoose(List.of(world.pool("cdn"))).stream())
        .containsExactly(1, 2);
    assertThat(tables.servicesThatMayChoose(List.of())).isEqualTo(new BitSet());
  }
}
