package gslb.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import gslb.steering.shift.PlanShift;
import gslb.steering.shift.PlanShift.Emptied;
import gslb.steering.shift.PlanShift.Move;
import gslb.steering.shift.PlanShift.PoolShift;
import gslb.steering.shift.PlanShift.ServiceShift;
import gslb.steering.shift.Shares;
import gslb.steering.shift.ShiftText;
import gslb.steering.shift.Simulation;
import gslb.steering.shift.Simulation.Overflow;
import gslb.steering.shift.Simulation.PoolLoad;
import gslb.steering.shift.Simulation.PoolShare;
import gslb.steering.shift.Simulation.ServiceLoad;
import gslb.steering.shift.Simulation.Stages;
import gslb.steering.shift.SimulationText;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON of plans and simulations, of the API and of the commands alike. Shares are 0..1, the
/// unknown continent is `unknown`, and where clients get no pool its name is null.
public final class ShiftJson {
  /// Services of an answer, those that change most.
  static final int SERVICES_MAX = 1_000;

  /// Moves of one service, the greatest.
  static final int MOVES_MAX = 1_000;

  private final AdminJson json = new AdminJson();

  /// What the API answers, as text.
  public String text(PlanResult.Planned planned) {
    return new String(json.bytes(plan(planned)), StandardCharsets.UTF_8);
  }

  /// What the API answers, as text.
  public String text(SimulateResult.Simulated simulated) {
    return new String(json.bytes(simulation(simulated)), StandardCharsets.UTF_8);
  }

  ObjectNode plan(PlanResult.Planned planned) {
    PlanShift shift = planned.shift();
    List<ServiceShift> changing =
        shift.services().stream()
            .filter(ServiceShift::changes)
            .sorted(Comparator.comparingDouble(s -> -s.disturbed(planned.weighting())))
            .toList();
    ObjectNode node =
        json.object()
            .put("generation", planned.generation())
            .put("weight", planned.weighting().name().toLowerCase(Locale.ROOT))
            .put("moved", rounded(shift.moved(planned.weighting())))
            .put("mostDisturbed", rounded(shift.mostDisturbed(planned.weighting())))
            .put("servicesUnchanged", shift.services().size() - changing.size())
            .put("servicesOmitted", Math.max(0, changing.size() - SERVICES_MAX));
    node.set("diagnostics", json.diagnostics(planned.diagnostics()));
    ArrayNode services = node.putArray("services");
    changing.stream()
        .limit(SERVICES_MAX)
        .forEach(service -> services.add(service(service, planned, shift.hasTraffic())));
    ArrayNode pools = node.putArray("pools");
    shift.pools().forEach(pools::add);
    return node.put("text", ShiftText.of(shift, planned.weighting()));
  }

  private ObjectNode service(ServiceShift service, PlanResult.Planned planned, boolean traffic) {
    ObjectNode node =
        json.object()
            .put("service", service.name())
            .put("fate", service.fate().name().toLowerCase(Locale.ROOT))
            .put("disturbed", rounded(service.disturbed(planned.weighting())));
    node.set("moved", shares(service.moved(), traffic));
    node.set("readdressed", shares(service.readdressed(), traffic));
    ArrayNode moves = node.putArray("moves");
    for (Move move : service.moves().subList(0, Math.min(MOVES_MAX, service.moves().size()))) {
      ObjectNode one = moves.addObject().put("from", pool(move.from())).put("to", pool(move.to()));
      one.set("share", shares(move.share(), traffic));
      one.set("continents", continents(move.continents(), traffic));
    }
    node.put("movesOmitted", Math.max(0, service.moves().size() - MOVES_MAX));
    ArrayNode pools = node.putArray("pools");
    for (PoolShift pool : service.pools()) {
      ObjectNode one = pools.addObject().put("pool", pool(pool.pool()));
      one.set("before", shares(pool.before(), traffic));
      one.set("after", shares(pool.after(), traffic));
    }
    ArrayNode emptied = node.putArray("emptied");
    for (Emptied family : service.emptied()) {
      ObjectNode one = emptied.addObject().put("type", family.isV4() ? "A" : "AAAA");
      one.set("share", shares(family.share(), traffic));
      ArrayNode continents = one.putArray("continents");
      family.continents().forEach(c -> continents.add(continent(c)));
      one.put("example", family.example().toString());
    }
    ArrayNode unavailable = node.putArray("unavailable");
    service
        .unavailable()
        .forEach(
            each ->
                unavailable
                    .addObject()
                    .put("stage", each.stage())
                    .set("share", shares(each.share(), traffic)));
    ArrayNode settings = node.putArray("settings");
    service.settings().forEach(settings::add);
    ArrayNode names = node.putArray("namesRemoved");
    service.namesRemoved().forEach(names::add);
    node.set("continents", continents(service.continents(), traffic));
    return node;
  }

