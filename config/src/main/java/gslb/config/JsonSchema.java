package gslb.config;

import gslb.base.Diagnostics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The schema in the form that editors complete and check YAML with (JSON Schema, draft 2020-12).
/// It knows types, ranges and patterns of every key; what spans keys only the loader knows.
public final class JsonSchema {
  private final Map<String, Json> definitions = new TreeMap<>();

  private JsonSchema() {}

  /// The whole schema document.
  public static String text() {
    JsonSchema schema = new JsonSchema();
    Json root =
        Json.object()
            .with("$schema", "https://json-schema.org/draft/2020-12/schema")
            .with("title", "gslb configuration");
    Json body = Schema.ROOT.definition(schema);
    for (String member : List.of("description", "type", "properties", "additionalProperties")) {
      body.find(member).ifPresent(value -> root.with(member, value));
    }
    Json all = Json.object();
    schema.definitions.forEach(all::with);
    return root.with("$defs", all).toString();
  }

  /// A reference to a definition, which is made at its first use; it may contain itself.
  Json reference(String name, Supplier<Json> definition) {
    if (!definitions.containsKey(name)) {
      definitions.put(name, Json.object());
      definitions.put(name, definition.get());
    }
    return Json.object().with("$ref", "#/$defs/" + name);
  }

  Json property(Key<?> key) {
    Json json = key.type().json(this).copy().with("description", key.doc());
    if (!key.defaultText().isEmpty()) {
      byte[] yaml = key.defaultText().getBytes(StandardCharsets.UTF_8);
      YamlReader.read("default", yaml, new Diagnostics())
          .ifPresent(node -> json.with("default", value(node)));
    }
    return json;
  }

  private static Object value(YamlNode node) {
    return switch (node) {
      case YamlNode.Scalar scalar ->
          switch (scalar.kind()) {
            case WHOLE -> Long.valueOf(scalar.text());
            case NUMBER -> Double.valueOf(scalar.text());
            case TRUTH -> Boolean.valueOf(scalar.text());
            case TEXT, EMPTY -> scalar.text();
          };
      case YamlNode.Sequence sequence -> {
        List<Object> items = new ArrayList<>();
        sequence.items().forEach(item -> items.add(value(item)));
        yield items;
      }
      case YamlNode.Mapping mapping -> {
        Json json = Json.object();
        mapping.pairs().forEach(pair -> json.with(pair.key().text(), value(pair.value())));
        yield json;
      }
    };
  }
}
