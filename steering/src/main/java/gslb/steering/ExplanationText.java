package gslb.steering;

import gslb.base.DnsName;
import gslb.base.Family;
import gslb.steering.Explanation.Considered;
import gslb.steering.Explanation.Decision;
import gslb.steering.Explanation.Draw;
import gslb.steering.Explanation.FamilyAnswer;
import gslb.steering.Explanation.GeoBranch;
import gslb.steering.Explanation.Hash;
import gslb.steering.Explanation.Line;
import gslb.steering.Explanation.Outcome;
import gslb.steering.Explanation.Ramp;
import gslb.steering.Explanation.RankedPool;
import gslb.steering.Explanation.Ranking;
import gslb.steering.Explanation.Reason;
import gslb.steering.Explanation.Turn;
import gslb.steering.places.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes an explanation for people.
final class ExplanationText {
  private final Explanation explanation;
  private final List<Line> lines = new ArrayList<>();

  ExplanationText(Explanation explanation) {
    this.explanation = explanation;
  }

  String text() {
    Explanation.Client client = explanation.client();
    line("service", explanation.service().name());
    line(
        "client",
        client.address() + (client.embedded() == null ? "" : ", embeds " + client.embedded()));
    reasons();
    decision(explanation.decision());
    line("scope", client.scope().toString());
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      text.append(line.label()).append(" ".repeat(Math.max(1, 9 - line.label().length())));
      text.append(line.value()).append('\n');
    }
    Explanation ofIpv6 = explanation.ofIpv6();
    if (ofIpv6 != null) {
      text.append("IPv6 is decided by itself:\n").append(new ExplanationText(ofIpv6).text());
    }
    return text.toString();
  }

  List<Line> reasons() {
    Explanation.Client client = explanation.client();
    line("place", place(client.place()) + " (" + client.placePrefix() + ")");
    for (Explanation.Step step : explanation.steps()) {
      switch (step) {
        case GeoBranch branch -> line("geo", branch(branch));
        case Ranking ranking -> line("nearest", ranking(ranking));
      }
    }
    for (Considered pool : explanation.considered()) {
      line("pool", considered(pool));
    }
    for (Turn turn : explanation.decision().turns()) {
      switch (turn) {
        case Draw draw -> line("draw", draw(draw));
        case Hash hash -> line("hash", hash(hash));
        case Ramp ramp -> line("ramp", ramp(ramp));
      }
    }
    return List.copyOf(lines);
  }

  private void line(String label, String value) {
    lines.add(new Line(label, value));
  }

  static String outcome(Explanation explanation) {
    Decision decision = explanation.decision();
    return decision.pools().isEmpty()
        ? "nodata: " + whyNothing(explanation)
        : pools(decision.pools()) + because(decision.stage());
  }

  private static String place(Place place) {
    return known(place, place.hasCoordinates() ? "" : ", no coordinates");
  }

  /// Without a word of coordinates if there are none: where no policy looks at them, none are kept.
  static String known(Place place) {
    return known(place, "");
  }

  private static String known(Place place, String noCoordinates) {
    StringBuilder words = new StringBuilder();
    if (!place.network().isEmpty()) {
      words.append("network '").append(place.network()).append("', ");
    }
    words.append(place.continent().isEmpty() ? "continent unknown" : place.continent());
    words.append(", ").append(place.country().isEmpty() ? "country unknown" : place.country());
    place.subdivisions().forEach(subdivision -> words.append(", ").append(subdivision));
    if (place.city() != 0) {
      words.append(", city ").append(place.city());
    }
    words.append(
        place.hasCoordinates()
            ? String.format(Locale.ROOT, ", at %.2f, %.2f", place.latitude(), place.longitude())
                + place.coordinateWords()
            : noCoordinates);
    if (place.asn() != 0) {
      words.append(", AS").append(place.asn());
    }
    return words.toString();
  }

  private static String branch(GeoBranch branch) {
    return switch (branch.level()) {
      case NETWORK -> "network '" + branch.key() + "'";
      case ASN -> "AS" + branch.key();
      case CITY -> "city " + branch.key();
      case SUBDIVISION -> "subdivision " + branch.key();
      case COUNTRY -> "country " + branch.key();
      case CONTINENT -> "continent " + branch.key();
      case DEFAULT -> "default";
      case NONE -> "no branch and no default: nodata";
    };
  }

  private static String ranking(Ranking ranking) {
    return ranking.pools().stream().map(ExplanationText::ranked).collect(Collectors.joining(", "));
  }

  private static String ranked(RankedPool ranked) {
    String distance =
        Double.isNaN(ranked.kilometres())
            ? "distance unknown"
            : String.format(Locale.ROOT, "%.0f km", ranked.kilometres());
    String cut = ranked.isKept() ? "" : ", beyond the limit";
    return "'" + ranked.pool().name() + "' (" + distance + cut + ")";
  }

  private static String considered(Considered pool) {
    String stage = pool.stage() == Stage.AVAILABLE ? "" : pool.stage() + ": ";
    String what =
        switch (pool.standing()) {
          case USABLE -> "usable: " + health(pool.state(), _ -> true) + inRamp(pool);
          case HELD -> "held back: " + pool.text();
          case REJECTED -> "rejected: " + pool.text();
          case STANDBY, NOT_REACHED -> "not asked: " + pool.text();
        };
    return "'" + pool.state().pool().name() + "' " + stage + what;
  }

  private static String inRamp(Considered pool) {
    return pool.stage() == Stage.AVAILABLE && pool.state().isRamping()
        ? ", " + ramp(pool.state())
        : "";
  }

  static String ramp(PoolState state) {
    return "ramp " + state.rampStep() + " of " + Readmission.STEPS;
  }

  /// `v4 3 of 4 weight up, needs 50%`, for each family that the pool has.
  ///
  /// @param counts which endpoints the decision is about
  static String health(PoolState state, Predicate<Endpoint> counts) {
    Pool pool = state.pool();
    if (pool.isAlwaysUp()) {
      return "always up, nothing checks it";
    }
    return Arrays.stream(Family.values())
        .filter(
            family ->
                pool.endpoints().stream()
                    .anyMatch(e -> e.address().family() == family && counts.test(e)))
        .map(family -> health(pool.minHealthy(), state.health(family)))
        .collect(Collectors.joining("; "));
  }

  /// `no IPv6`.
  static String without(Family family) {
    return switch (family) {
      case V4 -> "no IPv4";
      case V6 -> "no IPv6";
    };
  }

  private static String health(MinHealthy minimum, PoolState.FamilyHealth health) {
    String unknown = health.unknown() == 0 ? "" : ", " + health.unknown() + " not known yet";
    return switch (minimum) {
      case MinHealthy.Percent(int percent) ->
          name(health.family())
              + upOf(health.weightUp(), health.weightConfigured(), " weight up")
              + unknown
              + ", needs "
              + percent
              + "%";
      case MinHealthy.Endpoints(int count) ->
          name(health.family())
              + upOf(health.up(), health.configured(), " up")
              + unknown
              + ", needs "
              + count;
    };
  }

  private static String upOf(long up, long configured, String what) {
    return " " + up + " of " + configured + what;
  }

  private static String name(Family family) {
    return switch (family) {
      case V4 -> "v4";
      case V6 -> "v6";
    };
  }

  private void decision(Decision decision) {
    line("answer", outcome(explanation));
    if (decision.pools().isEmpty()) {
      return;
    }
    DnsName cname = decision.cname();
    if (cname != null) {
      line("CNAME", cname.toString());
      return;
    }
    if (!isIndependent() || explanation.asksV4()) {
      line("A", answer(decision.v4()));
    }
    if (!isIndependent() || !explanation.asksV4()) {
      line("AAAA", answer(decision.v6()));
    }
    Service.HttpsRecord https = explanation.service().httpsRecord();
    if (https != null) {
      boolean isEmpty = decision.v4().answered().isEmpty() && decision.v6().answered().isEmpty();
      line("HTTPS", isEmpty ? "nodata" : https + ", these addresses as hints");
    }
    Pool redirect = decision.redirect();
    if (decision.pools().size() > 1 && redirect != null) {
      line("redirect", "pool '" + redirect.name() + "', whose endpoint is drawn");
    }
  }

  private boolean isIndependent() {
    return explanation.service().families() == Families.INDEPENDENT;
  }

  private static String because(Stage stage) {
    return switch (stage) {
      case AVAILABLE, NODATA -> "";
      case MIN_HEALTHY_IGNORED -> ", though no pool reaches its min-healthy";
      case VERDICTS_IGNORED -> ", though none of its endpoints is up: no pool has any";
      case DRAINS_IGNORED -> ", though drained and not up: nothing else is left";
      case SORRY -> ", the sorry pool: no other has an endpoint up";
    };
  }

  private static String whyNothing(Explanation explanation) {
    if (explanation.decision().stage() != Stage.NODATA) {
      return "the policy gives this client nothing";
    }
    return switch (explanation.service().allDown()) {
      case AllDown.Answer() ->
          noEndpoint(last(explanation, Stage.DRAINS_IGNORED).map(Considered::reason).toList());
      case AllDown.NoData() -> "no pool has an endpoint up, and all-down is nodata";
      case AllDown.Sorry(Pool pool) ->
          "no pool has an endpoint up, and the sorry pool '"
              + pool.name()
              + "' has none to answer: "
              + last(explanation, Stage.SORRY).map(Considered::text).collect(Collectors.joining());
    };
  }

  private static String noEndpoint(List<Reason> reasons) {
    if (reasons.stream().allMatch(reason -> reason == Reason.FORCED_DOWN)) {
      return "every endpoint that the policy gives this client is forced down";
    }
    return reasons.stream().allMatch(reason -> reason == Reason.UNRESOLVED)
        ? "no host that the policy gives this client has an address"
        : "no pool that the policy gives this client has an endpoint to answer";
  }

  /// The pools considered at the last stage there was.
  private static Stream<Considered> last(Explanation explanation, Stage stage) {
    return explanation.considered().stream().filter(one -> one.stage() == stage);
  }

  private static String draw(Draw draw) {
    String shares =
        draw.shares().stream()
            .map(share -> outcome(share.outcome()) + " " + share.weight())
            .collect(Collectors.joining(", "));
    String chosen = outcome(draw.shares().get(draw.chosen()).outcome());
    double fraction = (draw.number() >>> 11) * 0x1p-53;
    return String.format(Locale.ROOT, "%s at %.6f of the way through %s", chosen, fraction, shares);
  }

  private static String hash(Hash hash) {
    String candidates =
        hash.candidates().stream()
            .map(c -> String.format(Locale.ROOT, "%s %.6f", outcome(c.outcome()), c.distance()))
            .collect(Collectors.joining(", "));
    String chosen = outcome(hash.candidates().get(hash.chosen()).outcome());
    return chosen + " for all of " + hash.block() + ", the least of " + candidates;
  }

  private static String ramp(Ramp ramp) {
    return "'"
        + ramp.pool().name()
        + "' at step "
        + ramp.step()
        + " of "
        + Readmission.STEPS
        + (ramp.isAdmitted() ? " has got " : " has not got ")
        + ramp.block()
        + ", which it gets at step "
        + ramp.blockStep();
  }

  private static String outcome(Outcome outcome) {
    return outcome.pools().isEmpty() ? "nothing" : names(outcome.pools());
  }

  private static String pools(List<Pool> pools) {
    return (pools.size() == 1 ? "pool " : "pools ") + names(pools);
  }

  private static String names(List<Pool> pools) {
    return pools.stream().map(pool -> "'" + pool.name() + "'").collect(Collectors.joining(" + "));
  }

  private static String answer(FamilyAnswer answer) {
    if (answer.answered().isEmpty()) {
      return "nodata";
    }
    if (answer.answered().size() == answer.all().size()) {
      return addresses(answer.all());
    }
    return answer.answered().stream().map(Endpoint::describe).collect(Collectors.joining(", "))
        + ", drawn from "
        + addresses(answer.all());
  }

  private static String addresses(List<Endpoint> endpoints) {
    return endpoints.stream()
        .map(e -> e.describe() + (e.weight() == 1 ? "" : " weight " + e.weight()))
        .collect(Collectors.joining(", "));
  }
}
