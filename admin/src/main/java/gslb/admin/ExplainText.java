package gslb.admin;

import gslb.admin.ExplainResult.Decided;
import gslb.admin.ExplainResult.DnsReply;
import gslb.admin.ExplainResult.Finding;
import gslb.admin.ExplainResult.HttpReply;
import gslb.admin.ExplainResult.Link;
import gslb.admin.ExplainResult.Ttl;
import gslb.admin.NodeStatus.EndpointStatus;
import gslb.base.DnsName;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.steering.Change;
import gslb.steering.Endpoint;
import gslb.steering.Explanation;
import gslb.steering.Explanation.Considered;
import gslb.steering.Explanation.Standing;
import gslb.steering.Pool;
import gslb.steering.places.PlaceOrigin;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// An explanation as text for people: the answer first, then why, what was rejected, what would
/// change it, and the octets. Lines have at most {@link #COLUMNS} columns where words allow.
public final class ExplainText {
  static final int COLUMNS = 100;

  /// Endpoints shown for a rejected pool.
  static final int ENDPOINTS_MAX = 8;

  private static final int INDENT = 9;
  private static final int HEX_OCTETS = 24;

  private final ExplainResult result;
  private final StringBuilder text = new StringBuilder();
  private final Set<Integer> shown = new HashSet<>();

  private ExplainText(ExplainResult result) {
    this.result = result;
  }

  /// Several lines, each with a final line feed.
  public static String render(ExplainResult result) {
    ExplainText text = new ExplainText(result);
    text.head();
    switch (result.reply()) {
      case DnsReply reply -> text.dns(reply);
      case HttpReply reply -> text.http(reply);
    }
    text.line("client", result.decides() + ", " + result.provenance());
    for (Link link : result.links()) {
      text.link(link);
    }
    if (result.reply() instanceof DnsReply reply && !reply.wire().isEmpty()) {
      text.hex(reply.wire());
    }
    return text.text.toString();
  }

  private void head() {
    ExplainRequest request = result.request();
    String what =
        switch (request.via()) {
          case DNS -> request.name() + " " + request.type();
          case HTTP -> "http://" + request.name() + request.path();
        };
    String of =
        result.node().isEmpty()
            ? "by the configuration alone, all taken as up"
            : "on node " + result.node() + ", generation " + result.generation();
    wrapped(what + " at " + result.at() + " " + of, 0);
    if (!request.down().isEmpty()) {
      wrapped("supposing that these are down: " + String.join(", ", request.down()), 0);
    }
    text.append('\n');
  }

  private void dns(DnsReply reply) {
    if (reply.wire().isEmpty()) {
      line("answer", "none: " + reply.silence());
      return;
    }
    line(
        "answer",
        reply.rcode() + ", flags " + String.join(" ", reply.flags()) + counted(reply.answer()));
    reply.answer().forEach(record -> line("", record));
    reply.authority().forEach(record -> line("", "authority: " + record));
    reply.additional().forEach(record -> line("", "additional: " + record));
    for (Link link : result.links()) {
      for (Decided decided : link.decisions()) {
        Ttl ttl = decided.ttl();
        if (ttl != null && !ttl.isNodata()) {
          line("ttl", ttl(ttl));
        }
      }
    }
    if (reply.answer().isEmpty()) {
      reply.authority().stream()
          .filter(record -> record.contains(" IN SOA "))
          .findFirst()
          .ifPresent(soa -> line("ttl", negativeTtl(soa)));
    }
    line(
        "scope",
        (reply.scope().isPresent() ? "/" + reply.scope().getAsInt() + ": " : "none sent: ")
            + reply.scopeReason());
    if (!reply.error().isEmpty()) {
      line("error", "told to this client (RFC 8914): " + reply.error());
    }
  }

