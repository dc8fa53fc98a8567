package gslb.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The name of something that is defined elsewhere in the configuration.
record Reference(Kind kind) implements Type<String> {
  /// What can be named.
  enum Kind {
    SITE("site", "sites", true),
    NETWORK("network", "geo.networks", true),
    MONITOR("monitor", "monitors", true),
    POOL("pool", "pools", true),
    POLICY("policy", "policies", true),
    SERVICE("service", "services", false);

    private final String noun;
    private final String section;
    private final boolean isForNaming;

    Kind(String noun, String section, boolean isForNaming) {
      this.noun = noun;
      this.section = section;
      this.isForNaming = isForNaming;
    }

    String noun() {
      return noun;
    }

    /// Path of the map that defines them.
    String section() {
      return section;
    }

    /// Whether one that nothing names has no effect.
    boolean isForNaming() {
      return isForNaming;
    }
  }

  @Override
  public @Nullable String bind(YamlNode node, Place place, Binding binding) {
    String name = Scalars.NAME.bind(node, place, binding);
    if (name != null) {
      binding.references().use(kind, name, node.where(), place.words());
    }
    return name;
  }

  @Override
  public Set<Shape> shapes() {
    return EnumSet.of(Shape.SCALAR);
  }

  @Override
  public String words() {
    return "the name of a " + kind.noun();
  }

  @Override
  public Json json(JsonSchema schema) {
    return Scalars.NAME.json(schema);
  }

  @Override
  public List<Type<?>> parts() {
    return List.of();
  }
}
