package gslb.zones;

import static gslb.zones.Zones.source;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.zones.DynamicSlot.Claim;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Zone files in `src/test/resources`: `broken/` with what must be reported, `valid/` without a
/// defect. The first lines of a broken file say `; slot: NAME` for each steered name,
/// `; alias slot: NAME` for one that may be a CNAME, `; https slot: NAME` for one whose HTTPS is
/// steered too, and `; expect: LINE:COLUMN: beginning of the
/// message` for each diagnostic, with `file` for the
/// whole file or `slot` for the last steered name in place of line and column. Included files stand
/// in `included/`.
final class ZoneCorpusTest {
  static Stream<Path> broken() {
    return Zones.corpus("broken").stream();
  }

  static Stream<Path> valid() {
    return Zones.corpus("valid").stream();
  }

  @ParameterizedTest
  @MethodSource("broken")
  void eachDefectIsReportedAtItsPlace(Path file) {
    String text = Zones.text(file);
    List<String> expected = new ArrayList<>();
    List<DynamicSlot> slots = new ArrayList<>();
    for (String line : text.lines().takeWhile(l -> l.startsWith("; ")).toList()) {
      if (line.startsWith("; slot: ")) {
        slots.add(Zones.slot(slots.size(), line.substring("; slot: ".length())));
      } else if (line.startsWith("; alias slot: ")) {
        slots.add(slot(Claim.NAME, slots.size(), line.substring("; alias slot: ".length())));
      } else if (line.startsWith("; https slot: ")) {
        String name = line.substring("; https slot: ".length());
        slots.add(slot(Claim.ADDRESSES_AND_HTTPS, slots.size(), name));
      } else if (line.startsWith("; expect: ")) {
        expected.add(line.substring("; expect: ".length()));
      }
    }
    Diagnostics diagnostics = new Diagnostics();
    var zone = ZoneFile.read("zone", text, Zones.ORIGIN, slots, source(diagnostics), diagnostics);
    List<String> found = new ArrayList<>(diagnostics.sorted().stream().map(this::text).toList());
    assertThat(expected).isNotEmpty();
    SoftAssertions softly = new SoftAssertions();
    for (String beginning : expected) {
      boolean isFound = found.removeIf(message -> message.startsWith(beginning));
      softly.assertThat(isFound).as(beginning + "\n  not among " + diagnostics.sorted()).isTrue();
    }
    softly.assertThat(found).as("not expected").isEmpty();
    softly.assertThat(zone.isEmpty()).isEqualTo(diagnostics.hasErrors());
    softly.assertAll();
  }

  private static DynamicSlot slot(Claim claim, int id, String name) {
    DynamicSlot slot = Zones.slot(id, name);
    return new DynamicSlot(id, slot.name(), claim, slot.where());
  }

  private String text(Diagnostic diagnostic) {
    return diagnostic
        .toString()
        .replaceFirst("^zone:(?=[0-9])", "")
        .replaceFirst("^zone:", "file:")
        .replaceFirst("^gslb.yaml:[0-9]+:5", "slot");
  }

  @ParameterizedTest
  @MethodSource("broken")
  void everyDiagnosticSaysWhatToDo(Path file) {
    Diagnostics diagnostics = new Diagnostics();
    ZoneFile.read(
        "zone", Zones.text(file), Zones.ORIGIN, List.of(), source(diagnostics), diagnostics);
    for (Diagnostic diagnostic : diagnostics.sorted()) {
      assertThat(diagnostic.rule() + diagnostic.remedy()).as(diagnostic.toString()).isNotEmpty();
      assertThat(diagnostic.toString()).doesNotContain("\n", "Exception");
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void aValidFileHasNoDiagnostic(Path file) {
    Diagnostics diagnostics = new Diagnostics();
    var zone =
        ZoneFile.read(
            "zone", Zones.text(file), Zones.ORIGIN, List.of(), source(diagnostics), diagnostics);
    assertThat(diagnostics.sorted()).isEmpty();
    assertThat(zone).isPresent();
  }
}
