package gslb.steering;

import gslb.base.Diagnostic;
import gslb.base.SourceSpan;
import gslb.steering.SteeringTables.Split;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What the compiler can tell of a service before any verdict.
///
/// @param classes how many classes of clients its policy tells apart
/// @param partition number of the partition that it shares with services that cut the world alike
/// @param stranded clients who keep to pools that are down while others of the service could serve
public record ServiceCheck(Service service, int classes, int partition, List<Stranded> stranded) {
  public ServiceCheck {
    stranded = List.copyOf(stranded);
  }

  /// Classes whose branch of the policy names only some pools of the service and does not end in an
  /// authored nothing: with all of those down, all-down answers them unverified.
  ///
  /// @param pools what the branch names
  /// @param outside the service's other pools
  /// @param classes how many classes have these pools
  /// @param example a place in one of them
  public record Stranded(List<Pool> pools, List<Pool> outside, int classes, Place example) {
    public Stranded {
      pools = List.copyOf(pools);
      outside = List.copyOf(outside);
    }
  }

  /// One for each service, by id.
  ///
  /// @param canFail whether health can take down all of a pool; overrides can in any case
  public static List<ServiceCheck> of(SteeringTables tables, Predicate<Pool> canFail) {
    List<ServiceCheck> checks = new ArrayList<>();
    IdentityHashMap<Split, List<Stranded>> strandedOf = new IdentityHashMap<>();
    for (Service service : tables.catalog().services()) {
      checks.add(
          new ServiceCheck(
              service,
              tables.classCount(service.id()),
              tables.split(service.id()).partition(),
              service.allDown() instanceof AllDown.Answer
                  ? strandedOf.computeIfAbsent(
                      tables.split(service.id()),
                      split -> stranded(split, tables.places(), canFail))
                  : List.of()));
    }
    return List.copyOf(checks);
  }

  private static List<Stranded> stranded(Split split, PlaceTable places, Predicate<Pool> canFail) {
    List<Residual> residuals = split.residuals();
    Set<Pool> all = new LinkedHashSet<>();
    for (Residual residual : residuals) {
      all.addAll(PoolsOfResidual.of(residual));
    }
    Map<Set<Pool>, Stranded> found = new LinkedHashMap<>();
    for (int clientClass = 0; clientClass < residuals.size(); clientClass++) {
      List<Pool> named = PoolsOfResidual.of(residuals.get(clientClass));
      if (!canFail(residuals.get(clientClass), canFail, seen()) || named.size() == all.size()) {
        continue;
      }
      Set<Pool> outside = new LinkedHashSet<>(all);
      named.forEach(outside::remove);
      Stranded one =
          new Stranded(
              named,
              List.copyOf(outside),
              1,
              places.places().get(split.examples().get(clientClass)));
      found.merge(
          Set.copyOf(named),
          one,
          (a, b) -> new Stranded(a.pools(), a.outside(), a.classes() + b.classes(), a.example()));
    }
    return List.copyOf(found.values());
  }

  private static Set<Residual> seen() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /// Whether verdicts can leave a residual without anything to choose.
  ///
  /// @param seen residuals for which it was so; the first for which it is not ends the search
  private static boolean canFail(Residual residual, Predicate<Pool> canFail, Set<Residual> seen) {
    if (!seen.add(residual)) {
      return true;
    }
    return switch (residual) {
      case Residual.Nothing _ -> false;
      case Residual.OfPool leaf -> !leaf.pool().isAlwaysUp() && canFail.test(leaf.pool());
      case Residual.Failover list ->
          list.children().stream().allMatch(c -> canFail(c, canFail, seen));
      case Residual.Weighted weighted ->
          weighted.shares().stream().allMatch(s -> canFail(s.child(), canFail, seen));
      case Residual.Sticky sticky ->
          sticky.shares().stream().allMatch(s -> canFail(s.child(), canFail, seen));
      case Residual.All all -> all.pools().stream().allMatch(canFail);
    };
  }

  /// A warning of {@link #stranded}, if there are any.
  ///
  /// @param where the service stands in the configuration
  public Optional<Diagnostic> diagnostic(SourceSpan where) {
    return stranded.isEmpty() ? Optional.empty() : Optional.of(warning(where));
  }

  private Diagnostic warning(SourceSpan where) {
    Stranded first = stranded.getFirst();
    int others = stranded.stream().mapToInt(Stranded::classes).sum() - 1;
    return Diagnostic.warning(
        where,
        "service '"
            + service.name()
            + "' sends clients "
            + (first.example().equals(Place.UNKNOWN)
                ? "of unknown place"
                : "at " + ExplanationText.known(first.example()))
            + " to "
            + names(first.pools())
            + " even when all of it is down, though it has "
            + names(first.outside())
            + (others == 0
                ? ""
                : " (and so for " + others + " more of its " + classes + " classes of clients)"),
        "all-down: answer keeps to the branch of the policy that a client is in",
        "end that branch in other pools, or set all-down to nodata or a pool");
  }

  private static String names(List<Pool> pools) {
    return pools.stream().map(pool -> "'" + pool.name() + "'").collect(Collectors.joining(", "));
  }
}
