package gslb.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import gslb.base.Diagnostic;
import gslb.base.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The API's JSON, both ways. Immutable.
final class AdminJson {
  /// A newer node may say more than this client knows.
  private final ObjectMapper mapper =
      new ObjectMapper()
          .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
          .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

  byte[] bytes(Object value) {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of plain values have a JSON form", e);
    }
  }

  ObjectNode object() {
    return mapper.createObjectNode();
  }

  /// One value, with no key of an object twice and nothing behind it.
  JsonNode strictTree(byte[] json) throws java.io.IOException {
    return mapper
        .reader(
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .readTree(json);
  }

  JsonNode tree(byte[] json) throws java.io.IOException {
    return mapper.readTree(json);
  }

  NodeStatus status(byte[] json) throws java.io.IOException {
    return mapper.readValue(json, NodeStatus.class);
  }

  /// `{"type":"about:blank","title":…,"status":…,"detail":…}` (RFC 9457 §3).
  ObjectNode problem(int status, String title, String detail) {
    return object()
        .put("type", "about:blank")
        .put("title", title)
        .put("status", status)
        .put("detail", detail);
  }

  ObjectNode applied(ReloadResult.Applied applied) {
    ObjectNode json = object().put("generation", applied.generation());
    json.set("diagnostics", diagnostics(applied.diagnostics()));
    return json;
  }

  ObjectNode refused(ReloadResult.Refused refused) {
    ObjectNode json =
        problem(
            422,
            "the configuration was not applied",
            "generation " + refused.generation() + " stays in service");
    json.put("generation", refused.generation());
    json.set("diagnostics", diagnostics(refused.diagnostics()));
    return json;
  }

  ObjectNode refused(PlanResult.Refused refused) {
    ObjectNode json =
        problem(
            422,
            "the configuration would not be applied",
            "generation " + refused.generation() + " would stay in service");
    json.put("generation", refused.generation());
    json.set("diagnostics", diagnostics(refused.diagnostics()));
    return json;
  }

  ArrayNode diagnostics(List<Diagnostic> diagnostics) {
    ArrayNode list = mapper.createArrayNode();
    for (Diagnostic diagnostic : diagnostics) {
      list.addObject()
          .put("file", diagnostic.where().file())
          .put("line", diagnostic.where().line())
          .put("column", diagnostic.where().column())
          .put("severity", diagnostic.severity().name().toLowerCase(Locale.ROOT))
          .put("problem", diagnostic.problem())
          .put("rule", diagnostic.rule())
          .put("remedy", diagnostic.remedy())
          .put("text", diagnostic.toString());
    }
    return list;
  }

  List<Diagnostic> readDiagnostics(JsonNode list) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (JsonNode node : list) {
      SourceSpan where =
          new SourceSpan(
              node.path("file").asText(), node.path("line").asInt(), node.path("column").asInt());
      diagnostics.add(
          new Diagnostic(
              where,
              node.path("severity").asText().equals("warning")
                  ? Diagnostic.Severity.WARNING
                  : Diagnostic.Severity.ERROR,
              node.path("problem").asText(),
              node.path("rule").asText(),
              node.path("remedy").asText()));
    }
    return diagnostics;
  }
}
