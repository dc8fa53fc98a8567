package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.Diagnostic.Severity;
import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.util.List;
import java.util.Optional;

/// One load and what it reported.
record Loaded(Optional<Configuration> configuration, List<Diagnostic> diagnostics) {
  static final String MAIN = "etc/gslb.yaml";

  static Loaded load(MemoryFiles files) {
    Diagnostics diagnostics = new Diagnostics();
    Optional<Configuration> configuration = ConfigLoader.load(files, MAIN, diagnostics);
    assertThat(configuration.isEmpty()).isEqualTo(diagnostics.hasErrors());
    return new Loaded(configuration, diagnostics.sorted());
  }

  static Loaded load(String yaml) {
    return load(CompleteFile.files(yaml));
  }

  /// The configuration, when nothing is wrong with it.
  static Configuration good(String yaml) {
    Loaded loaded = load(yaml);
    assertThat(loaded.errors()).isEmpty();
    return loaded.configuration().orElseThrow();
  }

  List<Diagnostic> errors() {
    return diagnostics.stream().filter(d -> d.severity() == Severity.ERROR).toList();
  }

  /// Asserts that a diagnostic stands at the place and holds all of the texts.
  void says(SourceSpan where, String... texts) {
    assertThat(diagnostics)
        .as("at %s of %s", where, diagnostics)
        .filteredOn(d -> d.where().equals(where))
        .anySatisfy(d -> assertThat(d.toString()).contains(texts));
  }

  /// Asserts that the only error is at the mark and holds all of the texts.
  static void refused(String marked, String... texts) {
    Marked yaml = Marked.of(MAIN, marked);
    Loaded loaded = load(yaml.text());
    assertThat(loaded.errors()).hasSize(1);
    loaded.says(yaml.where(), texts);
  }

  /// Asserts that it loads, with a warning at the mark that holds all of the texts.
  static void warned(String marked, String... texts) {
    Marked yaml = Marked.of(MAIN, marked);
    Loaded loaded = load(yaml.text());
    assertThat(loaded.errors()).isEmpty();
    loaded.says(yaml.where(), texts);
  }
}