  private ObjectNode continents(Map<String, Shares> continents, boolean traffic) {
    ObjectNode node = json.object();
    continents.forEach((c, shares) -> node.set(continent(c), shares(shares, traffic)));
    return node;
  }

  private ObjectNode shares(Shares shares, boolean traffic) {
    ObjectNode node = json.object().put("v4", rounded(shares.v4())).put("v6", rounded(shares.v6()));
    return traffic ? node.put("traffic", rounded(shares.traffic())) : node;
  }

  /// Without the last digits, which are rounding errors.
  private static double rounded(double value) {
    return Math.rint(value * 1e9) / 1e9;
  }

  private static @Nullable String pool(String name) {
    return name.isEmpty() ? null : name;
  }

  private static String continent(String continent) {
    return continent.isEmpty() ? "unknown" : continent;
  }

  ObjectNode simulation(SimulateResult.Simulated simulated) {
    Simulation simulation = simulated.simulation();
    ObjectNode node =
        json.object()
            .put("generation", simulated.generation())
            .put("scenario", simulation.scenario())
            .put("weight", simulation.weighting().name().toLowerCase(Locale.ROOT))
            .put("demand", simulation.demand())
            .put("unserved", rounded(simulation.unserved()))
            .put("rounds", simulation.rounds())
            .put("settled", simulation.isSettled());
    ArrayNode services = node.putArray("services");
    List<ServiceLoad> changing =
        simulation.services().stream().filter(ServiceLoad::changes).toList();
    changing.stream().limit(SERVICES_MAX).forEach(service -> services.add(service(service)));
    node.put("servicesUnchanged", simulation.services().size() - changing.size())
        .put("servicesOmitted", Math.max(0, changing.size() - SERVICES_MAX));
    ArrayNode pools = node.putArray("pools");
    simulation.pools().forEach(pool -> pools.add(pool(pool)));
    ArrayNode overflows = node.putArray("overflows");
    for (Overflow overflow : simulation.overflows()) {
      ObjectNode one =
          overflows
              .addObject()
              .put("pool", overflow.pool())
              .put("offered", rounded(overflow.offered()))
              .put("capacity", overflow.capacity());
      ObjectNode to = one.putObject("to");
      overflow.to().forEach((name, demand) -> to.put(name, rounded(demand)));
      one.put("nowhere", rounded(overflow.nowhere()));
    }
    ArrayNode notes = node.putArray("notes");
    simulation.notes().forEach(notes::add);
    return node.put("text", SimulationText.of(simulation));
  }

  private ObjectNode service(ServiceLoad service) {
    ObjectNode node =
        json.object()
            .put("service", service.name())
            .put("demand", service.demand())
            .put("unserved", rounded(service.unserved()))
            .put("unavailable", rounded(service.unavailable()));
    ArrayNode pools = node.putArray("pools");
    for (PoolShare pool : service.pools()) {
      ObjectNode one = pools.addObject().put("pool", pool(pool.pool()));
      one.set("share", stages(pool.share()));
      ObjectNode continents = one.putObject("continents");
      pool.continents().forEach((c, stages) -> continents.set(continent(c), stages(stages)));
      if (pool.fullAt() > 0) {
        one.put("fullAt", rounded(pool.fullAt()));
      }
    }
    return node;
  }

  private ObjectNode pool(PoolLoad pool) {
    ObjectNode node = json.object().put("pool", pool.pool());
    if (pool.capacity() > 0) {
      node.put("capacity", pool.capacity()).put("capacityAfter", pool.capacityAfter());
    }
    node.set("offered", stages(pool.offered()));
    return node;
  }

  private ObjectNode stages(Stages stages) {
    return json.object()
        .put("before", rounded(stages.before()))
        .put("first", rounded(stages.first()))
        .put("second", rounded(stages.second()));
  }
}
