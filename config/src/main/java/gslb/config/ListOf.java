package gslb.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A list of values of one type.
///
/// @param noun of its items, in the plural
record ListOf<T>(Type<T> item, String noun, int countMin, int countMax)
    implements Type<List<Located<T>>> {
  @Override
  public @Nullable List<Located<T>> bind(YamlNode node, Place place, Binding binding) {
    if (!(node instanceof YamlNode.Sequence sequence)) {
      boolean isOneItem =
          item.shapes().contains(node.shape()) && !Binding.words(node).equals("empty");
      binding.refuse(node, place, this, isOneItem ? "write it in brackets: [ ]" : "");
      return null;
    }
    int count = sequence.items().size();
    if (count < countMin || count > countMax) {
      binding.error(
          node.where(), place.words() + " has " + count + " items", "it must be " + words(), "");
      return null;
    }
    List<Located<T>> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      YamlNode at = sequence.items().get(i);
      T value = item.bind(at, place.item(i + 1, at.where()), binding);
      if (value != null) {
        values.add(new Located<>(value, at.where()));
      }
    }
    // A list of which nothing is left was written all the same.
    return values.isEmpty() && count > 0 ? null : values;
  }

  @Override
  public Set<Shape> shapes() {
    return EnumSet.of(Shape.LIST);
  }

  @Override
  public String words() {
    return countMin == 0
        ? "a list of up to " + countMax + " " + noun
        : "a list of " + countMin + " to " + countMax + " " + noun;
  }

  @Override
  public Json json(JsonSchema schema) {
    Json json = Json.object().with("type", "array").with("items", item.json(schema));
    return (countMin > 0 ? json.with("minItems", countMin) : json).with("maxItems", countMax);
  }

  @Override
  public List<Type<?>> parts() {
    return List.of(item);
  }
}
