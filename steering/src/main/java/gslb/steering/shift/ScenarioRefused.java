package gslb.steering.shift;

/// A scenario names what there is not.
public final class ScenarioRefused extends Exception {
  private static final long serialVersionUID = 1;

  ScenarioRefused(String problem) {
    super(problem);
  }

  /// What is wrong, for an operator.
  public String problem() {
    return String.valueOf(getMessage());
  }
}
