package gslb.steering;

import gslb.base.Diagnostic;
import gslb.base.SourceSpan;

/// A catalog whose policies do not fit the tables.
public final class CatalogRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final int service;
  private final String problem;
  private final String rule;
  private final String remedy;

  CatalogRefused(Service service, String problem, String rule, String remedy) {
    super("service '" + service.name() + "': " + problem);
    this.service = service.id();
    this.problem = "service '" + service.name() + "': " + problem;
    this.rule = rule;
    this.remedy = remedy;
  }

  /// The id of the service whose policy it is.
  public int service() {
    return service;
  }

  /// The problem for the operator.
  ///
  /// @param where the service stands in the configuration
  public Diagnostic diagnostic(SourceSpan where) {
    return Diagnostic.error(where, problem, rule, remedy);
  }
}
