package gslb.node;

import gslb.base.Diagnostic;
import java.util.List;

/// A configuration cannot be used, or a node cannot be started with it; the diagnostics say why.
public final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Diagnostic> diagnostics;
  private final int exitCode;

  Refused(int exitCode, List<Diagnostic> diagnostics) {
    super(
        diagnostics.size()
            + (diagnostics.size() == 1 ? " problem: " : " problems, the first: ")
            + diagnostics.getFirst());
    this.exitCode = exitCode;
    this.diagnostics = List.copyOf(diagnostics);
  }

  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  int exitCode() {
    return exitCode;
  }
}
