package gslb.steering;

import java.util.List;

/// Hears what the compiler does. Compiling a plan listens to nothing; explaining listens to the
/// same code, so that the two cannot disagree.
interface Trace {
  /// Hears nothing.
  Trace NONE =
      new Trace() {
        @Override
        public boolean isListening() {
          return false;
        }
      };

  /// Whether anybody wants to know how far pools are, and not only in which order.
  default boolean isListening() {
    return true;
  }

  /// A `geo` picked this branch.
  default void geo(Explanation.GeoLevel level, String key) {}

  /// A `nearest` ranked its pools.
  ///
  /// @param ring how many of them count as near as the first
  /// @param limit how many of them it keeps
  default void nearest(List<GreatCircle.Ranked> ranking, int ring, int limit) {}

  /// A pool was asked whether it can be chosen.
  default void pool(PoolState pool, Stage stage, boolean usable) {}

  /// A pool that can be chosen was left out, because its ramp has not got to the client.
  default void held(PoolState pool) {}

  /// A list went past this child without asking it, because one before it could be chosen.
  default void notReached(Residual child, Stage stage) {}

  /// A standby was not asked, because a weighted child could be chosen.
  default void standby(Residual child, Stage stage) {}
}
