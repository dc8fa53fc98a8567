package gslb.node;

import gslb.admin.ExplainRefused;
import gslb.admin.ExplainRequest;
import gslb.admin.ExplainResult;
import gslb.admin.ExplainResult.Decided;
import gslb.admin.ExplainResult.DnsReply;
import gslb.admin.ExplainResult.Finding;
import gslb.admin.ExplainResult.FindingKind;
import gslb.admin.ExplainResult.Link;
import gslb.admin.ExplainResult.Ttl;
import gslb.admin.StatusSurvey;
import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.config.NearestName;
import gslb.dns.AccessList;
import gslb.dns.DnsSnapshot;
import gslb.dns.NameFinding;
import gslb.dns.Rehearsal;
import gslb.health.HealthStatus;
import gslb.redirect.RedirectSnapshot;
import gslb.steering.Catalog;
import gslb.steering.Change;
import gslb.steering.Endpoint;
import gslb.steering.Explanation;
import gslb.steering.Families;
import gslb.steering.FlipDeadlines;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.zones.FlatZone;
import gslb.zones.MessageText;
import gslb.zones.ZoneSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Explains what a generation gives to a client: has the responder or the redirect tier make the
/// reply, and the compiler's own code trace how it came to it.
///
/// @param node its name, empty for a configuration alone
/// @param health what stands behind the verdicts
/// @param proxies sources whose DNS begins with a PROXY header
/// @param nowMillis wall-clock time
/// @param nowNanos on the monotonic clock, which TTLs are counted from
record ServedExplainer(
    String node,
    Generation generation,
    HealthStatus health,
    List<Prefix> proxies,
    long nowMillis,
    long nowNanos) {
  /// Names of a zone that are compared in search of one that may have been meant.
  static final int NAMES_MAX = 10_000;

  /// What a request looks at: the generation, or what it would be if some were down.
  private record Scene(DnsSnapshot dns, RedirectSnapshot redirect, SteeringPlan plan) {}

  ExplainResult explain(ExplainRequest request) throws ExplainRefused {
    Scene scene = scene(request.down());
    long millis = request.atMillis().orElse(nowMillis);
    return switch (request.via()) {
      case DNS -> dns(request, scene, millis);
      case HTTP -> http(request, scene, millis);
    };
  }

  private Scene scene(List<String> down) throws ExplainRefused {
    if (down.isEmpty()) {
      return new Scene(generation.dns(), generation.redirect(), generation.plan());
    }
    Catalog catalog = generation.plan().catalog();
    VerdictTable table = generation.plan().verdicts();
    for (String one : down) {
      for (Endpoint endpoint : endpoints(catalog, one)) {
        table = table.with(endpoint.id(), Verdict.DOWN);
      }
    }
    SteeringPlan plan = generation.plan().supposing(table);
    return new Scene(
        generation.dns().with(generation.number(), plan),
        generation.redirect().with(generation.number(), plan),
        plan);
  }

  private static List<Endpoint> endpoints(Catalog catalog, String poolOrAddress)
      throws ExplainRefused {
    for (Pool pool : catalog.pools()) {
      if (pool.name().equals(poolOrAddress)) {
        return pool.endpoints();
      }
    }
    Address address = Address.parse(poolOrAddress).orElse(null);
    List<Endpoint> endpoints =
        catalog.endpoints().stream().filter(e -> e.address().equals(address)).toList();
    if (endpoints.isEmpty()) {
      String hint =
          NearestName.hint(poolOrAddress, catalog.pools().stream().map(Pool::name).toList());
      throw new ExplainRefused(
          "there is no pool and no endpoint '"
              + poolOrAddress
              + "'"
              + (hint.isEmpty() ? "" : "; " + hint));
    }
    return endpoints;
  }

  private ExplainResult http(ExplainRequest request, Scene scene, long millis) {
    String host = request.name().toLowerCase(Locale.ROOT);
    RedirectSnapshot.Rehearsal reply =
        scene.redirect().rehearse(host, request.from(), request.path(), millis);
    OptionalInt service = scene.redirect().serviceOf(host);
    List<Decided> decisions = new ArrayList<>();
    if (service.isPresent()) {
      Explanation explanation =
          scene.plan().explain(service.getAsInt(), request.from().isV4(), request.from(), millis);
      boolean isDrawn = explanation.isPoolDrawn() || explanation.decision().pools().size() > 1;
      decisions.add(new Decided(explanation, null, changes(scene, explanation, isDrawn)));
    }
    List<String> hosts =
        scene.plan().catalog().services().stream()
            .map(Service::redirect)
            .flatMap(redirect -> redirect == null ? Stream.of() : redirect.hosts().stream())
            .toList();
    Finding finding =
        new Finding(
            service.isPresent() ? FindingKind.HOST : FindingKind.NO_HOST,
            "",
            "",
            List.of(),
            service.isPresent() ? "" : NearestName.hint(host, hosts));
    return result(
        request,
        scene,
        millis,
        "the socket's peer",
        new ExplainResult.HttpReply(reply.status(), reply.location(), reply.problem()),
        List.of(new Link(host, finding, decisions)));
  }

  private ExplainResult dns(ExplainRequest request, Scene scene, long millis)
      throws ExplainRefused {
    DnsName name =
        DnsName.parse(request.name())
            .orElseThrow(
                () -> new ExplainRefused("name '" + request.name() + "' is not a domain name"));
    int type =
        MessageText.type(request.type())
            .orElseThrow(
                () -> new ExplainRefused("type '" + request.type() + "' is not a record type"));
    checkProxy(request.proxy());
    Rehearsal rehearsal =
        Rehearsal.of(
            scene.dns(),
            new Rehearsal.Question(name, type, request.from(), request.subnet()),
            millis,
            nowNanos);
    String silence = silence(request, scene);
    MessageText read = silence.isEmpty() ? MessageText.of(rehearsal.reply()).orElse(null) : null;
    List<DnsName> names = new ArrayList<>(List.of(name));
    if (read != null) {
      names.addAll(read.aliases());
    }
    List<Link> links = new ArrayList<>();
    boolean isSolved = read != null && !read.rcode().equals("REFUSED");
    for (DnsName one : names) {
      links.add(link(one, type, request, scene, millis, isSolved));
    }
    DnsReply reply =
        read == null
            ? silent(rehearsal, silence)
            : reply(rehearsal, read, scopeReason(request, read, links));
    return result(request, scene, millis, provenance(request), reply, links);
  }

  private void checkProxy(@Nullable Address proxy) throws ExplainRefused {
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

  private String silence(ExplainRequest request, Scene scene) {
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

  private Link link(
      DnsName name, int type, ExplainRequest request, Scene scene, long millis, boolean isSolved) {
    NameFinding found = NameFinding.of(scene.dns(), name, type);
    List<Decided> decisions =
        isSolved && found instanceof NameFinding.Steered steered && steered.isDecided()
            ? decisions(steered.service(), type, request, scene, millis)
            : List.of();
    return new Link(name.toString(), finding(name, found, scene), decisions);
  }

  private List<Decided> decisions(
      int service, int type, ExplainRequest request, Scene scene, long millis) {
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
          new Decided(first, ttl(scene, type, first, first), changes(scene, first, isDrawn)));
    }
    Explanation second = plan.explain(service, false, request.decides(), millis);
    return List.of(
        new Decided(
            first,
            ttl(scene, type, first, second),
            changes(scene, first, first.isDrawn(Family.V4))),
        new Decided(second, null, changes(scene, second, second.isDrawn(Family.V6))));
  }

  /// @param isDrawn whether a draw has a part in what was asked for
  private static List<Change> changes(Scene scene, Explanation explanation, boolean isDrawn) {
    return scene.plan().changes(explanation).stream()
        .filter(change -> isDrawn || !(change.cause() instanceof Change.NextSlot))
        .toList();
  }

  /// @param ofV6 the decision that IPv6 addresses are from
  private @Nullable Ttl ttl(Scene scene, int type, Explanation explanation, Explanation ofV6) {
    Explanation.Decision decision = explanation.decision();
    boolean isAlias = decision.cname() != null;
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
      if (held.isEmpty()) {
        return null;
      }
      if (type == FlatZone.TYPE_A || isHttps) {
        held.addAll(decision.pillars());
      }
      if (type == FlatZone.TYPE_AAAA || isHttps) {
        held.addAll(ofV6.decision().pillars());
      }
    }
    Service service = explanation.service();
    Rehearsal.TtlReason reason = Rehearsal.ttl(scene.dns(), service.id(), held, nowNanos);
    return new Ttl(
        reason.seconds(),
        service.ttl().minSeconds(),
        service.ttl().maxSeconds(),
        reason.firstId() < 0 ? null : scene.plan().catalog().endpoints().get(reason.firstId()),
        reason.untilNanos() == FlipDeadlines.NEVER ? Double.NaN : reason.untilNanos() / 1e9);
  }

  private static Finding finding(DnsName name, NameFinding found, Scene scene) {
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

  private static String provenance(ExplainRequest request) {
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

  private static String scopeReason(ExplainRequest request, MessageText read, List<Link> links) {
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

  private ExplainResult result(
      ExplainRequest request,
      Scene scene,
      long millis,
      String provenance,
      ExplainResult.Reply reply,
      List<Link> links) {
    Set<Pool> pools = new LinkedHashSet<>();
    for (Link link : links) {
      for (Decided decided : link.decisions()) {
        decided.explanation().considered().forEach(one -> pools.add(one.state().pool()));
      }
    }
    int sites = (int) health.nodes().stream().map(HealthStatus.NodeStatus::site).distinct().count();
    return new ExplainResult(
        request,
        node,
        generation.number(),
        Instant.ofEpochMilli(millis).toString(),
        request.decides(),
        provenance,
        Math.max(1, sites),
        reply,
        links,
        StatusSurvey.endpoints(scene.plan(), generation.guard(), health, pools));
  }
}
