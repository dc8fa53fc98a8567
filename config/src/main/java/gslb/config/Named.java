package gslb.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A map whose keys are names that the operator gives.
///
/// @param noun of one entry
/// @param defines what its names can be used as, or null
record Named<T>(
    String noun, Type<String> name, Reference.@Nullable Kind defines, Type<T> value, int countMax)
    implements Type<List<Named.Entry<T>>> {
  /// One key and its value.
  ///
  /// @param value null if a diagnostic was added
  record Entry<T>(Located<String> name, Place place, @Nullable T value) {}

  @Override
  public @Nullable List<Entry<T>> bind(YamlNode node, Place place, Binding binding) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      binding.refuse(node, place, this, "");
      return null;
    }
    if (mapping.pairs().size() > countMax) {
      binding.error(
          node.where(),
          place.words() + " has " + mapping.pairs().size() + " entries",
          "it must be " + words(),
          "");
      return null;
    }
    // A name that stands for something defined elsewhere says nothing of where it is used.
    boolean uses = name instanceof Reference;
    List<Entry<T>> entries = new ArrayList<>();
    for (YamlNode.Pair pair : binding.unique(mapping, place).values()) {
      YamlNode.Scalar key = pair.key();
      Place keyPlace =
          new Place(uses ? "a key of " + place.words() : "the name of a " + noun, key.where());
      String bound = name.bind(key, keyPlace, binding);
      if (bound == null) {
        continue;
      }
      if (defines != null) {
        binding.references().define(defines, bound, key.where());
      }
      Place at = uses ? place.key(bound, key.where()) : place.entry(noun, bound, key.where());
      T entry = value.bind(pair.value(), at, binding);
      entries.add(new Entry<>(new Located<>(bound, key.where()), at, entry));
    }
    return entries;
  }

  @Override
  public Set<Shape> shapes() {
    return EnumSet.of(Shape.MAP);
  }

  @Override
  public String words() {
    return "a map of up to " + countMax + " entries: name of a " + noun + " to " + value.words();
  }

  @Override
  public Json json(JsonSchema schema) {
    return Json.object()
        .with("type", "object")
        .with("propertyNames", name.json(schema))
        .with("additionalProperties", value.json(schema))
        .with("maxProperties", countMax);
  }

  @Override
  public List<Type<?>> parts() {
    return List.of(value);
  }
}
