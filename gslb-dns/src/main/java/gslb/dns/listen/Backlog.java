package gslb.dns.listen;

/// How old the datagrams of one socket may be: less while its receive buffer does not empty.
/// Belongs
/// to the thread that serves the socket.
///
/// A buffer that empties now and then holds a burst, or what came during a pause, and all of it can
/// be answered. One that does not is an overload: first in, first out, everyone would wait for the
/// length of the buffer, until nobody's answer is in time. Then only the young are answered, who
/// are
/// as many as can be answered anyway.
final class Backlog {
  private static final long AGE_MAX = UdpSocket.AGE_MAX.toNanos();
  private static final long AGE_MAX_BUSY = UdpSocket.AGE_MAX_BUSY.toNanos();

  private boolean wasEmpty = true;
  private long emptyNanos;

  /// Nothing came.
  void idle() {
    wasEmpty = true;
  }

  /// A batch was taken.
  ///
  /// @param isEmpty whether nothing is left behind it
  /// @return nanoseconds that a datagram of it may have waited
  long ageMax(boolean isEmpty, long nowNanos) {
    // What is here came after the buffer was empty, however long the thread then paused.
    if (isEmpty || wasEmpty) {
      emptyNanos = nowNanos;
    }
    wasEmpty = isEmpty;
    return nowNanos - emptyNanos > AGE_MAX ? AGE_MAX_BUSY : AGE_MAX;
  }
}
