package gslb.dns.listen;

import gslb.dns.QueryContext;

/// Whatever turns a query into a reply: in production `responder::answer`.
///
/// Called by many threads at once, each with its own arrays and context. An exception is counted
/// and costs that one query: silence over UDP, the connection over TCP.
@FunctionalInterface
public interface Answerer {
  /// @param in the query; the first `length` bytes count
  /// @param out at least {@link gslb.dns.Responder#MESSAGE_LENGTH_MAX} bytes
  /// @return length of the reply, or 0 for silence
  int answer(byte[] in, int length, byte[] out, QueryContext context);
}
