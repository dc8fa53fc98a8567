package gslb.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Every section of the schema by its path, in reading order. A name that the operator gives is in
/// capitals, an item of a list has brackets: `pools.POOL.endpoints[]`. Operators of policies stand
/// once, under {@link #POLICY}.
final class SchemaPaths {
  /// Path of the policy language.
  static final String POLICY = "POLICY";

  private final Map<String, Section> sections = new LinkedHashMap<>();
  private final List<Section> operators = new ArrayList<>();

  private SchemaPaths() {}

  /// The path of the whole is empty.
  static Map<String, Section> sections() {
    SchemaPaths paths = new SchemaPaths();
    paths.walk(Schema.ROOT, "");
    paths.operators.forEach(section -> paths.walk(section, POLICY));
    return paths.sections;
  }

  private void walk(Type<?> type, String path) {
    switch (type) {
      case Section section -> {
        sections.put(path, section);
        String dot = path.isEmpty() ? "" : path + ".";
        section.keys().forEach(key -> walk(key.type(), dot + key.name()));
      }
      case Named<?> named ->
          walk(named.value(), path + "." + named.noun().toUpperCase(Locale.ROOT));
      case ListOf<?> list -> walk(list.item(), path + "[]");
      case OneOf<?> oneOf -> oneOf.choices().forEach(choice -> walk(choice, path));
      case Mapped<?, ?> mapped -> walk(mapped.source(), path);
      case PolicyType _ -> {
        if (operators.isEmpty()) {
          operators.add(PolicyType.OPERATORS);
        }
      }
      case Row<?> _, Scalar<?> _, Reference _, GeoBranches _ -> {}
    }
  }
}
