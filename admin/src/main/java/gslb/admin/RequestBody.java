package gslb.admin;

import com.fasterxml.jackson.databind.JsonNode;
import gslb.steering.Service;
import gslb.steering.shift.Scenario;
import gslb.steering.shift.Weighting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The JSON object of a request, read strictly: what is not known is an error.
final class RequestBody {
  /// Bytes of a body that is read.
  static final int LENGTH_MAX = 65_536;

  /// Characters of a file's name.
  static final int FILE_LENGTH_MAX = 4_096;

  /// The body is not what the route takes.
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1;

    Wrong(String message) {
      super(message);
    }

    String detail() {
      return String.valueOf(getMessage());
    }
  }

  /// What a plan is made of.
  ///
  /// @param file null for the node's own
  record Plan(@Nullable String file, Weighting weighting) {}

  private final JsonNode object;

  /// @param bytes none stand for an empty object
  RequestBody(byte[] bytes, AdminJson json, Set<String> keys) throws Wrong {
    if (bytes.length > LENGTH_MAX) {
      throw new Wrong("the body has more than " + LENGTH_MAX + " bytes");
    }
    try {
      object = bytes.length == 0 ? json.object() : json.strictTree(bytes);
    } catch (IOException e) {
      throw new Wrong("the body is not one JSON value, or has a key twice");
    }
    if (!object.isObject()) {
      throw new Wrong("the body must be a JSON object");
    }
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!keys.contains(name)) {
        throw new Wrong(
            "unknown key '"
                + (name.length() <= 40 ? name : name.substring(0, 40) + "…")
                + "'; there are "
                + String.join(", ", keys.stream().sorted().toList()));
      }
    }
  }

  static Plan plan(byte[] bytes, AdminJson json) throws Wrong {
    RequestBody body = new RequestBody(bytes, json, Set.of("file", "weight"));
    JsonNode file = body.object.path("file");
    if (file.isMissingNode() || file.isNull()) {
      return new Plan(null, body.weighting());
    }
    if (!file.isTextual()
        || !file.asText().startsWith("/")
        || file.asText().length() > FILE_LENGTH_MAX) {
      throw new Wrong(
          "'file' must be an absolute path of at most " + FILE_LENGTH_MAX + " characters");
    }
    return new Plan(file.asText(), body.weighting());
  }

  static Scenario scenario(byte[] bytes, AdminJson json) throws Wrong {
    RequestBody body = new RequestBody(bytes, json, Set.of("down", "drain", "demand", "weight"));
    List<String> down = new ArrayList<>();
    JsonNode names = body.object.path("down");
    if (!names.isMissingNode() && !names.isArray()) {
      throw new Wrong("'down' must be a list of pools and addresses");
    }
    for (JsonNode name : names) {
      if (!name.isTextual()) {
        throw new Wrong("'down' must be a list of pools and addresses");
      }
      down.add(name.asText());
    }
    Map<String, Double> drained = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : body.members("drain")) {
      double share = entry.getValue().isNumber() ? entry.getValue().asDouble() : -1;
      if (!(share > 0 && share <= 1)) {
        throw new Wrong("'drain' must hold shares above 0 and up to 1 by pool");
      }
      drained.put(entry.getKey(), share);
    }
    Map<String, Long> demand = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : body.members("demand")) {
      long value = whole(entry.getValue());
      if (value < 0 || value > Service.DEMAND_MAX) {
        throw new Wrong(
            "'demand' must hold whole numbers from 0 to " + Service.DEMAND_MAX + " by service");
      }
      demand.put(entry.getKey(), value);
    }
    if (down.size() + drained.size() + demand.size() > Scenario.CHANGES_MAX) {
      throw new Wrong("a scenario names at most " + Scenario.CHANGES_MAX + " things");
    }
    return new Scenario(down, drained, demand, body.weighting());
  }

  /// -1 for what is no whole number, or too great.
  private static long whole(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong() ? value.asLong() : -1;
  }

  private List<Map.Entry<String, JsonNode>> members(String key) throws Wrong {
    JsonNode map = object.path(key);
    if (!map.isMissingNode() && !map.isObject()) {
      throw new Wrong("'" + key + "' must be an object");
    }
    return List.copyOf(map.properties());
  }

  private Weighting weighting() throws Wrong {
    JsonNode weight = object.path("weight");
    if (weight.isMissingNode()) {
      return Weighting.V4;
    }
    for (Weighting each : Weighting.values()) {
      if (weight.asText().equals(each.name().toLowerCase(Locale.ROOT))) {
        return each;
      }
    }
    throw new Wrong("'weight' must be v4, v6 or traffic");
  }
}
