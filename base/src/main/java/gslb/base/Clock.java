package gslb.base;

/// The time, as an argument: whatever measures time takes one of these.
public interface Clock {
  /// Monotonic nanoseconds from an arbitrary origin.
  long nanoTime();

  /// Milliseconds of wall-clock time since 1970 UTC.
  long currentTimeMillis();

  /// The machine's clocks.
  static Clock system() {
    return new Clock() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public long currentTimeMillis() {
        return System.currentTimeMillis();
      }
    };
  }
}
