package gslb.config;

import gslb.base.SourceSpan;
import java.util.List;
import java.util.Optional;

/// Looks into policies as written.
final class PolicyWalk {
  private PolicyWalk() {}

  /// Where the first policy stands that a geo database has a say in.
  static Optional<SourceSpan> firstThatNeedsGeo(List<PolicyTerm> terms) {
    return terms.stream().flatMap(term -> needsGeo(term).stream()).findFirst();
  }

  private static Optional<SourceSpan> needsGeo(PolicyTerm term) {
    return switch (term) {
      case PolicyTerm.Nearest nearest -> Optional.of(nearest.where());
      case PolicyTerm.Geo geo -> {
        Optional<SourceSpan> place =
            geo.branches().stream()
                .filter(
                    b ->
                        b.scope() != PolicyTerm.Scope.NETWORK
                            && b.scope() != PolicyTerm.Scope.DEFAULT)
                .map(PolicyTerm.GeoBranch::where)
                .findFirst();
        yield place.isPresent()
            ? place
            : firstThatNeedsGeo(geo.branches().stream().map(PolicyTerm.GeoBranch::child).toList());
      }
      case PolicyTerm.Failover failover -> firstThatNeedsGeo(failover.children());
      case PolicyTerm.Weighted weighted ->
          firstThatNeedsGeo(weighted.branches().stream().map(PolicyTerm.Branch::child).toList());
      case PolicyTerm.Sticky sticky ->
          firstThatNeedsGeo(sticky.branches().stream().map(PolicyTerm.Branch::child).toList());
      case PolicyTerm.Pool _, PolicyTerm.All _, PolicyTerm.Shared _, PolicyTerm.Broken _ ->
          Optional.empty();
    };
  }
}
