package gslb.dns.listen;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that the connections of a server share for messages longer than their own small
/// buffers. Any thread may use it.
final class BufferBudget {
  private final AtomicLong left;

  BufferBudget(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /// @throws Exhausted if so much is not left; nothing is taken then
  void take(int bytes) throws Exhausted {
    if (left.addAndGet(-bytes) < 0) {
      left.addAndGet(bytes);
      throw new Exhausted();
    }
  }

  void give(int bytes) {
    left.addAndGet(bytes);
  }

  long left() {
    return left.get();
  }

  /// The other connections hold everything.
  static final class Exhausted extends IOException {
    private static final long serialVersionUID = 1L;

    Exhausted() {
      super("no buffer space left for connections");
    }
  }
}
