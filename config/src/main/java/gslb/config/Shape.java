package gslb.config;

/// What kind of YAML node stands at a place.
enum Shape {
  SCALAR("a single value"),
  LIST("a list"),
  MAP("a map");

  private final String words;

  Shape(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
