package gslb.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DiagnosticTest {
  @Test
  void textIsPlaceProblemRuleRemedy() {
    assertThat(
            Diagnostic.error(
                new SourceSpan("a.yaml", 3, 7), "weight 0", "it is 1..1000000", "use an override"))
        .hasToString("a.yaml:3:7: weight 0; it is 1..1000000; use an override");
    assertThat(
            Diagnostic.warning(SourceSpan.file("a.yaml"), "pool 'eu' is unused", "", "remove it"))
        .hasToString("a.yaml: warning: pool 'eu' is unused; remove it");
  }

  @Test
  void aLogWhoseLinesHaveALevelIsNotToldTheSeverityAgain() {
    assertThat(
            Diagnostic.warning(SourceSpan.file("a.yaml"), "pool 'eu' is unused", "", "remove it")
                .logged())
        .isEqualTo("a.yaml: pool 'eu' is unused; remove it");
    Diagnostic error = Diagnostic.error(new SourceSpan("a.yaml", 3, 7), "weight 0", "rule", "");
    assertThat(error.logged()).isEqualTo(error.toString());
  }

  @Test
  void problemsAreSortedByPlaceAndBounded() {
    Diagnostics diagnostics = new Diagnostics();
    for (int line = Diagnostics.DIAGNOSTICS_MAX + 5; line > 0; line--) {
      diagnostics.error(new SourceSpan("a", line, 1), "x", "", "");
    }
    assertThat(diagnostics.sorted()).hasSize(Diagnostics.DIAGNOSTICS_MAX).isSorted();
    assertThat(diagnostics.omittedCount()).isEqualTo(5);
    assertThat(diagnostics.errorCount()).isEqualTo(Diagnostics.DIAGNOSTICS_MAX + 5);
  }
}
