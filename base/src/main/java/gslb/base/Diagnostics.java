package gslb.base;

import java.util.ArrayList;
import java.util.List;

/// Collects every problem before anyone fails, so that an operator sees them all at once. Confined
/// to the thread that loads a configuration.
public final class Diagnostics {
  /// A file that is broken everywhere reports this many problems and a count of the rest.
  public static final int DIAGNOSTICS_MAX = 200;

  private final List<Diagnostic> collected = new ArrayList<>();
  private int errors;
  private int omitted;

  public void add(Diagnostic diagnostic) {
    if (diagnostic.severity() == Diagnostic.Severity.ERROR) {
      errors++;
    }
    if (collected.size() < DIAGNOSTICS_MAX) {
      collected.add(diagnostic);
    } else {
      omitted++;
    }
  }

  public void error(SourceSpan where, String problem, String rule, String remedy) {
    add(Diagnostic.error(where, problem, rule, remedy));
  }

  public void warning(SourceSpan where, String problem, String rule, String remedy) {
    add(Diagnostic.warning(where, problem, rule, remedy));
  }

  public boolean hasErrors() {
    return errors > 0;
  }

  public int errorCount() {
    return errors;
  }

  /// Problems found beyond {@link #DIAGNOSTICS_MAX}.
  public int omittedCount() {
    return omitted;
  }

  /// Sorted by file, line and column.
  public List<Diagnostic> sorted() {
    return collected.stream().sorted().toList();
  }
}
