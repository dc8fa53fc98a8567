package gslb.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A JSON object under construction; its members keep their order.
public final class Json {
  private final Map<String, Object> members = new LinkedHashMap<>();

  private Json() {}

  public static Json object() {
    return new Json();
  }

  /// The schema of a whole number within bounds.
  static Json integer(long min, long max) {
    return object().with("type", "integer").with("minimum", min).with("maximum", max);
  }

  /// Adds a member: text, a number, a truth value, an object or a collection of those.
  public Json with(String name, Object value) {
    members.put(name, value);
    return this;
  }

  Optional<Object> find(String name) {
    return Optional.ofNullable(members.get(name));
  }

  Json copy() {
    Json copy = new Json();
    copy.members.putAll(members);
    return copy;
  }

  /// Indented by two spaces; ends in a line end.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    append(text, this, "\n");
    return text.append('\n').toString();
  }

  private static void append(StringBuilder text, Object value, String lineEnd) {
    String inner = lineEnd + "  ";
    if (value instanceof Json json) {
      appendAll(text, "{", json.members.entrySet(), inner);
      text.append(json.members.isEmpty() ? "}" : lineEnd + "}");
    } else if (value instanceof Map.Entry<?, ?> member) {
      quote(text, member.getKey().toString());
      append(text.append(": "), member.getValue(), lineEnd);
    } else if (value instanceof Collection<?> items) {
      appendAll(text, "[", items, inner);
      text.append(items.isEmpty() ? "]" : lineEnd + "]");
    } else if (value instanceof Number || value instanceof Boolean) {
      text.append(value);
    } else {
      quote(text, value.toString());
    }
  }

  private static void appendAll(
      StringBuilder text, String start, Collection<?> parts, String lineEnd) {
    String separator = start;
    if (parts.isEmpty()) {
      text.append(start);
    }
    for (Object part : parts) {
      text.append(separator).append(lineEnd);
      append(text, part, lineEnd);
      separator = ",";
    }
  }

  private static void quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
