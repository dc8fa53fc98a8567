package gslb.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One of several types, told apart by their shapes.
record OneOf<T>(List<Type<? extends T>> choices) implements Type<T> {
  @Override
  public @Nullable T bind(YamlNode node, Place place, Binding binding) {
    for (Type<? extends T> choice : choices) {
      if (choice.shapes().contains(node.shape())) {
        return choice.bind(node, place, binding);
      }
    }
    binding.refuse(node, place, this, "");
    return null;
  }

  @Override
  public Set<Shape> shapes() {
    Set<Shape> shapes = EnumSet.noneOf(Shape.class);
    choices.forEach(choice -> shapes.addAll(choice.shapes()));
    return shapes;
  }

  @Override
  public String words() {
    return Shown.either(choices.stream().map(Type::words).toList());
  }

  @Override
  public Json json(JsonSchema schema) {
    return Json.object().with("anyOf", choices.stream().map(c -> c.json(schema)).toList());
  }

  @Override
  public List<Type<?>> parts() {
    return List.copyOf(choices);
  }
}
