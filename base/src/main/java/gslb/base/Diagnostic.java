package gslb.base;

/// One thing that is wrong with what an operator wrote.
///
/// @param problem what is wrong, with the values
/// @param rule the rule that it breaks, empty if the problem says it
/// @param remedy what to do, empty if the rule says it
public record Diagnostic(
    SourceSpan where, Severity severity, String problem, String rule, String remedy)
    implements Comparable<Diagnostic> {
  /// Whether the configuration can be used in spite of it.
  public enum Severity {
    ERROR,
    WARNING
  }

  public static Diagnostic error(SourceSpan where, String problem, String rule, String remedy) {
    return new Diagnostic(where, Severity.ERROR, problem, rule, remedy);
  }

  public static Diagnostic warning(SourceSpan where, String problem, String rule, String remedy) {
    return new Diagnostic(where, Severity.WARNING, problem, rule, remedy);
  }

  @Override
  public int compareTo(Diagnostic other) {
    int byPlace = where.compareTo(other.where);
    return byPlace != 0 ? byPlace : problem.compareTo(other.problem);
  }

  /// `file:line:column: what is wrong; the rule; what to do`; a warning says behind the place that
  /// it is one.
  @Override
  public String toString() {
    return text(severity == Severity.WARNING ? "warning: " : "");
  }

  /// The same without the severity, for a log whose lines have a level.
  public String logged() {
    return text("");
  }

  private String text(String severityLabel) {
    StringBuilder text = new StringBuilder().append(where).append(": ");
    text.append(severityLabel).append(problem);
    for (String part : new String[] {rule, remedy}) {
      if (!part.isEmpty()) {
        text.append("; ").append(part);
      }
    }
    return text.toString();
  }
}
