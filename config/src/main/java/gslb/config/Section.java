package gslb.config;

import gslb.base.SourceSpan;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A map with known keys.
///
/// @param name of its definition in the JSON Schema
record Section(String name, String doc, List<Key<?>> keys) implements Type<Section.Fields> {
  /// What a section holds.
  static final class Fields {
    private final Place place;
    private final Map<String, Located<?>> values = new HashMap<>();
    private final Set<String> written = new HashSet<>();

    private Fields(Place place) {
      this.place = place;
    }

    /// A section that was not written.
    static Fields none(Place place) {
      return new Fields(place);
    }

    Place place() {
      return place;
    }

    /// Whether the key was written, even with a bad value.
    boolean isWritten(Key<?> key) {
      return written.contains(key.name());
    }

    /// The value, else the default, else null.
    <T> @Nullable T find(Key<T> key) {
      Located<T> located = located(key);
      return located == null ? key.fallback() : located.value();
    }

    /// The value, or the default of a key that has one.
    <T> T get(Key<T> key) {
      T value = find(key);
      if (value == null) {
        throw new AssertionError("key '" + key.name() + "' has no default");
      }
      return value;
    }

    /// The value and its place; null if it was not written or is bad.
    @SuppressWarnings("unchecked") // put() stores under a key's name what its type made
    <T> @Nullable Located<T> located(Key<T> key) {
      return (Located<T>) values.get(key.name());
    }

    /// Where the value was written, else where the section was named.
    SourceSpan where(Key<?> key) {
      Located<?> located = values.get(key.name());
      return located == null ? place.named() : located.where();
    }

    private <T> void put(Key<T> key, YamlNode.Pair pair, Binding binding) {
      written.add(key.name());
      Place at = place.key(key.name(), pair.key().where());
      T value = key.type().bind(pair.value(), at, binding);
      if (value != null) {
        values.put(key.name(), new Located<>(value, pair.value().where()));
      }
    }
  }

  @Override
  public @Nullable Fields bind(YamlNode node, Place place, Binding binding) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      binding.refuse(node, place, this, "");
      return null;
    }
    Fields fields = new Fields(place);
    for (YamlNode.Pair pair : binding.unique(mapping, place).values()) {
      Key<?> key = key(pair.key().text());
      if (key == null) {
        binding.refuseKey(pair.key(), place, keys.stream().map(Key::name).toList());
      } else {
        fields.put(key, pair, binding);
      }
    }
    for (Key<?> key : keys) {
      if (key.isRequired() && !fields.isWritten(key)) {
        binding.error(
            place.named(),
            place.words() + " has no '" + key.name() + "'",
            "the key is required",
            "add '" + key.name() + "': " + key.type().words());
      }
    }
    return fields;
  }

  private @Nullable Key<?> key(String name) {
    for (Key<?> key : keys) {
      if (key.name().equals(name)) {
        return key;
      }
    }
    return null;
  }

  @Override
  public Set<Shape> shapes() {
    return EnumSet.of(Shape.MAP);
  }

  @Override
  public String words() {
    return "a map with "
        + (keys.size() == 1 ? "the key " : "the keys ")
        + String.join(", ", keys.stream().map(Key::name).toList());
  }

  @Override
  public Json json(JsonSchema schema) {
    return schema.reference(name, () -> definition(schema));
  }

  Json definition(JsonSchema schema) {
    Json properties = Json.object();
    for (Key<?> key : keys) {
      properties = properties.with(key.name(), schema.property(key));
    }
    Json json =
        Json.object()
            .with("description", doc)
            .with("type", "object")
            .with("properties", properties)
            .with("additionalProperties", false);
    List<String> required = keys.stream().filter(Key::isRequired).map(Key::name).toList();
    return required.isEmpty() ? json : json.with("required", required);
  }

  @Override
  public List<Type<?>> parts() {
    return keys.stream().<Type<?>>map(Key::type).toList();
  }
}
