package gslb.steering;

import static gslb.steering.TestCatalog.list;
import static gslb.steering.TestCatalog.nothing;
import static gslb.steering.TestCatalog.share;
import static gslb.steering.TestCatalog.sticky;
import static gslb.steering.TestCatalog.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.SourceSpan;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who is said to be stranded: clients whose branch can be down as a whole, and is then answered
/// unverified, while the service has pools outside of it.
final class ServiceCheckTest {
  private static final SourceSpan WHERE = new SourceSpan("gslb.yaml", 7, 3);

  private final TestCatalog world =
      new TestCatalog()
          .pool("a", TestCatalog.FRANKFURT, MinHealthy.ONE_ENDPOINT, "192.0.2.1")
          .pool("b", TestCatalog.VIRGINIA, MinHealthy.ONE_ENDPOINT, "192.0.2.2")
          .pool("c", TestCatalog.TOKYO, MinHealthy.ONE_ENDPOINT, "192.0.2.3")
          .alias("cdn", "www.cdn.example.net")
          .alias("probed", "lb.cdn.example.net", "192.0.2.4");

  /// The branch of Germany beside a default of `[b, c]`, and whether its clients are stranded with
  /// pools outside.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          branch           | stranded with | outside
          a                | a             | b c
          [a, b]           | a b           | c
          [a, b, c]        |               |
          [a, []]          |               |
          [a, cdn]         |               |
          [a, probed]      | a probed      | b c
          {a 1, b 1}       | a b           | c
          {a 1, cdn 0}     |               |
          {a 1, [] 1}      |               |
          sticky {a 1, b 0} | a b          | c
          all of a b       | a b           | c
          nearest 2        | a b           | c
          nearest 3        |               |
          """)
  void branchesThatCanFailAsAWholeAreNamed(String branch, String stranded, String outside) {
    Policy geo =
        new Policy.Geo(Map.of(), Map.of("DE", written(branch)), Map.of(), world.list("b", "c"));
    world
        .service(new AllDown.Answer(), geo)
        .service(new AllDown.NoData(), geo)
        .service(new AllDown.Sorry(world.pool("c")), geo);
    List<ServiceCheck> checks = ServiceCheck.of(world.tables(), _ -> true);
    List<ServiceCheck.Stranded> found =
        checks.getFirst().stranded().stream()
            .filter(s -> s.example().country().equals("DE"))
            .toList();
    assertThat(found).hasSize(stranded == null ? 0 : 1);
    for (ServiceCheck.Stranded one : found) {
      assertThat(names(one.pools())).isEqualTo(stranded);
      assertThat(names(one.outside())).isEqualTo(outside);
    }
    // What all-down replaces strands nobody.
    assertThat(checks.get(1).stranded()).isEmpty();
    assertThat(checks.get(2).stranded()).isEmpty();
  }

  @Test
  void poolsThatHealthCannotTakeDownStrandNobody() {
    Policy geo =
        new Policy.Geo(Map.of(), Map.of("DE", world.list("a", "b")), Map.of(), world.list("c"));
    world.service(new AllDown.Answer(), geo);
    assertThat(ServiceCheck.of(world.tables(), pool -> pool.name().equals("a")))
        .flatExtracting(ServiceCheck::stranded)
        .isEmpty();
  }

  @Test
  void oneServiceIsOneWarningThatCountsItsClasses() {
    Policy geo =
        new Policy.Geo(
            Map.of(),
            Map.of("DE", world.use("a"), "FR", world.list("b", "a"), "US", world.use("c")),
            Map.of(),
            world.list("a", "b", "c"));
    world.service(new AllDown.Answer(), geo);
    assertThat(ServiceCheck.of(world.tables(), _ -> true).getFirst().diagnostic(WHERE))
        .hasValueSatisfying(
            warning ->
                assertThat(warning.toString())
                    .startsWith("gslb.yaml:7:3: warning: service 's0' sends clients at ")
                    .contains(" (and so for 2 more of its 4 classes of clients); all-down"));
  }

  private static String names(List<Pool> pools) {
    return pools.stream().map(Pool::name).collect(Collectors.joining(" "));
  }

  private Policy written(String branch) {
    Policy a = world.use("a");
    Policy b = world.use("b");
    return switch (branch) {
      case "a" -> a;
      case "[a, b]" -> list(a, b);
      case "[a, b, c]" -> world.list("a", "b", "c");
      case "[a, []]" -> list(a, nothing());
      case "[a, cdn]" -> world.list("a", "cdn");
      case "[a, probed]" -> world.list("a", "probed");
      case "{a 1, b 1}" -> weighted(share(a, 1), share(b, 1));
      case "{a 1, cdn 0}" -> weighted(share(a, 1), share(world.use("cdn"), 0));
      case "{a 1, [] 1}" -> weighted(share(a, 1), share(nothing(), 1));
      case "sticky {a 1, b 0}" -> sticky(share(a, 1), share(b, 0));
      case "all of a b" -> world.all("a", "b");
      case "nearest 2" -> world.nearest(2, "c", "b", "a");
      case "nearest 3" -> world.nearest(3, "c", "b", "a");
      default -> throw new IllegalArgumentException(branch);
    };
  }
}
