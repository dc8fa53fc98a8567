package gslb.config;

import gslb.config.PolicyTerm.GeoBranch;
import gslb.config.PolicyTerm.Scope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The branches of `geo`: a map from a part of the world to a policy.
record GeoBranches(Type<PolicyTerm> child) implements Type<List<GeoBranch>> {
  private static final String KEYS =
      "keys are 'networks/NAME', 'asn/64500', 'city/2950159' (a geoname id), 'EU/DE/BY' or"
          + " 'country/DE/BY', 'EU/DE' or 'country/DE', 'EU' (a continent) and 'default'";

  /// Greatest number of an autonomous system (RFC 6793 §2), and greatest geoname id that a database
  /// can hold.
  private static final long NUMBER_MAX = 0xffff_ffffL;

  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
  private static final Pattern AS_NUMBER = Pattern.compile("(?i)AS ?([0-9]{1,10})");

  /// The part of ISO 3166-2 after the dash.
  private static final Pattern SUBDIVISION = Pattern.compile("[A-Z0-9]{1,3}");

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
    } else if (before.equals("asn")) {
      return asn(key, after, place, binding);
    } else if (before.equals("city")) {
      return city(key, after, place, binding);
    } else if (before.equals("country") || Scalars.CONTINENTS.contains(before)) {
      return country(key, before, after, place, binding);
    }
    binding.error(
        key.where(),
        "unknown key " + Shown.quoted(text) + " in " + place.words(),
        KEYS,
        remedy(text));
    return null;
  }

  private static @Nullable Part country(
      YamlNode.Scalar key, String before, String after, Place place, Binding binding) {
    int slash = after.indexOf('/');
    String country = slash < 0 ? after : after.substring(0, slash);
    String text = key.text();
    if (!Scalars.COUNTRIES.contains(country)) {
      binding.error(
          key.where(),
          Shown.quoted(text) + " in " + place.words() + " names no country",
          (slash < 0 ? "it must end in " : "before the subdivision stands ")
              + Scalars.COUNTRY.words(),
          Scalars.COUNTRY.reader().read(country).remedy());
      return null;
    }
    if (slash < 0) {
      checkContinent(key, before, country, "", binding);
      return new Part(Scope.COUNTRY, country);
    }
    String subdivision = after.substring(slash + 1);
    if (SUBDIVISION.matcher(subdivision).matches()) {
      checkContinent(key, before, country, "/" + subdivision, binding);
      return new Part(Scope.SUBDIVISION, country + "-" + subdivision);
    }
    // `EU/DE/by`, `EU/DE/DE-BY`, `EU/GB/ENG/WBK`
    String last = subdivision.substring(subdivision.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT);
    String code = last.startsWith(country + "-") ? last.substring(3) : last;
    binding.error(
        key.where(),
        Shown.quoted(text) + " in " + place.words() + " names no subdivision",
        "it must end in what ISO 3166-2 has behind the dash, up to 3 capital letters and digits,"
            + " such as 'BY' of DE-BY",
        SUBDIVISION.matcher(code).matches()
            ? "write '" + before + "/" + country + "/" + code + "'"
            : "");
    return null;
  }

  private static @Nullable Part asn(
      YamlNode.Scalar key, String after, Place place, Binding binding) {
    OptionalLong number = number(after);
    if (number.isPresent() && after.equals(Long.toString(number.getAsLong()))) {
      return new Part(Scope.ASN, after);
    }
    Matcher written = AS_NUMBER.matcher(after);
    OptionalLong meant = written.matches() ? number(written.group(1)) : number;
    binding.error(
        key.where(),
        Shown.quoted(key.text()) + " in " + place.words() + " names no autonomous system",
        "it must end in a number from 1 to " + NUMBER_MAX + ", without leading zeros",
        meant.isPresent() ? "write 'asn/" + meant.getAsLong() + "'" : "");
    return null;
  }

  private static @Nullable Part city(
      YamlNode.Scalar key, String after, Place place, Binding binding) {
    OptionalLong number = number(after);
    if (number.isPresent() && after.equals(Long.toString(number.getAsLong()))) {
      return new Part(Scope.CITY, after);
    }
    binding.error(
        key.where(),
        Shown.quoted(key.text()) + " in " + place.words() + " names no city",
        "it must end in a geoname id, a number from 1 to "
            + NUMBER_MAX
            + "; names of cities change and are spelled in many ways",
        number.isPresent()
            ? "write 'city/" + number.getAsLong() + "'"
            : WHOLE.matcher(after).matches() ? "" : "look the city up at geonames.org");
    return null;
  }

  /// A number of the range, leading zeros or not.
  private static OptionalLong number(String text) {
    long number = WHOLE.matcher(text).matches() ? Long.parseLong(text) : 0;
    return number >= 1 && number <= NUMBER_MAX ? OptionalLong.of(number) : OptionalLong.empty();
  }

  /// The country alone decides; a continent that does not fit is a slip of the pen, or a matter of
  /// opinion.
  private static void checkContinent(
      YamlNode.Scalar key, String continent, String country, String below, Binding binding) {
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
                        "write 'country/"
                            + country
                            + below
                            + "' or '"
                            + known
                            + "/"
                            + country
                            + below
                            + "'"));
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
    Matcher asNumber = AS_NUMBER.matcher(text);
    OptionalLong number = asNumber.matches() ? number(asNumber.group(1)) : OptionalLong.empty();
    if (number.isPresent()) {
      return "write 'asn/" + number.getAsLong() + "'";
    }
    int dash = text.indexOf('-');
    String country = dash < 0 ? "" : upper.substring(0, dash);
    if (Scalars.COUNTRIES.contains(country)
        && SUBDIVISION.matcher(upper.substring(dash + 1)).matches()) {
      return "for the subdivision write 'country/"
          + country
          + "/"
          + upper.substring(dash + 1)
          + "'";
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
                .with(
                    "^(country|"
                        + String.join("|", Scalars.CONTINENTS)
                        + ")/[A-Z]{2}(/[A-Z0-9]{1,3})?$",
                    policy)
                .with("^(asn|city)/[1-9][0-9]{0,9}$", policy)
                .with("^networks/[A-Za-z][A-Za-z0-9_.-]{0,62}$", policy))
        .with("additionalProperties", false);
  }

  @Override
  public List<Type<?>> parts() {
    return List.of();
  }
}
