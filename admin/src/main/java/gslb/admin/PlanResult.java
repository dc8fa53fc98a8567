package gslb.admin;

import gslb.base.Diagnostic;
import gslb.steering.shift.PlanShift;
import gslb.steering.shift.Weighting;
import java.util.List;

/// What a configuration would change if it were applied now.
public sealed interface PlanResult {
  /// @param generation that serves, and that it was compared with
  /// @param weighting what shares are of unless they say otherwise
  /// @param diagnostics warnings of the configuration
  record Planned(
      long generation, Weighting weighting, PlanShift shift, List<Diagnostic> diagnostics)
      implements PlanResult {
    public Planned {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /// It has errors, so it would not be applied.
  ///
  /// @param diagnostics in the order in which an operator reads them
  record Refused(long generation, List<Diagnostic> diagnostics) implements PlanResult {
    public Refused {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /// Nothing was seen to weigh clients by.
  record Unweighed(String problem) implements PlanResult {}
}
