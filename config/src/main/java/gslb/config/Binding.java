package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one load collects while nodes are bound to types.
record Binding(Diagnostics diagnostics, References references) {
  /// Says that a node is nothing of what its type allows.
  void refuse(YamlNode node, Place place, Type<?> type, String remedy) {
    diagnostics.error(
        node.where(), place.words() + " is " + words(node), "it must be " + type.words(), remedy);
  }

  void error(SourceSpan where, String problem, String rule, String remedy) {
    diagnostics.error(where, problem, rule, remedy);
  }

  static String words(YamlNode node) {
    return switch (node) {
      case YamlNode.Sequence list -> list.items().isEmpty() ? "an empty list" : "a list";
      case YamlNode.Mapping map -> map.pairs().isEmpty() ? "an empty map" : "a map";
      case YamlNode.Scalar scalar ->
          switch (scalar.kind()) {
            case TEXT -> scalar.text().isEmpty() ? "empty" : Shown.quoted(scalar.text());
            case WHOLE, NUMBER -> "the number " + unquoted(scalar.text());
            case TRUTH -> "the truth value " + scalar.text();
            case EMPTY -> "empty";
          };
    };
  }

  private static String unquoted(String text) {
    String quoted = Shown.quoted(text);
    return quoted.substring(1, quoted.length() - 1);
  }

  /// The pairs of a map by key, the first of each; reports every further one with both places.
  Map<String, YamlNode.Pair> unique(YamlNode.Mapping mapping, Place place) {
    Map<String, YamlNode.Pair> byKey = new LinkedHashMap<>();
    for (YamlNode.Pair pair : mapping.pairs()) {
      YamlNode.Pair first = byKey.putIfAbsent(pair.key().text(), pair);
      if (first != null) {
        diagnostics.error(
            pair.key().where(),
            "duplicate key " + Shown.quoted(pair.key().text()) + " in " + place.words(),
            "it stands first at " + first.key().where(),
            "keep one of them");
      }
    }
    return byKey;
  }

  /// Reports a key that its map does not know.
  void refuseKey(YamlNode.Scalar key, Place place, List<String> known) {
    diagnostics.error(
        key.where(),
        "unknown key " + Shown.quoted(key.text()) + " in " + place.words(),
        "it may hold " + Shown.either(known),
        NearestName.hint(key.text(), known));
  }
}
