package gslb.trials.script;

import gslb.base.Diagnostic;
import gslb.base.SourceSpan;

/// A script that does not say what it must: nothing of it is run.
final class ScriptError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// @param rule what holds instead, or empty
  ScriptError(SourceSpan where, String problem, String rule) {
    super(Diagnostic.error(where, problem, rule, "").toString());
  }
}
