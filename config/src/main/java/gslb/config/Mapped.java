package gslb.config;

import gslb.base.SourceSpan;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A type whose value is made into another one, or refused after all.
record Mapped<S, T>(Type<S> source, Function<S, T> function) implements Type<T> {
  /// What is done with the value.
  interface Function<S, T> {
    /// The new value, or null if a diagnostic was added.
    @Nullable T apply(S value, SourceSpan where, Place place, Binding binding);
  }

  @Override
  public @Nullable T bind(YamlNode node, Place place, Binding binding) {
    S value = source.bind(node, place, binding);
    return value == null ? null : function.apply(value, node.where(), place, binding);
  }

  @Override
  public Set<Shape> shapes() {
    return source.shapes();
  }

  @Override
  public String words() {
    return source.words();
  }

  @Override
  public Json json(JsonSchema schema) {
    return source.json(schema);
  }

  @Override
  public List<Type<?>> parts() {
    return List.of(source);
  }
}
