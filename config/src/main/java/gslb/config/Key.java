package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One key of a section.
///
/// @param doc what it means, in sentences
/// @param defaultText the default as it would be written; empty if there is none
/// @param fallback the value of that text
record Key<T>(
    String name,
    Type<T> type,
    String doc,
    boolean isRequired,
    String defaultText,
    @Nullable T fallback) {
  static <T> Key<T> of(String name, Type<T> type, String doc) {
    return new Key<>(name, type, doc, false, "", null);
  }

  Key<T> required() {
    return new Key<>(name, type, doc, true, "", null);
  }

  Key<T> otherwise(String yaml) {
    Diagnostics diagnostics = new Diagnostics();
    Place place = new Place("the default of '" + name + "'", SourceSpan.file("default"));
    YamlNode node =
        YamlReader.read("default", yaml.getBytes(StandardCharsets.UTF_8), diagnostics).orElse(null);
    T value =
        node == null ? null : type.bind(node, place, new Binding(diagnostics, new References()));
    if (value == null || diagnostics.hasErrors()) {
      throw new AssertionError(diagnostics.sorted().toString());
    }
    return new Key<>(name, type, doc, false, yaml, value);
  }
}