  /// RFC 2308 §5.
  private String negativeTtl(String soa) {
    String least =
        soa.split(" ", 3)[1] + " s that there is nothing: the least of the SOA's TTL and MINIMUM";
    List<Decided> decisions = result.links().getLast().decisions();
    if (decisions.isEmpty()) {
      return least;
    }
    Ttl ttl = decisions.getFirst().ttl();
    return least + (ttl == null ? " and the most that the service allows" : ", and " + ttl(ttl));
  }

  private static String counted(List<String> answer) {
    return switch (answer.size()) {
      case 0 -> ", no records";
      case 1 -> "";
      default -> ", " + answer.size() + " records";
    };
  }

  private void http(HttpReply reply) {
    line("answer", Integer.toString(reply.status()));
    if (reply.location().isEmpty()) {
      line("", reply.problem());
    } else {
      line("", "Location: " + reply.location());
    }
  }

  private String ttl(Ttl ttl) {
    Endpoint first = ttl.first();
    if (first == null) {
      return ttl.seconds() + " s, the most that the service allows: no flip is in sight";
    }
    String flip =
        ttl.untilSeconds() <= 0
            ? first.describe() + " could flip at any moment"
            : String.format(
                Locale.ROOT,
                "%s%s could flip in %.1f s at the earliest",
                first.describe(),
                result.node().isEmpty() ? ", just probed," : "",
                ttl.untilSeconds());
    if (ttl.seconds() <= ttl.untilSeconds() && ttl.untilSeconds() < ttl.seconds() + 1) {
      return ttl.seconds() + " s: " + flip;
    }
    return ttl.seconds()
        + " s, the "
        + (ttl.seconds() == ttl.max() && ttl.untilSeconds() >= ttl.max() ? "most" : "least")
        + " that the service allows: "
        + flip;
  }

  private void link(Link link) {
    text.append('\n');
    line("name", finding(link));
    for (Decided decided : link.decisions()) {
      if (link.decisions().size() > 1) {
        text.append("for ").append(decided.explanation().asksV4() ? "IPv4" : "IPv6").append('\n');
      }
      decided(decided);
    }
  }

  private static String finding(Link link) {
    Finding finding = link.finding();
    String name = link.name();
    String inZone = " in zone " + finding.zone();
    String by = finding.owner().equals(name) ? name : name + " by " + finding.owner();
    String hint = finding.hint().isEmpty() ? "" : "; " + finding.hint();
    return switch (finding.kind()) {
      case STEERED -> by + inZone + " is steered";
      case BESIDE_STEERED ->
          by + inZone + " is steered, but not for this type" + types("; static here: ", finding);
      case STATIC -> by + inZone + " is static" + types(", with ", finding);
      case EMPTY -> by + inZone + " has no records, only names below it";
      case MISSING ->
          name + " does not exist" + inZone + "; what exists of it is " + finding.owner() + hint;
      case DELEGATED -> name + inZone + " is delegated at " + finding.owner();
      case RENAMED -> name + inZone + " is below the DNAME of " + finding.owner();
      case OUTSIDE -> name + " is in none of the zones here" + hint;
      case HOST -> name + " is redirected";
      case NO_HOST -> "nothing is redirected for " + name + hint;
    };
  }

  private static String types(String before, Finding finding) {
    return finding.types().isEmpty() ? "" : before + String.join(", ", finding.types());
  }

  private void decided(Decided decided) {
    Explanation explanation = decided.explanation();
    line("service", explanation.service().name() + ": " + chosen(explanation));
    for (Explanation.Line reason : explanation.reasons()) {
      if (!reason.label().equals("pool")) {
        line(reason.label(), reason.value());
      }
      if (reason.label().equals("place")) {
        origins(explanation.client());
      }
    }
    List<Explanation.Line> pools =
        explanation.reasons().stream().filter(line -> line.label().equals("pool")).toList();
    for (int i = 0; i < pools.size(); i++) {
      line("pool", pools.get(i).value());
      endpoints(explanation.considered().get(i));
    }
    for (Change change : decided.changes()) {
      if (change.cause() instanceof Change.Neighbour(Prefix prefix)) {
        line("beyond", prefix + ", " + beyond(change.then(), explanation));
      } else {
        line("change", change(change));
      }
    }
  }

