package gslb.steering;

/// What a service answers for clients none of whose pools is available, not even with the least
/// one endpoint up.
public sealed interface AllDown {
  /// Verdicts are ignored: the answer is what it would be if all were well.
  record Answer() implements AllDown {}

  /// No addresses; the redirect tier answers 503.
  record NoData() implements AllDown {}

  /// This pool, whatever its health.
  record Sorry(Pool pool) implements AllDown {}
}
