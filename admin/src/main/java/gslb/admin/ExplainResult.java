package gslb.admin;

import gslb.steering.Explanation;

/// The answer to an explain.
public sealed interface ExplainResult {
  /// @param generation that was asked
  record Explained(long generation, Explanation explanation) implements ExplainResult {}

  /// No service has the name.
  ///
  /// @param problem what is wrong and what to do, as in `nothing is steered at 'a.example'; did you
  ///     mean 'b.example'?`
  record NotSteered(String problem) implements ExplainResult {}
}
