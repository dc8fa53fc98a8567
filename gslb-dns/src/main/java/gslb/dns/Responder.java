package gslb.dns;

/// Answers one query. The same code for UDP, TCP and scripted tests; touches no socket and no
/// clock.
/// Any number of threads may use one responder, each with its own buffers and context.
public final class Responder {
  /// Room that `out` must have: the longest message there is over TCP.
  public static final int MESSAGE_LENGTH_MAX = 65_535;

  private Responder() {}

  /// Reads the query in place and writes the reply.
  ///
  /// @param in the query; the first `length` bytes count
  /// @param out at least {@link #MESSAGE_LENGTH_MAX} bytes
  /// @return length of the reply, or 0 for silence
  public int answer(byte[] in, int length, byte[] out, QueryContext context) {
    throw new AssertionError("contract");
  }
}
