package gslb.steering.shift;

import gslb.steering.shift.PlanShift.Emptied;
import gslb.steering.shift.PlanShift.Fate;
import gslb.steering.shift.PlanShift.Move;
import gslb.steering.shift.PlanShift.PoolShift;
import gslb.steering.shift.PlanShift.ServiceShift;
import gslb.steering.shift.PlanShift.Unavailable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// A {@link PlanShift} as an operator reads it.
public final class ShiftText {
  /// Services, the most disturbed first, and moves of one, that are shown.
  static final int ROWS_MAX = 50;

  private static final String NOTHING = "nothing";

  private final PlanShift shift;
  private final Weighting weighting;
  private final StringBuilder text = new StringBuilder();

  private ShiftText(PlanShift shift, Weighting weighting) {
    this.shift = shift;
    this.weighting = weighting;
  }

  /// Lines, the last one the sum.
  public static String of(PlanShift shift, Weighting weighting) {
    return new ShiftText(shift, weighting).write();
  }

  private String write() {
    List<ServiceShift> changing =
        shift.services().stream()
            .filter(ServiceShift::changes)
            .sorted(Comparator.comparingDouble(s -> -s.disturbed(weighting)))
            .toList();
    changing.stream().limit(ROWS_MAX).forEach(this::service);
    if (changing.size() > ROWS_MAX) {
      text.append(changing.size() - ROWS_MAX).append(" more services change\n\n");
    }
    if (!shift.pools().isEmpty()) {
      shift.pools().stream().limit(ROWS_MAX).forEach(change -> text.append(change).append('\n'));
      if (shift.pools().size() > ROWS_MAX) {
        text.append(shift.pools().size() - ROWS_MAX).append(" more changes of pools\n");
      }
      text.append('\n');
    }
    text.append(Percent.of(shift.moved(weighting)))
        .append(" of clients move, by ")
        .append(weighting)
        .append("; ")
        .append(changing.size())
        .append(" of ")
        .append(shift.services().size())
        .append(shift.services().size() == 1 ? " service changes" : " services change");
    if (!changing.isEmpty() && shift.mostDisturbed(weighting) > 0) {
      text.append(", most of all ")
          .append(changing.getFirst().name())
          .append(" (")
          .append(Percent.of(changing.getFirst().disturbed(weighting)))
          .append(')');
    }
    return text.append('\n').toString();
  }

  private void service(ServiceShift service) {
    text.append(service.name()).append(": ");
    switch (service.fate()) {
      case ADDED -> text.append("added\n");
      case REMOVED -> text.append("removed\n");
      case KEPT ->
          text.append(Percent.of(service.moved().of(weighting)))
              .append(" of clients move")
              .append(others(service.moved()))
              .append('\n');
    }
    if (!service.moves().isEmpty()) {
      moves(service);
    }
    if (service.fate() != Fate.REMOVED
        && (service.fate() == Fate.ADDED || service.moved().most() > 0)) {
      pools(service);
    }
    if (service.readdressed().most() > 0) {
      text.append("  ")
          .append(Percent.of(service.readdressed().of(weighting)))
          .append(" keep their pool and get another address of it")
          .append(others(service.readdressed()))
          .append('\n');
    }
    service.emptied().forEach(this::emptied);
    for (Unavailable unavailable : service.unavailable()) {
      text.append("  for ")
          .append(Percent.of(unavailable.share().of(weighting)))
          .append(" nothing is available, and they get: ")
          .append(unavailable.stage())
          .append('\n');
    }
    service.namesRemoved().forEach(n -> text.append("  no longer served: ").append(n).append('\n'));
    service.settings().forEach(change -> text.append("  ").append(change).append('\n'));
    text.append('\n');
  }

  /// The share in the weightings that were not asked for.
  private String others(Shares shares) {
    List<String> others = new ArrayList<>();
    for (Weighting other : Weighting.values()) {
      if (other != weighting && (other != Weighting.TRAFFIC || shift.hasTraffic())) {
        others.add(Percent.of(shares.of(other)) + " of " + other);
      }
    }
    return " (" + String.join(", ", others) + ")";
  }

  private void moves(ServiceShift service) {
    List<String> continents =
        service.continents().entrySet().stream()
            .filter(entry -> entry.getValue().of(weighting) > 0)
            .map(Map.Entry::getKey)
            .toList();
    TextTable table = new TextTable(2);
    List<String> head = new ArrayList<>(List.of("from", "to", "clients"));
    continents.forEach(c -> head.add(continent(c)));
    table.row(head);
    for (Move move : service.moves().subList(0, Math.min(ROWS_MAX, service.moves().size()))) {
      List<String> row = new ArrayList<>();
      row.add(pool(move.from()));
      row.add(pool(move.to()));
      row.add(Percent.of(move.share().of(weighting)));
      for (String continent : continents) {
        double all = service.continents().getOrDefault(continent, Shares.NONE).of(weighting);
        double moving = move.continents().getOrDefault(continent, Shares.NONE).of(weighting);
        row.add(moving == 0 ? "-" : Percent.of(moving / all));
      }
      table.row(row);
    }
    text.append(table);
    if (service.moves().size() > ROWS_MAX) {
      text.append("  ").append(service.moves().size() - ROWS_MAX).append(" more moves\n");
    }
  }

  private void pools(ServiceShift service) {
    TextTable table = new TextTable(1);
    table.row(List.of("pool", "before", "after"));
    for (PoolShift pool : service.pools()) {
      table.row(
          List.of(
              pool(pool.pool()),
              service.fate() == Fate.ADDED ? "-" : Percent.of(pool.before().of(weighting)),
              Percent.of(pool.after().of(weighting))));
    }
    text.append(table);
  }

  private void emptied(Emptied emptied) {
    text.append("  ")
        .append(emptied.isV4() ? "A" : "AAAA")
        .append(" emptied for ")
        .append(Percent.of(emptied.share().of(weighting)))
        .append(others(emptied.share()))
        .append(": ")
        .append(String.join(", ", emptied.continents().stream().map(ShiftText::continent).toList()))
        .append(", such as ")
        .append(emptied.example())
        .append('\n');
  }

  static String continent(String continent) {
    return continent.isEmpty() ? "unknown" : continent;
  }

  static String pool(String pool) {
    return pool.isEmpty() ? NOTHING : pool;
  }
}