  private String chosen(Explanation explanation) {
    StringBuilder words = new StringBuilder(explanation.outcome());
    Explanation.Decision decision = explanation.decision();
    if (result.request().via() == ExplainRequest.Via.HTTP) {
      Pool pool = decision.redirect();
      if (pool != null && pool.redirectTo() == null) {
        words.append("; pool '").append(pool.name()).append("' has no redirect-to");
      } else if (pool != null && decision.pools().size() > 1) {
        words.append("; redirected to '").append(pool.name()).append("', whose endpoint is drawn");
      }
      return words.toString();
    }
    if (decision.cname() != null || decision.pools().isEmpty()) {
      return words.toString();
    }
    boolean isOfAddresses =
        switch (result.request().type()) {
          case "A", "AAAA" -> true;
          case "HTTPS" -> explanation.service().httpsRecord() != null;
          default -> false;
        };
    if (!isOfAddresses) {
      return words
          .append(
              result.request().type().equals("ANY")
                  ? "; no alias, so ANY gets one HINFO (RFC 8482)"
                  : "; nodata: no alias, and a name that may be one has addresses alone")
          .toString();
    }
    for (Family family : Family.values()) {
      if (!asks(explanation, family)) {
        continue;
      }
      Explanation.FamilyAnswer answer = family == Family.V4 ? decision.v4() : decision.v6();
      String empty = explanation.whyEmpty(family);
      if (!empty.isEmpty()) {
        words.append("; nodata: ").append(empty);
      } else if (answer.answered().size() < answer.all().size()) {
        words.append("; drawn from ").append(weighed(answer.all()));
      }
    }
    return words.toString();
  }

  private boolean asks(Explanation explanation, Family family) {
    boolean isIndependent =
        explanation.service().families() == gslb.steering.Families.INDEPENDENT
            && explanation.asksV4() != (family == Family.V4);
    return !isIndependent
        && switch (result.request().type()) {
          case "A" -> family == Family.V4;
          case "AAAA" -> family == Family.V6;
          default -> true;
        };
  }

  private static String weighed(List<Endpoint> endpoints) {
    return endpoints.stream()
        .map(e -> e.describe() + (e.weight() == 1 ? "" : " weight " + e.weight()))
        .collect(Collectors.joining(", "));
  }

