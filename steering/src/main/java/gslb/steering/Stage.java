package gslb.steering;

/// How far a decision had to go to find a pool. The first four are tried in this order over the
/// whole policy; the last two say how a service answers when it may not, or cannot, go further.
public enum Stage {
  /// Available pools.
  AVAILABLE("available"),
  /// Pools with at least one endpoint up, whatever their `min-healthy`.
  MIN_HEALTHY_IGNORED("min-healthy ignored"),
  /// Pools with an endpoint that is neither forced down nor drained, whatever its verdict.
  VERDICTS_IGNORED("verdicts ignored"),
  /// Pools with an endpoint that is not forced down.
  DRAINS_IGNORED("verdicts and drains ignored"),
  /// The pool that the service names for this.
  SORRY("sorry pool"),
  /// No addresses.
  NODATA("nodata");

  private final String words;

  Stage(String words) {
    this.words = words;
  }

  /// Which endpoints of a pool that this stage chose may be answered.
  AnswerKind answerKind() {
    return switch (this) {
      case AVAILABLE, MIN_HEALTHY_IGNORED, SORRY, NODATA -> AnswerKind.LIVE;
      case VERDICTS_IGNORED -> AnswerKind.IGNORING_VERDICTS;
      case DRAINS_IGNORED -> AnswerKind.IGNORING_DRAINS;
    };
  }

  @Override
  public String toString() {
    return words;
  }
}
