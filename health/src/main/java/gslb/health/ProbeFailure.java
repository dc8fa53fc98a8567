package gslb.health;

/// Ends a probe that has found out why the target is not well. Never leaves {@link NetworkProbe}.
final class ProbeFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final Observation.Failure failure;

  ProbeFailure(Observation.Failure failure, String detail) {
    super(detail, null, false, false);
    this.failure = failure;
  }

  Observation.Failure failure() {
    return failure;
  }

  String detail() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
