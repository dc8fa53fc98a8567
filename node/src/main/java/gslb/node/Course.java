package gslb.node;

import gslb.steering.CapacityGuard;
import gslb.steering.Catalog;
import gslb.steering.Readmission;
import gslb.steering.VerdictTable;

/// What a generation follows from besides the verdicts of its moment: what was before. Immutable.
///
/// @param guard what health may not remove yet
/// @param readmission how far pools have got their clients back
record Course(CapacityGuard guard, Readmission readmission) {
  /// Nothing was before.
  static final Course NONE = new Course(CapacityGuard.NONE, Readmission.NONE);

  /// What {@link #untilNextNanos} is while nothing changes by itself.
  static final long NEVER = Long.MAX_VALUE;

  /// @param nowNanos on the monotonic clock, not before the moment of this one
  Course next(Catalog catalog, VerdictTable verdicts, long nowNanos) {
    CapacityGuard nextGuard = guard.next(catalog, verdicts, nowNanos);
    return new Course(
        nextGuard, readmission.next(catalog, nextGuard.guarded(catalog, verdicts), nowNanos));
  }

  /// Nanoseconds from the moment of the last publish until something changes by itself.
  long untilNextNanos() {
    return Math.min(guard.untilNextNanos(), readmission.untilNextNanos());
  }
}
