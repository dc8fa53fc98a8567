package gslb.trials.script;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.dns.DnsSnapshot;
import gslb.dns.Responder;
import gslb.health.MonitoredEndpoints.Watched;
import gslb.health.TargetKey;
import gslb.health.TargetVerdicts;
import gslb.node.ScriptedWorld;
import gslb.redirect.RedirectSnapshot;
import gslb.steering.Endpoint;
import gslb.steering.FlipDeadlines;
import gslb.steering.Pool;
import gslb.steering.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The served side of a script: its files, clock and verdicts, and the responder that answers from
/// them. One thread changes it; the snapshot is read by any.
final class Theatre {
  private final String script;
  private final ScriptedFiles files;
  private final ScriptClock clock = new ScriptClock();
  private final Map<TargetKey, Verdict> verdicts = new HashMap<>();
  private final Responder responder = new Responder(this::snapshot);
  private ScriptedWorld world;
  private ScriptedWorld.@Nullable Served served;
  private long generation;
  private volatile DnsSnapshot snapshot;
  private volatile RedirectSnapshot redirect;

  Theatre(String script) {
    this.script = script;
    this.files = new ScriptedFiles(script);
  }

  ScriptClock clock() {
    return clock;
  }

  Responder responder() {
    return responder;
  }

  ScriptedWorld world() {
    return world;
  }

  RedirectSnapshot redirect() {
    return redirect;
  }

  private DnsSnapshot snapshot() {
    return snapshot;
  }

  /// Serves the files as they are.
  ///
  /// @throws ScriptError if the configuration is refused
  void open() {
    Diagnostics diagnostics = new Diagnostics();
    take(
        read(diagnostics)
            .orElseThrow(
                () ->
                    new ScriptError(
                        SourceSpan.file(script),
                        "the configuration is refused:\n" + text(diagnostics.sorted()),
                        "")));
  }

  private Optional<ScriptedWorld> read(Diagnostics diagnostics) {
    return ScriptedWorld.read(files, files.mainFile(), files.databases(), clock, diagnostics);
  }

  private void take(ScriptedWorld next) {
    world = next;
    publish();
  }

  private void publish() {
    generation++;
    TargetVerdicts latest = new TargetVerdicts(verdicts);
    served = world.serve(generation, latest, served, clock.nanoTime(), clock.currentTimeMillis());
    redirect = served.redirect();
    snapshot = served.dns();
  }

  /// @return what is wrong with the step, or empty
  Optional<String> change(Step step) {
    switch (step) {
      case Step.Write write -> files.write(write);
      case Step.Flip flip -> {
        for (Endpoint endpoint : endpoints(flip.where(), flip.endpoints())) {
          flip(flip, endpoint);
        }
        publish();
      }
      case Step.Deadline deadline -> {
        long nanos =
            deadline
                .after()
                .map(after -> clock.nanoTime() + after.toNanos())
                .orElse(FlipDeadlines.NEVER);
        endpoints(deadline.where(), deadline.endpoints())
            .forEach(e -> world.deadlines().set(e.id(), nanos));
      }
      case Step.Pass pass -> {
        clock.pass(pass.time());
        publish();
      }
      case Step.SetClock set -> {
        clock.set(set.wall());
        publish();
      }
      case Step.Reload reload -> {
        return reload(reload);
      }
      case Step.Ask _, Step.Request _ ->
          throw new IllegalArgumentException("a question changes nothing");
    }
    return Optional.empty();
  }

  private List<Endpoint> endpoints(SourceSpan where, Step.Endpoints named) {
    Pool pool =
        world.configuration().catalog().pools().stream()
            .filter(p -> p.name().equals(named.pool()))
            .findFirst()
            .orElseThrow(
                () -> new ScriptError(where, "there is no pool '" + named.pool() + "'", ""));
    List<Endpoint> endpoints =
        pool.endpoints().stream()
            .filter(
                e -> named.address().isEmpty() || e.address().toString().equals(named.address()))
            .toList();
    if (endpoints.isEmpty()) {
      throw new ScriptError(
          where, "pool '" + named.pool() + "' has no endpoint '" + named.address() + "'", "");
    }
    return endpoints;
  }

  private void flip(Step.Flip flip, Endpoint endpoint) {
    Watched watched =
        world.monitored().endpoints().stream()
            .filter(w -> w.endpoint() == endpoint.id())
            .findFirst()
            .orElseThrow(
                () ->
                    new ScriptError(
                        flip.where(),
                        "endpoint " + endpoint.address() + " has no monitor",
                        "what nothing monitors is up"));
    watched.targets().forEach(target -> verdicts.put(target, flip.verdict()));
  }

  private Optional<String> reload(Step.Reload reload) {
    Diagnostics diagnostics = new Diagnostics();
    Optional<ScriptedWorld> next = read(diagnostics);
    String said = text(diagnostics.sorted());
    if (next.isPresent()) {
      if (reload.isRefused()) {
        return Optional.of("the configuration is taken, and must be refused");
      }
      take(next.get());
      return Optional.empty();
    }
    if (!reload.isRefused()) {
      return Optional.of("the configuration is refused:\n" + said);
    }
    return reload.refusals().stream()
        .filter(part -> !said.contains(part))
        .findFirst()
        .map(part -> "no diagnostic says '" + part + "':\n" + said);
  }

  private static String text(List<Diagnostic> diagnostics) {
    return String.join("\n", diagnostics.stream().map(d -> "  " + d).toList());
  }
}
