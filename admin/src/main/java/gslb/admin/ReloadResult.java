package gslb.admin;

import gslb.base.Diagnostic;
import java.util.List;

/// What came of reading the configuration again.
public sealed interface ReloadResult {
  /// In the order in which an operator reads them: by file, line and column.
  List<Diagnostic> diagnostics();

  /// The new configuration serves.
  ///
  /// @param generation the first one made of it
  /// @param diagnostics warnings
  record Applied(long generation, List<Diagnostic> diagnostics) implements ReloadResult {
    public Applied {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /// Nothing has changed.
  ///
  /// @param generation the one that stays in service
  /// @param diagnostics errors, and the warnings beside them
  record Refused(long generation, List<Diagnostic> diagnostics) implements ReloadResult {
    public Refused {
      diagnostics = List.copyOf(diagnostics);
    }
  }
}
