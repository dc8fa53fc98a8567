package gslb.steering;

import java.util.List;

/// What is left of a policy once the client's place is known: no `geo`, no `nearest`. Hash-consed
/// by {@link Residuals}: two residuals of one store are equal iff they are the same object, so they
/// are compared by identity and named by their id.
sealed interface Residual {
  /// Dense over the store.
  int id();

  /// Terminal: the answer is NODATA.
  record Nothing(int id) implements Residual {}

  /// One pool.
  record OfPool(int id, Pool pool) implements Residual {}

  /// The first available child; at least two, none of them a failover list, {@link Nothing} at most
  /// as the last.
  record Failover(int id, List<Residual> children) implements Residual {}

  /// One of the available children by weight.
  record Weighted(int id, List<Share> shares) implements Residual {
    /// @param weight 0 for a standby
    record Share(Residual child, int weight) {}
  }

  /// One of the available children by weight, the same for a block of clients.
  ///
  /// @param inside how many others of this kind are inside each other in its children: what tells
  ///     its hash from theirs, whatever is chosen
  record Sticky(int id, int inside, List<Weighted.Share> shares) implements Residual {}

  /// Every available pool together.
  ///
  /// @param index dense over the store's residuals of this kind
  record All(int id, int index, List<Pool> pools) implements Residual {}
}
