package gslb.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import gslb.admin.ExplainResult.Decided;
import gslb.admin.ExplainResult.DnsReply;
import gslb.admin.ExplainResult.Finding;
import gslb.admin.ExplainResult.HttpReply;
import gslb.admin.ExplainResult.Link;
import gslb.admin.ExplainResult.Ttl;
import gslb.admin.NodeStatus.EndpointStatus;
import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.steering.Change;
import gslb.steering.Endpoint;
import gslb.steering.Explanation;
import gslb.steering.Pool;
import gslb.steering.Readmission;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceOrigin;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An explanation as JSON. Its keys are documented in docs/explain.md and stay.
public final class ExplainJson {
  private final JsonNodeFactory nodes = JsonNodeFactory.instance;
  private final ExplainResult result;

  private ExplainJson(ExplainResult result) {
    this.result = result;
  }

  /// The text of the JSON.
  public static String of(ExplainResult result) {
    return tree(result).toString();
  }

  static ObjectNode tree(ExplainResult result) {
    return new ExplainJson(result).tree();
  }

  private ObjectNode tree() {
    ExplainRequest request = result.request();
    ObjectNode json = nodes.objectNode();
    json.put("node", result.node());
    json.put("generation", result.generation());
    json.put("at", result.at());
    json.put("answered", result.isAnswered());
    ObjectNode question = json.putObject("question");
    question.put("name", request.name());
    switch (request.via()) {
      case DNS -> question.put("via", "dns").put("type", request.type());
      case HTTP -> question.put("via", "http").put("path", request.path());
    }
    request.down().forEach(question.putArray("down")::add);
    ObjectNode client = json.putObject("client");
    client.put("address", result.decides().toString());
    client.put("provenance", result.provenance());
    client.put("peer", text(request.proxy() == null ? request.from() : request.proxy()));
    client.put("from", request.from().toString());
    client.put("subnet", text(request.subnet()));
    json.set("reply", reply());
    ArrayNode links = json.putArray("links");
    result.links().forEach(link -> links.add(link(link)));
    json.put("text", ExplainText.render(result));
    return json;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private ObjectNode reply() {
    ObjectNode json = nodes.objectNode();
    switch (result.reply()) {
      case DnsReply dns -> {
        json.put("rcode", dns.rcode());
        dns.flags().forEach(json.putArray("flags")::add);
        dns.answer().forEach(json.putArray("answer")::add);
        dns.authority().forEach(json.putArray("authority")::add);
        dns.additional().forEach(json.putArray("additional")::add);
        json.put("scope", dns.scope().isPresent() ? dns.scope().getAsInt() : null);
        json.put("scopeReason", dns.scopeReason());
        json.put("extendedError", dns.error());
        json.put("silence", dns.silence());
        json.put("query", dns.query());
        json.put("wire", dns.wire());
      }
      case HttpReply http ->
          json.put("status", http.status())
              .put("location", http.location())
              .put("problem", http.problem());
    }
    return json;
  }

  private ObjectNode link(Link link) {
    ObjectNode json = nodes.objectNode().put("name", link.name());
    Finding finding = link.finding();
    ObjectNode found =
        json.putObject("finding")
            .put("kind", finding.kind().name())
            .put("zone", finding.zone())
            .put("owner", finding.owner());
    finding.types().forEach(found.putArray("types")::add);
    found.put("hint", finding.hint());
    ArrayNode decisions = json.putArray("decisions");
    link.decisions().forEach(decided -> decisions.add(decided(decided)));
    return json;
  }

  private ObjectNode decided(Decided decided) {
    Explanation explanation = decided.explanation();
    ObjectNode json = nodes.objectNode().put("service", explanation.service().name());
    json.put("family", explanation.asksV4() ? "IPv4" : "IPv6");
    json.set("place", place(explanation.client()));
    ArrayNode steps = json.putArray("steps");
    explanation.steps().forEach(step -> steps.add(step(step)));
    ArrayNode considered = json.putArray("considered");
    explanation.considered().forEach(one -> considered.add(considered(one)));
    ArrayNode turns = json.putArray("turns");
    explanation.decision().turns().forEach(turn -> turns.add(turn(turn)));
    json.set("decision", decision(explanation));
    Ttl ttl = decided.ttl();
    if (ttl != null) {
      Endpoint first = ttl.first();
      ObjectNode reason =
          json.putObject("ttl")
              .put("nodata", ttl.isNodata())
              .put("seconds", ttl.seconds())
              .put("min", ttl.min())
              .put("max", ttl.max())
              .put("firstFlip", first == null ? null : first.address().toString());
      if (Double.isNaN(ttl.untilSeconds())) {
        reason.putNull("firstFlipSeconds");
      } else {
        reason.put("firstFlipSeconds", ttl.untilSeconds());
      }
    }
    ArrayNode changes = json.putArray("changes");
    decided.changes().forEach(change -> changes.add(change(change)));
    return json;
  }

  private ObjectNode place(Explanation.Client client) {
    Place place = client.place();
    ObjectNode json = nodes.objectNode();
    json.put("decides", text(client.embedded() == null ? client.address() : client.embedded()));
    json.put("continent", place.continent());
    json.put("country", place.country());
    place.subdivisions().forEach(json.putArray("subdivisions")::add);
    json.put("city", place.city() == 0 ? null : (Long) place.city());
    json.put("asn", place.asn() == 0 ? null : (Long) place.asn());
    json.put("latitude", place.hasCoordinates() ? (Double) place.latitude() : null);
    json.put("longitude", place.hasCoordinates() ? (Double) place.longitude() : null);
    json.put("coordinatesFrom", place.source().name());
    json.put("network", place.network());
    json.put("networkPrefix", text(client.network()));
    json.put("prefix", client.placePrefix().toString());
    json.put("scope", client.scope().toString());
    json.put("scopeBound", client.bound().name());
    ArrayNode origins = json.putArray("origins");
    for (PlaceOrigin origin : client.origins()) {
      ObjectNode one = origins.addObject();
      switch (origin.source()) {
        case PlaceOrigin.Database(String name, String type, long built) ->
            one.put("database", name)
                .put("type", type)
                .put("built", Instant.ofEpochSecond(built).toString());
        case PlaceOrigin.Countries() -> one.putNull("database").putNull("type").putNull("built");
      }
      one.put("prefix", origin.prefix().toString());
      origin.fields().forEach(field -> one.withArrayProperty("fields").add(field.name()));
    }
    return json;
  }

  private ObjectNode step(Explanation.Step step) {
    ObjectNode json = nodes.objectNode();
    switch (step) {
      case Explanation.GeoBranch(Explanation.GeoLevel level, String key) ->
          json.put("step", "geo").put("level", level.name()).put("key", key);
      case Explanation.Ranking(List<Explanation.RankedPool> pools) -> {
        ArrayNode ranked = json.put("step", "nearest").putArray("pools");
        for (Explanation.RankedPool pool : pools) {
          ranked
              .addObject()
              .put("pool", pool.pool().name())
              .put(
                  "kilometres",
                  Double.isNaN(pool.kilometres()) ? null : (Long) Math.round(pool.kilometres()))
              .put("near", pool.isNear())
              .put("kept", pool.isKept());
        }
      }
    }
    return json;
  }

  private ObjectNode considered(Explanation.Considered one) {
    ObjectNode json =
        nodes
            .objectNode()
            .put("pool", one.state().pool().name())
            .put("stage", one.stage().name())
            .put("standing", one.standing().name())
            .put("reason", one.reason().name())
            .put("detail", one.text());
    ArrayNode endpoints = json.putArray("endpoints");
    Map<Integer, EndpointStatus> known = result.endpoints();
    for (Endpoint endpoint : one.state().pool().endpoints()) {
      EndpointStatus status = known.get(endpoint.id());
      if (status != null) {
        endpoints
            .addObject()
            .put("address", status.address())
            .put("host", status.host())
            .put("weight", status.weight())
            .put("verdict", status.verdict())
            .put("override", status.override())
            .put("held", status.held())
            .put("evidence", Evidence.of(status, result.sites()));
      }
    }
    return json;
  }

  private ObjectNode turn(Explanation.Turn turn) {
    ObjectNode json = nodes.objectNode();
    switch (turn) {
      case Explanation.Draw draw -> {
        json.put("turn", "draw").put("chosen", draw.chosen());
        json.put("number", Long.toUnsignedString(draw.number()));
        ArrayNode shares = json.putArray("shares");
        for (Explanation.DrawShare share : draw.shares()) {
          names(shares.addObject(), share.outcome().pools()).put("weight", share.weight());
        }
      }
      case Explanation.Hash hash -> {
        json.put("turn", "hash").put("chosen", hash.chosen());
        json.put("block", hash.block().toString());
        ArrayNode candidates = json.putArray("candidates");
        for (Explanation.Candidate candidate : hash.candidates()) {
          names(candidates.addObject(), candidate.outcome().pools())
              .put("weight", candidate.weight())
              .put("distance", candidate.distance());
        }
      }
      case Explanation.Ramp ramp ->
          json.put("turn", "ramp")
              .put("chosen", ramp.chosen())
              .put("pool", ramp.pool().name())
              .put("step", ramp.step())
              .put("steps", Readmission.STEPS)
              .put("block", ramp.block().toString())
              .put("blockStep", ramp.blockStep());
    }
    return json;
  }

  private ObjectNode decision(Explanation explanation) {
    Explanation.Decision decision = explanation.decision();
    ObjectNode json = nodes.objectNode().put("stage", decision.stage().name());
    names(json, decision.pools());
    json.put("outcome", explanation.outcome());
    Pool redirect = decision.redirect();
    json.put("redirect", redirect == null ? null : redirect.name());
    DnsName cname = decision.cname();
    json.put("cname", cname == null ? null : cname.toString());
    json.set("a", family(explanation, Family.V4, decision.v4()));
    json.set("aaaa", family(explanation, Family.V6, decision.v6()));
    return json;
  }

  private ObjectNode family(
      Explanation explanation, Family family, Explanation.FamilyAnswer answer) {
    ObjectNode json = nodes.objectNode();
    endpoints(json.putArray("answered"), answer.answered());
    endpoints(json.putArray("all"), answer.all());
    return json.put("empty", explanation.whyEmpty(family));
  }

  private static void endpoints(ArrayNode list, List<Endpoint> endpoints) {
    for (Endpoint endpoint : endpoints) {
      DnsName host = endpoint.host();
      list.addObject()
          .put("address", endpoint.address().toString())
          .put("host", host == null ? "" : host.toString())
          .put("weight", endpoint.weight());
    }
  }

  private ObjectNode change(Change change) {
    ObjectNode json = nodes.objectNode();
    switch (change.cause()) {
      case Change.PoolFails(Pool pool) -> json.put("cause", "POOL_FAILS").put("pool", pool.name());
      case Change.PoolRecovers(Pool pool, var after) ->
          json.put("cause", "POOL_RECOVERS")
              .put("pool", pool.name())
              .put("afterSeconds", after.toMillis() / 1e3);
      case Change.RampArrives(Pool pool, int step, var within) ->
          json.put("cause", "RAMP_ARRIVES")
              .put("pool", pool.name())
              .put("step", step)
              .put("withinSeconds", within.toMillis() / 1e3);
      case Change.NextSlot(long atMillis) ->
          json.put("cause", "NEXT_SLOT").put("at", Instant.ofEpochMilli(atMillis).toString());
      case Change.Neighbour(Prefix prefix) ->
          json.put("cause", "NEIGHBOUR").put("prefix", prefix.toString());
    }
    Explanation.Decision then = change.then().decision();
    names(json, then.pools());
    json.put("outcome", change.then().outcome());
    addresses(json.putArray("a"), then.v4());
    addresses(json.putArray("aaaa"), then.v6());
    return json;
  }

  private static void addresses(ArrayNode list, Explanation.FamilyAnswer answer) {
    answer.answered().stream().map(Endpoint::address).map(Address::toString).forEach(list::add);
  }

  private static ObjectNode names(ObjectNode json, List<Pool> pools) {
    ArrayNode names = json.putArray("pools");
    pools.forEach(pool -> names.add(pool.name()));
    return json;
  }
}
