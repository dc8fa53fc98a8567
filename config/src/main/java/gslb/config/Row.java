package gslb.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A list with a fixed meaning of each item.
record Row<T>(List<Type<T>> columns, String words) implements Type<List<T>> {
  @Override
  public @Nullable List<T> bind(YamlNode node, Place place, Binding binding) {
    if (!(node instanceof YamlNode.Sequence sequence)
        || sequence.items().size() != columns.size()) {
      binding.refuse(node, place, this, "");
      return null;
    }
    List<T> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      YamlNode at = sequence.items().get(i);
      T value = columns.get(i).bind(at, place.item(i + 1, at.where()), binding);
      if (value != null) {
        values.add(value);
      }
    }
    return values.size() == columns.size() ? values : null;
  }

  @Override
  public Set<Shape> shapes() {
    return EnumSet.of(Shape.LIST);
  }

  @Override
  public Json json(JsonSchema schema) {
    List<Json> items = columns.stream().map(c -> c.json(schema)).toList();
    return Json.object()
        .with("type", "array")
        .with("prefixItems", items)
        .with("minItems", columns.size())
        .with("maxItems", columns.size());
  }

  @Override
  public List<Type<?>> parts() {
    return List.copyOf(columns);
  }
}
