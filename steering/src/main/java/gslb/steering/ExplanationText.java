package gslb.steering;

import gslb.base.Family;
import gslb.steering.Explanation.Considered;
import gslb.steering.Explanation.Decision;
import gslb.steering.Explanation.Draw;
import gslb.steering.Explanation.FamilyAnswer;
import gslb.steering.Explanation.GeoBranch;
import gslb.steering.Explanation.RankedPool;
import gslb.steering.Explanation.Ranking;
import gslb.steering.places.Place;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes an explanation for people.
final class ExplanationText {
  private final Explanation explanation;
  private final StringBuilder text = new StringBuilder();

  ExplanationText(Explanation explanation) {
    this.explanation = explanation;
  }

  String text() {
    Explanation.Client client = explanation.client();
    line("service", explanation.service().name());
    line(
        "client",
        client.address() + (client.embedded() == null ? "" : ", embeds " + client.embedded()));
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
    decision(explanation.decision());
    line("scope", client.scope().toString());
    return text.toString();
  }

  private void line(String label, String value) {
    text.append(label).append(" ".repeat(Math.max(1, 9 - label.length())));
    text.append(value).append('\n');
  }

  static String place(Place place) {
    StringBuilder words = new StringBuilder();
    if (!place.network().isEmpty()) {
      words.append("network '").append(place.network()).append("', ");
    }
    words.append(place.continent().isEmpty() ? "continent unknown" : place.continent());
    words.append(", ").append(place.country().isEmpty() ? "country unknown" : place.country());
    words.append(
        place.hasCoordinates()
            ? String.format(Locale.ROOT, ", at %.2f, %.2f", place.latitude(), place.longitude())
            : ", no coordinates");
    return words.toString();
  }

  private static String branch(GeoBranch branch) {
    return switch (branch.level()) {
      case NETWORK -> "network '" + branch.key() + "'";
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
          case USABLE -> "usable: " + health(pool.state());
          case REJECTED -> "rejected: " + pool.reason();
          case STANDBY -> "not asked: standby";
          case NOT_REACHED -> "not asked: " + pool.reason();
        };
    return "'" + pool.state().pool().name() + "' " + stage + what;
  }

  /// `v4 3 of 4 weight up, needs 50%`, for each family that the pool has.
  static String health(PoolState state) {
    if (state.pool().isAlwaysUp()) {
      return "always up, nothing checks it";
    }
    return Explainer.families(state).stream()
        .map(family -> health(state.pool().minHealthy(), family))
        .collect(Collectors.joining("; "));
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
    if (decision.draw() != null) {
      line("draw", draw(decision.draw()));
    }
    Pool pool = decision.pool();
    if (pool == null) {
      line("answer", "nodata: " + whyNothing(decision));
      return;
    }
    line("answer", "pool '" + pool.name() + "'" + because(decision.stage()));
    if (pool.cname() != null) {
      line("CNAME", pool.cname().toString());
      return;
    }
    line("A", answer(decision.v4()));
    line("AAAA", answer(decision.v6()));
    Service.HttpsRecord https = explanation.service().httpsRecord();
    if (https != null) {
      boolean isEmpty = decision.v4().drawn() == null && decision.v6().drawn() == null;
      line("HTTPS", isEmpty ? "nodata" : https + ", these addresses as hints");
    }
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

  private String whyNothing(Decision decision) {
    if (decision.stage() != Stage.NODATA) {
      return "the policy gives this client nothing";
    }
    return switch (explanation.service().allDown()) {
      case AllDown.Answer() -> "every endpoint that the policy gives this client is forced down";
      case AllDown.NoData() -> "no pool has an endpoint up, and all-down is nodata";
      case AllDown.Sorry(Pool pool) ->
          "no pool has an endpoint up, and the sorry pool '" + pool.name() + "' is forced down";
    };
  }

  private static String draw(Draw draw) {
    String shares =
        draw.shares().stream()
            .map(share -> poolName(share.pool()) + " " + share.weight())
            .collect(Collectors.joining(", "));
    String chosen = poolName(draw.shares().get(draw.chosen()).pool());
    double fraction = (draw.number() >>> 11) * 0x1p-53;
    return String.format(Locale.ROOT, "%s at %.6f of the way through %s", chosen, fraction, shares);
  }

  private static String poolName(@Nullable Pool pool) {
    return pool == null ? "nothing" : "'" + pool.name() + "'";
  }

  private String answer(FamilyAnswer answer) {
    Endpoint drawn = answer.drawn();
    if (drawn == null) {
      return "nodata";
    }
    return switch (explanation.service().answers()) {
      case ALL -> addresses(answer.all());
      case ONE ->
          drawn.address()
              + (answer.all().size() == 1 ? "" : ", drawn from " + addresses(answer.all()));
    };
  }

  private static String addresses(List<Endpoint> endpoints) {
    return endpoints.stream()
        .map(e -> e.address() + (e.weight() == 1 ? "" : " weight " + e.weight()))
        .collect(Collectors.joining(", "));
  }
}
