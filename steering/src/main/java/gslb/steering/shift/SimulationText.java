package gslb.steering.shift;

import gslb.steering.shift.Simulation.Overflow;
import gslb.steering.shift.Simulation.PoolLoad;
import gslb.steering.shift.Simulation.PoolShare;
import gslb.steering.shift.Simulation.ServiceLoad;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A {@link Simulation} as an operator reads it.
public final class SimulationText {
  /// Services, and pools of one, that are shown.
  static final int ROWS_MAX = 50;

  private final Simulation simulation;
  private final StringBuilder text = new StringBuilder();

  private SimulationText(Simulation simulation) {
    this.simulation = simulation;
  }

  public static String of(Simulation simulation) {
    return new SimulationText(simulation).write();
  }

  private String write() {
    text.append(simulation.scenario())
        .append(", clients counted by ")
        .append(simulation.weighting())
        .append("\n\n");
    List<ServiceLoad> changing =
        simulation.services().stream().filter(ServiceLoad::changes).toList();
    if (changing.isEmpty()) {
      text.append("no service changes\n\n");
    }
    changing.stream().limit(ROWS_MAX).forEach(this::service);
    if (changing.size() > ROWS_MAX) {
      text.append(changing.size() - ROWS_MAX).append(" more services change\n\n");
    }
    if (simulation.demand() > 0) {
      pools();
      simulation.overflows().forEach(this::overflow);
      sum();
    }
    simulation.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    return text.toString();
  }

  private void service(ServiceLoad service) {
    text.append(service.name());
    if (service.demand() > 0) {
      text.append(", demand ").append(number(service.demand()));
    }
    text.append('\n');
    boolean hasDemand = simulation.demand() > 0;
    boolean hasCapacity = service.pools().stream().anyMatch(p -> p.fullAt() > 0);
    TextTable table = new TextTable(1);
    List<String> head = new ArrayList<>(List.of("pool", "before", "after"));
    if (hasDemand) {
      head.add("after overflow");
    }
    if (hasCapacity) {
      head.add("full at a demand of");
    }
    table.row(head);
    for (PoolShare pool : service.pools().subList(0, Math.min(ROWS_MAX, service.pools().size()))) {
      List<String> row = new ArrayList<>();
      row.add(ShiftText.pool(pool.pool()));
      row.add(Percent.of(pool.share().before()));
      row.add(Percent.of(pool.share().first()));
      if (hasDemand) {
        row.add(Percent.of(pool.share().second()));
      }
      if (hasCapacity) {
        row.add(pool.fullAt() > 0 ? number(pool.fullAt()) : "-");
      }
      table.row(row);
    }
    if (service.unserved() > ServiceComparison.NOISE) {
      table.row(List.of("not served", "", "", Percent.of(service.unserved())));
    }
    text.append(table);
    if (service.unavailable() > ServiceComparison.NOISE) {
      text.append("  for ")
          .append(Percent.of(service.unavailable()))
          .append(" nothing is available; they get what all-down says\n");
    }
    text.append('\n');
  }

  private void pools() {
    TextTable table = new TextTable(1);
    table.row(List.of("pool", "capacity", "before", "", "after", "", "after overflow", ""));
    for (PoolLoad pool : simulation.pools()) {
      table.row(
          List.of(
              pool.pool(),
              capacity(pool),
              number(pool.offered().before()),
              pool.capacity() == 0 ? "" : Percent.of(pool.offered().before() / pool.capacity()),
              number(pool.offered().first()),
              fill(pool, pool.offered().first()),
              number(pool.offered().second()),
              fill(pool, pool.offered().second())));
    }
    text.append(table).append('\n');
  }

  private static String fill(PoolLoad pool, double offered) {
    boolean isFilled = pool.capacityAfter() > 0 && offered > 0;
    return isFilled ? Percent.of(pool.fill(offered)) : "";
  }

  private static String capacity(PoolLoad pool) {
    if (pool.capacity() == 0) {
      return "-";
    }
    String all = number(pool.capacity());
    return pool.capacityAfter() == pool.capacity()
        ? all
        : number(pool.capacityAfter()) + " of " + all;
  }

  private void overflow(Overflow overflow) {
    text.append(overflow.pool());
    if (overflow.capacity() == 0) {
      text.append(" has nothing up: ").append(number(overflow.offered())).append(" not served\n");
      return;
    }
    text.append(' ').append(Percent.of(overflow.offered() / overflow.capacity()));
    double over = overflow.offered() - overflow.capacity();
    text.append(" → overflow of ")
        .append(number(over))
        .append(" (")
        .append(Percent.of(over / overflow.offered()))
        .append(" of what comes)");
    List<String> to = new ArrayList<>();
    overflow
        .to()
        .forEach(
            (name, demand) -> to.add(number(demand) + " to " + name + " (" + fillOf(name) + ")"));
    if (overflow.nowhere() > ServiceComparison.NOISE * overflow.offered()) {
      to.add(number(overflow.nowhere()) + " nowhere");
    }
    text.append(": ").append(String.join(", ", to)).append('\n');
  }

  private String fillOf(String name) {
    return simulation.pools().stream()
        .filter(pool -> pool.pool().equals(name))
        .map(pool -> pool.capacity() == 0 ? "no capacity stated" : Percent.of(pool.fill()))
        .findFirst()
        .orElse("");
  }

  private void sum() {
    if (simulation.unserved() > ServiceComparison.NOISE * simulation.demand()) {
      text.append(number(simulation.unserved()))
          .append(" of a demand of ")
          .append(number(simulation.demand()))
          .append(" is not served (")
          .append(Percent.of(simulation.unserved() / simulation.demand()))
          .append(")\n");
    } else {
      text.append("all of a demand of ").append(number(simulation.demand())).append(" is served\n");
    }
    if (!simulation.isSettled()) {
      text.append("the overflow did not settle in ")
          .append(simulation.rounds())
          .append(" rounds\n");
    }
  }

  /// Whole, but for what is below 100.
  private static String number(double value) {
    if (value > ServiceComparison.NOISE && value <= 0.05) {
      return "<0.1";
    }
    double tenths = Math.rint(10 * value);
    boolean isWhole = value >= 100 || tenths % 10 == 0;
    return String.format(Locale.ROOT, isWhole ? "%.0f" : "%.1f", value);
  }
}
