package gslb.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A single value, written as text of certain kinds.
///
/// @param kinds what YAML may take it for
/// @param words a noun phrase that states the range
/// @param json its form in JSON Schema
record Scalar<T>(Set<YamlNode.Kind> kinds, String words, Json json, Reader<T> reader)
    implements Type<T> {
  /// Makes a value of text.
  interface Reader<T> {
    Reading<T> read(String text);
  }

  /// What became of a text.
  ///
  /// @param value null if it is not of the type
  /// @param problem what is wrong with it, empty if the type's words say it
  /// @param remedy what to do, or empty
  record Reading<T>(@Nullable T value, String problem, String remedy) {
    static <T> Reading<T> of(T value) {
      return new Reading<>(value, "", "");
    }

    static <T> Reading<T> none() {
      return new Reading<>(null, "", "");
    }

    static <T> Reading<T> none(String problem, String remedy) {
      return new Reading<>(null, problem, remedy);
    }
  }

  @Override
  public @Nullable T bind(YamlNode node, Place place, Binding binding) {
    if (!(node instanceof YamlNode.Scalar scalar) || scalar.kind() == YamlNode.Kind.EMPTY) {
      binding.refuse(node, place, this, "");
      return null;
    }
    Reading<T> reading = reader.read(scalar.text());
    if (!kinds.contains(scalar.kind())) {
      binding.refuse(node, place, this, reading.value() == null ? reading.remedy() : quotes());
      return null;
    }
    if (reading.value() == null) {
      String problem = reading.problem().isEmpty() ? "" : ": " + reading.problem();
      binding.error(
          node.where(),
          place.words() + " is " + Binding.words(node) + problem,
          "it must be " + words,
          reading.remedy());
    }
    return reading.value();
  }

  private String quotes() {
    return kinds.contains(YamlNode.Kind.TEXT) ? "write it in quotes" : "write it without quotes";
  }

  @Override
  public Set<Shape> shapes() {
    return EnumSet.of(Shape.SCALAR);
  }

  @Override
  public Json json(JsonSchema schema) {
    return json;
  }

  @Override
  public List<Type<?>> parts() {
    return List.of();
  }
}
