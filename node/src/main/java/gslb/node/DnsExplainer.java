package gslb.node;

import gslb.admin.ExplainRefused;
import gslb.admin.ExplainRequest;
import gslb.admin.ExplainResult.Decided;
import gslb.admin.ExplainResult.DnsReply;
import gslb.admin.ExplainResult.Finding;
import gslb.admin.ExplainResult.FindingKind;
import gslb.admin.ExplainResult.Link;
import gslb.admin.ExplainResult.Ttl;
import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.config.NearestName;
import gslb.dns.AccessList;
import gslb.dns.NameFinding;
import gslb.dns.Rehearsal;
import gslb.steering.Endpoint;
import gslb.steering.Explanation;
import gslb.steering.Families;
import gslb.steering.FlipDeadlines;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.zones.FlatZone;
import gslb.zones.MessageText;
import gslb.zones.ZoneSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Explains one DNS query: has the responder make the reply, and says of each name on the way what
/// it is and why it is answered as it is.
///
/// @param scene what it looks at
/// @param proxies sources whose DNS begins with a PROXY header
/// @param millis wall-clock time of the question
/// @param nowNanos on the monotonic clock, which TTLs are counted from
record DnsExplainer(
    ServedExplainer.Scene scene,
    ExplainRequest request,
    List<Prefix> proxies,
    long millis,
    long nowNanos) {
  /// Names of a zone that are compared in search of one that may have been meant.
  static final int NAMES_MAX = 10_000;

  /// Every type (RFC 1035 §3.2.3), which is answered with something anyway (RFC 8482 §4.2).
  private static final int QTYPE_ANY = 255;

  ServedExplainer.Findings explain() throws ExplainRefused {
    DnsName name =
        DnsName.parse(request.name())
            .orElseThrow(
                () -> new ExplainRefused("name '" + request.name() + "' is not a domain name"));
    int type =
        MessageText.type(request.type())
            .orElseThrow(
                () -> new ExplainRefused("type '" + request.type() + "' is not a record type"));
    checkProxy();
    Rehearsal rehearsal =
        Rehearsal.of(
            scene.dns(),
            new Rehearsal.Question(name, type, request.from(), request.subnet()),
            millis,
            nowNanos);
    String silence = silence();
    MessageText read = silence.isEmpty() ? MessageText.of(rehearsal.reply()).orElse(null) : null;
    List<DnsName> names = new ArrayList<>(List.of(name));
    if (read != null) {
      names.addAll(read.aliases());
    }
    List<Link> links = new ArrayList<>();
    boolean isSolved = read != null && !read.rcode().equals("REFUSED");
    for (DnsName one : names) {
      links.add(link(one, type, isSolved));
    }
    DnsReply reply =
        read == null
            ? silent(rehearsal, silence)
            : reply(rehearsal, read, scopeReason(read, links));
    return new ServedExplainer.Findings(provenance(), reply, links);
  }

  private void checkProxy() throws ExplainRefused {
    Address proxy = request.proxy();
    if (proxy != null && !isProxy(proxy)) {
      throw new ExplainRefused(
          proxy
              + " is no proxy that DNS is taken from: it must be in client-address:"
              + " {trusted-proxies: […], proxy-protocol: {dns: required}}, else its header is read"
              + " as a malformed query");
    }
  }

  private boolean isProxy(Address address) {
    return proxies.stream().anyMatch(proxy -> proxy.contains(address));
  }

  private String silence() {
    if (request.proxy() == null && isProxy(request.from())) {
      return request.from()
          + " is a trusted proxy: what it sends must begin with a PROXY header, and is dropped"
          + " without";
    }
    return Rehearsal.access(scene.dns(), request.from()).orElse(AccessList.Action.ANSWER)
            == AccessList.Action.DROP
        ? "the access list (dns: access) drops what comes from " + request.from()
        : "";
  }

  private static DnsReply silent(Rehearsal rehearsal, String silence) {
    return new DnsReply(
        hex(rehearsal.query()),
        "",
        "",
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        OptionalInt.empty(),
        "",
        "",
        silence);
  }

  private static DnsReply reply(Rehearsal rehearsal, MessageText read, String scopeReason) {
    return new DnsReply(
        hex(rehearsal.query()),
        hex(rehearsal.reply()),
        read.rcode(),
        read.flags(),
        lines(read.answer()),
        lines(read.authority()),
        lines(read.additional()),
        read.scope(),
        scopeReason,
        read.error(),
        "");
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }

  private static List<String> lines(List<MessageText.Line> lines) {
    return lines.stream().map(MessageText.Line::toString).toList();
  }

  private Link link(DnsName name, int type, boolean isSolved) {
    NameFinding found = NameFinding.of(scene.dns(), name, type);
    List<Decided> decisions =
        isSolved && found instanceof NameFinding.Steered steered && steered.isDecided()
            ? decisions(steered.service(), type)
            : List.of();
    return new Link(name.toString(), finding(name, found), decisions);
  }

  private List<Decided> decisions(int service, int type) {
    SteeringPlan plan = scene.plan();
    boolean isApart =
        type == FlatZone.TYPE_HTTPS
            && plan.catalog().services().get(service).families() == Families.INDEPENDENT;
    Explanation first =
        plan.explain(service, type != FlatZone.TYPE_AAAA, request.decides(), millis);
    if (!isApart || first.decision().cname() != null) {
      boolean isDrawn =
          type != FlatZone.TYPE_AAAA && first.isDrawn(Family.V4)
              || type != FlatZone.TYPE_A && first.isDrawn(Family.V6);
      return List.of(
          new Decided(
              first, ttl(type, first, first), ServedExplainer.changes(plan, first, isDrawn)));
    }
    Explanation second = plan.explain(service, false, request.decides(), millis);
    return List.of(
        new Decided(
            first,
            ttl(type, first, second),
            ServedExplainer.changes(plan, first, first.isDrawn(Family.V4))),
        new Decided(
            second, null, ServedExplainer.changes(plan, second, second.isDrawn(Family.V6))));
  }

  /// @param ofV6 the decision that IPv6 addresses are from
  private @Nullable Ttl ttl(int type, Explanation explanation, Explanation ofV6) {
    Explanation.Decision decision = explanation.decision();
    boolean isAlias = decision.cname() != null;
    boolean isNodata = false;
    List<Endpoint> held = new ArrayList<>();
    if (isAlias) {
      held.addAll(decision.v4().all());
      held.addAll(decision.v6().all());
    } else {
      boolean isHttps = type == FlatZone.TYPE_HTTPS && explanation.service().httpsRecord() != null;
      if (type == FlatZone.TYPE_A || isHttps) {
        held.addAll(decision.v4().answered());
      }
      if (type == FlatZone.TYPE_AAAA || isHttps) {
        held.addAll(ofV6.decision().v6().answered());
      }
      isNodata = held.isEmpty();
      boolean isOfPools =
          !decision.pools().isEmpty() || isHttps && !ofV6.decision().pools().isEmpty();
      if (isNodata && (type == QTYPE_ANY || !isOfPools)) {
        return null;
      }
      if (type != FlatZone.TYPE_AAAA) {
        held.addAll(decision.pillars());
      }
      if (type == FlatZone.TYPE_AAAA || isHttps) {
        held.addAll(ofV6.decision().pillars());
      }
    }
    Service service = explanation.service();
    Rehearsal.TtlReason reason = Rehearsal.ttl(scene.dns(), service.id(), held, nowNanos);
    return new Ttl(
        isNodata,
        reason.seconds(),
        service.ttl().minSeconds(),
        service.ttl().maxSeconds(),
        reason.firstId() < 0 ? null : scene.plan().catalog().endpoints().get(reason.firstId()),
        reason.untilNanos() == FlipDeadlines.NEVER ? Double.NaN : reason.untilNanos() / 1e9);
  }

  private Finding finding(DnsName name, NameFinding found) {
    return switch (found) {
      case NameFinding.Outside() ->
          new Finding(
              FindingKind.OUTSIDE,
              "",
              "",
              List.of(),
              NearestName.hint(
                  name.toString(),
                  scene.dns().zones().zones().stream().map(z -> z.apex().toString()).toList()));
      case NameFinding.Steered steered ->
          of(
              steered.isDecided() ? FindingKind.STEERED : FindingKind.BESIDE_STEERED,
              steered.zone(),
              steered.owner(),
              steered.types());
      case NameFinding.Static still ->
          of(
              still.types().isEmpty() ? FindingKind.EMPTY : FindingKind.STATIC,
              still.zone(),
              still.owner(),
              still.types());
      case NameFinding.Missing(DnsName zone, DnsName encloser) ->
          new Finding(
              FindingKind.MISSING,
              zone.toString(),
              encloser.toString(),
              List.of(),
              NearestName.hint(name.toString(), names(scene.dns().zones(), zone)));
      case NameFinding.Delegated(DnsName zone, DnsName cut) ->
          of(FindingKind.DELEGATED, zone, cut, List.of());
      case NameFinding.Renamed(DnsName zone, DnsName owner) ->
          of(FindingKind.RENAMED, zone, owner, List.of());
    };
  }

  private static Finding of(FindingKind kind, DnsName zone, DnsName owner, List<Integer> types) {
    return new Finding(
        kind,
        zone.toString(),
        owner.toString(),
        types.stream().map(MessageText::type).toList(),
        "");
  }

  private static List<String> names(ZoneSet zones, DnsName apex) {
    List<String> names = new ArrayList<>();
    for (FlatZone zone : zones.zones()) {
      if (zone.apex().equals(apex)) {
        for (int node = 0; node < Math.min(NAMES_MAX, zone.nodeCount()); node++) {
          names.add(zone.name(node).toString());
        }
      }
    }
    return names;
  }

  private String provenance() {
    String proxied =
        request.proxy() == null
            ? ""
            : ", named by the PROXY header of the trusted proxy " + request.proxy();
    Prefix subnet = request.subnet();
    if (subnet == null) {
      return (request.client() == null
              ? "the resolver itself, which sends no client subnet"
              : "the client itself, which sends no client subnet")
          + (proxied.isEmpty() ? ": the socket's peer" : proxied);
    }
    boolean isItself = request.from().equals(request.client());
    String sender = (isItself ? "" : "resolver ") + request.from() + proxied;
    return subnet.length() == 0
        ? "the sender's own address, for its client subnet is empty (SOURCE 0)" + proxied
        : "from client subnet " + subnet + " sent by " + sender;
  }

  private String scopeReason(MessageText read, List<Link> links) {
    Explanation.Client widest =
        links.stream()
            .flatMap(link -> link.decisions().stream())
            .map(decided -> decided.explanation().client())
            .max(Comparator.comparingInt(client -> client.scope().length()))
            .orElse(null);
    Prefix subnet = request.subnet();
    if (read.scope().isPresent() && subnet != null && subnet.length() == 0) {
      return "the client asks that its address be not used (SOURCE 0)";
    }
    if (widest == null) {
      return read.scope().isPresent()
          ? "nothing here depends on the client"
          : "the query has no client subnet";
    }
    String bound =
        switch (widest.bound()) {
          case NONE -> "all " + (widest.address().isV4() ? "IPv4" : "IPv6") + " clients are alike";
          case PLACE -> "outside " + widest.scope() + " the policy can decide otherwise";
          case HASH -> "a hash decides for all of " + widest.scope();
          case RAMP -> "a ramp admits all of " + widest.scope() + " together";
        };
    if (read.scope().isEmpty() || subnet == null) {
      return "the query has no client subnet; with one it would be /"
          + widest.scope().length()
          + ": "
          + bound;
    }
    return widest.scope().length() > subnet.length()
        ? bound
            + "; longer than the query's /"
            + subnet.length()
            + ", so it holds for "
            + widest.scope()
            + " alone"
        : bound;
  }
}
