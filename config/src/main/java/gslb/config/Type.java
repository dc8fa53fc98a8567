package gslb.config;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What may stand at a place of the configuration. The binder, the JSON Schema, the reference page
/// and the generated faults of the tests all come from the same types.
///
/// @param <T> what a node becomes
sealed interface Type<T>
    permits Scalar, Reference, ListOf, Row, Named, Section, OneOf, Mapped, PolicyType, GeoBranches {
  /// The value of a node, or null if a diagnostic was added.
  @Nullable T bind(YamlNode node, Place place, Binding binding);

  /// Which nodes can be of this type.
  Set<Shape> shapes();

  /// A noun phrase: `a duration from 100ms to 1h`.
  String words();

  /// The type in JSON Schema.
  Json json(JsonSchema schema);

  /// The types that it is made of, sections included.
  List<Type<?>> parts();
}
