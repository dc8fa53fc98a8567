package gslb.steering;

/// Which endpoints of a pool an answer set holds.
public enum AnswerKind {
  /// Those that are up.
  LIVE(0),
  /// Those neither forced down nor drained.
  IGNORING_VERDICTS(1),
  /// All but those forced down.
  IGNORING_DRAINS(2);

  /// How many answer sets a pool has.
  static final int COUNT = 3;

  private final int offset;

  AnswerKind(int offset) {
    this.offset = offset;
  }

  /// The answer sets of a pool follow each other, so that their ids depend on the catalog alone.
  int answerSet(Pool pool) {
    return pool.id() * COUNT + offset;
  }

  /// Of the answer set among those of its pool.
  int offset() {
    return offset;
  }

  static AnswerKind ofAnswerSet(int answerSet) {
    return switch (answerSet % COUNT) {
      case 0 -> LIVE;
      case 1 -> IGNORING_VERDICTS;
      default -> IGNORING_DRAINS;
    };
  }
}
