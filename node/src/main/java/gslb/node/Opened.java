package gslb.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/// What has been opened so far, to be closed in reverse order: after a failed start as after a long
/// life. Confined to one thread at a time.
final class Opened implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(Opened.class.getName());

  private final Deque<AutoCloseable> stack = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    stack.push(resource);
    return resource;
  }

  /// Closes everything, whatever fails meanwhile.
  @Override
  public void close() {
    while (!stack.isEmpty()) {
      AutoCloseable next = stack.pop();
      try {
        next.close();
      } catch (Exception e) {
        LOGGER.log(Level.WARNING, next.getClass().getSimpleName() + " did not close cleanly", e);
      }
    }
  }
}
