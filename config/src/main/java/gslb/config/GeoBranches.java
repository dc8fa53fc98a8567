package gslb.config;

import gslb.config.PolicyTerm.GeoBranch;
import gslb.config.PolicyTerm.Scope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The branches of `geo`: a map from a part of the world to a policy.
record GeoBranches(Type<PolicyTerm> child) implements Type<List<GeoBranch>> {
  private static final String KEYS =
      "keys are 'networks/NAME', 'EU/DE' or 'country/DE', 'EU' (a continent) and 'default'";

  /// What a key means.
  private record Part(Scope scope, String name) {}

  @Override
  public @Nullable List<GeoBranch> bind(YamlNode node, Place place, Binding binding) {
    if (!(node instanceof YamlNode.Mapping mapping) || mapping.pairs().isEmpty()) {
      binding.refuse(node, place, this, "");
      return null;
    }
    List<GeoBranch> branches = new ArrayList<>();
    Map<Part, YamlNode.Scalar> seen = new HashMap<>();
    for (YamlNode.Pair pair : binding.unique(mapping, place).values()) {
      YamlNode.Scalar key = pair.key();
      Part part = part(key, place, binding);
      Place at = place.key(key.text(), key.where());
      PolicyTerm term = child.bind(pair.value(), at, binding);
      if (part == null || term == null) {
        continue;
      }
      YamlNode.Scalar first = seen.putIfAbsent(part, key);
      if (first != null) {
        binding.error(
            key.where(),
            Shown.quoted(key.text()) + " is the same place as " + Shown.quoted(first.text()),
            "that one stands at " + first.where(),
            "keep one of them");
      }
      branches.add(new GeoBranch(part.scope(), part.name(), term, key.where()));
    }
    return branches;
  }

  private static @Nullable Part part(YamlNode.Scalar key, Place place, Binding binding) {
    String text = key.text();
    int slash = text.indexOf('/');
    String before = slash < 0 ? "" : text.substring(0, slash);
    String after = text.substring(slash + 1);
    if (text.equals("default")) {
      return new Part(Scope.DEFAULT, "");
    } else if (Scalars.CONTINENTS.contains(text)) {
      return new Part(Scope.CONTINENT, text);
    } else if (before.equals("networks")) {
      return network(key, after, place, binding);
    } else if (before.equals("country") || Scalars.CONTINENTS.contains(before)) {
      if (Scalars.COUNTRIES.contains(after)) {
        checkContinent(key, before, after, binding);
        return new Part(Scope.COUNTRY, after);
      }
      String remedy = Scalars.COUNTRY.reader().read(after).remedy();
      binding.error(
          key.where(),
          Shown.quoted(text) + " in " + place.words() + " names no country",
          "it must end in " + Scalars.COUNTRY.words(),
          remedy);
      return null;
    }
    binding.error(
        key.where(),
        "unknown key " + Shown.quoted(text) + " in " + place.words(),
        KEYS,
        remedy(text));
    return null;
  }

  /// The country alone decides; a continent that does not fit is a slip of the pen, or a matter of
  /// opinion.
  private static void checkContinent(
      YamlNode.Scalar key, String continent, String country, Binding binding) {
    Scalars.continentOf(country)
        .filter(known -> !continent.equals("country") && !continent.equals(known))
        .ifPresent(
            known ->
                binding
                    .diagnostics()
                    .warning(
                        key.where(),
                        "'" + key.text() + "' puts " + country + " into " + continent,
                        "the country alone decides, and it is in " + known,
                        "write 'country/" + country + "' or '" + known + "/" + country + "'"));
  }

  private static @Nullable Part network(
      YamlNode.Scalar key, String name, Place place, Binding binding) {
    if (Scalars.NAME.reader().read(name).value() == null) {
      binding.error(
          key.where(),
          Shown.quoted(key.text()) + " in " + place.words() + " names no network",
          "it must end in " + Scalars.NAME.words(),
          "");
      return null;
    }
    binding
        .references()
        .use(
            Reference.Kind.NETWORK,
            name,
            key.where(),
            Shown.quoted(key.text()) + " in " + place.words());
    return new Part(Scope.NETWORK, name);
  }

  private static String remedy(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (Scalars.CONTINENTS.contains(upper)) {
      return "write '" + upper + "'";
    } else if (Scalars.COUNTRIES.contains(upper)) {
      return "for the country write 'country/" + upper + "'";
    }
    return NearestName.hint(text, List.of("default"));
  }

  @Override
  public Set<Shape> shapes() {
    return EnumSet.of(Shape.MAP);
  }

  @Override
  public String words() {
    return "a map from parts of the world to policies; " + KEYS;
  }

  @Override
  public Json json(JsonSchema schema) {
    Json policy = child.json(schema);
    return Json.object()
        .with("type", "object")
        .with("minProperties", 1)
        .with(
            "properties",
            Json.object()
                .with(
                    "default",
                    policy.copy().with("description", "For clients that no other key names.")))
        .with(
            "patternProperties",
            Json.object()
                .with("^(" + String.join("|", Scalars.CONTINENTS) + ")$", policy)
                .with("^(country|" + String.join("|", Scalars.CONTINENTS) + ")/[A-Z]{2}$", policy)
                .with("^networks/[A-Za-z][A-Za-z0-9_.-]{0,62}$", policy))
        .with("additionalProperties", false);
  }

  @Override
  public List<Type<?>> parts() {
    return List.of();
  }
}
