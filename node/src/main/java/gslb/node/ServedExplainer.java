package gslb.node;

import gslb.admin.ExplainRefused;
import gslb.admin.ExplainRequest;
import gslb.admin.ExplainResult;
import gslb.admin.ExplainResult.Decided;
import gslb.admin.ExplainResult.Finding;
import gslb.admin.ExplainResult.FindingKind;
import gslb.admin.ExplainResult.Link;
import gslb.admin.StatusSurvey;
import gslb.base.Prefix;
import gslb.config.NearestName;
import gslb.dns.DnsSnapshot;
import gslb.health.HealthStatus;
import gslb.redirect.RedirectSnapshot;
import gslb.steering.Catalog;
import gslb.steering.Change;
import gslb.steering.Endpoint;
import gslb.steering.Explanation;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

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
  /// What a request looks at: the generation, or what it would be if some were down.
  ///
  /// @param dns whose deadlines no probe moves any more
  record Scene(DnsSnapshot dns, RedirectSnapshot redirect, SteeringPlan plan) {}

  /// What was found out.
  ///
  /// @param provenance how the address that decides came to be the client's, in words
  record Findings(String provenance, ExplainResult.Reply reply, List<Link> links) {}

  ExplainResult explain(ExplainRequest request) throws ExplainRefused {
    Scene scene = scene(request.down());
    long millis = request.atMillis().orElse(nowMillis);
    Findings findings =
        switch (request.via()) {
          case DNS -> new DnsExplainer(scene, request, proxies, millis, nowNanos).explain();
          case HTTP -> http(request, scene, millis);
        };
    return result(request, scene, millis, findings);
  }

  private Scene scene(List<String> down) throws ExplainRefused {
    if (down.isEmpty()) {
      return new Scene(generation.dns().frozen(), generation.redirect(), generation.plan());
    }
    VerdictTable table = generation.plan().verdicts();
    for (String one : down) {
      for (Endpoint endpoint : endpoints(one)) {
        table = table.with(endpoint.id(), Verdict.DOWN);
      }
    }
    SteeringPlan plan = generation.plan().supposing(table);
    return new Scene(
        generation.dns().with(generation.number(), plan).frozen(),
        generation.redirect().with(generation.number(), plan),
        plan);
  }

  private List<Endpoint> endpoints(String poolOrAddress) throws ExplainRefused {
    Catalog catalog = generation.plan().catalog();
    Optional<List<Endpoint>> found = catalog.endpoints(poolOrAddress);
    if (found.isPresent()) {
      return found.get();
    }
    String hint =
        NearestName.hint(poolOrAddress, catalog.pools().stream().map(Pool::name).toList());
    throw new ExplainRefused(
        "there is no pool and no endpoint '"
            + poolOrAddress
            + "'"
            + (hint.isEmpty() ? "" : "; " + hint));
  }

  private static Findings http(ExplainRequest request, Scene scene, long millis) {
    String host = request.name().toLowerCase(Locale.ROOT);
    RedirectSnapshot.Rehearsal reply =
        scene.redirect().rehearse(host, request.from(), request.path(), millis);
    OptionalInt service = scene.redirect().serviceOf(host);
    List<Decided> decisions = new ArrayList<>();
    if (service.isPresent()) {
      Explanation explanation =
          scene.plan().explain(service.getAsInt(), request.from().isV4(), request.from(), millis);
      boolean isDrawn = explanation.isPoolDrawn() || explanation.decision().pools().size() > 1;
      decisions.add(new Decided(explanation, null, changes(scene.plan(), explanation, isDrawn)));
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
    return new Findings(
        "the socket's peer",
        new ExplainResult.HttpReply(reply.status(), reply.location(), reply.problem()),
        List.of(new Link(host, finding, decisions)));
  }

  /// @param isDrawn whether a draw has a part in what was asked for
  static List<Change> changes(SteeringPlan plan, Explanation explanation, boolean isDrawn) {
    return plan.changes(explanation).stream()
        .filter(change -> isDrawn || !(change.cause() instanceof Change.NextSlot))
        .toList();
  }

  private ExplainResult result(
      ExplainRequest request, Scene scene, long millis, Findings findings) {
    Set<Pool> pools = new LinkedHashSet<>();
    for (Link link : findings.links()) {
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
        findings.provenance(),
        Math.max(1, sites),
        findings.reply(),
        findings.links(),
        StatusSurvey.endpoints(scene.plan(), generation.guard(), health, pools));
  }
}
