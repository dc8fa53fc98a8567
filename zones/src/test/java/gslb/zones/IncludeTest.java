package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// `$INCLUDE` over files in memory; what it does to records is shown by `valid/include.zone`.
final class IncludeTest {
  private final Diagnostics diagnostics = new Diagnostics();
  private final List<String> asked = new ArrayList<>();

  private Optional<FlatZone> read(String text, Map<String, String> files) {
    return read(text, files, ZoneFile.RECORDS_MAX);
  }

  private Optional<FlatZone> read(String text, Map<String, String> files, int recordsMax) {
    ZoneFile.Source source =
        new ZoneFile.Source() {
          @Override
          public String resolve(String fromFile, String name) {
            return fromFile + ">" + name;
          }

          @Override
          public Optional<String> text(String path, int lengthMax, SourceSpan where) {
            asked.add(path + " at " + where);
            return Optional.ofNullable(files.get(path.substring(path.lastIndexOf('>') + 1)));
          }
        };
    return ZoneFile.read(
        "zone",
        Zones.HEAD + text,
        Zones.ORIGIN,
        List.of(),
        new ZoneFile.Options(source, recordsMax),
        diagnostics);
  }

  private List<String> found() {
    return diagnostics.sorted().stream().map(Diagnostic::toString).toList();
  }

  @Test
  void filesAreResolvedFromTheOneThatNamesThem() {
    assertThat(read("$INCLUDE a\n", Map.of("a", "$INCLUDE b\n", "b", "x A 192.0.2.1\n")))
        .isPresent();
    assertThat(asked).containsExactly("zone>a at zone:5:10", "zone>a>b at zone>a:1:10");
  }

  /// A path that grows with each step is never the same one again.
  @Test
  void depthIsBounded() {
    read("$INCLUDE a\n", Map.of("a", "$INCLUDE a\n"));
    assertThat(asked).hasSize(ZoneText.INCLUDE_DEPTH_MAX);
    assertThat(found()).hasSize(1);
    assertThat(found().getFirst()).contains(">a:1:10: files are included more than 16 deep");
  }

  @Test
  void theNumberOfFilesIsBounded() {
    read("$INCLUDE a\n".repeat(ZoneText.INCLUDES_MAX + 5), Map.of("a", "; nothing\n"));
    assertThat(asked).hasSize(ZoneText.INCLUDES_MAX);
    assertThat(found())
        .containsExactly("zone:1005:10: more than 1000 files are included; join some");
  }

  @Test
  void theRecordsOfAllFilesAreBoundedTogether() {
    read("$INCLUDE a\nlast A 192.0.2.1\n", Map.of("a", "$GENERATE 1-10 x$ A 192.0.2.$\n"), 13);
    assertThat(found())
        .contains(
            "zone:6:1: more than 13 records; the limit of one zone is 13; split the zone by"
                + " delegation");
  }

  @Test
  void withoutSourceAnIncludeIsAnError() {
    Diagnostics alone = new Diagnostics();
    assertThat(ZoneFile.read("zone", Zones.HEAD + "$INCLUDE a\n", Zones.ORIGIN, List.of(), alone))
        .isEmpty();
    assertThat(alone.sorted().getFirst())
        .hasToString(
            "zone:5:1: $INCLUDE cannot be followed; this zone is read from one text; write the"
                + " file's records into it");
  }

  @Test
  void aFileThatTheSourceReportedIsPassedOver() {
    Optional<FlatZone> zone = read("$INCLUDE missing\nx A 192.0.2.1\n", Map.of());
    assertThat(zone).isPresent();
    assertThat(asked).containsExactly("zone>missing at zone:5:10");
  }

  /// The seed of the table of names depends on included files too.
  @Test
  void namesOfIncludedFilesAreInTheZone() {
    FlatZone zone = read("$INCLUDE a sub\n", Map.of("a", "x A 192.0.2.1\n")).orElseThrow();
    assertThat(Zones.match(zone, "x.sub.example.org").node).isNotNegative();
  }

  /// RFC 1035 §5.1: what `$ORIGIN` and `$INCLUDE` say in an included file ends with it.
  @Test
  void anIncludedFileDoesNotChangeTheOriginAroundIt() {
    FlatZone zone =
        read(
                "$INCLUDE a sub\nafter A 192.0.2.3\n",
                Map.of("a", "in A 192.0.2.1\n$ORIGIN deep.sub.example.org.\nin A 192.0.2.2\n"))
            .orElseThrow();
    for (String name : List.of("in.sub", "in.deep.sub", "after")) {
      int node = Zones.match(zone, name + ".example.org").node;
      assertThat(node).as(name).isNotNegative();
      assertThat(zone.rrset(node, FlatZone.TYPE_A)).as(name).isNotNegative();
    }
    assertThat(Zones.match(zone, "after.sub.example.org").node).isNegative();
  }
}