  private void origins(Explanation.Client client) {
    Prefix network = client.network();
    if (network != null) {
      line("", "network '" + client.place().network() + "' has " + network);
    }
    for (PlaceOrigin origin : client.origins()) {
      String fields =
          origin.fields().stream()
              .map(field -> field.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "));
      String source =
          switch (origin.source()) {
            case PlaceOrigin.Database(String name, String type, long built) ->
                file(name)
                    + " ("
                    + type
                    + ", "
                    + Instant.ofEpochSecond(built).atZone(ZoneOffset.UTC).toLocalDate()
                    + ") says of "
                    + origin.prefix();
            case PlaceOrigin.Countries() -> "the table of countries adds";
          };
      line("", source + ": " + fields);
    }
  }

  private static String file(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private void endpoints(Considered considered) {
    Pool pool = considered.state().pool();
    boolean isRejected = considered.standing() == Standing.REJECTED;
    List<String> lines = new ArrayList<>();
    for (Endpoint endpoint : pool.endpoints()) {
      EndpointStatus status = result.endpoints().get(endpoint.id());
      if (status != null && (isRejected || status.held())) {
        lines.add(endpoint.describe() + " is " + Evidence.of(status, result.sites()));
      }
    }
    if (lines.isEmpty() || !shown.add(pool.id())) {
      return;
    }
    lines.stream().limit(ENDPOINTS_MAX).forEach(line -> line("", "  " + line));
    if (lines.size() > ENDPOINTS_MAX) {
      line("", "  and " + (lines.size() - ENDPOINTS_MAX) + " more");
    }
  }

  private String change(Change change) {
    String when =
        switch (change.cause()) {
          case Change.PoolFails(Pool pool) -> "if '" + pool.name() + "' fails";
          case Change.PoolRecovers(Pool pool, Duration after) ->
              "if '"
                  + pool.name()
                  + "' is up"
                  + (after.isZero() ? "" : ", " + seconds(after) + " after that by its ramp");
          case Change.RampArrives(Pool pool, int step, Duration within) ->
              "at step "
                  + step
                  + " of the ramp of '"
                  + pool.name()
                  + "', within "
                  + seconds(within);
          case Change.NextSlot(long atMillis) -> "from " + Instant.ofEpochMilli(atMillis) + " on";
          case Change.Neighbour(Prefix prefix) -> "beyond, in " + prefix;
        };
    Explanation then = change.then();
    return when + ": " + then.outcome() + addresses(then);
  }

  /// Where a neighbour is, by what it is told apart, and what it gets.
  private String beyond(Explanation neighbour, Explanation explanation) {
    String place = neighbour.reasons().getFirst().value();
    StringBuilder words = new StringBuilder(place.substring(0, place.lastIndexOf(" (")));
    for (Explanation.Line reason : neighbour.reasons()) {
      if (reason.label().equals("geo") || reason.label().equals("nearest")) {
        words.append("; ").append(reason.label()).append(' ').append(reason.value());
      }
    }
    words.append(": ").append(neighbour.outcome());
    return neighbour.decision().pools().equals(explanation.decision().pools())
        ? words.append(" there too, for now").toString()
        : words.append(addresses(neighbour)).toString();
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.0f s", Math.ceil(duration.toMillis() / 1e3));
  }

  private String addresses(Explanation then) {
    if (result.request().via() == ExplainRequest.Via.HTTP) {
      return "";
    }
    DnsName cname = then.decision().cname();
    if (cname != null) {
      return ", " + cname;
    }
    List<String> words = new ArrayList<>();
    for (Family family : Family.values()) {
      if (asks(then, family)) {
        Explanation.FamilyAnswer answer =
            family == Family.V4 ? then.decision().v4() : then.decision().v6();
        answer.answered().forEach(endpoint -> words.add(endpoint.address().toString()));
      }
    }
    return words.isEmpty() ? "" : ", " + String.join(", ", words);
  }

  private void hex(String wire) {
    text.append('\n');
    line("octets", wire.length() / 2 + " in the reply");
    for (int at = 0; at < wire.length(); at += 2 * HEX_OCTETS) {
      StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%04x ", at / 2));
      for (int i = at; i < Math.min(wire.length(), at + 2 * HEX_OCTETS); i += 2) {
        row.append(' ').append(wire, i, i + 2);
      }
      text.append(" ".repeat(INDENT)).append(row).append('\n');
    }
  }

  private void line(String label, String value) {
    text.append(label).append(" ".repeat(Math.max(1, INDENT - label.length())));
    wrapped(value, INDENT);
  }

  /// Breaks between words; a line that goes on is indented by two more.
  private void wrapped(String value, int indent) {
    int column = indent;
    boolean isFirst = true;
    int lead = value.length() - value.stripLeading().length();
    text.append(" ".repeat(lead));
    column += lead;
    for (String word : value.stripLeading().split(" ", -1)) {
      if (!isFirst && column + 1 + word.length() > COLUMNS) {
        text.append('\n').append(" ".repeat(indent + lead + 2)).append(word);
        column = indent + lead + 2 + word.length();
      } else {
        text.append(isFirst ? "" : " ").append(word);
        column += (isFirst ? 0 : 1) + word.length();
      }
      isFirst = false;
    }
    text.append('\n');
  }
}
