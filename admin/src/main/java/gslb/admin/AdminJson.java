package gslb.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import gslb.base.Address;
import gslb.base.Diagnostic;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import gslb.steering.Explanation;
import gslb.steering.Pool;
import gslb.steering.Readmission;
import gslb.steering.places.Place;
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

  /// The explanation as a tree, and as the text for people.
  ObjectNode explained(ExplainResult.Explained explained) {
    Explanation explanation = explained.explanation();
    ObjectNode json = object().put("generation", explained.generation());
    json.put("service", explanation.service().name());
    json.set("client", client(explanation.client()));
    ArrayNode steps = json.putArray("steps");
    explanation.steps().forEach(s -> steps.add(step(s)));
    ArrayNode considered = json.putArray("considered");
    for (Explanation.Considered one : explanation.considered()) {
      considered
          .addObject()
          .put("pool", one.state().pool().name())
          .put("stage", one.stage().name())
          .put("standing", one.standing().name())
          .put("reason", one.reason());
    }
    json.set("decision", decision(explanation.decision()));
    Explanation ofIpv6 = explanation.ofIpv6();
    if (ofIpv6 != null) {
      json.set("decisionOfIpv6", decision(ofIpv6.decision()));
    }
    json.put("text", explanation.toString());
    return json;
  }

  private ObjectNode client(Explanation.Client client) {
    Place place = client.place();
    Address embedded = client.embedded();
    ObjectNode json =
        object()
            .put("address", client.address().toString())
            .put("embedded", embedded == null ? null : embedded.toString())
            .put("placePrefix", client.placePrefix().toString())
            .put("scope", client.scope().toString())
            .put("class", client.clientClass());
    ObjectNode where =
        json.putObject("place")
            .put("continent", place.continent())
            .put("country", place.country())
            .put("network", place.network());
    ArrayNode subdivisions = where.putArray("subdivisions");
    place.subdivisions().forEach(subdivisions::add);
    if (place.city() != 0) {
      where.put("city", place.city());
    }
    if (place.asn() != 0) {
      where.put("asn", place.asn());
    }
    if (place.hasCoordinates()) {
      where
          .put("latitude", place.latitude())
          .put("longitude", place.longitude())
          .put("coordinatesFrom", place.source().name());
    }
    return json;
  }

  private ObjectNode step(Explanation.Step step) {
    return switch (step) {
      case Explanation.GeoBranch(Explanation.GeoLevel level, String key) ->
          object().put("step", "geo").put("level", level.name()).put("key", key);
      case Explanation.Ranking(List<Explanation.RankedPool> pools) -> {
        ObjectNode json = object().put("step", "nearest");
        ArrayNode ranked = json.putArray("pools");
        for (Explanation.RankedPool pool : pools) {
          ObjectNode one = ranked.addObject().put("pool", pool.pool().name());
          if (!Double.isNaN(pool.kilometres())) {
            one.put("kilometres", Math.round(pool.kilometres()));
          }
          one.put("near", pool.isNear()).put("kept", pool.isKept());
        }
        yield json;
      }
    };
  }

  private ObjectNode decision(Explanation.Decision decision) {
    ObjectNode json = object().put("stage", decision.stage().name());
    putNames(json, decision.pools());
    Pool redirect = decision.redirect();
    json.put("redirect", redirect == null ? null : redirect.name());
    DnsName cname = decision.cname();
    if (cname != null) {
      json.put("cname", cname.toString());
    }
    ArrayNode turns = json.putArray("turns");
    decision.turns().forEach(turn -> turns.add(turn(turn)));
    json.set("a", family(decision.v4()));
    json.set("aaaa", family(decision.v6()));
    return json;
  }

  private ObjectNode turn(Explanation.Turn turn) {
    return switch (turn) {
      case Explanation.Draw draw -> {
        ObjectNode json = object().put("turn", "draw").put("chosen", draw.chosen());
        ArrayNode shares = json.putArray("shares");
        for (Explanation.DrawShare share : draw.shares()) {
          putNames(shares.addObject(), share.outcome().pools()).put("weight", share.weight());
        }
        yield json;
      }
      case Explanation.Hash hash -> {
        ObjectNode json = object().put("turn", "hash").put("chosen", hash.chosen());
        json.put("block", hash.block().toString());
        ArrayNode candidates = json.putArray("candidates");
        for (Explanation.Candidate candidate : hash.candidates()) {
          putNames(candidates.addObject(), candidate.outcome().pools())
              .put("weight", candidate.weight())
              .put("distance", candidate.distance());
        }
        yield json;
      }
      case Explanation.Ramp ramp ->
          object()
              .put("turn", "ramp")
              .put("chosen", ramp.chosen())
              .put("pool", ramp.pool().name())
              .put("step", ramp.step())
              .put("steps", Readmission.STEPS)
              .put("block", ramp.block().toString())
              .put("blockStep", ramp.blockStep());
    };
  }

  private static ObjectNode putNames(ObjectNode json, List<Pool> pools) {
    ArrayNode names = json.putArray("pools");
    pools.forEach(pool -> names.add(pool.name()));
    return json;
  }

  private ObjectNode family(Explanation.FamilyAnswer answer) {
    ObjectNode json = object();
    ArrayNode answered = json.putArray("answered");
    answer.answered().forEach(e -> answered.add(e.address().toString()));
    ArrayNode all = json.putArray("all");
    answer.all().forEach(e -> all.add(e.address().toString()));
    return json;
  }
}
